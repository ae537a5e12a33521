"""Where an update begins: the menu, and a package that someone opens.

Whatever way a package comes (a double click, File → Import, drag and drop), Anki hands it to `ApkgImporter`;
there is no hook, so this one function is wrapped. Without a manifest in the file, or after any fault of
ours, the original does what it always did.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

from aqt.import_export.importing import ApkgImporter
from aqt.operations import QueryOp
from aqt.qt import QMessageBox
from aqt.utils import ask_user_dialog, getFile

from . import manifest

if TYPE_CHECKING:
    from anki.collection import Collection
    from aqt.main import AnkiQt

log = logging.getLogger("attention-heatmaps")

TAIL = 4_000_000  # bytes at the end of a package in which its members are named: some 50,000 of them


def choose(mw: AnkiQt) -> None:
    """Ask for a package, and update its deck."""
    path = getFile(mw, "Update a Verideck Deck", None, filter="Anki decks (*.apkg)", key="verideckUpdate")
    if isinstance(path, str):
        update(mw, path, lambda: import_as_usual(mw, path))


def update(mw: AnkiQt, path: str, as_usual: Callable[[], None]) -> None:
    """Begin an update; the modules that it needs are loaded now."""
    from .running import Update

    Update(mw, path, as_usual).start()


def watch() -> None:
    """Offer an update where a package with a manifest is opened; once, however often it is called."""
    original = ApkgImporter.do_import
    if getattr(original, "offers_updates", False):
        return

    @wraps(original)
    def do_import(mw: AnkiQt, path: str) -> None:
        try:
            if carries_manifest(path):
                offer(mw, path, lambda: original(mw, path))
                return
        except Exception:  # whatever it was, the import is worth more than the offer
            log.exception("while offering an update")
        original(mw, path)

    do_import.offers_updates = True  # type: ignore[attr-defined]  # a mark, to wrap once
    do_import.as_usual = original  # type: ignore[attr-defined]
    ApkgImporter.do_import = staticmethod(do_import)  # type: ignore[method-assign]  # there is no hook


def import_as_usual(mw: AnkiQt, path: str) -> None:
    """Import a package as Anki does, without an offer."""
    original = getattr(ApkgImporter.do_import, "as_usual", ApkgImporter.do_import)
    original(mw, path)


def carries_manifest(path: str) -> bool:
    """Look for the manifest's name at a package's end, where a zip lists its members: little is read."""
    with Path(path).open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        return manifest.NAME.encode() in file.read(TAIL)


def offer(mw: AnkiQt, path: str, as_usual: Callable[[], None]) -> None:
    """Offer an update of a deck that the collection has; any other is imported as Anki does."""

    def ask(title: str | None) -> None:
        if title is None:
            as_usual()
        else:
            _ask(mw, path, title, as_usual)

    def failed(fault: Exception) -> None:
        log.warning("no update is offered: %s", fault)
        as_usual()

    look = QueryOp(parent=mw, op=lambda col: known(col, path), success=ask)
    look.failure(failed).with_progress().run_in_background()


def _ask(mw: AnkiQt, path: str, title: str, as_usual: Callable[[], None]) -> None:
    ways: tuple[Callable[[], None], ...] = (lambda: update(mw, path, as_usual), as_usual, lambda: None)
    ask_user_dialog(
        f"You have “{title}” already.\n\nVerideck can update it: it shows first what would change, and your "
        "edits, tags and reviews stay.",
        callback=lambda pressed: ways[pressed](),
        buttons=[
            ("&Update with Verideck…", QMessageBox.ButtonRole.AcceptRole),
            ("&Import as Usual", QMessageBox.ButtonRole.ActionRole),
            QMessageBox.StandardButton.Cancel,
        ],
        default_button=0,
        parent=mw,
        title="Update a Verideck Deck",
    )


def known(col: Collection, path: str) -> str | None:
    """Give the title of a package's deck where a collection has notes of it; ValueError where damaged."""
    said = manifest.read(path)
    if said is None or col.db is None:
        return None
    mark = f'"namespace":"{said.namespace}"'  # as the field Meta has it
    return said.title if col.db.scalar("select 1 from notes where instr(flds, ?) limit 1", mark) else None
