"""Which card of the sources is which entry of the lock."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Card, Kind
from verideck.packaging import fingerprint
from verideck.problems import Problem, error, warning

if TYPE_CHECKING:
    from verideck.packaging.entry import Entry, Lock

NOTE_TYPES = {
    Kind.RECALL: "Verideck",
    Kind.CHOICE: "Verideck",
    Kind.TYPED: "Verideck",
    Kind.CLOZE: "Verideck Cloze",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a build read.

    `files` maps each file read, as shown to a person, to its name below the sources' root; `present`
    names all the sources there are; `whole` tells that all of them were read.
    """

    files: Mapping[str, str]
    present: frozenset[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A card of the sources and what it may be known by."""

    index: int
    card: Card
    file: str
    question: str
    answer: str
    clozes: tuple[tuple[int, str], ...]

    @property
    def note_type(self) -> str:
        """Name the note type that the card's kind has."""
        return NOTE_TYPES[self.card.kind]

    @property
    def content(self) -> tuple[str, str, str]:
        """Give all by which a card without an id is known."""
        return self.file, self.question, self.answer

    @property
    def title(self) -> str:
        """Name the card to a person."""
        return f"`{self.card.id}`" if self.card.id else f'"{self.card.heading}"'


@dataclass(frozen=True, slots=True)
class Matching:
    """The entry of each card that has one, by the card's index."""

    entries: Mapping[int, Entry]
    problems: tuple[Problem, ...]


def found(cards: Sequence[Card], scope: Scope) -> tuple[Found, ...]:
    """Prepare cards for matching."""
    return tuple(
        Found(
            index,
            card,
            scope.files.get(card.location.path, card.location.path),
            fingerprint.question(card),
            fingerprint.answer(card),
            fingerprint.numbered(card),
        )
        for index, card in enumerate(cards)
    )


def match(cards: Sequence[Found], lock: Lock, scope: Scope) -> Matching:
    """Find each card's entry: by the id written in its source, else by its question and answer."""
    entries, problems = _by_id(cards, lock, scope)
    _by_content(cards, lock, scope, entries, problems)
    problems += _changed_note_type(cards, lock, scope, entries)
    return Matching(entries, tuple(problems))


def _by_id(cards: Sequence[Found], lock: Lock, scope: Scope) -> tuple[dict[int, Entry], list[Problem]]:
    by_id = {entry.id: entry for entry in lock.entries}
    unplaced = {card.content for card in cards if card.card.id not in by_id}
    entries: dict[int, Entry] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    for card in cards:
        if card.card.id is None:
            continue
        entry = by_id.get(card.card.id)
        if card.card.id in seen:  # the reader tells of it
            continue
        if entry and not entry.written and _belongs_elsewhere(card, entry, unplaced, scope):
            heading = fingerprint.heading_of(entry.question)
            message = f'the id `{entry.id}` is already that of the card "{heading}" in {entry.file}'
            hint = f"choose another, or write `<!-- card: #{entry.id} -->` under that heading first"
            problems.append(error(card.card.location, message, hint))
        elif entry:
            entries[card.index] = entry
        seen.add(card.card.id)
    return entries, problems


def _belongs_elsewhere(
    card: Found, entry: Entry, unplaced: Collection[tuple[str, str, str]], scope: Scope
) -> bool:
    """Tell whether the card to which the lock gave this id is still there, and is another one."""
    content = (entry.file, entry.question, entry.answer)
    unread = entry.file in scope.present and entry.file not in scope.files.values()
    return content != card.content and (content in unplaced or (unread and content[1:] != card.content[1:]))


@dataclass(frozen=True, slots=True)
class _Tier:
    """One way to know a card again, surest first; `exact` where question and answer are both unchanged."""

    entries: Callable[[Entry, Scope], bool]
    card_key: Callable[[Found], Hashable]
    entry_key: Callable[[Entry], Hashable]
    exact: bool = False


def _gone(entry: Entry, scope: Scope) -> bool:
    """Tell whether an entry that no card has claimed may have moved to another file."""
    return entry.live and (entry.file in scope.files.values() or entry.file not in scope.present)


def _live(entry: Entry, scope: Scope) -> bool:  # noqa: ARG001 - one signature for all tiers
    return entry.live


def _nameless(entry: Entry, scope: Scope) -> bool:  # noqa: ARG001 - one signature for all tiers
    return entry.live and not entry.written


def _retired(entry: Entry, scope: Scope) -> bool:  # noqa: ARG001 - one signature for all tiers
    return not entry.live


_TIERS = (
    _Tier(
        _live,
        lambda card: card.content,
        lambda entry: (entry.file, entry.question, entry.answer),
        exact=True,
    ),
    _Tier(_live, lambda card: (card.file, card.question), lambda entry: (entry.file, entry.question)),
    _Tier(
        _nameless,
        lambda card: (card.file, card.answer) if card.answer else None,
        lambda entry: (entry.file, entry.answer),
    ),
    _Tier(
        _gone,
        lambda card: (card.question, card.answer),
        lambda entry: (entry.question, entry.answer),
        exact=True,
    ),
    # A card that comes back. An answer alone is too little: many cards have the answer "yes".
    _Tier(
        _retired,
        lambda card: (card.question, card.answer),
        lambda entry: (entry.question, entry.answer),
        exact=True,
    ),
    _Tier(_retired, lambda card: (card.file, card.question), lambda entry: (entry.file, entry.question)),
)


def _by_content(
    cards: Sequence[Found],
    lock: Lock,
    scope: Scope,
    entries: dict[int, Entry],
    problems: list[Problem],
) -> None:
    """Match what ids did not, tier by tier; an id that is new to the lock takes over unchanged cards only."""
    known = {entry.id for entry in lock.entries}
    open_cards = {
        card.index: card
        for card in cards
        if card.index not in entries and (card.card.id is None or card.card.id not in known)
    }
    claimed = {entry.guid for entry in entries.values()}
    open_entries = {entry.guid: entry for entry in lock.entries if entry.guid not in claimed}
    for tier in _TIERS:
        for likely_cards, likely_entries in _groups(tier, open_cards, open_entries, scope):
            asking = [card for card in likely_cards if tier.exact or card.card.id is None]
            if not asking:
                problems += _new_but_alike(likely_cards, likely_entries)
                continue
            if len(asking) == len(likely_entries) == 1:
                entries[asking[0].index] = likely_entries[0]
            else:
                problems += (_ambiguous(card, likely_entries) for card in asking)
            for card in asking:
                del open_cards[card.index]
            for entry in likely_entries:
                del open_entries[entry.guid]


def _groups(
    tier: _Tier, cards: Mapping[int, Found], entries: Mapping[str, Entry], scope: Scope
) -> Iterator[tuple[list[Found], list[Entry]]]:
    """Group the cards and entries that a tier takes for alike; those of another note type never are."""
    groups: dict[Hashable, tuple[list[Found], list[Entry]]] = {}
    for card in cards.values():
        if (key := tier.card_key(card)) is not None:
            groups.setdefault((card.note_type, key), ([], []))[0].append(card)
    for entry in entries.values():
        group = groups.get((entry.note_type, tier.entry_key(entry)))
        if group and tier.entries(entry, scope):
            group[1].append(entry)
    return (group for group in list(groups.values()) if group[1])


def _ambiguous(card: Found, entries: Sequence[Entry]) -> Problem:
    ids = " or ".join(f"`{entry.id}`" for entry in entries)
    message = f"cannot tell whether the card {card.title} is {ids}, or a new one"
    hint = (
        f"write `<!-- card: #{entries[0].id} -->` under its heading to keep that one's reviews,"
        " or an id of its own for a new card"
    )
    return error(card.card.location, message, hint)


def _new_but_alike(cards: Iterable[Found], entries: Sequence[Entry]) -> Iterator[Problem]:
    if not any(entry.live for entry in entries):
        return
    for card in cards:
        message = f"the card {card.title} is taken for a new one, though it is much like `{entries[0].id}`"
        hint = f"to keep that one's reviews write `#{entries[0].id}`"
        yield warning(card.card.location, message, hint)


def _changed_note_type(
    cards: Sequence[Found], lock: Lock, scope: Scope, entries: Mapping[int, Entry]
) -> Iterator[Problem]:
    """Ask for consent where a card turned from or into a cloze: Anki keeps no reviews over that."""
    taken = {entry.id for entry in lock.entries} | {card.card.id for card in cards}
    claimed = {entry.guid for entry in entries.values()}
    left = {
        (entry.file, fingerprint.heading_of(entry.question)): entry
        for entry in lock.entries
        if entry.released and entry.guid not in claimed and _gone(entry, scope)
    }
    for card in cards:
        entry = entries.get(card.index)
        if entry is None and card.card.id is None:
            entry = left.get((card.file, fingerprint.heading_of(card.question)))
        if entry is None or entry.note_type == card.note_type:
            continue
        other = next(name for n in itertools.count(2) if (name := f"{entry.id}-{n}") not in taken)
        kinds = f"was a {entry.kind} card and is a {card.card.kind} card now"
        message = f"`{entry.id}` {kinds}: its reviews cannot come along"
        hint = (
            f"if that is meant, write `<!-- card: #{other} -->` under its heading:"
            " the old card is retired and a new one begins"
        )
        yield error(card.card.location, message, hint)
