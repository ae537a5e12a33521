"""The outline of a TOML text, read in one linear pass: what is too large to parse, and where keys are.

`tomllib` calls itself for each list in a list, keeps every beginning of a dotted key, and tells no positions.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_CHARACTERS = 1_000_000  # of a text; tens of thousands of works
MAX_DEPTH = 50  # lists and tables inside one another
MAX_PARTS = 20  # names of one dotted key

# Strings and comments as a whole, also those without an end; then what nests and what joins keys.
_TOKEN = re.compile(
    r'''"""(?:[^\\]|\\.)*?(?:"{3,5}|\Z)|\'\'\'.*?(?:'{3,5}|\Z)'''
    r"""|(?P<part>"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[\w+-]+)"""
    r"""|\#[^\n]*|(?P<mark>[][{}])|(?P<dot>[ \t]*\.[ \t]*)|\n""",
    re.DOTALL,
)
_HEAD = re.compile(r"([^\]=\n]*)[\]=]")


@dataclass(frozen=True, slots=True)
class Excess:
    """What a text has too much of: where, what, and how much it can have."""

    line: int
    message: str
    hint: str


def find_excess(text: str) -> Excess | None:
    """Return the first thing in a text that would cost the parser too much."""
    if len(text) > MAX_CHARACTERS:
        return Excess(1, f"{len(text):,} characters", f"it can have at most {MAX_CHARACTERS:,}")
    depth = parts = end = 0
    for token in _TOKEN.finditer(text):
        joined = token.start() == end
        end = token.end()
        if token["part"] is not None:
            parts = 1 - parts if joined and parts < 0 else 1
        elif token["dot"] is not None:
            parts = -parts
        else:
            parts = 0
        depth = max(depth + {"[": 1, "{": 1, "]": -1, "}": -1}.get(token["mark"] or "", 0), 0)
        if depth > MAX_DEPTH:
            hint = f"they can be nested at most {MAX_DEPTH} deep"
            return Excess(_line(text, end), "lists nested too deeply", hint)
        if abs(parts) > MAX_PARTS:
            return Excess(_line(text, end), "a key of too many parts", f"it can have at most {MAX_PARTS}")
    return None


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def find_keys(text: str) -> Mapping[str, Sequence[int]]:
    """Return the lines, from 1, on which each key stands last before a `]` or `=`."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if match := _HEAD.match(line):
            found.setdefault(_last_part(match[1]), []).append(number)
    return found


def _last_part(key: str) -> str:
    key = key.strip(" \t[")
    return key.strip("\"'") if key[-1:] in ("'", '"') else key.rpartition(".")[2].strip()


def find_line(keys: Mapping[str, Sequence[int]], path: Sequence[str]) -> int:
    """Return the line that sets the last key of a path, below those of the keys before it; near enough."""
    line = 1
    for key in path:
        lines = keys.get(key, ())
        place = bisect_left(lines, line)
        line = lines[place] if place < len(lines) else line
    return line
