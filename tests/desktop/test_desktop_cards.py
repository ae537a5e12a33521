"""Cards in the real Anki desktop, as a learner meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
KINDS = {
    "recall": "recall", "choice": "choice", "select": "choice", "typed": "typed", "cloze": "cloze",
    "reverse": "recall", "heatmap": "recall", "code": "recall", "table": "recall", "maths": "recall",
    "varying": "typed",
}  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_of_card_is_drawn(theme: str, desktop: Callable[..., Any]) -> None:
    seen = desktop(
        "gallery", names=list(KINDS), screenshots=str(SCREENSHOTS), theme=theme, desktop={"theme": theme}
    )
    for name, kind in KINDS.items():
        for side in seen[name].values():
            assert side["kind"] == kind
            assert side["night"] == (theme == "dark")
            assert not side["raw"]  # all maths is set
            assert not side["wide"]  # nothing scrolls the page sideways
            assert all(side["pictures"])
    assert seen["heatmap"]["front"]["pictures"]
    assert seen["maths"]["back"]["maths"] >= 6


def test_options_are_shuffled_and_stay_so_on_the_back(desktop: Callable[..., Any]) -> None:
    seen = desktop("reviews", name="choice", count=7)
    assert all(one["front"]["order"] == one["back"]["order"] for one in seen)
    assert len({tuple(one["front"]["order"]) for one in seen}) >= 3


def test_a_varying_card_asks_something_else_each_time(desktop: Callable[..., Any]) -> None:
    seen = desktop("reviews", name="varying", count=6)
    asked = [re.search(r"weights of (\d+) equal scores of ([\d.]+)", one["front"]["text"]) for one in seen]
    assert all(asked)
    assert all(one["front"]["text"] == one["back"]["text"] for one in seen)
    shown = [found.groups() for found in asked if found]
    assert all(one != other for one, other in pairwise(shown[1:]))


def test_digits_choose_space_answers_and_digits_grade(desktop: Callable[..., Any]) -> None:
    seen = desktop("keys", name="choice", digit="2")
    assert seen["chosen"] == [seen["order"][1]] == seen["judged"]
    assert seen["grades"] == [3]


def test_the_key_for_the_editor_is_still_anki_s(desktop: Callable[..., Any]) -> None:
    assert desktop("edits", name="choice")


def test_a_click_chooses(desktop: Callable[..., Any]) -> None:
    seen = desktop("click", name="choice", option=1)
    assert seen["chosen"] == seen["judged"] == [1]
    assert seen["classes"].split() == ["wrong", "chosen"]


def test_typed_answers_are_compared_as_values(desktop: Callable[..., Any]) -> None:
    seen = desktop("typing", name="typed", texts=["(2, 5, 64)", "2x5x64", "(2, 64, 5)", "2 Sequences"])
    assert seen["(2, 5, 64)"] == "(2, 5, 64)"
    assert re.fullmatch(r"2x5x64\s*right: equal in value", seen["2x5x64"])
    assert "↓" in seen["(2, 64, 5)"]
    assert "equal" in seen["2 Sequences"]


def test_the_card_follows_a_switch_of_theme(desktop: Callable[..., Any]) -> None:
    before, after = desktop("themes", name="choice")
    light, dark = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (before, after))
    assert light > 650
    assert dark < 150


def test_a_grade_taken_back_leaves_a_card_that_works(desktop: Callable[..., Any]) -> None:
    seen = desktop("undo", name="choice")
    assert sorted(seen["front"]) == [1, 2, 3, 4]
    assert seen["front"] == seen["back"]


def test_previewer_and_card_layout_show_the_card(desktop: Callable[..., Any]) -> None:
    assert desktop("windows", name="choice") == {"previewer": 4, "layout": 4}


def test_a_covered_heatmap_reveals_cells_by_key_and_click(desktop: Callable[..., Any]) -> None:
    seen = desktop("predicting", name="predict")
    assert seen["first"] == "small → small: covered"
    assert seen["below"] == "owls → small: covered"
    assert seen["revealed"] == "owls → small: 0.1"
    assert seen["state"] == "question"  # Enter did not show the answer
    assert seen["clicked"] == "small → small: 0.7"
    assert seen["marked"] == 2


def test_a_worked_solution_goes_on_at_a_key(desktop: Callable[..., Any]) -> None:
    counts = desktop("stepping", name="typed")
    assert len(counts) >= 5
    assert counts == list(range(len(counts)))
