"""Where a source's cards begin, read though their text may be broken."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from verideck.reading import directive, files, scanner
from verideck.reading.blocks import Comment, Heading
from verideck.reading.passages import Line

_ID = re.compile(r"(?:^|\s)#([^\s#]+)")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands from a heading to the next one: a card's, or with `level` 1 nobody's."""

    line: int
    level: int
    title: str
    id: str = ""


def find(data: bytes, path: str) -> tuple[Section, ...]:
    """Find the sections of a source; none where it cannot be read as text."""
    text, _ = files.decode(data, path)
    if text is None:
        return ()
    lines = [Line(line, number) for number, line in enumerate(text.split("\n"), start=1)]
    blocks, _ = scanner.scan(lines, path)
    followed = zip(blocks, (*blocks[1:], None), strict=False)
    return tuple(
        Section(block.title.number, block.level, block.title.text, _named(below))
        for block, below in followed
        if isinstance(block, Heading) and block.level <= 2
    )


def owner(sections: Sequence[Section], line: int) -> Section | None:
    """Give the section that a line belongs to; None above the first."""
    place = bisect_right(sections, line, key=lambda section: section.line)
    return sections[place - 1] if place else None


def _named(below: object) -> str:
    if not isinstance(below, Comment) or not directive.is_directive(below.content):
        return ""
    found = _ID.search(below.content.text)
    return found[1] if found else ""
