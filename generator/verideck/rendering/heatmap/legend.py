"""What stands around a heatmap's cells: the names of rows and columns, the scale, what hatching means."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .labels import breadth, is_leftward
from .plan import thinned

if TYPE_CHECKING:
    from .plan import Plan
    from .spec import Map

SOFT, FAINT = "#5d5c66", "#d9d6cd"
_FLIPPED = {"start": "end", "middle": "middle", "end": "start"}
_BAR, _THICK = 120, 9


def axes(chart: Map, plan: Plan) -> Iterator[str]:
    """Name the rows left of the first panels and the columns above them, every nth where it gets tight."""
    x, y = plan.corners[0]
    yield (
        f'<g fill="{SOFT}"><text x="{number(x)}" y="20">{escape(chart.words["key"])} →</text>'
        f'<text x="{number(x - 8)}" y="{number(y - 6)}" text-anchor="end">'
        f"{escape(chart.words['query'])} ↓</text></g>"
    )
    for _, top in plan.corners[:: plan.across]:
        named = "".join(
            label(chart.queries[i], "end", f'y="{plan.height * (i + 0.5) + 4:.0f}"', given="end")
            for i in thinned(plan.rows, plan.height)
        )
        yield f'<g transform="translate({number(x - 8)} {number(top)})" text-anchor="end">{named}</g>'
    anchor = "start" if plan.slanted else "middle"
    named = "".join(
        label(chart.keys[j], anchor, _column(plan, plan.width * (j + 0.5)), given=anchor)
        for j in thinned(plan.columns, plan.width)
    )
    for left, _ in plan.corners[: plan.across]:
        above = f"translate({number(left)} {number(y - plan.caption - 6)})"
        yield f'<g transform="{above}" text-anchor="{anchor}">{named}</g>'


def _column(plan: Plan, x: float) -> str:
    return f'transform="translate({x + 4:.0f})rotate(-60)"' if plan.slanted else f'x="{x:.0f}"'


def label(text: str, anchor: str, place: str, *, given: str = "") -> str:
    """Write a label; one that runs leftwards begins at its right end. `given` is the anchor it inherits."""
    direction = ""
    if is_leftward(text):
        direction, anchor = ' direction="rtl"', _FLIPPED[anchor]
    anchored = "" if anchor == given else f' text-anchor="{anchor}"'
    return f"<text {place}{anchored}{direction}>{escape(text)}</text>"


def scale(chart: Map, plan: Plan, y: int) -> tuple[float, str]:
    """Draw the colour bar, named and with three ticks, and what hatching means; gives the right end too."""
    x = plan.left
    half = _BAR / 2
    ticks = [(0.0, chart.low), (0.5, (chart.low + chart.high) / 2), (1.0, chart.high)]
    marks = "".join(
        f'<text x="{x + part * _BAR:.0f}" y="{y + _THICK + 14}">{figure(value)}</text>'
        for part, value in ticks
    )
    parts = [
        f'<text x="{x - 8}" y="{y + _THICK}" text-anchor="end" fill="{SOFT}">'
        f"{escape(chart.words[chart.unit])}</text>"
        f'<rect x="{x}" y="{y}" width="{_BAR}" height="{_THICK}" fill="url(#b)" stroke="{FAINT}"/>'
        f'<path d="M{x + 0.5} {y + _THICK}v3m{half - 0.5} 0v-3m{half - 0.5} 0v3" stroke="{SOFT}"/>'
        f'<g text-anchor="middle">{marks}</g>'
    ]
    end = x + _BAR + breadth(figure(chart.high)) / 2
    if chart.masked:
        place = math.ceil(end + 14)
        end = place + 20 + breadth(chart.words["masked"])
        parts.append(
            f'<rect x="{place}" y="{y}" width="14" height="{_THICK}" fill="url(#m)" stroke="{FAINT}"/>'
            f'<text x="{place + 20}" y="{y + _THICK}" fill="{SOFT}">{escape(chart.words["masked"])}</text>'
        )
    return end, "".join(parts)


def figure(value: float) -> str:
    """Write a number of the scale."""
    return f"{value:.4g}".replace("-", "−")


def number(value: float) -> str:
    """Write a coordinate with one digit, without a trailing `.0`."""
    return f"{value:.1f}".removesuffix(".0")
