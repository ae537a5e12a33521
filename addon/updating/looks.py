"""Which note types Anki imports plainly, and which of them an import would bring up to date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import note_types

if TYPE_CHECKING:
    from .installed import Installed
    from .packages import Package, PackageNote


def importable(here: Installed, package: Package) -> frozenset[int]:
    """Give the note types of the package that Anki can import plainly, those that are not here among them."""
    return frozenset(
        key
        for key, theirs in package.note_types.items()
        if (mine := here.note_types.get(key)) is None or note_types.alike(mine, theirs)
    )


def newer_looks(here: Installed, package: Package) -> frozenset[int]:
    """Give the note types whose templates and styling an import would bring up to date."""
    return frozenset(
        key
        for key in importable(here, package)
        if (mine := here.note_types.get(key)) is not None
        and package.note_types[key]["mod"] > mine["mod"]
        and note_types.looks(package.note_types[key]) != note_types.looks(mine)
        and carrier(here, package, key) is not None
    )


def kept(here: Installed, package: Package) -> Iterator[str]:
    """Name the note types whose templates and styling stay, though the package has others, no later ones."""
    for key in sorted(importable(here, package)):
        mine, theirs = here.note_types.get(key), package.note_types[key]
        if (
            mine is not None
            and theirs["mod"] <= mine["mod"]
            and note_types.looks(theirs) != note_types.looks(mine)
        ):
            yield str(mine["name"])


def carrier(here: Installed, package: Package, note_type: int) -> PackageNote | None:
    """Give a note that both have of a note type: with it, an import brings templates and adds nothing."""
    for theirs in package.notes.values():
        if theirs.note_type == note_type:
            mine = here.notes.get(theirs.guid)
            if mine is not None and mine.note_type == note_type and mine.cards:
                return theirs
    return None
