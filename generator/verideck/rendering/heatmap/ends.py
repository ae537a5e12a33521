"""Where a heatmap's scale begins and ends, and what it measures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, compress

_ROUNDED = 0.03  # what the sum of a row may be off where an author rounded its weights
_FEW_KEYS = 8  # their weights always go to 1, so that pictures can be compared
_CLOSE = 1e-6  # single precision
_LEAST = 1e-290  # below it powers of ten lose their digits
_LEAST_PART = 1e-4  # of the largest weight: a logarithmic scale tells no smaller ones apart

Rows = Sequence[Sequence[float]]


def visible(weights: Sequence[Rows], masked: Sequence[Sequence[bool]]) -> list[Sequence[float]]:
    """Give each row's weights that are not masked, head after head."""
    if not masked:
        return [row for matrix in weights for row in matrix]
    shown = [[not hidden for hidden in row] for row in masked]
    return [tuple(compress(row, kept)) for matrix in weights for row, kept in zip(matrix, shown, strict=True)]


def unit(rows: Rows) -> str:
    """Name what the cells hold: weights share out 1 in each row, values are 0 to 1, scores are anything."""
    if any(row and not (min(row) >= -_CLOSE and max(row) <= 1 + _CLOSE) for row in rows):
        return "score"
    whole = all(not row or abs(sum(row) - 1) <= _ROUNDED for row in rows)
    return "weight" if whole else "value"


def linear(rows: Rows, unit: str, keys: int) -> tuple[float, float]:
    """Choose the scale: attention weights go from 0 to 1 unless all are small, others to round numbers."""
    filled = [row for row in rows if row] or [(0.0,)]
    low, high = 0.0 - _round_up(-min(map(min, filled))), _round_up(max(map(max, filled)))
    if low == 0 and (0.5 < high <= 1 or (unit == "weight" and keys <= _FEW_KEYS)):
        high = 1.0
    return (low, high) if high > low else (low, low + 1)


def logarithmic(rows: Rows) -> tuple[float, float]:
    """Choose the scale of magnitudes: round numbers around the positive weights, four powers of ten at most.

    Raises ValueError where a weight is negative.
    """
    seen = list(chain.from_iterable(rows))
    if seen and min(seen) < 0:
        raise ValueError("a logarithmic scale needs weights that are not negative")
    positive = [weight for weight in seen if weight >= _LEAST]
    if not positive:
        return 0.1, 1.0
    high = _round_up(max(positive))
    low = _round_down(max(min(positive), high * _LEAST_PART))
    return (low, high) if high > low else (high / 10, high)


def _round_up(value: float) -> float:
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 2, 2.5, 5) if value <= step * power * (1 + 1e-9)), 10 * power)


def _round_down(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (5, 2, 1, 0.5) if value >= step * power * (1 - 1e-9))
