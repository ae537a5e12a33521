"""Where the decks of a package are in a learner's collection, whatever they are called there. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

SEPARATOR = "::"


class Homes:
    """Finds the learner's name of a deck by where the cards are whose home it is.

    A deck that still has its name is itself. One that the learner renamed is where more than half of its
    cards are. One that is new goes below the nearest deck above it that is known.
    """

    def __init__(self, cards: Iterable[tuple[str, str]], decks: Iterable[str]) -> None:
        """Take pairs of a card's home as shipped and the deck that it is in, and the names of all decks."""
        names = {name.casefold(): name for name in decks}
        counts: dict[str, Counter[str]] = {}
        for home, deck in cards:
            counts.setdefault(home, Counter())[deck] += 1
        self._known: dict[str, str] = {}
        for home, found in counts.items():
            if (own := names.get(home.casefold())) is not None:
                self._known[home] = own
            elif (most := _most(found)) is not None:
                self._known[home] = most
        for home, deck in sorted(self._known.items()):
            _above(home, deck, self._known, names)
        self._names = names

    def of(self, home: str) -> str:
        """Give the learner's name of a deck of the package."""
        parts = home.split(SEPARATOR)
        for depth in range(len(parts), 0, -1):
            above = SEPARATOR.join(parts[:depth])
            known = self._known.get(above)
            if known is None and depth == len(parts):
                known = self._names.get(above.casefold())
            if known is not None:
                return SEPARATOR.join((known, *parts[depth:]))
        return home


def _most(found: Mapping[str, int]) -> str | None:
    """Give the deck that more than half of the cards are in, unless it is the one for everything."""
    deck, count = max(found.items(), key=lambda item: (item[1], item[0]))
    return deck if 2 * count > sum(found.values()) and deck != "Default" else None


def _above(home: str, deck: str, known: dict[str, str], names: Mapping[str, str]) -> None:
    """Learn from a deck where those above it are."""
    mine, theirs = deck.split(SEPARATOR), home.split(SEPARATOR)
    while len(theirs) > 1 and len(mine) > 1:
        same = mine[-1].casefold() == theirs[-1].casefold()
        if not same and len(mine) != len(theirs):
            return
        mine, theirs = mine[:-1], theirs[:-1]
        above = SEPARATOR.join(theirs)
        known.setdefault(above, names.get(above.casefold(), SEPARATOR.join(mine)))
