"""What is asked of a note in which the learner and the deck changed the same field."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from aqt.qt import QButtonGroup, QGridLayout, QRadioButton, QWidget, pyqtSignal, qconnect

from .header import label

if TYPE_CHECKING:
    from .plan import ChangedNote, Choices


class Asking(QWidget):
    """For each field in conflict two ways; hidden where nothing is asked."""

    decided = pyqtSignal(object, str, bool)  # note id, field, whether the deck's text is taken

    def __init__(self) -> None:
        """Begin with nothing asked."""
        super().__init__()
        self.note: ChangedNote | None = None
        self.ways: dict[str, tuple[QRadioButton, QRadioButton]] = {}
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(4, 4, 4, 0)
        self.grid.setColumnStretch(3, 1)
        self.hide()

    def ask(self, note: ChangedNote | None, choices: Choices) -> None:
        """Ask of a note; the buttons stay, and the focus on them, while the note is the same."""
        if note is not self.note:
            self._rebuild(note)
        for field, ways in self.ways.items():
            taken = note is not None and (note.note_id, field) in choices.take
            ways[taken].setChecked(True)

    def _rebuild(self, note: ChangedNote | None) -> None:
        while item := self.grid.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        self.note, self.ways = note, {}
        for line, field in enumerate(note.conflicts if note else ()):
            ways = QRadioButton("Keep yours"), QRadioButton("Take the deck’s")
            group = QButtonGroup(ways[0])
            self.grid.addWidget(label(f"{field.name}:"), line, 0)
            for column, way in enumerate(ways):
                group.addButton(way)
                way.setAccessibleName(f"{field.name}: {way.text()}")
                qconnect(way.clicked, partial(self._decide, field.name, bool(column)))
                self.grid.addWidget(way, line, column + 1)
            self.ways[field.name] = ways
        self.setVisible(bool(self.ways))

    def _decide(self, field: str, theirs: bool, _checked: bool = False) -> None:
        if self.note is not None:
            self.decided.emit(self.note.note_id, field, theirs)
