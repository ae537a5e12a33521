"""Files for the collection's media folder, named so that a name never stands for two contents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from verideck.cards import HeatmapValues, Media
from verideck.rendering import RENDER_EPOCH, heatmap, svg
from verideck.rendering.context import Picture

MOST_BYTES = 5_000_000

# What a file of each kind begins with; a name alone proves nothing.
_BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
    "svg": (),
}
_SAME = {"jpeg": "jpg"}
_WORDS = ("query", "key", "masked", "weight", "score", "value")


def specification(values: HeatmapValues, words: Mapping[str, str]) -> dict[str, Any]:
    """Give a heatmap's specification as its renderer takes it."""
    return {
        "weights": values.weights,
        "queries": values.queries,
        "keys": values.keys,
        "heads": values.heads,
        "masked": values.masked,
        "alt": values.alt,
        "words": {name: words[name] for name in _WORDS},
    }


def picture(spec: Mapping[str, Any], *, covered: bool = False) -> tuple[Picture, Media]:
    """Draw a heatmap, whole or covered. Raises ValueError where the specification is malformed.

    The name is a hash of the specification and the epoch, not of the bytes: zlib builds differ.
    """
    epoch = f"{RENDER_EPOCH}:covered" if covered else f"{RENDER_EPOCH}"
    text = json.dumps(spec, sort_keys=True, separators=(",", ":"))
    name = f"verideck-{_hash(f'{epoch}:{text}'.encode())}.svg"
    drawn = heatmap.drawn(spec, covered=covered)
    picture = Picture(name, str(spec["alt"]), drawn.width, drawn.height, drawn.grid)
    return picture, Media(name, drawn.svg.encode())


def image(path: str, data: bytes, dropped: list[str] | None = None) -> Media:
    """Name an author's image by its contents. Raises ValueError, saying why, where it is none to ship.

    An SVG is cleaned first; `dropped` takes up what it lost.
    """
    suffix = PurePosixPath(path).suffix.lower().removeprefix(".")
    kind = _SAME.get(suffix, suffix)
    if kind not in _BEGINNINGS:
        raise ValueError(f"is not one of {', '.join(_BEGINNINGS)}")
    if len(data) > MOST_BYTES:
        raise ValueError(f"has {len(data):,} bytes, more than {MOST_BYTES:,}")
    if kind != "svg" and not data.startswith(_BEGINNINGS[kind]):
        raise ValueError(f"does not hold a picture of the kind {kind}")
    if kind == "svg":
        clean = svg.clean_svg(data)
        data = clean.data
        if dropped is not None:
            dropped += clean.dropped
    return Media(f"verideck-{_hash(data)}.{kind}", data)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:20]
