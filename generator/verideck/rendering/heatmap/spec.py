"""A heatmap's specification: found good or refused with a reason; its labels; its scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import ends
from .labels import LONGEST, clip, plain

MOST_HEADS = 64
MOST_CELLS = 1 << 20
_LARGEST = 1e30
_NUMBERS, _FLAGS = frozenset({int, float}), frozenset({bool})

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
    log: bool = False  # whether the scale follows the weights' magnitude

    @property
    def measured(self) -> str:
        """Name what the scale measures."""
        return self.words[self.unit] + (", log" if self.log else "")


def read(spec: Mapping[str, Any], *, log: bool = False) -> Map:
    """Check a specification and settle its scale; raises ValueError."""
    weights = tuple(_matrix(matrix, "weights", _numbers) for matrix in _sequence(spec, "weights"))
    if not 1 <= len(weights) <= MOST_HEADS:
        raise ValueError(f"`weights` holds {len(weights)} heads; 1 to {MOST_HEADS} can be drawn")
    rows, columns = len(weights[0]), len(weights[0][0])
    for matrix in weights:
        _expect_shape(matrix, (rows, columns), "weights")
    if len(weights) * rows * columns > MOST_CELLS:
        raise ValueError(f"{len(weights)} x {rows} x {columns} cells are too many to draw")
    masked = _matrix(spec["masked"], "masked", _flags) if spec.get("masked") else ()
    if masked:
        _expect_shape(masked, (rows, columns), "masked")
    words = spec.get("words") or {}
    if not isinstance(words, Mapping):
        raise ValueError("`words` is not a table of texts")  # noqa: TRY004  one exception for all of it
    rows_seen = ends.visible(weights, masked)
    unit = ends.unit(rows_seen)
    low, high = ends.logarithmic(rows_seen) if log else ends.linear(rows_seen, unit, columns)
    return Map(
        weights,
        _labels(spec, "queries", rows),
        _labels(spec, "keys", columns),
        _labels(spec, "heads", len(weights), _LONGEST) if spec.get("heads") else (),
        masked,
        plain(_text(spec.get("alt", ""), "alt")),
        {name: clip(_text(words.get(name, word), "words"), _LONGEST) for name, word in _WORDS.items()},
        low,
        high,
        unit,
        log,
    )


def _sequence(spec: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = spec.get(name)
    if isinstance(value, (list, tuple)):
        return value
    raise ValueError(f"`{name}` is not a list")


def _matrix(value: Any, name: str, cells: Callable[[Sequence[Any]], Any]) -> Any:
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError(f"`{name}` holds no rows")
    for row in value:
        if not isinstance(row, (list, tuple)) or not row:
            raise ValueError(f"`{name}` has a row without cells")
    return tuple(cells(row) for row in value)


def _numbers(row: Sequence[Any]) -> tuple[float, ...]:
    # A row at once: a person waits for up to a million cells. A sum shows what is not a number.
    if _NUMBERS.issuperset(map(type, row)):
        least, most = min(row), max(row)
        if least >= -_LARGEST and most <= _LARGEST and math.isfinite(sum(row)):
            return tuple(map(float, row))
    return tuple(map(_number, row))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"`weights` holds {value!r:.40}, which is no number")  # noqa: TRY004  as above
    if not abs(value) <= _LARGEST:  # not a number fails every comparison
        raise ValueError("`weights` holds a number that is not finite")
    return float(value)


def _flags(row: Sequence[Any]) -> tuple[bool, ...]:
    return tuple(row if _FLAGS.issuperset(map(type, row)) else map(_flag, row))


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
    return tuple(clip(_text(label, name), longest) for label in labels)


def _text(value: Any, name: str) -> str:
    if isinstance(value, (list, tuple, Mapping)):  # may be as large and as deep as it likes
        raise ValueError(f"`{name}` holds a list or a table where a text belongs")  # noqa: TRY004  as above
    return str(value)
