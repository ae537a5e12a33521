"""One guid of several cards, as a merge can leave it: it stays with one, the others get new guids."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verideck.packaging import mending, minting
from verideck.packaging.entry import Entry, Lock, State, seniority
from verideck.packaging.source_cards import Found, content_of
from verideck.problems import Problem, warning


@dataclass(frozen=True, slots=True)
class Split:
    """A lock in which no two cards of the sources share a guid.

    `changed` are the entries that differ from what the lock said; `minted` has the guids that were minted
    again, each with the entry that keeps the old one.
    """

    lock: Lock
    changed: tuple[Entry, ...]
    minted: Mapping[str, Entry]


def split(lock: Lock, cards: Sequence[Found], now: int) -> Split:
    """Give each card of the sources a guid of its own; `now` is in seconds since 1970.

    The guid stays with the entry that has the earlier first release, then the smaller note id, then the
    smaller text. A version that no card has is not a second card: its line was edited.
    """
    entries = {entry.guid: entry for entry in lock.entries}
    by_id = {card.card.id: card for card in cards if card.card.id}
    by_content = {card.content: card for card in cards}
    shared = [held for versions in lock.versions if len(held := _held(versions, by_id, by_content)) > 1]
    note_ids = iter(minting.note_ids(sum(map(len, shared)), now, {entry.note_id for entry in lock.entries}))
    minted: dict[str, Entry] = {}
    kept = {first.guid for first, *_ in shared}
    for first, *others in shared:
        newest = entries[first.guid].mod  # of all versions, as learners have one or another
        entries[first.guid] = dataclasses.replace(first, mod=newest + 1, release="")
        for version in others:
            content = minting.content(*content_of(version))
            guid = minting.guid(lock.namespace, content, entries.keys())
            entries[guid] = _again(version, guid, next(note_ids))
            minted[guid] = first
    made = mending.spread([entries[guid] for guid in sorted(entries)]) if minted else lock.entries
    changed = tuple(entry for entry in made if entry.guid in minted or entry.guid in kept)
    return Split(Lock(lock.namespace, made), changed, minted)


def _held(
    versions: Sequence[Entry],
    by_id: Mapping[str, Found],
    by_content: Mapping[tuple[str, str, str], Found],
) -> list[Entry]:
    """Return the versions that different cards have, the one that keeps the guid first."""
    held: dict[int, Entry] = {}
    for version in sorted(versions, key=seniority):
        named = by_id.get(version.id) if version.written else None
        card = named or by_content.get(content_of(version))
        if card:
            held.setdefault(card.index, version)
    return list(held.values())


def _again(version: Entry, guid: str, note_id: int) -> Entry:
    """Make a new note's entry; its card finds it by its texts."""
    return dataclasses.replace(
        version,
        guid=guid,
        note_id=note_id,
        state=State.LIVE,
        fingerprint="",
        mod=0,
        release="",
        first_release="",
        due=0,
        clozes_before=(),
        media=(),
        media_before=(),
    )


def problems(
    cards: Iterable[Found], entries: Mapping[int, Entry], minted: Mapping[str, Entry]
) -> Iterable[Problem]:
    """Name the cards that have a new guid: for learners they are new notes."""
    for card in cards:
        entry = entries.get(card.index)
        if entry and (keeper := minted.get(entry.guid)):
            message = (
                f"after a merge the card {card.title} and `{keeper.id}` had the same guid:"
                f" `{keeper.id}` keeps it and its reviews, this card becomes a new note"
            )
            hint = "nothing to do: the next build knows both"
            yield warning(card.card.location, message, hint)
