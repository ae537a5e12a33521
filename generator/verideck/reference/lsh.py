"""Attention by locality-sensitive hashing.

Kitaev et al. 2020, section 2: hashing, equations (2) to (6), and appendix A for several rounds; the hash is
that of Andoni et al. 2015, section 3.

    h(x) = argmax([xR; −xR])                                        the bucket of x
    P_i = { j : h(q_i) = h(k_j) }                                   (4), over rounds their union (6)
    P̃_i = { j : ⌊s_i/m⌋ − 1 ≤ ⌊s_j/m⌋ ≤ ⌊s_i/m⌋ }                  (5), own chunk and the one before
    o_i = Σ_{j ∈ P̃_i} exp(q_i · k_j − m(j, P_i) − z(i, P_i)) v_j    (3), m = ∞ outside P_i, z the logsumexp

Queries and keys are shared: k_j = q_j / ‖q_j‖. A token attends to itself only where it has nothing else.

Symbols: B sequences (heads folded in) of L tokens; q (B, L, d) shared queries and keys; v (B, L, d_v); n_r
rounds; b buckets; R (n_r, d, b/2) random rotations; s_i the place of token i once sorted by bucket; m the
chunk's length; C = n_r L / m chunks over all rounds; z the logsumexp of a token's logits in one round.

Where implementations differ from the paper, `Convention` names the choice; its defaults are the paper's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Convention:
    """The choices that implementations make differently; the defaults are the paper's."""

    scaled: bool = False  # logits divided by √d; the paper leaves the scale out "for clarity"
    across_buckets: bool = False  # a token may attend to other buckets of its two chunks
    wrap: bool = False  # the first chunk looks back at the last one, rounds standing in one ring
    discount_repeats: bool = True  # a pair met in N rounds weighs 1/N in each: −log N (appendix A)
    self_logit: float = -1e5  # a token's logit with itself
    factors: tuple[int, ...] = ()  # the number of buckets as a product, each factor hashed on its own
    epsilon: float = 0.0  # added to the mean square of a key before it is normalised


PAPER = Convention()
HUGGING_FACE = Convention(across_buckets=True, wrap=True, discount_repeats=False, epsilon=1e-6)
LUCIDRAINS = Convention(scaled=True, across_buckets=True, wrap=True, discount_repeats=False, self_logit=-5e4)


def random_rotations(n_r: int, d: int, b: int, generator: torch.Generator) -> Tensor:
    """Draw R: every entry an independent standard normal number; b is even."""
    return torch.randn(n_r, d, b // 2, generator=generator, dtype=torch.float64)  # (n_r, d, b/2)


def lsh_buckets(x: Tensor, R: Tensor, factors: tuple[int, ...] = ()) -> Tensor:
    """Hash vectors x (…, d) by one rotation R (d, b/2): the argmax over [xR; −xR], from 0 to b − 1.

    With `factors` (b_1, b_2, …) the columns of R (d, Σ b_k/2) hash several times, and the bucket is the
    number with these digits: h_1 + b_1 h_2 + b_1 b_2 h_3 …, so that many buckets need few columns.
    """
    bucket, place = torch.zeros(x.shape[:-1], dtype=torch.int64), 1  # (…)
    halves = [b // 2 for b in factors] or [R.shape[-1]]
    for part in torch.split(R, halves, -1):  # (d, b_k/2)
        rotated = x @ part  # (…, b/2)
        bucket = bucket + place * torch.cat((rotated, -rotated), -1).argmax(-1)  # (…)
        place *= 2 * part.shape[-1]
    return bucket


def lsh_sort(buckets: Tensor) -> Tensor:
    """Give the positions in the order of their buckets; within a bucket they stay in sequence."""
    return buckets.argsort(dim=-1, stable=True)  # (…, L)


def lsh_chunks(order: Tensor, m: int) -> Tensor:
    """Cut sorted positions (…, L) into chunks of m, where m divides L."""
    return order.reshape(*order.shape[:-1], -1, m)  # (…, L/m, m)


def look_back(chunks: Tensor, wrap: bool, nothing: int = -1) -> Tensor:
    """Put the chunk before in front of each chunk (B, n_r, L/m, m); the first finds `nothing` or the last."""
    B, n_r, n, m = chunks.shape
    if wrap:
        ring = chunks.reshape(B, n_r * n, m)  # (B, C, m)
        before = ring.roll(1, 1).reshape(B, n_r, n, m)  # (B, n_r, L/m, m)
    else:
        edge = torch.full((B, n_r, 1, m), nothing)  # (B, n_r, 1, m)
        before = torch.cat((edge, chunks[:, :, :-1]), 2)  # (B, n_r, L/m, m)
    return torch.cat((before, chunks), -1)  # (B, n_r, L/m, 2m)


def unit_keys(q: Tensor, epsilon: float = 0.0) -> Tensor:
    """Normalise shared queries to keys: q / ‖q‖, the length never below 1e-12."""
    d = q.shape[-1]
    length = torch.sqrt((q**2).sum(-1, keepdim=True) + d * epsilon)  # (B, L, 1)
    return q / length.clamp(min=1e-12)  # (B, L, d)


def lsh_attended(buckets: Tensor, m: int, i: int, causal: bool = False) -> Tensor:
    """Give the positions that token i may attend to in one round, ascending: buckets (L,).

    Its own bucket within its own chunk and the one before, itself only where nothing else is left.
    """
    chunks = lsh_chunks(lsh_sort(buckets), m)  # (L/m, m)
    own = int((chunks == i).any(-1).nonzero()[0])
    near = chunks[max(own - 1, 0) : own + 1].flatten()  # (m,) or (2m,)
    seen = near[buckets[near] == buckets[i]]  # (n,)
    if causal:
        seen = seen[seen <= i]  # (n,)
    others = seen[seen != i]  # (n,)
    return (others if len(others) else seen).sort().values  # (n,)


def shared_qk_attention(q: Tensor, v: Tensor, causal: bool = False, convention: Convention = PAPER) -> Tensor:
    """Attend in full with shared queries and keys: what LSH attention comes near to."""
    L, d = q.shape[-2:]
    logits = q @ unit_keys(q, convention.epsilon).transpose(-2, -1)  # (B, L, L)
    if convention.scaled:
        logits = logits / math.sqrt(d)  # (B, L, L)
    if causal:
        logits = logits + torch.full((L, L), -math.inf, dtype=q.dtype).triu(1)  # (B, L, L)
    logits = logits.masked_fill(torch.eye(L, dtype=torch.bool), convention.self_logit)  # (B, L, L)
    return torch.softmax(logits, -1) @ v  # (B, L, d_v)


def lsh_attention(
    q: Tensor, v: Tensor, R: Tensor, m: int, causal: bool = False, convention: Convention = PAPER
) -> Tensor:
    """Attend within buckets: hash, sort, chunk, look back, attend, undo the sort, combine the rounds.

    Shapes: q (B, L, d), v (B, L, d_v), R (n_r, d, b/2) to (B, L, d_v); m divides L.
    """
    B, L, d = q.shape
    n_r, b = R.shape[0], math.prod(convention.factors) if convention.factors else 2 * R.shape[-1]
    buckets = torch.stack([lsh_buckets(q, rotation, convention.factors) for rotation in R], 1)  # (B, n_r, L)
    order = lsh_sort(buckets)  # (B, n_r, L)
    chunks = lsh_chunks(order, m)  # (B, n_r, L/m, m)
    i = chunks.reshape(B, -1, m)  # (B, C, m)
    j = look_back(chunks, convention.wrap).reshape(B, -1, 2 * m)  # (B, C, 2m), −1 for nothing

    offset = b * torch.arange(n_r).unsqueeze(-1)  # (n_r, 1), so that rounds share no bucket
    labels = lsh_chunks((buckets + offset).gather(-1, order), m)  # (B, n_r, L/m, m)
    label_i = labels.reshape(B, -1, m)  # (B, C, m)
    label_j = look_back(labels, convention.wrap).reshape(B, -1, 2 * m)  # (B, C, 2m)
    allowed = (j >= 0).unsqueeze(-2).expand(*i.shape, 2 * m)  # (B, C, m, 2m)
    if not convention.across_buckets:
        allowed = allowed & (label_i.unsqueeze(-1) == label_j.unsqueeze(-2))  # (B, C, m, 2m)
    if causal:
        allowed = allowed & (j.unsqueeze(-2) <= i.unsqueeze(-1))  # (B, C, m, 2m)

    j = j.clamp(min=0)  # (B, C, 2m)
    keys = _gather(unit_keys(q, convention.epsilon), j)  # (B, C, 2m, d)
    logits = _gather(q, i) @ keys.transpose(-2, -1)  # (B, C, m, 2m)
    if convention.scaled:
        logits = logits / math.sqrt(d)  # (B, C, m, 2m)
    if convention.discount_repeats:
        logits = logits - torch.log(_repeats(i, j, allowed, L).to(q.dtype))  # (B, C, m, 2m)
    itself = i.unsqueeze(-1) == j.unsqueeze(-2)  # (B, C, m, 2m)
    logits = logits.masked_fill(itself, convention.self_logit)  # (B, C, m, 2m)
    logits = logits.masked_fill(~allowed, -math.inf)  # (B, C, m, 2m)

    z = logits.logsumexp(-1, keepdim=True)  # (B, C, m, 1)
    o = torch.exp(logits - z) @ _gather(v, j)  # (B, C, m, d_v)
    return _combine(o, z, order)  # (B, L, d_v)


def _combine(o: Tensor, z: Tensor, order: Tensor) -> Tensor:
    """Undo each round's sort; weigh the rounds by the softmax of their logsumexps (appendix A).

    o_i = Σ_r exp(z(i, P^(r)) − z(i, P)) o_i^(r) with z(i, P) the logsumexp over the rounds.
    """
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
