"""Scaled dot-product attention.

Vaswani et al. 2017, section 3.2.1, equation (1):

    Attention(Q, K, V) = softmax(Q Kᵀ / √d_k) V

Symbols: Q (…, L, d_k) holds L queries; K (…, S, d_k) holds S keys; V (…, S, d_v) the keys' values; d_k is the
number of features of a query and of a key; M (…, L, S) is a mask that is added to the scores, 0 where a query
may look and −∞ where it may not. The softmax runs over the keys, so each row of weights sums to 1.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor

Empty = Literal["nan", "zero"]
"""What a query gets that may look at no key: "nan" as the formula says (0/0; `torch.softmax` and
`nn.MultiheadAttention` agree), or "zero" as `F.scaled_dot_product_attention` does."""


def softmax(scores: Tensor, axis: int = -1, empty: Empty = "nan") -> Tensor:
    """Turn scores into weights that sum to 1 along `axis`: exp(s) / Σ exp(s).

    The largest score is taken off first; the quotient stays the same and exp cannot overflow.
    """
    largest = scores.amax(axis, keepdim=True)  # (…, L, 1)
    powers = torch.exp(scores - largest)  # (…, L, S)
    weights = powers / powers.sum(axis, keepdim=True)  # (…, L, S)
    if empty == "zero":
        weights = torch.where(largest == -math.inf, torch.zeros_like(weights), weights)  # (…, L, S)
    return weights


def attention_scores(Q: Tensor, K: Tensor, scaled: bool = True) -> Tensor:
    """Compare every query with every key: Q Kᵀ / √d_k; without the divisor where not `scaled`."""
    scores = Q @ K.transpose(-2, -1)  # (…, L, S)
    if scaled:
        d_k = Q.shape[-1]
        scores = scores / math.sqrt(d_k)  # (…, L, S)
    return scores


def attention_weights(
    Q: Tensor, K: Tensor, scaled: bool = True, M: Tensor | None = None, empty: Empty = "nan"
) -> Tensor:
    """Share each query's attention among the keys: softmax(Q Kᵀ / √d_k + M), rows sum to 1."""
    scores = attention_scores(Q, K, scaled)  # (…, L, S)
    if M is not None:
        scores = scores + M  # (…, L, S)
    return softmax(scores, -1, empty)  # (…, L, S)


def attention(
    Q: Tensor, K: Tensor, V: Tensor, scaled: bool = True, M: Tensor | None = None, empty: Empty = "nan"
) -> Tensor:
    """Mix the values by the weights: softmax(Q Kᵀ / √d_k + M) V."""
    weights = attention_weights(Q, K, scaled, M, empty)  # (…, L, S)
    return weights @ V  # (…, L, d_v)


def hard_attention(Q: Tensor, K: Tensor, V: Tensor) -> Tensor:
    """Take the value of the one best key instead of a mixture; the first of equally good keys.

    The scale is left out: dividing all scores by one number moves no maximum. Compare Xu et al. 2015,
    "Show, Attend and Tell", section 4.1, where the one place is drawn by chance rather than taken by argmax.
    """
    best = attention_scores(Q, K, scaled=False).argmax(-1)  # (…, L)
    batch = best.shape[:-1]
    every = V.expand(*batch, *V.shape[-2:])  # (…, S, d_v)
    index = best.unsqueeze(-1).expand(*best.shape, V.shape[-1])  # (…, L, d_v)
    return every.gather(-2, index)  # (…, L, d_v)
