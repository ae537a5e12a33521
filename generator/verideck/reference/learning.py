"""Training small enough to repeat anywhere: losses that diverge, and networks that overfit.

Gradient descent on networks of one hidden layer, f(x) = W_2 tanh(W_1 x + b_1) + b_2, for the mean squared
error; every number is drawn from the seed given. K networks are trained side by side, each on examples of
its own, so that one of them decides nothing. Goodfellow et al. 2016, sections 5.2 and 8.2, for the causes.

Symbols: K networks; n examples of d features; H hidden units; η the learning rate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

NEW = 100  # examples to validate with


@dataclass(frozen=True, slots=True)
class Trace:
    """Losses by step, from before the first step on: (steps + 1, K)."""

    training: Tensor
    validation: Tensor


def train(seed: int, K: int, n: int, d: int, H: int, eta: float, steps: int, noise: float = 0.0) -> Trace:
    """Fit a linear teacher's answers, to which noise is added; validate on answers of the same kind.

    Training goes on after a loss is infinite or NaN: that is part of what is looked at.
    """
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(K, *shape, generator=generator, dtype=torch.float64)  # (K, *shape)

    teacher = normal(d, 1) / math.sqrt(d)  # (K, d, 1)
    x, x_new = normal(n, d), normal(NEW, d)  # (K, n, d), (K, NEW, d)
    y = x @ teacher + noise * normal(n, 1)  # (K, n, 1)
    y_new = x_new @ teacher + noise * normal(NEW, 1)  # (K, NEW, 1)
    W_1, W_2 = normal(d, H) / math.sqrt(d), normal(H, 1) / math.sqrt(H)  # (K, d, H), (K, H, 1)
    b_1, b_2 = torch.zeros_like(W_1[:, :1]), torch.zeros_like(W_2[:, :1])  # (K, 1, H), (K, 1, 1)
    parameters = [p.requires_grad_() for p in (W_1, b_1, W_2, b_2)]

    def loss(x: Tensor, y: Tensor) -> Tensor:
        hidden = torch.tanh(x @ W_1 + b_1)  # (K, n, H)
        return ((hidden @ W_2 + b_2 - y) ** 2).mean((1, 2))  # (K,)

    training, validation = [], []
    for _ in range(steps + 1):
        error = loss(x, y)  # (K,)
        gradients = torch.autograd.grad(error.sum(), parameters)
        with torch.no_grad():
            training.append(error.detach())
            validation.append(loss(x_new, y_new))
            for p, gradient in zip(parameters, gradients, strict=True):
                p -= eta * gradient
    return Trace(torch.stack(training), torch.stack(validation))
