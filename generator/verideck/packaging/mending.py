"""Repairs what a union merge leaves in a lock, as far as that needs no look at the cards."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from verideck.packaging.entry import CARDS_PER_NOTE, Entry, State, seniority

Versions = tuple[tuple[Entry, ...], ...]


def one_each(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], Versions]:
    """Return one entry for each guid, and the different versions of those that had several.

    Each entry gets the range of card ids that it needs.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.guid, []).append(entry)
    distinct = [tuple(sorted(set(group), key=_weight)) for _, group in sorted(groups.items())]
    return spread([merged(group) for group in distinct]), tuple(group for group in distinct if len(group) > 1)


def merged(group: Sequence[Entry]) -> Entry:
    """Make one of the entries that two branches left of a guid: the later `mod` wins.

    A learner may have imported one branch or the other. Where different cards have the same `mod`, what
    comes out of the merge is newer than either. An id that was written on one branch stays.
    """
    *_, last = distinct = sorted(set(group), key=_weight)
    if len(distinct) == 1:
        return last
    named = next((entry for entry in reversed(distinct) if entry.written), last)
    latest = {(entry.formula, entry.fingerprint) for entry in distinct if entry.mod == last.mod}
    differ = len(latest) > len({formula for formula, _ in latest})
    media = {name for entry in distinct for name in (*entry.media, *entry.media_before)}
    numbers = {number for number, _ in last.clozes}
    hidden = {number: text for entry in distinct for number, text in (*entry.clozes_before, *entry.clozes)}
    return dataclasses.replace(
        last,
        id=named.id,
        written=named.written,
        clozes_before=tuple(sorted(item for item in hidden.items() if item[0] not in numbers)),
        mod=last.mod + differ,
        release="" if differ else last.release,
        first_release=min(distinct, key=seniority).first_release,
        note_id=min(entry.note_id for entry in distinct),
        media_before=tuple(sorted(media.difference(last.media))),
    )


def _weight(entry: Entry) -> tuple[object, ...]:
    """Order the versions of an entry; at equal times a live one wins, and always the same one."""
    return (entry.mod, entry.state is State.LIVE, entry.formula, bool(entry.release), str(entry))


def spread(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Separate notes whose cards would share ids: two branches may have built in the same moment.

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
