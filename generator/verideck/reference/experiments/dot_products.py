"""Dot products of random vectors, and what their size does to the softmax.

Vaswani et al. 2017, section 3.2.1, footnote 4. Symbols: d the features of a query and a key; S keys.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from verideck.reference.attention import attention_scores
from verideck.reference.focus import softmax_jacobian

PAIRS = 8_000
ROWS, S = 500, 16


def _normal(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)  # as asked


def variance(seed: int, size: int = 64, scaled: bool = False, pairs: int = PAIRS) -> float:
    """Give the variance of q · k over many pairs of vectors with unit variance."""
    q, k = _normal(seed, 2, pairs, size)  # (n, d), (n, d)
    products = (q * k).sum(-1) / (math.sqrt(size) if scaled else 1)  # (n,)
    return float(products.var())


def variance_ratio(seed: int) -> float:
    """Give the variance at 1,024 features over that at 16."""
    return variance(seed, 1024, pairs=PAIRS // 4) / variance(seed, 16, pairs=PAIRS // 4)


def slope(seed: int, size: int = 1024, scaled: bool = False) -> float:
    """Give the mean norm of the softmax's Jacobian at rows of scores of random vectors."""
    drawn = _normal(seed, ROWS, S + 1, size)  # (n, S + 1, d)
    scores = attention_scores(drawn[:, :1], drawn[:, 1:], scaled).squeeze(1)  # (n, S)
    norms = [softmax_jacobian(row).norm() for row in scores]
    return float(torch.stack(norms).mean())


def slope_gain(seed: int) -> float:
    """Give the Jacobian's norm with the scale less that without."""
    return slope(seed, scaled=True) - slope(seed)
