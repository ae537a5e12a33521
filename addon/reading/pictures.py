"""Reads a heatmap's specification back from its picture: the data that it carries, or else what it shows."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from . import json_text, specs, tracing
from .limits import MOST_ELEMENTS, MOST_FILE

_METADATA = "{http://www.w3.org/2000/svg}metadata"


def spec_of(svg: bytes) -> dict[str, Any]:
    """Give what a picture was drawn from. Raises ValueError with a reason for a person.

    Where it carries no data, its cells are read: weights in 255 steps, and `"exact": False` beside them.
    """
    root = _parsed(svg)
    carried = root.find(_METADATA)
    if carried is None:
        return specs.checked(tracing.traced(root))
    given = json_text.loads(carried.text or "", MOST_FILE)
    if not isinstance(given, dict):
        raise ValueError("the picture's data are not an object")  # noqa: TRY004  one exception for all of it
    return specs.checked(given)


def _parsed(svg: bytes) -> ElementTree.Element:
    if len(svg) > MOST_FILE:
        raise ValueError(f"the picture has {len(svg):,} bytes, more than the {MOST_FILE:,} that are read")
    try:
        text = svg.decode("utf-8-sig")  # also what another declaration says: nothing may hide in an encoding
    except UnicodeDecodeError:
        raise ValueError("the picture is not UTF-8") from None
    if "<!" in text:  # our pictures have no comments either
        raise ValueError("the picture declares a document type or entities, or has comments")
    if text.count("<") > 2 * MOST_ELEMENTS:
        raise ValueError("the picture has too many elements")
    try:
        return ElementTree.fromstring(text)  # noqa: S314  entities are refused above
    except (ElementTree.ParseError, ValueError) as fault:
        raise ValueError(f"the picture is not well-formed: {fault}") from None
