r"""Faults of the formulas in a slot's text: what MathJax must not be given, on whichever side of a card.

A cloze inside a formula makes several formulas of it: MathJax sees the whole with the text, or with `[hint]`
in its place. Each of them must be safe, and so must the text and the hint by themselves: no command may come
together from parts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from verideck import tex
from verideck.reading import clozes, inline, marks
from verideck.reading.inline import Fault, Span

if TYPE_CHECKING:
    from verideck.reading.clozes import Cloze

_HIDDEN = "[...]"  # what Anki puts in place of a cloze without a hint
_COVERED = "on the front, `[...]` is in place of the cloze; write `{}` before it, or make the cloze larger"


def find(text: str) -> Iterator[Fault]:
    """Report what the formulas of a slot hold that a card cannot show safely."""
    for _, _, faults in unsafe(text):
        for at, message, hint in faults:
            yield Fault(at, message, hint)


def unsafe(text: str) -> Iterator[tuple[Span, Sequence[Cloze], Sequence[tex.Fault]]]:
    """Give each formula of a slot that is not safe, with the clozes in it and its faults, in order."""
    if "$" not in text and "math" not in text:
        return
    known = clozes.find(text) if "{{c" in text else ()
    for start, end in sorted(formulas(text)):
        first = bisect_left(known, start, key=lambda cloze: cloze.start)
        inside = list(takewhile(lambda one, end=end: one.end <= end, islice(known, first, None)))  # type: ignore[misc]
        if faults := of_formula(text, start, end, inside):
            yield (start, end), inside, faults


def formulas(text: str) -> Iterator[Span]:
    """Give where the formulas of a slot stand, their dollars or fence left out."""
    for paragraph in inline.paragraphs(text):
        for start, end in paragraph.maths:
            width = 2 if text.startswith("$$", start) else 1
            yield start + width, end - width
    yield from _fenced(text)


def _fenced(text: str) -> Iterator[Span]:
    offset, fence, inner = 0, "", -1
    for line in text.split("\n"):
        bare = line.lstrip(" ")
        end = offset + len(line)
        if fence and marks.closes(bare, fence):
            if 0 <= inner < offset:
                yield inner, offset - 1
            fence, inner = "", -1
        elif not fence and (opening := marks.FENCE.fullmatch(bare)):
            fence = opening[1] or opening[3]
            info = (opening[2] or opening[4] or "").split()
            inner = end + 1 if info[:1] == ["math"] else -1
        offset = end + 1
    if fence and 0 <= inner < len(text):
        yield inner, len(text)


def of_formula(text: str, start: int, end: int, inside: Sequence[Cloze] = ()) -> tuple[tex.Fault, ...]:
    """Give the faults of the formula that stands in a text, with the clozes in it; offsets are the text's."""
    found: dict[tuple[int, str], tex.Fault] = {}
    for reading in _readings(text, start, end, inside):  # the covered one comes last
        for fault in tex.find_faults(reading.text):
            at = reading.place(fault.offset)
            hint = _COVERED if reading.covered else fault.hint
            found.setdefault((at, fault.message), tex.Fault(at, fault.message, hint))
    return tuple(found.values())


@dataclass(slots=True)
class _Reading:
    """A formula as one side of a card gives it to MathJax, in pieces of the text with their offsets."""

    pieces: list[tuple[int, str]] = field(default_factory=list)
    covered: bool = False  # with hints in place of its clozes

    @property
    def text(self) -> str:
        return "".join(piece for _, piece in self.pieces)

    def place(self, offset: int) -> int:
        for start, piece in self.pieces:
            if offset < len(piece):
                return start + offset
            offset -= len(piece)
        return self.pieces[-1][0] if self.pieces else 0


def _readings(text: str, start: int, end: int, inside: Sequence[Cloze]) -> Iterator[_Reading]:
    revealed, hidden = _Reading(), _Reading(covered=True)
    done = start
    for cloze in inside:
        between = (done, text[done : cloze.start])
        content = text.index("::", cloze.start) + 2
        hint = content + len(cloze.text) + 2
        revealed.pieces += (between, (content, cloze.text))
        covered = f"[{cloze.hint}]" if cloze.hint else _HIDDEN
        hidden.pieces += (between, (hint - 1 if cloze.hint else cloze.start, covered))
        yield _Reading([(content, cloze.text)])
        yield _Reading([(hint, cloze.hint)])
        done = cloze.end
    rest = (done, text[done:end])
    revealed.pieces.append(rest)
    yield revealed
    if inside:
        hidden.pieces.append(rest)
        yield hidden
