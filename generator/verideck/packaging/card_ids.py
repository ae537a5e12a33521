"""The ids of cards: the written ones, and for the others one that the lock keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from verideck.packaging import minting
from verideck.packaging.entry import Entry, Lock, seniority

if TYPE_CHECKING:
    from verideck.packaging.source_cards import Found


def choose(
    found: Iterable[Found], known: Mapping[int, Entry], lock: Lock, everything: Iterable[Found]
) -> Mapping[int, str]:
    """Return each card's id, by its index. A derived id that another card has by now is numbered again.

    `known` has the entry of each card, `everything` also the cards that are not built. A card of the lock keeps
    its id before a new one gets it, whatever the clock said when they were made.
    """
    built = {entry.guid for entry in lock.entries}
    claimed = {entry.guid for entry in known.values()}
    taken = {entry.id for entry in lock.entries if entry.guid not in claimed}
    taken |= {card.card.id for card in everything if card.card.id}
    ids: dict[int, str] = {}
    for card in sorted(found, key=lambda card: _rank(known[card.index], built)):
        entry = known[card.index]
        if card.card.id:
            ids[card.index] = card.card.id
            continue
        kept = entry.id if entry.id not in taken else ""
        ids[card.index] = kept or minting.card_id(card.card.heading, taken)
        taken.add(ids[card.index])
    return ids


def _rank(entry: Entry, built: Collection[str]) -> tuple[object, ...]:
    return (entry.guid not in built, seniority(entry))
