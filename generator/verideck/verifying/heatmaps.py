"""A heatmap fence's names to the content of a heatmap.

`weights` is a matrix or a list of matrices, one per head; `tokens` labels both sides, or `queries` and `keys`
one each; `alt` says what the picture shows. `mask` is added to scores (0 and minus infinity) or made of
conditions (true where a query may not look); `heads` labels the heads. Weights may be scores too: a cell of
minus infinity counts as masked.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from verideck.cards import HeatmapValues
from verideck.problems import nearest
from verideck.verifying.budgets import Fault
from verideck.verifying.evaluator import Evaluation, Named
from verideck.verifying.kinds import is_number, is_tensor, kind, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("weights", "tokens", "queries", "keys", "alt", "mask", "heads")
DIGITS = 6  # significant digits that are kept of a weight
CELLS = 1 << 18
LARGEST = 1e30

Matrix = tuple[tuple[float, ...], ...]


class _Wrong(Exception):  # noqa: N818 - it is an answer to the author
    """What is wrong with one of the names."""

    def __init__(self, name: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.fault = (name, message, hint)


def content(evaluation: Evaluation) -> tuple[HeatmapValues | None, tuple[Fault, ...]]:
    """Take a heatmap's content from the names its code left; without a name of its own."""
    lines = {line.name: line.line for line in evaluation.lines if isinstance(line, Named)}
    try:
        return _content(evaluation.names), ()
    except _Wrong as wrong:
        name, message, hint = wrong.fault
        return None, (Fault(lines.get(name, 1), 1, message, hint),)


def _content(names: Mapping[str, object]) -> HeatmapValues:
    weights, masked = _weights(names)
    rows, columns = len(weights[0]), len(weights[0][0])
    if "mask" in names:
        mask = _mask(names["mask"], rows, columns)
        pairs = zip(mask, masked, strict=True)
        masked = tuple(tuple(a or b for a, b in zip(one, other, strict=True)) for one, other in pairs)
    queries = _labels(names, "queries", rows)
    keys = _labels(names, "keys", columns)
    heads = _texts(names["heads"], "heads", len(weights), "heads") if "heads" in names else ()
    shown = masked if any(map(any, masked)) else ()
    return HeatmapValues("", weights, queries, keys, _alt(names), heads, shown)


def _alt(names: Mapping[str, object]) -> str:
    alt = names.get("alt")
    if not isinstance(alt, str) or not alt.strip():
        raise _Wrong("alt", "a heatmap without `alt`", 'say what it shows: `alt = "Each row looks …"`')
    return " ".join(alt.split())


def _weights(names: Mapping[str, object]) -> tuple[tuple[Matrix, ...], tuple[tuple[bool, ...], ...]]:
    """Give the weights of each head, and the cells that are minus infinity in every head."""
    if "weights" not in names:
        near = nearest("weights", [name for name in names if name not in NAMES])
        raise _Wrong(
            "weights", "a heatmap without `weights`", near or "write `weights = attention_weights(…)`"
        )
    nested = _nested(names["weights"], "weights")
    heads = (
        nested if isinstance(nested[0], list) and nested[0] and isinstance(nested[0][0], list) else [nested]
    )
    for head in heads:
        _expect_matrix(head, heads[0], "weights")
    if len(heads) * len(heads[0]) * len(heads[0][0]) > CELLS:
        raise _Wrong("weights", "a heatmap too large to draw", f"it may have {CELLS:,} cells")
    hidden = [[all(head[row][column] == -math.inf for head in heads) for column in range(len(heads[0][0]))]
              for row in range(len(heads[0]))]  # fmt: skip
    weights = tuple(tuple(tuple(_weight(cell) for cell in row) for row in head) for head in heads)
    return weights, tuple(map(tuple, hidden))


def _weight(cell: float) -> float:
    if cell == -math.inf:
        return 0.0
    if not math.isfinite(cell) or abs(cell) > LARGEST:
        what = "NaN" if math.isnan(cell) else f"{cell:g}"
        raise _Wrong("weights", f"{what} among the weights", "a row whose keys are all masked has no weights")
    return float(f"{cell:.{DIGITS}g}") + 0.0  # no minus zero


def _mask(value: object, rows: int, columns: int) -> tuple[tuple[bool, ...], ...]:
    nested = _nested(value, "mask")
    while len(nested) == 1 and isinstance(nested[0], list) and nested[0] and isinstance(nested[0][0], list):
        nested = nested[0]  # a batch of one
    if not isinstance(nested[0], list):
        nested = [nested]
    if len(nested) == 1 and rows > 1:
        nested = nested * rows  # one row for every query
    _expect_matrix(nested, nested, "mask")
    if (len(nested), len(nested[0])) != (rows, columns):
        found = f"{len(nested)} x {len(nested[0])}"
        raise _Wrong("mask", f"a mask of {found} for weights of {rows} x {columns}", "the two have one shape")
    return tuple(tuple(cell is True or cell == -math.inf for cell in row) for row in nested)


def _nested(value: object, name: str) -> list[Any]:
    if not isinstance(value, list | tuple) and not is_tensor(value):
        raise _Wrong(name, f"`{name}` is {kind(value)}", "it is a matrix: a list of rows")
    nested = listed(value)
    if not nested:
        raise _Wrong(name, f"`{name}` is empty", "it is a matrix: a list of rows")
    return nested


def _expect_matrix(matrix: object, like: list[Any], name: str) -> None:
    rows = matrix if isinstance(matrix, list) else []
    good = bool(rows) and all(isinstance(row, list) and row for row in rows)
    numbers = good and all(
        is_number(cell) or (name == "mask" and isinstance(cell, bool)) for row in rows for cell in row
    )
    if not numbers:
        raise _Wrong(
            name, f"`{name}` is no matrix of numbers", "it is a list of rows, or a list of such matrices"
        )
    if len(rows) != len(like) or any(len(row) != len(like[0]) for row in rows):
        raise _Wrong(
            name, f"`{name}` has rows or heads of different sizes", "every row has one weight per key"
        )


def _labels(names: Mapping[str, object], name: str, count: int) -> tuple[str, ...]:
    chosen = name if name in names else "tokens"
    if chosen not in names:
        raise _Wrong(
            name, f"a heatmap without `{name}`", 'write `tokens = ["the", "cat"]`, or `queries` and `keys`'
        )
    return _texts(names[chosen], chosen, count, "rows" if name == "queries" else "columns")


def _texts(value: object, name: str, count: int, what: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise _Wrong(name, f"`{name}` is no list of texts", f'write `{name} = ["the", "cat"]`')
    if len(value) != count:
        raise _Wrong(
            name, f"{len(value)} `{name}` for {count} {what} of weights", "there is one label for each"
        )
    return tuple(value)
