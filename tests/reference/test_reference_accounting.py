"""Counting what is kept, however it is kept: saved by operations, or held by a context's attributes."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from verideck.reference.accounting import bytes_kept
from verideck.reference.reversible import Block, reversible_stack


class Holding(torch.autograd.Function):
    """Keeps its input and twice its input as attributes, which no hook sees."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, store: str) -> Tensor:
        kept: Any = {"plain": x * 2, "list": [x * 2], "dict": {"a": (x * 2,)}}[store]
        ctx.kept, ctx.name = kept, store
        ctx.save_for_backward(x)
        return x.sum()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        return gradients[0].expand(10), None


@pytest.mark.parametrize("store", ["plain", "list", "dict"])
def test_attributes_of_the_context_count(store: str) -> None:
    x = torch.ones(10, dtype=torch.float64, requires_grad=True)
    assert bytes_kept(lambda: Holding.apply(x, store), []) == 2 * 80  # type: ignore[no-untyped-call]  # torch's
    assert bytes_kept(lambda: 2 * Holding.apply(x, store).exp(), []) == 2 * 80 + 8  # type: ignore[no-untyped-call]  # torch's
    assert bytes_kept(lambda: Holding.apply(x, store), [x]) == 80  # type: ignore[no-untyped-call]  # torch's


def test_revtorch_keeps_one_output_though_hooks_see_nothing() -> None:
    from revtorch import ReversibleBlock, ReversibleSequence

    net = ReversibleSequence(
        nn.ModuleList(ReversibleBlock(nn.Linear(4, 4), nn.Linear(4, 4), -1) for _ in range(3))
    )
    x = torch.randn(5, 8, requires_grad=True)
    seen: list[Tensor] = []

    def hook(tensor: Tensor) -> Tensor:
        seen.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(hook, lambda tensor: tensor):
        net(x)
    assert seen == []
    assert bytes_kept(lambda: net(x), list(net.parameters())) == 5 * 8 * 4


def test_replay_keeps_the_generator_s_states() -> None:
    f, g = nn.Linear(4, 4), nn.Linear(4, 4)
    parameters = [*f.parameters(), *g.parameters()]
    chain = [Block(f, g, tuple(f.parameters()), tuple(g.parameters()))] * 3
    x = torch.randn(5, 4, requires_grad=True)
    plain = bytes_kept(lambda: reversible_stack(x, x.clone(), chain), parameters)
    assert plain == 2 * 5 * 4 * 4
    replaying = bytes_kept(lambda: reversible_stack(x, x.clone(), chain, replay=True), parameters)
    assert replaying == plain + 6 * torch.get_rng_state().numel()
