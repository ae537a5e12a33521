"""Values: what checks compute and authors write, frozen, compared, shown and kept."""

from __future__ import annotations

from verideck.verifying.values.coding import from_json, to_json
from verideck.verifying.values.comparing import compare, equal_values
from verideck.verifying.values.freezing import freeze
from verideck.verifying.values.parsing import parse, parse_text
from verideck.verifying.values.printing import describe, show
from verideck.verifying.values.types import FORMULA, Comparison, Formula, Scalar, Tensor, Value, Written
from verideck.verifying.values.units import UNITS, Quantity, UnitError

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
    "equal_values",
    "freeze",
    "from_json",
    "parse",
    "parse_text",
    "show",
    "to_json",
]
