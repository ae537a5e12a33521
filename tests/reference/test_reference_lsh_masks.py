"""Padding in LSH attention: against two implementations, and that it changes nothing else."""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from verideck.reference.conventions import HUGGING_FACE, LUCIDRAINS, PAPER, Convention
from verideck.reference.lsh import random_rotations
from verideck.reference.lsh_attention import lsh_attention, lsh_weights, shared_qk_attention

Random = Callable[[int], Any]


def visible(lengths: list[int], length: int) -> Tensor:
    return torch.arange(length) < torch.tensor(lengths).unsqueeze(-1)


@pytest.mark.parametrize("across_buckets", [True, False])
@pytest.mark.parametrize("rounds", [1, 3])
def test_padding_agrees_with_reformer_pytorch(random: Random, rounds: int, across_buckets: bool) -> None:
    from reformer_pytorch import LSHAttention

    length, chunk = 24, 4
    seen = visible([24, 17], length)
    for seed in range(3):
        qk, v = random(seed)(2, length, 6), random(seed + 50)(2, length, 6)
        oracle = LSHAttention(bucket_size=chunk, n_hashes=rounds, attend_across_buckets=across_buckets)
        torch.manual_seed(seed)
        buckets = LUCIDRAINS.number_of_buckets(length, chunk)
        drawn = torch.randn(1, 6, rounds, buckets // 2, dtype=torch.float64)
        torch.manual_seed(seed)
        expected, _, _ = oracle.eval()(qk, v, input_mask=seen)
        convention = dataclasses.replace(LUCIDRAINS, across_buckets=across_buckets)
        output = lsh_attention(qk, v, drawn[0].transpose(0, 1), chunk, convention=convention, visible=seen)
        # a token that sees only itself has the logit −5e4: rounds are combined at that size
        assert (output - expected)[seen].abs().max() <= 5e-11


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("rounds", [1, 2])
def test_padding_agrees_with_hugging_face(random: Random, rounds: int, causal: bool) -> None:
    logging.getLogger("transformers").setLevel(logging.ERROR)
    from transformers import ReformerConfig
    from transformers.models.reformer.modeling_reformer import LSHSelfAttention

    heads, size, length, chunk = 2, 6, 32, 4
    seen = visible([20, 32], length)
    for seed in range(3):
        config = ReformerConfig(
            attention_head_size=size,
            num_attention_heads=heads,
            hidden_size=heads * size,
            num_hashes=rounds,
            lsh_attn_chunk_length=chunk,
            lsh_num_chunks_before=1,
            lsh_num_chunks_after=0,
            is_decoder=causal,
            hash_seed=seed,
            max_position_embeddings=10_000,
            lsh_attention_probs_dropout_prob=0.0,
            axial_pos_embds=False,
        )
        torch.manual_seed(seed)
        oracle = LSHSelfAttention(config).double().eval()
        x = 3 * random(seed)(2, length, heads * size)
        with torch.no_grad():
            expected = oracle(x, attention_mask=seen.long()).hidden_states
        buckets = HUGGING_FACE.number_of_buckets(length, chunk)
        torch.manual_seed(seed)
        drawn = torch.randn(heads, size, rounds, buckets // 2, dtype=torch.float64)
        qk, v = (
            (x @ w.weight.detach().T).reshape(2, length, heads, size).transpose(1, 2)
            for w in (oracle.query_key, oracle.value)
        )
        outputs = [
            lsh_attention(
                qk[:, h], v[:, h], drawn[h].transpose(0, 1), chunk, causal, HUGGING_FACE, visible=seen
            )
            for h in range(heads)
        ]
        assert (torch.cat(outputs, -1) - expected)[seen].abs().max() <= 5e-11


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 12),
    st.sampled_from([1, 3]),
    st.booleans(),
    st.sampled_from([PAPER, HUGGING_FACE, Convention(across_buckets=True), Convention(wrap=True)]),
)
def test_padding_cannot_change_other_outputs(
    seed: int, own: int, rounds: int, causal: bool, convention: Convention
) -> None:
    generator = torch.Generator().manual_seed(seed)
    q, v, other = torch.randn(3, 1, 12, 5, generator=generator, dtype=torch.float64)
    turned = random_rotations(rounds, 5, 4, generator)
    seen = visible([own], 12)
    changed_q, changed_v = (torch.where(seen.unsqueeze(-1), x, 100 * other) for x in (q, v))

    def attend(q: Tensor, v: Tensor) -> Tensor:
        hashed = lsh_attention(q, v, turned, 3, causal, convention, seen)[seen]
        return torch.cat((hashed, shared_qk_attention(q, v, causal, convention, seen)[seen]))

    # a lone token's −1e5 costs digits
    assert (attend(q, v) - attend(changed_q, changed_v)).abs().max() <= 1e-9
    weights = lsh_weights(q, turned, 3, causal, convention, seen)[seen]
    alone = weights[..., ~seen[0]].sum(-1) if own < 12 else torch.zeros(1)
    assert alone.abs().max() == 0
    assert not math.isnan(float(weights.sum()))


def test_padding_left_in_its_buckets_can_move_others(random: Random) -> None:
    """What a bucket of its own is for: without it, other padding gives other chunks."""
    convention = dataclasses.replace(PAPER, padding_last=False)
    seen = visible([8], 12)
    turned = random_rotations(1, 5, 8, torch.Generator().manual_seed(0))
    q, v = random(1)(1, 12, 5), random(2)(1, 12, 3)
    outputs = []
    for seed in range(5):
        padded = torch.where(seen.unsqueeze(-1), q, random(10 + seed)(1, 12, 5))
        outputs.append(lsh_attention(padded, v, turned, 3, convention=convention, visible=seen)[seen])
    assert max(float((one - outputs[0]).abs().max()) for one in outputs) > 1e-2
