"""What hashing finds, what it costs, and how near it comes to full attention.

Kitaev et al. 2020, section 2. Symbols: θ the angle between two vectors; b buckets; n_r rounds; L tokens of d
features in chunks of m.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from verideck.reference.conventions import PAPER
from verideck.reference.counting import operations_counted
from verideck.reference.lsh import lsh_buckets, random_rotations
from verideck.reference.lsh_attention import (
    lsh_attention,
    lsh_weights,
    shared_qk_attention,
    shared_qk_weights,
)

DRAWS = 10_000
B, L, d, m = 4, 128, 16, 16
LENGTH_OF_QUERIES = 4.0  # times a standard normal one: attention with something to find


def _met(seed: int, degrees: float, buckets: int, rounds: int) -> Tensor:
    """Tell for each draw and round whether two vectors at an angle share a bucket: (n, n_r)."""
    theta = math.radians(degrees)
    pair = torch.tensor([[1.0, 0.0], [math.cos(theta), math.sin(theta)]], dtype=torch.float64)  # (2, 2)
    generator = torch.Generator().manual_seed(seed)
    R = random_rotations(DRAWS * rounds, 2, buckets, generator)  # (n n_r, 2, b/2)
    first, second = (lsh_buckets(x, R) for x in pair)  # (n n_r,), (n n_r,)
    return (first == second).reshape(DRAWS, rounds)  # (n, n_r)


def collisions(seed: int, degrees: float = 30, buckets: int = 16, rounds: int = 1) -> float:
    """Give the share of draws in which at least one round puts both vectors into one bucket."""
    return float(_met(seed, degrees, buckets, rounds).any(-1).double().mean())


def collision_gap(seed: int) -> float:
    """Give the share of collisions at 30 degrees less that at 90."""
    return collisions(seed, 30) - collisions(seed, 90)


def distance_from_the_law(seed: int) -> float:
    """Give the largest distance of the shares with two buckets from 1 − θ/π."""
    return max(abs(collisions(seed, angle, 2) - (1 - angle / 180)) for angle in (30, 60, 90, 135))


def gain_of_rounds(seed: int) -> float:
    """Give the share found in 4 rounds less that found in the first of them."""
    met = _met(seed, 30, 16, 4)  # (n, 4)
    return float(met.any(-1).double().mean() - met[:, 0].double().mean())


def distance_from_independence(seed: int) -> float:
    """Give the largest distance of the shares of 2, 4 and 8 rounds from 1 − (1 − p)ⁿ."""
    met = _met(seed, 30, 16, 8)  # (n, 8)
    p = float(met.double().mean())
    return max(abs(float(met[:, :n].any(-1).double().mean()) - (1 - (1 - p) ** n)) for n in (2, 4, 8))


def _tokens(seed: int, rounds: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    q, v = torch.randn(2, B, L, d, generator=generator, dtype=torch.float64)  # (B, L, d), (B, L, d)
    R = random_rotations(rounds, d, PAPER.number_of_buckets(L, m), generator)  # (n_r, d, b/2)
    return LENGTH_OF_QUERIES * q, v, R


def captured(seed: int, rounds: int = 1) -> float:
    """Give the share of full attention's weight that lies on pairs which LSH attention compares."""
    q, _, R = _tokens(seed, rounds)
    found = lsh_weights(q, R, m) > 0  # (B, L, L)
    return float((shared_qk_weights(q) * found).sum(-1).mean())


def gain_in_mass(seed: int) -> float:
    """Give the share captured in 16 rounds less that in one."""
    return captured(seed, 16) - captured(seed, 1)


def distance(seed: int, rounds: int = 1) -> float:
    """Give the distance of LSH attention's outputs from full attention's, over the norm of the latter."""
    q, v, R = _tokens(seed, rounds)
    full = shared_qk_attention(q, v)  # (B, L, d)
    return float((lsh_attention(q, v, R, m) - full).norm() / full.norm())


def distance_ratio(seed: int) -> float:
    """Give the distance after 16 rounds over that after one."""
    return distance(seed, 16) / distance(seed, 1)


def operations_ratio(_: int, length: int = 1024, rounds: int = 1) -> float:
    """Give the operations of LSH attention over those of full attention, 64 features, chunks of 64.

    Counted by torch on its `meta` device, where nothing is computed: the seed can change nothing.
    """
    with torch.device("meta"):
        q, v = torch.empty(1, length, 64), torch.empty(1, length, 64)  # (1, L, d), (1, L, d)
        R = torch.empty(rounds, 64, PAPER.number_of_buckets(length, 64) // 2)  # (n_r, d, b/2)
        hashed = operations_counted(lambda: lsh_attention(q, v, R, 64))
        full = operations_counted(lambda: shared_qk_attention(q, v))
    return hashed / full
