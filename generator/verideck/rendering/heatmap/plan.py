"""Where things stand in a heatmap's picture, in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .labels import breadth

if TYPE_CHECKING:
    from .spec import Map

GAP = 12
LINE = 13  # the least height of a line of labels
MOST_LABELS = 24
RISE, RUN = 0.87, 0.5  # of a label that is slanted by 60 degrees, for each pixel of its length
_ROOM = 330  # for the cells of all panels side by side: a phone shows a picture of that width at its own size
_LARGEST = 44


@dataclass(frozen=True)
class Plan:
    """A cell's size, how many panels stand side by side, and where the first panel's cells begin."""

    rows: int
    columns: int
    width: float
    height: float
    across: int
    heads: int
    left: int
    top: int
    caption: int
    slanted: bool

    @property
    def wide(self) -> float:
        """Give a panel's width."""
        return self.width * self.columns

    @property
    def high(self) -> float:
        """Give a panel's height."""
        return self.height * self.rows

    @property
    def steps(self) -> tuple[float, float]:
        """Give the way from a panel to the next on its right, and to the one below."""
        return self.wide + GAP, self.high + GAP + self.caption

    @property
    def corners(self) -> list[tuple[float, float]]:
        """Give the upper left corner of each head's cells."""
        aside, below = self.steps
        return [
            (self.left + head % self.across * aside, self.top + head // self.across * below)
            for head in range(self.heads)
        ]

    @property
    def right(self) -> float:
        """Give where the last column of panels ends."""
        return self.left + (min(self.heads, self.across) - 1) * self.steps[0] + self.wide

    @property
    def bottom(self) -> float:
        """Give where the last row of panels ends."""
        return self.top + (math.ceil(self.heads / self.across) - 1) * self.steps[1] + self.high

    @property
    def grid(self) -> tuple[float, ...]:
        """Give what finds a cell: where the first one is, its size, panels in a row, the way to the next."""
        place = (self.left, self.top, self.width, self.height, self.across, *self.steps)
        return tuple(round(value, 3) for value in place)


def plan(chart: Map) -> Plan:
    """Lay a picture out: cells as large as a phone's width allows, room for labels, captions for heads."""
    heads, rows, columns = len(chart.weights), len(chart.queries), len(chart.keys)
    across = 1 if heads == 1 else 2 if heads <= 4 else 3 if heads <= 6 else 4
    room = (_ROOM - GAP * (across - 1)) / across
    width, height = (min(_LARGEST, room / count) for count in (columns, rows))
    if max(rows, columns) <= MOST_LABELS:
        size = min(width, height)
        width = height = math.floor(size) if size >= 10 else math.floor(2 * size) / 2
    shown = thinned(columns, width)
    longest = max(breadth(chart.keys[j]) for j in shown)
    slanted = longest > width * shown.step - 4
    widest = max(map(breadth, (*chart.queries, chart.words["query"] + " ↓", chart.words[chart.unit])))
    caption = 18 if chart.heads or heads > 1 else 0
    top = 28 + (longest * RISE + 8 if slanted else 18) + caption
    return Plan(
        rows, columns, width, height, across, heads, math.ceil(18 + widest), math.ceil(top), caption, slanted
    )


def thinned(count: int, room: float) -> range:
    """Choose which of the labels to show: those that find room, and no more than can be read."""
    return range(0, count, max(1, math.ceil(LINE / room), math.ceil(count / MOST_LABELS)))


def overhang(chart: Map, plan: Plan) -> float:
    """Give how far slanted labels reach beyond the last column."""
    if not plan.slanted:
        return 0.0
    shown: Sequence[int] = thinned(plan.columns, plan.width)
    reach = (plan.width * (j + 0.5) + 10 + breadth(chart.keys[j]) * RUN for j in shown)
    return max(0.0, max(reach) - plan.wide)
