"""What a formula is made of, and how it is printed: plain values, no parsing and no solving."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


class FormulaError(ValueError):
    """A formula that cannot be read or solved; `column` counts from 1 and is 0 where there is none."""

    def __init__(self, message: str, column: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Number:
    """A number, exactly as written."""

    value: Fraction

    def __str__(self) -> str:
        return _number(self.value)


@dataclass(frozen=True, slots=True)
class Name:
    """A quantity; `name` is its plain spelling with the subscript after a low line: `x_2`, `d_model`."""

    name: str

    def __str__(self) -> str:
        return spelled(self.name)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one or more quantities."""

    function: str
    arguments: tuple[Expression, ...]

    def __str__(self) -> str:
        return f"{spelled(self.function)}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True)
class Negative:
    """The opposite of a quantity."""

    operand: Expression

    def __str__(self) -> str:
        return f"-{_guarded(self.operand, _STRENGTH['*'] + 1)}"  # -a * b would be (-a) * b


@dataclass(frozen=True, slots=True)
class Binary:
    """Two quantities joined by `+`, `-`, `*`, `/` or `^`."""

    operator: str
    left: Expression
    right: Expression

    def __str__(self) -> str:
        strength = _STRENGTH[self.operator]
        power = self.operator == "^"
        signed = isinstance(self.left, Negative) and not power  # -a * b reads as (-a) * b
        left = str(self.left) if signed else _guarded(self.left, strength + power)
        right = _guarded(self.right, strength + (not power))
        return f"{left}^{right}" if power else f"{left} {self.operator} {right}"


Expression: TypeAlias = Number | Name | Call | Negative | Binary

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}


@dataclass(frozen=True, slots=True)
class Equation:
    """Two sides that are equal."""

    left: Expression
    right: Expression

    def __str__(self) -> str:
        return f"{self.left} = {self.right}"


@dataclass(frozen=True, slots=True)
class System:
    """Equations that hold together."""

    equations: tuple[Equation, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.equations))


@dataclass(frozen=True, slots=True)
class Solution:
    """How one unknown of a system follows from known quantities.

    `formula` uses known names only; `steps` derive it, one equation each, from known and earlier ones.
    """

    equations: System
    unknown: str
    known: tuple[str, ...]
    formula: Expression
    steps: tuple[Equation, ...] = ()

    def __str__(self) -> str:
        return str(self.equation)

    @property
    def equation(self) -> Equation:
        """The formula with the unknown on its left."""
        return Equation(Name(self.unknown), self.formula)


def walk(expression: Expression) -> Iterator[Expression]:
    """Give an expression and all its parts."""
    yield expression
    if isinstance(expression, Call):
        for argument in expression.arguments:
            yield from walk(argument)
    elif isinstance(expression, Negative):
        yield from walk(expression.operand)
    elif isinstance(expression, Binary):
        yield from walk(expression.left)
        yield from walk(expression.right)


def names(expression: Expression) -> frozenset[str]:
    """Give the quantities an expression uses, functions left out."""
    return frozenset(part.name for part in walk(expression) if isinstance(part, Name))


def functions(expression: Expression) -> frozenset[str]:
    """Give the functions an expression calls."""
    return frozenset(part.function for part in walk(expression) if isinstance(part, Call))


def spelled(name: str) -> str:
    """Spell a name so that it reads back as the same: `x_2`, but `x_{t+1}`."""
    stem, mark, subscript = name.partition("_")
    return name if not mark or re.fullmatch(r"\w+", subscript) else f"{stem}_{{{subscript}}}"


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    for places in range(1, 310):
        scaled = value * 10**places
        if scaled.denominator == 1 and places > 12:
            return f"{scaled.numerator}e-{places}"
        if scaled.denominator == 1:
            digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
            return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return f"({value.numerator} / {value.denominator})"


def _guarded(expression: Expression, least: int) -> str:
    """Print a part, in parentheses where it binds weaker than its place asks."""
    if isinstance(expression, Binary):
        strength = _STRENGTH[expression.operator]
    elif isinstance(expression, Negative) or (isinstance(expression, Number) and expression.value < 0):
        strength = 0  # always in parentheses inside another formula: a - -b reads badly
    else:
        return str(expression)
    return f"({expression})" if strength < least else str(expression)
