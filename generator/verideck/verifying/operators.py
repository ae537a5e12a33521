"""The language's arithmetic; sizes are weighed before anything is made."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

from verideck.verifying.budgets import BITS, TEXT, Refused, allow, elements, too_large
from verideck.verifying.comparing import truth
from verideck.verifying.kinds import is_boolean, is_number, is_quantity, is_tensor, kind, plain
from verideck.verifying.tensors import arithmetic

BINARY: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
    ast.MatMult: ("@", operator.matmul),
}


def binary(node: type[ast.operator], left: object, right: object) -> object:
    """Apply a binary operator.

    Raises:
        Refused: it is not defined on these values, or the result would be too large.

    """
    symbol, apply = BINARY[node]
    left, right = plain(left), plain(right)
    if is_number(left) and is_number(right):
        return _numbers(symbol, apply, left, right)
    if is_quantity(left) or is_quantity(right):
        return _quantities(symbol, apply, left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        raise Refused(f"`{symbol}` on a condition", "a boolean is not a number: write `1 if … else 0`")
    if is_tensor(left) or is_tensor(right):
        return arithmetic(symbol, apply, left, right)
    joined = _sequences(symbol, left, right)
    if joined is not None:
        return joined
    raise Refused(f"`{symbol}` between {kind(left)} and {kind(right)}", _hint(left, right))


def unary(symbol: str, value: object) -> object:
    """Apply `+`, `-` or `not`."""
    value = plain(value)
    if symbol == "not":
        return not truth(value)
    if is_number(value) or is_quantity(value) or (is_tensor(value) and not is_boolean(value)):
        return -value if symbol == "-" else value  # type: ignore[operator]  # each of these negates
    raise Refused(f"`{symbol}` on {kind(value)}", "it takes a number or a tensor")


def _numbers(symbol: str, apply: Callable[[Any, Any], Any], left: Any, right: Any) -> object:
    if symbol == "@":
        raise Refused("`@` between numbers", "it multiplies matrices; numbers take `*`")
    if isinstance(left, int) and isinstance(right, int):
        _weigh_integers(symbol, left, right)
    try:
        result = apply(left, right)
    except ZeroDivisionError:
        raise Refused("a division by zero") from None
    except OverflowError:
        raise too_large("a number") from None
    if isinstance(result, float) and math.isnan(result):
        raise Refused(f"`{symbol}` gives NaN", "infinity minus infinity, or zero times it, has no value")
    if isinstance(result, complex):
        raise Refused("a power that is no real number", "the root of a negative number")
    if (
        isinstance(result, float)
        and not math.isfinite(result)
        and math.isfinite(left)
        and math.isfinite(right)
    ):
        raise too_large("a number")
    return result


def _weigh_integers(symbol: str, left: int, right: int) -> None:
    if symbol == "*":
        bits = left.bit_length() + right.bit_length()
    elif symbol == "**" and right > 0 and abs(left) > 1:
        bits = BITS + 1 if right > BITS else int(math.log2(abs(left)) * right)
    else:
        bits = 0
    if bits > BITS:
        raise too_large("a number")


def _quantities(symbol: str, apply: Callable[[Any, Any], Any], left: Any, right: Any) -> object:
    if symbol == "**" and (not isinstance(right, int) or abs(right) > 8):
        raise Refused("such a power of a quantity", "a quantity takes small whole powers")
    for side in (left, right):
        if not (is_number(side) or is_quantity(side)):
            raise Refused(
                f"`{symbol}` between {kind(left)} and {kind(right)}",
                "a quantity goes with numbers and quantities",
            )
    try:
        result = apply(left, right)
    except ZeroDivisionError:
        raise Refused("a division by zero") from None
    except OverflowError:
        raise too_large("a quantity") from None
    except (TypeError, ValueError) as wrong:
        raise Refused(
            f"`{symbol}` between {kind(left)} and {kind(right)}: {wrong}", "units must agree"
        ) from None
    amount = getattr(result, "amount", result)
    if isinstance(amount, int) and amount.bit_length() > BITS:
        raise too_large("a quantity")
    if isinstance(amount, float) and not math.isfinite(amount):
        raise too_large("a quantity")
    return result


def _sequences(symbol: str, left: object, right: object) -> object | None:
    """Join and repeat lists, tuples and texts as Python does."""
    if symbol == "+" and type(left) is type(right) and isinstance(left, list | tuple | str):
        _weigh(elements(left) + elements(right), left, right)
        return left + right  # type: ignore[operator]  # two of one kind
    if symbol != "*":
        return None
    if isinstance(left, int):
        left, right = right, left
    if isinstance(left, list | tuple | str) and isinstance(right, int):
        _weigh((elements(left) - 1) * max(right, 0) + 1, left, right)
        return left * right
    return None


def _weigh(count: int, *values: object) -> None:
    if any(isinstance(value, str) for value in values) and count * 8 > TEXT:
        raise too_large("a text")
    allow(count)


def _hint(left: object, right: object) -> str:
    if isinstance(left, list | tuple) or isinstance(right, list | tuple):
        return "lists are joined and repeated; `ones(1) * list` makes a tensor, which takes arithmetic"
    return ""
