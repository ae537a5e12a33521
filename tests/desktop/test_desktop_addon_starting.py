"""Anki takes the bundle, and its start waits for little."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from verideck import __version__

Run = Callable[..., Any]

AT_START = ["attention_heatmaps", "attention_heatmaps.guard", "attention_heatmaps.hooks"]


def test_anki_s_start_imports_the_hooks_and_nothing_more(with_addon_in_each: Run) -> None:
    """Counted, not timed: `tests/benchmarks/addon.py` measures what these take."""
    assert with_addon_in_each("addon_starting.started") == {
        "modules": AT_START,
        "compatible": True,
        "failed": False,
    }


def test_anki_installs_the_bundle_and_starts_it(with_addon_in_each: Run, bundle: Path) -> None:
    seen = with_addon_in_each("addon_starting.installed", bundle=str(bundle), desktop={"addon": ""})
    assert seen["before"] == []
    assert (seen["answer"], seen["compatible"], seen["enabled"]) == ("InstallOk", True, True)
    with zipfile.ZipFile(bundle) as archive:
        assert seen["files"] == sorted([*archive.namelist(), "meta.json"])
    assert seen["meta"]["name"] == "Attention Heatmaps"
    assert seen["meta"]["human_version"] == __version__
    assert set(AT_START) < set(seen["modules"])  # a card has been shown
