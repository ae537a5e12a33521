"""Shapes: what goes into multi-head attention and comes out, and what passes from tokens to classes.

Vaswani et al. 2017, section 3.2.2 for multi-head attention; section 3.1 and figure 1 for one encoder layer,
here with a classifier of every token behind it. Needs no torch.

Symbols: B sequences of L tokens; S keys; E features (d_model); h heads; H the feed-forward layer's inner size
(d_ff); C classes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MultiheadShapes:
    """The shapes that `nn.MultiheadAttention` takes and gives, and those inside it."""

    input: tuple[int, ...]
    output: tuple[int, ...]
    weights: tuple[int, ...]
    head_size: int
    query: tuple[int, ...]
    key: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DataFlow:
    """The shapes on the way, in order."""

    tokens: tuple[int, ...]  # numbers of words
    embedded: tuple[int, ...]  # the words' vectors, positions added
    query: tuple[int, ...]  # per head; keys and values likewise
    scores: tuple[int, ...]
    weights: tuple[int, ...]
    heads: tuple[int, ...]  # what each head mixed
    context: tuple[int, ...]  # the heads joined and projected
    hidden: tuple[int, ...]  # inside the feed-forward layer
    feed_forward: tuple[int, ...]  # what leaves it
    logits: tuple[int, ...]  # one row of class scores per token


def data_flow(B: int, L: int, E: int, h: int, H: int, C: int) -> DataFlow:
    """Follow one batch through one layer.

    Raises ValueError where E features cannot be dealt out evenly to h heads.
    """
    if E % h:
        raise ValueError(f"{E} features cannot be dealt out evenly to {h} heads")
    return DataFlow(
        tokens=(B, L),
        embedded=(B, L, E),
        query=(B, h, L, E // h),
        scores=(B, h, L, L),
        weights=(B, h, L, L),
        heads=(B, h, L, E // h),
        context=(B, L, E),
        hidden=(B, L, H),
        feed_forward=(B, L, E),
        logits=(B, L, C),
    )


def multihead_shapes(
    B: int,
    L: int,
    E: int,
    h: int,
    S: int | None = None,
    average_weights: bool = True,
    batch_first: bool = True,
) -> MultiheadShapes:
    """Give the shapes of one call of `nn.MultiheadAttention(E, h)`; S keys, or as many as queries.

    Raises ValueError where E features cannot be dealt out evenly to h heads.
    """
    if E % h:
        raise ValueError(f"{E} features cannot be dealt out evenly to {h} heads")
    S = L if S is None else S
    outside = (B, L, E) if batch_first else (L, B, E)
    return MultiheadShapes(
        input=outside,
        output=outside,
        weights=(B, L, S) if average_weights else (B, h, L, S),
        head_size=E // h,
        query=(B, h, L, E // h),
        key=(B, h, S, E // h),
    )
