"""What a page may say: `attention-heatmaps:` and JSON, read as if a stranger had written it."""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

PREFIX = "attention-heatmaps:"
MOST_ASKED = 2_000  # letters of a message that asks for a drawing
MOST_COPIED = 12_000_000  # letters of one that carries a picture
MOST_SIDE = 4_096  # pixels of such a picture
ROOMS = range(120, 1_601)
_URL = "data:image/png;base64,"
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Draw:
    """Asks for a heatmap: what the page calls it, what of it to show, on which page, how large.

    `number` is the page's own, so that it knows the answer again; `room` is 0 where the settings say it.
    """

    number: int
    name: str
    view: Mapping[str, Any]
    dark: bool
    room: int = 0


@dataclass(frozen=True)
class Copy:
    """Asks for a picture to be put on the clipboard."""

    number: int
    png: bytes


def read(message: str) -> Draw | Copy | None:
    """Give what a message asks for; nothing where it makes no sense. Never raises."""
    if not message.startswith(PREFIX) or len(message) > MOST_COPIED:
        return None
    try:
        said = json.loads(message[len(PREFIX) :])
    except (ValueError, RecursionError):
        return None
    number = said.get("number") if isinstance(said, dict) else None
    if not _whole(number, range(1 << 53)):
        return None
    if "png" in said:
        png = _png(said["png"])
        return Copy(number, png) if png else None
    return _draw(number, said) if len(message) <= MOST_ASKED else None


def _draw(number: int, said: Mapping[str, Any]) -> Draw | None:
    name, view, room = said.get("name"), said.get("view"), said.get("room")
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
        return None
    return Draw(
        number,
        name,
        view if isinstance(view, dict) else {},
        said.get("dark") is True,
        room if _whole(room, ROOMS) else 0,
    )


def _whole(value: Any, among: range) -> TypeGuard[int]:
    return type(value) is int and value in among


def _png(url: object) -> bytes:
    """Give a picture's bytes where they begin as a PNG of moderate size does; else none."""
    if not isinstance(url, str) or not url.startswith(_URL):
        return b""
    try:
        data = base64.b64decode(url[len(_URL) :], validate=True)
        kind, width, height = struct.unpack(">12x4sII", data[:24])
    except (binascii.Error, ValueError, struct.error):
        return b""
    good = data.startswith(b"\x89PNG\r\n\x1a\n") and kind == b"IHDR"
    return data if good and 0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE else b""
