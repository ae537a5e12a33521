"""Where things stand in a heatmap's picture, in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .labels import breadth
from .style import USUAL_ROOM

if TYPE_CHECKING:
    from .spec import Map

GAP = 12
LINE = 13  # the least height of a line of labels
MOST_LABELS = 24
RISE, RUN = 0.87, 0.5  # of a label that is slanted by 60 degrees, for each pixel of its length
_LARGEST = 44 / USUAL_ROOM  # of a cell, as a part of the room


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

    def grid(self, growth: float) -> tuple[float, ...]:
        """Give what finds a cell: where the first one is, its size, panels in a row, the way to the next."""
        first = (self.left, self.top, self.width, self.height)
        place = (*(value * growth for value in first), self.across, *(way * growth for way in self.steps))
        return tuple(round(value, 3) for value in place)


def plan(chart: Map, across_all: float = USUAL_ROOM) -> Plan:
    """Lay a picture out: cells as large as the room for all of them allows, labels, captions for heads.

    In the usual room a phone shows a picture at its own size.
    """
    heads, rows, columns = len(chart.weights), len(chart.queries), len(chart.keys)
    across = 1 if heads == 1 else 2 if heads <= 4 else 3 if heads <= 6 else 4
    room = (across_all - GAP * (across - 1)) / across
    largest = round(_LARGEST * across_all, 3)
    width, height = (min(largest, room / count) for count in (columns, rows))
    if max(rows, columns) <= MOST_LABELS:
        size = min(width, height)
        width = height = math.floor(size) if size >= 10 else math.floor(2 * size) / 2
    shown = thinned(columns, width)
    longest = max(breadth(chart.keys[j]) for j in shown)
    slanted = longest > width * shown.step - 4
    widest = max(map(breadth, (*chart.queries, chart.words["query"] + " ↓", chart.measured)))
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
