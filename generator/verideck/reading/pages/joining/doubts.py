"""In words: where two readings of joined code differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck.reading.pages.joining.search import Line, Way

LONGEST = 60


def told(best: Way, others: Sequence[Way]) -> tuple[str, ...]:
    """Say where each other reading first differs from the best one; the same doubt is said once."""
    return tuple(dict.fromkeys(_doubt(best.told(), other.told()) for other in others))


def _doubt(ours: Sequence[Line], theirs: Sequence[Line]) -> str:
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one.start != other.start:
            return _comment(ours, theirs, number)
        if one.text != other.text:
            return _length(ours, theirs, number)
        if one.depth != other.depth:
            inner = max(one, other, key=lambda line: line.depth)
            header = _header(ours if inner is one else theirs, inner)
            read = f"it is read as {'inside' if inner is one else 'behind'} it"
            return f"{_short(one.text)} may belong to the block of {_short(header)} or not: {read}"
    longer = max(ours, theirs, key=len)
    return f"the comment before {_short(longer[min(len(ours), len(theirs))].text)} may hold it, too"


def _comment(ours: Sequence[Line], theirs: Sequence[Line], number: int) -> str:
    first = min((ours[number], theirs[number]), key=lambda line: line.start)
    if first is ours[number]:
        return f"the comment before {_short(first.text)} may go on: it is read as code"
    return f"the comment may end before {_short(first.text)}: it is read as part of the comment"


def _length(ours: Sequence[Line], theirs: Sequence[Line], number: int) -> str:
    longer, parted = (ours, theirs) if len(ours[number].text) > len(theirs[number].text) else (theirs, ours)
    second = parted[number + 1].text if number + 1 < len(parted) else ""
    read = "one" if longer is ours else "two"
    text = f"{_short(parted[number].text)} and {_short(second)}"
    return f"{_short(longer[number].text)} may be one statement or two, {text}: it is read as {read}"


def _header(lines: Sequence[Line], inner: Line) -> str:
    above = [line for line in lines if 0 <= line.start < inner.start and line.depth < inner.depth]
    return above[-1].text if above else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return f"`{text}`"
