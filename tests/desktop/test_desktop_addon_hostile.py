"""A stranger's data in the real Anki: nothing raises, no script runs, nothing leaves, hooks stay.

How long the main thread is kept is measured by `tests/benchmarks/addon.py`, and not asserted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]

HOOKS = {"card_will_show", "page_said", "page_will_open"}


def stay(hooks: list[list[str]]) -> bool:
    """Tell whether Anki still calls all that it called before: it drops a hook that raises."""
    before, after = hooks
    return before == after and set(before) >= HOOKS


def test_ten_thousand_cases_reach_anki_as_notes_and_reasons(with_addon: Run) -> None:
    seen = with_addon("addon_hostile.through_hooks", count=10_000)
    assert seen["cases"] == 10_000
    assert seen["faults"] == []
    assert stay(seen["hooks"])
    assert seen["scripts"] == 0
    assert seen["refused"] > 2_000
    assert seen["places"] > 3_000


def test_in_the_reviewer_no_script_runs_and_nothing_leaves(with_addon: Run) -> None:
    seen = with_addon("addon_hostile.through_the_reviewer", count=120)
    assert seen["cases"] == 120
    assert seen["faults"] == []
    assert stay(seen["hooks"])
    assert seen["hacked"] == 0
    assert seen["asked"] == seen["connected"] == []
    assert seen["noted"] > 20  # so the cases did reach the add-on
    assert seen["heatmaps"] > 5
