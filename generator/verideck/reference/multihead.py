"""Multi-head attention.

Vaswani et al. 2017, section 3.2.2:

    MultiHead(Q, K, V) = Concat(head_1, …, head_h) W^O,   head_i = Attention(Q W_i^Q, K W_i^K, V W_i^V)

Symbols: B sequences; L queries and S keys each; E features (d_model); h heads of d = E / h features each. The
h matrices W_i^Q stand below one another in one W_Q, stored as `nn.Linear` stores a weight: (outputs, inputs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.reference.attention import Empty, attention_weights
from verideck.reference.layers import linear

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Projections:
    """The layer's parameters: four matrices (E, E) and, where there are any, their biases (E,)."""

    W_Q: Tensor
    W_K: Tensor
    W_V: Tensor
    W_O: Tensor
    b_Q: Tensor | None = None  # noqa: N815  # the paper's symbol
    b_K: Tensor | None = None  # noqa: N815  # the paper's symbol
    b_V: Tensor | None = None  # noqa: N815  # the paper's symbol
    b_O: Tensor | None = None  # noqa: N815  # the paper's symbol


def split_heads(x: Tensor, h: int) -> Tensor:
    """Deal the features out to the heads: (B, L, E) to (B, h, L, E / h)."""
    B, L, E = x.shape
    return x.reshape(B, L, h, E // h).transpose(1, 2)  # (B, h, L, d)


def join_heads(x: Tensor) -> Tensor:
    """Put the heads' features side by side again: (B, h, L, d) to (B, L, h d)."""
    B, h, L, d = x.shape
    return x.transpose(1, 2).reshape(B, L, h * d)  # (B, L, E)


def multihead_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    projections: Projections,
    h: int,
    M: Tensor | None = None,
    average_weights: bool = True,
    batch_first: bool = True,
    empty: Empty = "nan",
) -> tuple[Tensor, Tensor]:
    """Let every head attend for itself and join what they found: the output and the weights.

    Shapes with `batch_first`: query (B, L, E), key and value (B, S, E), output (B, L, E); without it the
    first two axes of each change places. The weights stay (B, h, L, S), or (B, L, S) averaged over the heads.
    M broadcasts to (B, h, L, S). Source: section 3.2.2.
    """
    if not batch_first:
        query, key, value = (x.transpose(0, 1) for x in (query, key, value))  # (B, L, E)
    p = projections
    Q = split_heads(linear(query, p.W_Q, p.b_Q), h)  # (B, h, L, d)
    K = split_heads(linear(key, p.W_K, p.b_K), h)  # (B, h, S, d)
    V = split_heads(linear(value, p.W_V, p.b_V), h)  # (B, h, S, d)
    weights = attention_weights(Q, K, True, M, empty)  # (B, h, L, S)
    heads = weights @ V  # (B, h, L, d)
    output = linear(join_heads(heads), p.W_O, p.b_O)  # (B, L, E)
    if not batch_first:
        output = output.transpose(0, 1)  # (L, B, E)
    if average_weights:
        weights = weights.mean(1)  # (B, L, S)
    return output, weights
