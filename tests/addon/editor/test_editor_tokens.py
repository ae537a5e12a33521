"""Tokens as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.editor import tokens
from addon.editor.faults import PasteError

FORMS: dict[tuple[str, int], list[str]] = {
    ("the cat sat", 0): ["the", "cat", "sat"],
    ("  the  cat\tsat ", 3): ["the", "cat", "sat"],
    ("the, cat, sat", 0): ["the", "cat", "sat"],
    ("the,cat,sat,", 0): ["the", "cat", "sat"],
    ("Yes , it is", 0): ["Yes", ",", "it", "is"],
    ("New York, Paris", 2): ["New York", "Paris"],
    ("the\ncat\n\nsat\n", 0): ["the", "cat", "sat"],
    ("New York\nParis", 2): ["New York", "Paris"],
    ("the cat\nsat down", 4): ["the", "cat", "sat", "down"],
    ("Ġthe ▁cat ##ing", 3): ["Ġthe", "▁cat", "##ing"],
    ('["the", "c\\u0061t"]', 0): ["the", "cat"],
    ("['the', 'it\\'s']", 0): ["the", "it's"],
    ("['the' 'cat']", 0): ["the", "cat"],
    ("[CLS] the cat [SEP]", 0): ["[CLS]", "the", "cat", "[SEP]"],
    ("", 3): [],
}


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_tokens_are_read(text: str, expected: int) -> None:
    assert tokens.read(text, expected) == FORMS[text, expected]


@pytest.mark.parametrize("text", ['["the"', '["the"] x', '["the" "', "['a]"])
def test_a_broken_list_has_a_place(text: str) -> None:
    with pytest.raises(PasteError, match="Line 1, column"):
        tokens.read(text)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=6))
def test_what_is_written_is_read_back(words: list[str]) -> None:
    assert tokens.read(tokens.written(words), len(words)) == words


@given(st.text(st.sampled_from("[]\"', \nab\\u"), max_size=40), st.integers(0, 5))
def test_nothing_but_a_fault_is_raised(text: str, expected: int) -> None:
    try:
        tokens.read(text, expected)
    except PasteError as fault:
        assert str(fault)  # noqa: PT017  anything else would fail the test by itself
