"""Heatmaps on cards in the real Anki desktop with the add-on, as a learner meets them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_cell_s_value_is_told_by_mouse_and_keyboard(theme: str, with_addon: Callable[..., Any]) -> None:
    seen = with_addon(
        "addon_cards.reading",
        name="heatmap",
        screenshots=str(SCREENSHOTS),
        theme=theme,
        desktop={"theme": theme},
    )
    assert seen["pointed"] == "0.7cat → cat"
    assert seen["walked"] == "0.1down → cat"
    assert seen["grades"] == [3]  # Space and 3 were Anki's


def test_the_drawing_follows_a_switch_of_theme(with_addon: Callable[..., Any]) -> None:
    seen = with_addon("addon_cards.theming", name="heatmap")
    assert seen["before"] == "#fbfaf7"
    assert seen["after"] != seen["before"]


def test_everything_in_the_toolbar_works_by_keyboard(with_addon: Callable[..., Any]) -> None:
    seen = with_addon("addon_cards.tools", name="heads", screenshots=str(SCREENSHOTS))
    assert seen["heads"] == [8]
    assert seen["mean"] == "mean of 8 heads"
    assert seen["one"] == "1"
    assert seen["copied"] == [2, 2]
    assert seen["state"] == "question"


def test_a_covered_heatmap_is_revealed_and_marked(with_addon: Callable[..., Any]) -> None:
    seen = with_addon("addon_cards.predicting", name="predict")
    assert seen["revealed"] == "owls → small: 0.1"
    assert seen["state"] == "question"
    assert seen["clicked"] == "small → small: 0.7"
    assert seen["marked"] == 2


def test_blocks_of_a_basic_note(with_addon_in_each: Callable[..., Any]) -> None:
    seen = with_addon_in_each("addon_cards.blocks", screenshots=str(SCREENSHOTS))
    assert seen["good"] == "0.25the → cat"
    assert seen["bad"].startswith("Heatmap not shown: ")


def test_previewer_and_card_layout_draw_it(with_addon_in_each: Callable[..., Any]) -> None:
    seen = with_addon_in_each("addon_cards.windows", name="heatmap", screenshots=str(SCREENSHOTS))
    assert seen == {"previewer": 1, "layout": 1}


def test_an_open_card_follows_the_settings(with_addon: Callable[..., Any]) -> None:
    assert with_addon("addon_cards.settings", name="heatmap")


def test_pictures_keep_room_and_wait_for_drawings_of_another_look(
    with_addon_in_each: Callable[..., Any],
) -> None:
    seen = with_addon_in_each("addon_cards.waiting", name="heatmap", desktop={"config": {"size": 700}})
    assert [picture["waits"] for picture in seen] == ["heatmaps-awaited"] * 2
    assert [picture["width"] for picture in seen] == [picture["drawn"] for picture in seen]


def test_a_page_may_say_anything(with_addon: Callable[..., Any]) -> None:
    assert with_addon("addon_cards.hostile", name="heatmap") == 1
