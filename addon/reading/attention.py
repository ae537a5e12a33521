"""Attention weights in plain Python: softmax(Q Kᵀ · scale + M).

Vaswani et al. 2017, section 3.2.1, equation (1). Symbols: Q [h][L][d] holds h heads of L queries of d
features, K [h][S][d] as many heads of S keys, M is −∞ where a cell is hidden and else 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import TYPE_CHECKING

from .limits import MOST_PRODUCTS

if TYPE_CHECKING:
    from .matrices import Matrix


def check_products(h: int, L: int, S: int, d: int) -> None:  # noqa: N803  the paper's symbols
    """Refuse what would take longer than a person waits, before anything is computed. Raises ValueError."""
    if h * L * S * d > MOST_PRODUCTS:
        raise ValueError(
            f"`query` and `key` ask for {h} x {L} x {S} x {d} products; {MOST_PRODUCTS:,} may be"
        )


def split(matrix: Matrix, h: int) -> list[Matrix]:
    """Deal the features out to the heads: [L][E] to [h][L][E / h]. Raises ValueError (section 3.2.2)."""
    E = len(matrix[0])  # noqa: N806  the paper's symbol
    if E % h:
        raise ValueError(f"{E} features cannot be dealt out to {h} heads")
    d = E // h
    return [[row[head * d : (head + 1) * d] for row in matrix] for head in range(h)]


def weights(
    Q: Sequence[Matrix],  # noqa: N803  the paper's symbols
    K: Sequence[Matrix],  # noqa: N803
    scale: float,
    hidden: Sequence[Sequence[bool]] = (),
) -> list[Matrix]:
    """Give [h][L][S]; `hidden` [L][S] is the mask of all heads.

    A row sums to 1, but for a query that may look at no key: its weights are 0, as in torch's
    `F.scaled_dot_product_attention` (the formula itself says 0/0). Raises ValueError where it is too much.
    """
    check_products(len(Q), len(Q[0]), len(K[0]), len(Q[0][0]))
    return [
        [
            _softmax([scale * sum(map(mul, q, k)) for k in keys], hidden[i] if hidden else ())
            for i, q in enumerate(queries)
        ]
        for queries, keys in zip(Q, K, strict=True)
    ]


def _softmax(scores: list[float], hidden: Sequence[bool]) -> list[float]:
    if hidden:
        scores = [-math.inf if gone else score for score, gone in zip(scores, hidden, strict=True)]
    largest = max(scores)  # taken off first: the quotient stays the same, and exp cannot overflow
    if largest == -math.inf:
        return [0.0] * len(scores)
    powers = [math.exp(score - largest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
