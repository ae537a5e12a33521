"""Cards that cannot be told apart: two with one id, over all files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from verideck.problems import Problem, error

if TYPE_CHECKING:
    from verideck.cards import Card, Location


def find(cards: Iterable[Card]) -> tuple[Problem, ...]:
    """Report each card whose id an earlier one has; the lock would give both the same history."""
    first: dict[str, Location] = {}
    problems: list[Problem] = []
    for card in cards:
        if card.id is None:
            continue
        if card.id not in first:
            first[card.id] = card.location
            continue
        at = first[card.id]
        hint = f"the first stands at {at.path}:{at.line}; give this card another id"
        problems.append(error(card.location, f"two cards with the id `#{card.id}`", hint))
    return tuple(problems)
