"""One section of the update's dialog: what becomes of its notes, a table of them, and one of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aqt import colors
from aqt.qt import (
    QAbstractItemView,
    QEvent,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSplitter,
    Qt,
    QTableView,
    QTextBrowser,
    QTextOption,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.theme import theme_manager

from . import sides
from .asking import Asking
from .header import label
from .plan import ChangedNote, Choices
from .table import NotesModel

if TYPE_CHECKING:
    from .wording import Section

FILTERED = 10  # with this many notes a table can be searched


class SectionPane(QWidget):
    """Shows a section, and asks for each conflict of the note that is selected."""

    def __init__(self, parent: QWidget, choices: Choices, options: dict[str, tuple[QWidget, ...]]) -> None:
        """Take what can be chosen for a whole section, by the section's key."""
        super().__init__(parent)
        self.choices, self.options = choices, options
        self.model = NotesModel(self, choices)
        self.lead = label("")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter")
        self.filter.setClearButtonEnabled(True)
        qconnect(self.filter.textChanged, self.search)
        above = QHBoxLayout()
        above.addWidget(self.filter, 1)
        for widgets in options.values():
            for widget in widgets:
                widget.hide()  # else the splitter keeps room for all of them for ever
                above.addWidget(widget)
        above.addStretch(0)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        self.asking = Asking()
        below.addWidget(self.asking)
        below.addWidget(self._text(), 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self._table())
        self.splitter.addWidget(lower)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([220, 300])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 0, 0, 0)
        layout.addWidget(self.lead)
        layout.addLayout(above)
        layout.addWidget(self.splitter, 1)

    def _table(self) -> QTableView:
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.setMinimumHeight(80)
        if (side := self.table.verticalHeader()) is not None:  # one without rows is falsy
            side.hide()
            side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            side.setDefaultSectionSize(self.table.fontMetrics().height() + 10)
        if (top := self.table.horizontalHeader()) is not None:
            top.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            top.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
            top.setMinimumSectionSize(60)
            top.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            top.setHighlightSections(False)
        if (selection := self.table.selectionModel()) is not None:
            qconnect(selection.currentRowChanged, lambda *_: self.show_note())
        return self.table

    def _text(self) -> QTextBrowser:
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName("The selected note")
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setMinimumHeight(100)
        return self.text

    def show_section(self, section: Section) -> None:
        """Show a section, and its first note."""
        self.lead.setText(section.lead)
        for key, widgets in self.options.items():
            for widget in widgets:
                widget.setVisible(key == section.key)
        self.filter.setVisible(len(section.rows) >= FILTERED)
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.blockSignals(False)
        self._fill(section)

    def search(self, word: str) -> None:
        """Show the notes in whose question a word stands."""
        if self.model.section:
            self._fill(self.model.section, word)

    def _fill(self, section: Section, word: str = "") -> None:
        self.model.show(section, word)
        if (lower := self.splitter.widget(1)) is not None:
            lower.setVisible(section.key != "media")  # a file has nothing more to show
        self.table.setColumnHidden(1, not section.columns[1])
        self.table.setColumnWidth(1, max(160, self.width() * 2 // 5))
        if self.model.rows:
            self.table.selectRow(0)
        self.show_note()

    def choose(self, choices: Choices) -> None:
        """Show what follows from other choices."""
        self.choices = choices
        self.model.choose(choices)
        self.show_note()

    def show_note(self) -> None:
        """Show the selected note, and what it asks."""
        row = self.model.row(self.table.currentIndex())
        self.asking.ask(row if isinstance(row, ChangedNote) else None, self.choices)
        bar = self.text.verticalScrollBar()
        at = bar.value() if bar else 0
        self.text.setHtml(sides.page(row, self.choices, _colours()))
        if bar:
            bar.setValue(at)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802  Qt's name
        """Follow a switch of Anki's theme."""
        super().changeEvent(event)
        if event and event.type() == QEvent.Type.PaletteChange and hasattr(self, "text"):
            self.show_note()


def _colours() -> sides.Colours:
    dark = theme_manager.night_mode
    return sides.Colours(
        mine="#6b4423" if dark else "#ffe2c2",
        theirs="#1f5a3a" if dark else "#c8f0d4",
        line=theme_manager.var(colors.BORDER_SUBTLE) if not dark else "#4a4a4a",
        soft=theme_manager.var(colors.FG_SUBTLE) if not dark else "#a5a5a5",
    )


def across(left: QWidget, right: QWidget) -> QSplitter:
    """Put two widgets beside each other; the right one grows."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.addWidget(left)
    splitter.addWidget(right)
    splitter.setStretchFactor(1, 1)
    splitter.setChildrenCollapsible(False)
    return splitter


def button(text: str) -> QPushButton:
    """Give a button that Return does not press by itself."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    return made
