from __future__ import annotations

import math
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.verifying.values import (
    FORMULA,
    Quantity,
    Tensor,
    Value,
    Written,
    compare,
    equal_values,
    freeze,
    parse,
    parse_text,
)
from verideck.verifying.values.parsing import LONGEST


def read(text: str) -> Written:
    written = parse(text)
    assert written is not None, text
    return written


THIRD_ROOT = 1 / math.sqrt(3)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("tensor(0.5)", 0.5, 0.1),
        ("tensor(3.)", 3.0, 0),
        ("tensor(7)", 7, 0),
        ("0.27", 0.27, 0.01),
        ("-0.5", -0.5, 0.1),
        ("−0.5", -0.5, 0.1),
        ("+3", 3, 0),
        (".5", 0.5, 0.1),
        ("1.", 1.0, 0),
        ("0.5.", 0.5, 0.1),
        ("1,024", 1024, 0),
        ("1 024", 1024, 0),
        ("1\u2009024", 1024, 0),
        ("1_024", 1024, 0),
        ("16,640", 16640, 0),
        ("2.7e-16", 2.7e-16, 1e-17),
        ("2.7 × 10^{-16}", 2.7e-16, 1e-17),
        (r"$2.7 \times 10^{-16}$", 2.7e-16, 1e-17),
        ("2.7·10⁻¹⁶", 2.7e-16, 1e-17),
        ("1e-5", 1e-5, 1e-5),
        ("1e6", 1_000_000, 0),
        ("1/√3", THIRD_ROOT, 0),
        ("1/sqrt(3)", THIRD_ROOT, 0),
        (r"\frac{1}{\sqrt{3}}", THIRD_ROOT, 0),
        (r"$\dfrac{1}{\sqrt{3}}$", THIRD_ROOT, 0),
        ("ln 4", math.log(4), 0),
        (r"$\ln 4$", math.log(4), 0),
        ("2√2", 2 * math.sqrt(2), 0),
        ("64²", 4096, 0),
        ("4 * 64^2 + 4 * 64", 16640, 0),
        ("½", 0.5, 0),
        ("e^{-1}", math.exp(-1), 0),
        ("π", math.pi, 0),
        ("64K", 65536, 0),
        ("16k", 16000, 0),
        ("1 million", 1_000_000, 0),
        ("1.5 million", 1_500_000, 100_000),
        ("50 %", 0.5, 0),
        (r"$50\,\%$", 0.5, 0),
        ("91.9%", 0.919, 0.001),
        ("about 0.27", 0.27, 0.01),
        ("≈ 0.27", 0.27, 0.01),
        (r"$\approx 0.27$", 0.27, 0.01),
        ("about 40", 40, 1),
        ("ln 4 ≈ 1.386", math.log(4), 0),
        (r"$\sqrt{64} = 8$", 8, 0),
        ("16 GiB", Quantity(16, "GiB"), 0),
        (r"$16\,\text{GiB}$", Quantity(16, "GiB"), 0),
        ("1.5 GiB", Quantity(1.5, "GiB"), 0.1 * 2**30),
        ("264,192 bytes", Quantity(264192, "bytes"), 0),
        ("0.27 nats", Quantity(0.27, "nats"), 0.01),
        ("True", True, 0),
        ("`False`", False, 0),
        ("torch.Size([2, 5, 64])", (2, 5, 64), 0),
        ("(2,5,64)", (2, 5, 64), 0),
        ("**(2, 5, 64)**.", (2, 5, 64), 0),
        ("2 x 5 x 64", (2, 5, 64), 0),
        ("2×5×64", (2, 5, 64), 0),
        (r"$2 \times 5 \times 64$", (2, 5, 64), 0),
        ("(5,)", (5,), 0),
        ("()", (), 0),
        ("'dead'", "dead", 0),
    ],
)
def test_what_people_write_is_read(text: str, value: Value, precision: float) -> None:
    written = read(text)
    if isinstance(value, float):
        assert written.value == pytest.approx(value, rel=1e-15)
    else:
        assert written.value == value
    assert type(written.value) is type(value)
    assert written.precision == pytest.approx(precision, rel=1e-12)
    assert written.text == text


@pytest.mark.parametrize(
    ("text", "data", "dtype", "precision"),
    [
        ("tensor([[0.5000, 0.5000]])", ((0.5, 0.5),), "float", 1e-4),
        ("`tensor([1., 2.])`", (1.0, 2.0), "float", 0),
        ("tensor([1, 2], dtype=torch.int64)", (1, 2), "int", 0),
        ("tensor([0.5, 0.5], grad_fn=<SoftmaxBackward0>)", (0.5, 0.5), "float", 0.1),
        ("torch.tensor([1, 2], dtype=torch.float32)", (1.0, 2.0), "float", 0),
        ("tensor([ True, False])", (True, False), "bool", 0),
        ("tensor([[0.5],\n        [0.5]], device='cuda:0')", ((0.5,), (0.5,)), "float", 0.1),
        ("[0.64, 0.36]", (0.64, 0.36), "float", 0.01),
        ("[0.64, 1]", (0.64, 1.0), "float", 0.01),
        ("(0.5, 0.25)", (0.5, 0.25), "float", 0.01),
        ("[1/2, 1/(1 + 1)]", (0.5, 0.5), "float", 0),
        ("[[1, 2], [3, 4]]", ((1, 2), (3, 4)), "int", 0),
        ("tensor([1.0000e-04, 1.0000e+03])", (1e-4, 1e3), "float", 1e-8),
        ("[]", (), "float", 0),
    ],
)
def test_printed_lists_are_read(text: str, data: object, dtype: str, precision: float) -> None:
    written = read(text)
    assert isinstance(written.value, Tensor)
    assert (written.value.data, written.value.dtype) == (data, dtype)
    assert written.precision == pytest.approx(precision)


# divided by two spaces
NO_VALUES = r"""
3 heads of 64  3 heads  Memory  self-attention  encoder/decoder  ten  e  A  half of it  16 GiB each
3-5  3 – 5  1/2/2020  007  1e  2,5  1,02  0.1.2  1 2  nan  inf  tensor([nan])  1e400  9^9^9  10^{-9999999}
[[1, 2], [3]]  [1 024]  [1, True]  (B, L, E)  tensor([1., ..., 2.])  tensor(  tensor([1, 2]  [1 2]  ln 4 ≈ 1.5
(((  [[[  \  $$  ``  √-4  1/0  ln 0  =  ≈  %  K  GiB  GiB 16  16 bananas  tensor([0.5], dtype=torch.int64)
"""
HOSTILE = (
    *("", "   ", "(" * 10_000, "[" * 10_000, "√" * 10_000, "1+" * 5_000 + "1", "9" * 5_000, "-" * 300 + "1"),
    *("$`" * 5_000 + "1" + "`$" * 5_000, "x" * (LONGEST + 1), "[" * 100_000 + "]" * 100_000, "1," * 99_000),
)


@pytest.mark.parametrize("text", [*re.split(r"  |\n", NO_VALUES.strip()), *HOSTILE])
def test_what_is_not_wholly_a_value_is_none(text: str) -> None:
    assert parse(text) is None


def test_words_are_no_formulas() -> None:
    assert parse("self-attention") is None
    assert parse("encoder/decoder") is None
    assert isinstance(read("x_2 = y_2 - G(y_1)").value, FORMULA)
    assert isinstance(read("$y_2 - G(y_1)$").value, FORMULA)


def test_a_size_of_an_empty_tensor_is_read() -> None:
    assert read("tensor([], size=(0, 3))").value == Tensor((), (0, 3), "float")


def test_the_word_itself_can_be_a_value() -> None:
    assert compare("dead", parse_text("**dead**")).equal
    assert not compare("dead", parse_text("alive")).equal


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0.5", "0.50", True),
        ("0.5", "1/2", True),
        ("50 %", "0.5", True),
        ("1 KiB", "1024 bytes", True),
        ("1", "1.", True),
        ("x_2 = y_2 - G(y_1)", "$-G(y_1) + y_2$", True),
        ("[1, 2]", "tensor([1., 2.])", True),
        ("0.5", "0.51", False),
        ("True", "1", False),
        ("(2, 3)", "(3, 2)", False),
        ("1 GB", "1 GiB", False),
    ],
)
def test_equal_options_are_found_by_value(one: str, other: str, same: bool) -> None:
    assert equal_values(read(one), read(other)) is same


SHAPES = st.lists(st.integers(1, 4), min_size=0, max_size=3).map(tuple)
NUMBERS = st.floats(-1e6, 1e6, width=32)


@settings(max_examples=150, deadline=None)
@given(st.data(), SHAPES, st.sampled_from([torch.float32, torch.float64]))
def test_a_printed_tensor_reads_back_as_equal(
    data: st.DataObject, shape: tuple[int, ...], dtype: torch.dtype
) -> None:
    numbers = data.draw(st.lists(NUMBERS, min_size=math.prod(shape), max_size=math.prod(shape)))
    tensor = torch.tensor(numbers, dtype=dtype).reshape(shape)
    written = read(str(tensor))
    result = compare(freeze(tensor), written)
    assert result.comparable, (tensor, written)
    assert result.equal, (tensor, written, result)


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=20))
def test_whole_numbers_read_back_exactly(numbers: list[int]) -> None:
    tensor = torch.tensor(numbers)
    assert read(str(tensor)).value == freeze(tensor)
    assert read(str(tuple(numbers))).value == tuple(numbers)
    assert read(f"{numbers[0]:,}").value == numbers[0]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_as_python_prints_it_is_compared_as_equal(number: float) -> None:
    assert compare(number, read(repr(number))).equal


@settings(max_examples=300)
@given(st.text(alphabet="0123456789.,-−+*/^()[]{}$\\ eKMx×√_%=≈tensorGiB`", max_size=40))
def test_no_text_makes_it_fail(text: str) -> None:
    written = parse(text)
    assert written is None or written.precision >= 0
