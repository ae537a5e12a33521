"""Masks: which keys a query may look at, as numbers to add to the scores.

Vaswani et al. 2017, section 3.2.3: illegal connections are set to −∞ before the softmax, whose exp makes
them 0. A mask holds 0 where a query may look and −∞ where it may not; masks combine by adding.

Symbols: L is the length of a sequence, B the number of sequences in a batch.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def causal_mask(L: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Hide the future: query i may look at the keys 0 … i."""
    hidden = torch.full((L, L), -math.inf, dtype=dtype)  # (L, L)
    return hidden.triu(1)  # (L, L)


def padding_mask(lengths: Tensor, L: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Hide the padding behind sequences of `lengths` (B,) that were filled up to L tokens.

    The middle axis stands for the queries: the same keys are hidden from all of them.
    """
    position = torch.arange(L)  # (L,)
    hidden = position >= lengths.unsqueeze(-1)  # (B, L)
    mask = torch.zeros(hidden.shape, dtype=dtype).masked_fill(hidden, -math.inf)  # (B, L)
    return mask.unsqueeze(-2)  # (B, 1, L)
