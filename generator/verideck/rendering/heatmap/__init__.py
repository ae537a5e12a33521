"""Attention weights to an SVG that reads well on light and dark cards and asks nothing of its host.

Standard library only and nothing of the rest of this project: the add-on carries a copy of this folder.

A specification is what JSON can hold:

    {"weights": [heads][queries][keys], "queries": [text], "keys": [text], "heads": [text],
     "masked": [queries][keys], "alt": text, "words": {name: text}}

`heads`, `masked` and `words` may be missing; words are for `query`, `key`, `masked`, and for what the scale
measures: `weight`, `score`, `value`. Covered, a picture is as large and has everything in its place, but for
the colours and numbers of its cells. The cells are one PNG, heads below each other. Its palette
holds the colours that occur: masked is transparent white, any other is one of the scale's 255 steps, whose
colours all differ, so a reader of the picture gets the steps back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .drawing import Drawn, draw
from .spec import Map, read
from .style import DARK, LIGHT, SCALES, Style

__all__ = ["DARK", "LIGHT", "SCALES", "Drawn", "Map", "Style", "drawn", "read", "svg"]


def drawn(spec: Mapping[str, Any], *, covered: bool = False, style: Style = LIGHT) -> Drawn:
    """Draw a specification, and tell where its cells are. Raises ValueError as `svg` does."""
    return draw(read(spec, log=style.log), covered=covered, style=style)


def svg(spec: Mapping[str, Any], *, style: Style = LIGHT) -> str:
    """Draw a specification. Raises ValueError with a message for a person where it is malformed."""
    return drawn(spec, style=style).svg
