"""Scenarios of the add-on's beginning: how it is installed, and what it does when Anki starts."""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

PACKAGE = "attention_heatmaps"


def loaded() -> list[str]:
    """List the add-on's modules that have been imported."""
    return sorted(name for name in sys.modules if name.split(".")[0] == PACKAGE)


def started(desktop: Any) -> dict[str, Any]:
    """Start the add-on anew; tell what it has imported then, and what Anki says of it."""
    for name in loaded():
        del sys.modules[name]
    importlib.import_module(PACKAGE)
    meta = desktop.mw.addonManager.addon_meta(PACKAGE)
    return {
        "modules": loaded(),
        "compatible": meta.compatible(),
        "failed": any(type(w).__name__ == "QMessageBox" for w in desktop.app.topLevelWidgets()),
    }


def installed(desktop: Any, bundle: str) -> dict[str, Any]:
    """Install the bundle as a person does, start the add-on, and look a card up."""
    manager = desktop.mw.addonManager
    before = manager.allAddons()
    done = manager.install(bundle)
    place = Path(manager.addonsFolder(PACKAGE))
    files = sorted(p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file())
    importlib.invalidate_caches()
    manager.loadAddons()
    desktop.ask("recall")
    desktop.answer()
    return {
        "before": before,
        "answer": type(done).__name__,
        "compatible": getattr(done, "compatible", None),
        "files": files,
        "meta": json.loads((place / "meta.json").read_text(encoding="utf-8")),
        "enabled": manager.isEnabled(PACKAGE),
        "modules": loaded(),
    }


def measured(desktop: Any, times: int) -> dict[str, float]:
    """Import and register the add-on again and again; give medians in milliseconds."""
    taken: dict[str, list[float]] = {"wall": [], "processor": []}
    for _ in range(times):
        for name in loaded():
            del sys.modules[name]
        wall, processor = time.perf_counter(), time.thread_time()
        importlib.import_module(PACKAGE)
        taken["processor"].append((time.thread_time() - processor) * 1000)
        taken["wall"].append((time.perf_counter() - wall) * 1000)
    return {name: round(statistics.median(each), 2) for name, each in taken.items()}
