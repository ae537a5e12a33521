"""Mends what a union merge leaves in a lock, where that can be done without asking."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from verideck.packaging.entry import CARDS_PER_NOTE, Entry, State


def one_each(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Leave one entry for each guid, and for each the room of its own that its cards' ids need."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.guid, []).append(entry)
    return _apart([_merged(group) for _, group in sorted(groups.items())])


def _merged(group: Sequence[Entry]) -> Entry:
    """Make one of the entries that two branches left: the later `mod` wins.

    Where the cards differ, what comes out of the merge is newer than either: a learner may have
    imported one branch or the other.
    """
    distinct = sorted(set(group), key=_weight)
    last = distinct[-1]
    if len(distinct) == 1:
        return last
    mod = max(entry.mod for entry in distinct)
    differ = len({(entry.fingerprint, entry.id, entry.file) for entry in distinct}) > 1
    media = {name for entry in distinct for name in (*entry.media, *entry.media_before)}
    return dataclasses.replace(
        last,
        mod=mod + differ,
        release="" if differ else last.release,
        first_release=min(filter(None, (entry.first_release for entry in distinct)), default=""),
        note_id=min(entry.note_id for entry in distinct),
        media_before=tuple(sorted(media.difference(last.media))),
    )


def _weight(entry: Entry) -> tuple[object, ...]:
    """Order the versions of an entry; at equal times a live one wins, and always the same one."""
    return (entry.mod, entry.state is State.LIVE, bool(entry.release), str(entry))


def _apart(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Part notes whose cards would share ids: two branches may have built in the same moment.

    The one that learners may have keeps its place; Anki ignores the number once a note is imported.
    """
    taken: set[int] = set()
    kept: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda entry: (not entry.released, entry.guid)):
        slot = entry.note_id // CARDS_PER_NOTE
        moved = slot in taken
        while slot in taken:
            slot -= 1
        taken.add(slot)
        kept[entry.guid] = dataclasses.replace(entry, note_id=slot * CARDS_PER_NOTE) if moved else entry
    return tuple(kept[entry.guid] for entry in entries)
