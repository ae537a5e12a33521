"""A heatmap's SVG: a light plate, one panel for each head, what stands around them."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .cells import COVER, STEPS, covered_steps, is_dark, palette, png, steps
from .labels import breadth, clip
from .legend import FAINT, axes, number, scale
from .plan import overhang, plan

if TYPE_CHECKING:
    from .plan import Plan
    from .spec import Map

_DIGITS = (100, 10, 0.05, 0.005)  # what the largest weight reaches where numbers have 0, 1, 2, 3 digits
_PLATE, _INK = "#fbfaf7", "#23232b"
_BOLD = 1.12  # how much wider a caption is than a label


@dataclass(frozen=True)
class Drawn:
    """A picture, its size in pixels, and where its cells are.

    `grid` is the left and top of the first head's cells, a cell's width and height, how many heads stand in a
    row, and the way to the next head on the right and to the one below.
    """

    svg: str
    width: int
    height: int
    grid: tuple[float, ...]


def draw(chart: Map, *, covered: bool = False) -> Drawn:
    """Draw a heatmap; covered, it shows everything but what the cells hold."""
    at = plan(chart)
    end, bar = scale(chart, at, round(at.bottom + 14))
    width = math.ceil(max(at.right + overhang(chart, at), end) + 12)
    height = math.ceil(at.bottom + 48)
    rows = list(covered_steps(chart) if covered else steps(chart))
    figures = [] if covered else _figures(chart, at)
    svg = "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="system-ui,sans-serif" font-size="11" '
            f'fill="{_INK}">',
            f"<title>{escape(chart.alt)}</title>",
            _definitions(chart, at, png(rows, (COVER,) if covered else palette())),
            f'<rect width="{width}" height="{height}" rx="10" fill="{_PLATE}"/>',
            *axes(chart, at),
            *(_panel(chart, at, head, rows, figures) for head in range(at.heads)),
            bar,
            "</svg>\n",
        )
    )
    return Drawn(svg, width, height, at.grid)


def _definitions(chart: Map, at: Plan, cells: bytes) -> str:
    """Define the cells, the colour bar, the hatching of masked cells and the lines between cells."""
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
    if _has_grid(at):
        size = f'width="{number(at.width)}" height="{number(at.height)}"'
        parts.append(
            f'<pattern id="g" {size} patternUnits="userSpaceOnUse">'
            f'<path d="M0 {number(at.height)}V0H{number(at.width)}" fill="none" stroke="{_PLATE}" '
            'stroke-width="2"/></pattern>'
        )
    image = base64.b64encode(cells).decode("ascii")
    parts.append(
        f'<image id="c" width="{at.columns}" height="{at.rows * at.heads}" '
        f'style="image-rendering:pixelated" href="data:image/png;base64,{image}"/>'
    )
    return f"<defs>{''.join(parts)}</defs>"


def _has_grid(at: Plan) -> bool:
    return min(at.width, at.height) >= 9


def _panel(chart: Map, at: Plan, head: int, rows: Sequence[bytes], figures: Sequence[Sequence[str]]) -> str:
    """Draw one head: its caption, hatching under the masked cells, the cells, lines between, the numbers."""
    x, y = at.corners[head]
    box = f'width="{number(at.wide)}" height="{number(at.high)}"'
    parts = [f'<g transform="translate({number(x)} {number(y)})">']
    if at.caption:
        caption = chart.heads[head] if chart.heads else str(head + 1)
        room = (at.wide + (at.left if at.across == 1 else 0)) / _BOLD
        parts.append(f'<text y="-6" font-weight="600">{escape(clip(caption, room))}</text>')
    if chart.masked:
        parts.append(f'<rect {box} fill="url(#m)"/>')
    parts.append(
        f'<svg {box} viewBox="0 {head * at.rows} {at.columns} {at.rows}" preserveAspectRatio="none">'
        '<use href="#c"/></svg>'
    )
    parts.append(f'<rect {box} fill="{"url(#g)" if _has_grid(at) else "none"}" stroke="{FAINT}"/>')
    if figures:
        first = head * at.rows
        parts += _numbers(at, rows[first : first + at.rows], figures[first : first + at.rows])
    return "".join((*parts, "</g>"))


def _figures(chart: Map, at: Plan) -> Sequence[Sequence[str]]:
    """Write each weight as its cell shows it; nothing where they do not find room."""
    if at.width < 24 or at.height < 18:
        return []
    seen = [abs(weight) for matrix in chart.weights for row in matrix for weight in row]
    whole = all(weight == int(weight) for weight in seen)
    digits = 0 if whole else next((digits for digits, most in enumerate(_DIGITS) if max(seen) >= most), 4)
    written = [[_figure(weight, digits) for weight in row] for matrix in chart.weights for row in matrix]
    fits = max(breadth(text) for row in written for text in row) <= at.width - 4
    return written if fits else []


def _figure(weight: float, digits: int) -> str:
    """Write a weight in as few letters as tell it: `.25`, `1.00`, `0` where it is exactly that."""
    if not weight:
        return "0"
    text = f"{weight:.{digits}f}" if abs(weight) < 1e5 else f"{weight:.0e}"
    return (text.replace("0.", ".", 1) if abs(weight) < 1 and digits else text).replace("-", "−")


def _numbers(at: Plan, rows: Sequence[bytes], figures: Sequence[Sequence[str]]) -> Iterator[str]:
    """Put the numbers into their cells, in whichever ink stands out from the cell's colour."""
    for dark in (False, True):
        lines = []
        for i, (indices, texts) in enumerate(zip(rows, figures, strict=True)):
            cells = "".join(
                f'<tspan x="{at.width * (j + 0.5):.0f}">{text}</tspan>'
                for j, (index, text) in enumerate(zip(indices, texts, strict=True))
                if index and is_dark(index) is dark
            )
            if cells:
                lines.append(f'<text y="{at.height * (i + 0.5) + 4:.0f}">{cells}</text>')
        if lines:
            yield f'<g text-anchor="middle" fill="{"#fff" if dark else "#000"}">{"".join(lines)}</g>'
