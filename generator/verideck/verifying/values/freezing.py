"""Computed objects -> values: tensors, lists, numbers and shapes, checked for what cannot be kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, is_dataclass

from verideck.verifying.formulas import Solution, System
from verideck.verifying.values.types import FORMULA, Dtype, Nested, Scalar, Tensor, Value
from verideck.verifying.values.units import Quantity

MOST = 2**18  # elements of one value
DEEPEST = 16  # axes
LONGEST = 10_000  # characters of a text
WIDEST = 1_000  # bits of a whole number, so that it still compares with a float


def freeze(value: object) -> Value:
    """Turn a computed object into a value.

    Tensors (anything with `tolist`) and nested lists of numbers become a Tensor, a single element a plain
    number, a tuple of whole numbers a shape. Raises ValueError, with a message for a person, for NaN and
    infinity (saying where), ragged lists, what is too large to keep, and anything that is no value.
    """
    match value:
        case bool() | int() | float():
            return _scalar(value, ())
        case str():
            if len(value) > LONGEST:
                raise ValueError(f"a text of {len(value):,} characters is too large to keep")
            return str(value)
        case Quantity():
            return Quantity(_scalar(value.amount, ()), value.unit)
        case Tensor():
            return tensor(value.data, value.shape, value.dtype)
    if isinstance(value, (*FORMULA, System, Solution)):
        return value
    return _array(value) if hasattr(value, "tolist") else _sequence(value)


def tensor(data: object, shape: tuple[int, ...] | None = None, dtype: Dtype | None = None) -> Tensor:
    """Build a Tensor from nested sequences; raises ValueError where they are ragged, mixed or too large."""
    flat: list[Scalar] = []
    found = _collect(data, (), flat)
    if shape is not None and shape != found and (flat or 0 not in shape):
        raise ValueError(f"numbers of shape {found} cannot have shape {shape}")
    kinds = {type(item) for item in flat}
    if bool in kinds and len(kinds) > 1:
        raise ValueError("numbers and truth values in one list")
    inferred: Dtype = "bool" if kinds == {bool} else "int" if kinds == {int} else "float"
    kind = dtype if dtype is not None and not flat else inferred
    if dtype == "float" and kind == "int":
        kind = "float"
    if dtype is not None and kind != dtype:
        raise ValueError(f"{kind} numbers cannot be {dtype}")
    items = [float(item) for item in flat] if kind == "float" else flat
    sizes = found if shape is None else shape
    return Tensor(_packed(items, sizes), sizes, kind)


def _sequence(value: object) -> Value:
    """Freeze a list or a tuple; a tuple with named parts is a result to take a part of."""
    if not isinstance(value, (list, tuple)) or hasattr(value, "_fields"):
        raise ValueError(_not_a_value(value))
    if isinstance(value, tuple) and all(type(item) is int for item in value):
        return tuple(int(_scalar(item, (place,))) for place, item in enumerate(value))
    return tensor(value)


def _array(value: object) -> Value:
    """Freeze a torch tensor, or anything else with `tolist` and `shape`."""
    shape = tuple(int(size) for size in getattr(value, "shape", ()))
    if math.prod(shape) > MOST:
        raise ValueError(_too_large(math.prod(shape)))
    data = value.tolist()  # type: ignore[attr-defined]  # the caller has seen that it is there
    if not isinstance(data, list):
        return freeze(data)
    name = str(getattr(value, "dtype", "float"))
    empty: Dtype = "bool" if "bool" in name else "int" if "int" in name else "float"
    return tensor(data, shape or None, empty if 0 in shape else None)


def _collect(data: object, place: tuple[int, ...], flat: list[Scalar]) -> tuple[int, ...]:
    """Append the elements of nested sequences and give their shape."""
    if hasattr(data, "tolist"):
        data = data.tolist()
    if isinstance(data, (bool, int, float)):
        if len(flat) >= MOST:
            raise ValueError(_too_large(None))
        flat.append(_scalar(data, place))
        return ()
    if not isinstance(data, (list, tuple)) or hasattr(data, "_fields"):
        raise ValueError(_not_a_value(data))
    if len(place) >= DEEPEST:
        raise ValueError(f"lists nested deeper than {DEEPEST}")
    shapes = [_collect(item, (*place, number), flat) for number, item in enumerate(data)]
    for number, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise ValueError(
                f"a ragged list: {_at((*place, number))} has shape {shape}, the first {shapes[0]}"
            )
    return (len(data), *(shapes[0] if shapes else ()))


def _packed(items: Sequence[Scalar], shape: tuple[int, ...]) -> tuple[Nested, ...]:
    """Nest flat items by shape."""
    row: list[Nested] = list(items)
    for size in reversed(shape[1:]):
        count = len(row) // size if size else 0
        row = [tuple(row[place * size : (place + 1) * size]) for place in range(count)]
    if 0 in shape[1:]:
        row = [_packed((), shape[1:])] * shape[0]
    return tuple(row)


def _scalar(value: Scalar, place: tuple[int, ...]) -> Scalar:
    where = f" at {_at(place)}" if place else ""
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        if value.bit_length() > WIDEST:
            raise ValueError(f"a whole number of {value.bit_length():,} bits{where} is too large to hold")
        return int(value)
    if math.isnan(value):
        raise ValueError(f"NaN{where}, which no value equals")
    if math.isinf(value):
        raise ValueError(f"{'minus ' if value < 0 else ''}infinity{where}, which is no value to compare")
    return float(value)


def _at(place: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, place))}]"


def _too_large(count: int | None) -> str:
    what = f"{count:,} numbers are" if count else "a value is"
    return f"{what} too large to keep; the most is {MOST:,} numbers"


def _not_a_value(value: object) -> str:
    """Say what is wrong with an object that is no value, naming its parts where it has some."""
    if isinstance(value, Quantity):
        return f"a list of quantities; divide by a unit first, such as `/ {value.unit}`"
    parts: tuple[str, ...] = getattr(value, "_fields", ())
    if not parts and is_dataclass(value):
        parts = tuple(part.name for part in fields(value))
    if parts:
        return f"a result with several parts; take one: {', '.join(f'`.{part}`' for part in parts)}"
    if value is None:
        return "nothing was computed"
    kinds = "a number, a truth value, a text, a tensor, a shape, a quantity or a formula"
    return f"`{type(value).__name__}` where {kinds} is expected"
