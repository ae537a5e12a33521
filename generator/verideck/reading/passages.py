"""Pieces of a source that still know where each of their lines stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from verideck.cards import Location


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the rest of one after its indentation or marker: the place is its first character's."""

    text: str
    number: int
    column: int = 1

    @property
    def blank(self) -> bool:
        """Tell whether Markdown takes the line for an empty one."""
        return not self.text.strip(" \t")

    @property
    def indent(self) -> int:
        """Count the spaces in front."""
        return len(self.text) - len(self.text.lstrip(" "))

    def cut(self, characters: int) -> Line:
        """Give the line without its first characters."""
        return Line(self.text[characters:], self.number, self.column + characters)

    def at(self, path: str, offset: int = 0) -> Location:
        """Give the place of the character at `offset`."""
        return Location(path, self.number, self.column + offset)


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that make up one slot of a card, without blank ones at either end."""

    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """Give the lines as one text; white space at its very end is dropped."""
        return "\n".join(line.text for line in self.lines).rstrip(" \t\n")

    def locator(self, path: str) -> Callable[[int], Location]:
        """Give a function from an offset in the text to its place in the source."""
        starts: list[int] = []
        offset = 0
        for line in self.lines:
            starts.append(offset)
            offset += len(line.text) + 1

        def locate(offset: int) -> Location:
            which = max(bisect_right(starts, offset) - 1, 0)
            return self.lines[which].at(path, offset - starts[which])

        return locate


def passage(lines: Iterable[Line]) -> Passage:
    """Make a passage of lines, dropping blank ones at either end."""
    kept = list(lines)
    while kept and kept[-1].blank:
        kept.pop()
    start = next((index for index, line in enumerate(kept) if not line.blank), 0)
    return Passage(tuple(kept[start:]))
