"""Pasted matrices: whatever printed them, they are read back; what is wrong has a line and a column."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from addon.editor.faults import PasteError
from addon.editor.pasting import MOST_TEXT, pasted

HALVES = [[[0.5, 0.25], [1.0, 0.0]]]

FORMS = {
    "[[0.5, 0.25], [1, 0]]": "list",
    "((.5, .25), (1., 0),)": "list",
    "weights = [[0.5, 0.25],\n           [1, 0]]": "list",
    "[[0.5  0.25]\n [1.   0.  ]]": "NumPy",
    "array([[0.5 , 0.25],\n       [1.  , 0.  ]], dtype=float32)": "NumPy",
    "np.array([[0.5, 0.25], [1, 0]])": "NumPy",
    "[[np.float64(0.5), np.float64(0.25)], [np.float64(1.0), np.float64(0.0)]]": "NumPy",
    "tensor([[0.5000, 0.2500],\n        [1.0000, 0.0000]], device='cuda:0', grad_fn=<MulBackward0>)": "torch",
    "tensor(5.0000e-01 *\n       [[ 1.0, 0.5],\n        [ 2.0, 0.0]])": "torch",
    "Parameter containing:\ntensor([[0.5, 0.25], [1., 0.]], requires_grad=True)": "torch",
    "[[[[0.5, 0.25], [1, 0]]]]": "list",
    "[[True, False], [1e0, 0]]": None,
    "Array([[0.5, 0.25],\n       [1.  , 0.  ]], dtype=float32)": "NumPy",
    "<tf.Tensor: shape=(2, 2), numpy=\narray([[0.5, 0.25], [1., 0.]], dtype=float32)>": "TensorFlow",
    "0.5,0.25\n1,0\n": "CSV",
    "0.5, 0.25,\n1, 0,\n": "CSV",
    '"0.5","0.25"\n"1","0"': "CSV",
    "0,5;0,25\n1;0": "CSV with semicolons",
    "0,5\t0,25\r\n1\t0\r\n": "tab-separated",
    "50%\t25%\n100 %\t0%": "tab-separated",
    "0.5 0.25\n1 0": "numbers in lines",
    "  0,5  0,25\n 1   0": "numbers in lines",
    "# a comment of np.savetxt\n5.000e-01 2.500e-01\n1.000e+00 0.000e+00": "numbers in lines",
    "0.5 0.25\n\n1 0\n": "numbers in lines",
}


@pytest.mark.parametrize("text", FORMS)
def test_a_form_is_read(text: str) -> None:
    found = pasted(text)
    if FORMS[text] is not None:
        assert found.weights == HALVES
        assert found.format == FORMS[text]
    assert found.shape == (1, 2, 2)
    assert not found.queries
    assert not found.keys


LABELLED = {
    "the\tcat\n0,5\t0,25\n1\t0": ([], ["the", "cat"]),
    "\tthe\tcat\nthe\t0.5\t0.25\ncat\t1\t0": (["the", "cat"], ["the", "cat"]),
    "\t0\t1\n0\t0.5\t0.25\n1\t1\t0": (["0", "1"], ["0", "1"]),
    '"",Ġthe,"a,b"\n##ing,0.5,0.25\n"say ""hi""",1,0': (["##ing", 'say "hi"'], ["Ġthe", "a,b"]),
    "the,0.5,0.25\ncat,1,0": (["the", "cat"], []),
    "     the   cat\nthe  0.5  0.25\ncat  1.0  0.00": (["the", "cat"], ["the", "cat"]),
    "| | the | a\\|b |\n|:--|--:|---|\n| x | 0.5 | .25 |\n| y | 1 | 0 |": (["x", "y"], ["the", "a|b"]),
    "the | cat\n--- | ---\n0.5 | 0.25\n1 | 0": ([], ["the", "cat"]),
    "query,7,cat\nthe,0.5,0.25\n7,1,0": (["the", "7"], ["7", "cat"]),
}


@pytest.mark.parametrize("text", LABELLED)
def test_tokens_stand_above_and_beside(text: str) -> None:
    found = pasted(text)
    assert found.weights == HALVES
    assert (found.queries, found.keys) == LABELLED[text]


FAULTS = {
    "": (1, 1, "nothing here"),
    "[[0.1, 0.2], [0.3]]": (1, 14, "row 2 has 1"),
    "[[0.1, 0.2],\n [0.3, x]]": (2, 8, "`x` is not a number"),
    "[[0.1, 0.2],\n [0.3, 0.4]": (1, 1, "never closed"),
    "[[0.1, 0.2),\n [0.3, 0.4]]": (1, 11, "closes a bracket that was opened as `[`"),
    "[[0.1,, 0.2]]": (1, 7, "missing"),
    "[[0.1 nan]]": (1, 7, "`nan`"),
    "[[0.1, -inf]]": (1, 8, "`-inf`"),
    "[[0.1, None]]": (1, 8, "`None`"),
    "[[0.1, Infinity]]": (1, 8, "`Infinity`"),
    "[[0.1 0.2 ... 0.1]]": (1, 11, "set_printoptions"),
    "tensor([[0.1, 0.2, ..., 0.1]])": (1, 20, "torch.set_printoptions"),
    "[[0. ... 1.]]": (1, 6, "set_printoptions"),
    "[[1, 2], [3, 4]] [[5]]": (1, 18, "follows the last bracket"),
    "[[1, 'a']]": (1, 6, "tokens have a box"),
    "[[[1, 2]], [[1], [2]]]": (1, 12, "head 2 is 2 × 1, the first is 1 × 2"),
    "[[[[1]]], [[[2]]]]": (1, 1, "one example of the batch"),
    "[[], []]": (1, 2, "empty"),
    "[]": (1, 1, "empty"),
    "[[1, 2], 3]": (1, 10, "a row in brackets"),
    "[[1e99]]": (1, 3, "too large"),
    "[[1.2.3]]": (1, 3, "`1.2.3` is not a number"),
    "[[1 2]\n [3-4]]": (2, 3, "`3-4` is not a number"),
    "f([[1]])": (1, 1, "`f` is not a number"),
    "a,b\n1,2\n3,oops": (3, 3, "`oops` is not a number"),
    "1,2\n3": (2, 1, "1 number, the first has 2"),
    "1\t2\n3\t": (2, 3, "empty"),
    "1 2\n3 nan": (2, 3, "`nan`"),
    "1 2\n3 4\n\n1 2": (4, 1, "head 2 has 1 rows"),
    "just some text": (1, 6, "`some` is not a number"),
    '{"weights": [[1, 2]], "tokens": ["a"]}': (1, 1, "tokens"),
    '{"weights": [[1, 2]]\n "tokens": ["a"]}': (2, 2, "comma"),
    "[attention]\n{oops}[/attention]": (2, 2, ""),
    "[" * 100: (1, 17, "too many brackets"),
    "array(" * 100: (1, None, "too many brackets"),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_has_a_place_and_a_reason(text: str) -> None:
    line, column, reason = FAULTS[text]
    with pytest.raises(PasteError) as caught:
        pasted(text)
    assert reason in caught.value.reason
    assert caught.value.line == line
    assert column in (None, caught.value.column)


def test_blank_lines_part_heads() -> None:
    found = pasted("a b\n1 0\n0 1\n\na b\n.5 .5\n1 0\n")
    assert found.shape == (2, 2, 2)
    assert found.keys == ["a", "b"]


def test_a_block_is_read_with_all_it_says() -> None:
    block = '[attention]{"tokens": ["a", "b"], "weights": [[1, 0], [0.5, 0.5]], "mask": "causal"}[/attention]'
    found = pasted(block)
    assert found.spec is not None
    assert found.spec["masked"] == [[False, True], [False, False]]
    assert found.queries == found.keys == ["a", "b"]


def test_too_long_a_text_is_refused_at_once() -> None:
    with pytest.raises(PasteError, match="3,000,000 letters"):
        pasted("1 " * MOST_TEXT)


FINITE = st.floats(-1e6, 1e6, allow_nan=False, width=32)
MATRICES = arrays(np.float32, array_shapes(min_dims=2, max_dims=3, max_side=14), elements=FINITE)


def whole(array: Any) -> np.ndarray[Any, Any]:
    return np.asarray(array, dtype=float).reshape((-1, *np.asarray(array).shape[-2:]))


@settings(deadline=None)
@given(MATRICES, st.booleans(), st.integers(2, 8), st.booleans())
def test_what_numpy_prints_is_read(array: Any, named: bool, precision: int, suppress: bool) -> None:
    with np.printoptions(threshold=10**6, precision=precision, suppress=suppress):
        text = repr(array) if named else str(array)
        expected = whole(eval(repr(array), {"array": np.array, "float32": np.float32}))  # noqa: S307  numpy's own
    found = pasted(text).weights
    if named:
        assert np.array_equal(np.array(found, np.float32), np.array(expected, np.float32))
    assert np.shape(found) == whole(array).shape


@settings(deadline=None)
@given(MATRICES, st.booleans(), st.booleans())
def test_what_torch_prints_is_read(array: Any, scientific: bool, learned: bool) -> None:
    torch.set_printoptions(profile="full", sci_mode=scientific, precision=6)  # type: ignore[no-untyped-call]
    try:
        tensor = torch.tensor(array, requires_grad=learned)
        text = str(tensor * 1 if learned else tensor)
    finally:
        torch.set_printoptions(profile="default", sci_mode=None)  # type: ignore[no-untyped-call]
    found = np.array(pasted(text).weights)
    assert found.shape == whole(array).shape
    if scientific:
        assert np.allclose(found, whole(array), rtol=1e-5)
    else:
        assert np.allclose(found, whole(array), atol=1e-6, rtol=1e-5)


TOKENS = st.text(st.characters(categories=["L", "P", "S"]), min_size=1, max_size=8).filter(
    lambda text: text == text.strip() and not text[0].isdigit() and "…" not in text
)


@given(st.data())
def test_what_a_spreadsheet_copies_is_read(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(2, 6)), data.draw(st.integers(2, 6))
    weight = st.integers(0, 1000).map(lambda n: n / 1000)
    weights = [[data.draw(weight) for _ in range(columns)] for _ in range(rows)]
    word = st.sampled_from(["the", "Ġcat", "##ing", "▁a", "a,b", 'say "x"', "déjà", "[CLS]", ";", "7b"])
    keys = [data.draw(word) for _ in range(columns)]
    queries = [data.draw(word) for _ in range(rows)]
    above, beside = data.draw(st.booleans()), data.draw(st.booleans())
    comma = data.draw(st.booleans())
    written = io.StringIO()
    writer = csv.writer(written, delimiter="\t" if comma else ",")
    if above:
        writer.writerow(([""] if beside else []) + keys)
    for query, row in zip(queries, weights, strict=True):
        texts = [str(value).replace(".", ",") if comma else str(value) for value in row]
        writer.writerow(([query] if beside else []) + texts)
    found = pasted(written.getvalue())
    assert found.weights == [weights]
    assert found.keys == (keys if above else [])
    assert found.queries == (queries if beside else [])


@settings(max_examples=600, deadline=None)
@given(st.text(st.sampled_from("[](){}0123456789.,;:-+eE \n\t|\"'`anifNtrue=<>#…%*"), max_size=120))
def test_nothing_but_a_fault_is_raised(text: str) -> None:
    try:
        found = pasted(text)
    except PasteError as fault:
        assert str(fault)  # noqa: PT017  anything else would fail the test by itself
    else:
        heads, rows, columns = found.shape
        assert all(
            len(matrix) == rows and all(len(row) == columns for row in matrix) for matrix in found.weights
        )
        assert heads * rows * columns >= 1


@given(st.lists(st.lists(FINITE, min_size=3, max_size=3), min_size=1, max_size=5))
def test_json_is_read(weights: list[list[float]]) -> None:
    assert pasted(json.dumps(weights)).weights == [weights]
