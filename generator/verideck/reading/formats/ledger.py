"""A file's lines and what became of each: a reader claims them, and its page is made of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verideck import guard
from verideck.cards import Location
from verideck.problems import Problem, error, ordered, warning
from verideck.reading import files
from verideck.reading.items import Fate, Item, Line, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
MOST_PROBLEMS = 1000


def decode(data: bytes, path: str) -> tuple[str | None, tuple[Problem, ...]]:
    """Give a file's text as `files.decode` does, UTF-16 and Windows-1252 included."""
    if data.startswith(_UTF_16):
        data = data.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    text, problems = files.decode(data, path)
    if text is None and b"\0" not in data and any("not UTF-8" in one.message for one in problems):
        text, found = files.decode(data.decode("cp1252", errors="replace").encode("utf-8"), path)
        hint = "save the file as UTF-8 where letters look wrong"
        problems = (*found, warning(Location(path), "not UTF-8: read as Windows-1252", hint))
    return text, problems


class Ledger:
    """The lines of one file, as they are read; a line that nobody claims stays unaccounted for."""

    def __init__(
        self, lines: Sequence[str], path: str, layout: str, problems: Iterable[Problem] = ()
    ) -> None:
        self.path = path
        self.layout = layout
        self.lines = tuple(Line(number, text) for number, text in enumerate(lines, 1))
        self.problems = list(problems)
        self._fates = [Fate.UNACCOUNTED if line.text.strip() else Fate.NOISE for line in self.lines]

    def claim(self, fate: Fate, first: int, last: int | None = None) -> None:
        """Say what became of lines; a blank one stays noise, one with a problem of its own the problem's."""
        for number in range(first, (last or first) + 1):
            told = fate is not Fate.PROBLEM and self._fates[number - 1] is Fate.PROBLEM
            if self.lines[number - 1].text.strip() and not told:
                self._fates[number - 1] = fate

    def error(self, line: int, message: str, hint: str = "", last: int | None = None) -> None:
        """Report lines of which no card can be made."""
        self.problems.append(error(Location(self.path, line), message, hint))
        self.claim(Fate.PROBLEM, line, last)

    def skip(self, line: int, message: str, hint: str = "", last: int | None = None) -> None:
        """Report lines that are left out though nothing is wrong with them."""
        self.problems.append(warning(Location(self.path, line), message, hint))
        self.claim(Fate.PROBLEM, line, last)

    def warn(self, line: int, message: str, hint: str = "") -> None:
        """Report what a card lacks; its lines stay the card's."""
        self.problems.append(warning(Location(self.path, line), message, hint))

    def attempt(
        self, make: Callable[[], guard.Made], what: str, line: int, last: int | None = None
    ) -> guard.Made | None:
        """Return what `make` reads of some lines; None, reported at the first of them, if it fails."""
        count = len(self.problems)
        made = guard.read(make, what, Location(self.path, line), self.problems)
        if made is None and len(self.problems) > count:
            self.claim(Fate.PROBLEM, line, last)
        return made

    def page(self, title: str, items: Iterable[Item], media: Iterable[tuple[str, bytes]] = ()) -> Page:
        """Make the page."""
        problems = ordered(self.problems)
        if len(problems) > MOST_PROBLEMS:
            more = len(problems) - MOST_PROBLEMS
            at = Location(self.path, max(1, len(self.lines)))
            problems = (*problems[:MOST_PROBLEMS], error(at, f"{more:,} more problems in this file"))
        return Page(
            self.path,
            self.layout,
            title,
            tuple(items),
            problems,
            self.lines,
            tuple(self._fates),
            tuple(media),
        )


def unread(path: str, layout: str, problems: Iterable[Problem], title: str = "") -> Page:
    """Make the page of a file of which nothing can be read."""
    return Page(path, layout, title, (), ordered(problems))
