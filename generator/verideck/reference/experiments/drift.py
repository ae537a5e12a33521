"""How exactly reversible layers give their inputs back: rounding, and dropout.

Gomez et al. 2017, section 3.2. Symbols: N blocks; E features; K stacks side by side.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from verideck.reference.replay import Remembered
from verideck.reference.reversible import Map, reversible_forward, reversible_inverse

K, ROWS, E = 16, 8, 16
PRECISIONS = {"float64": torch.float64, "float32": torch.float32, "bfloat16": torch.bfloat16}


def error(seed: int, precision: str = "float64", layers: int = 24) -> float:
    """Give the largest error of the inputs that N blocks give back, the mean of K stacks."""
    dtype = PRECISIONS[precision]
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(K, *shape, generator=generator, dtype=torch.float64)  # (K, *shape)

    weights = [[(normal(E, E) / math.sqrt(E)).to(dtype) for _ in range(2)] for _ in range(layers)]
    x_1, x_2 = normal(ROWS, E).to(dtype), normal(ROWS, E).to(dtype)  # (K, n, E), (K, n, E)
    maps = [[_map(W) for W in pair] for pair in weights]
    y = x_1, x_2
    for F, G in maps:
        y = reversible_forward(*y, F, G)  # (K, n, E), (K, n, E)
    for F, G in reversed(maps):
        y = reversible_inverse(*y, F, G)  # (K, n, E), (K, n, E)
    wrong = torch.cat((y[0] - x_1, y[1] - x_2), 1).abs().double()  # (K, 2n, E)
    return float(wrong.amax((1, 2)).mean())


def _map(W: Tensor) -> Map:
    return lambda x: torch.tanh(x @ W)


def powers_apart(seed: int) -> float:
    """Give the powers of ten between the errors in float32 and in float64."""
    return math.log10(error(seed, "float32") / error(seed, "float64"))


def error_with_dropout(seed: int, replay: bool) -> float:
    """Give the largest error of one block's inputs, undone; F and G drop 0.1 of their features."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        F, G = (Remembered(nn.Sequential(nn.Linear(64, 64), nn.Dropout(0.1)).double()) for _ in range(2))
        x_1, x_2 = torch.randn(2, 32, 64, dtype=torch.float64)  # (n, E), (n, E)
        y = reversible_forward(x_1, x_2, F, G)  # (n, E), (n, E)
        back = reversible_inverse(*y, F.again, G.again) if replay else reversible_inverse(*y, F, G)
    return max(float((one - other).abs().max()) for one, other in zip(back, (x_1, x_2), strict=True))
