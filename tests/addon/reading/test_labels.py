"""Labels are texts that any file can hold, and not too long."""

from __future__ import annotations

import json
from typing import Any

import pytest

from addon.reading import blocks, limits


def spec(**given: Any) -> dict[str, Any]:
    return blocks.spec(json.dumps({"weights": [[1]]} | given))


def test_half_a_letter_is_replaced() -> None:
    found = spec(tokens=["\ud83d"], alt="a\udc00b", head_names=["\ud800"], words={"query": "\ud800"})
    assert found["queries"] == found["keys"] == found["heads"] == ["\ufffd"]
    assert (found["alt"], found["words"]) == ("a\ufffdb", {"query": "\ufffd"})
    assert spec(tokens=["😀"])["keys"] == ["😀"]


def test_what_is_long_is_cut() -> None:
    found = spec(tokens=["x" * 1_000], alt="y" * 10_000)
    assert len(found["keys"][0]) == limits.MOST_LABEL
    assert len(found["alt"]) == limits.MOST_ALT


def test_numbers_are_taken_as_tokens() -> None:
    assert spec(tokens=[7])["keys"] == ["7"]


def test_each_axis_may_have_names_of_its_own() -> None:
    found = spec(weights=[[1, 0]], query_tokens=["a"], key_tokens=["b", "c"])
    assert (found["queries"], found["keys"]) == (["a"], ["b", "c"])
    assert spec(weights=[[1, 0]], key_tokens=["b", "c"])["queries"] == ["1"]


def test_more_heads_than_can_be_drawn_are_refused() -> None:
    assert len(spec(weights=[[[1]]] * limits.MOST_HEADS)["weights"]) == limits.MOST_HEADS
    with pytest.raises(ValueError, match="`weights` has 65 heads; 64 can be drawn"):
        spec(weights=[[[1]]] * 65)
    with pytest.raises(ValueError, match="whole number from 1 to 64"):
        spec(weights=[[[1]]], heads=65)


def test_a_view_counts_heads_from_1() -> None:
    text = json.dumps({"weights": [[[1]], [[1]]], "view": {"heads": 2, "rows": True}, "reveal": True})
    request = blocks.read(text)
    assert request.view == {"heads": 1, "rows": True}
    assert request.reveal
