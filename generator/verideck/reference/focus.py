"""How sharply attention is focused: entropy, Gini's index, the softmax's slope, the spread of dot products.

Shannon 1948 for the entropy: H(p) = −Σ p ln p, in nats; 0 for a one-hot row, ln S for an even one over
S keys.

Vaswani et al. 2017, section 3.2.1, footnote 4, for the spread: where the components of a query and a key are
independent with mean 0 and variance 1, q · k = Σ q_i k_i has mean 0 and variance d_k. The scale 1/√d_k
brings that variance back to 1 and so keeps the softmax out of the flat part of its slope.

Symbols: p (…, S) is a row of weights over S keys; s (S,) a row of scores.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from verideck.reference.attention import softmax


def entropy(p: Tensor, base: float = math.e) -> Tensor:
    """Measure how spread out each row is: −Σ p log p, with 0 log 0 = 0."""
    terms: Tensor = torch.special.entr(p)  # (…, S)
    return terms.sum(-1) / math.log(base)  # (…)


def effective_keys(p: Tensor) -> Tensor:
    """Count the keys that an even row of the same entropy would have: exp H(p), from 1 to S."""
    return torch.exp(entropy(p))  # (…)


def largest_weight(p: Tensor) -> Tensor:
    """Give each row's largest weight: 1/S for an even row, 1 for a one-hot one."""
    return p.amax(-1)  # (…)


def gini(p: Tensor) -> Tensor:
    """Measure how unequally a row is shared out: 0 for an even row, 1 − 1/S for a one-hot one.

    Gini 1912: half the mean difference between two weights, over the mean weight; for rows that sum to 1
    that is Σ_i (2i − S − 1) p_(i) / S with the weights ascending, i from 1.
    """
    S = p.shape[-1]
    rank = torch.arange(1, S + 1, dtype=p.dtype)  # (S,)
    ascending = p.sort(-1).values  # (…, S)
    return ((2 * rank - S - 1) * ascending).sum(-1) / S  # (…)


def softmax_jacobian(s: Tensor) -> Tensor:
    """Give the softmax's slope at s: ∂p_i/∂s_j = p_i (δ_ij − p_j), that is diag(p) − p pᵀ."""
    p = softmax(s)  # (S,)
    return torch.diag(p) - torch.outer(p, p)  # (S, S)


def dot_product_variance(d_k: int) -> int:
    """Give the variance of q · k for independent components of mean 0 and variance 1: d_k exactly."""
    return d_k
