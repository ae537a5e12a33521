"""Cards that do not go into one file together: divided into as few as will hold them, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from verideck.project import SEPARATOR
from verideck.reading.fronts import ENDS_A_COMMENT, Front, front
from verideck.reading.kinds import plain
from verideck.reading.writing import write

if TYPE_CHECKING:
    from verideck.cards import Card, Heatmap


@dataclass(frozen=True, slots=True)
class Part:
    """A file to be: its front matter, and the indices of its cards."""

    front: Front
    cards: tuple[int, ...]


def files(cards: Sequence[Card]) -> tuple[Part, ...]:
    """Divide cards into files: one top deck and one source each, no heatmap and no question twice.

    Two decks share a file where they have a part in common: `A::B` and `A::C` do, `A` and `B` do not.
    """
    piles: list[_Pile] = []
    for index, card in enumerate(cards):
        pile = next((pile for pile in piles if pile.takes(card)), None)
        if pile is None:
            pile = _Pile(_key(card))
            piles.append(pile)
        pile.add(index, card)
    return tuple(Part(front([cards[index] for index in pile.indices]), tuple(pile.indices)) for pile in piles)


def write_files(
    cards: Sequence[Card], notes: Mapping[int, Sequence[str]] = MappingProxyType({})
) -> tuple[str, ...]:
    """Write cards as the sources that `files` divides them into; `notes` are remarks beside card i."""
    return tuple(
        write(
            [cards[index] for index in part.cards],
            part.front,
            {place: notes[index] for place, index in enumerate(part.cards) if index in notes},
        )
        for part in files(cards)
    )


def _key(card: Card) -> tuple[object, ...]:
    """Give what must be equal in one file; what a directive cannot say must be its front matter's."""
    alone = ENDS_A_COMMENT in card.deck or any(ENDS_A_COMMENT in tag for tag in card.tags)
    rest = (card.deck, card.tags) if alone else ()
    return (card.deck.split(SEPARATOR)[0], card.source, bool(card.level), *rest)


@dataclass(slots=True)
class _Pile:
    """The cards of one file, and the names that they take up in it."""

    key: tuple[object, ...]
    indices: list[int] = field(default_factory=list)
    questions: set[str] = field(default_factory=set)
    shared: dict[str, tuple[str, bool]] = field(default_factory=dict)  # heatmaps by name
    own: set[str] = field(default_factory=set)

    def takes(self, card: Card) -> bool:
        """Tell whether a card may join."""
        return (
            self.key == _key(card)
            and self.questions.isdisjoint(_questions(card))
            and all(
                self.shared.get(one.name, _drawn(one)) == _drawn(one) for one in card.heatmaps if one.shared
            )
            and all(one.name not in (self.own if one.shared else self.shared) for one in card.heatmaps)
        )

    def add(self, index: int, card: Card) -> None:
        """Let a card join."""
        self.indices.append(index)
        self.questions.update(_questions(card))
        self.shared |= {one.name: _drawn(one) for one in card.heatmaps if one.shared}
        self.own |= {one.name for one in card.heatmaps if not one.shared}


def _drawn(heatmap: Heatmap) -> tuple[str, bool]:
    return (heatmap.fence.code, heatmap.predict)


def _questions(card: Card) -> Iterator[str]:
    """Give the heading by which a card without an id is known in its file."""
    if card.id is None and card.heading:
        yield plain(card.heading)
