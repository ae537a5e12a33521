"""A heatmap's specification: found good or refused with a reason; its labels; its scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .labels import clip, plain

MOST_HEADS = 64
MOST_CELLS = 1 << 20

Matrix = tuple[tuple[float, ...], ...]

_WORDS = {"query": "query", "key": "key", "masked": "masked"}


@dataclass(frozen=True)
class Map:
    """A specification found good: equal shapes, finite weights, labels safe to show."""

    weights: tuple[Matrix, ...]
    queries: tuple[str, ...]
    keys: tuple[str, ...]
    heads: tuple[str, ...]
    masked: tuple[tuple[bool, ...], ...]
    alt: str
    words: Mapping[str, str]
    low: float
    high: float


def read(spec: Mapping[str, Any]) -> Map:
    """Check a specification and settle its scale; raises ValueError."""
    weights = tuple(_matrix(matrix, "weights", _number) for matrix in _sequence(spec, "weights"))
    if not 1 <= len(weights) <= MOST_HEADS:
        raise ValueError(f"`weights` holds {len(weights)} heads; 1 to {MOST_HEADS} can be drawn")
    rows, columns = len(weights[0]), len(weights[0][0])
    for matrix in weights:
        _expect_shape(matrix, (rows, columns), "weights")
    if len(weights) * rows * columns > MOST_CELLS:
        raise ValueError(f"{len(weights)} x {rows} x {columns} cells are too many to draw")
    masked = _matrix(spec["masked"], "masked", _flag) if spec.get("masked") else ()
    if masked:
        _expect_shape(masked, (rows, columns), "masked")
    words = spec.get("words") or {}
    if not isinstance(words, Mapping):
        raise ValueError("`words` is not a table of texts")  # noqa: TRY004  one exception for all of it
    low, high = _ends(weights, masked)
    return Map(
        weights,
        _labels(spec, "queries", rows),
        _labels(spec, "keys", columns),
        _labels(spec, "heads", len(weights)) if spec.get("heads") else (),
        masked,
        plain(str(spec.get("alt", ""))),
        {name: clip(str(words.get(name, word)), 24) for name, word in _WORDS.items()},
        low,
        high,
    )


def _sequence(spec: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = spec.get(name)
    if isinstance(value, (list, tuple)):
        return value
    raise ValueError(f"`{name}` is not a list")


def _matrix(value: Any, name: str, cell: Any) -> Any:
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError(f"`{name}` holds no rows")
    for row in value:
        if not isinstance(row, (list, tuple)) or not row:
            raise ValueError(f"`{name}` has a row without cells")
    return tuple(tuple(cell(item) for item in row) for row in value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"`weights` holds {value!r:.40}, which is no number")  # noqa: TRY004  as above
    if not abs(value) <= 1e30:  # not a number fails every comparison
        raise ValueError("`weights` holds a number that is not finite")
    return float(value)


def _flag(value: Any) -> bool:
    if value in (True, False):
        return bool(value)
    raise ValueError(f"`masked` holds {value!r:.40}, which is neither true nor false")


def _expect_shape(matrix: Sequence[Sequence[object]], shape: tuple[int, int], name: str) -> None:
    if len(matrix) != shape[0] or any(len(row) != shape[1] for row in matrix):
        raise ValueError(f"`{name}` is not {shape[0]} x {shape[1]} throughout")


def _labels(spec: Mapping[str, Any], name: str, count: int) -> tuple[str, ...]:
    labels = _sequence(spec, name)
    if len(labels) != count:
        raise ValueError(f"`{name}` has {len(labels)} labels for {count}")
    return tuple(clip(str(label)) for label in labels)


def _ends(weights: Iterable[Matrix], masked: Sequence[Sequence[bool]]) -> tuple[float, float]:
    """Choose the scale: attention weights go from 0 to 1 unless all are small, others to round numbers."""
    seen = [
        weight
        for matrix in weights
        for i, row in enumerate(matrix)
        for j, weight in enumerate(row)
        if not (masked and masked[i][j])
    ] or [0.0]
    low, high = 0.0 - _round_up(-min(seen)), _round_up(max(seen))
    if low == 0 and (0.5 < high <= 1 or (high <= 1 and max(len(row) for row in next(iter(weights))) <= 8)):
        high = 1.0
    return (low, high) if high > low else (low, low + 1)


def _round_up(value: float) -> float:
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 2, 2.5, 5) if value <= step * power * (1 + 1e-9)), 10 * power)
