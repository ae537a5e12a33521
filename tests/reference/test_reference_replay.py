"""Dropout in reversible blocks: random numbers drawn again, and revtorch as an oracle for stacks."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from verideck.reference.replay import Remembered, replayed, rng_state
from verideck.reference.reversible import Block, reversible_forward, reversible_inverse, reversible_stack


def dropping(size: int, rate: float = 0.5) -> nn.Module:
    return nn.Sequential(nn.Linear(size, size), nn.Dropout(rate)).double()


def blocks(count: int, size: int, rate: float = 0.5) -> list[Block]:
    torch.manual_seed(count)
    made = [(dropping(size, rate), dropping(size, rate)) for _ in range(count)]
    return [Block(f, g, tuple(f.parameters()), tuple(g.parameters())) for f, g in made]


def test_the_inverse_of_dropout_needs_the_same_random_numbers(random: Any) -> None:
    (block,) = blocks(1, 16)
    f, g = Remembered(block.F), Remembered(block.G)
    x_1, x_2 = random(1)(4, 16), random(2)(4, 16)
    with torch.no_grad():
        y = reversible_forward(x_1, x_2, f, g)
        drawn_anew = reversible_inverse(*y, block.F, block.G)
        again = reversible_inverse(*y, f.again, g.again)
    assert float((drawn_anew[0] - x_1).abs().max()) > 0.5
    assert max(float((again[0] - x_1).abs().max()), float((again[1] - x_2).abs().max())) <= 1e-15


def test_replaying_leaves_the_generator_where_it_was() -> None:
    torch.manual_seed(0)
    state = rng_state()
    first = torch.rand(3)
    expected = torch.rand(3)
    torch.set_rng_state(state)
    torch.rand(3)
    with replayed(state):
        assert torch.equal(torch.rand(3), first)
    assert torch.equal(torch.rand(3), expected)
    with replayed(None):
        pass


def gradients(run: Any, chain: list[Block], random: Any) -> list[Tensor]:
    parameters = [p for block in chain for p in (*block.F_parameters, *block.G_parameters)]
    torch.manual_seed(7)
    x_1, x_2 = random(3)(4, 6).requires_grad_(), random(4)(4, 6).requires_grad_()
    y_1, y_2 = run(x_1, x_2, chain)
    loss = (y_1**2).mean() + (y_2 * y_1).mean()
    return [loss.detach(), *torch.autograd.grad(loss, (x_1, x_2, *parameters))]


def plain(x_1: Tensor, x_2: Tensor, chain: list[Block]) -> tuple[Tensor, Tensor]:
    for block in chain:
        x_1 = x_1 + block.F(x_2)
        x_2 = x_2 + block.G(x_1)
    return x_1, x_2


@pytest.mark.parametrize("count", [1, 3])
def test_a_stack_with_dropout_has_autograd_s_gradients_only_with_replay(random: Any, count: int) -> None:
    chain = blocks(count, 6)
    expected = gradients(plain, chain, random)
    found = gradients(lambda x_1, x_2, blocks: reversible_stack(x_1, x_2, blocks, True), chain, random)
    for one, other in zip(found, expected, strict=True):
        assert (one - other).abs().max() <= 1e-14
    without = gradients(reversible_stack, chain, random)
    assert max(float((a - b).abs().max()) for a, b in zip(without, expected, strict=True)) > 1e-2


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_stacks_agree_with_revtorch(random: Any, count: int, dtype: torch.dtype) -> None:
    from revtorch import ReversibleBlock, ReversibleSequence

    slack = 1e-14 if dtype == torch.float64 else 1e-5
    for seed in range(3):
        torch.manual_seed(seed)
        pairs = [
            (
                nn.Sequential(nn.Linear(6, 6), nn.Tanh()).to(dtype),
                nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Linear(9, 6)).to(dtype),
            )
            for _ in range(count)
        ]
        oracle = ReversibleSequence(nn.ModuleList(ReversibleBlock(f, g, -1) for f, g in pairs))
        chain = [Block(f, g, tuple(f.parameters()), tuple(g.parameters())) for f, g in pairs]
        x = random(seed)(4, 12).to(dtype)
        ours, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
        output = torch.cat(reversible_stack(ours[:, :6], ours[:, 6:], chain), -1)
        expected = oracle(theirs)
        assert (output - expected).abs().max() <= slack
        parameters = [p for block in chain for p in (*block.F_parameters, *block.G_parameters)]
        found = torch.autograd.grad((output**2).sum(), (ours, *parameters))
        (expected**2).sum().backward()
        for one, other in zip(found, [theirs.grad, *(p.grad for p in parameters)], strict=True):
            assert other is not None
            assert (one - other).abs().max() <= slack * max(1.0, float(other.abs().max()))
