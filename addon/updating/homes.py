"""Where the decks of a package are in a learner's collection, whatever they are called there. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

SEPARATOR = "::"


class Homes:
    """Finds the learner's name of a deck by where the cards are whose home it is.

    A deck that still has its name is itself. One that the learner renamed is where more than half of its
    cards are. One that is new goes below the nearest deck above it that is known. A filtered deck is no
    card's home: beside one of the same name stands a deck with Anki's own mark for a name that is taken.
    """

    def __init__(
        self, cards: Iterable[tuple[str, str]], decks: Iterable[str], filtered: Iterable[str] = ()
    ) -> None:
        """Take pairs of a card's home as shipped and the deck that it is in, and the names of all decks."""
        self._filtered = frozenset(name.casefold() for name in filtered)
        names = {key: name for name in decks if (key := name.casefold()) not in self._filtered}
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
                return self._free(SEPARATOR.join((known, *parts[depth:])))
        return self._free(home)

    def _free(self, name: str) -> str:
        """Give a deck's name as the learner writes it, beside filtered decks."""
        free = ""
        for part in name.split(SEPARATOR):
            free = f"{free}{SEPARATOR}{part}" if free else part
            while free.casefold() in self._filtered:
                free += "+"
        return self._names.get(free.casefold(), free)


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
