"""A note's Data field to the heatmaps that it names.

Verideck writes the field as JSON, {"heatmaps": [{"file": name, "weights": […], "masked": ["010", …], …}, …]};
whoever edits or shares the note may write anything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import json_text, specs
from .limits import LARGEST, MOST_BLOCKS, MOST_DATA
from .markup import text_of

# A name in the media folder, never a path: Verideck's own are of this kind.
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.svg")
_GRID = 7  # numbers: where the cells are, see the renderer's `Drawn`


@dataclass(frozen=True)
class Entry:
    """A heatmap of a note: its specification; for one to predict, its covered file and where the cells are.

    `spec` is None where Data does not hold it (the reason says why): the picture has it then, for `pictures`.
    """

    spec: dict[str, Any] | None
    covered: str | None = None
    reason: str = ""
    grid: tuple[float, ...] = ()


def heatmaps(data: str) -> dict[str, Entry]:
    """Give a Data field's heatmaps by the names of their files; none where it is not Data. Never raises."""
    if '"heatmaps"' not in data and "heatmaps&quot;" not in data:
        return {}
    if len(data) > MOST_DATA:
        return {}
    try:
        # The field holds neither `<` nor `&`; an editor that took it for HTML may have put some in.
        record = json_text.loads(text_of(data) if "<" in data or "&" in data else data, MOST_DATA)
    except ValueError:
        return {}
    listed = record.get("heatmaps") if isinstance(record, dict) else None
    if not isinstance(listed, list):
        return {}
    entries = [entry for entry in listed[:MOST_BLOCKS] if isinstance(entry, dict)]
    return {entry["file"]: _entry(entry) for entry in entries if _is_file(entry.get("file"))}


def _is_file(name: object) -> bool:
    return isinstance(name, str) and _FILE.fullmatch(name) is not None


def _entry(given: Mapping[str, Any]) -> Entry:
    covered = given["covered"] if _is_file(given.get("covered")) else None
    grid = _grid(given.get("grid")) if covered else ()
    if "weights" not in given:
        return Entry(None, covered, "the weights are in the picture alone", grid)
    try:
        masked = _expanded(given["masked"]) if given.get("masked") else []
        return Entry(specs.checked({**given, "masked": masked}), covered, "", grid)
    except ValueError as fault:
        return Entry(None, covered, str(fault), grid)


def _expanded(masked: Any) -> list[list[bool]]:
    """Read rows such as "010"."""
    if not isinstance(masked, list) or not all(
        isinstance(row, str) and not row.strip("01") for row in masked
    ):
        raise ValueError("`masked` is not a list of rows such as 010")
    return [[letter == "1" for letter in row] for row in masked]


def _grid(given: Any) -> tuple[float, ...]:
    if not isinstance(given, list) or len(given) != _GRID:
        return ()
    if not all(
        type(value) in (int, float) and 0 <= value <= LARGEST and math.isfinite(value) for value in given
    ):
        return ()
    return tuple(map(float, given))
