"""Cards and what is said of them, moved up and down: what is written above a card changes but its lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck.cards import Card, Checked, Fence, Heatmap, Location
    from verideck.problems import Problem


def grounded(card: Card) -> Card:
    """Give a card as if it began on line 1."""
    return moved(card, 1 - card.location.line)


def moved(card: Card, lines: int) -> Card:
    """Give a card as it is when it stands `lines` further down."""
    if not lines:
        return card

    def at(place: Location) -> Location:
        return replace(place, line=place.line + lines)

    def fence(one: Fence) -> Fence:
        return replace(one, location=at(one.location))

    def heatmap(one: Heatmap) -> Heatmap:
        return replace(one, fence=fence(one.fence))

    return replace(
        card,
        location=at(card.location),
        options=tuple(replace(option, location=at(option.location)) for option in card.options),
        checks=tuple(map(fence, card.checks)),
        runs=tuple(map(fence, card.runs)),
        outputs=tuple(map(fence, card.outputs)),
        vary=fence(card.vary) if card.vary else None,
        heatmaps=tuple(map(heatmap, card.heatmaps)),
        images=tuple(replace(image, location=at(image.location)) for image in card.images),
    )


def moved_checked(checked: Checked, lines: int) -> Checked:
    """Give a checked card as it is when the card stands `lines` further down."""
    if not lines:
        return checked
    claims = tuple(replace(claim, line=claim.line + lines) for claim in checked.claims)
    return replace(checked, card=moved(checked.card, lines), claims=claims)


def moved_problems(problems: Iterable[Problem], lines: int) -> tuple[Problem, ...]:
    """Give problems as they are when what they are about stands `lines` further down."""
    return tuple(replace(problem, line=problem.line + lines) for problem in problems)
