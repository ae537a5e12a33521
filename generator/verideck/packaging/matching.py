"""Which card of the sources is which entry of the lock.

A card is known by its written id; or by its question and answer; or by the same question in the same file;
or by an answer that identifies. Likeness never decides: see `resemblance`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.packaging import card_texts, content_tiers
from verideck.packaging.directive_hints import directive, fresh_id, where
from verideck.packaging.entry import seniority
from verideck.packaging.source_cards import Found, Scope, content_of
from verideck.problems import Problem, error
from verideck.reading.directive import NEW

if TYPE_CHECKING:
    from verideck.packaging.entry import Entry, Lock


@dataclass(frozen=True, slots=True)
class Matching:
    """The entry of each card that has one, by the card's index; what no card or entry was found for."""

    entries: Mapping[int, Entry]
    problems: tuple[Problem, ...]
    left_cards: tuple[Found, ...] = ()
    left_entries: tuple[Entry, ...] = ()


def match(cards: Sequence[Found], lock: Lock, scope: Scope, taken: set[str]) -> Matching:
    """Find each card's entry. `taken` are the ids that a hint must not give to a new card."""
    known = {entry.id for entry in lock.entries}
    entries, problems = _by_id(cards, lock, scope, taken)
    claimed = {entry.guid for entry in entries.values()}
    begun = {content_of(entry) for entry in lock.entries if NEW in dict(entry.consents)}
    left = content_tiers.Left(
        {
            card.index: card
            for card in cards
            if card.index not in entries and card.card.id not in known and not _is_new(card, begun)
        },
        {entry.guid: entry for entry in lock.entries if entry.guid not in claimed},
        scope,
    )
    for tier in content_tiers.tiers(cards, lock):
        entries |= left.claimed_by(tier)
    problems += left.elsewhere()
    return Matching(entries, tuple(problems), tuple(left.cards.values()), left.missing())


def _is_new(card: Found, begun: Collection[tuple[str, ...]]) -> bool:
    """Return whether a card says that it is a new one. It counts once: the lock knows the id then.

    `begun` are the contents of entries that began so: with another id they are still no new cards.
    """
    return card.card.id is not None and NEW in dict(card.card.consents) and card.content not in begun


def _by_id(
    cards: Sequence[Found], lock: Lock, scope: Scope, taken: set[str]
) -> tuple[dict[int, Entry], list[Problem]]:
    named: dict[str, list[Entry]] = {}
    for entry in sorted(lock.entries, key=seniority):
        named.setdefault(entry.id, []).append(entry)
    unplaced = {(card.file, *card.content) for card in cards if card.card.id not in named}
    entries: dict[int, Entry] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    for card in cards:
        if card.card.id is None or card.card.id not in named or card.card.id in seen:
            continue  # the reader reports a second card with one id
        seen.add(card.card.id)
        # After a merge one id may have two entries.
        entry = min(named[card.card.id], key=lambda one: (content_of(one) != card.content, not one.live))
        if not entry.written and _is_elsewhere(card, entry, unplaced, scope):
            problems.append(_taken_id(card, entry, taken))
        else:
            entries[card.index] = entry
    return entries, problems


def _is_elsewhere(card: Found, entry: Entry, unplaced: Collection[tuple[str, ...]], scope: Scope) -> bool:
    """Return whether the card to which the lock gave this id is still there, and is another one."""
    if content_of(entry) == card.content and entry.file == card.file:
        return False
    here = (entry.file, *content_of(entry)) in unplaced
    return here or (entry.live and not scope.is_missing(entry) and content_of(entry) != card.content)


def _taken_id(card: Found, entry: Entry, taken: set[str]) -> Problem:
    heading = card_texts.heading_of(entry.question)
    message = f'the id `{entry.id}` already belongs to the card "{heading}" in {entry.file}'
    hint = f"give this card another id: {where(card)} {directive(card, fresh_id(card, taken))}"
    return error(card.card.location, message, hint)
