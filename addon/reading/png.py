"""The one kind of PNG in which a heatmap keeps its cells: indexed, eight bits, unfiltered, in one piece."""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

from .limits import MOST_CELLS

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KIND = (8, 3, 0, 0, 0)  # bits, palette, deflate, filters, no interlacing


class Indexed(NamedTuple):
    """A picture's palette and its rows of places in it. `clear` tells that place 0 is transparent."""

    colours: list[tuple[int, int, int]]
    rows: list[bytes]
    clear: bool


def read(data: bytes) -> Indexed:
    """Read a PNG. Raises ValueError; no more is unpacked than its size says, and that is bounded."""
    chunks = _chunks(data)
    if struct.unpack(">BBBBB", chunks[b"IHDR"][8:13]) != _KIND:
        raise ValueError("the cells are not an indexed PNG of eight bits")
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    if not 0 < width * height <= MOST_CELLS:
        raise ValueError(f"{width:,} x {height:,} cells are more than the {MOST_CELLS:,} that are read")
    colours = [tuple(chunks[b"PLTE"][at : at + 3]) for at in range(0, len(chunks[b"PLTE"]), 3)]
    lines = _unpacked(chunks[b"IDAT"], height * (width + 1))
    rows = [lines[at : at + width + 1] for at in range(0, len(lines), width + 1)]
    if any(row[0] for row in rows):
        raise ValueError("the rows of cells are filtered")
    if max(map(max, rows)) >= len(colours):
        raise ValueError("a cell has a colour beyond the palette")
    clear = chunks.get(b"tRNS", b"\xff")[:1] == b"\0"
    return Indexed([(r, g, b) for r, g, b in colours], [row[1:] for row in rows], clear)


def _chunks(data: bytes) -> dict[bytes, bytes]:
    if not data.startswith(_SIGNATURE):
        raise ValueError("the cells are not a PNG")
    found: dict[bytes, bytes] = {}
    at = len(_SIGNATURE)
    while at < len(data) and b"IEND" not in found:
        length, kind = struct.unpack(">I4s", data[at : at + 8].ljust(8, b"\0"))
        body, check = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(body) < length or check != struct.pack(">I", zlib.crc32(kind + body)):
            raise ValueError("the PNG of the cells is damaged")
        if kind in found:
            raise ValueError("the PNG of the cells has a part twice")
        found[kind] = body
        at += 12 + length
    if not {b"IHDR", b"PLTE", b"IDAT", b"IEND"} <= found.keys():
        raise ValueError("the PNG of the cells lacks a part")
    if len(found[b"IHDR"]) != 13 or len(found[b"PLTE"]) % 3:
        raise ValueError("the PNG of the cells is damaged")
    return found


def _unpacked(data: bytes, size: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        lines = unpacker.decompress(data, size + 1)
    except zlib.error as fault:
        raise ValueError(f"the cells cannot be unpacked: {fault}") from None
    if len(lines) != size or not unpacker.eof:
        raise ValueError("there are more or fewer cells than the PNG says")
    return lines
