from __future__ import annotations

import pytest
import torch

from verideck.verifying.formulas import equations, solve
from verideck.verifying.values import Comparison, Quantity, Tensor, Value, compare, freeze, parse


def held(computed: Value, text: str, tolerance: float | None = None) -> Comparison:
    written = parse(text)
    assert written is not None, text
    return compare(computed, written, tolerance)


def outcome(computed: Value, text: str, tolerance: float | None = None) -> str:
    result = held(computed, text, tolerance)
    if not result.comparable:
        assert not result.equal
        return "incomparable"
    assert not (result.equal and result.imprecise)
    return "equal" if result.equal else "imprecise" if result.imprecise else "different"


GIB = 2**30


@pytest.mark.parametrize(
    ("computed", "text", "expected"),
    [
        # precision: half the last digit is allowed, less than one is imprecise
        (1.3862943, "1.386", "equal"),
        (1.3862943, "1.387", "imprecise"),
        (1.3862943, "1.388", "different"),
        (0.26894, "0.27", "equal"),
        (0.26894, "0.26", "imprecise"),
        (0.26894, "0.25", "different"),
        (2.7e-16, "2.7e-16", "equal"),
        (3.1e-16, "2.7e-16", "different"),
        # whole numbers and `1.` are exact
        (1.386, "1", "different"),
        (0.4, "0", "different"),
        (0.97, "1.", "different"),
        (1.0000001, "1.", "equal"),
        (16640, "16,640", "equal"),
        (16641, "16,640", "different"),
        (10**15 + 1, "1000000000000000", "different"),
        (0.2689, "27 %", "imprecise"),
        (0.2689, "about 27 %", "equal"),
        (577.35, "≈ 577", "equal"),
        # symbols are exact
        (3**-0.5, "1/√3", "equal"),
        (0.5773, "1/√3", "different"),
        (3**-0.5 * (1 + 1e-7), "1/√3", "different"),
        # units
        (Quantity(16, "GiB"), "16 GiB", "equal"),
        (Quantity(16, "GiB"), "17.2 GB", "equal"),
        (Quantity(16, "GiB"), "16 GB", "imprecise"),
        (Quantity(16, "GiB"), "32 GiB", "different"),
        (Quantity(16 * GIB, "bytes"), "16 GiB", "equal"),
        (Quantity(16, "GiB"), "16", "equal"),
        (Quantity(16, "GiB"), "17", "different"),
        (16 * GIB, "16 GiB", "equal"),
        (264192, "264,192 bytes", "equal"),
        (264193, "264,192 bytes", "different"),
        (590_300, "590 KB", "imprecise"),
        (65536, "64K", "equal"),
        (64000, "64K", "imprecise"),
        (16_640, "16.6k", "equal"),
        (0.5, "50 %", "equal"),
        (0.2689, "0.27 nats", "equal"),
        (2.0, "2 bits", "equal"),
        (1.445, "1.4 bits", "equal"),
        (Quantity(2, "bits"), "1.386 nats", "equal"),
        (Quantity(2, "bits"), "2 GB", "incomparable"),
        # types and shapes
        (True, "True", "equal"),
        (True, "False", "different"),
        (True, "1", "incomparable"),
        (1, "True", "incomparable"),
        (0.5, "tensor([0.5])", "incomparable"),
        ((2, 5, 64), "(2, 5, 64)", "equal"),
        ((2, 5, 64), "2 x 5 x 64", "equal"),
        ((2, 5, 64), "[2, 5, 64]", "equal"),
        ((2, 5, 64), "(5, 64)", "different"),
        ((2, 5, 64), "tensor([2., 5., 64.])", "incomparable"),
        ((2, 5, 64), "640", "incomparable"),
        ((2, 5, 64), "x_2 = y_2", "incomparable"),
        (Tensor((2, 0, 1), (3,), "int"), "(2, 0, 1)", "equal"),
        (Tensor((2, 0, 1), (3,), "int"), "(0, 2, 1)", "different"),
        (Tensor((2, 0, 1), (3,), "int"), "[0, 2, 1]", "different"),
        (Tensor((2, 0, 1), (3,), "int"), "[0, 2]", "incomparable"),
        (Tensor((1.0, 2.0), (2,), "float"), "tensor([1, 2])", "equal"),
        (Tensor((True, False), (2,), "bool"), "tensor([1, 0])", "incomparable"),
        (Tensor((True, False), (2,), "bool"), "tensor([True, False])", "equal"),
        # one precision for one tensor
        (Tensor((0.2689, 0.7311), (2,), "float"), "[0.27, 0.73]", "equal"),
        (Tensor((0.2689, 0.7311), (2,), "float"), "[0.3, 0.731]", "different"),
        (Tensor((0.2689, 0.7311), (2,), "float"), "[0.26, 0.73]", "imprecise"),
        (Tensor((1.00002e-4, 1000.04), (2,), "float"), "tensor([1.0000e-04, 1.0000e+03])", "equal"),
        (Tensor((0.25, 0.25), (2,), "float"), "[1/4, 1/4]", "equal"),
        (Tensor((0.25, 0.2501), (2,), "float"), "[1/4, 1/4]", "different"),
    ],
)
def test_values_compare_as_values(computed: Value, text: str, expected: str) -> None:
    assert outcome(computed, text) == expected


def test_a_tolerance_is_allowed_in_the_computed_unit() -> None:
    assert outcome(0.2689, "0.278", 0.01) == "equal"
    assert outcome(0.2689, "0.28", 0.01) == "different"
    assert outcome(0.2689, "0.27", 1e-6) == "equal"  # the print is no finer than that
    assert outcome(Quantity(16, "GiB"), "16.4 GiB", 0.5) == "equal"
    assert outcome(16.0, "16.4", 0.1) == "different"


def test_precision_ranks_written_values() -> None:
    precisions = [held(0.26894, text).precision for text in ("0.3", "26.9 %", "0.269", "0.2689", "ln 4")]
    assert precisions == pytest.approx([0.1, 0.001, 0.001, 0.0001, 0])


def test_solutions_are_judged_as_formulas() -> None:
    block = equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)")
    solution = solve(block, "x_2", known=["y_1", "y_2"])
    assert outcome(solution, "$x_2 = y_2 - G(y_1)$") == "equal"
    assert outcome(solution, "$x_2 = y_2 - F(x_1)$") == "different"
    assert outcome(solution, "0.5") == "different"
    assert outcome(block.equations[0], "$F(x_2) + x_1 = y_1$") == "equal"


def test_float32_prints_are_never_refuted() -> None:
    generator = torch.Generator().manual_seed(1)
    count = 0
    for scale in (1e-3, 0.1, 1.0, 30.0):
        exact = torch.randn(1500, 40, generator=generator, dtype=torch.float64) * scale
        for row, printed in zip(exact, exact.float(), strict=True):
            result = held(freeze(row), str(printed))
            assert result.equal, (row, printed)
            count += len(row)
    softmax = torch.softmax(torch.randn(4000, 40, generator=generator, dtype=torch.float64), dim=-1)
    for row in softmax:
        assert held(freeze(row), str(torch.softmax(row.log().float(), dim=-1))).equal
        count += len(row)
    assert count == 400_000


def test_a_last_digit_two_off_is_refuted() -> None:
    generator = torch.Generator().manual_seed(2)
    rows = torch.rand(500, 8, generator=generator, dtype=torch.float64)
    for place, row in enumerate(rows):
        printed = [f"{number:.4f}" for number in row.tolist()]
        wrong = round(float(printed[place % 8]) * 10**4) + (2 if place % 2 else -2)
        printed[place % 8] = f"{wrong / 10**4:.4f}"
        result = held(freeze(row), f"tensor([{', '.join(printed)}])")
        assert result.comparable
        assert not result.equal
        assert not result.imprecise
