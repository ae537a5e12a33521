"""The script's comparison of typed answers, run by a real engine, and held against the verifier's own."""

from __future__ import annotations

import pytest
from py_mini_racer import MiniRacer

from verideck.rendering.note_types import TEMPLATES
from verideck.verifying import values

SCRIPT = (TEMPLATES / "cards" / "scripts" / "values.js").read_text(encoding="utf-8")

# typed, accepted, result
PAIRS = [
    ("(2, 5, 64)", "(2, 5, 64)", "same"),
    ("(2,5,64)", "(2, 5, 64)", "equal"),
    ("2x5x64", "(2, 5, 64)", "equal"),
    ("2 x 5 x 64", "(2, 5, 64)", "equal"),
    ("2 × 5 × 64", "(2, 5, 64)", "equal"),
    ("[2, 5, 64]", "(2, 5, 64)", "equal"),
    ("torch.Size([2, 5, 64])", "(2, 5, 64)", "equal"),
    ("Size([2,5,64])", "(2, 5, 64)", "equal"),
    ("(2, 5, 64,)", "(2, 5, 64)", "equal"),
    ("(2, 64, 5)", "(2, 5, 64)", "wrong"),
    ("(2, 5)", "(2, 5, 64)", "wrong"),
    ("(2, 5, 64", "(2, 5, 64)", "wrong"),
    ("2, 5, 64", "(2, 5, 64)", "wrong"),
    ("640", "(2, 5, 64)", "wrong"),
    ("0.5", "0.50", "equal"),
    (".5", "0.50", "equal"),
    ("0.50", "0.5", "equal"),
    ("1/2", "0.5", "equal"),
    ("50%", "0.5", "equal"),
    ("50 %", "0.5", "equal"),
    ("0.4", "0.5", "wrong"),
    ("0.70", "0.7", "equal"),
    ("0.696", "0.70", "equal"),
    ("0.704", "0.70", "equal"),
    ("0.706", "0.70", "wrong"),
    ("0.7", "0.70", "equal"),
    ("0.7", "0.71", "wrong"),
    ("1", "0.996", "wrong"),
    ("1.386", "1.386", "same"),
    ("1.3863", "1.386", "equal"),
    ("1.39", "1.386", "wrong"),
    ("1024", "1,024", "equal"),
    ("1 024", "1024", "equal"),
    ("1_024", "1024", "equal"),
    ("1e3", "1000", "equal"),
    ("5e-3", "0.005", "equal"),
    ("2.7 × 10^-16", "2.7e-16", "equal"),
    ("4", "5", "wrong"),
    ("4.0", "4", "equal"),
    ("4.2", "4", "wrong"),
    ("-3", "−3", "equal"),
    ("+3", "3", "equal"),
    ("16 GiB", "16 GiB", "same"),
    ("16GiB", "16 GiB", "equal"),
    ("16", "16 GiB", "equal"),
    ("16384 MiB", "16 GiB", "equal"),
    ("16 GB", "16 GiB", "wrong"),
    ("17.18 GB", "16 GiB", "wrong"),
    ("16 bits", "16 GiB", "wrong"),
    ("1.44 bits", "1.44 bits", "same"),
    ("1 million", "1,000,000", "equal"),
    ("tensor([0.5, 0.5])", "[0.5, 0.5]", "equal"),
    ("tensor([[0.5, 0.5]])", "[[.5, .5]]", "equal"),
    ("tensor([0.5, 0.5])", "[[0.5, 0.5]]", "wrong"),
    ("[0.50,0.50]", "[0.5, 0.5]", "equal"),
    ("[0.5, 0.4]", "[0.5, 0.5]", "wrong"),
    ("array([1, 0])", "[1, 0]", "equal"),
    ("tensor([1., 0.], dtype=torch.float64)", "[1, 0]", "equal"),
    ("[1, 0, 0]", "[1, 0]", "wrong"),
    ("true", "True", "equal"),
    ("False", "True", "wrong"),
    ("Softmax", "softmax", "equal"),
    ("soft max", "softmax", "equal"),
    ("softmax.", "softmax", "equal"),
    ("softmin", "softmax", "wrong"),
    ("y2 - F(y1)", "y2-F(y1)", "equal"),
    ("y2 − F(y1)", "y2 - F(y1)", "equal"),
    ("y2 + F(y1)", "y2 - F(y1)", "wrong"),
    ("", "0", "wrong"),
    ("constructor", "5 constructor", "wrong"),
    ("[[[[", "[1]", "wrong"),
    ("1/0", "0", "wrong"),
]


@pytest.fixture(scope="module")
def engine() -> MiniRacer:
    made = MiniRacer()
    made.eval(SCRIPT)
    return made


@pytest.mark.parametrize(("typed", "accepted", "result"), PAIRS)
def test_typed_answers_are_compared_as_values(
    typed: str, accepted: str, result: str, engine: MiniRacer
) -> None:
    assert engine.call("compared", typed, accepted) == result


@pytest.mark.parametrize(("typed", "accepted", "result"), PAIRS)
def test_nothing_counts_as_right_that_the_verifier_would_refute(
    typed: str, accepted: str, result: str
) -> None:
    one, other = values.parse(typed), values.parse(accepted)
    if one is None or other is None or result == "wrong":
        return
    either = [values.compare(one.value, other), values.compare(other.value, one)]
    assert any(found.equal for found in either)


@pytest.mark.parametrize("length", [10, 10_000])
def test_a_long_text_is_read_in_time_that_grows_with_its_length(length: int, engine: MiniRacer) -> None:
    for text in ("[" * length, "1," * length, "9" * length, "(1 " * length, "1 2" * length):
        assert engine.call("compared", text, "(1, 2)") == "wrong"
