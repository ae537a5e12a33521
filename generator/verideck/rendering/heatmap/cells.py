"""A heatmap's cells: weights to steps of the colour scale, and all of them to one small PNG."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .spec import Map

STEPS = 255
COVER = (226, 221, 208)  # of a cell whose weight is still to be guessed: no colour of the scale

# Lightness falls evenly from cream to indigo, so the order of weights shows without any colour vision.
_ANCHORS = (
    "faf6e4 e5ecc3 c9e3af a7dba4 82d1a0 58c6a1 1cbaa4 0ea9a4 0999a2 "
    "06889d 037897 016892 00588e 0e4788 1f3778 252865 251b52"
)


@cache
def palette() -> tuple[tuple[int, int, int], ...]:
    """Give the 255 steps from low to high as red, green, blue."""
    anchors = [tuple(bytes.fromhex(colour)) for colour in _ANCHORS.split()]
    last = len(anchors) - 1
    colours = []
    for step in range(STEPS):
        # Integers alone: the same colours on every machine.
        place, part = divmod(step * last, STEPS - 1)
        start, end = anchors[place], anchors[min(place + 1, last)]
        red, green, blue = (a + ((b - a) * part) // (STEPS - 1) for a, b in zip(start, end, strict=True))
        colours.append((red, green, blue))
    return tuple(colours)


def steps(chart: Map) -> Iterator[bytes]:
    """Give each row's palette indices, head after head; 0 is masked."""
    span = chart.high - chart.low
    for matrix in chart.weights:
        for i, row in enumerate(matrix):
            yield bytes(
                0
                if chart.masked and chart.masked[i][j]
                else 1 + min(STEPS - 1, max(0, round((weight - chart.low) / span * (STEPS - 1))))
                for j, weight in enumerate(row)
            )


def covered_steps(chart: Map) -> Iterator[bytes]:
    """Give the same with one step for all that is not masked."""
    one_row = b"\1" * len(chart.keys)
    for matrix in chart.weights:
        for i in range(len(matrix)):
            yield bytes(0 if hidden else 1 for hidden in chart.masked[i]) if chart.masked else one_row


def png(rows: Sequence[bytes], colours: Sequence[tuple[int, int, int]]) -> bytes:
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


def is_dark(index: int) -> bool:
    """Tell whether white stands out better than black on a step (by WCAG's relative luminance)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (value / 255 for value in palette()[index - 1])
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179
