"""Values: what checks compute and authors write, frozen, compared, shown and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verideck.verifying.values.types import FORMULA, Comparison, Formula, Scalar, Tensor, Value, Written
from verideck.verifying.values.units import UNITS, Quantity, UnitError

if TYPE_CHECKING:
    from verideck.cards import Computed

__all__ = [
    "FORMULA",
    "UNITS",
    "Comparison",
    "Formula",
    "Quantity",
    "Scalar",
    "Tensor",
    "UnitError",
    "Value",
    "Written",
    "compare",
    "describe",
    "freeze",
    "from_json",
    "parse",
    "show",
    "to_json",
]


def freeze(value: object) -> Value:
    """Turn a computed object into a value; raises ValueError with a message for a person."""
    raise NotImplementedError


def parse(text: str) -> Written | None:
    """Read what an author wrote as an answer; None where the text is not wholly a value."""
    raise NotImplementedError


def compare(computed: Value, written: Written, tolerance: float | None = None) -> Comparison:
    """Hold a written value against the computed one."""
    raise NotImplementedError


def show(value: Value, digits: int = 4) -> str:
    """Print a value for a worked solution."""
    raise NotImplementedError


def describe(value: Value) -> Computed:
    """Describe a computed value for the record of a claim."""
    raise NotImplementedError


def to_json(value: Value) -> object:
    """Turn a value into JSON data; from_json is the exact inverse."""
    raise NotImplementedError


def from_json(data: object) -> Value:
    """Turn JSON data back into the value; raises ValueError where it is not one."""
    raise NotImplementedError
