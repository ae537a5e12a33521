"""Formulas of other people's files that no card can show safely: kept as code that is read, not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verideck.reading import formula_faults
from verideck.reading.formats import escapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verideck import tex
    from verideck.reading.clozes import Cloze


def keep(text: str) -> str:
    """Return a slot's Markdown with its unsafe formulas as code; a cloze inside one stays a cloze."""
    parts: list[str] = []
    done = 0
    for (start, end), inside, _ in formula_faults.unsafe(text):
        if text[start - 1] == "\n":  # a fence
            line = text.rfind("\n", 0, start - 1) + 1
            parts += (text[done:line], text[line : start - 1].replace("math", "tex", 1))
            done = start - 1
            continue
        width = 2 if text.startswith("$$", start - 2) else 1
        parts += (text[done : start - width], _code(text, start, end, inside))
        done = end + width
    return _joined([*parts, text[done:]])


def find_faults(text: str) -> Iterator[tex.Fault]:
    """Return the first fault of each unsafe formula in a slot's Markdown."""
    for _, _, faults in formula_faults.unsafe(text):
        yield faults[0]


def _code(text: str, start: int, end: int, inside: Sequence[Cloze]) -> str:
    """Write a formula as code, and each cloze in it as a cloze that holds code."""
    parts: list[str] = []
    for cloze in inside:
        hint = f"::{cloze.hint}" if cloze.hint else ""
        hidden = f"{{{{c{cloze.number}::{escapes.code(cloze.text)}{hint}}}}}"
        parts += (escapes.code(text[start : cloze.start]), hidden)
        start = cloze.end
    return "".join((*parts, escapes.code(text[start:end])))


def _joined(parts: Sequence[str]) -> str:
    """Join texts; a space keeps code spans from becoming one where they touch."""
    made: list[str] = []
    for part in filter(None, parts):
        if made and made[-1].endswith("`") and part.startswith("`"):
            made.append(" ")
        made.append(part)
    return "".join(made)
