"""Charts drawn with letters: the heights of their points, the labels below their axis."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 400  # characters of a line that can belong to a chart

_ROW = re.compile(r"[ ]*([-+]?\d{1,9}(?:\.\d{1,9})?)(%?)[ ]{0,4}[|│┃┤┼:┊╎][ ]?(?P<field>.*)")
_BARE_ROW = re.compile(r"[ ]*[|│┃┤┊╎](?P<field>[ *●•o○x×+#█▇.·/\\_-]*)")
_AXIS = re.compile(r"[ ]*([-+]?\d{1,9}(?:\.\d{1,9})?)?%?[ ]{0,4}[+└┗┴|][-─━_=+┴┬> *●•]{2,}")
_POINTS = "*●•○ox×#█▇@◆■"
_LABELS = re.compile(
    r"(?:epochs?|steps?|iterations?)?[ ]*(?::[ ]*)?"
    r"((?:\d{1,7}[ ]+)*\d{1,7})[ ]*(?:epochs?|steps?|iterations?)?",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"[ ]*(?:epochs?|steps?|iterations?|time)[ ]*(?:(?:→|->)[ ]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Chart:
    """The heights of a chart's points from left to right, the labels below it, the distance of two rows."""

    heights: tuple[float, ...]
    labels: tuple[str, ...]
    step: float


def length(texts: Sequence[str]) -> int:
    """Give how many of the lines from the first on are one chart: rows, axis, labels and caption."""
    count = 0
    while count < len(texts) and _is_row(texts[count]):
        count += 1
    if count < 2:
        return 0
    for optional in (_AXIS, _LABELS, _CAPTION):
        if count < len(texts) and len(texts[count]) <= LONGEST and optional.fullmatch(texts[count].rstrip()):
            count += 1
    return count


def _is_row(text: str) -> bool:
    return len(text) <= LONGEST and any(row.fullmatch(text) for row in (_ROW, _BARE_ROW, _AXIS))


def read(texts: Sequence[str]) -> Chart:
    """Read a chart's lines; a column with points above each other counts with its highest."""
    levels: list[float] = []
    highest: dict[int, float] = {}
    labels: tuple[str, ...] = ()
    for text in texts:
        row, named = _ROW.fullmatch(text), _LABELS.fullmatch(text.strip())
        if row:
            level = float(row[1])
            levels.append(level)
            for column in _columns(text, row.start("field")):
                highest[column] = max(level, highest.get(column, level))
        elif axis := _AXIS.fullmatch(text.rstrip()):
            levels += [float(axis[1])] if axis[1] else []
            at_axis = levels[-1] if axis[1] else None
            for column in _columns(text, axis.end(1)) if at_axis is not None else ():
                highest.setdefault(column, at_axis or 0.0)
        elif named:
            labels = tuple(named[1].split())
    return Chart(tuple(highest[column] for column in sorted(highest)), labels, _step(levels))


def _columns(text: str, start: int) -> Iterable[int]:
    return (column for column in range(start, len(text)) if text[column] in _POINTS)


def _step(levels: Sequence[float]) -> float:
    """Give the usual distance of neighbouring rows, rounded as far as they are printed; 0 for one row."""
    distances = sorted(round(abs(a - b), 6) for a, b in itertools.pairwise(levels))
    return distances[len(distances) // 2] if distances else 0.0
