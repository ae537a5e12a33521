"""One undoable step, whole or not at all: whatever fails in it leaves the collection as it was."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from .packages import db

if TYPE_CHECKING:
    from anki.collection import Collection

T = TypeVar("T")

log = logging.getLogger("attention-heatmaps")


class Step:
    """The step to undo that is being made."""

    def __init__(self, col: Collection, name: str) -> None:
        """Begin it; `name` stands behind "Undo" in Anki's menu."""
        self._col = col
        self.entry = col.add_custom_undo_entry(name)

    def merge(self) -> None:
        """Take in what was just done: Anki keeps thirty steps, so this follows each of them at once."""
        self._col.merge_undo_entries(self.entry)


def whole(col: Collection, name: str, work: Callable[[Step], T]) -> T:
    """Run what changes the collection, as one undoable step in one transaction of the database.

    Raises what `work` raises; nothing of what it did remains then, nor of what a killed process did.
    """
    backend = col._backend
    backend.db_begin()
    try:
        made = _made(col, name, work)
    except BaseException:
        backend.db_rollback()
        _clear(col, name)
        raise
    try:
        backend.db_commit()
    except BaseException:
        with contextlib.suppress(Exception):  # SQLite may have done so itself
            backend.db_rollback()
        with contextlib.suppress(Exception):
            db(col).execute("update col set usn = usn")  # Anki then forgets its steps, which this is one of
        raise
    finally:
        col.models._clear_cache()
    return made


def _made(col: Collection, name: str, work: Callable[[Step], T]) -> T:
    step = Step(col, name)
    try:
        made = work(step)
        step.merge()
    except BaseException:
        _forget(col, step)
        raise
    return made


def _forget(col: Collection, step: Step) -> None:
    """Undo what was done of the step, so that Anki's list of steps is that of before when the database is."""
    with contextlib.suppress(Exception):
        step.merge()
        col.undo()


def _clear(col: Collection, name: str) -> None:
    """Let nothing of a failed step be done again: one that changes nothing takes its place in Anki's list."""
    col.models._clear_cache()
    backend = col._backend
    with contextlib.suppress(Exception):
        backend.db_begin()
        try:
            col.add_custom_undo_entry(name)
            col.undo()
        finally:
            backend.db_rollback()
