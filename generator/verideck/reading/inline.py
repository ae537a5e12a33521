"""What is inside paragraphs: which stretches are prose, code or maths."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verideck.reading import marks

Span = tuple[int, int]
_STARTS_ANEW = re.compile(r" *(?:(?:[-*+]|\d{1,9}[.)])[ \t]|\||>[ ]*(?:[-*+][ ]|$)|#{1,6}[ \t])")
_TICKS = re.compile(r"`+")
_TOKEN = re.compile(r"\\.|`+|\$+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at an offset of a text, and how to mend it."""

    offset: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of text outside fences, with the code and maths inside it; all are offsets into the text."""

    start: int
    end: int
    code: tuple[Span, ...]
    maths: tuple[Span, ...]
    open_maths: tuple[int, ...]  # where a `$$` opens and does not close

    def in_code(self, offset: int) -> bool:
        """Tell whether the character at `offset` is code."""
        return _inside(self.code, offset) is not None

    def formula(self, offset: int) -> Span | None:
        """Give the formula that the character at `offset` belongs to."""
        return _inside(self.maths, offset)


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Cut a slot's text into stretches that no code or formula reaches across; fences are left out."""
    for start, end in _stretches(text):
        yield _paragraph(text, start, end)


def maths_faults(text: str) -> Iterator[Fault]:
    """Report formulas that run over several lines, and `$$` without an end."""
    hint = "write several lines in a ```` ```math ```` fence; a plain dollar sign is written `\\$`"
    for paragraph in paragraphs(text):
        for offset in paragraph.open_maths:
            yield Fault(offset, "a `$$` that is not closed on its line", hint)
        for start, end in paragraph.maths:
            if "\n" in text[start:end]:
                yield Fault(start, "a formula over several lines", hint)


def _stretches(text: str) -> Iterator[Span]:
    offset, start, fence = 0, None, ""
    for line in text.split("\n"):
        end = offset + len(line)
        opening = marks.FENCE.fullmatch(line)
        if fence:
            fence = "" if marks.closes(line, fence) else fence
        elif opening or not line.strip(" \t"):
            if start is not None:
                yield start, offset - 1
            start = None
            fence = (opening[1] or opening[3]) if opening else ""
        elif start is None:
            start = offset
        elif _STARTS_ANEW.match(line):
            yield start, offset - 1
            start = offset
        offset = end + 1
    if start is not None:
        yield start, len(text)


def _paragraph(text: str, start: int, end: int) -> Paragraph:
    """Find code and maths from left to right, as comrak does: what opens first wins."""
    ticks: defaultdict[int, list[int]] = defaultdict(list)
    for run in _TICKS.finditer(text, start, end):
        ticks[len(run.group())].append(run.start())
    code: list[Span] = []
    maths: list[Span] = []
    open_maths: list[int] = []
    position = start
    while (token := _TOKEN.search(text, position, end)) is not None:
        position = token.end()
        length = position - token.start()
        if token.group().startswith("`"):
            places = ticks[length]
            index = bisect_left(places, position)
            if index < len(places):
                position = places[index] + length
                code.append((token.start(), position))
        elif token.group().startswith("$") and length <= 2:
            last = closing_dollars(text, position, end, length)
            if last is not None:
                position = last
                maths.append((token.start(), last))
            elif length == 2:
                open_maths.append(token.start())
    return Paragraph(start, end, tuple(code), tuple(maths), tuple(open_maths))


def closing_dollars(text: str, position: int, end: int, length: int) -> int | None:
    """Find the end of a formula, None where it has none.

    Single dollars have no space inside them and no digit behind them, and a backslash keeps one from closing.
    The first candidate decides, so a text full of dollars is read once.
    """
    if length == 2:
        found = text.find("$$", position + 1, end)
        return None if found < 0 else found + 2
    if text[position : min(position + 1, end)].isspace():
        return None
    found = text.find("$", position, end)
    while found > position and text[found - 1] == "\\":
        found = text.find("$", found + 1, end)
    if found < 0 or text[found - 1].isspace() or text[found + 1 : min(found + 2, end)].isdigit():
        return None
    return found + 1


def _inside(spans: Sequence[Span], offset: int) -> Span | None:
    index = bisect_right(spans, (offset, len(spans) and spans[-1][1])) - 1
    if index >= 0 and spans[index][0] <= offset < spans[index][1]:
        return spans[index]
    return None
