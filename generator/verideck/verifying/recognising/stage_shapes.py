"""Shapes as a pipeline's stages print them -> sizes: `1 x 10 x 64`, `32 images x 3`, `(2, 5, 64)`."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Sizes = tuple[int, ...]

LONGEST = 300  # characters of one cell
NOTE = re.compile(r"(?<!Size)\([^()]*[A-Za-z…][^()]*\)")
TUPLE = re.compile(r"(?:torch\.Size)?\(?[(\[]\s*(\d{1,9}(?:\s*,\s*\d{1,9})*)\s*,?\s*[)\]]\)?")
JOINT = re.compile(r"\s+(?:and|plus)\s+|\s[+&]\s|;")
TIMES = re.compile(r"(?<=[\w)])\s*[x×✕*]\s*(?=\d)|\s+(?:by|with)\s+(?=\d)")
SIZE = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:[\s-]+[A-Za-z][A-Za-z'/-]*){0,5}")


def sizes(text: str) -> tuple[Sizes, ...]:
    """Read the shapes of a cell, several where it joins them by `and`; none where a part is no shape."""
    bare = NOTE.sub(" ", text[:LONGEST]).strip(" .,:")
    found = []
    for part in JOINT.split(bare):
        one = _one(part.strip())
        if one is None:
            return ()
        found.append(one)
    return tuple(found)


def _one(part: str) -> Sizes | None:
    if match := TUPLE.fullmatch(part):
        return tuple(int(size) for size in match[1].split(","))
    read = [SIZE.fullmatch(size.strip()) for size in TIMES.split(part)]
    return tuple(int(one[1].replace(",", "")) for one in read if one) if all(read) else None


def shown(size: Sequence[int]) -> str:
    """Show sizes as stages do: `1 x 10 x 64`."""
    return " x ".join(map(str, size))


def written(size: Sequence[int]) -> str:
    """Write sizes as a check does: `(1, 10, 64)`."""
    return f"({', '.join(map(str, size))}{',' * (len(size) == 1)})"


def ones(size: Sequence[int]) -> str:
    """Write a tensor of these sizes for a check."""
    return f"ones({', '.join(map(str, size))})"


def small(*tensors: Sequence[int]) -> bool:
    """Whether tensors of these sizes are small enough to be computed with."""
    return all(math.prod(size) <= 100_000 for size in tensors)
