"""What is shown of a specification: which heads, or their mean; rows that sum to 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..heatmap import read
from ..heatmap.spec import MOST_HEADS

Row = Sequence[float]
Matrix = Sequence[Row]


@dataclass(frozen=True)
class View:
    """A choice of what to see: `heads` is "all", "mean" or one's number from 0; `rows` makes each sum to 1.

    `log` and `covered` are for who draws: a logarithmic scale, and cells that are still to be guessed.
    """

    heads: str | int = "all"
    rows: bool = False
    log: bool = False
    covered: bool = False

    @classmethod
    def of(cls, mapping: object) -> View:
        """Read a view from JSON of any kind; what makes no sense counts as not said."""
        if not isinstance(mapping, Mapping):
            return cls()
        heads = mapping.get("heads")
        if type(heads) is int and not 0 <= heads < MOST_HEADS:
            heads = None
        if not (type(heads) is int or (isinstance(heads, str) and heads in ("all", "mean"))):
            heads = "all"
        return cls(heads, *(mapping.get(name) is True for name in ("rows", "log", "covered")))


def shown(spec: Mapping[str, Any], view: View) -> dict[str, Any]:
    """Give the specification of what a view shows: [heads or 1][queries][keys]; masked cells hold 0.

    Raises ValueError with a message for a person where the specification is malformed or has no such view.
    """
    if view.heads == "all" and not view.rows and not spec.get("masked"):
        return dict(spec)
    chart = read(spec)
    shows = [[not hidden for hidden in row] for row in chart.masked]
    weights: list[Matrix] = [_bare(matrix, shows) for matrix in chart.weights]
    names = list(spec.get("heads") or ())
    if isinstance(view.heads, int):
        if not 0 <= view.heads < len(weights):
            raise ValueError(f"there is no head {view.heads + 1}: the heatmap has {len(weights)}")
        # A lone head needs no number.
        names = [names[view.heads]] if names else [str(view.heads + 1)] if len(weights) > 1 else []
        weights = [weights[view.heads]]
    elif view.heads == "mean" and len(weights) > 1:
        names = [f"mean of {len(weights)} heads"]
        weights = [_mean(weights)]
    if view.rows:
        weights = [[_share(row) for row in matrix] for matrix in weights]
    return {**spec, "weights": weights, "heads": names}


def _bare(matrix: Matrix, shows: Sequence[Sequence[bool]]) -> Matrix:
    """Put 0 where a cell is masked: what stands there is nobody's business."""
    if not shows:
        return matrix
    return [
        [weight if show else 0.0 for weight, show in zip(row, kept, strict=True)]
        for row, kept in zip(matrix, shows, strict=True)
    ]


def _mean(weights: Sequence[Matrix]) -> Matrix:
    """Average over heads: [heads][queries][keys] to [queries][keys]."""
    count = len(weights)
    return [
        [sum(cell) / count for cell in zip(*rows, strict=True)]  # each head's weight of one cell
        for rows in zip(*weights, strict=True)
    ]


def _share(row: Row) -> Row:
    """Divide a row by its sum; one of zeros stays."""
    if min(row) < 0:
        raise ValueError("rows with negative values cannot be normalised")
    whole = sum(row)
    return [weight / whole for weight in row] if whole else row
