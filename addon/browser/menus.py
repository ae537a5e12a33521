"""The browser's entries, their progress and their report."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING

from aqt import mw
from aqt.operations import CollectionOp
from aqt.qt import qconnect
from aqt.utils import askUser, tooltip

from ..guard import guarded
from ..settings import current, values
from ..waiting import offer_cancel
from . import operation
from .operation import MAKE_STATIC, REDRAW, Action, Outcome
from .report import Report, told

if TYPE_CHECKING:
    from anki.notes import NoteId
    from aqt.browser.browser import Browser
    from aqt.qt import QMenu

_LABELS = {REDRAW: "Redraw &Heatmaps", MAKE_STATIC: "Make &Static Images for All"}
_TIPS = {
    REDRAW: "Draws the heatmaps of the selected notes with the present settings",
    MAKE_STATIC: "Puts pictures in the place of [attention] blocks, so that phones show them",
}
_EVERY = 20  # notes between two looks at the progress window


def add_to_notes(browser: Browser) -> None:
    """Add the entries to the menu Notes."""
    browser.form.menu_Notes.addSeparator()
    _add(browser, browser.form.menu_Notes)


def add_to_context(browser: Browser, menu: QMenu) -> None:
    """Add the entries to the menu over the table, where notes are selected."""
    menu.addSeparator()
    _add(browser, menu)


def _add(browser: Browser, menu: QMenu) -> None:
    for action, label in _LABELS.items():
        entry = menu.addAction(label)
        if entry is not None:
            entry.setStatusTip(_TIPS[action])
            entry.setToolTip(_TIPS[action])
            qconnect(entry.triggered, lambda _checked=False, action=action: chosen(browser, action))


@guarded(lambda browser, action: None)  # noqa: ARG005
def chosen(browser: Browser, action: Action) -> None:
    """Save what is being typed, then do it to the selected notes, or to all if a person wishes so."""
    editor = browser.editor
    if editor is None:
        begin(browser, action)
    else:
        editor.call_after_note_saved(lambda: begin(browser, action))


@guarded(lambda browser, action: None)  # noqa: ARG005
def begin(browser: Browser, action: Action) -> None:
    """Start in the background."""
    among: Sequence[NoteId] | None = list(browser.selected_notes())
    if not among:
        question = f"No notes are selected. {action.name} in all notes of the collection?"
        if not askUser(question, parent=browser, defaultno=True):
            return
        among = None
    style = values.style(current.current(), dark=False)
    stop = Event()

    def progress(number: int, count: int) -> bool:
        if number % _EVERY == 0:
            mw.taskman.run_on_main(lambda: _show(number, count, stop))
        return not stop.is_set()

    CollectionOp(browser, lambda col: operation.run(col, action, among, style, progress)).success(
        lambda outcome: report(browser, action, outcome)
    ).run_in_background()
    offer_cancel(mw, stop.set)


def _show(number: int, count: int, stop: Event) -> None:
    if mw.progress.want_cancel():
        stop.set()
    mw.progress.update(label=f"{number:,} of {count:,} notes", value=number, max=count)


@guarded(lambda browser, action, outcome: None)  # noqa: ARG005
def report(browser: Browser, action: Action, outcome: Outcome) -> None:
    """Say what was done: in passing where all went well, else in a window that lists what did not."""
    if outcome.failed:
        Report(browser, action.name, told(action, outcome), outcome.failed).open()
    else:
        tooltip(told(action, outcome), parent=browser)
