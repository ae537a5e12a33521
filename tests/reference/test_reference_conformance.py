"""Attention in other precisions, over seeds, sizes and masks, against torch's own."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from verideck.reference.attention import attention, attention_weights
from verideck.reference.masks import causal_mask, padding_mask
from verideck.reference.multihead import Projections, multihead_attention

# Half of what one rounding of the largest number costs is the unit in the last place; sums cost a few.
SLACK = {torch.float64: 2e-15, torch.float32: 2e-6, torch.bfloat16: 5e-2}


@pytest.mark.parametrize("dtype", list(SLACK))
@pytest.mark.parametrize(("batch", "heads", "length", "size"), [(1, 1, 1, 1), (2, 3, 7, 5), (2, 2, 33, 16)])
@pytest.mark.parametrize("masked", ["no", "causal", "padding", "both"])
def test_attention_in_every_precision(
    random: Any, batch: int, heads: int, length: int, size: int, dtype: torch.dtype, masked: str
) -> None:
    short = torch.tensor([max(length - 2 * n, 1) for n in range(batch)])
    padding = padding_mask(short, length, dtype).unsqueeze(1)
    masks = {
        "no": None,
        "causal": causal_mask(length, dtype),
        "padding": padding,
        "both": padding + causal_mask(length, dtype),
    }
    for seed in range(4):
        draw = random(seed)
        q, k, v = (draw(batch, heads, length, size).to(dtype) for _ in range(3))
        mask = masks[masked]
        expected = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        output = attention(q, k, v, M=mask)
        assert output.dtype == dtype
        assert (output.double() - expected.double()).abs().max() <= SLACK[dtype]
        exact = attention(q.double(), k.double(), v.double(), M=None if mask is None else mask.double())
        assert (output.double() - exact).abs().max() <= SLACK[dtype]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("embed", "heads"), [(4, 1), (12, 3), (32, 8)])
def test_heads_in_every_precision(random: Any, embed: int, heads: int, dtype: torch.dtype) -> None:
    for seed in range(3):
        torch.manual_seed(seed)
        oracle = nn.MultiheadAttention(embed, heads, batch_first=True, dtype=dtype)
        weights, biases = (x.detach().chunk(3) for x in (oracle.in_proj_weight, oracle.in_proj_bias))
        output, bias = oracle.out_proj.weight.detach(), oracle.out_proj.bias.detach()
        p = Projections(weights[0], weights[1], weights[2], output, biases[0], biases[1], biases[2], bias)
        x = random(seed)(2, 9, embed).to(dtype)
        hidden = torch.arange(9) >= torch.tensor([[9], [4]])
        mask = torch.zeros(2, 1, 1, 9, dtype=dtype).masked_fill(hidden[:, None, None], -math.inf)
        with torch.no_grad():
            expected, expected_weights = oracle(x, x, x, key_padding_mask=hidden)
        output, found = multihead_attention(x, x, x, p, heads, mask)
        assert (output - expected).abs().max() <= SLACK[dtype]
        assert (found - expected_weights).abs().max() <= SLACK[dtype]


def test_the_scale_is_the_queries_size_not_its_square_root_s_square(random: Any) -> None:
    q, k = random(1)(3, 16), random(2)(4, 16)
    assert torch.allclose(attention_weights(q, k), torch.softmax(q @ k.T / 4, -1))
