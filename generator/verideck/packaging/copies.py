"""The same card twice in the sources, such as a conflicted copy of a file: a learner would get it twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from verideck.packaging.directive_hints import directive, fresh_id, where
from verideck.problems import Problem, error
from verideck.reading.directive import NEW

if TYPE_CHECKING:
    from verideck.packaging.source_cards import Found

_MAX_LINES = 5  # that a message names


def find(cards: Sequence[Found], known: Collection[int], taken: set[str]) -> Iterator[Problem]:
    """Report cards without an id that another card is equal to, once for each pair of files.

    `known` are the cards that have an entry of the lock; a copy with a written id is meant.
    """

    def originality(card: Found) -> tuple[object, ...]:
        # "cards (copy).md" and "cards 2.md" have longer names than what they are copies of.
        return card.index not in known, card.card.id is None, len(card.file), card.place

    first: dict[tuple[str, str, str], Found] = {}
    for card in sorted(cards, key=originality):
        if NEW not in dict(card.card.consents):
            first.setdefault(card.content, card)
    pairs: dict[tuple[str, str], list[tuple[Found, Found]]] = {}
    for card in sorted(cards, key=lambda card: card.place):
        other = first.get(card.content, card)
        if other is not card and card.card.id is None and card.index not in known:
            pairs.setdefault((card.card.location.path, other.card.location.path), []).append((card, other))
    for (path, other_path), equal in pairs.items():
        yield _problem(path, other_path, equal, taken)


def _problem(path: str, other_path: str, equal: Sequence[tuple[Found, Found]], taken: set[str]) -> Problem:
    card, _ = equal[0]
    here, there = (_lines(found for found, _ in equal), _lines(found for _, found in equal))
    count = "the same card" if len(equal) == 1 else f"{len(equal)} cards"
    message = f"{path} ({here}) repeats {count} of {other_path} ({there})"
    written = directive(card, card.card.id or fresh_id(card, taken), NEW)
    hint = (
        f"delete the copy, {path} or its repeated cards; a card that is meant twice needs an id of its own:"
        f" {where(card)} {written}"
    )
    return error(card.card.location, message, hint)


def _lines(cards: Iterable[Found]) -> str:
    lines = [str(card.card.location.line) for card in cards]
    more = f" and {len(lines) - _MAX_LINES} more" if len(lines) > _MAX_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(lines[:_MAX_LINES])}{more}"
