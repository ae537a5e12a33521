"""Multi-head attention against nn.MultiheadAttention, with its own weights."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn

from verideck.reference.masks import causal_mask, padding_mask
from verideck.reference.multihead import (
    Projections,
    join_heads,
    multihead_attention,
    split_heads,
)
from verideck.reference.shapes import multihead_shapes


def oracle(embed: int, heads: int, *, bias: bool = True, batch_first: bool = True) -> nn.MultiheadAttention:
    torch.manual_seed(embed + heads)
    layer = nn.MultiheadAttention(embed, heads, bias=bias, batch_first=batch_first, dtype=torch.float64)
    for parameter in layer.parameters():
        nn.init.normal_(parameter, std=0.5)
    return layer.eval()


def projections(layer: nn.MultiheadAttention) -> Projections:
    assert layer.in_proj_weight is not None
    q, k, v = (w.detach() for w in layer.in_proj_weight.chunk(3))
    out = layer.out_proj
    if layer.in_proj_bias is None:
        return Projections(q, k, v, out.weight.detach())
    b_q, b_k, b_v = (b.detach() for b in layer.in_proj_bias.chunk(3))
    return Projections(q, k, v, out.weight.detach(), b_q, b_k, b_v, out.bias.detach())


@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("average", [True, False])
@pytest.mark.parametrize(("embed", "heads", "bias"), [(8, 1, True), (8, 4, True), (12, 3, False)])
@pytest.mark.parametrize("masked", ["no", "causal", "padding", "both"])
def test_agrees_with_torch(
    random: Any, embed: int, heads: int, bias: bool, average: bool, batch_first: bool, masked: str
) -> None:
    layer = oracle(embed, heads, bias=bias, batch_first=batch_first)
    x = random(embed)(2, 5, embed)
    lengths = torch.tensor([5, 3])
    hidden = torch.arange(5) >= lengths.unsqueeze(-1)
    mask = torch.zeros(2, 1, 5, 5, dtype=torch.float64)
    arguments: dict[str, Any] = {}
    if masked in ("causal", "both"):
        mask = mask + causal_mask(5)
        arguments["attn_mask"] = causal_mask(5) == -math.inf
    if masked in ("padding", "both"):
        mask = mask + padding_mask(lengths, 5).unsqueeze(1)
        arguments["key_padding_mask"] = hidden
    given = x if batch_first else x.transpose(0, 1)
    output, weights = multihead_attention(
        given, given, given, projections(layer), heads, mask, average, batch_first
    )
    expected, expected_weights = layer(given, given, given, average_attn_weights=average, **arguments)
    assert (output - expected).abs().max() <= 1e-14
    assert (weights - expected_weights).abs().max() <= 1e-14
    shapes = multihead_shapes(2, 5, embed, heads, average_weights=average, batch_first=batch_first)
    assert shapes.input == given.shape
    assert shapes.output == expected.shape
    assert shapes.weights == expected_weights.shape


def test_keys_of_another_length(random: Any) -> None:
    layer = oracle(6, 2)
    query, key = random(1)(3, 4, 6), random(2)(3, 7, 6)
    output, weights = multihead_attention(query, key, key, projections(layer), 2)
    expected, expected_weights = layer(query, key, key)
    assert (output - expected).abs().max() <= 1e-14
    assert (weights - expected_weights).abs().max() <= 1e-14
    assert multihead_shapes(3, 4, 6, 2, S=7).weights == expected_weights.shape
    assert multihead_shapes(3, 4, 6, 2, S=7).key == split_heads(key, 2).shape


def test_heads_are_dealt_out_and_joined_again(random: Any) -> None:
    x = random(3)(2, 5, 12)
    assert split_heads(x, 4).shape == multihead_shapes(2, 5, 12, 4).query
    assert torch.equal(join_heads(split_heads(x, 4)), x)
    assert torch.equal(split_heads(x, 4)[1, 2, 3], x[1, 3, 6:9])


def test_features_must_divide_by_heads() -> None:
    with pytest.raises(ValueError, match="64 features cannot be dealt out evenly to 5 heads"):
        multihead_shapes(2, 5, 64, 5)
