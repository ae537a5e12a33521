"""Clozes: `{{c1::text::hint}}`, with balanced braces inside and code that is not looked into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verideck.reading.inline import Fault, Paragraph, paragraphs

HIGHEST = 100  # a note's cards have ids side by side, and room for no more
_OPENING = re.compile(r"\{\{c(\d{1,9})::")
_ALMOST = re.compile(r"\{\{(?:[ \t]*[cC][ \t]*(?:\d+[ \t]*)?:|\d+::)")
_TOKEN = re.compile(r"\\.|\{\{c\d{1,9}::|[{}\[\]]|::", re.DOTALL)
_BALANCE = "close it with `}}`; a brace without its partner is written `\\{` or stands in backticks"


@dataclass(frozen=True, slots=True)
class Cloze:
    """A cloze of a text: what is hidden, the hint, and the offsets of the whole of it."""

    number: int
    text: str
    hint: str
    start: int
    end: int


def find(text: str) -> tuple[Cloze, ...]:
    """Give the clozes of a text in order; those in code spans and fences are none."""
    return scan(text)[0]


def scan(text: str) -> tuple[tuple[Cloze, ...], tuple[Fault, ...]]:
    """Give the clozes of a text, and what is wrong with them and with what looks like one."""
    clozes: list[Cloze] = []
    faults: list[Fault] = []
    for paragraph in paragraphs(text):
        _read(text, paragraph, clozes, faults)
    return tuple(clozes), tuple(faults)


def _read(text: str, paragraph: Paragraph, clozes: list[Cloze], faults: list[Fault]) -> None:
    """Read one paragraph's clozes, each once from its first brace to its last."""
    offset = paragraph.start
    while (almost := _next(text, paragraph, offset)) is not None:
        opening = _OPENING.match(text, almost.start(), paragraph.end)
        if opening is None:
            faults.append(
                Fault(almost.start(), "not quite a cloze", "write `{{c1::text}}` or `{{c1::text::hint}}`")
            )
            offset = almost.end()
            continue
        inner = _inner(text, opening.end(), paragraph, faults)
        if inner is None:
            faults.append(Fault(opening.start(), "a cloze that is not closed in its paragraph", _BALANCE))
            return
        end, splits = inner
        cloze = _cloze(text, opening, end, splits)
        clozes.append(cloze)
        faults.extend(_faults(cloze, paragraph, splits))
        offset = cloze.end


def _next(text: str, paragraph: Paragraph, offset: int) -> re.Match[str] | None:
    """Find the next thing that looks like a cloze, outside code."""
    for found in _ALMOST.finditer(text, offset, paragraph.end):
        if not paragraph.in_code(found.start()):
            return found
    return None


def _inner(text: str, offset: int, paragraph: Paragraph, faults: list[Fault]) -> tuple[int, list[int]] | None:
    """Find where a cloze ends and where `::` splits it; None where it does not end.

    A `::` between square brackets, as in `K[::2]`, belongs to the text.
    """
    depth, splits = 0, list[int]()
    brackets: list[int] = []  # for each bracket that is open, how many splits stood before it
    position = offset
    while (token := _TOKEN.search(text, position, paragraph.end)) is not None:
        position = token.end()
        if paragraph.in_code(token.start()):
            continue
        match token.group():
            case "{":
                depth += 1
            case "}" if depth:
                depth -= 1
            case "}" if text.startswith("}}", token.start()) and position < paragraph.end:
                return token.start(), splits
            case "[" if not depth:
                brackets.append(len(splits))
            case "]" if not depth and brackets:
                del splits[brackets.pop() :]
            case "::" if not depth:
                splits.append(token.start())
            case opening if opening.startswith("{{c"):
                faults.append(Fault(token.start(), "a cloze inside a cloze", "write two clozes side by side"))
                depth += 2
            case _:
                pass
    return None


def _cloze(text: str, opening: re.Match[str], end: int, splits: list[int]) -> Cloze:
    split = splits[0] if splits else end
    return Cloze(
        int(opening[1]), text[opening.end() : split], text[split + 2 : end], opening.start(), end + 2
    )


def _faults(cloze: Cloze, paragraph: Paragraph, splits: list[int]) -> Iterator[Fault]:
    if not 1 <= cloze.number <= HIGHEST:
        yield Fault(cloze.start, f"no such cloze number: {cloze.number}", f"numbers run from 1 to {HIGHEST}")
    if not cloze.text.strip():
        yield Fault(cloze.start, "an empty cloze", "write `{{c1::text}}`")
    if len(splits) > 1:
        hint = "one `::` stands between text and hint; write others in backticks"
        yield Fault(splits[1], "more than one `::` in a cloze", hint)
    elif splits and not cloze.hint.strip():
        yield Fault(splits[0], "an empty hint in a cloze", "write `{{c1::text::hint}}` or leave `::` out")
    if _cuts(cloze, paragraph):
        hint = "let it stand inside the `$…$`, or let the whole formula stand inside it"
        yield Fault(cloze.start, "a cloze that cuts a formula", hint)


def _cuts(cloze: Cloze, paragraph: Paragraph) -> bool:
    """Tell whether a formula lies partly inside and partly outside a cloze."""
    first, last = paragraph.formula(cloze.start), paragraph.formula(cloze.end - 1)
    return (first is not None and first[1] < cloze.end) or (last is not None and last[0] > cloze.start)
