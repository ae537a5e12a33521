"""The layers around attention against torch's modules, and the shapes of the data flow."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from verideck.reference.attention import attention_weights
from verideck.reference.layers import cross_entropy, feed_forward, layer_norm, linear, positional_encoding
from verideck.reference.multihead import join_heads, split_heads
from verideck.reference.shapes import data_flow


def test_linear_and_layer_norm(random: Any) -> None:
    draw = random(1)
    x, weight, bias = draw(2, 3, 5), draw(4, 5), draw(4)
    assert (linear(x, weight, bias) - functional.linear(x, weight, bias)).abs().max() <= 1e-14
    assert (linear(x, weight) - functional.linear(x, weight)).abs().max() <= 1e-14
    assert (layer_norm(x) - functional.layer_norm(x, (5,))).abs().max() <= 1e-14


def test_feed_forward(random: Any) -> None:
    draw = random(2)
    w_1, b_1, w_2, b_2, x = draw(7, 4), draw(7), draw(4, 7), draw(4), draw(3, 4)
    net = nn.Sequential(nn.Linear(4, 7), nn.ReLU(), nn.Linear(7, 4)).double()
    net.load_state_dict({"0.weight": w_1, "0.bias": b_1, "2.weight": w_2, "2.bias": b_2})
    assert (feed_forward(x, w_1, b_1, w_2, b_2) - net(x)).abs().max() <= 1e-14


def test_cross_entropy(random: Any) -> None:
    logits, target = random(3)(6, 5) * 10, torch.tensor([0, 1, 2, 3, 4, 0])
    assert float(cross_entropy(logits, target)) == pytest.approx(
        float(functional.cross_entropy(logits, target))
    )
    single = cross_entropy(logits[0], target[0])
    assert float(single) == pytest.approx(float(functional.cross_entropy(logits[0], target[0])))


def test_positional_encoding_is_the_paper_s_sum_by_sum() -> None:
    table = positional_encoding(4, 6)
    for pos in range(4):
        for i in range(3):
            angle = pos / 10000 ** (2 * i / 6)
            assert table[pos, 2 * i].item() == pytest.approx(math.sin(angle))
            assert table[pos, 2 * i + 1].item() == pytest.approx(math.cos(angle))


def test_data_flow_has_the_shapes_that_flow() -> None:
    batch, length, embed, heads, hidden, classes = 2, 7, 12, 3, 20, 5
    tokens = torch.zeros(batch, length, dtype=torch.int64)
    embedded = nn.Embedding(11, embed)(tokens)
    query = split_heads(nn.Linear(embed, embed)(embedded), heads)
    weights = attention_weights(query, query)
    mixed = weights @ query
    context = nn.Linear(embed, embed)(join_heads(mixed))
    inner = nn.Linear(embed, hidden)(context)
    left = nn.Linear(hidden, embed)(inner)
    flow = data_flow(batch, length, embed, heads, hidden, classes)
    assert flow.tokens == tokens.shape
    assert flow.embedded == embedded.shape
    assert flow.query == query.shape
    assert flow.scores == flow.weights == weights.shape
    assert flow.heads == mixed.shape
    assert flow.context == context.shape
    assert flow.hidden == inner.shape
    assert flow.feed_forward == left.shape
    assert flow.logits == nn.Linear(embed, classes)(left).shape
    with pytest.raises(ValueError, match="12 features"):
        data_flow(2, 7, 12, 5, 20, 5)
