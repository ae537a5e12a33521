"""The kinds of value that checks compute with; torch is known by sight, never imported."""

from __future__ import annotations

from typing import Any


def is_number(value: object) -> bool:
    """Tell whether a value is a plain number; a boolean is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_tensor(value: object) -> bool:
    """Tell whether a value is a torch tensor, without importing torch."""
    return type(value).__module__ == "torch" and hasattr(value, "tolist")


def is_quantity(value: object) -> bool:
    """Tell whether a value carries a unit."""
    return hasattr(value, "amount") and hasattr(value, "unit")


def kind(value: object) -> str:
    """Name a value's kind for a person."""
    if value is None:
        return "nothing"
    for types, name in ((bool, "a condition"), (int | float, "a number"), (str, "a text"), (list, "a list")):
        if isinstance(value, types):
            return name
    if isinstance(value, tuple):
        return "a shape" if all(isinstance(item, int) for item in value) else "a tuple"
    if is_tensor(value):
        return "a tensor"
    if is_quantity(value):
        return f"a quantity in {value.unit}"  # type: ignore[attr-defined]  # just asked
    return f"a {type(value).__name__}"


def plain(value: object) -> object:
    """Give numbers for tensors without axes, and tuples for shapes."""
    if is_tensor(value) and value.dim() == 0:  # type: ignore[attr-defined]  # a torch tensor
        return value.item()  # type: ignore[attr-defined]  # a torch tensor
    return tuple(value) if isinstance(value, tuple) and type(value) is not tuple else value


def is_many(value: object) -> bool:
    """Tell whether a value has elements: a list, a tuple or a tensor."""
    return isinstance(value, list | tuple) or is_tensor(value)


def listed(value: Any) -> list[Any]:
    """Give a list, a tuple or a tensor as nested lists."""
    return value.tolist() if is_tensor(value) else [listed(item) if is_many(item) else item for item in value]


def is_boolean(value: Any) -> bool:
    """Tell whether a tensor holds conditions."""
    return str(value.dtype) == "torch.bool"
