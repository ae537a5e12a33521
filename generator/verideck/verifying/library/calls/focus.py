"""How sharply attention is focused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from verideck.verifying.library.arguments import UnfitError, allow

if TYPE_CHECKING:
    from torch import Tensor

    from verideck.verifying.library.entries import Steps


def entropy(weights: Tensor, base: float = math.e) -> Any:
    """Measure the spread of each row of weights."""
    if base == 1:
        raise UnfitError("`base` is 1; a logarithm needs another base")
    _shares(weights)
    from verideck.reference import focus as reference

    return reference.entropy(weights, base)


def entropy_steps(weights: Tensor, base: float = math.e) -> Steps:
    """Show the terms and their sum."""
    unit = {math.e: "ln", 2: "log₂", 10: "log₁₀"}.get(base, f"log to the base {base:g}")
    terms = weights.clamp(min=1e-300).log() * -weights / math.log(base)
    return ((f"−p {unit} p", terms), ("entropy, their sum", entropy(weights, base)))


def effective_keys(weights: Tensor) -> Any:
    """Count the keys of an even row with the same entropy."""
    _shares(weights)
    from verideck.reference import focus as reference

    return reference.effective_keys(weights)


def effective_keys_steps(weights: Tensor) -> Steps:
    """Show the entropy and its power."""
    return (("entropy", entropy(weights)), ("exp(entropy)", effective_keys(weights)))


def largest_weight(weights: Tensor) -> Any:
    """Give the largest weight of each row."""
    _shares(weights)
    from verideck.reference import focus as reference

    return reference.largest_weight(weights)


def gini(weights: Tensor) -> Any:
    """Measure how unequally each row is shared out."""
    _shares(weights)
    from verideck.reference import focus as reference

    return reference.gini(weights)


def gini_steps(weights: Tensor) -> Steps:
    """Show the weights in order and the index."""
    return (("weights, ascending", weights.sort(-1).values), ("Σ (2i − S − 1) p_i / S", gini(weights)))


def _shares(weights: Tensor) -> None:
    if bool((weights < 0).any()):
        raise UnfitError("`weights` holds a negative number; weights lie from 0 to 1")
    sums = weights.sum(-1)
    worst = sums.flatten()[(sums - 1).abs().flatten().argmax()]
    if abs(float(worst) - 1) > 1e-4:
        raise UnfitError(
            f"a row of `weights` sums to {float(worst):.6g}, not to 1; write rounded weights as quotients"
        )


def softmax_jacobian(scores: Tensor) -> Tensor:
    """Give the softmax's slope."""
    allow(len(scores) ** 2, "the matrix")
    from verideck.reference import focus as reference

    return reference.softmax_jacobian(scores)


def softmax_jacobian_steps(scores: Tensor) -> Steps:
    """Show the weights and the matrix."""
    return (("p = softmax(scores)", scores.softmax(-1)), ("diag(p) − p pᵀ", softmax_jacobian(scores)))


def dot_product_variance(size: int) -> int:
    """Give the variance of dot products of unit-variance vectors."""
    return size


def dot_product_variance_steps(size: int) -> Steps:
    """Show the sum of the terms' variances."""
    return (
        ("variance of one product q_i k_i", 1),
        (f"variance of the sum of {size} independent ones", dot_product_variance(size)),
    )
