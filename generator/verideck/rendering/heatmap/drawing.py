"""A heatmap's SVG: a light plate, one panel for each head, what stands around them."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .cells import STEPS, covered_steps, dark_steps, palette, png, steps
from .labels import breadth, clip
from .legend import axes, number, scale
from .plan import overhang, plan
from .style import LEAST_ROOM, LIGHT, MOST_ROOM, USUAL_ROOM, rgb

if TYPE_CHECKING:
    from .plan import Plan
    from .spec import Map
    from .style import Style

_DIGITS = (100, 10, 0.05, 0.005)  # what the largest weight reaches where numbers have 0, 1, 2, 3 digits
_BOLD = 1.12  # how much wider a caption is than a label
_MOST_GROWTH = 1.5  # of texts where there is more room than a phone has


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


def draw(chart: Map, *, covered: bool = False, style: Style = LIGHT) -> Drawn:
    """Draw a heatmap; covered, it shows everything but what the cells hold."""
    room = min(MOST_ROOM, max(LEAST_ROOM, style.room))
    growth = min(_MOST_GROWTH, max(1, room / USUAL_ROOM))
    at = plan(chart, room / growth)
    end, bar = scale(chart, at, round(at.bottom + 14), style)
    # The picture is laid out with texts of 11 pixels, and grows as a whole.
    width = math.ceil((math.ceil(max(at.right + overhang(chart, at), end) + 12)) * growth)
    height = math.ceil(math.ceil(at.bottom + 48) * growth)
    inner = f'width="{number(width / growth)}" height="{number(height / growth)}"'
    rows = list(covered_steps(chart) if covered else steps(chart))
    figures = [] if covered or not style.numbers else _figures(chart, at, style.digits)
    colours = (rgb(style.cover),) if covered else palette(style)
    svg = "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {number(width / growth)} {number(height / growth)}" '
            f'font-family="system-ui,sans-serif" font-size="11" fill="{style.ink}">',
            f"<title>{escape(chart.alt)}</title>",
            _definitions(chart, at, png(rows, colours), style),
            f'<rect {inner} rx="10" fill="{style.plate}"/>',
            *axes(chart, at, style),
            *(_panel(chart, at, head, rows, figures, style) for head in range(at.heads)),
            bar,
            "</svg>\n",
        )
    )
    return Drawn(svg, width, height, at.grid(growth))


def _definitions(chart: Map, at: Plan, cells: bytes, style: Style) -> str:
    """Define the cells, the colour bar, the hatching of masked cells and the lines between cells."""
    colours = palette(style)
    stops = "".join(
        f'<stop offset="{step / 8:g}" stop-color="#{bytes(colours[step * (STEPS - 1) // 8]).hex()}"/>'
        for step in range(9)
    )
    parts = [f'<linearGradient id="b">{stops}</linearGradient>']
    if chart.masked:
        parts.append(
            '<pattern id="m" width="5" height="5" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><path d="M0 0H5V5H0z" fill="{style.hatched}"/>'
            f'<path d="M1 0V5" stroke="{style.hatching}"/></pattern>'
        )
    if _has_grid(at):
        size = f'width="{number(at.width)}" height="{number(at.height)}"'
        parts.append(
            f'<pattern id="g" {size} patternUnits="userSpaceOnUse">'
            f'<path d="M0 {number(at.height)}V0H{number(at.width)}" fill="none" stroke="{style.plate}" '
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


def _panel(
    chart: Map,
    at: Plan,
    head: int,
    rows: Sequence[bytes],
    figures: Sequence[Sequence[str]],
    style: Style,
) -> str:
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
    parts.append(f'<rect {box} fill="{"url(#g)" if _has_grid(at) else "none"}" stroke="{style.faint}"/>')
    if figures:
        first = head * at.rows
        parts += _numbers(at, rows[first : first + at.rows], figures[first : first + at.rows], style)
    return "".join((*parts, "</g>"))


def _figures(chart: Map, at: Plan, digits: int | None) -> Sequence[Sequence[str]]:
    """Write each weight as its cell shows it; nothing where they do not find room."""
    if at.width < 24 or at.height < 18:
        return []
    seen = [abs(weight) for matrix in chart.weights for row in matrix for weight in row]
    whole = all(weight == int(weight) for weight in seen)
    if digits is None:
        digits = 0 if whole else next((few for few, most in enumerate(_DIGITS) if max(seen) >= most), 4)
    written = [[_figure(weight, digits) for weight in row] for matrix in chart.weights for row in matrix]
    fits = max(breadth(text) for row in written for text in row) <= at.width - 4
    return written if fits else []


def _figure(weight: float, digits: int) -> str:
    """Write a weight in as few letters as tell it: `.25`, `1.00`, `0` where it is exactly that."""
    if not weight:
        return "0"
    text = f"{weight:.{digits}f}" if abs(weight) < 1e5 else f"{weight:.0e}"
    return (text.replace("0.", ".", 1) if abs(weight) < 1 and digits else text).replace("-", "−")


def _numbers(
    at: Plan, rows: Sequence[bytes], figures: Sequence[Sequence[str]], style: Style
) -> Iterator[str]:
    """Put the numbers into their cells, in whichever ink stands out from the cell's colour."""
    is_dark = dark_steps(style)
    places = [f"{at.width * (j + 0.5):.0f}" for j in range(at.columns)]
    for dark in (False, True):
        lines = []
        for i, (indices, texts) in enumerate(zip(rows, figures, strict=True)):
            cells = "".join(
                f'<tspan x="{place}">{text}</tspan>'
                for place, index, text in zip(places, indices, texts, strict=True)
                if index and is_dark[index] == dark
            )
            if cells:
                lines.append(f'<text y="{at.height * (i + 0.5) + 4:.0f}">{cells}</text>')
        if lines:
            yield f'<g text-anchor="middle" fill="{"#fff" if dark else "#000"}">{"".join(lines)}</g>'
