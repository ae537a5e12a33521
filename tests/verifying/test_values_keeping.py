from __future__ import annotations

import json
import math
from collections import namedtuple

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from verideck.verifying.formulas import equations, parse_formula, solve
from verideck.verifying.values import Quantity, Tensor, Value, describe, freeze, from_json, show, to_json
from verideck.verifying.values.freezing import MOST

Result = namedtuple("Result", ["output", "weights"])

BLOCK = equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)")


@pytest.mark.parametrize(
    ("computed", "value"),
    [
        (torch.tensor([[0.5, 0.5]], dtype=torch.float64), Tensor(((0.5, 0.5),), (1, 2), "float")),
        (torch.tensor(0.25), 0.25),
        (torch.tensor(3), 3),
        (torch.tensor([True, False]), Tensor((True, False), (2,), "bool")),
        (torch.zeros(2, 0, dtype=torch.int64), Tensor(((), ()), (2, 0), "int")),
        (torch.zeros(0, 3), Tensor((), (0, 3), "float")),
        (torch.zeros(2, 0, 3), Tensor(((), ()), (2, 0, 3), "float")),
        (torch.Size([2, 5]), (2, 5)),
        ((2, 5, 64), (2, 5, 64)),
        ((0.5, 1), Tensor((0.5, 1.0), (2,), "float")),
        ([[1, 2], [3, 4]], Tensor(((1, 2), (3, 4)), (2, 2), "int")),
        ([torch.tensor(1.5), 2], Tensor((1.5, 2.0), (2,), "float")),
        (True, True),
        ("dead", "dead"),
        (Quantity(16, "GiB"), Quantity(16, "GiB")),
        (BLOCK, BLOCK),
    ],
)
def test_computed_objects_freeze_into_values(computed: object, value: Value) -> None:
    frozen = freeze(computed)
    assert frozen == value
    assert type(frozen) is type(value)
    assert freeze(frozen) == frozen


@pytest.mark.parametrize(
    ("computed", "message"),
    [
        (math.nan, "NaN"),
        (-math.inf, "minus infinity"),
        (torch.tensor([[0.0, math.nan]]), r"NaN at \[0, 1\]"),
        ([0.5, math.inf], r"infinity at \[1\]"),
        ([[1, 2], [3]], r"ragged list: \[1\]"),
        ([1, True], "truth values"),
        ([Quantity(1, "GiB")], "divide by a unit"),
        (Quantity(math.inf, "GiB"), "infinity"),
        (Result(1, 2), r"`\.output`, `\.weights`"),
        ([Result(1, 2)], r"`\.output`"),
        (torch.zeros(MOST + 1), "too large"),
        ([0] * (MOST + 1), "too large"),
        (2**1001, "too large"),
        ("x" * 10_001, "too large"),
        (None, "nothing"),
        (1j, "`complex`"),
        ({"a": 1}, "`dict`"),
        (object(), "`object`"),
    ],
)
def test_what_cannot_be_kept_is_said(computed: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        freeze(computed)


def test_a_list_inside_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested deeper"):
        freeze(endless)


FLOATS = st.floats(allow_nan=False, allow_infinity=False)
INTS = st.integers(-(2**900), 2**900)


def nested(leaf: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    shapes = st.lists(st.integers(0, 3), min_size=1, max_size=3)

    def filled(shape: list[int]) -> st.SearchStrategy[object]:
        inner = leaf
        for size in reversed(shape):
            inner = st.lists(inner, min_size=size, max_size=size)
        return inner

    return shapes.flatmap(filled)


QUANTITIES = st.builds(Quantity, FLOATS | INTS, st.sampled_from(["bytes", "GiB", "MB", "nats", "bits"]))
VALUES = (
    st.booleans() | FLOATS | INTS | st.text() | st.lists(INTS).map(tuple) | QUANTITIES
    | nested(FLOATS) | nested(INTS) | nested(st.booleans())
)  # fmt: skip


@given(VALUES)
def test_json_gives_back_the_same_value(computed: object) -> None:
    value = freeze(computed)
    kept = from_json(json.loads(json.dumps(to_json(value), allow_nan=False)))
    assert kept == value
    assert repr(kept) == repr(value)  # 1 is not 1.0, and 1 KiB not 1024 bytes


@pytest.mark.parametrize(
    "value",
    [
        BLOCK,
        BLOCK.equations[0],
        solve(BLOCK, "x_1", known=["y_1", "y_2"]),
        solve(equations("3 x_{t+1} = b_t + 2 x_{t+1} / 3"), "x_{t+1}", known=["b_t"]),
        parse_formula(r"\hat{x}' \cdot F^{-1}(y_1) / \sqrt{d_{\text{model}}} - -0.5^2"),
        parse_formula("3"),
    ],
)
def test_formulas_and_solutions_are_kept(value: Value) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@pytest.mark.parametrize(
    "data",
    [
        None,
        [1],
        {},
        {"what": 1},
        {"tensor": 1, "shape": [1], "dtype": "float"},
        {"tensor": [1.0], "shape": [2], "dtype": "float"},
        {"tensor": [1.0], "shape": ["1"], "dtype": "float"},
        {"tensor": [1.5], "shape": [1], "dtype": "int"},
        {"tensor": [1.5], "shape": [1]},
        {"tensor": [[1], [1, 2]], "shape": [2, 1], "dtype": "int"},
        {"quantity": "1", "unit": "GiB"},
        {"quantity": 1, "unit": "parsec"},
        {"quantity": 1},
        {"formula": "x_"},
        {"formula": 1},
        {"shape": 3},
        {"solution": "x", "unknown": "x", "known": "y", "system": [], "steps": []},
        {"solution": "x = y"},
        math.nan,
    ],
)
def test_damaged_data_raises_a_value_error(data: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        from_json(data)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (1.0, "1"),
        (-0.0, "0"),
        (-0.00001, "-1e-5"),
        (0.1234567, "0.1235"),
        (0.00123456, "0.001235"),
        (1027.34567, "1,027.3457"),
        (2.7e-16, "2.7e-16"),
        (16640, "16,640"),
        (True, "True"),
        ((2, 5, 64), "(2, 5, 64)"),
        ((5,), "(5,)"),
        (Quantity(16, "GiB"), "16 GiB"),
        (Quantity(264192, "bytes"), "264,192 bytes"),
        ("dead", "dead"),
        ([[0.5, 0.25], [1, -1e-9]], "[[0.50, 0.25],\n [1.00, 0.00]]"),
        ([[10, 2], [3, 4]], "[[10,  2],\n [ 3,  4]]"),
        ([1.0, 2.0], "[1, 2]"),
        ([1e-9, 0.0], "[1.000e-09, 0]"),
        ([True, False], "[True, False]"),
        (list(range(100)), "[0, 1, 2, …, 97, 98, 99]  shape (100,)"),
        (torch.zeros(0, 3), "[]  shape (0, 3)"),
        (solve(BLOCK, "x_2", known=["y_1", "y_2"]), "x_2 = y_2 - G(y_1)"),
    ],
)
def test_values_are_shown_short(value: object, text: str) -> None:
    assert show(freeze(value)) == text


def test_a_big_tensor_is_shortened_on_every_axis() -> None:
    shown = show(freeze(torch.rand(300, 300)))
    assert len(shown.splitlines()) == 7
    assert shown.endswith("shape (300, 300)")
    widths = {len(line) for line in shown.splitlines() if "." in line and "shape" not in line}
    assert len(widths) <= 2  # aligned, but for the brackets


def test_descriptions_carry_shape_and_unit() -> None:
    described = describe(freeze([[0.5, 0.5]]))
    assert (described.text, described.shape, described.unit) == ("[[0.5, 0.5]]", (1, 2), None)
    assert describe(Quantity(1.5, "GiB")).unit == "GiB"


@given(FLOATS)
def test_no_float_is_shown_as_minus_zero(number: float) -> None:
    assert show(number) != "-0"
    assert "-0.0000," not in show(freeze([number, 1.5])).replace("]", ",")
