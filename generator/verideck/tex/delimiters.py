r"""The formulas in a text, as MathJax 3 finds them in Anki: between `\(` and `\)`, or `\[` and `\]`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from .faults import MAX_LENGTH

_START = re.compile(r"\\([(\[])")
_TOKENS = {"(": re.compile(r"\\(?:\)|[A-Za-z]|.)|[{}]"), "[": re.compile(r"\\(?:\]|[A-Za-z]|.)|[{}]")}
_CLOSING = {"(": r"\)", "[": r"\]"}
_STEPS = 50  # tokens for each character of a text; MathJax itself reads a text of openings again and again


class Formula(NamedTuple):
    """A formula: where its delimiter begins, and what is in it; None if it is too long or does not end."""

    start: int
    tex: str | None


class Formulas:
    """The formulas of a text, one after another; one that is broken up gives way to those inside it."""

    def __init__(self, text: str) -> None:
        """Look for closings once: most texts have none."""
        self.text = text
        self._at = 0
        self._inside = 0
        self._steps = _STEPS * (len(text) + MAX_LENGTH)
        self._closings = {
            opening: [found.start() for found in re.finditer(re.escape(closing), text)]
            for opening, closing in _CLOSING.items()
        }

    def __iter__(self) -> Iterator[Formula]:
        while start := _START.search(self.text, self._at):
            self._at = self._inside = start.end()
            formula = self._formula(start)
            if formula is not None:
                yield formula

    def break_up(self) -> None:
        """Go on inside the formula that was given last: its opening will be none."""
        self._at = self._inside

    def _formula(self, start: re.Match[str]) -> Formula | None:
        closings = self._closings[start[1]]
        first = bisect_left(closings, start.end())
        if first == len(closings):
            return None
        if closings[first] - start.end() > MAX_LENGTH or self._steps < 0:
            return Formula(start.start(), None)
        end = self._end(start)
        if end is None:  # its braces are not closed, or it is too long
            return Formula(start.start(), None)
        self._at = end + 2
        return Formula(start.start(), self.text[start.end() : end])

    def _end(self, start: re.Match[str]) -> int | None:
        braces = 0
        for token in _TOKENS[start[1]].finditer(self.text, start.end(), start.end() + MAX_LENGTH + 2):
            self._steps -= 1
            if token[0] == _CLOSING[start[1]] and not braces:
                return token.start()
            braces = max(braces + {"{": 1, "}": -1}.get(token[0], 0), 0)
        return None
