"""What a training step keeps: bytes saved for the backward pass, counted from the tensors really kept.

Autograd keeps a tensor wherever a derivative needs it; `accounting` counts each one that is really kept.
The layers: normalise, attend with h heads, add; normalise, feed forward, add (Vaswani et al. 2017, section
3.1, with the norm in front of each sublayer), as N ordinary residual blocks y = x + F(x), or as N reversible
ones (`reversible`). Parameters are left out of the count: they stay in memory with or without a backward
pass.

On torch's `meta` device the operators and the tensors they keep are the same, but no memory is filled, so
sizes that no machine could hold can be counted too.

Symbols: N layers; B sequences of L tokens; E features (d_model); H the feed-forward layer's inner size
(d_ff); h heads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn

from verideck.reference.accounting import bytes_kept
from verideck.reference.attention import attention_scores
from verideck.reference.multihead import join_heads, split_heads
from verideck.reference.reversible import Block, reversible_stack

Stack = Callable[[Tensor], Tensor]
Kind = Literal["residual", "reversible"]


class Attend(nn.Module):
    """F: layer norm, then self-attention of h heads.

    torch's own softmax keeps its result and nothing else; one written out would keep each step.
    """

    def __init__(self, E: int, h: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(E)
        self.query, self.key, self.value, self.output = (nn.Linear(E, E) for _ in range(4))
        self.h = h

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, L, E) to (B, L, E)."""
        x = self.norm(x)  # (B, L, E)
        Q = split_heads(self.query(x), self.h)  # (B, h, L, E / h)
        K = split_heads(self.key(x), self.h)  # (B, h, L, E / h)
        V = split_heads(self.value(x), self.h)  # (B, h, L, E / h)
        weights = torch.softmax(attention_scores(Q, K), -1)  # (B, h, L, L)
        output: Tensor = self.output(join_heads(weights @ V))  # (B, L, E)
        return output


class FeedForward(nn.Module):
    """G: layer norm, then the feed-forward layer."""

    def __init__(self, E: int, H: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(E)
        self.widen, self.narrow = nn.Linear(E, H), nn.Linear(H, E)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, L, E) to (B, L, E)."""
        output: Tensor = self.narrow(torch.relu(self.widen(self.norm(x))))  # (B, L, E)
        return output


def layers(N: int, E: int, H: int, h: int) -> list[tuple[Attend, FeedForward]]:
    """Make the sublayers of N layers."""
    return [(Attend(E, h), FeedForward(E, H)) for _ in range(N)]


def run(kind: Kind, sublayers: list[tuple[Attend, FeedForward]], x: Tensor) -> Tensor:
    """Run the layers on x (B, L, E), joined as ordinary residual blocks or as reversible ones.

    The reversible stack takes x for both of its halves and gives their mean, so each half has E features
    (Kitaev et al. 2020, section 3) and both kinds have the same parameters.
    """
    if kind == "reversible":
        blocks = [Block(F, G, tuple(F.parameters()), tuple(G.parameters())) for F, G in sublayers]
        y_1, y_2 = reversible_stack(x, x.clone(), blocks)  # (B, L, E)
        return (y_1 + y_2) / 2  # (B, L, E)
    for F, G in sublayers:
        x = x + F(x)  # (B, L, E)
        x = x + G(x)  # (B, L, E)
    return x  # (B, L, E)


def saved_bytes(
    kind: Kind,
    N: int = 6,
    B: int = 1,
    L: int = 128,
    E: int = 64,
    H: int = 256,
    h: int = 1,
    device: str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> int:
    """Count the bytes that N layers keep for the backward pass; the input needs a gradient, too."""
    with torch.device(device):
        sublayers = layers(N, E, H, h)
        for pair in sublayers:
            for sublayer in pair:
                sublayer.to(dtype)
        x = torch.empty(B, L, E, dtype=dtype, requires_grad=True)  # (B, L, E)
    parameters: list[Tensor] = [p for pair in sublayers for sublayer in pair for p in sublayer.parameters()]
    return bytes_kept(lambda: run(kind, sublayers, x), parameters)
