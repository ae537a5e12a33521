"""The notes of a section in a table that holds ten thousand without a thought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aqt.qt import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal

from . import wording
from .plan import Choices, NewNote

if TYPE_CHECKING:
    from .wording import Row, Section

_NOWHERE = QModelIndex()


class NotesModel(QAbstractTableModel):
    """A section's notes, those whose question has a word; new ones can be ticked."""

    ticked = pyqtSignal(str, bool)  # guid of a new note, and whether it is to be added

    def __init__(self, parent: QObject, choices: Choices) -> None:
        """Begin with nothing shown."""
        super().__init__(parent)
        self.section: Section | None = None
        self.rows: Sequence[Row] = ()
        self.choices = choices

    def show(self, section: Section, word: str = "") -> None:
        """Show the notes of a section in which a word stands, or all."""
        self.beginResetModel()
        self.section, word = section, word.casefold().strip()
        self.rows = (
            [row for row in section.rows if word in wording.question(row).casefold()]
            if word
            else section.rows
        )
        self.endResetModel()

    def choose(self, choices: Choices) -> None:
        """Show what follows from other choices."""
        self.choices = choices
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 1))

    def row(self, index: QModelIndex) -> Row | None:
        """Give the note at an index."""
        return self.rows[index.row()] if index.isValid() and index.row() < len(self.rows) else None

    # What follows is Qt's.

    def rowCount(self, parent: QModelIndex = _NOWHERE) -> int:  # noqa: N802
        """Count the notes."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = _NOWHERE) -> int:  # noqa: N802
        """Count the columns: a question, and what becomes of it."""
        return 0 if parent.isValid() else 2

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give what a cell shows."""
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return wording.detail(row, self.choices) if index.column() else wording.question(row)
        if role == Qt.ItemDataRole.CheckStateRole and isinstance(row, NewNote) and not index.column():
            return Qt.CheckState.Unchecked if row.guid in self.choices.skip else Qt.CheckState.Checked
        return None

    def setData(  # noqa: N802
        self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Tick a new note or not."""
        row = self.row(index)
        if role != Qt.ItemDataRole.CheckStateRole or not isinstance(row, NewNote):
            return False
        self.ticked.emit(row.guid, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Let new notes be ticked."""
        flags = super().flags(index)
        if isinstance(self.row(index), NewNote) and not index.column():
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(  # noqa: N802
        self, number: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Name the columns."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return self.section.columns[number] if self.section else None
