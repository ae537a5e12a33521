"""What a block says of its weights: they are there, or queries and keys to compute them from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from . import attention, matrices
from .limits import LARGEST, MOST_HEADS
from .wording import counted, kind

Found = tuple[dict[str, Any], tuple[int, int, int]]
"""Parts of a Request, and how many heads, queries and keys there are."""


def read(given: Mapping[str, Any]) -> Found:
    """Read `weights`, or `query`, `key`, `heads` and `scale`. Raises ValueError, saying why."""
    return _weights(given) if "weights" in given else _vectors(given)


def _weights(given: Mapping[str, Any]) -> Found:
    for name in ("query", "key", "scale"):
        if name in given:
            raise ValueError(f"`weights` are there already: `{name}` has nothing to do")
    weights, _ = matrices.heads(given["weights"], "weights")
    shape = matrices.shape(weights)
    _check_heads(given, shape[0])
    matrices.check_cells(*shape)
    return {"weights": weights}, shape


def _vectors(given: Mapping[str, Any]) -> Found:
    for name, other in (("query", "key"), ("key", "query")):
        if name not in given:
            needed = f"`{name}` is missing beside `{other}`" if other in given else "`weights` are missing"
            raise ValueError(f"{needed}; a block has `weights`, or `query` and `key`")
    (query, deep), (key, key_deep) = (matrices.heads(given[name], name) for name in ("query", "key"))
    if deep != key_deep:
        raise ValueError("one of `query` and `key` has heads, the other has none")
    if deep:
        _check_heads(given, len(query))
    else:
        count = _whole(given.get("heads", 1))
        query, key = (attention.split(matrix[0], count) for matrix in (query, key))
    (heads, queries, d), (key_heads, keys, key_d) = matrices.shape(query), matrices.shape(key)
    if heads != key_heads:
        raise ValueError(f"`query` has {counted(heads, 'head')}, but `key` has {key_heads}")
    if d != key_d:
        of_query = counted(d if deep else d * heads, "number")
        raise ValueError(
            f"the rows of `query` have {of_query}, but those of `key` {key_d if deep else key_d * heads}"
        )
    matrices.check_cells(heads, queries, keys)
    attention.check_products(heads, queries, keys, d)
    return {"query": query, "key": key, "scale": _scale(given, d)}, (heads, queries, keys)


def _check_heads(given: Mapping[str, Any], count: int) -> None:
    if "heads" in given and _whole(given["heads"]) != count:
        raise ValueError(f"`heads` is {given['heads']}, but the numbers are of {count}")


def _whole(value: Any) -> int:
    if isinstance(value, list):
        raise ValueError("`heads` is a list; names of heads stand in `head_names`")  # noqa: TRY004  one for all
    if type(value) is not int or not 1 <= value <= MOST_HEADS:
        raise ValueError(f"`heads` is {kind(value)}, not a whole number from 1 to {MOST_HEADS}")
    return value


def _scale(given: Mapping[str, Any], d: int) -> float:
    value = given.get("scale")
    if value is None:
        return 1 / math.sqrt(d)
    if value == "none":
        return 1.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise ValueError(f'`scale` is {kind(value)}; it may be a number, or "none"')
    return float(value)
