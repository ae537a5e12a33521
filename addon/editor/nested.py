"""Lists in lists, with the places where they stand in a text, to matrices of equal shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .faults import PasteError


@dataclass
class Nested:
    """A list that has been read: its items, and where each begins."""

    at: int
    items: list[Any] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


def matrices(text: str, made: Nested) -> list[list[list[float]]]:
    """Bring lists of any depth to [heads][queries][keys]; outer lists of one item are taken off."""
    depth, inner = 1, made
    while inner.items and isinstance(inner.items[0], Nested):
        inner, depth = inner.items[0], depth + 1
    while depth > 3:
        if len(made.items) != 1:
            reason = (
                f"{depth} brackets deep, and the outermost holds {len(made.items)}; "
                "paste one example of the batch"
            )
            raise PasteError(text, made.at, reason)
        made, depth = made.items[0], depth - 1
    while depth < 3:
        made, depth = Nested(made.at, [made], [made.at]), depth + 1
    heads = [(matrix, _rows(text, matrix)) for matrix in _lists(text, made)]
    rows, columns = len(heads[0][1]), len(heads[0][1][0])
    for number, (matrix, found) in enumerate(heads, 1):
        if (len(found), len(found[0])) != (rows, columns):
            reason = f"head {number} is {len(found)} × {len(found[0])}, the first is {rows} × {columns}"
            raise PasteError(text, matrix.at, reason)
    return [found for _, found in heads]


def _rows(text: str, matrix: Nested) -> list[list[float]]:
    rows: list[list[float]] = []
    for number, row in enumerate(_lists(text, matrix), 1):
        for item, at in zip(row.items, row.places, strict=True):
            if isinstance(item, Nested):
                raise PasteError(
                    text, at, "a list stands where a number belongs: this row is deeper than the others"
                )
        if not row.items:
            raise PasteError(text, row.at, "this row is empty")
        if rows and len(row.items) != len(rows[0]):
            raise PasteError(
                text, row.at, f"row {number} has {len(row.items)} numbers, the first has {len(rows[0])}"
            )
        rows.append(row.items)
    return rows


def _lists(text: str, outer: Nested) -> list[Nested]:
    if not outer.items:
        raise PasteError(text, outer.at, "these brackets are empty")
    for item, at in zip(outer.items, outer.places, strict=True):
        if not isinstance(item, Nested):
            raise PasteError(text, at, "a number stands where a row in brackets belongs")
    return outer.items
