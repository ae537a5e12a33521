"""Locality-sensitive hashing: buckets, sorting, chunks, and what a token may then attend to.

Kitaev et al. 2020, section 2, equations (2) to (6); the hash is that of Andoni et al. 2015, section 3.

    h(x) = argmax([xR; −xR])                                        the bucket of x
    P_i = { j : h(q_i) = h(k_j) }                                   (4)
    P̃_i = { j : ⌊s_i/m⌋ − 1 ≤ ⌊s_j/m⌋ ≤ ⌊s_i/m⌋ }                  (5), own chunk and the one before

Queries and keys are shared: k_j = q_j / ‖q_j‖. A token attends to itself only where it has nothing else.

Symbols: B sequences (heads folded in) of L tokens; q (B, L, d) shared queries and keys; n_r rounds; b
buckets; R (n_r, d, b/2) random rotations; s_i the place of token i once sorted by bucket; m the chunk's
length.
"""

from __future__ import annotations

import torch
from torch import Tensor


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
