"""Attention by locality-sensitive hashing, in several rounds; and the full attention that it comes near to.

Kitaev et al. 2020, section 2, equation (3), and appendix A for several rounds:

    o_i = Σ_{j ∈ P̃_i} exp(q_i · k_j − m(j, P_i) − z(i, P_i)) v_j    (3), m = ∞ outside P_i, z the logsumexp
    o_i = Σ_r exp(z(i, P_i^(r)) − z(i, P_i)) o_i^(r)                P_i the union over the rounds (6)

Symbols: as in `lsh`; v (B, L, d_v) the values; C = n_r L / m chunks over all rounds; z the logsumexp of a
token's logits in one round; `visible` (B, L) is false for padding, which no token attends to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from verideck.reference.conventions import PAPER, Convention
from verideck.reference.lsh import look_back, lsh_buckets, lsh_chunks, lsh_sort, unit_keys


@dataclass(frozen=True, slots=True)
class Hashed:
    """The tokens of every round, hashed, sorted and cut: what decides who may attend to whom."""

    buckets: Tensor  # (B, n_r, L), padding in bucket b where it stands last
    order: Tensor  # (B, n_r, L), positions sorted by bucket
    i: Tensor  # (B, C, m), the queries' positions by chunk
    j: Tensor  # (B, C, 2m), the keys' positions, −1 where there is no chunk before
    allowed: Tensor  # (B, C, m, 2m), true where query i may attend to key j


def hashed(
    q: Tensor,
    R: Tensor,
    m: int,
    causal: bool = False,
    convention: Convention = PAPER,
    visible: Tensor | None = None,
) -> Hashed:
    """Hash, sort, chunk and look back: q (B, L, d), R (n_r, d, b/2); m divides L."""
    B = q.shape[0]
    n_r, b = R.shape[0], math.prod(convention.factors) if convention.factors else 2 * R.shape[-1]
    buckets = torch.stack([lsh_buckets(q, rotation, convention.factors) for rotation in R], 1)  # (B, n_r, L)
    if visible is not None and convention.padding_last:
        buckets = buckets.masked_fill(~visible.unsqueeze(1), b)  # (B, n_r, L)
    order = lsh_sort(buckets)  # (B, n_r, L)
    chunks = lsh_chunks(order, m)  # (B, n_r, L/m, m)
    i = chunks.reshape(B, -1, m)  # (B, C, m)
    j = look_back(chunks, convention.wrap).reshape(B, -1, 2 * m)  # (B, C, 2m)

    offset = (b + 1) * torch.arange(n_r).unsqueeze(-1)  # (n_r, 1), so that rounds share no bucket
    labels = lsh_chunks((buckets + offset).gather(-1, order), m)  # (B, n_r, L/m, m)
    label_i = labels.reshape(B, -1, m)  # (B, C, m)
    label_j = look_back(labels, convention.wrap).reshape(B, -1, 2 * m)  # (B, C, 2m)
    allowed = (j >= 0).unsqueeze(-2).expand(*i.shape, 2 * m)  # (B, C, m, 2m)
    if not convention.across_buckets:
        allowed = allowed & (label_i.unsqueeze(-1) == label_j.unsqueeze(-2))  # (B, C, m, 2m)
    if causal:
        allowed = allowed & (j.unsqueeze(-2) <= i.unsqueeze(-1))  # (B, C, m, 2m)
    if visible is not None:
        seen = visible.gather(1, j.clamp(min=0).reshape(B, -1)).reshape(j.shape)  # (B, C, 2m)
        itself = i.unsqueeze(-1) == j.unsqueeze(-2)  # (B, C, m, 2m)
        allowed = allowed & (seen.unsqueeze(-2) | itself)  # (B, C, m, 2m), so that no row is empty
    return Hashed(buckets, order, i, j, allowed)


def lsh_attention(
    q: Tensor,
    v: Tensor,
    R: Tensor,
    m: int,
    causal: bool = False,
    convention: Convention = PAPER,
    visible: Tensor | None = None,
) -> Tensor:
    """Attend within buckets: hash, sort, chunk, look back, attend, undo the sort, combine the rounds.

    Shapes: q (B, L, d), v (B, L, d_v), R (n_r, d, b/2) to (B, L, d_v); m divides L. What comes out for
    padding itself has no meaning.
    """
    L, d = q.shape[-2:]
    at = hashed(q, R, m, causal, convention, visible)
    i, j = at.i, at.j.clamp(min=0)  # (B, C, m), (B, C, 2m)
    keys = _gather(unit_keys(q, convention.epsilon), j)  # (B, C, 2m, d)
    logits = _gather(q, i) @ keys.transpose(-2, -1)  # (B, C, m, 2m)
    if convention.scaled:
        logits = logits / math.sqrt(d)  # (B, C, m, 2m)
    if convention.discount_repeats:
        logits = logits - torch.log(_repeats(i, j, at.allowed, L).to(q.dtype))  # (B, C, m, 2m)
    itself = i.unsqueeze(-1) == j.unsqueeze(-2)  # (B, C, m, 2m)
    logits = logits.masked_fill(itself, convention.self_logit)  # (B, C, m, 2m)
    logits = logits.masked_fill(~at.allowed, -math.inf)  # (B, C, m, 2m)

    z = logits.logsumexp(-1, keepdim=True)  # (B, C, m, 1)
    o = torch.exp(logits - z) @ _gather(v, j)  # (B, C, m, d_v)
    return _combine(o, z, at.order)  # (B, L, d_v)


def lsh_weights(
    q: Tensor,
    R: Tensor,
    m: int,
    causal: bool = False,
    convention: Convention = PAPER,
    visible: Tensor | None = None,
) -> Tensor:
    """Give the share that each token gives to each other one, all rounds together: (B, L, L).

    Attention is linear in the values, so the identity's rows in their place give the weights themselves.
    """
    B, L, _ = q.shape
    values = torch.eye(L, dtype=q.dtype).expand(B, L, L)  # (B, L, L)
    return lsh_attention(q, values, R, m, causal, convention, visible)  # (B, L, L)


def shared_qk_weights(
    q: Tensor, causal: bool = False, convention: Convention = PAPER, visible: Tensor | None = None
) -> Tensor:
    """Share each token's attention among all others, queries and keys being the same vectors: (B, L, L)."""
    L, d = q.shape[-2:]
    logits = q @ unit_keys(q, convention.epsilon).transpose(-2, -1)  # (B, L, L)
    if convention.scaled:
        logits = logits / math.sqrt(d)  # (B, L, L)
    if causal:
        logits = logits + torch.full((L, L), -math.inf, dtype=q.dtype).triu(1)  # (B, L, L)
    if visible is not None:
        logits = logits.masked_fill(~visible.unsqueeze(-2), -math.inf)  # (B, L, L)
    logits = logits.masked_fill(torch.eye(L, dtype=torch.bool), convention.self_logit)  # (B, L, L)
    return torch.softmax(logits, -1)  # (B, L, L)


def shared_qk_attention(
    q: Tensor,
    v: Tensor,
    causal: bool = False,
    convention: Convention = PAPER,
    visible: Tensor | None = None,
) -> Tensor:
    """Attend in full with shared queries and keys: what LSH attention comes near to."""
    return shared_qk_weights(q, causal, convention, visible) @ v  # (B, L, d_v)


def _combine(o: Tensor, z: Tensor, order: Tensor) -> Tensor:
    """Undo each round's sort; weigh the rounds by the softmax of their logsumexps (appendix A)."""
    B, n_r, L = order.shape
    undo = order.argsort(-1).unsqueeze(-1)  # (B, n_r, L, 1)
    o = o.reshape(B, n_r, L, -1)  # (B, n_r, L, d_v)
    o = o.gather(2, undo.expand(-1, -1, -1, o.shape[-1]))  # (B, n_r, L, d_v)
    z = z.reshape(B, n_r, L, 1).gather(2, undo)  # (B, n_r, L, 1)
    return (torch.softmax(z, 1) * o).sum(1)  # (B, L, d_v)


def _repeats(i: Tensor, j: Tensor, allowed: Tensor, L: int) -> Tensor:
    """Count for every pair in how many places of all rounds it meets: N_ij, at least 1.

    Through a full (B, L, L) table: slow and plain, where an implementation would compare sorted places.
    """
    B = i.shape[0]
    pair = (i.unsqueeze(-1) * L + j.unsqueeze(-2)).reshape(B, -1)  # (B, C m 2m)
    table = torch.zeros(B, L * L, dtype=torch.int64)  # (B, L L)
    table.scatter_add_(1, pair, allowed.reshape(B, -1).to(torch.int64))  # (B, L L)
    return table.gather(1, pair).reshape(allowed.shape).clamp(min=1)  # (B, C, m, 2m)


def _gather(x: Tensor, places: Tensor) -> Tensor:
    """Pick the rows of x (B, L, d) at places (B, C, n)."""
    B, C, n = places.shape
    index = places.reshape(B, C * n, 1).expand(-1, -1, x.shape[-1])  # (B, C n, d)
    return x.gather(1, index).reshape(B, C, n, -1)  # (B, C, n, d)
