"""A heatmap's SVG: a plate, one panel for each head, what stands around them."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .cells import STEPS, covered_steps, palette, png, steps
from .labels import clip
from .legend import axes, number, scale
from .numbers import figures, inscribed
from .plan import overhang, plan
from .style import LEAST_ROOM, LIGHT, MOST_ROOM, USUAL_ROOM, rgb

if TYPE_CHECKING:
    from .plan import Plan
    from .spec import Map
    from .style import Style

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
    written = [] if covered or not style.numbers else figures(chart, at, style.digits)
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
            *(_panel(chart, at, head, rows, written, style) for head in range(at.heads)),
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
    written: Sequence[Sequence[str]],
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
    if written:
        first = head * at.rows
        parts += inscribed(at, rows[first : first + at.rows], written[first : first + at.rows], style)
    return "".join((*parts, "</g>"))
