"""A heatmap's specification: found good or refused with a reason; its labels; its scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .labels import LONGEST, clip, plain

MOST_HEADS = 64
MOST_CELLS = 1 << 20
_ROUNDED = 0.03  # what the sum of a row may be off where an author rounded its weights
_FEW_KEYS = 8  # their weights always go to 1, so that pictures can be compared
_CLOSE = 1e-6  # single precision

Matrix = tuple[tuple[float, ...], ...]

_WORDS = {name: name for name in ("query", "key", "masked", "weight", "score", "value")}
_LONGEST = 168.0  # pixels of a word or of a head's name


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
    unit: str  # the name of what the scale measures, one of `words`


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
    unit = _unit(weights, masked)
    low, high = _ends(weights, masked, unit)
    return Map(
        weights,
        _labels(spec, "queries", rows),
        _labels(spec, "keys", columns),
        _labels(spec, "heads", len(weights), _LONGEST) if spec.get("heads") else (),
        masked,
        plain(str(spec.get("alt", ""))),
        {name: clip(str(words.get(name, word)), _LONGEST) for name, word in _WORDS.items()},
        low,
        high,
        unit,
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


def _labels(spec: Mapping[str, Any], name: str, count: int, longest: float = LONGEST) -> tuple[str, ...]:
    labels = _sequence(spec, name)
    if len(labels) != count:
        raise ValueError(f"`{name}` has {len(labels)} labels for {count}")
    return tuple(clip(str(label), longest) for label in labels)


def _ends(weights: Sequence[Matrix], masked: Sequence[Sequence[bool]], unit: str) -> tuple[float, float]:
    """Choose the scale: attention weights go from 0 to 1 unless all are small, others to round numbers."""
    seen = [
        weight
        for matrix in weights
        for i, row in enumerate(matrix)
        for j, weight in enumerate(row)
        if not (masked and masked[i][j])
    ] or [0.0]
    low, high = 0.0 - _round_up(-min(seen)), _round_up(max(seen))
    if low == 0 and (0.5 < high <= 1 or (unit == "weight" and len(weights[0][0]) <= _FEW_KEYS)):
        high = 1.0
    return (low, high) if high > low else (low, low + 1)


def _unit(weights: Iterable[Matrix], masked: Sequence[Sequence[bool]]) -> str:
    """Name what the cells hold: weights share out 1 in each row, values are 0 to 1, scores are anything."""
    rows = [
        [weight for j, weight in enumerate(row) if not (masked and masked[i][j])]
        for matrix in weights
        for i, row in enumerate(matrix)
    ]
    if any(not -_CLOSE <= weight <= 1 + _CLOSE for row in rows for weight in row):
        return "score"
    whole = all(not row or abs(sum(row) - 1) <= _ROUNDED for row in rows)
    return "weight" if whole else "value"


def _round_up(value: float) -> float:
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 2, 2.5, 5) if value <= step * power * (1 + 1e-9)), 10 * power)
