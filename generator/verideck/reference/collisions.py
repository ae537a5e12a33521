"""How often two vectors fall into one bucket, as their angle grows.

Charikar 2002, section 3, for two buckets: a random hyperplane parts two vectors at the angle θ with the
chance θ / π. Andoni et al. 2015, section 3, for more: the hash that `lsh` uses.

Symbols: θ the angle between x and y; ρ = cos θ; b buckets, so b / 2 columns in R; (U, V) one column's
products with x and with y, two standard normal numbers with correlation ρ; φ and Φ the normal density and
distribution.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

REACH = 8.0  # beyond 8 standard deviations lies 1e-15 of a normal distribution
NODES = 120


def collision_probability(theta: float, b: int = 2) -> float:
    """Give the chance that two vectors at the angle θ (radians) share a bucket in one round.

    b = 2: 1 − θ/π exactly. More: b ∫∫ f(u, v) P(|U| < u, |V| < v)^(b/2 − 1) du dv over u, v > 0, since
    each of the b buckets is as likely as the others, and the b/2 − 1 other columns must stay below both.
    Given U = u, V = ρu + √(1 − ρ²) w with w a standard normal number of its own.
    Integrated numerically, good to 1e-8 (b = 4 has the closed form (1 − θ/π)² to hold it against).
    """
    if b == 2:
        return 1 - theta / math.pi
    rho, rest = math.cos(theta), math.sin(theta)
    if rest < 1e-12:
        return 1.0 if rho > 0 else 0.0
    node, weight = _nodes()  # (n,), (n,)
    u = REACH / 2 * (node + 1).unsqueeze(-1)  # (n, 1)
    u_weight = REACH / 2 * weight.unsqueeze(-1)  # (n, 1)
    lowest = (-rho * u / rest).clamp(-REACH, REACH)  # (n, 1)
    half = (REACH - lowest) / 2  # (n, 1)
    w = lowest + half * (node + 1)  # (n, n)
    v = rho * u + rest * w  # (n, n)
    inside = _both_below(u, v, rho, rest)  # (n, n)
    density = _phi(u) * _phi(w)  # (n, n)
    integral = (u_weight * half * weight * density * inside ** (b // 2 - 1)).sum()  # ()
    return b * float(integral)


def _both_below(u: Tensor, v: Tensor, rho: float, rest: float) -> Tensor:
    """Give P(|U| < u, |V| < v): given U = s, V is normal around ρs with deviation √(1 − ρ²)."""
    node, weight = _nodes()  # (k,), (k,)
    s = u.unsqueeze(-1) * node  # (n, 1, k)
    upper = _Phi((v.unsqueeze(-1) - rho * s) / rest)  # (n, n, k)
    lower = _Phi((-v.unsqueeze(-1) - rho * s) / rest)  # (n, n, k)
    slices = (upper - lower) * _phi(s) * weight  # (n, n, k)
    return u * slices.sum(-1)  # (n, n)


def _phi(x: Tensor) -> Tensor:
    return torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)  # as x


def _Phi(x: Tensor) -> Tensor:  # noqa: N802  # the distribution's symbol, as φ is the density's
    below: Tensor = torch.special.ndtr(x)  # as x
    return below


def _nodes() -> tuple[Tensor, Tensor]:
    """Give Gauss and Legendre's points and weights on [−1, 1] (Golub and Welsch 1969)."""
    k = torch.arange(1, NODES, dtype=torch.float64)  # (n - 1,)
    side = k / torch.sqrt(4 * k**2 - 1)  # (n - 1,)
    points, vectors = torch.linalg.eigh(torch.diag(side, 1) + torch.diag(side, -1))  # (n,), (n, n)
    return points, 2 * vectors[0] ** 2  # (n,), (n,)
