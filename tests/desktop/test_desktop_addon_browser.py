"""The browser's entries in the real Anki: done, undone, cancelled, reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
Scenario = Callable[..., Any]


def test_heatmaps_are_made_static_and_drawn_anew(with_addon_in_each: Scenario) -> None:
    told = with_addon_in_each("addon_browser.make_static_and_redraw", shots=str(SHOTS / "addon-browser"))
    _, bad = told["ids"]
    assert len(told["said"]) == 1
    assert told["said"][0].startswith(f"Note {bad}: [attention] block: line 1, column ")
    front, back = told["static"][0]
    assert front.startswith('a <img class="attention-heatmap" src="attention-')
    assert back == "b"
    assert told["static"][1:] == told["before"][1:]
    assert told["undo"] == "Make Static Images"
    assert told["told"] == [
        "1 block in 1 note done.",
        "0 heatmaps in 0 notes done, 1 as before.",
        "1 heatmap in 1 note done.",
    ]
    assert told["names"][0] != told["names"][1]
    assert told["files"] == [True, True]
    assert told["redrawn"][0] == front.replace(*told["names"])


def test_many_notes_are_cancelled_or_all_are_done(with_addon: Scenario) -> None:
    told = with_addon("addon_browser.cancel")
    assert told["said"] == "Cancelled: nothing was changed."
    assert told["same"]
    assert told["asked"] == ["No notes are selected. Make Static Images in all notes of the collection?"]
    assert told["all"] == "300 blocks in 300 notes done."
