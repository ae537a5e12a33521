"""Files for the collection's media folder, named so that a name never stands for two contents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree

from verideck.cards import HeatmapValues, Media
from verideck.rendering import RENDER_EPOCH, heatmap
from verideck.rendering.context import Picture

MOST_BYTES = 5_000_000

# What a file of each kind begins with; a name alone proves nothing.
_BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
    "svg": (b"<", b"\xef\xbb\xbf<"),
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


def image(path: str, data: bytes) -> Media:
    """Name an author's image by its contents. Raises ValueError, saying why, where it is none to ship."""
    suffix = PurePosixPath(path).suffix.lower().removeprefix(".")
    kind = _SAME.get(suffix, suffix)
    if kind not in _BEGINNINGS:
        raise ValueError(f"is not one of {', '.join(_BEGINNINGS)}")
    if len(data) > MOST_BYTES:
        raise ValueError(f"has {len(data):,} bytes, more than {MOST_BYTES:,}")
    if not data.lstrip().startswith(_BEGINNINGS[kind]):
        raise ValueError(f"does not hold a picture of the kind {kind}")
    if kind == "svg":
        _check_svg(data)
    return Media(f"verideck-{_hash(data)}.{kind}", data)


def _check_svg(data: bytes) -> None:
    if b"<!ENTITY" in data.upper():  # entities can grow without bound in any reader
        raise ValueError("defines entities")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  entities are refused above
    except ElementTree.ParseError as fault:
        raise ValueError(f"is not well-formed: {fault}") from None
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2].lower()
        if name in ("script", "foreignobject"):
            raise ValueError(f"holds <{name}>")
        for key, value in element.attrib.items():
            if key.lower().startswith("on"):
                raise ValueError(f"holds a handler, `{key}`")
            if key.rpartition("}")[2] in ("href", "src") and not value.startswith(("#", "data:image/")):
                raise ValueError("loads something from elsewhere")


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:20]
