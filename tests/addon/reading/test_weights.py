"""Weights computed without torch are those of the reference code, for any shape, scale, mask and heads."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from addon.reading import attention, blocks
from verideck.reference.attention import attention_weights
from verideck.reference.masks import causal_mask, padding_mask
from verideck.reference.multihead import split_heads

SIZES = st.tuples(st.integers(1, 4), st.integers(1, 7), st.integers(1, 7), st.integers(1, 6))
NUMBERS = st.floats(-30, 30, allow_subnormal=False)


def computed(**given: Any) -> torch.Tensor:
    return torch.tensor(blocks.spec(json.dumps(given))["weights"], dtype=torch.float64)


def normal(generator: torch.Generator, *shape: int) -> torch.Tensor:
    return 3 * torch.randn(*shape, generator=generator, dtype=torch.float64)


def assert_close(weights: torch.Tensor, expected: torch.Tensor) -> None:
    assert weights.shape == expected.shape
    assert torch.allclose(weights, expected, rtol=1e-12, atol=1e-300)


@given(SIZES, st.data())
def test_any_shape_mask_and_scale(sizes: tuple[int, int, int, int], draw: st.DataObject) -> None:
    h, length, keys, d = sizes
    generator = torch.Generator().manual_seed(draw.draw(st.integers(0, 1 << 20)))
    q, k = (
        3 * torch.randn(h, count, d, generator=generator, dtype=torch.float64) for count in (length, keys)
    )
    hidden = torch.rand(length, keys, generator=generator) < draw.draw(st.sampled_from([0, 0.3, 0.9, 1]))
    mask = torch.zeros(length, keys, dtype=torch.float64).masked_fill(hidden, -math.inf)
    asked = {"query": q.tolist(), "key": k.tolist(), "mask": hidden.tolist()}
    assert_close(computed(**asked), attention_weights(q, k, M=mask, empty="zero"))
    assert_close(computed(**asked, scale="none"), attention_weights(q, k, False, mask, "zero"))
    scale = draw.draw(st.floats(-2, 2))
    assert_close(computed(**asked, scale=scale), attention_weights(q * scale, k, False, mask, "zero"))
    # Torch's own, whose masks have it the other way round.
    own = functional.scaled_dot_product_attention(
        q, k, torch.eye(keys, dtype=torch.float64).expand(h, -1, -1), ~hidden
    )
    assert torch.allclose(computed(**asked), own, rtol=1e-12, atol=1e-14)


@given(st.integers(1, 4), st.integers(1, 5), st.integers(1, 4), st.integers(0, 1 << 20))
def test_features_are_dealt_out_to_the_heads(h: int, length: int, d: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    q, k = normal(generator, 2, length, h * d)
    expected = attention_weights(split_heads(q[None], h), split_heads(k[None], h), M=causal_mask(length))[0]
    assert_close(computed(query=q.tolist(), key=k.tolist(), heads=h, mask="causal"), expected)


def test_a_mask_hides_as_that_of_multihead_attention_does() -> None:
    torch.manual_seed(0)
    layer = torch.nn.MultiheadAttention(6, 2, bias=False, dtype=torch.float64, batch_first=True)
    x, hidden = torch.randn(1, 4, 6, dtype=torch.float64), torch.rand(4, 4) < 0.4
    hidden.fill_diagonal_(fill_value=False)
    _, expected = layer(x, x, x, attn_mask=hidden, average_attn_weights=False)
    query, key, _ = (x[0] @ W.T for W in layer.in_proj_weight.chunk(3))
    asked = {"query": query.tolist(), "key": key.tolist(), "heads": 2}
    assert torch.allclose(computed(**asked, mask=hidden.tolist()), expected[0], atol=1e-14)
    padding = torch.tensor([False, True, False, True])
    _, expected = layer(x, x, x, key_padding_mask=padding[None], average_attn_weights=False)
    assert torch.allclose(computed(**asked, mask=padding.tolist()), expected[0], atol=1e-14)
    q, k = (split_heads(projected[None], 2)[0] for projected in (query, key))
    last = padding_mask(torch.tensor([3]), 4)[0]
    assert_close(computed(**asked, mask=[0, 0, 0, 1]), attention_weights(q, k, M=last))


def test_large_scores_neither_overflow_nor_become_nan() -> None:
    assert_close(
        computed(query=[[1e30]], key=[[1e30], [-1e30]], scale=1e30), torch.tensor([[[1.0, 0.0]]]).double()
    )


def test_masked_weights_that_are_given_are_drawn_as_nothing() -> None:
    spec = blocks.spec('{"weights": [[0.5, 7], [0.5, 0.5]], "mask": "causal"}')
    assert spec["weights"] == [[[0.5, 0.0], [0.5, 0.5]]]
    assert spec["masked"] == [[False, True], [False, False]]


def test_too_many_products_are_refused_before_they_are_computed() -> None:
    def asked(length: int, features: int) -> str:
        rows = [[0] * features] * length
        return json.dumps({"query": rows, "key": rows}, separators=(",", ":"))

    assert blocks.read(asked(110, 600)).cells == 110 * 110
    with pytest.raises(ValueError, match="1 x 256 x 256 x 270 products; 16,000,000 may be"):
        blocks.read(asked(256, 270))
    with pytest.raises(ValueError, match="1 x 257 x 257 cells are more than the 65,536"):
        blocks.read(asked(257, 1))
    rows = [[0.0] * 270] * 256
    with pytest.raises(ValueError, match="products"):
        attention.weights([rows], [rows], 1.0)
