"""What became of the heatmaps of many notes, in words and in a window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aqt.qt import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    Qt,
    QVBoxLayout,
    qconnect,
)
from aqt.utils import disable_help_button, restoreGeom, saveGeom

if TYPE_CHECKING:
    from anki.notes import NoteId
    from aqt.browser.browser import Browser

    from .operation import Action, Outcome

NAME = "attentionHeatmapsReport"
MOST_LISTED = 1_000
MOST_SEARCHED = 5_000


def told(action: Action, outcome: Outcome) -> str:
    """Say it in a sentence or two."""
    if outcome.cancelled:
        return "Cancelled: nothing was changed."
    if not outcome.done and not outcome.unchanged and not outcome.failed:
        return f"There is no {action.noun} in these notes."
    parts = [f"{_counted(outcome.done, action.noun)} in {_counted(outcome.notes, 'note')} done"]
    if outcome.unchanged:
        parts.append(f"{outcome.unchanged:,} as before")
    if outcome.failed:
        parts.append(f"{len(outcome.failed):,} failed")
    return ", ".join(parts) + "."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


class Report(QDialog):
    """Lists the failures and finds their notes."""

    def __init__(self, browser: Browser, title: str, text: str, failed: Sequence[tuple[NoteId, str]]) -> None:
        """Show what is told above the list."""
        super().__init__(browser)
        self._browser = browser
        self._failed = failed
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        disable_help_button(self)
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.addItems([f"Note {nid}: {reason}" for nid, reason in failed[:MOST_LISTED]])
        if len(failed) > MOST_LISTED:
            self.list.addItem(f"… and {len(failed) - MOST_LISTED:,} more")
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.show_failed = box.addButton("&Show Failed", QDialogButtonBox.ButtonRole.ActionRole)
        if self.show_failed is not None:
            qconnect(self.show_failed.clicked, self.search)
        qconnect(box.rejected, self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(label)
        layout.addWidget(self.list, 1)
        layout.addWidget(box)
        restoreGeom(self, NAME, default_size=(520, 320))

    def search(self) -> None:
        """Show the notes in the browser."""
        ids = sorted({nid for nid, _ in self._failed})[:MOST_SEARCHED]
        self._browser.search_for("nid:" + ",".join(map(str, ids)))
        self.accept()

    def done(self, result: int) -> None:
        """Remember the window's place."""
        saveGeom(self, NAME)
        super().done(result)
