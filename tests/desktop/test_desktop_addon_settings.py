"""The settings as a person sets them: the dialog, its sample, Anki's own editor, wrong values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from addon.settings.values import DEFAULT, Settings

Run = Callable[..., Any]


def test_the_dialog_shows_each_change_keeps_it_and_tells_it(with_addon_in_each: Run) -> None:
    seen = with_addon_in_each("addon_settings.dialog")
    assert seen["followed"]
    assert seen["differ"] == 4  # light and dark, before and after
    assert seen["before"] == repr(DEFAULT)  # nothing is kept before OK
    wanted = Settings(colours="magma", numbers=False, size=600, reveal="row")
    assert seen["heard"] == [repr(wanted)]
    assert seen["kept"] == {
        "colours": "magma",
        "numbers": False,
        "precision": None,
        "size": 600,
        "reveal": "row",
    }
    assert not seen["precision enabled"]


def test_the_dialog_in_the_dark(with_addon: Run) -> None:
    assert with_addon("addon_settings.dialog", theme="dark", desktop={"theme": "dark"})["followed"]


def test_a_cancelled_dialog_keeps_nothing(with_addon: Run) -> None:
    config = {"colours": "grey", "size": 500}
    seen = with_addon("addon_settings.cancelled", desktop={"config": config})
    mine = repr(Settings(colours="grey", size=500))
    assert (seen["before"], seen["restored"], seen["current"]) == (mine, repr(DEFAULT), mine)
    assert seen["kept"]["colours"] == "grey"


def test_the_dialog_is_reached_by_keys_alone(with_addon: Run) -> None:
    reached = with_addon("addon_settings.keyboard")
    assert reached[:5] == [
        "QComboBox",
        "&Numbers in the cells, where they fit",
        "QComboBox",
        "QSpinBox",
        "QComboBox",
    ]
    assert {"&OK", "&Cancel"} <= set(reached) or {"OK", "Cancel"} <= set(reached)


def test_anki_s_own_editor_checks_by_the_schema_and_a_change_is_heard(with_addon: Run) -> None:
    seen = with_addon("addon_settings.editor")
    assert json.loads(seen["text"])["colours"] == "indigo"
    assert seen["said"] == ['`colours` may be "indigo", "viridis", "cividis", "magma" or "grey".']
    assert seen["heard"] == [repr(Settings(colours="grey", size=400))]


@pytest.mark.parametrize(
    ("config", "settings", "told"),
    [
        (
            {"colours": "<b>rainbow</b>", "size": 10**30, "reveal": "row"},
            Settings(reveal="row"),
            ["&lt;b&gt;rainbow", "`size` is 1000"],
        ),
        (7, DEFAULT, ["not an object"]),
    ],
    ids=["values", "none"],
)
def test_wrong_values_are_told_once_and_fall_back_alone(
    with_addon: Run, config: Any, settings: Settings, told: list[str]
) -> None:
    seen = with_addon("addon_settings.wrong", desktop={"config": config})
    assert seen["settings"] == repr(settings)
    assert all(part in seen["told"] for part in told), seen["told"]
    assert not seen["again"]


def test_the_help_says_what_can_be_written(with_addon: Run) -> None:
    text = with_addon("addon_settings.instructions")
    assert all(word in text for word in ("colours", "[attention]", "weights", "query_tokens"))
