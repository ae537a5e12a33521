"""JSON of strangers is bounded before it is parsed; what is wrong is told with its line and column."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.reading.json_text import loads

NUMBERS = st.integers(-(10**30), 10**30) | st.floats(-1e90, 1e90)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(VALUES, st.booleans())
def test_what_json_writes_is_read(value: Any, plain: bool) -> None:
    assert loads(json.dumps(value, ensure_ascii=plain)) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1, column 1: the text ends too early"),
        ("[1,\n2,\n x]", "line 3, column 2: expecting value, not `x`"),
        ("[1] 2", "line 1, column 5: nothing may follow the last bracket"),
        ('["a', "line 1, column 2: this text has no closing quote"),
        ('["a\nb"]', "line 1, column 4: a line ends inside a text"),
        ("[+1]", "line 1, column 2: a number has no plus sign"),
        ("[-Infinity]", "-Infinity is no number that can be drawn"),
        ("[None]", "line 1, column 2: None is no number that can be drawn"),
        ("(1, 2)", "line 1, column 1: lists stand in square brackets"),
        ("[True]", "line 1, column 2: true is written in small letters"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "`c` stands twice"),
        ("[" * 17 + "]" * 17, "more than 16 lists in one another"),
        ('["[[[["' + ', {"a": ' * 17, "more than 16 lists in one another"),
        ("[" * 100_000, "100,000 lists are more than the 20,000 that are read"),
        ('["' + '","' * 20_001 + '"]', "20,002 texts are more than the 20,000 that are read"),
        ("[" + "1," * 140_001 + "1]", "140,001 values are more than the 140,000 that are read"),
        (" " * 400_001, "400,001 letters are more than the 400,000 that are read"),
        ("[" + "9" * 5_000 + "]", "a number of 200 digits and more"),
        ("[0." + "9" * 5_000 + "]", "a number of 200 digits and more"),
        ("[1e999]", "a number with e999 is too large"),
        ("[1E+00100]", "a number with E+00100 is too large"),
        ("[1e" + "9" * 100_000 + "]", "a number of 200 digits and more"),
    ],
)
def test_what_is_wrong_is_told(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        loads(text)


def test_what_stands_in_a_text_is_not_counted_as_lists_and_numbers() -> None:
    assert loads(json.dumps(["[" * 100, "9" * 300, "1e999", 'a "[[" b', "\\"])) == [
        "[" * 100,
        "9" * 300,
        "1e999",
        'a "[[" b',
        "\\",
    ]


def test_small_numbers_are_read() -> None:
    assert loads("[1e-400, 1e-10, -0, 1e99]") == [0, 1e-10, 0, 1e99]


def test_curly_quotes_are_taken_for_straight_ones_where_there_are_no_others() -> None:
    assert loads("{“a”: „b“}") == {"a": "b"}
    with pytest.raises(ValueError, match="a curly quote"):
        loads('{“a”: "b"}')


@given(st.text(st.sampled_from('[]{}",:\\ 1e+-.aNtn“é\n'), max_size=40))
def test_any_text(text: str) -> None:
    try:
        found = json.dumps(loads(text), allow_nan=False)
    except ValueError as fault:
        found = str(fault)
    assert found.isprintable()
