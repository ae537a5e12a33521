"""Values as JSON data and back, exactly: floats print shortest, whole numbers stay whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from verideck.verifying.formulas import (
    Equation,
    Expression,
    Name,
    Solution,
    System,
    parse_all,
    parse_formula,
)
from verideck.verifying.values.freezing import freeze, tensor
from verideck.verifying.values.types import Tensor, Value
from verideck.verifying.values.units import Quantity


class DamagedError(ValueError):
    """Data that no value was kept as."""


def to_json(value: Value) -> object:
    """Turn a value into data for `json.dumps`; `from_json` is the exact inverse.

    Numbers, truth values and texts stay as they are; every other value is an object with one telling key.
    """
    match value:
        case bool() | int() | float() | str():
            return value
        case tuple():
            return {"shape": list(value)}
        case Tensor():
            return {"tensor": _lists(value.data), "shape": list(value.shape), "dtype": value.dtype}
        case Quantity():
            return {"quantity": value.amount, "unit": value.unit}
        case System():
            return {"system": [str(equation) for equation in value.equations]}
        case Solution():
            return {
                "solution": str(value.formula),
                "unknown": str(Name(value.unknown)),
                "known": [str(Name(name)) for name in value.known],
                "system": [str(equation) for equation in value.equations.equations],
                "steps": [str(step) for step in value.steps],
            }
    return {"formula": str(value)}


def from_json(data: object) -> Value:
    """Turn JSON data back into the value; raises ValueError where it is damaged."""
    if isinstance(data, (bool, int, float, str)):
        return freeze(data)
    if not isinstance(data, dict):
        raise DamagedError(f"{type(data).__name__} where a value is expected")
    for key, decode in _DECODERS.items():
        if key in data:
            try:
                return decode(data)
            except (KeyError, TypeError, AttributeError) as fault:
                raise DamagedError(f"a damaged {key}: {fault}") from fault
    raise DamagedError(f"an object with {', '.join(map(str, data)) or 'nothing'} is not a value")


def _lists(data: object) -> object:
    return [_lists(item) for item in data] if isinstance(data, tuple) else data


def _tensor(data: Mapping[str, object]) -> Value:
    shape, dtype = _shape(data), data["dtype"]
    if not isinstance(data["tensor"], list) or dtype not in ("float", "int", "bool"):
        raise DamagedError("a damaged tensor")
    return tensor(data["tensor"], shape, dtype)


def _shape(data: Mapping[str, object]) -> tuple[int, ...]:
    shape = data["shape"]
    if not isinstance(shape, list) or not all(type(size) is int for size in shape):
        raise DamagedError("a damaged shape")
    return tuple(shape)


def _quantity(data: Mapping[str, object]) -> Value:
    amount, unit = data["quantity"], data["unit"]
    if isinstance(amount, bool) or not isinstance(amount, (int, float)) or not isinstance(unit, str):
        raise DamagedError("a damaged quantity")
    return freeze(Quantity(amount, unit))


def _system(data: Mapping[str, object]) -> System:
    return System(tuple(_equation(text) for text in _texts(data, "system")))


def _solution(data: Mapping[str, object]) -> Value:
    formula = _formula({"formula": data["solution"]})
    if isinstance(formula, Equation):
        raise DamagedError("a damaged solution")
    known = tuple(_named(text) for text in _texts(data, "known"))
    steps = tuple(_equation(text) for text in _texts(data, "steps"))
    return Solution(_system(data), _named(data["unknown"]), known, formula, steps)


def _formula(data: Mapping[str, object]) -> Expression | Equation:
    text = data["formula"]
    if not isinstance(text, str):
        raise DamagedError("a damaged formula")
    return parse_formula(text)


def _equation(text: str) -> Equation:
    found = parse_all(text)
    if len(found) != 1 or not isinstance(found[0], Equation):
        raise DamagedError(f"`{text}` is not an equation")
    return found[0]


def _named(text: object) -> str:
    found = _formula({"formula": text})
    if not isinstance(found, Name):
        raise DamagedError(f"`{text}` is not a name")
    return found.name


def _texts(data: Mapping[str, object], key: str) -> list[str]:
    texts = data[key]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise DamagedError(f"a damaged {key}")
    return texts


# In this order: a solution has a system, and a tensor a shape.
_DECODERS: Mapping[str, Callable[[Mapping[str, object]], Value]] = MappingProxyType(
    {
        "tensor": _tensor,
        "solution": _solution,
        "quantity": _quantity,
        "formula": _formula,
        "system": _system,
        "shape": _shape,
    }
)
