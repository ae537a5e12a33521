"""Tokens of Python code whose line breaks cannot be trusted, one at a time from any place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum


class Sort(Enum):
    """What a token is, as far as the end of a statement depends on it."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    OPENING = "opening"
    CLOSING = "closing"
    OPERATOR = "operator"
    COMMENT = "comment"
    BREAK = "break"  # a line break of the file itself, or a semicolon
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `gap` says that white space stands before it."""

    sort: Sort
    text: str
    start: int
    end: int
    gap: bool


_TOKEN = re.compile(
    r"""(?P<string>(?:[rR][bBfF]?|[bBfF][rR]?|[uU])?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''
        |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
      |(?P<number>0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?[jJ]?)
      |(?P<name>[^\W\d]\w*)
      |(?P<opening>[(\[{])
      |(?P<closing>[)\]}])
      |(?P<comment>\#)
      |(?P<break>[;\n])
      |(?P<operator>\.\.\.|->|:=|\*\*=|//=|>>=|<<=|[-+*/%@&|^<>=!]=|\*\*|//|<<|>>|[-+*/%@&|^~<>=.,:])
    """,
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"(?:[ \t\f\r]|\\\n|\\[ \t]+(?=[^ \t]))*")
_WIDE = re.compile(r"(?:[ \t\f\r\n]|\\\n|\\[ \t]+(?=[^ \t]))*")


@dataclass(slots=True)
class Code:
    """A text of code and the tokens found in it so far; a token is looked for once at each place."""

    text: str
    known: dict[tuple[int, bool], Token | None] = field(default_factory=dict)

    def token(self, place: int, *, inside: bool = False) -> Token | None:
        """Give the token from a place on, None where Python has none; `inside` brackets breaks are space."""
        key = (place, inside)
        if key not in self.known:
            self.known[key] = self._token(place, inside)
        return self.known[key]

    def _token(self, place: int, inside: bool) -> Token | None:
        space = (_WIDE if inside else _SPACE).match(self.text, place)
        start = space.end() if space else place
        if start >= len(self.text):
            return Token(Sort.END, "", start, start, start > place)
        found = _TOKEN.match(self.text, start)
        if found is None or found.lastgroup is None:
            return None
        return Token(Sort(found.lastgroup), found[0], start, found.end(), start > place)

    def line_end(self, place: int) -> int:
        """Give where the file's own line ends in which a place lies."""
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end
