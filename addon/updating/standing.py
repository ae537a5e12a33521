"""Which is later, a package or what the collection has of its deck. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import comparing, meta
from .plan import Standing

if TYPE_CHECKING:
    from anki.collection import Collection

    from .installed import Installed, InstalledNote
    from .looking import Pair
    from .packages import Package

RECORD = "verideck"
"""The collection's own setting: of each deck that was updated, by namespace, the version and its date."""


def recorded(col: Collection, namespace: str) -> Mapping[str, Any]:
    """Give what the collection remembers of the last update of a deck."""
    kept = col.get_config(RECORD, {})
    record = kept.get(namespace) if isinstance(kept, dict) else None
    return record if isinstance(record, dict) else {}


def deleted(col: Collection, namespace: str) -> frozenset[int]:
    """Give the ids of notes that updates of a deck deleted because the deck no longer had them."""
    kept = recorded(col, namespace).get("deleted")
    return frozenset(one for one in kept if type(one) is int) if isinstance(kept, list) else frozenset()


def standing(
    col: Collection, here: Installed, package: Package, pairs: list[Pair], *, more: bool
) -> tuple[str, Standing]:
    """Tell the version that the collection has, and whether the package is later.

    `more`: notes are new, retired or revived.
    """
    record = recorded(col, package.manifest.namespace)
    kept = record.get("version")
    version = kept if isinstance(kept, str) else ""
    own = [note for note in here.notes.values() if not note.foreign]
    if not own:
        return "", Standing.ABSENT
    fields = [pair for pair in pairs if pair.mine.fields.get("Meta", "") != pair.meta]
    if not (fields or more):
        return version or package.manifest.version, Standing.SAME
    date = record.get("date")
    if isinstance(date, int) and date and package.manifest.date and date != package.manifest.date:
        later = package.manifest.date > date
        return version, Standing.NEWER if later else Standing.OLDER
    # Notes that nobody has touched since they were imported still have the date that their deck gave them.
    pristine = {note.guid: note.mod for note in own if _pristine(note)}
    votes = {
        pair.theirs.mod > pristine[pair.mine.guid]
        for pair in fields
        if pristine.get(pair.mine.guid, pair.theirs.mod) != pair.theirs.mod
    }
    newest = max(pristine.values(), default=0)
    if not votes and newest and package.manifest.date and newest != package.manifest.date:
        votes = {package.manifest.date > newest}
    if len(votes) != 1:
        return version, Standing.UNKNOWN
    return version, Standing.NEWER if True in votes else Standing.OLDER


def _pristine(mine: InstalledNote) -> bool:
    """Tell whether a note is as it was shipped, to the letter."""
    if mine.shipped is None or comparing.clean(mine.tags) != comparing.clean(mine.shipped.tags):
        return False
    texts = {name: text for name, text in mine.fields.items() if text and name != "Meta"}
    return {name: meta.digest(text) for name, text in texts.items()} == dict(mine.shipped.fields)
