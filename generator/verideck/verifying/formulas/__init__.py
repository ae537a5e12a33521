"""Formulas in options and maths, read into a closed language and solved with, never matched as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    "parse_formula",
    "same",
    "solve",
    "solves",
]


def parse_formula(text: str) -> Expression | Equation:
    """Read one formula or one equation, plain text or LaTeX; raises FormulaError."""
    raise NotImplementedError


def equations(*texts: str) -> System:
    """Read equations that hold together; raises FormulaError."""
    raise NotImplementedError


def solve(system: System, unknown: str, known: Sequence[str]) -> Solution:
    """Derive a formula for the unknown from the known; raises FormulaError."""
    raise NotImplementedError


def solves(solution: Solution, text: str) -> bool | None:
    """Whether a written formula recovers the unknown from known names only; None: not a formula."""
    raise NotImplementedError


def same(first: str | Expression | Equation, second: str | Expression | Equation) -> bool:
    """Whether two formulas say the same; false where one is not a formula."""
    raise NotImplementedError
