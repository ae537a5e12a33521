"""The data-flow model: shapes recorded from running modules, against the formulas."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.reference import flow, shapes


@settings(max_examples=25, deadline=None)
@given(*(st.integers(1, 6) for _ in range(6)))
def test_recorded_shapes_are_what_the_formulas_say(b: int, n: int, d: int, h: int, w: int, c: int) -> None:
    assert flow.data_flow(b, n, d * h, h, w, c) == shapes.data_flow(b, n, d * h, h, w, c)


def test_the_model_computes_and_learns() -> None:
    torch.manual_seed(0)
    model = flow.Classifier(8, 2, 16, 3)
    tokens = torch.randint(100, (2, 5))
    loss = model(tokens).logsumexp(-1).sum()
    loss.backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())
    assert [stage.name for stage in model.stages][:3] == ["tokens", "embedded", "query"]
    assert model.stages[-1] == flow.Stage("logits", (2, 5, 3))


def test_features_must_divide_by_heads() -> None:
    with pytest.raises(ValueError, match="evenly"):
        flow.data_flow(1, 1, 10, 3, 4, 2)
