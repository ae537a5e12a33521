"""Reversible blocks with named functions for F and G."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verideck.verifying.library.arguments import UnfitError
from verideck.verifying.library.kinds import FUNCTIONS

if TYPE_CHECKING:
    from torch import Tensor

    from verideck.verifying.library.entries import Steps

MAPS: Mapping[str, Callable[[Any], Any]] = {
    "double": lambda x: 2 * x,
    "half": lambda x: x / 2,
    "square": lambda x: x * x,
    "negate": lambda x: -x,
    "increment": lambda x: x + 1,
    "identity": lambda x: x,
    "zero": lambda x: 0 * x,
    "tanh": lambda x: x.tanh(),
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "relu": lambda x: x.relu(),
}


@dataclass(frozen=True, slots=True)
class Outputs:
    """A reversible block's outputs."""

    y1: Any
    y2: Any


@dataclass(frozen=True, slots=True)
class Inputs:
    """A reversible block's inputs, found from its outputs."""

    x1: Any
    x2: Any


def _same(a: Tensor, b: Tensor, names: tuple[str, str]) -> None:
    if a.shape != b.shape:
        raise UnfitError(
            f"`{names[0]}` has the shape {tuple(a.shape)} and `{names[1]}` {tuple(b.shape)}; they must agree"
        )


def reversible_forward(x1: Tensor, x2: Tensor, f: str, g: str) -> Outputs:
    """Run a block."""
    _same(x1, x2, ("x1", "x2"))
    from verideck.reference import reversible as reference

    return Outputs(*map(_plain, reference.reversible_forward(x1, x2, MAPS[f], MAPS[g])))


def reversible_inverse(y1: Tensor, y2: Tensor, f: str, g: str) -> Inputs:
    """Run a block backwards."""
    _same(y1, y2, ("y1", "y2"))
    from verideck.reference import reversible as reference

    return Inputs(*map(_plain, reference.reversible_inverse(y1, y2, MAPS[f], MAPS[g])))


def reversible_forward_steps(x1: Tensor, x2: Tensor, f: str, g: str) -> Steps:
    """Show F, y_1, G, y_2, in their order."""
    found = reversible_forward(x1, x2, f, g)
    return (
        (f"F(x_2), F(x) = {FUNCTIONS[f]}", _plain(MAPS[f](x2))),
        ("y_1 = x_1 + F(x_2)", found.y1),
        (f"G(y_1), G(x) = {FUNCTIONS[g]}", _plain(MAPS[g](x1 + MAPS[f](x2)))),
        ("y_2 = x_2 + G(y_1)", found.y2),
    )


def reversible_inverse_steps(y1: Tensor, y2: Tensor, f: str, g: str) -> Steps:
    """Show G, x_2, F, x_1, in their order."""
    found = reversible_inverse(y1, y2, f, g)
    return (
        (f"G(y_1), G(x) = {FUNCTIONS[g]}", _plain(MAPS[g](y1))),
        ("x_2 = y_2 − G(y_1)", found.x2),
        (f"F(x_2), F(x) = {FUNCTIONS[f]}", _plain(MAPS[f](y2 - MAPS[g](y1)))),
        ("x_1 = y_1 − F(x_2)", found.x1),
    )


def _plain(x: Tensor) -> Any:
    return x.item() if x.dim() == 0 else x
