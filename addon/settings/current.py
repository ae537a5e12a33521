"""The settings of the Anki that runs, read once and again after each change; who hears of a change."""

from __future__ import annotations

import html
from collections.abc import Callable

from aqt import mw
from aqt.utils import tooltip

from ..guard import guarded, log
from . import values

# Called on the main thread after each change; a page that shows heatmaps adds how it draws them anew.
changed: list[Callable[[], None]] = []

_read: values.Settings | None = None
_told: set[str] = set()


def current() -> values.Settings:
    """Give the settings. What is wrong with them is told once, in passing, and stands at its default."""
    global _read
    if _read is None:  # it reads two files: once is enough
        _read = _fresh()
    return _read


def change(settings: values.Settings) -> None:
    """Keep new settings, and tell whoever shows heatmaps."""
    mw.addonManager.writeConfig(__name__, values.written(settings))
    reread()


def reread(_config: object = None) -> None:
    """Read the settings anew, and tell whoever shows heatmaps; Anki calls it after its own editor."""
    global _read
    _read = None
    current()
    for hear in tuple(changed):
        guarded(lambda: None)(hear)()  # a page that has gone must not keep the others from hearing


def _fresh() -> values.Settings:
    settings, faults = values.read(_config())
    new = [fault for fault in faults if fault not in _told]
    if new:
        _told.update(new)
        for fault in new:
            log.warning("settings: %s", fault)
        lines = "<br>".join(html.escape(fault) for fault in new[:5])
        text = f"Attention Heatmaps, settings:<br>{lines}"
        mw.taskman.run_on_main(lambda: tooltip(text, period=8000))
    return settings


def _unreadable() -> object:
    return []


@guarded(_unreadable)
def _config() -> object:
    """Ask Anki, which merges what stands in a file without a look at it, and so may raise."""
    return mw.addonManager.getConfig(__name__)
