"""Anki's own import, always plain: never with merge, scheduling, presets, or updates of notes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.import_export_pb2 import (
    IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
    IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_NEVER,
)

# Where Anki keeps the options of the last import: those of its dialog the next time.
PRESETS = ("mergeNotetypes", "withScheduling", "withDeckConfigs", "updateNotes", "updateNotetypes")


def plainly(col: Collection, path: str | Path) -> Any:
    """Import what the collection lacks, and templates that are newer; gives Anki's log.

    The learner's own options for imports are those of before, in the same step to undo where there is one.
    """
    before = presets(col)
    options = ImportAnkiPackageOptions(
        merge_notetypes=False,
        update_notes=IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_NEVER,
        update_notetypes=IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
        with_scheduling=False,
        with_deck_configs=False,
    )
    request = ImportAnkiPackageRequest(package_path=str(path), options=options)
    log = col.import_anki_package(request).log
    target = col.undo_status().last_step
    for key in PRESETS:
        if key in before:
            col.set_config(key, before[key], undoable=True)
        else:
            col.remove_config(key)
        col.merge_undo_entries(target)
    col.models._clear_cache()  # Anki's own cache is stale after an import
    return log


def presets(col: Collection) -> Mapping[str, Any]:
    """Give the learner's options for imports, those that were ever set."""
    return {key: value for key, value in col.all_config().items() if key in PRESETS}
