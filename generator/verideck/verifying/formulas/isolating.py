"""One equation solved for one name: operations peeled off, or collected as slope * name + rest."""

from __future__ import annotations

from fractions import Fraction

from verideck.verifying.formulas.evaluating import CONSTANTS
from verideck.verifying.formulas.expressions import (
    Binary,
    Call,
    Equation,
    Expression,
    FormulaError,
    Name,
    Negative,
    Number,
    names,
    spelled,
    walk,
)


def sides(equation: Equation) -> frozenset[str]:
    """Give the quantities of both sides, constants left out."""
    return (names(equation.left) | names(equation.right)) - CONSTANTS.keys()


def isolate(equation: Equation, name: str) -> Expression:
    """Solve one equation for a name through + - * / and signs; raises FormulaError."""
    left, right = equation.left, equation.right
    if (name in names(left) and name in names(right)) or _count(equation, name) > 1:
        return _linear(equation, name)
    if name in names(right):
        left, right = right, left
    while left != Name(name):
        left, right = _peel(left, right, name)
    return right


def _peel(left: Expression, right: Expression, name: str) -> tuple[Expression, Expression]:
    """Move the outermost operation of the left side, which holds the name once, to the right side."""
    match left:
        case Negative(operand):
            return operand, _negated(right)
        case Binary("+", first, second):
            kept, moved = (first, second) if name in names(first) else (second, first)
            return kept, Binary("-", right, moved)
        case Binary("-", first, second) if name in names(first):
            return first, Binary("+", right, second)
        case Binary("-", first, second):
            return second, Binary("-", first, right)
        case Binary("*", first, second):
            kept, moved = (first, second) if name in names(first) else (second, first)
            return kept, Binary("/", right, moved)
        case Binary("/", first, second) if name in names(first):
            return first, Binary("*", right, second)
        case Binary("/", first, second):
            return second, Binary("/", first, right)
        case Call(function):
            raise FormulaError(f"`{spelled(name)}` would need the inverse of `{spelled(function)}`")
        case _:
            raise FormulaError(f"`{spelled(name)}` would need a root or a logarithm")


def _negated(expression: Expression) -> Expression:
    match expression:
        case Negative(operand):
            return operand
        case Binary("-", Negative(first), second):
            return Binary("+", second, first)
        case Binary("-", first, second):
            return Binary("-", second, first)
    return Negative(expression)


def _linear(equation: Equation, name: str) -> Expression:
    """Solve an equation that holds the name several times, as slope * name + rest on each side."""
    slope, rest = _form(equation.left, name)
    other_slope, other_rest = _form(equation.right, name)
    slope, rest = _minus(slope, other_slope), _minus(other_rest, rest)
    if slope is None:
        raise FormulaError(f"`{spelled(name)}` falls out of the equation")
    if (number := _value(slope)) is not None and number < 0:
        slope, rest = _minus(None, slope), _minus(None, rest)
    top = Number(Fraction(0)) if rest is None else rest
    return top if slope is None or slope == _ONE else Binary("/", top, slope)


_ONE = Number(Fraction(1))


def _form(expression: Expression, name: str) -> tuple[Expression | None, Expression | None]:
    """Give slope and rest of an expression that is linear in the name; None stands for zero."""
    if expression == Name(name):
        return _ONE, None
    if name not in names(expression):
        return None, expression
    match expression:
        case Negative(operand):
            slope, rest = _form(operand, name)
            return _minus(None, slope), _minus(None, rest)
        case Binary("+" | "-" as operator, left, right):
            (slope, rest), (other_slope, other_rest) = _form(left, name), _form(right, name)
            join = _plus if operator == "+" else _minus
            return join(slope, other_slope), join(rest, other_rest)
        case Binary("*", left, right) if name not in names(left) or name not in names(right):
            factor, inner = (left, right) if name in names(right) else (right, left)
            slope, rest = _form(inner, name)
            return _times(slope, factor), _times(rest, factor)
        case Binary("/", left, right) if name not in names(right):
            slope, rest = _form(left, name)
            return _over(slope, right), _over(rest, right)
        case Call(function):
            raise FormulaError(f"`{spelled(name)}` would need the inverse of `{spelled(function)}`")
    raise FormulaError(f"`{spelled(name)}` stands in it more than once and not only as a multiple")


def _plus(left: Expression | None, right: Expression | None) -> Expression | None:
    if left is None or right is None:
        return left or right
    first, second = _value(left), _value(right)
    if first is not None and second is not None:
        return _numeral(first + second)
    return Binary("+", left, right)


def _minus(left: Expression | None, right: Expression | None) -> Expression | None:
    if right is None or left == right:
        return left if right is None else None
    first, second = _value(left), _value(right)
    if first is not None and second is not None:
        return _numeral(first - second)
    if left is None:
        return _negated(right)
    return Binary("+", left, right.operand) if isinstance(right, Negative) else Binary("-", left, right)


def _times(left: Expression | None, right: Expression) -> Expression | None:
    first, second = _value(left), _value(right)
    if left is None or (first is not None and second is not None):
        return _numeral((first or Fraction(0)) * (second or Fraction(0)))
    return right if left == _ONE else Binary("*", left, right)


def _over(left: Expression | None, right: Expression) -> Expression | None:
    first, second = _value(left), _value(right)
    if left is None or (first is not None and second):
        return _numeral((first or Fraction(0)) / (second or 1))
    return Binary("/", left, right)


def _value(expression: Expression | None) -> Fraction | None:
    """Give the number that an expression is, with its sign; None for anything else."""
    match expression:
        case None:
            return Fraction(0)
        case Number(value):
            return value
        case Negative(Number(value)):
            return -value
    return None


def _numeral(value: Fraction) -> Expression | None:
    if value == 0:
        return None
    size = abs(value)
    plain: Expression = Number(size)
    if str(size.numerator) != str(plain) and "/" in str(plain):  # no finite decimal, such as 1/3
        plain = Binary("/", Number(Fraction(size.numerator)), Number(Fraction(size.denominator)))
    return plain if value > 0 else Negative(plain)


def _count(equation: Equation, name: str) -> int:
    return sum(part == Name(name) for side in (equation.left, equation.right) for part in walk(side))
