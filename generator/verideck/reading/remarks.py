"""Remarks of an import in a source: `<!-- import: … -->` beside a card, `<!-- imported: … -->` above all.

A remark stands on a line of its own at the first column, wherever a blank line may stand. It enters no slot
of a card, so neither its fingerprint. Written ones stand below the heading and its directive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from verideck.reading import characters, marks
from verideck.reading.passages import Line

IMPORT, IMPORTED = "import", "imported"
_REMARK = re.compile(rf"[ \t]*({IMPORT}|{IMPORTED}):(?:[ \t]+|\Z)(.*?)[ \t]*", re.DOTALL)
_DASH = re.compile(r"-(?=\\*-)")
_WRITTEN_DASH = re.compile(r"-\\(?=\\*-)")


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark: the line on which it stands, its first word (`import`, `imported`), and what it says."""

    line: int
    word: str
    text: str


def comment(text: str, word: str = IMPORT) -> str:
    r"""Write a remark on one line; of `--`, which would end it, the dashes are kept apart: `-\-`.

    A text that is a remark already is given back.
    """
    if read(text) is not None:
        return text
    shown = " ".join(characters.UNWANTED.sub(" ", text).split())
    apart = _DASH.sub(r"-\\", shown)
    return f"<!-- {word}: {apart} -->"


def read(line: str, number: int = 1) -> Remark | None:
    """Give the remark that a line is, as it was before `comment` wrote it; None for any other line."""
    found = marks.COMMENT.fullmatch(line) if line.startswith("<!--") else None
    said = _REMARK.fullmatch(found[1]) if found else None
    return Remark(number, said[1], _WRITTEN_DASH.sub("-", said[2])) if said else None


def find(text: str) -> tuple[Remark, ...]:
    """Give the remarks of a source in order, those inside code left out."""
    lines = (Line(line, number) for number, line in enumerate(text.split("\n"), 1))
    return tuple(remark for line in _outside_fences(lines) if (remark := read(line.text, line.number)))


def without(lines: Sequence[Line]) -> Sequence[Line]:
    """Give a source's lines without its remarks; a blank one stands where a remark alone parted two lines."""
    taken = {line.number for line in _outside_fences(lines) if read(line.text)}
    if not taken:
        return lines
    kept: list[Line] = []
    parting: Line | None = None  # the first of some remarks directly below a line of text
    for line in lines:
        if line.number in taken:
            parting = parting or (line if kept and not kept[-1].blank else None)
            continue
        if parting is not None and not line.blank:
            kept.append(Line("", parting.number))
        parting = None
        kept.append(line)
    return kept


def _outside_fences(lines: Iterable[Line]) -> Iterator[Line]:
    fence = ""
    for line in lines:
        if fence:
            fence = "" if marks.closes(line.text, fence) else fence
        elif (opening := marks.FENCE.fullmatch(line.text)) is not None:
            fence = opening[1] or opening[3]
        else:
            yield line
