"""Reversible blocks: layers whose inputs can be computed back from their outputs.

Gomez et al. 2017, section 3.1, equations (6) and (7); Kitaev et al. 2020, section 3, equations (7) and (8):

    y_1 = x_1 + F(x_2)        x_2 = y_2 − G(y_1)
    y_2 = x_2 + G(y_1)        x_1 = y_1 − F(x_2)

F is attention and G the feed-forward layer (Kitaev et al., equation (9)); neither needs an inverse. The
order of the inverse is fixed: x_2 first, from y_1 alone; then x_1, which needs F of the x_2 just found.

Because of this a stack needs to keep only its last outputs for the backward pass: each block's inputs are
computed again, at the price of running F and G once more. F and G must give the same result again: dropout
in them needs its random numbers drawn a second time (`replay`).

Symbols: x_1, x_2, y_1, y_2 (…, E); N blocks; dy is the gradient of the loss with respect to y.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from verideck.reference.replay import replayed, rng_state

Map = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Block:
    """One reversible block: its two functions and the parameters that each of them uses."""

    F: Map
    G: Map
    F_parameters: tuple[Tensor, ...] = ()
    G_parameters: tuple[Tensor, ...] = ()


def reversible_forward(x_1: Tensor, x_2: Tensor, F: Map, G: Map) -> tuple[Tensor, Tensor]:
    """Run one block: y_1 = x_1 + F(x_2), then y_2 = x_2 + G(y_1)."""
    y_1 = x_1 + F(x_2)  # (…, E)
    y_2 = x_2 + G(y_1)  # (…, E)
    return y_1, y_2


def reversible_inverse(y_1: Tensor, y_2: Tensor, F: Map, G: Map) -> tuple[Tensor, Tensor]:
    """Run one block backwards: x_2 = y_2 − G(y_1), then x_1 = y_1 − F(x_2)."""
    x_2 = y_2 - G(y_1)  # (…, E)
    x_1 = y_1 - F(x_2)  # (…, E)
    return x_1, x_2


def reversible_stack(
    x_1: Tensor, x_2: Tensor, blocks: Sequence[Block], replay: bool = False
) -> tuple[Tensor, Tensor]:
    """Run N blocks so that only the last y_1 and y_2 are kept for the backward pass, whatever N is.

    With `replay` the state of the random generator before every F and G is kept, too (about 5 kB each), so
    that dropout drops the same again.
    """
    parameters = [p for block in blocks for p in (*block.F_parameters, *block.G_parameters)]
    y_1, y_2 = _Stack.apply(tuple(blocks), replay, x_1, x_2, *parameters)  # type: ignore[no-untyped-call]  # torch's
    return y_1, y_2


class _Stack(torch.autograd.Function):
    """The stack as one operation of autograd: what it keeps it keeps in `save_for_backward`."""

    @staticmethod
    def forward(
        ctx: Any, blocks: tuple[Block, ...], replay: bool, x_1: Tensor, x_2: Tensor, *_: Tensor
    ) -> Any:
        ctx.states = []
        for block in blocks:
            before_F = rng_state() if replay else None  # (state,)
            x_1 = x_1 + block.F(x_2)  # (…, E)
            before_G = rng_state() if replay else None  # (state,)
            x_2 = x_2 + block.G(x_1)  # (…, E)
            ctx.states.append((before_F, before_G))
        ctx.blocks = blocks
        ctx.save_for_backward(x_1, x_2)
        return x_1, x_2

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        dy_1, dy_2 = gradients
        y_1, y_2 = ctx.saved_tensors
        found: list[Tensor | None] = []
        for block, states in zip(reversed(ctx.blocks), reversed(ctx.states), strict=True):
            y_1, y_2, dy_1, dy_2, dF, dG = _backward(block, states, y_1, y_2, dy_1, dy_2)
            found[:0] = [*dF, *dG]
        return (None, None, dy_1, dy_2, *found)


def _backward(
    block: Block,
    states: tuple[Tensor | None, Tensor | None],
    y_1: Tensor,
    y_2: Tensor,
    dy_1: Tensor,
    dy_2: Tensor,
) -> tuple[Any, ...]:
    """Undo one block and push the gradients through it.

    y_2 depends on y_1 through G, and y_1 on x_2 through F; with J the Jacobians,
    dx_1 = dy_1 + J_G(y_1)ᵀ dy_2 and dx_2 = dy_2 + J_F(x_2)ᵀ dx_1.
    Gomez et al. 2017, algorithm 1.
    """
    before_F, before_G = states
    G_of_y_1, through_G, dG = _pull_back(block.G, y_1, block.G_parameters, dy_2, before_G)
    x_2 = y_2 - G_of_y_1  # (…, E)
    dx_1 = dy_1 + through_G  # (…, E)
    F_of_x_2, through_F, dF = _pull_back(block.F, x_2, block.F_parameters, dx_1, before_F)
    x_1 = y_1 - F_of_x_2  # (…, E)
    dx_2 = dy_2 + through_F  # (…, E)
    return x_1, x_2, dx_1, dx_2, dF, dG


def _pull_back(
    function: Map, x: Tensor, parameters: tuple[Tensor, ...], d: Tensor, state: Tensor | None
) -> tuple[Any, ...]:
    """Give function(x), and d's gradient with respect to x and to the parameters."""
    with torch.enable_grad(), replayed(state):
        x = x.detach().requires_grad_()  # (…, E)
        y = function(x)  # (…, E)
        dx, *rest = torch.autograd.grad(y, (x, *parameters), d)  # (…, E), as they are
    return y.detach(), dx, rest
