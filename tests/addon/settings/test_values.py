"""Settings are read whatever stands there: wrong values fall back one by one, and each is told."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.settings import values
from addon.settings.values import DEFAULT, Settings


def test_what_is_set_is_taken() -> None:
    config = {"colours": "magma", "numbers": False, "precision": 3, "size": 500, "reveal": "row"}
    assert values.read(config) == (Settings("magma", False, 3, 500, "row"), ())


def test_what_is_not_set_is_the_default_without_a_word() -> None:
    assert values.read({"size": 400}) == (Settings(size=400), ())
    assert values.read({}) == values.read(None) == (DEFAULT, ())


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("colours", "rainbow"),
        ("colours", ["magma"]),
        ("colours", None),
        ("numbers", 1),
        ("numbers", "true"),
        ("precision", 7),
        ("precision", -1),
        ("precision", True),
        ("precision", 1.5),
        ("size", math.nan),
        ("size", math.inf),
        ("size", 199),
        pytest.param("size", 10**5000, id="size-huge"),
        ("size", "330"),
        ("size", None),
        ("reveal", "cells"),
        ("reveal", {}),
    ],
)
def test_a_wrong_value_falls_back_alone_and_is_told(key: str, wrong: Any) -> None:
    others = {"colours": "grey", "numbers": False, "precision": 2, "size": 600, "reveal": "all"}
    settings, faults = values.read({**others, key: wrong})
    assert values.written(settings) == {**others, key: getattr(DEFAULT, key)}
    assert len(faults) == 1
    assert faults[0].startswith(f"`{key}` is ")
    assert len(faults[0]) < 200


def test_a_whole_number_may_be_written_with_a_point() -> None:
    settings, faults = values.read({"size": 330.0, "precision": 2.0})
    assert (settings, faults) == (Settings(precision=2), ())
    assert type(settings.size) is type(settings.precision) is int


def test_the_message_says_what_was_found_what_may_be_and_what_is_taken() -> None:
    assert values.read({"size": 9000})[1] == ("`size` is 9000, but may be 200 to 1200: taken as 330",)
    assert values.read({"numbers": None})[1] == (
        "`numbers` is null, but may be true or false: taken as true",
    )


def test_an_unknown_setting_is_told_with_the_nearest() -> None:
    assert values.read({"colors": "magma"}) == (
        DEFAULT,
        ("there is no setting 'colors'; did you mean `colours`?",),
    )


@pytest.mark.parametrize("config", [[], "magma", 3, True, [["size", 400]]])
def test_settings_that_are_no_object_are_all_default(config: object) -> None:
    settings, faults = values.read(config)
    assert settings == DEFAULT
    assert len(faults) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["colours", "numbers", "precision", "size", "reveal", "x"]), JSON))
def test_nothing_raises_and_what_comes_out_is_right(config: dict[str, Any]) -> None:
    settings, faults = values.read(config)
    assert values.read(values.written(settings)) == (settings, ())
    kept = [key for key in config if key != "x" and getattr(settings, key) == config[key]]
    assert len(kept) + len(faults) >= len(config)
