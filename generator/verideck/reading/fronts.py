"""What the cards of a file have in common, and what each of them says for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from verideck.cards import Kind
from verideck.project import SEPARATOR
from verideck.reading import directive as directives
from verideck.reading.directive import Directive
from verideck.reading.front_matter import FrontMatter as Front

if TYPE_CHECKING:
    from verideck.cards import Card

__all__ = ["Front", "directive", "front", "unfit"]

ENDS_A_COMMENT = "-->"


def front(cards: Sequence[Card]) -> Front:
    """Factor out what cards have in common: the deck above all of theirs, leading tags, level and source.

    A level that not all cards share is named where each card has one; most of them then need not say it.
    """
    if not cards:
        return Front()
    parts = _common([card.deck.split(SEPARATOR) for card in cards])
    levels = Counter(card.level for card in cards)
    level = "" if "" in levels else levels.most_common(1)[0][0]
    source = cards[0].source if len({card.source for card in cards}) == 1 else ()
    return Front(SEPARATOR.join(parts), _common([card.tags for card in cards]), level, source)


def _common(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Give what all lists begin with."""
    kept: list[str] = []
    for column in zip(*lists, strict=False):
        if len(set(column)) > 1:
            break
        kept.append(column[0])
    return tuple(kept)


def unfit(card: Card, front: Front) -> str:
    """Say why a card cannot stand in a file with this front matter; nothing where it can."""
    below = card.deck.removeprefix(front.deck)
    if not card.deck.startswith(front.deck) or not (
        front.deck and (not below or below.startswith(SEPARATOR))
    ):
        above = f"below `{front.deck}`" if front.deck else "in one with all the others"
        return f"is of the deck `{card.deck}`, which does not lie {above}"
    if card.tags[: len(front.tags)] != front.tags:
        return "lacks tags of its file"
    if card.source != front.source:
        return "has another source than its file"
    if front.level and not card.level:
        return "has no level, but its file has"
    if ENDS_A_COMMENT in directive(card, front):
        return f"has a tag or deck with `{ENDS_A_COMMENT}` in it, which only front matter can hold"
    return ""


def directive(card: Card, front: Front) -> str:
    """Write the words of a card's directive: what its file does not say."""
    flags = {
        "typed": card.kind is Kind.TYPED,
        "select-all": card.select_all,
        "keep-order": card.keep_order,
        "reverse": card.reverse,
    }
    said = Directive(
        card.id,
        card.tags[len(front.tags) :],
        card.level if card.level != front.level else "",
        card.deck.removeprefix(front.deck),
        card.lost,
        card.consents,
        {flag: card.location for flag, given in flags.items() if given},
    )
    return directives.write(said)
