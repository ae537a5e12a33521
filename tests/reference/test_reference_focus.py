"""Entropy, the softmax's slope and the spread of dot products."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.reference.attention import softmax
from verideck.reference.focus import (
    dot_product_variance,
    effective_keys,
    entropy,
    gini,
    largest_weight,
    softmax_jacobian,
)


def test_entropy_of_known_rows() -> None:
    rows = torch.tensor([[1, 0, 0, 0], [0.25] * 4, [0.5, 0.5, 0, 0]], dtype=torch.float64)
    assert entropy(rows).tolist() == pytest.approx([0, math.log(4), math.log(2)])
    assert entropy(rows, base=2).tolist() == pytest.approx([0, 2, 1])
    assert effective_keys(rows).tolist() == pytest.approx([1, 4, 2])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-30, 30), min_size=1, max_size=9))
def test_entropy_lies_between_one_key_and_all(scores: list[float]) -> None:
    row = softmax(torch.tensor(scores, dtype=torch.float64))
    oracle = torch.distributions.Categorical(probs=row).entropy()  # type: ignore[no-untyped-call]  # torch's
    assert float(entropy(row)) == pytest.approx(float(oracle), abs=1e-6)  # torch's clamps tiny ones
    assert -1e-12 <= float(entropy(row)) <= math.log(len(scores)) + 1e-12


def test_the_jacobian_is_the_softmax_s_derivative(random: Any) -> None:
    s = random(5)(6)
    expected = torch.autograd.functional.jacobian(lambda x: torch.softmax(x, -1), s)  # type: ignore[no-untyped-call]  # torch's
    assert (softmax_jacobian(s) - expected).abs().max() <= 1e-15
    assert softmax_jacobian(s).sum(-1).abs().max() <= 1e-15  # the weights' sum cannot change


def test_the_variance_of_dot_products_is_their_size(random: Any) -> None:
    draw = random(6)
    for size in (16, 64):
        products = (draw(40_000, size) * draw(40_000, size)).sum(-1)
        assert float(products.var()) == pytest.approx(dot_product_variance(size), rel=0.05)


def test_shares_of_known_rows() -> None:
    rows = torch.tensor([[1, 0, 0, 0], [0.25] * 4, [0.1, 0.4, 0.2, 0.3]], dtype=torch.float64)
    assert gini(rows).tolist() == pytest.approx([0.75, 0, 0.25])
    assert largest_weight(rows).tolist() == [1, 0.25, 0.4]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-30, 30), min_size=1, max_size=9))
def test_gini_is_half_the_mean_difference_over_the_mean(scores: list[float]) -> None:
    row = softmax(torch.tensor(scores, dtype=torch.float64))
    differences = (row.unsqueeze(0) - row.unsqueeze(1)).abs().mean()
    assert float(gini(row)) == pytest.approx(float(differences / (2 * row.mean())), abs=1e-12)
