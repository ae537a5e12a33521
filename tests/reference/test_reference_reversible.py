"""Reversible blocks: the inverse, and gradients against plain autograd."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from verideck.reference.reversible import Block, reversible_forward, reversible_inverse, reversible_stack


def blocks(count: int, size: int, dtype: torch.dtype = torch.float64) -> list[Block]:
    torch.manual_seed(count * 100 + size)
    made = []
    for _ in range(count):
        f = nn.Sequential(nn.Linear(size, size), nn.Tanh()).to(dtype)
        g = nn.Sequential(nn.Linear(size, 2 * size), nn.ReLU(), nn.Linear(2 * size, size)).to(dtype)
        made.append(Block(f, g, tuple(f.parameters()), tuple(g.parameters())))
    return made


def plain(x_1: Tensor, x_2: Tensor, chain: list[Block]) -> tuple[Tensor, Tensor]:
    for block in chain:
        x_1 = x_1 + block.F(x_2)
        x_2 = x_2 + block.G(x_1)
    return x_1, x_2


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8))
def test_the_inverse_gives_the_inputs_back(seed: int, size: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    x_1, x_2 = torch.randn(2, 3, size, generator=generator, dtype=torch.float64)
    f, g = torch.tanh, torch.sin
    back_1, back_2 = reversible_inverse(*reversible_forward(x_1, x_2, f, g), f, g)
    assert max(float((back_1 - x_1).abs().max()), float((back_2 - x_2).abs().max())) <= 2e-15


def test_the_order_matters() -> None:
    x_1, x_2 = torch.tensor([1.0]), torch.tensor([2.0])
    y_1, y_2 = reversible_forward(x_1, x_2, lambda x: 2 * x, lambda x: x**2)
    assert (y_1.item(), y_2.item()) == (5.0, 27.0)
    assert reversible_inverse(y_1, y_2, lambda x: x**2, lambda x: 2 * x)[1].item() != 2.0


@pytest.mark.parametrize(("dtype", "drift"), [(torch.float64, 1e-12), (torch.float32, 1e-3)])
def test_24_layers_drift_little(random: Any, dtype: torch.dtype, drift: float) -> None:
    chain = blocks(24, 8, dtype)
    x_1, x_2 = random(1)(4, 8).to(dtype), random(2)(4, 8).to(dtype)
    with torch.no_grad():
        y = plain(x_1, x_2, chain)
        for block in reversed(chain):
            y = reversible_inverse(*y, block.F, block.G)
    error = max(float((y[0] - x_1).abs().max()), float((y[1] - x_2).abs().max()))
    assert 0 < error <= drift


@pytest.mark.parametrize("count", [1, 2, 6])
def test_gradients_equal_plain_autograd(random: Any, count: int) -> None:
    chain = blocks(count, 5)
    parameters = [p for block in chain for p in (*block.F_parameters, *block.G_parameters)]
    found = []
    for run in (plain, reversible_stack):
        x_1, x_2 = random(3)(4, 5).requires_grad_(), random(4)(4, 5).requires_grad_()
        y_1, y_2 = run(x_1, x_2, chain)
        loss = (y_1**2).mean() + (y_2 * y_1).mean()
        found.append((loss.detach(), *torch.autograd.grad(loss, (x_1, x_2, *parameters))))
    for expected, computed in zip(*found, strict=True):
        assert (computed - expected).abs().max() <= 1e-15 * max(1.0, float(expected.abs().max()) * 10)
