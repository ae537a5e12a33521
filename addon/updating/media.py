"""The media files of an update: those that arrive, and those that no note refers to any more."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .packages import Package, db

if TYPE_CHECKING:
    from pathlib import Path

    from anki.collection import Collection

_NAME = re.compile(r"verideck-[A-Za-z0-9._-]{1,100}")
"""What Verideck calls its files; names of others are never cleaned away."""

MOST_FILE = 100_000_000

# What updates of this session took out of notes: undoing one needs its files, and no undo outlives a session.
_may_be_undone: set[str] = set()


def named(texts: Iterable[str]) -> frozenset[str]:
    """Give the names of Verideck's files that texts name, in whatever form."""
    return frozenset(
        name.rstrip(".") for text in texts if "verideck-" in text for name in _NAME.findall(text)
    )


def unused(col: Collection, package: Package) -> tuple[str, ...]:
    """Find the deck's files in the media folder that no note or note type names, nor the package.

    Files that an update of this session took out of notes are left for the next time.
    """
    superseded = {name for name in package.manifest.superseded if _NAME.fullmatch(name)}
    there = _listed(col.media.dir())
    found = {name for name in there if name in superseded or _NAME.fullmatch(name)} - _may_be_undone
    if not found:
        return ()
    found -= named(text for note in package.notes.values() for text in note.fields.values())
    if not found:
        return ()
    for (text,) in db(col).execute("select flds from notes where instr(flds, 'verideck-')"):
        found -= named((text,))
    for one in col.models.all():
        found -= named(
            (one["css"], *(side for card in one["tmpls"] for side in (card["qfmt"], card["afmt"])))
        )
    return tuple(sorted(found))


def add(col: Collection, names: Iterable[str], folder: Path) -> tuple[str, ...]:
    """Copy files of a package that the media folder lacks; gives the names of those that were added.

    A file of the same name stays: names are made of what is in a file.
    """
    there = _listed(col.media.dir())
    added = []
    for name in sorted(set(names) - there):
        path = folder / name
        if path.parent == folder and path.is_file() and path.stat().st_size <= MOST_FILE:
            stored = col.media.write_data(name, path.read_bytes())
            added.append(stored)
    return tuple(added)


def remember(names: Iterable[str]) -> None:
    """Keep files that an update took out of notes for as long as it can be undone."""
    _may_be_undone.update(names)


def _listed(folder: str) -> set[str]:
    with os.scandir(folder) as entries:
        return {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
