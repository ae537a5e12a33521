"""The numbers in a heatmap's cells: how a weight is written, where they find room, in which ink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from .cells import dark_steps
from .labels import breadth

if TYPE_CHECKING:
    from .plan import Plan
    from .spec import Map
    from .style import Style

_DIGITS = (100, 10, 0.05, 0.005)  # what the largest weight reaches where numbers have 0, 1, 2, 3 digits
_OWN_DIGITS = (100, 10, 0.01, 0.001)  # what a weight itself reaches where each is written for its magnitude


def figures(chart: Map, at: Plan, digits: int | None) -> Sequence[Sequence[str]]:
    """Write each weight as its cell shows it; nothing where they do not find room."""
    if at.width < 24 or at.height < 18:
        return []
    seen = [abs(weight) for matrix in chart.weights for row in matrix for weight in row]
    if digits is None and not all(weight == int(weight) for weight in seen):
        digits = next((few for few, most in enumerate(_DIGITS) if max(seen) >= most), 4)
        write = _magnitude if chart.log else partial(_figure, digits=digits)
    else:
        write = partial(_figure, digits=digits or 0)
    written = [[write(weight) for weight in row] for matrix in chart.weights for row in matrix]
    fits = max(breadth(text) for row in written for text in row) <= at.width - 4
    return written if fits else []


def _figure(weight: float, digits: int) -> str:
    """Write a weight in as few letters as tell it: `.25`, `1.00`, `0` where it is exactly that."""
    if not weight:
        return "0"
    text = f"{weight:.{digits}f}" if abs(weight) < 1e5 else f"{weight:.0e}"
    return (text.replace("0.", ".", 1) if abs(weight) < 1 and digits else text).replace("-", "−")


def _magnitude(weight: float) -> str:
    """Write a weight so that its own magnitude shows: `.25`, `.004`, `3e-5`."""
    digits = next((few for few, most in enumerate(_OWN_DIGITS) if weight >= most), None)
    if digits is not None or not weight:
        return _figure(weight, digits or 0)
    digit, _, power = f"{weight:.0e}".partition("e")
    return f"{digit}e{int(power)}"  # a minus sign proper is so wide that neighbours would touch


def inscribed(
    at: Plan, rows: Sequence[bytes], written: Sequence[Sequence[str]], style: Style
) -> Iterator[str]:
    """Put the numbers into their cells, in whichever ink stands out from the cell's colour."""
    is_dark = dark_steps(style)
    places = [f"{at.width * (j + 0.5):.0f}" for j in range(at.columns)]
    for dark in (False, True):
        lines = []
        for i, (indices, texts) in enumerate(zip(rows, written, strict=True)):
            cells = "".join(
                f'<tspan x="{place}">{text}</tspan>'
                for place, index, text in zip(places, indices, texts, strict=True)
                if index and is_dark[index] == dark
            )
            if cells:
                lines.append(f'<text y="{at.height * (i + 0.5) + 4:.0f}">{cells}</text>')
        if lines:
            yield f'<g text-anchor="middle" fill="{"#fff" if dark else "#000"}">{"".join(lines)}</g>'
