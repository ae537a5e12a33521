"""Bytes, operations and parameters, counted from what torch really keeps, computes and holds.

The seed changes the numbers and not the counts: a spread of 0 is the point.
"""

from __future__ import annotations

import torch
from torch import nn

from verideck.reference.accounting import bytes_kept
from verideck.reference.counting import operations_counted
from verideck.reference.training import Kind, layers, run, saved_bytes

B, L, E, H = 2, 64, 32, 64


def _kind(reversible: bool) -> Kind:
    return "reversible" if reversible else "residual"


def bytes_by_layers(seed: int, reversible: bool, layers: int) -> float:
    """Give the bytes that several layers keep over those that one keeps."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        many, one = (saved_bytes(_kind(reversible), N, B, L, E, H) for N in (layers, 1))
    return many / one


def bytes_ratio(seed: int, layers: int = 6) -> float:
    """Give the bytes that reversible layers keep over those that plain ones keep."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        reversible, plain = (saved_bytes(kind, layers, B, L, E, H) for kind in ("reversible", "residual"))
    return reversible / plain


def bytes_without_gradient(seed: int) -> float:
    """Give the bytes that 6 layers keep under `no_grad`."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        sublayers = layers(6, E, H, 1)
        x = torch.randn(B, L, E)  # (B, L, E)
        parameters = [p for pair in sublayers for sublayer in pair for p in sublayer.parameters()]
        return bytes_kept(lambda: run("residual", sublayers, x), parameters)


def operations_ratio(seed: int, layers: int = 4) -> float:
    """Give the operations of a step, forward and backward, with reversible layers over those with plain."""
    return _operations(seed, "reversible", layers) / _operations(seed, "residual", layers)


def _operations(seed: int, kind: Kind, N: int) -> int:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        sublayers = layers(N, E, H, 1)
        x = torch.randn(B, L, E, requires_grad=True)  # (B, L, E)
        return operations_counted(lambda: run(kind, sublayers, x).sum().backward())  # type: ignore[no-untyped-call]  # torch's


def parameters_ratio(_: int, heads: int, head_size: int | None = None) -> float:
    """Give the parameters of several heads over those of one; of the projections' weights, held on `meta`."""
    with torch.device("meta"):
        if head_size is None:
            many, one = (_count(nn.MultiheadAttention(64, h)) for h in (heads, 1))
        else:
            many, one = (_count(_projections(h * head_size)) for h in (heads, 1))
    return many / one


def _projections(inner: int) -> nn.Module:
    into = [nn.Linear(64, inner, bias=False) for _ in range(3)]
    return nn.ModuleList([*into, nn.Linear(inner, 64, bias=False)])


def _count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def heads_bytes_ratio(seed: int) -> float:
    """Give the bytes that multi-head attention keeps with 8 heads over those with one."""
    many, one = (_heads_bytes(seed, h) for h in (8, 1))
    return many / one


def _heads_bytes(seed: int, h: int) -> int:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        attend = nn.MultiheadAttention(64, h, batch_first=True)
        x = torch.randn(2, 128, 64, requires_grad=True)  # (B, L, E)
        return bytes_kept(lambda: attend(x, x, x), list(attend.parameters()))
