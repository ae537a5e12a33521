"""Bytes kept for the backward pass, and operations, against torch's own counts."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from verideck.reference import complexity
from verideck.reference.accounting import bytes_kept
from verideck.reference.counting import operations_counted
from verideck.reference.training import Kind, layers, run, saved_bytes


def test_kept_bytes_of_a_product_are_its_factors() -> None:
    a = torch.ones(3, 4, dtype=torch.float64, requires_grad=True)
    b = torch.ones(4, 5, dtype=torch.float64, requires_grad=True)
    assert bytes_kept(lambda: a @ b, []) == (12 + 20) * 8
    assert bytes_kept(lambda: a @ b, [b]) == 12 * 8
    assert bytes_kept(lambda: (a @ b, a @ (2 * b)), [b]) == (12 + 20) * 8  # `a` is kept once
    with torch.no_grad():
        assert bytes_kept(lambda: a @ b, []) == 0


def test_a_product_takes_rows_times_columns_times_their_length() -> None:
    a, b = torch.ones(3, 4), torch.ones(4, 5)
    assert operations_counted(lambda: a @ b) == 3 * 4 * 5
    assert operations_counted(lambda: (a @ b, a + 1, a.expand(2, 3, 4) @ b)) == 3 * 60


def test_one_layer_keeps_what_a_hand_count_says() -> None:
    length, embed, hidden = 10, 4, 12
    # attention: x, mean and deviation, normed, q, k, v, weights, context; then the same for the feed-forward
    # layer: its input, mean and deviation, normed, the ReLU's output
    attend = length * (embed + 2 + embed + 3 * embed + length + embed)
    forward = length * (embed + 2 + embed + hidden)
    assert saved_bytes("residual", 1, 1, length, embed, hidden) == 4 * (attend + forward)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_plain_layers_keep_n_times_as_much_and_reversible_ones_the_same(count: int) -> None:
    assert saved_bytes("residual", count) == count * saved_bytes("residual", 1)
    assert saved_bytes("reversible", count) == saved_bytes("reversible", 1) == 2 * 128 * 64 * 4


def test_heads_and_numbers_cost_what_they_cost() -> None:
    one, four = saved_bytes("residual", 1, h=1), saved_bytes("residual", 1, h=4)
    assert four - one == 3 * 128 * 128 * 4  # three more maps of weights
    assert saved_bytes("residual", 1, dtype=torch.float64) == 2 * one


@pytest.mark.parametrize("kind", ["residual", "reversible"])
def test_the_meta_device_counts_the_same(kind: Kind) -> None:
    sizes = {"N": 2, "B": 2, "L": 9, "E": 8, "H": 12, "h": 2}
    assert saved_bytes(kind, **sizes, device="meta") == saved_bytes(kind, **sizes)  # type: ignore[arg-type]  # sizes are ints


@pytest.mark.parametrize("kind", ["residual", "reversible"])
@pytest.mark.parametrize(
    ("count", "batch", "length", "embed", "hidden", "heads"), [(1, 1, 6, 4, 8, 1), (3, 2, 10, 8, 20, 2)]
)
def test_operations_are_what_torch_counts(
    kind: Kind, count: int, batch: int, length: int, embed: int, hidden: int, heads: int
) -> None:
    sublayers = layers(count, embed, hidden, heads)
    x = torch.randn(batch, length, embed, requires_grad=True)
    counted = operations_counted(lambda: run(kind, sublayers, x).sum().backward())  # type: ignore[no-untyped-call]  # torch's
    expected = complexity.operations(kind == "reversible", count, batch, length, embed, hidden)
    assert counted == expected


def test_both_kinds_have_the_same_parameters_and_train(random: Any) -> None:
    sublayers = layers(2, 8, 16, 2)
    x = random(1)(2, 5, 8).float()
    for kind in ("residual", "reversible"):
        for pair in sublayers:
            for sublayer in pair:
                sublayer.zero_grad()
        run(kind, sublayers, x.clone().requires_grad_()).square().mean().backward()  # type: ignore[no-untyped-call]  # torch's
        gradients = [p.grad for pair in sublayers for sublayer in pair for p in sublayer.parameters()]
        assert all(g is not None and g.isfinite().all() for g in gradients)


def parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize("heads", [1, 4, 8])
@pytest.mark.parametrize("bias", [True, False])
def test_multihead_parameters(heads: int, bias: bool) -> None:
    expected = parameters(nn.MultiheadAttention(64, heads, bias=bias))
    assert complexity.multihead_parameters(64, heads, bias) == expected
    assert complexity.multihead_parameters(64, heads, bias, head_size=64 // heads) == expected


def test_parameters_of_the_other_layers() -> None:
    assert complexity.multihead_parameters(64, 1) == 16_640
    assert complexity.linear_parameters(3, 5) == parameters(nn.Linear(3, 5))
    assert complexity.linear_parameters(3, 5, bias=False) == parameters(nn.Linear(3, 5, bias=False))
    assert complexity.embedding_parameters(100, 7) == parameters(nn.Embedding(100, 7))
    assert complexity.layer_norm_parameters(9) == parameters(nn.LayerNorm(9))
    net = nn.Sequential(nn.Linear(6, 11), nn.ReLU(), nn.Linear(11, 6))
    assert complexity.feed_forward_parameters(6, 11) == parameters(net)
    layer = nn.TransformerEncoderLayer(12, 3, 40)
    assert complexity.transformer_layer_parameters(12, 3, 40) == parameters(layer)
    with pytest.raises(ValueError, match="evenly"):
        complexity.multihead_parameters(64, 5)


def test_fixed_head_size_adds_parameters_per_head() -> None:
    counts = [complexity.multihead_parameters(64, h, bias=False, head_size=64) for h in (1, 2, 8)]
    assert counts == [16_384, 2 * 16_384, 8 * 16_384]


def test_table_3() -> None:
    sizes = {"b": 1, "l": 65_536, "d_model": 1024, "d_ff": 4096, "n_h": 8, "n_l": 12, "n_r": 4, "c": 128**2}
    held = {
        name: formula(*(sizes[q] for q in needed)) for name, (needed, formula) in complexity.TABLE_3.items()
    }
    assert held["transformer"] == 8 * 65_536**2 * 12
    assert held["reversible"] == held["chunked"] == 8 * 65_536**2
    assert held["lsh"] == 8 * 65_536 * 4 * 128**2 * 12
    assert held["reformer"] == 8 * 65_536 * 4 * 128**2
    small = {**sizes, "l": 64}
    needed, formula = complexity.TABLE_3["chunked"]
    assert formula(*(small[q] for q in needed)) == 64 * 1024  # here the activations weigh more


def test_counts_of_pairs_and_rounds() -> None:
    assert complexity.attention_elements(65_536) * 4 == 16 * 2**30
    assert complexity.comparisons(1024) == 1024**2
    assert complexity.comparisons(1024, 64, 2) == 2 * 1024 * 128
    assert complexity.chunk_length(1024, 32) == 64
    with pytest.raises(ValueError, match="evenly"):
        complexity.chunk_length(10, 3)
    found = [complexity.found_in_rounds(0.545, n) for n in (1, 2, 4, 8)]
    assert found == pytest.approx([0.545, 0.793, 0.957, 0.998], abs=1e-3)
