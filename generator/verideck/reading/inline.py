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
_DOLLARS = re.compile(r"\\.|\$\$?", re.DOTALL)


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
        code = _code(text, start, end)
        maths, open_maths = _maths(text, start, end, code)
        yield Paragraph(start, end, code, maths, open_maths)


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


def _code(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Find code spans: a run of backticks closes at the next run of the same length."""
    runs = [found.span() for found in _TICKS.finditer(text, start, end)]
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for first, last in runs:
        by_length[last - first].append(first)
    spans: list[Span] = []
    done = start
    for run_start, last in runs:
        if run_start < done:
            continue
        first = run_start + (1 if _escaped(text, run_start, done) else 0)
        places = by_length.get(last - first, [])
        index = bisect_left(places, last)
        if first < last and index < len(places):
            done = places[index] + last - first
            spans.append((first, done))
    return tuple(spans)


def _escaped(text: str, offset: int, start: int) -> bool:
    """Tell whether an odd number of backslashes stands in front."""
    first = offset
    while first > start and text[first - 1] == "\\":
        first -= 1
    return (offset - first) % 2 == 1


def _maths(text: str, start: int, end: int, code: Sequence[Span]) -> tuple[tuple[Span, ...], tuple[int, ...]]:
    """Find `$…$` and `$$…$$` as comrak does: no space inside the single marks, no digit after the last."""
    found = [
        match.span()
        for match in _DOLLARS.finditer(text, start, end)
        if match.group().startswith("$") and _inside(code, match.start()) is None
    ]
    double = [span for span in found if span[1] - span[0] == 2]
    closing = [
        span
        for span in found
        if span[1] - span[0] == 1
        and not text[max(span[0] - 1, 0)].isspace()
        and not text[span[1] : min(span[1] + 1, end)].isdigit()
    ]
    spans: list[Span] = []
    open_maths: list[int] = []
    done = start
    for first, last in found:
        if first < done:
            continue
        ends = double if last - first == 2 else closing
        index = bisect_left(ends, (last, last))
        if last - first == 1 and (last >= end or text[last].isspace()):
            continue
        if index < len(ends):
            done = ends[index][1]
            spans.append((first, done))
        elif last - first == 2:
            open_maths.append(first)
    return tuple(spans), tuple(open_maths)


def _inside(spans: Sequence[Span], offset: int) -> Span | None:
    index = bisect_right(spans, (offset, len(spans) and spans[-1][1])) - 1
    if index >= 0 and spans[index][0] <= offset < spans[index][1]:
        return spans[index]
    return None
