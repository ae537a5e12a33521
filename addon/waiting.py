"""A button in Anki's progress window: nothing else there tells that what is under way can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aqt.qt import QPushButton, qconnect
from aqt.utils import tr

if TYPE_CHECKING:
    from aqt.main import AnkiQt


def offer_cancel(mw: AnkiQt, cancel: Callable[[], None]) -> None:
    """Give the progress window that was just begun a button; there are Esc and its own, but who knows."""
    window = getattr(mw.progress, "_win", None)
    layout = window.layout() if window is not None else None
    if layout is not None:
        button = QPushButton(tr.actions_cancel())
        qconnect(button.clicked, cancel)
        layout.addWidget(button)
