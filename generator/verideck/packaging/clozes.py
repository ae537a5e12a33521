"""Clozes in two languages: as an author writes them in Markdown, and as Anki finds them in a field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ANKI_DEPTH = 10  # Anki ignores what opens deeper (tried with 26.09)

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TICKS = re.compile(r"`+")
_BRACES = re.compile(r"\{\{c([0-9]{1,9})::|[{}]")
_FIELD = re.compile(r"\{\{c([0-9]{1,9}(?:,[0-9]{1,9})*)::|\}\}")


@dataclass(frozen=True, slots=True)
class Cloze:
    """A cloze in a source: its number, its text with hint and inner clozes, and where it stands."""

    number: int
    text: str
    start: int
    end: int


def in_source(text: str) -> tuple[Cloze, ...]:
    """Find the clozes of a Markdown text in order; code is opaque and braces balance."""
    opened: list[list[int]] = []  # number, start, start of the text, braces open inside
    found: list[Cloze] = []
    done = 0
    for token in _BRACES.finditer(_without_code(text)):
        if token.start() < done:
            continue
        if token[1]:
            opened.append([int(token[1]), token.start(), token.end(), 0])
        elif not opened:
            continue
        elif token[0] == "{":
            opened[-1][3] += 1
        elif opened[-1][3]:
            opened[-1][3] -= 1
        elif text.startswith("}}", token.start()):
            number, start, inner, _ = opened.pop()
            done = token.end() + 1
            found.append(Cloze(number, text[inner : token.start()], start, done))
    return tuple(sorted(found, key=lambda cloze: cloze.start))


def without_texts(text: str) -> str:
    """Give what stays the same when the text of a cloze is edited."""
    kept: list[str] = []
    done = 0
    for cloze in in_source(text):
        if cloze.start >= done:
            kept += (text[done : cloze.start], f"{{{{c{cloze.number}}}}}")
            done = cloze.end
    return "".join((*kept, text[done:]))


def ordinals(field: str) -> frozenset[int]:
    """Give the ordinals (from 0) of the cards that Anki makes of a field's clozes, nested ones included."""
    opened: list[set[int]] = []
    closed: set[int] = set()
    for token in _FIELD.finditer(field):
        if token[1]:
            if len(opened) < _ANKI_DEPTH:
                opened.append({int(number) for number in token[1].split(",")})
        elif opened:
            numbers = opened.pop()
            # What stands in a cloze that is never closed is lost with it.
            (opened[-1] if opened else closed).update(numbers)
    return frozenset(number - 1 for number in closed if number > 0)


def _without_code(text: str) -> str:
    """Blank out code, every character's place kept."""
    lines = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if not fence and mark:
            fence = mark[1]
            lines.append(" " * len(line))
        elif fence:
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
            lines.append(" " * len(line))
        else:
            lines.append(line)
    text = "\n".join(lines)
    kept: list[str] = []
    done = 0
    for start, end in _code_spans(text):
        kept += (text[done:start], " " * (end - start))
        done = end
    return "".join((*kept, text[done:]))


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Find code spans: a run of backticks up to the next run as long."""
    runs = list(_TICKS.finditer(text))
    partner: dict[int, int] = {}  # place of a run -> place of the next as long
    latest: dict[int, int] = {}
    for place in range(len(runs) - 1, -1, -1):
        length = len(runs[place][0])
        if length in latest:
            partner[place] = latest[length]
        latest[length] = place
    place = 0
    while place < len(runs):
        if place in partner:
            yield runs[place].start(), runs[partner[place]].end()
            place = partner[place]
        place += 1
