"""The layers around attention."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from verideck.verifying.library.arguments import UnfitError, allow

if TYPE_CHECKING:
    from torch import Tensor

    from verideck.verifying.library.entries import Steps


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Map features linearly."""
    _maps(x, weight, bias, ("x", "weight", "bias"))
    from verideck.reference import layers as reference

    return reference.linear(x, weight, bias)


def _maps(x: Tensor, weight: Tensor, bias: Tensor | None, names: tuple[str, str, str]) -> None:
    """Check that a weight (outputs, inputs) and a bias (outputs,) go with each other and with x."""
    if x.shape[-1] != weight.shape[-1]:
        raise UnfitError(
            f"`{names[0]}` has {x.shape[-1]} features and `{names[1]}` takes {weight.shape[-1]}; "
            "a weight is stored as (outputs, inputs)"
        )
    if bias is not None and len(bias) != len(weight):
        raise UnfitError(f"`{names[1]}` has {len(weight)} outputs and `{names[2]}` has {len(bias)}")
    allow(math.prod(x.shape[:-1]) * len(weight), "the result")


def linear_steps(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Steps:
    """Show the product and, where there is a bias, the sum."""
    lines: Steps = (("x Wᵀ", linear(x, weight)),)
    return lines if bias is None else (*lines, ("x Wᵀ + b", linear(x, weight, bias)))


def layer_norm(x: Tensor, epsilon: float = 1e-5) -> Tensor:
    """Normalise each row."""
    from verideck.reference import layers as reference

    return reference.layer_norm(x, epsilon)


def layer_norm_steps(x: Tensor, epsilon: float = 1e-5) -> Steps:
    """Show mean, variance and the result."""
    mean = x.mean(-1)
    return (
        ("mean", mean),
        ("variance", ((x - x.mean(-1, keepdim=True)) ** 2).mean(-1)),
        ("(x − mean) / √(variance + ε)", layer_norm(x, epsilon)),
    )


def feed_forward(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    """Widen, cut, narrow."""
    from verideck.reference import layers as reference

    _maps(x, w1, b1, ("x", "w1", "b1"))
    if w2.shape[1] != w1.shape[0]:
        raise UnfitError(f"`w1` gives {w1.shape[0]} features and `w2` takes {w2.shape[1]}")
    _maps(linear(x, w1, b1), w2, b2, ("the hidden layer", "w2", "b2"))
    return reference.feed_forward(x, w1, b1, w2, b2)


def feed_forward_steps(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Steps:
    """Show the hidden layer before and after the ReLU, and the output."""
    output, hidden = feed_forward(x, w1, b1, w2, b2), linear(x, w1, b1)
    return (("x W₁ᵀ + b₁", hidden), ("max(0, …)", hidden.relu()), ("… W₂ᵀ + b₂", output))


def cross_entropy(logits: Tensor, target: Tensor) -> float:
    """Average −log p(target)."""
    rows, classes = tuple(logits.shape[:-1]), tuple(target.shape)
    if rows != classes:
        raise UnfitError(f"`logits` has {rows or 'one row'} and `target` {classes or 'one class'}")
    if int(target.max()) >= logits.shape[-1]:
        raise UnfitError(f"`target` is {int(target.max())}; {logits.shape[-1]} classes count from 0")
    from verideck.reference import layers as reference

    return float(reference.cross_entropy(logits, target))


def cross_entropy_steps(logits: Tensor, target: Tensor) -> Steps:
    """Show the probabilities, the chosen ones and the loss."""
    loss = cross_entropy(logits, target)
    from verideck.reference.attention import softmax

    p = softmax(logits)
    return (
        ("p = softmax(logits)", p),
        ("p of the target", p.gather(-1, target.unsqueeze(-1)).squeeze(-1)),
        ("mean of −ln p" if target.dim() else "−ln p", loss),
    )


def positional_encoding(length: int, size: int) -> Any:
    """Mark positions by sines and cosines."""
    if size % 2:
        raise UnfitError(f"`size` is {size}; sines and cosines come in pairs, so it is even")
    allow(length * size, "the table")
    from verideck.reference import layers as reference

    return reference.positional_encoding(length, size)
