"""Formulas in options and maths, read into a closed language and solved with, never matched as text."""

from __future__ import annotations

from verideck.verifying.formulas.expressions import (
    Binary,
    Call,
    Equation,
    Expression,
    FormulaError,
    Name,
    Negative,
    Number,
    Solution,
    System,
)
from verideck.verifying.formulas.judging import same, solves
from verideck.verifying.formulas.parsing import parse_all, parse_formula
from verideck.verifying.formulas.solving import equations, solve

__all__ = [
    "Binary",
    "Call",
    "Equation",
    "Expression",
    "FormulaError",
    "Name",
    "Negative",
    "Number",
    "Solution",
    "System",
    "equations",
    "parse_all",
    "parse_formula",
    "same",
    "solve",
    "solves",
]
