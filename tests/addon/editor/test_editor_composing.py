"""What stands in the dialog to a heatmap, and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.editor.composing import Inputs, causal, composed, inputs_of
from addon.editor.describing import described
from addon.editor.drafts import drafted
from addon.heatmap import LIGHT, read
from addon.reading.pictures import spec_of

SQUARE = "[[1, 0], [0.25, 0.75]]"


def test_tokens_stand_for_both_axes_or_each_for_one() -> None:
    both = composed(Inputs(SQUARE, "the cat")).spec
    assert both is not None
    assert both["queries"] == both["keys"] == ["the", "cat"]
    each = composed(Inputs("[[1, 0, 0]]", "cat", "a b c")).spec
    assert each is not None
    assert (each["queries"], each["keys"]) == (["cat"], ["a", "b", "c"])


def test_tokens_that_stand_with_the_matrix_are_taken_until_others_are_typed() -> None:
    table = "\tthe\tcat\nthe\t1\t0\ncat\t0,25\t0,75"
    found = composed(Inputs(table))
    assert found.spec is not None
    assert found.spec["keys"] == ["the", "cat"]
    assert found.counts[0] == "2 from the text"
    typed = composed(Inputs(table, "a dog")).spec
    assert typed is not None
    assert typed["queries"] == typed["keys"] == ["a", "dog"]


@pytest.mark.parametrize(
    ("inputs", "where", "message"),
    [
        (Inputs(SQUARE, "the cat sat"), "queries", "3 tokens for 2 rows"),
        (Inputs(SQUARE, "the cat", "a", apart=True), "keys", "1 token for 2 columns"),
        (Inputs("[[1, 0]]", "a", "the"), "keys", "1 token for 2 columns"),
        (Inputs(SQUARE, '["the"'), "queries", "Line 1, column 7: this list has no closing bracket"),
        (Inputs(SQUARE, "x" * 300 + " y"), "queries", "A token has more than 200 letters"),
        (Inputs("[[1, x]]"), "matrix", "Line 1, column 6: `x` is not a number"),
        (Inputs("[[-1, 1]]", normalised=True), "matrix", "Rows with negative values cannot be normalised"),
    ],
)
def test_a_message_stands_beneath_its_box(inputs: Inputs, where: str, message: str) -> None:
    found = composed(inputs)
    assert found.spec is None
    told = {name: getattr(found, name) for name in ("matrix", "queries", "keys") if getattr(found, name)}
    assert told == {where: message}
    assert not drafted(inputs, LIGHT).name


def test_while_tokens_do_not_fit_the_matrix_is_shown() -> None:
    draft = drafted(Inputs(SQUARE, "the"), LIGHT)
    assert draft.data
    assert not draft.name


def test_an_empty_dialog_says_nothing() -> None:
    found = composed(Inputs(queries="the cat"))
    assert (found.matrix, found.queries, found.fault) == ("", "", None)
    assert found.counts[0] == "2"


def test_a_causal_mask_hides_and_rows_are_divided_by_what_is_left() -> None:
    found = composed(Inputs("[[1, 3], [1, 3]]", causal=True, normalised=True)).spec
    assert found is not None
    assert found["masked"] == causal(2, 2) == [[False, True], [False, False]]
    assert found["weights"] == [[[1, 0], [0.25, 0.75]]]


def test_the_tick_for_the_mask_can_be_taken_away() -> None:
    spec = composed(Inputs(SQUARE, causal=True)).spec
    assert spec is not None
    again = inputs_of(spec)
    assert again.causal
    without = composed(Inputs(again.matrix, causal=False, base=spec)).spec
    assert without is not None
    assert "masked" not in without


def test_a_pasted_block_keeps_its_mask_and_its_text() -> None:
    block = {"weights": [[1, 0], [0.25, 0.75]], "mask": "causal", "alt": "mine", "head_names": ["h"]}
    found = composed(Inputs(json.dumps(block))).spec
    assert found is not None
    assert found["masked"] == causal(2, 2)
    assert (found["alt"], found["heads"]) == ("mine", ["h"])


def test_what_was_read_back_from_colours_stays_inexact_until_it_is_changed() -> None:
    spec = {"weights": [[[1.0, 0.0]]], "queries": ["a"], "keys": ["b", "c"], "alt": "", "exact": False}
    inputs = inputs_of(spec)
    kept = composed(inputs).spec
    assert kept is not None
    assert kept["exact"] is False
    changed = composed(Inputs("[[0.5, 0.5]]", base=spec)).spec
    assert changed is not None
    assert "exact" not in changed


WORDS = st.lists(st.text(min_size=1, max_size=6), min_size=2, max_size=2)
SPECS = st.fixed_dictionaries(
    {
        "weights": st.lists(
            st.lists(st.lists(st.floats(-9, 9), min_size=2, max_size=2), min_size=2, max_size=2),
            min_size=1,
            max_size=3,
        ),
        "queries": WORDS,
        "keys": WORDS,
        "masked": st.sampled_from([[], causal(2, 2), [[True, False], [False, False]]]),
        "alt": st.sampled_from(["", "mine"]),
    }
)


@settings(deadline=None)
@given(SPECS)
def test_what_is_edited_without_a_change_stays_the_same(spec: dict[str, Any]) -> None:
    first = drafted(inputs_of(spec), LIGHT)
    assert first.composed.spec is not None, first.composed
    carried = spec_of(first.data)
    second = drafted(inputs_of(carried), LIGHT)
    assert (second.name, second.data) == (first.name, first.data)
    shown = read(first.composed.spec)
    assert shown.queries == read(spec).queries
    assert not any(first.composed.spec["masked"][0]) or spec["masked"] if spec["masked"] else True


POINTS = {
    "[[1, 0], [0.25, 0.75]]": "Attention, 2 × 2: every token looks most at itself.",
    "[[0.5, 0.5], [0.5, 0.5]]": (
        "Attention, 2 × 2: every query looks evenly at all the keys that it may see."
    ),
    "[[0.1, 0.9], [0.25, 0.75]]": "Attention, 2 × 2: “1” looks most at “2” (0.9).",
    "[[[1, 0], [0, 1]], [[1, 0], [0.75, 0.25]]]": (
        "Attention, 2 heads of 2 × 2: “2” looks most at “1” in head 2 (0.75)."
    ),
    "[[-3, 2.5], [0, 1]]": "Heatmap of scores, 2 × 2: the highest, 2.5, is “1” with “2”.",
}


@pytest.mark.parametrize("matrix", POINTS)
def test_the_proposed_text_states_the_point(matrix: str) -> None:
    assert composed(Inputs(matrix)).proposed == POINTS[matrix]


def test_a_heatmap_that_is_masked_whole_has_a_text() -> None:
    spec = {"weights": [[[0.0]]], "queries": ["a"], "keys": ["b"], "masked": [[True]]}
    assert "masked" in described(spec) or "no query" in described(spec)


def test_hostile_tokens_end_as_text() -> None:
    draft = drafted(Inputs(SQUARE, '["<img src=x onerror=alert(1)>", "\\"><script>"]'), LIGHT)
    assert draft.name
    assert "<script" not in draft.svg
    assert "onerror=alert(1)>" not in draft.html
