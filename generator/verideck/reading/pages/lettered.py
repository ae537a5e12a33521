"""Options behind letters that a copy has glued to them: `AIncrease the rate`, `B) Keep it`, `C. Both`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verideck.reading.items import ItemOption, Line

_LETTERS = "ABCDEFGH"
_GLUED = re.compile(r"(?=[A-Ha-h][.)]|[A-H])([A-Ha-h])(?:[.):]\s*|\s+(?![a-z])|(?=\S))(.*)", re.DOTALL)
_APART = 3  # lines that an option may take


def run(lines: Sequence[Line], start: int) -> tuple[tuple[ItemOption, ...], int]:
    """Give the options whose `A` stands at `start`, and the index behind them; none without a `B`."""
    options: list[ItemOption] = []
    index = start
    while index < len(lines) and len(options) < len(_LETTERS):
        text = _behind(lines[index].text, _LETTERS[len(options)])
        if text is None:
            break
        index += 1
        end = _next(lines, index, _LETTERS[len(options) + 1 : len(options) + 2])
        more = [line.text.strip() for line in lines[index:end] if line.text.strip()]
        options.append(ItemOption(" ".join([text, *more]), lines[index - 1].number, _LETTERS[len(options)]))
        index = end
    return (tuple(options), index) if len(options) > 1 else ((), start)


def _behind(text: str, letter: str) -> str | None:
    found = _GLUED.fullmatch(text.strip())
    return found[2].strip() if found and found[1].upper() == letter and found[2].strip() else None


def _next(lines: Sequence[Line], index: int, letter: str) -> int:
    """Give where the next option stands, if within the lines that an option may take; else `index`."""
    for later in range(index, min(index + _APART, len(lines))) if letter else ():
        if _behind(lines[later].text, letter) is not None:
            return later
    return index
