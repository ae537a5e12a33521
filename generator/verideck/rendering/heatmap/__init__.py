"""Attention weights to an SVG that reads well on light and dark cards and asks nothing of its host.

Standard library only and nothing of the rest of this project: the add-on carries a copy of this folder.

A specification is what JSON can hold:

    {"weights": [heads][queries][keys], "queries": [text], "keys": [text], "heads": [text],
     "masked": [queries][keys], "alt": text, "words": {"query": text, "key": text, "masked": text}}

`heads`, `masked` and `words` may be missing. The cells are one PNG, heads below each other. Its palette
holds the colours that occur: masked is transparent white, any other is one of the scale's 255 steps, whose
colours all differ, so a reader of the picture gets the steps back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .drawing import draw
from .spec import Map, read

__all__ = ["Map", "read", "svg"]


def svg(spec: Mapping[str, Any]) -> str:
    """Draw a specification. Raises ValueError with a message for a person where it is malformed."""
    return draw(read(spec))
