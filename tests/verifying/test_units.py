from __future__ import annotations

import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verideck.verifying.values import UNITS, Quantity, UnitError

GiB, MiB, GB = Quantity(1, "GiB"), Quantity(1, "MiB"), Quantity(1, "GB")


def test_checks_can_name_every_unit() -> None:
    wanted = "bytes KB MB GB TB KiB MiB GiB TiB K M million billion percent"
    assert set(wanted.split()) <= set(UNITS)
    assert (UNITS["K"], UNITS["M"], UNITS["million"], UNITS["percent"]) == (1024, 10**6, 10**6, 0.01)


def test_quantities_that_measure_the_same_are_equal() -> None:
    assert 16 * GiB == Quantity(17_179_869_184, "bytes")
    assert hash(1024 * MiB) == hash(GiB)
    assert GiB != GB
    assert GB < GiB <= 1024 * MiB
    assert Quantity(1, "bytes") != 1


def test_arithmetic_keeps_the_left_unit_and_whole_bytes() -> None:
    total = GiB + 512 * MiB
    assert (total.amount, total.unit) == (1.5, "GiB")
    assert isinstance((16 * GiB).base, int)
    assert (2 * GiB - GiB, -GiB, GiB / 2) == (GiB, Quantity(-1, "GiB"), 512 * MiB)
    assert 16 * GiB / GiB == 16
    assert GiB // MiB == 1024
    assert GiB**1 == GiB
    assert sum([GiB, GiB]) == 2 * GiB
    assert GiB.to("MiB").amount == 1024
    assert (UNITS["K"] * 64) ** 2 * 4 * Quantity(1, "bytes") == 16 * GiB


def test_bits_are_nats_in_another_base() -> None:
    assert Quantity(2, "bits").to("nats").amount == pytest.approx(1.3862943611198906)


@pytest.mark.parametrize(
    ("operation", "left", "right", "message"),
    [
        (operator.add, GiB, 1, "plain number"),
        (operator.sub, 1, GiB, "plain number"),
        (operator.lt, GiB, 5, "plain number"),
        (operator.add, GiB, Quantity(1, "nats"), "nats cannot be added to GiB"),
        (operator.mul, GiB, GiB, "no unit"),
        (operator.truediv, 1, GiB, "no unit"),
        (operator.truediv, GiB, 0, "zero"),
        (operator.floordiv, GiB, 0 * GiB, "zero"),
        (operator.floordiv, GiB, 0, "zero"),
        (operator.pow, GiB, 2, "no unit"),
        (operator.mul, GiB, True, "no unit"),
        (Quantity, 1, "parsec", "not a unit"),
    ],
)
def test_what_does_not_go_together_is_said(
    operation: Callable[[object, object], object], left: object, right: object, message: str
) -> None:
    with pytest.raises(UnitError, match=message):
        operation(left, right)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["bytes", "KiB", "MiB", "GiB", "KB", "MB", "GB"]))
def test_conversion_there_and_back_is_exact_for_whole_units(amount: int, unit: str) -> None:
    quantity = Quantity(amount, unit)
    assert quantity.to("bytes").to(unit) == quantity
    assert quantity.to("bytes").amount == quantity.base
