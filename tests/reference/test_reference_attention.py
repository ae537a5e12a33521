"""Scaled dot-product attention and masks against torch's own, and laws that need no oracle."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from verideck.reference.attention import (
    Empty,
    attention,
    attention_scores,
    attention_weights,
    hard_attention,
    softmax,
)
from verideck.reference.masks import causal_mask, padding_mask

Random = Callable[[int], Any]
SIZES = st.tuples(
    st.integers(1, 3), st.integers(1, 7), st.integers(1, 7), st.integers(1, 9), st.integers(1, 5)
)


def drawn(seed: int, sizes: tuple[int, ...]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    b, length, keys, size, values = sizes
    generator = torch.Generator().manual_seed(seed)
    q, k, v = (
        3 * torch.randn(*shape, generator=generator, dtype=torch.float64)
        for shape in ((b, length, size), (b, keys, size), (b, keys, values))
    )
    return q, k, v


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("masked", ["no", "causal", "padding"])
def test_agrees_with_torch(random: Random, seed: int, masked: str) -> None:
    draw = random(seed)
    q, k, v = draw(2, 3, 6, 8), draw(2, 3, 6, 8), draw(2, 3, 6, 4)
    masks = {
        "no": None,
        "causal": causal_mask(6),
        "padding": padding_mask(torch.tensor([6, 2]), 6).unsqueeze(1),
    }
    mask = masks[masked]
    expected = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    assert (attention(q, k, v, M=mask) - expected).abs().max() <= 1e-14
    if masked == "causal":
        causal = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        assert (attention(q, k, v, M=mask) - causal).abs().max() <= 1e-14


def test_the_scale_can_be_left_out(random: Random) -> None:
    draw = random(1)
    q, k, v = draw(4, 9), draw(5, 9), draw(5, 2)
    expected = functional.scaled_dot_product_attention(q, k, v, scale=1.0)
    assert (attention(q, k, v, scaled=False) - expected).abs().max() <= 1e-14
    assert torch.allclose(attention_scores(q, k), attention_scores(q, k, scaled=False) / 3)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), SIZES)
def test_rows_sum_to_one(seed: int, sizes: tuple[int, ...]) -> None:
    q, k, _ = drawn(seed, sizes)
    weights = attention_weights(q, k)
    assert weights.min() >= 0
    assert (weights.sum(-1) - 1).abs().max() <= 1e-14


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), SIZES, st.data())
def test_a_masked_token_changes_nothing(seed: int, sizes: tuple[int, ...], data: st.DataObject) -> None:
    q, k, v = drawn(seed, sizes)
    hidden = data.draw(st.integers(0, sizes[2] - 1))
    mask = torch.zeros(sizes[2], dtype=torch.float64)
    mask[hidden] = -math.inf
    before = attention(q, k, v, M=mask, empty="zero")
    k[:, hidden], v[:, hidden] = 1e3, -1e6
    assert torch.equal(attention(q, k, v, M=mask, empty="zero"), before)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8), st.data())
def test_the_future_changes_nothing(seed: int, length: int, data: st.DataObject) -> None:
    q, k, v = drawn(seed, (1, length, length, 4, 3))
    now = data.draw(st.integers(0, length - 2))
    before = attention(q, k, v, M=causal_mask(length))
    k[:, now + 1 :], v[:, now + 1 :] = -50.0, 1e6
    after = attention(q, k, v, M=causal_mask(length))
    assert torch.equal(after[:, : now + 1], before[:, : now + 1])


def test_the_past_changes_what_follows() -> None:
    q, v = torch.zeros(3, 1, dtype=torch.float64), torch.eye(3, dtype=torch.float64)
    before = attention(q, q, v, M=causal_mask(3))
    after = attention(q, q, 2 * v, M=causal_mask(3))
    assert before[1].tolist() == [0.5, 0.5, 0]
    assert torch.equal(after, 2 * before)


@pytest.mark.parametrize(("empty", "expected"), [("nan", math.nan), ("zero", 0.0)])
def test_a_query_without_keys(empty: Empty, expected: float) -> None:
    mask = torch.tensor([[0.0, 0.0], [-math.inf, -math.inf]], dtype=torch.float64)
    q = torch.ones(2, 3, dtype=torch.float64)
    weights = attention_weights(q, q, M=mask, empty=empty)
    assert weights[0].tolist() == [0.5, 0.5]
    assert weights[1, 0].item() == pytest.approx(expected, nan_ok=True)
    if empty == "zero":
        oracle = functional.scaled_dot_product_attention(q, q, q, attn_mask=mask)
        assert torch.allclose(attention(q, q, q, M=mask, empty="zero"), oracle)


def test_softmax_agrees_with_torch_along_any_axis_and_does_not_overflow(random: Random) -> None:
    scores = random(3)(3, 4, 5)
    for axis in (-1, 0, 1):
        assert (softmax(scores, axis) - torch.softmax(scores, axis)).abs().max() <= 1e-15
    assert softmax(torch.tensor([1e4, 1e4])).tolist() == [0.5, 0.5]


def test_hard_attention_takes_the_value_of_the_best_key(random: Random) -> None:
    draw = random(4)
    q, k, v = draw(2, 5, 3), draw(2, 7, 3), draw(2, 7, 4)
    expected = torch.stack([v[b][(q[b] @ k[b].T).argmax(-1)] for b in range(2)])
    assert torch.equal(hard_attention(q, k, v), expected)
    assert torch.allclose(attention(1e5 * q, k, v), expected)  # soft attention hardens as scores grow


def test_masks_hide_what_they_say() -> None:
    hidden = -math.inf
    assert causal_mask(3).tolist() == [[0, hidden, hidden], [0, 0, hidden], [0, 0, 0]]
    assert padding_mask(torch.tensor([1, 3]), 3).tolist() == [[[0, hidden, hidden]], [[0, 0, 0]]]
    assert (causal_mask(3) + padding_mask(torch.tensor([1, 3]), 3)).shape == (2, 3, 3)
