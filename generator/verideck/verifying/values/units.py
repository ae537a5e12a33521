"""Units: their names, what they convert to, and quantities that carry one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering
from types import MappingProxyType


class UnitError(ValueError):
    """Quantities that do not go together; the message is for a person."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures, how much of the base unit it is, and the unit it is often taken for."""

    family: str
    factor: float
    sibling: str | None = None


BYTES = "bytes"
INFORMATION = "information"

_LN2 = 0.6931471805599453

# `kB` and `GB` are powers of ten, `KiB` and `GiB` powers of two; people mix them, hence the siblings.
TABLE: Mapping[str, Unit] = MappingProxyType(
    {
        "bytes": Unit(BYTES, 1),
        "KB": Unit(BYTES, 10**3, "KiB"),
        "MB": Unit(BYTES, 10**6, "MiB"),
        "GB": Unit(BYTES, 10**9, "GiB"),
        "TB": Unit(BYTES, 10**12, "TiB"),
        "KiB": Unit(BYTES, 2**10, "KB"),
        "MiB": Unit(BYTES, 2**20, "MB"),
        "GiB": Unit(BYTES, 2**30, "GB"),
        "TiB": Unit(BYTES, 2**40, "TB"),
        "nats": Unit(INFORMATION, 1),
        "bits": Unit(INFORMATION, _LN2),
    }
)


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """An amount of a unit. Quantities of one family add, subtract, compare and divide; numbers scale them.

    Equal is what measures equal: 1 GiB equals 1024 MiB. Raises UnitError where units do not go together.
    """

    amount: float
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in TABLE:
            raise UnitError(f"`{self.unit}` is not a unit; there are {', '.join(TABLE)}")

    @property
    def family(self) -> str:
        """What the unit measures: bytes or information."""
        return TABLE[self.unit].family

    @property
    def base(self) -> float:
        """The amount in the family's base unit: bytes, or nats. Whole bytes stay an int."""
        return scaled(self.amount, TABLE[self.unit].factor)

    def to(self, unit: str) -> Quantity:
        """Give the same quantity in another unit of its family."""
        other = Quantity(1, unit)
        self._together(other, "converted to")
        return self if unit == self.unit else Quantity(divided(self.base, TABLE[unit].factor), unit)

    def __add__(self, other: object) -> Quantity:
        right = self._together(other, "added to")
        return Quantity(self.amount + right.to(self.unit).amount, self.unit)

    def __radd__(self, other: object) -> Quantity:
        if type(other) is int and other == 0:  # where sum() starts
            return self
        return self + other

    def __sub__(self, other: object) -> Quantity:
        right = self._together(other, "subtracted from")
        return Quantity(self.amount - right.to(self.unit).amount, self.unit)

    def __rsub__(self, other: object) -> Quantity:
        return -(self - other)

    def __neg__(self) -> Quantity:
        return Quantity(-self.amount, self.unit)

    def __pos__(self) -> Quantity:
        return self

    def __abs__(self) -> Quantity:
        return Quantity(abs(self.amount), self.unit)

    def __mul__(self, other: object) -> Quantity:
        return Quantity(self.amount * _number(other, f"{self.unit} multiplied by"), self.unit)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Quantity | float:
        if isinstance(other, Quantity):
            return divided(self.base, self._together(other, "divided by").base)
        return Quantity(divided(self.amount, _number(other, f"{self.unit} divided by")), self.unit)

    def __rtruediv__(self, other: object) -> Quantity:
        raise UnitError(f"a number divided by {self.unit} has no unit here")

    def __floordiv__(self, other: object) -> Quantity | float:
        if isinstance(other, Quantity):
            return _whole(self.base, self._together(other, "divided by").base)
        return Quantity(_whole(self.amount, _number(other, f"{self.unit} divided by")), self.unit)

    def __pow__(self, exponent: object) -> Quantity:
        if type(exponent) is int and exponent == 1:
            return self
        raise UnitError(
            f"{self.unit} to the power of {exponent} has no unit here; raise the number, then add the unit"
        )

    def __hash__(self) -> int:
        return hash((self.family, self.base))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Quantity):
            return self.family == other.family and self.base == other.base
        return NotImplemented

    def __lt__(self, other: object) -> bool:
        return self.base < self._together(other, "compared with").base

    def _together(self, other: object, verb: str) -> Quantity:
        if isinstance(other, Quantity) and other.family == self.family:
            return other
        if isinstance(other, Quantity):
            raise UnitError(f"{other.unit} cannot be {verb} {self.unit}")
        raise UnitError(
            f"a plain number cannot be {verb} {self.unit}; give it a unit, such as `3 * {self.unit}`"
        )


# What checks can name. `K` is 1024, as in "64K tokens".
UNITS: Mapping[str, Quantity | int | float] = MappingProxyType(
    {name: Quantity(1, name) for name in TABLE}
    | {"K": 1024, "M": 10**6, "million": 10**6, "billion": 10**9, "percent": 0.01}
)


def scaled(amount: float, factor: float) -> float:
    """Multiply; a whole number of base units stays an int, so that bytes compare exactly."""
    if not isinstance(factor, int) or not math.isfinite(amount):
        return amount * factor
    product = Fraction(amount) * factor
    return product.numerator if product.denominator == 1 else amount * factor


def divided(amount: float, divisor: float) -> float:
    """Divide; a whole result of whole numbers stays an int. Raises UnitError for zero."""
    if divisor == 0:
        raise UnitError("division by zero")
    if isinstance(amount, int) and isinstance(divisor, int) and amount % divisor == 0:
        return amount // divisor
    return amount / divisor


def _whole(amount: float, divisor: float) -> float:
    if divisor == 0:
        raise UnitError("division by zero")
    return amount // divisor


def _number(value: object, action: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        what = value.unit if isinstance(value, Quantity) else f"a {type(value).__name__}"
        raise UnitError(f"{action} {what} has no unit here")
    return value
