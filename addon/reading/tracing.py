"""What a picture without data shows: weights from its cells' colours, labels from its texts.

It must be one that the shared renderer drew in its usual colours, as those of Verideck's decks are. A weight
comes back to within half a step of the 255 between the ends of the scale.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from ..heatmap.cells import STEPS, palette
from . import png
from .labels import WORDS

_SVG = "{http://www.w3.org/2000/svg}"
_URL = "data:image/png;base64,"
_DIGITS = 6  # of a weight: a step of a scale from 0 to 1 is 0.004


def traced(root: Element) -> dict[str, Any]:
    """Give a specification with `"exact": False`. Raises ValueError where the picture is none of ours."""
    groups = root.findall(f"{_SVG}g")
    panels = [group for group in groups if group.find(f"{_SVG}svg") is not None]
    if root.tag != f"{_SVG}svg" or not panels or len(groups) < len(panels) + 4:
        raise ValueError("the picture is not one of a heatmap, or carries no data")
    picture = _cells(root)
    count, odd = divmod(len(picture.rows), len(panels))
    if odd:
        raise ValueError("the picture's heads are not of one height")
    first = groups.index(panels[0])
    low, high = _ends(groups[-1])
    heads = [_steps(picture, head * count, count) for head in range(len(panels))]
    masked = [[not step for step in row] for row in heads[0]] if picture.clear else []
    size = (high - low) / (STEPS - 1)
    return {
        "weights": [[[_weight(step, low, size) for step in row] for row in matrix] for matrix in heads],
        "queries": _labels(groups[1], count),
        "keys": _labels(groups[first - 1], len(picture.rows[0])),
        "heads": _captions(panels),
        "masked": masked,
        "alt": _text(root.find(f"{_SVG}title")),
        "words": _words(root, groups[0], bool(masked)),
        "exact": False,
    }


def _cells(root: Element) -> png.Indexed:
    image = root.find(f"{_SVG}defs/{_SVG}image")
    address = "" if image is None else image.get("href", "")
    if not address.startswith(_URL):
        raise ValueError("the picture has no cells")
    try:
        return png.read(base64.b64decode(address[len(_URL) :], validate=True))
    except binascii.Error:
        raise ValueError("the picture's cells are damaged") from None


def _steps(picture: png.Indexed, start: int, count: int) -> list[list[int]]:
    """Give the rows of one head as steps from 1; 0 is masked."""
    step = {colour: number for number, colour in enumerate(palette(), 1)}
    places = [step.get(colour, -1) for colour in picture.colours]
    if picture.clear:
        places[0] = 0
    rows = [[places[place] for place in row] for row in picture.rows[start : start + count]]
    if min(map(min, rows)) < 0:
        raise ValueError("the picture is covered, or has colours of its own")
    return rows


def _weight(step: int, low: float, size: float) -> float:
    return float(f"{low + (step - 1) * size:.{_DIGITS}g}") if step else 0.0


def _ends(group: Element) -> tuple[float, float]:
    """Read the ends of the scale from the ticks of its bar; they are round numbers."""
    try:
        low, middle, high = (float(text.replace("−", "-")) for text in _texts(group))
    except ValueError:
        raise ValueError("the picture's scale cannot be read") from None
    if not (low < high and math.isclose(middle, (low + high) / 2, rel_tol=1e-3, abs_tol=(high - low) / 1e3)):
        raise ValueError("the picture's scale cannot be read")
    return low, high


def _labels(group: Element, count: int) -> list[str]:
    """Read tokens; none where the picture leaves some out."""
    found = _texts(group)
    return found if len(found) == count else []


def _captions(panels: Sequence[Element]) -> list[str]:
    found = [_text(panel.find(f"{_SVG}text")) for panel in panels]
    numbered = [str(number) for number in range(1, len(panels) + 1)]
    return found if all(found) and found != numbered else []


def _words(root: Element, axes: Element, masked: bool) -> dict[str, str]:
    """Read the words around the cells. What the scale measures is one of three: all three are called so."""
    found = dict(zip(("key", "query"), (text.rstrip(" →↓") for text in _texts(axes)), strict=False))
    below = _texts(root)
    found |= dict.fromkeys(("weight", "score", "value"), below[0]) if below else {}
    found |= {"masked": below[-1]} if masked and len(below) > 1 else {}
    if found.get("weight") in ("weight", "score", "value"):  # English: the renderer knows which fits
        for name in ("weight", "score", "value"):
            del found[name]
    return {name: word for name, word in found.items() if name in WORDS and word and word != name}


def _texts(group: Element) -> list[str]:
    return [_text(element) for element in group.findall(f"{_SVG}text")]


def _text(element: Element | None) -> str:
    return "" if element is None else "".join(element.itertext())
