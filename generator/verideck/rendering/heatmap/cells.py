"""A heatmap's cells: weights to steps of the colour scale, and all of them to one small PNG."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import mul
from typing import TYPE_CHECKING

from . import style as looks
from .style import FROM_THE_PLATE, LIGHT, SCALES, Style

if TYPE_CHECKING:
    from .spec import Map

STEPS = 255

Colour = tuple[int, int, int]


def palette(style: Style = LIGHT) -> tuple[Colour, ...]:
    """Give the 255 steps from low to high as red, green, blue."""
    return _palette(style.scale, style.dark and style.scale in FROM_THE_PLATE)


@cache
def _palette(scale: str, backwards: bool) -> tuple[Colour, ...]:
    anchors = [tuple(bytes.fromhex(colour)) for colour in SCALES[scale].split()]
    last = len(anchors) - 1
    colours = []
    for step in range(STEPS):
        # Integers alone: the same colours on every machine.
        place, part = divmod(step * last, STEPS - 1)
        start, end = anchors[place], anchors[min(place + 1, last)]
        red, green, blue = (a + ((b - a) * part) // (STEPS - 1) for a, b in zip(start, end, strict=True))
        colours.append((red, green, blue))
    return tuple(reversed(colours) if backwards else colours)


def steps(chart: Map) -> Iterator[bytes]:
    """Give each row's palette indices, head after head; 0 is masked."""
    indices = _logarithmic(chart) if chart.log else _linear(chart)
    if not chart.masked:
        yield from (bytes(indices(row)) for matrix in chart.weights for row in matrix)
        return
    shown = [[not hidden for hidden in row] for row in chart.masked]
    for matrix in chart.weights:
        for row, kept in zip(matrix, shown, strict=True):
            # A masked weight may be anything: zero stands for it, which every scale can place.
            yield bytes(map(mul, indices(map(mul, row, kept)), kept))


def _linear(chart: Map) -> Callable[[Iterable[float]], list[int]]:
    """Give what turns a row into steps; the ends of the scale hold all of its weights."""
    low, span, last = chart.low, chart.high - chart.low, STEPS - 1
    return lambda row: [1 + round((weight - low) / span * last) for weight in row]


def _logarithmic(chart: Map) -> Callable[[Iterable[float]], list[int]]:
    """Give the same for magnitudes; zero and whatever lies below the scale has the lowest step."""
    low, log = chart.low, math.log10
    start, each = log(low), (STEPS - 1) / (log(chart.high) - log(low))
    return lambda row: [1 + round((log(weight) - start) * each) if weight > low else 1 for weight in row]


def covered_steps(chart: Map) -> Iterator[bytes]:
    """Give the same with one step for all that is not masked."""
    one_row = b"\1" * len(chart.keys)
    for matrix in chart.weights:
        for i in range(len(matrix)):
            yield bytes(0 if hidden else 1 for hidden in chart.masked[i]) if chart.masked else one_row


def png(rows: Sequence[bytes], colours: Sequence[Colour]) -> bytes:
    """Pack rows of steps as a PNG whose palette holds only the colours that occur."""
    used = sorted(set().union(*rows))
    scale = ((255, 255, 255), *colours)
    place = bytes.maketrans(bytes(used), bytes(range(len(used))))
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row.translate(place) for row in rows), 9)
    chunks = [(b"IHDR", header), (b"PLTE", b"".join(bytes(scale[step]) for step in used))]
    if used[0] == 0:
        chunks.append((b"tRNS", b"\0"))
    chunks += [(b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def dark_steps(style: Style) -> bytes:
    """Tell of each index, from 0, whether white stands out on it better than black."""
    return _dark_steps(palette(style))


@cache
def _dark_steps(colours: tuple[Colour, ...]) -> bytes:
    return bytes([False, *map(looks.is_dark, colours)])


def is_dark(index: int, style: Style = LIGHT) -> bool:
    """Tell whether white stands out better than black on a step."""
    return bool(dark_steps(style)[index])
