"""Boxes for text with a message beneath, in the colours of Anki's theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aqt import colors
from aqt.qt import (
    QColor,
    QFont,
    QFontDatabase,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    Qt,
    QTextCharFormat,
    QTextCursor,
    QTextEdit,
    QWidget,
)
from aqt.theme import theme_manager

if TYPE_CHECKING:
    from .faults import PasteError


class Box(QPlainTextEdit):
    """Takes plain text; Tab goes on to what comes next."""

    def __init__(self, parent: QWidget, *, lines: int, wrapped: bool) -> None:
        """Be so many lines high, at least."""
        super().__init__(parent)
        self.setTabChangesFocus(True)
        if not wrapped:
            self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setStyleHint(QFont.StyleHint.Monospace)
            self.setFont(font)
        height = self.fontMetrics().lineSpacing() * lines + 2 * int(self.document_margin()) + 4
        self.setMinimumHeight(height)
        if wrapped:
            self.setMaximumHeight(height)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def document_margin(self) -> float:
        """Give the empty room around the text."""
        document = self.document()
        return document.documentMargin() if document else 4.0

    def mark(self, fault: PasteError | None) -> None:
        """Underline the place of a fault, or none."""
        if fault is None:
            self.setExtraSelections([])
            return
        cursor = QTextCursor(self.document())
        document = self.document()
        block = document.findBlockByNumber(fault.line - 1) if document else None
        if block is None or not block.isValid():
            return
        column = min(fault.column - 1, max(0, block.length() - 2))
        cursor.setPosition(block.position() + column)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
        if not cursor.hasSelection():
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        wave = QTextCharFormat()
        colour = QColor(theme_manager.var(colors.ACCENT_DANGER))
        wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wave.setUnderlineColor(colour)
        colour.setAlpha(60)
        wave.setBackground(colour)
        selection = QTextEdit.ExtraSelection()
        selection.cursor, selection.format = cursor, wave
        self.setExtraSelections([selection])


class Message(QLabel):
    """A line beneath a box: quiet, or in the colour of danger."""

    def __init__(self, parent: QWidget) -> None:
        """Start empty; the line keeps its room, so that nothing jumps."""
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(self.fontMetrics().lineSpacing() + 2)
        self.wrong = False

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a text."""
        self.wrong = wrong
        name = colors.ACCENT_DANGER if wrong else colors.FG_SUBTLE
        self.setStyleSheet(f"color: {theme_manager.var(name)};")
        self.setText(text)
