"""Arithmetic. Plain numbers and flat lists of them need no torch; everything else becomes a tensor."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import Any

from verideck.verifying.library.arguments import UnfitError, described, is_quantity, is_tensor
from verideck.verifying.library.arrays import shape_of


def _each(name: str, plain: Callable[[Any], float], above: float | None = None) -> Callable[[Any], Any]:
    """Make a function of one number that also works element by element; arguments lie above `above`."""

    def function(x: Any) -> Any:
        if above is not None and (bool((x <= above).any()) if is_tensor(x) else x <= above):
            what = "numbers of which one is" if is_tensor(x) else f"{x}, which is"
            raise UnfitError(f"`{name}` of {what} not above {above:g}")
        if is_tensor(x):
            import torch

            return getattr(torch, name)(x)
        try:
            return plain(x)
        except OverflowError:
            raise UnfitError(f"`{name}({x})` is too large to hold") from None

    return function


def _sigmoid(x: float) -> float:
    """Give 1 / (1 + e⁻ˣ) without overflow on either side."""
    small = math.exp(-builtins.abs(x))
    return 1 / (1 + small) if x >= 0 else small / (1 + small)


exp = _each("exp", math.exp)
log = _each("log", math.log, above=0)
cos = _each("cos", math.cos, above=-math.inf)
sin = _each("sin", math.sin, above=-math.inf)
tanh = _each("tanh", math.tanh)
relu = _each("relu", lambda x: x if x > 0 else 0)
sigmoid = _each("sigmoid", _sigmoid)


def sqrt(x: Any) -> Any:
    """Give the root of numbers that are not negative."""
    if bool((x < 0).any()) if is_tensor(x) else x < 0:
        raise UnfitError("`sqrt` of a negative number is not a real number")
    return x.sqrt() if is_tensor(x) else math.sqrt(x)


def absolute(x: Any) -> Any:
    """Give numbers without their signs."""
    return [builtins.abs(one) for one in x] if isinstance(x, list) else builtins.abs(x)


def rounded(x: Any, digits: int = 0) -> Any:
    """Round to so many digits after the point; half goes to even."""
    if is_quantity(x):
        return type(x)(builtins.round(x.amount, digits or None), x.unit)
    if is_tensor(x):
        return x.round(decimals=digits)
    if isinstance(x, list):
        return [rounded(one, digits) for one in x]
    return builtins.round(x, digits or None)


def _many(values: tuple[Any, ...], name: str) -> Any:
    """Give what to reduce: several numbers as a list, or the one list or tensor there is."""
    if not values:
        raise UnfitError(f"`{name}` of nothing")
    if len(values) == 1:
        return values[0] if is_tensor(values[0]) or isinstance(values[0], list) else [values[0]]
    for value in values:
        if is_tensor(value) or isinstance(value, list):
            raise UnfitError(
                f"`{name}` takes one list, or several numbers, not {described(value)} among others"
            )
    return list(values)


def _along(x: Any, axis: int | None, name: str) -> Any:
    """Give a tensor to reduce along an axis that it has; a flat list has the axes 0 and −1."""
    if axis is not None and not is_tensor(x):
        from verideck.verifying.library.arrays import tensor

        x = tensor(x, name)
    if axis is not None and not -x.dim() <= axis < x.dim():
        raise UnfitError(f"`axis` is {axis} and the tensor has the shape {tuple(x.shape)}")
    return x


def total(*values: Any, axis: int | None = None) -> Any:
    """Add up."""
    x = _along(_many(values, "sum"), axis, "sum")
    if is_tensor(x):
        return x.sum() if axis is None else x.sum(axis)
    if any(is_quantity(one) for one in x):
        return builtins.sum(x[1:], start=x[0])
    return builtins.sum(x) if all(isinstance(one, int) for one in x) else math.fsum(x)


def largest(*values: Any, axis: int | None = None) -> Any:
    """Give the largest."""
    x = _along(_many(values, "max"), axis, "max")
    if is_tensor(x):
        return x.max() if axis is None else x.amax(axis)
    return builtins.max(x)


def smallest(*values: Any, axis: int | None = None) -> Any:
    """Give the smallest."""
    x = _along(_many(values, "min"), axis, "min")
    if is_tensor(x):
        return x.min() if axis is None else x.amin(axis)
    return builtins.min(x)


def mean(x: Any, axis: int | None = None) -> Any:
    """Give the sum divided by the count."""
    x = _along(_many((x,), "mean"), axis, "mean")
    if is_tensor(x):
        return x.mean() if axis is None else x.mean(axis)
    return total(x) / len(x)


def variance(x: Any, axis: int | None = None, unbiased: bool = False) -> Any:
    """Give the mean squared distance from the mean; divided by n − 1 where `unbiased`."""
    x = _along(_many((x,), "variance"), axis, "variance")
    n = (x.numel() if axis is None else x.shape[axis]) if is_tensor(x) else len(x)
    if unbiased and n < 2:
        raise UnfitError("an unbiased variance needs at least two numbers")
    middle = mean(x) if axis is None else x.mean(axis, keepdim=True)
    if is_tensor(x):
        squares = (x - middle) ** 2
        return (squares.sum() if axis is None else squares.sum(axis)) / (n - unbiased)
    return math.fsum((one - middle) ** 2 for one in x) / (n - unbiased)


def length(x: Any) -> int:
    """Count the elements of a list, the rows of a matrix, the characters of a text."""
    if isinstance(x, str):
        return len(x)
    shape = (len(x),) if isinstance(x, list | tuple) else shape_of(x, "x")
    if not shape:
        raise UnfitError(f"{described(x)} has no length")
    return shape[0]


def shape(x: Any) -> tuple[int, ...]:
    """Give the size of each axis."""
    return shape_of(x, "x")


def argmax(x: Any, axis: int = -1) -> Any:
    """Give the position of the largest, from 0; the first of equal ones."""
    if isinstance(x, list) and axis in (0, -1):
        return x.index(builtins.max(x))
    found = _along(x, axis, "argmax")
    if not is_tensor(found):
        raise UnfitError("`argmax` needs a list of numbers")
    return found.argmax(axis)


def ascending(x: Any, descending: bool = False) -> Any:
    """Sort along the last axis."""
    if isinstance(x, list):
        return sorted(x, reverse=descending)
    if not is_tensor(x):
        raise UnfitError("`sort` needs a list of numbers")
    return x.sort(-1, descending=descending).values
