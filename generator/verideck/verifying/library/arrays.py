"""Arguments that are many numbers: lists and tensors are interchangeable.

Sizes are counted before anything is held. Converters raise UnfitError as those in `arguments` do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from verideck.verifying.library.arguments import (
    MOST_ELEMENTS,
    UnfitError,
    allow,
    count,
    described,
    is_number,
    is_quantity,
    is_tensor,
    number,
)

if TYPE_CHECKING:
    from torch import Tensor

DEEPEST = 12  # axes of a tensor


def shape_of(value: Any, name: str, depth: int = 0) -> tuple[int, ...]:
    """Give the shape of nested lists or a tensor; rows must be equally long."""
    if is_tensor(value):
        return tuple(value.shape)
    if not isinstance(value, list | tuple):
        return ()
    if depth == DEEPEST:
        raise UnfitError(f"`{name}` is nested more than {DEEPEST} deep")
    if len(value) > MOST_ELEMENTS:
        allow(len(value), f"`{name}`")
    shapes = [shape_of(item, name, depth + 1) for item in value]
    for row, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise UnfitError(
                f"`{name}` has rows of different sizes: row 0 has the shape {shapes[0]} and row {row} {shape}"
            )
    return (len(value), *(shapes[0] if shapes else ()))


def _leaves(value: Any, name: str) -> Any:
    """Give nested lists as plain numbers, refusing everything else."""
    if is_tensor(value):
        if "bool" in str(value.dtype):
            raise UnfitError(f"`{name}` holds booleans; a boolean is not a number")
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_leaves(item, name) for item in value]
    if not is_number(value):
        raise UnfitError(f"`{name}` holds {described(value)} where a number is needed")
    if isinstance(value, int) and abs(value) > 2**1000:
        raise UnfitError(f"`{name}` holds a number that is too large")
    return float(value)


def _tensor(value: Any, name: str, *, hidden: bool) -> Tensor:
    if not is_tensor(value) and not isinstance(value, list | tuple) and not is_number(value):
        raise UnfitError(f"`{name}` is {described(value)} where a list of numbers is needed")
    shape = shape_of(value, name)
    allow(math.prod(shape), f"`{name}`")
    if 0 in shape:
        raise UnfitError(f"`{name}` is empty")
    import torch

    if is_tensor(value) and "bool" not in str(value.dtype):
        made: Tensor = value.to(torch.float64)
    else:
        made = torch.tensor(_leaves(value, name), dtype=torch.float64)
    wrong = torch.isnan(made) | (made == math.inf) if hidden else ~torch.isfinite(made)
    if wrong.any():
        place = wrong.nonzero()[0].tolist()
        at = "".join(f"[{index}]" for index in place)
        what = "NaN" if bool(torch.isnan(made[tuple(place)])) else "an infinite number"
        raise UnfitError(f"`{name}` holds {what}{f' at {at}' if at else ''}")
    return made


def tensor(value: Any, name: str) -> Tensor:
    """Take finite numbers of any shape, as float64."""
    return _tensor(value, name, hidden=False)


def scores(value: Any, name: str) -> Tensor:
    """Take numbers of any shape with at least one axis; −∞ hides a place."""
    made = _tensor(value, name, hidden=True)
    if made.dim() == 0:
        raise UnfitError(f"`{name}` is one number where a list of numbers is needed")
    return made


def listed(value: Any, name: str) -> Tensor:
    """Take finite numbers with at least one axis."""
    made = tensor(value, name)
    if made.dim() == 0:
        raise UnfitError(f"`{name}` is one number where a list of numbers is needed")
    return made


def mask(value: Any, name: str) -> Tensor:
    """Take numbers to add to scores."""
    try:
        return scores(value, name)
    except ValueError as wrong:
        if "boolean" in str(wrong):
            raise UnfitError(f"`{name}` holds booleans; a mask is added: 0 to look, -inf to hide") from None
        raise


def of_axes(*axes: int) -> Callable[[Any, str], Tensor]:
    """Make a converter for tensors with that many axes."""
    words = {1: "a vector", 2: "a matrix"}
    wanted = " or ".join(words.get(one, f"a tensor of {one} axes") for one in axes)

    def convert(value: Any, name: str) -> Tensor:
        made = tensor(value, name)
        if made.dim() not in axes:
            raise UnfitError(f"`{name}` has the shape {tuple(made.shape)} where {wanted} is needed")
        return made

    return convert


def rows(value: Any, name: str) -> Tensor:
    """Take a tensor with at least rows and columns."""
    made = tensor(value, name)
    if made.dim() < 2:
        raise UnfitError(
            f"`{name}` has the shape {tuple(made.shape)} where rows are needed, such as [[1, 0], [0, 1]]"
        )
    return made


def whole(value: Any, name: str) -> Tensor:
    """Take whole numbers from 0 upwards, as int64: one, or a list."""
    import torch

    made = tensor(value, name)
    if bool((made != made.floor()).any()) or bool((made < 0).any()):
        raise UnfitError(f"`{name}` must hold whole numbers from 0 upwards")
    return made.to(torch.int64)


def whole_list(value: Any, name: str) -> Tensor:
    """Take a flat list of whole numbers from 0 upwards, as int64."""
    made = whole(value, name)
    if made.dim() != 1:
        raise UnfitError(f"`{name}` has the shape {tuple(made.shape)} where a flat list is needed")
    return made


def numbers(value: Any, name: str) -> Any:
    """Take numbers of any shape: plain ones and quantities, and flat lists of them, stay as they are."""
    if is_quantity(value):
        return value
    if is_number(value):
        return number(value, name)
    flat = isinstance(value, list | tuple) and all(is_number(one) or is_quantity(one) for one in value)
    if flat and value:
        allow(len(value), f"`{name}`")
        return [one if is_quantity(one) else number(one, f"{name}[{n}]") for n, one in enumerate(value)]
    return scores(value, name) if is_tensor(value) and value.dim() else _tensor(value, name, hidden=False)


def elementwise(value: Any, name: str) -> Any:
    """Take one plain number, or numbers of any shape as a tensor, −∞ among them."""
    return number(value, name) if is_number(value) else _tensor(value, name, hidden=True)


def shape(value: Any, name: str) -> tuple[int, ...]:
    """Take the sizes of a tensor's axes, such as (2, 3)."""
    if is_tensor(value):
        value = value.tolist()
    return tuple(count(size, name) for size in (value if isinstance(value, list | tuple) else (value,)))


def anything(value: Any, _: str) -> Any:
    """Take any value."""
    return value
