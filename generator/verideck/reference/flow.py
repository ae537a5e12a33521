"""A small Transformer that tells the shape of every stage, from tokens to classes.

Vaswani et al. 2017, section 3.1 and figure 1: embed and mark positions, attend with h heads, add and
normalise, feed forward, add and normalise; here one encoder layer with a classifier of every token behind
it. The shapes are not computed by formulas but recorded as the modules run, on torch's `meta` device, which
runs shapes without numbers.

Symbols: B sequences of L tokens out of `words`; E features (d_model); h heads; H the inner size (d_ff) of the
feed-forward layer; C classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from verideck.reference.attention import attention_scores
from verideck.reference.layers import positional_encoding
from verideck.reference.multihead import join_heads, split_heads
from verideck.reference.shapes import DataFlow

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the way, and the shape of what left it."""

    name: str
    shape: Shape


class Classifier(nn.Module):
    """Tokens in, class scores out; `stages` grows by every stage as it runs."""

    def __init__(self, E: int, h: int, H: int, C: int, words: int = 100) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, E)
        self.query, self.key, self.value, self.output = (nn.Linear(E, E) for _ in range(4))
        self.first_norm, self.second_norm = nn.LayerNorm(E), nn.LayerNorm(E)
        self.widen, self.narrow = nn.Linear(E, H), nn.Linear(H, E)
        self.classes = nn.Linear(E, C)
        self.h = h
        self.stages: list[Stage] = []

    def forward(self, tokens: Tensor) -> Tensor:
        """Map tokens (B, L) to class scores (B, L, C)."""
        self.stages = []
        tell = self._tell
        tell("tokens", tokens)
        x = self.embedding(tokens)  # (B, L, E)
        positions = positional_encoding(x.shape[1], x.shape[2] + x.shape[2] % 2, x.dtype)  # (L, E)
        x = tell("embedded", x + positions[:, : x.shape[2]].to(x.device))  # (B, L, E)
        Q = tell("query", split_heads(self.query(x), self.h))  # (B, h, L, E / h)
        K = split_heads(self.key(x), self.h)  # (B, h, L, E / h)
        V = split_heads(self.value(x), self.h)  # (B, h, L, E / h)
        scores = tell("scores", attention_scores(Q, K))  # (B, h, L, L)
        weights = tell("weights", torch.softmax(scores, -1))  # (B, h, L, L)
        heads = tell("heads", weights @ V)  # (B, h, L, E / h)
        context = tell("context", self.output(join_heads(heads)))  # (B, L, E)
        x = self.first_norm(x + context)  # (B, L, E)
        hidden = tell("hidden", torch.relu(self.widen(x)))  # (B, L, H)
        x = self.second_norm(x + tell("feed_forward", self.narrow(hidden)))  # (B, L, E)
        return tell("logits", self.classes(x))  # (B, L, C)

    def _tell(self, name: str, x: Tensor) -> Tensor:
        self.stages.append(Stage(name, tuple(x.shape)))
        return x


def data_flow(B: int, L: int, E: int, h: int, H: int, C: int) -> DataFlow:
    """Run one batch and give the shape of every stage.

    Raises ValueError where E features cannot be dealt out evenly to h heads.
    """
    if E % h:
        raise ValueError(f"{E} features cannot be dealt out evenly to {h} heads")
    with torch.device("meta"), torch.no_grad():
        model = Classifier(E, h, H, C)
        model(torch.zeros(B, L, dtype=torch.int64))  # (B, L)
    return DataFlow(**{stage.name: stage.shape for stage in model.stages})
