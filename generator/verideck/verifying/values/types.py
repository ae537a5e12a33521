"""What a computed or a written value can be: a closed set, the same while checks run and in the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from verideck.verifying.formulas import Binary, Call, Equation, Name, Negative, Number, Solution, System
from verideck.verifying.values.units import Quantity

Scalar: TypeAlias = bool | int | float
Nested: TypeAlias = "Scalar | tuple[Nested, ...]"
Dtype: TypeAlias = Literal["float", "int", "bool"]


@dataclass(frozen=True, slots=True)
class Tensor:
    """Numbers or truths along one or more axes; a single one is a plain `float`, `int` or `bool`."""

    data: tuple[Nested, ...]
    shape: tuple[int, ...]
    dtype: Dtype

    def flat(self) -> tuple[Scalar, ...]:
        """All elements, the last axis fastest."""
        row: list[Nested] = list(self.data)
        for _ in self.shape[1:]:
            row = [item for part in row if isinstance(part, tuple) for item in part]
        return tuple(item for item in row if not isinstance(item, tuple))


# The parts of a formula, spelled out because isinstance wants classes.
FORMULA = (Number, Name, Call, Negative, Binary, Equation)
Formula: TypeAlias = Number | Name | Call | Negative | Binary | Equation

# A tuple is a shape: whole numbers only. `1` and `1.0` are numbers, `True` is not.
Value: TypeAlias = (
    bool | int | float | str | tuple[int, ...] | Tensor | Quantity | Formula | System | Solution
)


@dataclass(frozen=True, slots=True)
class Written:
    """A value as an author wrote it.

    `precision` is one unit of the last printed digit (the finest in a tensor), in the base unit (bytes, nats,
    1): it compares across options, smaller is finer, and 0 is exact. `digits` counts the digits after the
    point, None where the value is exact. `alternative` is the value under the unit it is often taken for, in
    the base unit (GiB for GB).
    """

    value: Value
    text: str
    precision: float = 0.0
    digits: int | None = None
    scientific: bool = False  # each element has its own last digit: 1.0000e-04 and 1.0000e+03
    symbolic: bool = False  # such as 1/√3: compared far closer than a printed number
    unit: str | None = None  # as understood: GiB, percent, K
    step: float = 0.0  # one unit of the last digit, for exact whole numbers too; 0 for symbolic ones
    alternative: int | float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a computed value says of a written one. Not comparable: of another type or shape, nothing is said.

    `imprecise`: not equal, but less than one last digit away or equal in another customary unit.
    `tolerance` is the distance that was allowed, None where none was; `precision` is the written value's.
    """

    equal: bool
    comparable: bool = True
    imprecise: bool = False
    tolerance: float | None = None
    precision: float = 0.0
