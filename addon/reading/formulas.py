r"""Breaks up formulas of a stranger's field that MathJax must not set: `\(\href{…}{…}\)` becomes plain text.

What is safe is in `tex`, one table for all of Verideck. A word joiner between a backslash and its bracket is
invisible, stays when the field is edited, and makes no delimiter of them. HTML is cut as a browser cuts it.

A tag ends the text that MathJax reads, unless a browser drops it, as it drops an end tag without an element
or a cell without a table. So each field is read twice: all tags end a text, and none does. A table pulls
text between its cells out in front of it: no backslash stays in such text.
"""

from __future__ import annotations

import html as entities
import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from ..tex import Formulas, find_faults
from .markup import Part, parts

JOINER = "\u2060"
_BACKSLASH = re.compile(r"\\|&(?:#0*92\b|#[xX]0*5[cC]\b|bsol;)")
_ENTITY = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9a-fA-F]{1,9}|[A-Za-z][A-Za-z0-9]{0,40});?")
_UNREAD = frozenset(
    ("noscript", "script", "style", "textarea")
)  # raw text in which MathJax looks for nothing
_PASSED_OVER = "\x1f"  # what MathJax passes over; no field of Anki's can hold this
_TAG = "\x1e"  # what a browser may drop
_OPENING = re.compile(r"\\[(\[]")
_CELLS = frozenset(("caption", "td", "th"))
_TABLES = _CELLS | {"col", "colgroup", "table", "tbody", "tfoot", "thead", "tr"}
_CLOZE = re.compile(r"\{\{c[0-9,]{1,40}::|::|\}\}")


def safe(html: str) -> tuple[str, int]:
    """Return a field whose formulas are safe, and how many openings were broken up. Takes linear time."""
    if not _BACKSLASH.search(html):
        return html, 0
    breaks = sorted({at for at in _breaks(html) if not html.startswith(JOINER, at)})
    edges = [0, *breaks, len(html)]
    return JOINER.join(html[start:end] for start, end in pairwise(edges)), len(breaks)


def _breaks(html: str) -> Iterator[int]:
    """Yield the offsets behind the backslashes that must not stand before a bracket."""
    text, whole = _Text(html), _Text(html)
    unread = frozenset[str]() if "<select" in html.lower() else _UNREAD  # which takes no elements in
    end = 0
    is_between_cells = False
    for part in parts(html):
        end = part.end
        if part.name in _TABLES:
            is_between_cells = part.name not in _CELLS if part.kind == "start" else part.name != "table"
        if part.kind == "text":
            text.take(part.start, part.end)
            whole.take(part.start, part.end)
            if is_between_cells:
                yield from _every(html, part.start, part.end)
        elif part.name in ("br", "wbr") or _is_comment(html, part):
            text.pass_over(part, "\n" if part.name == "br" else _PASSED_OVER)
            whole.pass_over(part, "\n" if part.name == "br" else _PASSED_OVER)
        else:
            yield from text.breaks()
            text = _Text(html)
            whole.pass_over(part, _TAG)
            if part.kind == "other" or (part.kind == "raw" and part.name not in unread):
                yield from _every(html, part.start, part.end)
    yield from text.breaks()
    yield from whole.breaks()
    yield from _every(html, end, len(html))  # what `parts` leaves out


def _is_comment(html: str, part: Part) -> bool:
    return part.kind == "other" and not html.startswith("<![", part.start)


def _every(html: str, start: int, end: int) -> Iterator[int]:
    return (found.end() for found in _BACKSLASH.finditer(html, start, end))


class _Text:
    """A text as MathJax sees it, and for each of its characters the offset behind it in the HTML."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.letters: list[str] = []
        self.ends: list[int] = []

    def take(self, start: int, end: int) -> None:
        done = start
        for entity in _ENTITY.finditer(self.html, start, end):
            self._plain(done, entity.start())
            shown = entities.unescape(entity[0])
            self.letters.append(shown)
            self.ends += [entity.end()] * len(shown)
            done = entity.end()
        self._plain(done, end)

    def _plain(self, start: int, end: int) -> None:
        self.letters.append(self.html[start:end])
        self.ends += range(start + 1, end + 1)

    def pass_over(self, part: Part, as_: str) -> None:
        self.letters.append(as_)
        self.ends.append(part.end)

    def breaks(self) -> Iterator[int]:
        text = "".join(self.letters)
        if "\\" not in text:
            return
        yield from _unsafe(text, self.ends)
        if "{{c" in text:
            for cuts in _cuts(text):
                yield from _unsafe(*_without(text, self.ends, cuts))


def _cuts(text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Say what goes out of a text where its clozes are shown, and where hints stand in their place."""
    shown: list[tuple[int, int]] = []
    hidden: list[tuple[int, int]] = []
    opened: list[list[int]] = []  # where each begins, where its text does, where its hint is parted off
    for token in _CLOZE.finditer(text):
        if token[0] == "::":
            if opened and len(opened[-1]) < 3:
                opened[-1].append(token.start())
        elif token[0] != "}}":
            opened.append([token.start(), token.end()])
        elif opened:
            start, inner, *hint = opened.pop()
            shown += [(start, inner), (hint[0] if hint else token.start(), token.end())]
            hidden += [(start, hint[0] + 2 if hint else token.start()), (token.start(), token.end())]
    return shown, hidden


def _without(text: str, ends: list[int], cuts: list[tuple[int, int]]) -> tuple[str, list[int]]:
    made: list[str] = []
    kept: list[int] = []
    done = 0
    for start, end in [*sorted(cuts), (len(text), len(text))]:
        made.append(text[done : max(start, done)])
        kept += ends[done : max(start, done)]
        done = max(done, end)
    return "".join(made), kept


def _unsafe(text: str, ends: list[int]) -> Iterator[int]:
    """Yield where to break up the formulas of a text that are not safe.

    One with a tag in it is none, or another one, if the browser does not drop the tag: then no other may
    begin inside.
    """
    tags: list[int] = []
    if _PASSED_OVER in text or _TAG in text:
        kept = [place for place, letter in enumerate(text) if letter not in (_PASSED_OVER, _TAG)]
        tags = [bisect_left(kept, place) for place, letter in enumerate(text) if letter == _TAG]
        ends = [ends[place] for place in kept]
        text = text.replace(_PASSED_OVER, "").replace(_TAG, "")
    found = Formulas(text)
    for formula in found:
        is_safe = formula.tex is not None and not find_faults(formula.tex)
        if is_safe and formula.tex and _OPENING.search(formula.tex):
            end = formula.start + len(formula.tex) + 2
            is_safe = bisect_left(tags, formula.start + 1) == bisect_left(tags, end + 1)
        if not is_safe:
            found.break_up()
            yield ends[formula.start]
