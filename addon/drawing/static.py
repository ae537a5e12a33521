"""A picture for every client that carries the data it was drawn from, so that it can be drawn anew."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from html import escape as quoted
from typing import Any
from xml.sax.saxutils import escape

from ..heatmap import LIGHT, Style, drawn
from ..heatmap.labels import plain
from .views import View, shown

# A part of each name: to be raised when pictures of equal specification and style begin to look otherwise.
EPOCH = 1

_PARTS = ("weights", "queries", "keys", "heads", "masked", "alt", "words", "exact")
_EMPTY: tuple[object, ...] = (None, [], (), {})
# What Anki acts on wherever it stands in a field: sounds, LaTeX, speech, clozes. A word joiner shows nowhere,
# and stays when the editor turns entities back into characters.
_ACTING = re.compile(
    r"(?<=\[)(?=sound:|/?latex|/?\$|/?anki:|\[?type:)|(?<=\{)(?=\{)|(?<=\})(?=\})|(?<=:)(?=:)", re.I
)
_JOINER = "\u2060"


def picture(spec: Mapping[str, Any], style: Style = LIGHT) -> tuple[str, bytes]:
    """Give a picture's file name and its SVG, the specification as JSON in a `<metadata>` behind its title.

    The name is a hash of specification and style: equal ones share a file. Raises ValueError where the
    specification is malformed.
    """
    svg = drawn(shown(spec, View()), style=style).svg
    carried = {part: spec[part] for part in _PARTS if spec.get(part) not in _EMPTY}
    try:
        text = json.dumps(carried, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, RecursionError):
        raise ValueError("the heatmap holds what JSON cannot") from None
    # The drawn title is escaped, so the first end of one is its own.
    svg = svg.replace("</title>", f"</title><metadata>{escape(text)}</metadata>", 1)
    named = json.dumps([EPOCH, carried, asdict(style)], sort_keys=True, separators=(",", ":"))
    return f"attention-{hashlib.sha256(named.encode()).hexdigest()[:20]}.svg", svg.encode()


def html(name: str, spec: Mapping[str, Any], style: Style = LIGHT) -> str:
    """Give the `<img>` of a picture as a field holds it. Raises ValueError as `picture` does."""
    sized = drawn(spec, covered=True, style=style)  # as large, and sooner drawn
    text = " ".join(plain(str(spec.get("alt") or "")).split()) or described(spec)
    alt = _ACTING.sub(_JOINER, text)
    return (
        f'<img class="attention-heatmap" src="{quoted(name)}" alt="{quoted(alt)}" '
        f'width="{sized.width}" height="{sized.height}">'
    )


def described(spec: Mapping[str, Any]) -> str:
    """Say of a good specification how large it is, where its author says nothing of what it shows."""
    heads = len(spec["weights"])
    size = f"{len(spec['queries'])} queries by {len(spec['keys'])} keys"
    return f"Attention heatmap, {size}" + (f", {heads} heads" if heads > 1 else "")
