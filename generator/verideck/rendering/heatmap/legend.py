"""What stands around a heatmap's cells: the names of rows and columns, the scale, what hatching means."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .labels import breadth, is_leftward
from .plan import thinned

if TYPE_CHECKING:
    from .plan import Plan
    from .spec import Map
    from .style import Style

_FLIPPED = {"start": "end", "middle": "middle", "end": "start"}
_BAR, _THICK = 120, 9
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def axes(chart: Map, plan: Plan, style: Style) -> Iterator[str]:
    """Name the rows left of the first panels and the columns above them, every nth where it gets tight."""
    x, y = plan.corners[0]
    yield (
        f'<g fill="{style.soft}"><text x="{number(x)}" y="20">{escape(chart.words["key"])} →</text>'
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


def scale(chart: Map, plan: Plan, y: int, style: Style) -> tuple[float, str]:
    """Draw the colour bar, named and with its ticks, and what hatching means; gives the right end too."""
    x = plan.left
    ticks = _log_ticks(chart) if chart.log else _ticks(chart)
    places = (0.5, *(part * _BAR for part, _ in ticks[1:-1]), _BAR - 0.5)
    lines = "".join(
        f"m{number(b - a)} 0v{-3 if i % 2 else 3}" for i, (a, b) in enumerate(pairwise(places), 1)
    )
    marks = "".join(
        f'<text x="{x + part * _BAR:.0f}" y="{y + _THICK + 14}">{text}</text>' for part, text in ticks
    )
    parts = [
        f'<text x="{x - 8}" y="{y + _THICK}" text-anchor="end" fill="{style.soft}">'
        f"{escape(chart.measured)}</text>"
        f'<rect x="{x}" y="{y}" width="{_BAR}" height="{_THICK}" fill="url(#b)" stroke="{style.faint}"/>'
        f'<path d="M{x + 0.5} {y + _THICK}v3{lines}" stroke="{style.soft}"/>'
        f'<g text-anchor="middle">{marks}</g>'
    ]
    end = x + _BAR + breadth(ticks[-1][1]) / 2
    if chart.masked:
        place = math.ceil(end + 14)
        end = place + 20 + breadth(chart.words["masked"])
        masked = escape(chart.words["masked"])
        parts.append(
            f'<rect x="{place}" y="{y}" width="14" height="{_THICK}" fill="url(#m)" stroke="{style.faint}"/>'
            f'<text x="{place + 20}" y="{y + _THICK}" fill="{style.soft}">{masked}</text>'
        )
    return end, "".join(parts)


def _ticks(chart: Map) -> list[tuple[float, str]]:
    """Give where along the bar the ends and the middle stand, and their numbers."""
    middle = (chart.low + chart.high) / 2
    return [(0.0, figure(chart.low)), (0.5, figure(middle)), (1.0, figure(chart.high))]


def _log_ticks(chart: Map) -> list[tuple[float, str]]:
    """Give the ends and the powers of ten between them, every nth where it gets tight."""
    start, end = math.log10(chart.low), math.log10(chart.high)
    powers = range(math.floor(start) + 1, math.ceil(end))
    ticks: list[tuple[float, str]] = []
    for nth in range(1, len(powers) + 2):
        between = (
            ((power - start) / (end - start), power) for power in powers if (power - powers.stop) % nth == 0
        )
        inner = [(part, magnitude(10.0**power)) for part, power in between]
        ticks = [(0.0, magnitude(chart.low)), *inner, (1.0, magnitude(chart.high))]
        if all((b[0] - a[0]) * _BAR > (breadth(a[1]) + breadth(b[1])) / 2 + 3 for a, b in pairwise(ticks)):
            break
    return ticks


def magnitude(value: float) -> str:
    """Write a number of a logarithmic scale: `0.02`, `10⁻⁴`, `5·10⁻⁴`."""
    if 0.001 <= value < 1e4:
        return figure(value)
    digits, _, power = f"{value:.0e}".partition("e")
    raised = f"{int(power)}".translate(_RAISED)
    return f"10{raised}" if digits == "1" else f"{digits}·10{raised}"


def figure(value: float) -> str:
    """Write a number of the scale."""
    return f"{value:.4g}".replace("-", "−")


def number(value: float) -> str:
    """Write a coordinate with one digit, without a trailing `.0`."""
    return f"{value:.1f}".removesuffix(".0")
