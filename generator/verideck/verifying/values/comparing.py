"""Computed values held against written ones, as values: types, shapes, units, precision."""

from __future__ import annotations

import math

from verideck.verifying.formulas import Solution, same, solves
from verideck.verifying.values.types import FORMULA, Comparison, Scalar, Tensor, Value, Written
from verideck.verifying.values.units import TABLE, Quantity, scaled

PRINTED = 1e-6  # of the largest magnitude: what float32 may have done before it printed
EXACT = 1e-9  # relative: what float64 may have done to an exact number
ROUNDED = 0.05  # a whole number this near, and rounded rightly, is imprecise rather than wrong

_INCOMPARABLE = Comparison(equal=False, comparable=False)


def compare(computed: Value, written: Written, tolerance: float | None = None) -> Comparison:
    """Hold a written value against the computed one.

    Half a unit of the last printed digit is allowed, or `tolerance` (in the computed value's unit) if that is
    more. Values of another type or shape are not comparable; these pairs are: whole numbers and floats; a
    number and a quantity (the number then carries the quantity's unit); a shape and a list of whole numbers.
    A tensor of one element is no number, for its shape may be what the question is about.
    """
    value = written.value
    match computed:
        case Solution():
            return _truth(solves(computed, written.text))
        case bool() | str():
            return _truth(computed == value) if type(value) is type(computed) else _INCOMPARABLE
        case int() | float() | Quantity():
            if isinstance(value, bool) or not isinstance(value, (int, float, Quantity)):
                return _INCOMPARABLE
            return _numbers(computed, written, tolerance)
        case tuple():
            return _shapes(computed, value)
        case Tensor():
            if isinstance(value, tuple):
                return _shapes(value, computed)
            return _tensors(computed, written, tolerance) if isinstance(value, Tensor) else _INCOMPARABLE
    if isinstance(computed, FORMULA) and isinstance(value, FORMULA):
        return _truth(same(computed, value))
    return _INCOMPARABLE


def equal_values(first: Written, second: Written) -> bool:
    """Whether two written values are the same, however printed: `0.5` and `1/2`, `1 KiB` and `1024 bytes`."""
    one, two = first.value, second.value
    if isinstance(one, FORMULA) and isinstance(two, FORMULA):
        return same(one, two)
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, (int, float)) and isinstance(two, (int, float)):
        return math.isclose(one, two, rel_tol=EXACT) if first.symbolic or second.symbolic else one == two
    if isinstance(one, Tensor) and isinstance(two, Tensor):
        alike = one.shape == two.shape and (one.dtype == "bool") == (two.dtype == "bool")
        return alike and one.flat() == two.flat()
    return type(one) is type(two) and one == two


def _truth(equal: bool | None) -> Comparison:
    return _INCOMPARABLE if equal is None else Comparison(equal)


def _numbers(computed: float | Quantity, written: Written, tolerance: float | None) -> Comparison:
    pair = _together(computed, written)
    if pair is None:
        return _INCOMPARABLE
    ours, theirs, factor, unit = pair
    precision = written.precision * factor
    given = 0.0 if tolerance is None else tolerance * unit
    allowed = max(given, precision / 2) + _slack(ours, theirs, written)
    distance = abs(ours - theirs)
    if distance <= allowed:
        return Comparison(True, tolerance=allowed, precision=written.precision)
    near = distance < precision + _slack(ours, theirs, written)
    step = written.step * factor
    rounded = distance <= step / 2 and distance <= ROUNDED * abs(ours)
    other = written.alternative
    swapped = other is not None and theirs != 0 and abs(ours - other) <= allowed * abs(other / theirs)
    return Comparison(
        False, imprecise=near or rounded or swapped, tolerance=allowed, precision=written.precision
    )


def _together(computed: float | Quantity, written: Written) -> tuple[float, float, float, float] | None:
    """Bring both into one unit: the two amounts, what scales the precision, what scales the tolerance."""
    value = written.value
    if isinstance(computed, Quantity):
        unit = TABLE[computed.unit].factor
        if isinstance(value, Quantity):
            return (computed.base, value.base, 1, unit) if computed.family == value.family else None
        if isinstance(value, (int, float)):
            return computed.base, scaled(value, unit), unit, unit
        return None
    if isinstance(value, Quantity):
        factor = TABLE[value.unit].factor
        if value.family == "bytes":  # a plain count of bytes is already in the base unit
            return computed, value.base, 1, 1
        return computed, value.amount, 1 / factor, 1
    return (computed, value, 1, 1) if isinstance(value, (int, float)) else None


def _slack(ours: float, theirs: float, written: Written) -> float:
    if isinstance(ours, int) and isinstance(theirs, int):
        return 0.0
    exact = written.symbolic or isinstance(theirs, int)
    return (EXACT if exact else PRINTED) * float(max(abs(ours), abs(theirs)))


def _shapes(shape: tuple[int, ...], other: Value) -> Comparison:
    """Compare shapes; a list of whole numbers may stand for one."""
    if isinstance(other, tuple):
        return Comparison(shape == other)
    if isinstance(other, Tensor) and len(other.shape) == 1 and (other.dtype == "int" or other.shape == (0,)):
        return Comparison(shape == other.flat())
    return _INCOMPARABLE


def _tensors(computed: Tensor, written: Written, tolerance: float | None) -> Comparison:
    value = written.value
    if not isinstance(value, Tensor) or value.shape != computed.shape:
        return _INCOMPARABLE
    if (value.dtype == "bool") != (computed.dtype == "bool"):
        return _INCOMPARABLE
    ours, theirs = computed.flat(), value.flat()
    if value.dtype == "bool" or (value.dtype == "int" and computed.dtype == "int" and tolerance is None):
        return Comparison(ours == theirs)
    largest = max((abs(item) for item in ours + theirs), default=0)
    slack = (EXACT if written.symbolic else PRINTED) * float(largest)
    digits = [_last_digit(item, written) for item in theirs]
    distances = [abs(one - two) for one, two in zip(ours, theirs, strict=True)]
    given = tolerance or 0.0
    equal = all(d <= max(given, digit / 2) + slack for d, digit in zip(distances, digits, strict=True))
    near = all(d < digit + slack for d, digit in zip(distances, digits, strict=True))
    allowed = max(given, max(digits, default=0.0) / 2) + slack
    return Comparison(equal, imprecise=near and not equal, tolerance=allowed, precision=written.precision)


def _last_digit(item: Scalar, written: Written) -> float:
    """Give one unit of an element's last digit: its own in a scientific print, else the tensor's."""
    if not written.scientific or written.digits is None:
        return written.precision
    return 0.0 if item == 0 else float(10.0 ** (math.floor(math.log10(abs(item))) - written.digits))
