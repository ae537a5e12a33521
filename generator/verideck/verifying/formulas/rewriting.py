"""Expressions rewritten: names replaced by definitions, calls of a quantity read as products."""

from __future__ import annotations

from collections.abc import Mapping

from verideck.verifying.formulas.expressions import (
    Binary,
    Call,
    Equation,
    Expression,
    Name,
    Negative,
    System,
)
from verideck.verifying.formulas.isolating import sides


def replaced(expression: Expression, definitions: Mapping[str, Expression]) -> Expression:
    """Put definitions in the place of their names."""
    match expression:
        case Name(name):
            return definitions.get(name, expression)
        case Negative(operand):
            return Negative(replaced(operand, definitions))
        case Binary(operator, left, right):
            return Binary(operator, replaced(left, definitions), replaced(right, definitions))
        case Call(function, arguments):
            return Call(function, tuple(replaced(argument, definitions) for argument in arguments))
    return expression


def resolved_system(system: System, quantities: frozenset[str] | set[str] = frozenset()) -> System:
    """Read `a(x + b)` as a product where `a` is a quantity of the system, not a function."""
    used = frozenset(quantities).union(*(sides(equation) for equation in system.equations))
    return System(
        tuple(Equation(resolved(each.left, used), resolved(each.right, used)) for each in system.equations)
    )


def resolved(expression: Expression, quantities: frozenset[str]) -> Expression:
    """Read a call of a quantity as a product."""
    match expression:
        case Negative(operand):
            return Negative(resolved(operand, quantities))
        case Binary(operator, left, right):
            return Binary(operator, resolved(left, quantities), resolved(right, quantities))
        case Call(function, arguments):
            inner = tuple(resolved(argument, quantities) for argument in arguments)
            if function in quantities and len(inner) == 1:
                return Binary("*", Name(function), inner[0])
            return Call(function, inner)
    return expression
