"""What `mask` says: which cells are hidden."""

from __future__ import annotations

from typing import Any

from .wording import are, counted, kind, short

_FLAGS = {0: False, 1: True}  # equal, and so as keys the same: False and True, 0.0 and 1.0


def mask(value: Any, queries: int, keys: int) -> list[list[bool]]:
    """Read `mask` to [queries][keys], true where hidden; nothing where nothing is. Raises ValueError."""
    if value is None:
        return []
    if isinstance(value, str):
        if value != "causal":
            raise ValueError(f'`mask` is "{short(value)}"; it may be "causal", or a list')
        hidden = [[j > i for j in range(keys)] for i in range(queries)]
    elif not isinstance(value, list):
        raise ValueError(f'`mask` is {kind(value)}; it may be "causal", or a list')  # noqa: TRY004  one for all
    elif value and isinstance(value[0], list):
        if len(value) != queries:
            raise ValueError(f"`mask` has {counted(len(value), 'row')}, but {are(queries, 'query')}")
        hidden = [_flags(row, keys, f"row {number} of `mask`") for number, row in enumerate(value, 1)]
    else:
        hidden = [_flags(value, keys, "`mask`")] * queries
    return hidden if any(map(any, hidden)) else []


def _flags(row: Any, count: int, name: str) -> list[bool]:
    if not isinstance(row, list):
        raise ValueError(f"{name} is {kind(row)}, not a list")  # noqa: TRY004  one exception for all of it
    if len(row) != count:
        raise ValueError(f"{name} has {counted(len(row), 'entry')}, but {are(count, 'key')}")
    for cell in row:
        if not isinstance(cell, bool | int | float) or cell not in _FLAGS:
            raise ValueError(f"{name} holds {kind(cell)}, which is neither true nor false")
    return [_FLAGS[cell] for cell in row]
