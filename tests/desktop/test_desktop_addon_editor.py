"""The editor's button and dialog in the real Anki: both editors, and the oldest one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
Scenario = Callable[..., Any]


def check(told: dict[str, Any]) -> None:
    """What holds in every editor."""
    assert told["wrong"] == ["Line 3, column 35: `x` follows the last bracket; paste one matrix", False]
    assert told["counted"] == ["2 tokens for 3 rows", False]
    assert told["found"] == ["3 × 3, torch", "Attention, 3 × 3: “sat” looks most at “cat” (0.6)."]
    image = f'<img class="attention-heatmap" src="{told["first"]}" alt="Attention, 3'
    assert told["markup"].startswith("before" + image)
    assert told["undone"].removesuffix("<br>") == "before"  # one step
    assert told["filled"] == ["[[0.9, 0, 0],\n [0.2, 0.7, 0],\n [0.1, 0.6, 0.3]]", "the cat sat", True]
    assert told["second"] != told["first"]
    assert told["edited"].count("<img") == 1
    assert "“ran” looks most at “dog”" in told["edited"]
    assert told["files"] == [True, True]
    assert told["carried"]["queries"] == ["a", "dog", "ran"]


def test_a_heatmap_is_inserted_and_edited(with_addon_in_each: Scenario) -> None:
    told = with_addon_in_each("addon_editor.insert_and_edit", shots=str(SHOTS / "addon-editor"))
    check(told)
    front, back = told["fields"]
    assert front.removeprefix("before").startswith('<img class="attention-heatmap"')
    assert not back


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_heatmap_is_inserted_in_the_new_editor(with_addon: Scenario, theme: str) -> None:
    shots = str(SHOTS / f"addon-editor-new-{theme}")
    check(with_addon("addon_editor.insert_and_edit", new=True, shots=shots, desktop={"theme": theme}))


@pytest.mark.parametrize("new", [False, True])
def test_a_block_becomes_a_picture_and_a_large_matrix_waits_in_the_background(
    with_addon: Scenario, new: bool
) -> None:
    told = with_addon("addon_editor.block_and_large", new=new)
    matrix, reveal, found = told["filled"]
    assert matrix.startswith('{"weights": [[1, 0], [0.5, 0.5]]')
    assert reveal
    assert found == "2 × 2, attention block"
    before, _, after = told["replaced"].partition("<img")
    assert before.replace("&nbsp;", " ") == "x "
    assert 'data-reveal=""> y' in after.replace("&nbsp;", " ")
    assert told["waited"] is True
    assert "every query looks evenly" in told["large"]
