"""Misconceptions about arithmetic, tensors and units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from verideck.verifying.mutants.changing import (
    Compute,
    Mutant,
    Trial,
    Untouched,
    call,
    instead,
    scaled,
    tensor,
)
from verideck.verifying.values import UNITS


def _own(name: str) -> Any:
    """Give the first argument back as it was."""
    return lambda _, __, given: given[name]


def _squared(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    return call(compute, given) ** 2


def _other_side(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    a, b = tensor(given["a"]), tensor(given["b"])
    if a.shape == b.shape == (1, 1) or a.dim() != 2 or b.dim() != 2 or b.shape[1] != a.shape[0]:
        raise Untouched
    return b @ a


def _each_by_each(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    a, b = tensor(given["a"]), tensor(given["b"])
    if a.shape != b.shape:
        raise Untouched
    return a * b


def _in_rows(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    a, b = tensor(given["a"]), tensor(given["b"])
    if a.dim() != 2 or b.dim() != 2 or a.shape[1] != b.shape[1]:
        raise Untouched
    return a @ b.transpose(0, 1)


def _rounded_down(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    if not isinstance(given["x"], int | float):
        raise Untouched
    scale = 10.0 ** given["digits"]
    return math.floor(given["x"] * scale) / scale


def _base_two(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    found = call(compute, given)
    return [one / math.log(2) for one in found] if isinstance(found, list) else found / math.log(2)


def _power_of_two(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    return call(compute, {**given, "x": scaled(given["x"], math.log(2))})


def _lengths(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    return tensor(given["a"]).norm() * tensor(given["b"]).norm()


DECIMAL = {name: UNITS[name.replace("i", "")] for name in ("KiB", "MiB", "GiB", "TiB") if name in UNITS} | {
    "K": 1000
}

MUTANTS: tuple[Mutant, ...] = (
    Mutant("base-two", "logarithms and powers have base 2", {"log": _base_two, "exp": _power_of_two}),
    Mutant("no-root", "the square root is left out", {"sqrt": _own("x")}),
    Mutant("root-for-square", "the length is the sum of squares", {"norm": _squared}),
    Mutant("sine-and-cosine", "sine for cosine, or the other way round",
           {"sin": instead("cos"), "cos": instead("sin")}),
    Mutant("tanh-for-sigmoid", "tanh and sigmoid are the same",
           {"tanh": instead("sigmoid"), "sigmoid": instead("tanh")}),
    Mutant("relu-of-size", "ReLU turns negative numbers over, or leaves them", {"relu": instead("abs")}),
    Mutant("rounded-down", "numbers are cut off, not rounded", {"round": _rounded_down}),
    Mutant("factors-swapped", "a matrix product may be turned round", {"matmul": _other_side}),
    Mutant("element-by-element", "a matrix product multiplies element by element", {"matmul": _each_by_each}),
    Mutant("rows-by-rows", "a matrix product takes rows by rows", {"matmul": _in_rows}),
    Mutant("lengths-for-dot", "the dot product is the product of the lengths", {"dot": _lengths}),
    Mutant("not-transposed", "the transpose is the matrix itself", {"transpose": _own("a")}),
    Mutant("decimal-units", "K is 1,000, and KiB is kB", constants=DECIMAL),
)  # fmt: skip
"""Misconceptions about arithmetic, tensors and units."""
