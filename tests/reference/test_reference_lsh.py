"""LSH attention against two implementations, and laws that need no oracle."""

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

from verideck.reference.collisions import collision_probability
from verideck.reference.conventions import (
    HUGGING_FACE,
    LUCIDRAINS,
    PAPER,
    Convention,
    number_of_buckets,
)
from verideck.reference.lsh import (
    lsh_attended,
    lsh_buckets,
    lsh_chunks,
    lsh_sort,
    random_rotations,
    unit_keys,
)
from verideck.reference.lsh_attention import (
    lsh_attention,
    lsh_weights,
    shared_qk_attention,
    shared_qk_weights,
)

Random = Callable[[int], Any]

# A token that sees only itself has the logit −5e4 or −1e5 in every round: rounds are combined at that size.
LONE = 5e-11


@pytest.mark.parametrize("across_buckets", [True, False])
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize(("length", "chunk", "rounds"), [(8, 2, 1), (24, 4, 1), (24, 3, 4), (64, 8, 2)])
def test_agrees_with_reformer_pytorch(
    random: Random, length: int, chunk: int, rounds: int, causal: bool, across_buckets: bool
) -> None:
    from reformer_pytorch import LSHAttention

    for seed in range(3):
        qk, v = random(seed)(2, length, 6), random(seed + 50)(2, length, 6)
        if seed == 2:  # all in one bucket, the same in every round: rounds must still not mix
            qk = qk.abs().mean(-1, keepdim=True) * qk[:1, :1]
        oracle = LSHAttention(
            bucket_size=chunk, n_hashes=rounds, causal=causal, attend_across_buckets=across_buckets
        ).eval()
        buckets = LUCIDRAINS.number_of_buckets(length, chunk)
        torch.manual_seed(seed)
        drawn = torch.randn(1, 6, rounds, buckets // 2, dtype=torch.float64)
        torch.manual_seed(seed)
        expected, _, expected_buckets = oracle(qk, v)
        rotations = drawn[0].transpose(0, 1)
        found = torch.stack([lsh_buckets(qk, r) + n * buckets for n, r in enumerate(rotations)], 1)
        assert torch.equal(found.flatten(1), expected_buckets)
        convention = dataclasses.replace(LUCIDRAINS, across_buckets=across_buckets)
        output = lsh_attention(qk, v, rotations, chunk, causal, convention)
        assert (output - expected).abs().max() <= (LONE if causal and rounds > 1 else 5e-15)


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("factors", [(), (2, 4), (4, 2, 2)])
@pytest.mark.parametrize(("length", "chunk", "rounds"), [(16, 4, 1), (32, 4, 3), (64, 16, 2)])
def test_agrees_with_hugging_face(
    random: Random, length: int, chunk: int, rounds: int, factors: tuple[int, ...], causal: bool
) -> None:
    logging.getLogger("transformers").setLevel(logging.ERROR)
    from transformers import ReformerConfig
    from transformers.models.reformer.modeling_reformer import LSHSelfAttention

    heads, size, hidden = 2, 6, 12
    for seed in range(3):
        config = ReformerConfig(
            attention_head_size=size,
            num_attention_heads=heads,
            hidden_size=hidden,
            num_hashes=rounds,
            lsh_attn_chunk_length=chunk,
            lsh_num_chunks_before=1,
            lsh_num_chunks_after=0,
            is_decoder=causal,
            hash_seed=seed,
            num_buckets=list(factors) or None,
            max_position_embeddings=10_000,  # few positions would split the buckets into two factors
            lsh_attention_probs_dropout_prob=0.0,
            axial_pos_embds=False,
        )
        torch.manual_seed(seed)
        oracle = LSHSelfAttention(config).double().eval()
        x = 3 * random(seed)(2, length, hidden)
        with torch.no_grad():
            expected = oracle(x)
        buckets = math.prod(factors) if factors else number_of_buckets(length, chunk, "huggingface")
        assert oracle.num_buckets == (list(factors) or buckets)
        columns = sum(factors) // 2 if factors else buckets // 2
        convention = dataclasses.replace(HUGGING_FACE, factors=factors)
        torch.manual_seed(seed)
        drawn = torch.randn(heads, size, rounds, columns, dtype=torch.float64)
        qk, v = (
            (x @ w.weight.detach().T).reshape(2, length, heads, size).transpose(1, 2)
            for w in (oracle.query_key, oracle.value)
        )
        outputs, without_epsilon = [], []
        for head in range(heads):
            rotations = drawn[head].transpose(0, 1)
            found = torch.stack(
                [lsh_buckets(qk[:, head], r, factors) + n * buckets for n, r in enumerate(rotations)], 1
            )
            assert torch.equal(found, expected.buckets[:, head])
            arguments = (qk[:, head], v[:, head], rotations, chunk, causal)
            outputs.append(lsh_attention(*arguments, convention))
            plain = dataclasses.replace(convention, epsilon=0.0)
            without_epsilon.append(lsh_attention(*arguments, plain))
        joined = torch.cat(outputs, -1)
        assert (joined - expected.hidden_states).abs().max() <= (LONE if causal and rounds > 1 else 2e-14)
        assert (torch.cat(without_epsilon, -1) - expected.hidden_states).abs().max() <= 3e-5


def vectors(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def rotations(seed: int, rounds: int, size: int, buckets: int) -> Tensor:
    return random_rotations(rounds, size, buckets, torch.Generator().manual_seed(seed + 1))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.sampled_from([2, 4, 8, 16]), st.floats(1e-3, 1e3))
def test_the_bucket_law(seed: int, size: int, buckets: int, scale: float) -> None:
    x, (rotation,) = vectors(seed, 20, size), rotations(seed, 1, size, buckets)
    found = lsh_buckets(x, rotation)
    assert found.min() >= 0
    assert found.max() < buckets
    assert torch.equal(lsh_buckets(scale * x, rotation), found)
    assert torch.equal(lsh_buckets(-x, rotation), (found + buckets // 2) % buckets)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_sorting_is_stable(buckets: list[int]) -> None:
    order = lsh_sort(torch.tensor(buckets)).tolist()
    assert order == sorted(range(len(buckets)), key=lambda i: (buckets[i], i))


def test_chunks_and_what_a_token_may_attend_to() -> None:
    buckets = torch.tensor([1, 0, 1, 0, 1, 1])
    assert lsh_chunks(lsh_sort(buckets), 2).tolist() == [[1, 3], [0, 2], [4, 5]]
    assert lsh_attended(buckets, 2, 4).tolist() == [0, 2, 5]
    assert lsh_attended(buckets, 2, 2).tolist() == [0]  # 4 and 5 lie in the chunk behind
    assert lsh_attended(buckets, 2, 4, causal=True).tolist() == [0, 2]
    assert lsh_attended(buckets, 2, 0, causal=True).tolist() == [0]  # nothing else: itself
    assert lsh_attended(buckets, 2, 1).tolist() == [3]


def attended_by_definition(buckets: list[int], m: int, i: int, causal: bool) -> list[int]:
    """Equations (4) and (5) read aloud, with the paper's rule about the token itself."""
    order = sorted(range(len(buckets)), key=lambda j: (buckets[j], j))
    place = {token: s for s, token in enumerate(order)}
    seen = [
        j
        for j in range(len(buckets))
        if buckets[j] == buckets[i] and place[i] // m - 1 <= place[j] // m <= place[i] // m
    ]
    seen = [j for j in seen if not causal or j <= i]
    return [j for j in seen if j != i] or seen


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(1, 5), st.booleans())
def test_attended_positions_follow_the_equations(
    data: st.DataObject, m: int, chunks: int, causal: bool
) -> None:
    buckets = data.draw(st.lists(st.integers(0, 3), min_size=m * chunks, max_size=m * chunks))
    i = data.draw(st.integers(0, len(buckets) - 1))
    assert lsh_attended(torch.tensor(buckets), m, i, causal).tolist() == attended_by_definition(
        buckets, m, i, causal
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 2, 3]), st.sampled_from([1, 2, 4]), st.booleans())
def test_several_rounds_are_one_softmax_over_their_union(
    seed: int, rounds: int, m: int, causal: bool
) -> None:
    length, size, buckets = 12, 5, 4
    q, v = vectors(seed, 1, length, size), vectors(seed + 7, 1, length, 3)
    turned = rotations(seed, rounds, size, buckets)
    output = lsh_attention(q, v, turned, m, causal)[0]
    logits = q[0] @ unit_keys(q)[0].T
    for i in range(length):
        union: set[int] = set()
        for rotation in turned:
            union |= set(attended_by_definition(lsh_buckets(q[0], rotation).tolist(), m, i, causal))
        seen = sorted(union - {i}) or [i]
        expected = torch.softmax(logits[i, seen], -1) @ v[0, seen]
        assert (output[i] - expected).abs().max() <= 1e-13


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([2, 4, 8]), st.booleans(), st.booleans())
def test_two_chunks_and_one_round_are_full_attention(
    seed: int, length: int, causal: bool, scaled: bool
) -> None:
    q, v = vectors(seed, 2, length, 5), vectors(seed + 7, 2, length, 3)
    convention = Convention(scaled=scaled, across_buckets=True, wrap=True)
    output = lsh_attention(q, v, rotations(seed, 1, 5, 2), length // 2, causal, convention)
    assert (output - shared_qk_attention(q, v, causal, convention)).abs().max() <= 1e-14


def test_the_same_is_false_for_four_rounds_in_one_ring() -> None:
    q, v = vectors(3, 1, 8, 5), vectors(4, 1, 8, 3)
    output = lsh_attention(q, v, rotations(5, 4, 5, 2), 4, convention=LUCIDRAINS)
    assert (output - shared_qk_attention(q, v, convention=LUCIDRAINS)).abs().max() > 1e-2


def test_more_rounds_come_nearer_to_full_attention() -> None:
    q, v = vectors(1, 4, 32, 8), vectors(2, 4, 32, 8)
    full = shared_qk_attention(q, v)
    distance = [
        float((lsh_attention(q, v, rotations(9, rounds, 8, 8), 8) - full).norm()) for rounds in (1, 4, 16)
    ]
    assert distance[0] > distance[1] > distance[2]


@pytest.mark.parametrize("degrees", [0, 10, 30, 60, 90, 135, 180])
def test_collisions_in_closed_form(degrees: float) -> None:
    share = degrees / 180
    assert collision_probability(math.radians(degrees), 2) == pytest.approx(1 - share)
    assert collision_probability(math.radians(degrees), 4) == pytest.approx((1 - share) ** 2, abs=1e-8)


@pytest.mark.parametrize(("degrees", "paper"), [(30, 0.54), (60, 0.23), (90, 0.0625)])
def test_collisions_are_what_hashing_does(degrees: float, paper: float) -> None:
    theta, tries = math.radians(degrees), 40_000
    pair = torch.tensor([[1.0, 0.0], [math.cos(theta), math.sin(theta)]], dtype=torch.float64)
    hashed = torch.stack([lsh_buckets(x, rotations(0, tries, 2, 16)) for x in pair])
    met = float((hashed[0] == hashed[1]).double().mean())
    expected = collision_probability(theta, 16)
    assert met == pytest.approx(expected, abs=4 * math.sqrt(expected / tries))
    assert expected == pytest.approx(paper, abs=0.006)


def test_the_paper_has_twice_as_many_buckets_as_chunks() -> None:
    assert PAPER.number_of_buckets(1024, 64) == 32
    assert LUCIDRAINS.number_of_buckets(1024, 64) == 16
    assert HUGGING_FACE.number_of_buckets(1024, 64) == 32
    assert HUGGING_FACE.number_of_buckets(960, 64) == 16  # the power of two below 30
    assert [number_of_buckets(960, 64, name) for name in ("paper", "lucidrains")] == [30, 15]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 3]), st.booleans())
def test_weights_are_what_the_values_are_mixed_by(seed: int, rounds: int, causal: bool) -> None:
    q, v, turned = vectors(seed, 2, 12, 5), vectors(seed + 7, 2, 12, 3), rotations(seed, rounds, 5, 4)
    weights = lsh_weights(q, turned, 3, causal)
    assert (weights.sum(-1) - 1).abs().max() <= 1e-13
    assert weights.min() >= 0
    assert (weights @ v - lsh_attention(q, v, turned, 3, causal)).abs().max() <= 1e-13
    full = shared_qk_weights(q, causal)
    assert (full @ v - shared_qk_attention(q, v, causal)).abs().max() == 0
    if causal:
        assert weights.triu(1).abs().max() == 0
