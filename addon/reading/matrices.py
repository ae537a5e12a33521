"""Values out of JSON to matrices of equal shapes and finite numbers, or a reason why not."""

from __future__ import annotations

from typing import Any, NoReturn

from .limits import LARGEST, MOST_CELLS, MOST_HEADS
from .wording import counted, kind

Matrix = list[list[float]]
_NUMBERS = frozenset((int, float))


def shape(matrices: list[Matrix]) -> tuple[int, int, int]:
    """Give heads, rows and columns."""
    return len(matrices), len(matrices[0]), len(matrices[0][0])


def heads(value: Any, name: str) -> tuple[list[Matrix], bool]:
    """Read [rows][columns], or [heads][rows][columns]; tell whether there were heads. Raises ValueError."""
    given = _list(value, f"`{name}`")
    first = _list(given[0], f"`{name}` is not a list of rows; its first entry")
    deep = isinstance(first[0], list)
    whole = given if deep else [given]
    if len(whole) > MOST_HEADS:
        raise ValueError(f"`{name}` has {len(whole)} heads; {MOST_HEADS} can be drawn")
    matrices = [_matrix(one, f"`{name}`" + (f", head {n}" if deep else "")) for n, one in enumerate(whole, 1)]
    _, height, width = shape(matrices)
    for number, matrix in enumerate(matrices, 1):
        rows, columns = len(matrix), len(matrix[0])
        if (rows, columns) != (height, width):
            raise ValueError(
                f"`{name}`, head {number} is {rows} x {columns}, but the first is {height} x {width}"
            )
    return matrices, deep


def check_cells(count: int, length: int, other: int) -> None:
    """Refuse more cells than can be drawn while a person waits."""
    if count * length * other > MOST_CELLS:
        raise ValueError(
            f"{count} x {length} x {other} cells are more than the {MOST_CELLS:,} that are drawn"
        )


def _matrix(value: Any, name: str) -> Matrix:
    rows = _list(value, name)
    width = 0
    made = []
    for number, row in enumerate(rows, 1):
        cells = _list(row, f"row {number} of {name}")
        if not _NUMBERS.issuperset(map(type, cells)):
            _tell(cells, number, name)
        if width and len(cells) != width:
            raise ValueError(
                f"row {number} of {name} has {counted(len(cells), 'number')}, but the first has {width}"
            )
        width = len(cells)
        # Not a number is unlike itself; whether `max` finds it hangs on its place.
        if not max(map(abs, cells)) <= LARGEST or any(cell != cell for cell in cells):
            raise ValueError(f"row {number} of {name} holds a number beyond {LARGEST:g}")
        made.append(list(map(float, cells)))
    return made


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name} is {kind(value)}, not a list")  # noqa: TRY004  one exception for all of it
    if not value:
        raise ValueError(f"{name} is empty")
    return value


def _tell(cells: list[Any], number: int, name: str) -> NoReturn:
    column, cell = next((n, cell) for n, cell in enumerate(cells, 1) if type(cell) not in _NUMBERS)
    raise ValueError(f"row {number} of {name} holds {kind(cell)} in column {column}, not a number")
