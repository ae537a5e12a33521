"""A heatmap's SVG: where things stand, and how they are drawn."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .cells import STEPS, is_dark, palette, png, steps
from .labels import breadth

if TYPE_CHECKING:
    from .spec import Map

_PLATE, _INK, _SOFT, _FAINT = "#fbfaf7", "#23232b", "#5d5c66", "#d9d6cd"


@dataclass(frozen=True)
class _Plan:
    """Where things stand, in pixels: a cell's size, panels in a row, where the first panel's cells begin."""

    width: float
    height: float
    across: int
    left: float
    top: float
    right: float
    caption: int
    slanted: bool

    def corner(self, head: int, chart: Map) -> tuple[float, float]:
        """Give the upper left corner of a head's cells."""
        row, column = divmod(head, self.across)
        wide, high = self.width * len(chart.keys), self.height * len(chart.queries)
        return self.left + column * (wide + _GAP), self.top + row * (high + _GAP + self.caption)


_GAP = 12


def _plan(chart: Map) -> _Plan:
    heads, rows, columns = len(chart.weights), len(chart.queries), len(chart.keys)
    across = 1 if heads == 1 else 2 if heads <= 4 else 3 if heads <= 6 else 4
    room = {1: 340, 2: 160, 3: 108, 4: 80}[across]
    width, height = min(44.0, room / columns), min(44.0, room / rows)
    if max(rows, columns) <= 24:
        width = height = float(int(min(width, height)))
    longest = max(map(breadth, chart.keys))
    slanted = longest > width - 4
    widest = max(breadth(label) for label in (*chart.queries, chart.words["query"] + " ↓"))
    caption = 18 if chart.heads or heads > 1 else 0
    top = 30 + (longest * 0.77 + 10 if slanted else 18) + caption
    right = 12 + (max(0.0, longest * 0.64 + 8 - width / 2) if slanted else 0)
    return _Plan(width, height, across, math.ceil(20 + widest), math.ceil(top), right, caption, slanted)


def draw(chart: Map) -> str:
    """Draw a heatmap: a light plate, labels, one panel for each head, the colour bar."""
    plan, heads = _plan(chart), len(chart.weights)
    right = plan.corner(min(heads, plan.across) - 1, chart)[0] + plan.width * len(chart.keys) + plan.right
    bottom = plan.corner(heads - 1, chart)[1] + plan.height * len(chart.queries)
    wide, bar = _bar(chart, plan.left, round(bottom + 16))
    width, height = math.ceil(max(right, wide + 12)), math.ceil(bottom + 38)
    rows = list(steps(chart))
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="system-ui,sans-serif" font-size="11" '
            f'fill="{_INK}">',
            f"<title>{escape(chart.alt)}</title>",
            f"<desc>{len(chart.queries)} × {len(chart.keys)}: {chart.low:g} … {chart.high:g}</desc>",
            _definitions(chart, plan, rows),
            f'<rect width="{width}" height="{height}" rx="10" fill="{_PLATE}"/>',
            *_axes(chart, plan),
            *(_panel(chart, plan, head, rows) for head in range(heads)),
            bar,
            "</svg>\n",
        )
    )


def _definitions(chart: Map, plan: _Plan, rows: Sequence[bytes]) -> str:
    """Define the cells, the colour bar, the hatching of masked cells and the lines between cells."""
    image = base64.b64encode(png(rows)).decode("ascii")
    colours = palette()
    stops = "".join(
        f'<stop offset="{step / 8:g}" stop-color="#{bytes(colours[step * (STEPS - 1) // 8]).hex()}"/>'
        for step in range(9)
    )
    parts = [f'<linearGradient id="b">{stops}</linearGradient>']
    if chart.masked:
        parts.append(
            '<pattern id="m" width="5" height="5" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><path d="M0 0H5V5H0z" fill="#efece5"/>'
            '<path d="M1 0V5" stroke="#b3aea2"/></pattern>'
        )
    if _has_grid(plan):
        size = f'width="{_n(plan.width)}" height="{_n(plan.height)}"'
        parts.append(
            f'<pattern id="g" {size} patternUnits="userSpaceOnUse">'
            f'<path d="M0 {_n(plan.height)}V0H{_n(plan.width)}" fill="none" stroke="{_PLATE}" '
            'stroke-width="2"/></pattern>'
        )
    parts.append(
        f'<image id="c" width="{len(chart.keys)}" height="{len(rows)}" preserveAspectRatio="none" '
        f'style="image-rendering:pixelated" href="data:image/png;base64,{image}"/>'
    )
    return f"<defs>{''.join(parts)}</defs>"


def _has_grid(plan: _Plan) -> bool:
    return min(plan.width, plan.height) >= 10


def _panel(chart: Map, plan: _Plan, head: int, rows: Sequence[bytes]) -> str:
    """Draw one head: its caption, hatching under the masked cells, the cells, lines between, the numbers."""
    x, y = plan.corner(head, chart)
    count, columns = len(chart.queries), len(chart.keys)
    box = f'width="{_n(plan.width * columns)}" height="{_n(plan.height * count)}"'
    parts = [f'<g transform="translate({_n(x)} {_n(y)})">']
    if plan.caption:
        caption = chart.heads[head] if chart.heads else str(head + 1)
        parts.append(f'<text y="-6" font-weight="600">{escape(caption)}</text>')
    if chart.masked:
        parts.append(f'<rect {box} fill="url(#m)"/>')
    parts.append(
        f'<svg {box} viewBox="0 {head * count} {columns} {count}" preserveAspectRatio="none">'
        '<use href="#c"/></svg>'
    )
    if _has_grid(plan):
        parts.append(f'<rect {box} fill="url(#g)"/>')
    parts.append(f'<rect {box} fill="none" stroke="{_FAINT}"/>')
    if plan.width >= 28 and plan.height >= 18:
        parts += _numbers(chart, plan, head, rows)
    return "".join((*parts, "</g>"))


def _numbers(chart: Map, plan: _Plan, head: int, rows: Sequence[bytes]) -> Iterator[str]:
    """Write each weight into its cell, in whichever ink stands out from the cell's colour."""
    whole = all(weight == int(weight) for matrix in chart.weights for row in matrix for weight in row)
    first = head * len(chart.queries)
    for dark in (False, True):
        lines = []
        for i, row in enumerate(chart.weights[head]):
            indices = rows[first + i]
            cells = "".join(
                f'<tspan x="{plan.width * (j + 0.5):.0f}">{_cell(weight, whole=whole)}</tspan>'
                for j, weight in enumerate(row)
                if indices[j] and is_dark(indices[j]) is dark
            )
            if cells:
                lines.append(f'<text y="{plan.height * (i + 0.5) + 4:.0f}">{cells}</text>')
        if lines:
            yield f'<g text-anchor="middle" fill="{"#fff" if dark else "#000"}">{"".join(lines)}</g>'


def _axes(chart: Map, plan: _Plan) -> Iterator[str]:
    """Name the rows left of the first panels and the columns above them, every nth where it gets tight."""
    corners = [plan.corner(head, chart) for head in range(len(chart.weights))]
    x, y = corners[0]
    yield (
        f'<g fill="{_SOFT}"><text x="{_n(x)}" y="22">{escape(chart.words["key"])} →</text>'
        f'<text x="{_n(x - 8)}" y="{_n(y - 6)}" text-anchor="end">{escape(chart.words["query"])} ↓</text></g>'
    )
    for _, top in corners[:: plan.across]:
        named = "".join(
            f'<text y="{plan.height * (i + 0.5) + 4:.0f}">{escape(chart.queries[i])}</text>'
            for i in _thinned(len(chart.queries), plan.height)
        )
        yield f'<g transform="translate({_n(x - 8)} {_n(top)})" text-anchor="end">{named}</g>'
    for left, _ in corners[: plan.across]:
        yield from _columns(chart, plan, left, y - plan.caption - 6)


def _columns(chart: Map, plan: _Plan, left: float, y: float) -> Iterator[str]:
    for j in _thinned(len(chart.keys), plan.width):
        x = left + plan.width * (j + 0.5)
        label = escape(chart.keys[j])
        if plan.slanted:
            yield f'<text transform="translate({x + 4:.0f} {_n(y)})rotate(-50)">{label}</text>'
        else:
            yield f'<text x="{x:.0f}" y="{_n(y)}" text-anchor="middle">{label}</text>'


def _thinned(count: int, room: float) -> range:
    """Choose which labels to show: 13 px for each, and 24 at most."""
    return range(0, count, max(1, math.ceil(13 / room), math.ceil(count / 24)))


def _bar(chart: Map, x: float, y: int) -> tuple[float, str]:
    """Draw the colour bar with its ends, and what hatching means; gives the right end too."""
    low, high = f"{chart.low:g}", f"{chart.high:g}"
    start = math.ceil(x + breadth(low) + 6)
    end = start + 86 + breadth(high)
    parts = [
        f'<text x="{_n(x)}" y="{y + 8}">{low}</text>'
        f'<rect x="{start}" y="{y}" width="80" height="9" fill="url(#b)" stroke="{_FAINT}"/>'
        f'<text x="{start + 86}" y="{y + 8}">{high}</text>'
    ]
    if chart.masked:
        place = math.ceil(end + 16)
        end = place + 20 + breadth(chart.words["masked"])
        parts.append(
            f'<rect x="{place}" y="{y}" width="14" height="9" fill="url(#m)" stroke="{_FAINT}"/>'
            f'<text x="{place + 20}" y="{y + 8}" fill="{_SOFT}">{escape(chart.words["masked"])}</text>'
        )
    return end, "".join(parts)


def _cell(weight: float, *, whole: bool) -> str:
    """Write a weight in as few letters as tell it: `.25`, `1.00`, `12.5`, `0` where it is exactly that."""
    size = abs(weight)
    if whole or not weight or size >= 100:
        return f"{weight:.0f}" if size < 1e5 else f"{weight:.0e}"
    return f"{weight:.1f}" if size >= 10 else f"{weight:.2f}".replace("0.", ".", 1)


def _n(value: float) -> str:
    """Write a coordinate with one digit, without a trailing `.0`."""
    return f"{value:.1f}".removesuffix(".0")
