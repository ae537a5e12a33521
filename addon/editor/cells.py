"""Cuts lines into cells, each with the place where it begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..reading.limits import MOST_CELLS
from .faults import PasteError

_RULE = frozenset("|:- \t")  # what a line between a Markdown table's head and body is made of
_PIPED = re.compile(r"(?:[^|\\]|\\.)*")
_COMMENT = re.compile(r"#(?:\s|$)|\[torch\.\w+ of size")
_WORDS = re.compile(r'"(?:[^"]|"")*"(?=\s|$)|\S+')
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')


@dataclass(frozen=True)
class Cell:
    """A cell's text, where it begins, and whether it stood in quotes."""

    text: str
    at: int
    quoted: bool = False


Row = list[Cell]


def lines(text: str) -> list[tuple[str, int]]:
    """Give each line, with the place where it begins."""
    found, at = [], 0
    for line in text.split("\n"):
        found.append((line, at))
        at += len(line) + 1
    return found


def blocks(lines: list[tuple[str, int]], text: str, separator: str) -> list[list[Row]]:
    """Cut lines into cells. A new block begins after each blank line or comment."""
    made: list[list[Row]] = [[]]
    cells = 0
    for line, at in lines:
        if not line.strip() or (separator != "|" and _COMMENT.match(line)):
            made.append([])
            continue
        if separator == "|" and "-" in line and _RULE.issuperset(line):
            continue
        row = _piped(line, at) if separator == "|" else _cut(line, at, separator)
        cells += len(row)
        if cells > 2 * MOST_CELLS:
            raise PasteError(text, at, f"more than {MOST_CELLS:,} numbers, which is the most that is drawn")
        made[-1].append(row)
    return _untrailed([block for block in made if block])


def _untrailed(blocks: list[list[Row]]) -> list[list[Row]]:
    """Take off the empty cell that a separator at the end of every line leaves."""
    rows = [row for block in blocks for row in block]
    while rows and all(len(row) > 1 and not row[-1].text and not row[-1].quoted for row in rows):
        for row in rows:
            row.pop()
    return blocks


def _cut(line: str, at: int, separator: str) -> Row:
    if separator == " ":
        return [_word(found[0], at + found.start()) for found in _WORDS.finditer(line)]
    row, start = [], 0
    while True:
        inner = start
        while line[inner : inner + 1] == " ":
            inner += 1
        end = _closing(line, inner) if line[inner : inner + 1] == '"' else -1
        after = end
        while end >= 0 and line[after : after + 1] == " ":
            after += 1
        if end >= 0 and line[after : after + 1] in ("", separator):
            row.append(Cell(line[inner + 1 : end - 1].replace('""', '"'), at + inner, quoted=True))
        else:
            after = line.find(separator, start)
            after = len(line) if after < 0 else after
            row.append(Cell(line[start:after].strip(), at + min(inner, after)))
        if after >= len(line):
            return row
        start = after + 1


def _closing(line: str, at: int) -> int:
    """Give where a quoted text ends, behind its quote; -1 without one."""
    found = _QUOTED.match(line, at)
    return found.end() if found else -1


def _word(word: str, at: int) -> Cell:
    if len(word) > 1 and word[0] == word[-1] == '"':
        return Cell(word[1:-1].replace('""', '"'), at, quoted=True)
    return Cell(word, at)


def _piped(line: str, at: int) -> Row:
    row, start = [], 0
    while start <= len(line):
        found = _PIPED.match(line, start)
        end = found.end() if found else start
        raw = line[start:end]
        row.append(Cell(raw.strip().replace("\\|", "|"), at + start + len(raw) - len(raw.lstrip())))
        start = end + 1 + (line[end : end + 1] == "\\")  # a backslash at the very end
    if row and not row[0].text and line.lstrip().startswith("|"):
        row.pop(0)
    if row and not row[-1].text and line.rstrip().endswith("|"):
        row.pop()
    return row
