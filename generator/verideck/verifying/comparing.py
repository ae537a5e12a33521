"""Comparing values in checks: whole values, and numbers within rounding.

Floats compare within one part in 10⁹, so that rounding decides nothing: `sum([0.1] * 10) == 1` holds, and of
two numbers closer than that neither is the smaller.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from verideck.verifying.budgets import Refused
from verideck.verifying.kinds import is_many, is_number, is_quantity, is_tensor, kind, listed, plain

CLOSE = 1e-9

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip

ORDER: dict[
    str, tuple[Callable[[Any, Any], bool], bool]
] = {  # the comparison, and what it is of equal numbers
    "<": (operator.lt, False),
    "<=": (operator.le, True),
    ">": (operator.gt, False),
    ">=": (operator.ge, True),
}


def truth(value: object) -> bool:
    """Take a condition's truth.

    Raises:
        Refused: the value is no condition.

    """
    value = plain(value)
    if isinstance(value, bool):
        return value
    raise Refused(f"{kind(value)} where a condition stands", "compare it: `… == …`, `… < …`")


def compare(symbol: str, left: object, right: object) -> bool:
    """Compare two values as a whole: tensors and lists too give one truth.

    Raises:
        Refused: the two cannot be compared.

    """
    left, right = plain(left), plain(right)
    if symbol in ORDER:
        return _ordered(symbol, left, right)
    if symbol in ("in", "not in"):
        return _contains(left, right) == (symbol == "in")
    return same(left, right) == (symbol == "==")


def same(left: object, right: object) -> bool:
    """Tell whether two values are equal, floats within rounding."""
    if is_number(left) and is_number(right):
        return _close(left, right)
    if is_many(left) and is_many(right):
        return _same_many(listed(left), listed(right))
    if is_quantity(left) and is_quantity(right):
        return _same_quantities(left, right)
    if (left is None or right is None) or (type(left) is type(right)):
        return bool(left == right)
    raise Refused(f"a comparison of {kind(left)} with {kind(right)}", "compare values of one kind")


def _ordered(symbol: str, left: Any, right: Any) -> bool:
    order, of_equals = ORDER[symbol]
    if is_number(left) and is_number(right):
        return of_equals if _close(left, right) else order(left, right)
    if is_quantity(left) and is_quantity(right):
        try:
            return of_equals if _same_quantities(left, right) else bool(order(left, right))
        except (TypeError, ValueError) as wrong:
            raise Refused(f"{kind(left)} {symbol} {kind(right)}: {wrong}", "units must agree") from None
    if is_tensor(left) or is_tensor(right):
        raise Refused(
            f"`{symbol}` on a tensor gives many truths", "compare one number: `max(…)`, `sum(…)`, `x[0]`"
        )
    raise Refused(
        f"`{symbol}` between {kind(left)} and {kind(right)}", "numbers and quantities have an order"
    )


def _contains(item: object, many: object) -> bool:
    if isinstance(many, str):
        if isinstance(item, str):
            return item in many
        raise Refused(f"{kind(item)} in a text", "a text holds texts")
    if not is_many(many):
        raise Refused(f"`in` {kind(many)}", "`in` takes a list, a tuple, a tensor or a text")
    return any(kind(one) == kind(item) and same(one, item) for one in listed(many))


def _close(left: Any, right: Any) -> bool:
    if left != left or right != right:  # only NaN is not itself
        raise Refused(
            "NaN in a comparison", "a row whose keys are all masked has no weights; NaN equals nothing"
        )
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    try:
        return math.isclose(left, right, rel_tol=CLOSE)
    except OverflowError:  # an integer that no float holds
        return bool(left == right)


def _same_quantities(left: Any, right: Any) -> bool:
    if left == right:
        return True
    try:
        difference = left - right
        return bool(abs(difference.amount) <= CLOSE * abs((left + right).amount) / 2)
    except (TypeError, ValueError, OverflowError) as wrong:
        raise Refused(f"{kind(left)} against {kind(right)}: {wrong}", "units must agree") from None


def _same_many(left: list[Any], right: list[Any]) -> bool:
    """Compare two lists through all their axes; floats within rounding of the largest number."""
    flat_left, flat_right = _flat(left), _flat(right)
    if _lengths(left) != _lengths(right):
        return False
    numbers = [abs(one) for one in (*flat_left, *flat_right) if is_number(one) and math.isfinite(one)]
    slack = CLOSE * 1e-3 * max(numbers, default=0)
    for one, other in zip(flat_left, flat_right, strict=True):
        if is_number(one) and is_number(other):
            if not _close(one, other) and not abs(one - other) <= slack:
                return False
        elif not same(one, other):
            return False
    return True


def _flat(values: Sequence[Any]) -> list[Any]:
    return [inner for item in values for inner in (_flat(item) if isinstance(item, list) else [item])]


def _lengths(value: object) -> object:
    return [_lengths(item) for item in value] if isinstance(value, list) else 0
