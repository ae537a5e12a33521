"""Formulas evaluated on small vectors, with unknown functions as fixed nonlinear maps.

Equality of formulas is decided by numbers: two that agree on several pseudo-random instances are the same.
Vectors of three floats and maps that mix their components show what a single number would hide.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from verideck.verifying.formulas.expressions import Binary, Call, Expression, Name, Negative, Number

Vector: TypeAlias = tuple[float, ...]

SIZE = 3
CLOSE = 1e-9  # relative: what two evaluations in another order may differ by
CONSTANTS: Mapping[str, float] = MappingProxyType({"π": math.pi, "pi": math.pi, "e": math.e})

# What mathematics knows by name works on each component; `log` is the natural one, as in torch.
KNOWN: Mapping[str, Callable[[float], float]] = MappingProxyType(
    {
        "sqrt": math.sqrt,
        "exp": math.exp,
        "ln": math.log,
        "log": math.log,
        "log_2": math.log2,
        "lg": math.log2,
        "log_10": math.log10,
        "sin": math.sin,
        "cos": math.cos,
        "tan": math.tan,
        "tanh": math.tanh,
        "abs": abs,
    }
)


class UndefinedError(ArithmeticError):
    """A formula has no value on an instance, or none that a float can hold."""


def evaluate(expression: Expression, values: Mapping[str, Vector]) -> Vector:
    """Evaluate on vectors; raises UndefinedError, and KeyError for a name without a value."""
    match expression:
        case Number(value):
            return _finite((float(value),) * SIZE)
        case Name(name):
            return values[name] if name in values else (CONSTANTS[name],) * SIZE
        case Negative(operand):
            return tuple(-x for x in evaluate(operand, values))
        case Call(function, arguments):
            return _call(function, tuple(evaluate(argument, values) for argument in arguments))
        case Binary(operator, left, right):
            pairs = zip(evaluate(left, values), evaluate(right, values), strict=True)
            return _finite(tuple(_join(operator, x, y) for x, y in pairs))


def close(first: Vector, second: Vector) -> bool:
    """Whether two vectors are the same but for rounding."""
    scale = max(1.0, *(abs(x) for x in first + second))
    return all(abs(x - y) <= CLOSE * scale for x, y in zip(first, second, strict=True))


def draw(name: str, instance: int) -> Vector:
    """Draw a quantity's vector: fixed by its name and the instance; every other instance is positive."""
    generator = _generator(f"{instance} {name}")
    low = -2.0 if instance % 2 else 0.2
    return tuple(generator.uniform(low, 2.0) for _ in range(SIZE))


def _join(operator: str, left: float, right: float) -> float:
    try:
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case _:
                power = left**right
    except (ArithmeticError, ValueError) as fault:
        raise UndefinedError(str(fault)) from fault
    if isinstance(power, complex):
        raise UndefinedError("a root of a negative number")
    return float(power)


def _call(function: str, arguments: tuple[Vector, ...]) -> Vector:
    if function in KNOWN and len(arguments) == 1:
        try:
            return _finite(tuple(KNOWN[function](x) for x in arguments[0]))
        except (ArithmeticError, ValueError) as fault:
            raise UndefinedError(str(fault)) from fault
    if function in ("max", "min"):
        return tuple((max if function == "max" else min)(column) for column in zip(*arguments, strict=True))
    mixed = [x for argument in arguments for x in argument]
    return tuple(
        math.tanh(shift + sum(weight * x for weight, x in zip(row, mixed, strict=True)))
        + 0.3 * math.sin(shift + mixed[place % len(mixed)])
        for place, (row, shift) in enumerate(_map(function, len(mixed)))
    )


@lru_cache(maxsize=256)
def _map(function: str, inputs: int) -> tuple[tuple[Vector, float], ...]:
    """Draw an unknown function: for each component its weights and its shift."""
    generator = _generator(f"function {function} of {inputs}")
    return tuple(
        (tuple(generator.uniform(-1, 1) for _ in range(inputs)), generator.uniform(-1, 1))
        for _ in range(SIZE)
    )


def _generator(seed: str) -> random.Random:
    # the hash is stable over runs and machines, as Python's own is not
    digest = hashlib.blake2b(seed.encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest))  # noqa: S311 - test instances, no secret


def _finite(vector: Vector) -> Vector:
    if not all(math.isfinite(x) for x in vector):
        raise UndefinedError("too large for a float")
    return vector
