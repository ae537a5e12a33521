"""What an update did, with the notes a click away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import aqt
from aqt.qt import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, Qt, QVBoxLayout, QWidget, qconnect
from aqt.utils import disable_help_button, restoreGeom, saveGeom

from . import telling
from .header import label
from .pane import button

if TYPE_CHECKING:
    from aqt.main import AnkiQt

    from .plan import Plan, Report

NAME = "verideckUpdateReport"
MOST_LINES = 50


class ReportDialog(QDialog):
    """Tells of each group of notes, and shows it in the browser."""

    silentlyClose = True  # noqa: N815  so Anki closes it with the profile

    def __init__(self, mw: AnkiQt, plan: Plan, report: Report) -> None:
        """Tell what was done to the deck of a plan."""
        super().__init__(mw, Qt.WindowType.Window)
        self.mw = mw
        self.setWindowTitle("Deck Updated")
        disable_help_button(self)
        layout = QVBoxLayout(self)
        title = label(f"“{plan.title}” was updated.")
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        layout.addWidget(title)
        layout.addWidget(self._lines(report), 1)
        layout.addWidget(label("Edit → Undo takes all of it back."))
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        qconnect(box.rejected, self.reject)
        layout.addWidget(box)
        restoreGeom(self, NAME, default_size=(560, 340))

    def _lines(self, report: Report) -> QWidget:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setColumnStretch(0, 1)
        told = telling.lines(report)
        for number, line in enumerate(told[:MOST_LINES]):
            grid.addWidget(label(line.text), number, 0)
            if line.notes:
                show = button("Show in Browser")
                show.setAccessibleName(f"Show in Browser: {line.text}")
                qconnect(show.clicked, partial(self.show_notes, line.notes))
                grid.addWidget(show, number, 1)
        if len(told) > MOST_LINES:
            grid.addWidget(label(f"And {len(told) - MOST_LINES:,} more."), MOST_LINES, 0)
        grid.setRowStretch(MOST_LINES + 1, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        return area

    def show_notes(self, notes: tuple[int, ...], _checked: bool = False) -> None:
        """Open Anki's browser with notes of the report."""
        aqt.dialogs.open("Browser", self.mw, search=(telling.search(notes),))

    def done(self, result: int) -> None:
        """Remember the window as it was."""
        saveGeom(self, NAME)
        super().done(result)
