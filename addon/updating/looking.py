"""A package and a collection side by side, once for planning and for applying. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import comparing, emptying, meta, note_types
from .installed import Installed, InstalledNote, installed
from .plan import Cancelled, Progress

if TYPE_CHECKING:
    from anki.collection import Collection

    from .comparing import Compared
    from .packages import Package, PackageNote

_OFTEN = 200


@dataclass(frozen=True, slots=True)
class Pair:
    """A note of the package with the one that the collection has, and what differs."""

    theirs: PackageNote
    mine: InstalledNote
    compared: Compared
    meta: str  # as it is to be


@dataclass(frozen=True, slots=True)
class Looked:
    """What both sides have; `lacking` are note types of the collection that lack fields of the deck."""

    stamp: int  # of the collection
    here: Installed
    lacking: frozenset[int]
    pairs: list[Pair]
    emptied: Mapping[int, tuple[int, ...]]  # by note: cards that the deck's texts leave empty


def look(col: Collection, package: Package, progress: Progress | None = None) -> Looked:
    """Hold a package against a collection; once, as long as the collection stays the same."""
    stamp = int(col.mod)
    if package.looked is None or package.looked.stamp != stamp:
        here = installed(col, package)
        lacking = frozenset(blocked(here, package))
        pairs = list(compared(here, package, lacking, progress))
        emptied = emptying.emptied(col, here, package, pairs)
        package.looked = Looked(stamp, here, lacking, pairs, emptied)
    return package.looked


def compared(
    here: Installed, package: Package, blocked: frozenset[int], progress: Progress | None = None
) -> Iterator[Pair]:
    """Compare each note that both have; those of note types that lack fields of ours are left alone."""
    for count, theirs in enumerate(package.notes.values()):
        if count % _OFTEN == 0:
            tell(progress, "Comparing the notes", count, len(package.notes))
        mine = here.notes.get(theirs.guid)
        if mine is None or mine.foreign or mine.note_type in blocked:
            continue
        shipped = theirs.meta
        outcome = comparing.note(mine.fields, theirs.fields, mine.shipped, mine.tags, theirs.tags)
        yield Pair(theirs, mine, outcome, meta.write(shipped))


def tell(progress: Progress | None, what: str, done: int, of: int) -> None:
    """Say how far it is; raises Cancelled where the learner wants no more."""
    if progress is not None and not progress(what, done, of):
        raise Cancelled


def known_fields(package: Package) -> Mapping[int, str]:
    """Give the names of the deck's fields by their ids."""
    return note_types.ids(package.note_types.values())


def blocked(here: Installed, package: Package) -> Iterator[int]:
    """Find the note types of the collection that lack fields of ours: nothing of theirs is written."""
    known = note_types.ids(package.note_types.values())
    by_key = {}
    for theirs in package.notes.values():
        mine = here.notes.get(theirs.guid)
        if mine is not None:
            by_key[mine.note_type] = package.note_types[theirs.note_type]
    by_key |= {key: one for key, one in package.note_types.items() if key in here.note_types}
    for key, theirs_type in by_key.items():
        if note_types.missing(here.note_types[key], theirs_type, known):
            yield key
