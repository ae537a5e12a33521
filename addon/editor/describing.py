"""Proposes a heatmap's alternative text: one sentence that states its point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..heatmap import read
from ..reading.json_text import short

_EVEN = 1e-3  # weights of a row closer together than this part of the largest count as even


def described(spec: Mapping[str, Any]) -> str:
    """Give the sentence. Raises ValueError where the specification is malformed."""
    chart = read(spec)
    shown = [
        [
            {j: weight for j, weight in enumerate(row) if not (chart.masked and chart.masked[i][j])}
            for i, row in enumerate(matrix)
        ]
        for matrix in chart.weights
    ]
    rows, columns = len(chart.queries), len(chart.keys)
    size = f"{rows} × {columns}" if len(shown) == 1 else f"{len(shown)} heads of {rows} × {columns}"
    if chart.unit != "score":  # what shares are, even where a mask took some of them
        return f"Attention, {size}: {_weights(spec, shown, square=spec['queries'] == spec['keys'])}."
    found = _highest([row for matrix in shown for row in matrix])
    if found is None:
        return f"Heatmap, {size}: every cell is masked."
    row, column, value = found
    names = f"{_quoted(spec['queries'][row % rows])} with {_quoted(spec['keys'][column])}"
    return f"Heatmap of scores, {size}: the highest, {value:.3g}, is {names}."


def _weights(spec: Mapping[str, Any], shown: Sequence[Sequence[Mapping[int, float]]], *, square: bool) -> str:
    rows = [row for matrix in shown for row in matrix]
    choosing = [row for row in rows if len(row) > 1]
    if not choosing:
        return "no query has a choice of keys"
    if all(max(row.values()) - min(row.values()) <= _EVEN * max(row.values()) for row in choosing):
        return "every query looks evenly at all the keys that it may see"
    count = len(shown[0])
    leads = [_lead(row) if len(row) > 1 else None for row in rows]
    if square and all(lead and lead[0] == i % count for i, lead in enumerate(leads) if len(rows[i]) > 1):
        return "every token looks most at itself"
    # Where a token looks at itself is the lesser news.
    telling = [{lead[0]: lead[1]} if lead else {} for lead in leads]
    others = [{} if square and i % count in row else row for i, row in enumerate(telling)]
    found = _highest(others) or _highest(telling) or _highest(rows)
    if found is None:
        return "every cell is masked"
    row, column, value = found
    head = ""
    if len(shown) > 1:
        names = spec.get("heads") or [str(number + 1) for number in range(len(shown))]
        head = f" in head {short(names[row // count], 30)}"
    query, key = _quoted(spec["queries"][row % count]), _quoted(spec["keys"][column])
    return f"{query} looks most at {key}{head} ({value:.2g})"


def _lead(row: Mapping[int, float]) -> tuple[int, float] | None:
    """Give the key that has the most of a row, and how much; none where two have it."""
    most = max(row.values())
    keys = [j for j, weight in row.items() if weight == most]
    return (keys[0], most) if len(keys) == 1 else None


def _highest(rows: Sequence[Mapping[int, float]]) -> tuple[int, int, float] | None:
    cells = ((weight, -i, -j) for i, row in enumerate(rows) for j, weight in row.items())
    best = max(cells, default=None)
    return None if best is None else (-best[1], -best[2], best[0])


def _quoted(token: object) -> str:
    return f"“{short(token, 30)}”"
