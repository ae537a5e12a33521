"""The ways to know a card without its id: by its question and answer, surest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.packaging.identification import identifies
from verideck.packaging.source_cards import Found, Scope, content_of
from verideck.problems import Problem, error

if TYPE_CHECKING:
    from verideck.packaging.entry import Entry, Lock


@dataclass(frozen=True, slots=True)
class _Tier:
    """One way to know a card again.

    With `exact` question and answer are both equal: equal cards then claim equal entries in their order, and
    a card whose written id is new to the lock takes part. Otherwise one card must face one entry.
    """

    is_open: Callable[[Entry, Scope], bool]
    card_key: Callable[[Found], Hashable]
    entry_key: Callable[[Entry], Hashable]
    exact: bool = False


def tiers(cards: Sequence[Found], lock: Lock) -> Sequence[_Tier]:
    """Return the ways to know a card without its id, surest first."""
    telling = _telling_answers(cards, lock)
    return (
        _Tier(
            lambda entry, _: entry.live,
            lambda card: (card.file, card.content),
            lambda entry: (entry.file, content_of(entry)),
            exact=True,
        ),
        _Tier(_is_missing, lambda card: card.content, content_of, exact=True),
        # A card that comes back. If it was edited meanwhile, it is a new one: a retired entry stays retired.
        _Tier(lambda entry, _: not entry.live, lambda card: card.content, content_of, exact=True),
        _Tier(
            lambda entry, _: entry.live,
            lambda card: (card.file, card.note_type, card.texts.question),
            lambda entry: (entry.file, entry.note_type, entry.question),
        ),
        _Tier(
            lambda entry, scope: not entry.written and _is_missing(entry, scope),
            lambda card: (card.note_type, card.texts.answer) if card.texts.answer in telling else None,
            lambda entry: (entry.note_type, entry.answer),
        ),
    )


def _is_missing(entry: Entry, scope: Scope) -> bool:
    return entry.live and scope.is_missing(entry)


def _telling_answers(cards: Sequence[Found], lock: Lock) -> Collection[str]:
    """Return the answers that tell one card from all others: one card has it, and one entry had it."""
    here = Counter(card.texts.answer for card in cards)
    there = Counter(entry.answer for entry in lock.entries if entry.live)
    return {answer for answer, count in here.items() if count == there[answer] == 1 and identifies(answer)}


class Left:
    """Cards and entries for which nothing has been found so far."""

    def __init__(self, cards: dict[int, Found], entries: dict[str, Entry], scope: Scope) -> None:
        self.cards = cards
        self._entries = entries
        self._scope = scope

    def claimed_by(self, tier: _Tier) -> Mapping[int, Entry]:
        """Return the entries that cards claim by a tier, and keep both no longer."""
        claimed: dict[int, Entry] = {}
        for cards, entries in self._groups(tier):
            if tier.exact or (len(cards) == len(entries) == 1 and cards[0].card.id is None):
                pairs = zip(cards, entries, strict=False)
                claimed |= {card.index: entry for card, entry in pairs}
        for index, entry in claimed.items():
            del self.cards[index], self._entries[entry.guid]
        return claimed

    def _groups(self, tier: _Tier) -> Iterator[tuple[list[Found], list[Entry]]]:
        """Group the cards and entries that a tier takes for alike, each in a fixed order."""
        groups: dict[Hashable, tuple[list[Found], list[Entry]]] = {}
        for card in self.cards.values():
            if (key := tier.card_key(card)) is not None:
                groups.setdefault(key, ([], []))[0].append(card)
        for entry in self._entries.values():
            group = groups.get(tier.entry_key(entry))
            if group and tier.is_open(entry, self._scope):
                group[1].append(entry)
        for cards, entries in groups.values():
            if entries:
                yield (
                    sorted(cards, key=lambda card: (card.card.id is None, card.place)),
                    sorted(entries, key=lambda entry: (entry.due, entry.guid)),
                )

    def elsewhere(self) -> Iterator[Problem]:
        """Report the cards that another file has, too, as far as can be known without reading it."""
        unread = {content_of(entry): entry for entry in self._entries.values() if entry.live}
        for card in self.cards.values():
            entry = unread.get(card.content)
            if entry and not self._scope.is_missing(entry):
                message = f"{entry.file}, which this build does not read, has the card {card.title}, too"
                hint = "build all files together, to see whether it was moved or copied"
                yield error(card.card.location, message, hint)

    def missing(self) -> tuple[Entry, ...]:
        """Return the entries whose cards are no longer in the sources."""
        return tuple(entry for entry in self._entries.values() if _is_missing(entry, self._scope))
