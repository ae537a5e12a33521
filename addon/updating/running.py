"""An update from a file to its report: reading, asking and writing, each in its turn; Anki never freezes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from anki.collection import Collection, OpChanges
from aqt.operations import CollectionOp, QueryOp
from aqt.qt import QMessageBox
from aqt.utils import ask_user_dialog, show_info, show_warning

from ..waiting import offer_cancel
from .applying import apply
from .dialog import UpdateDialog
from .packages import Package, read_package
from .plan import Cancelled, Plan, Report, Standing, UpdateError
from .planning import planned
from .report import ReportDialog

if TYPE_CHECKING:
    from aqt.main import AnkiQt

log = logging.getLogger("attention-heatmaps")

OFTEN = 0.1  # seconds between two words on how far it is


@dataclass
class Written:
    """What an update did, with what Anki wants to know of it: that anything may look different now."""

    report: Report
    changes: OpChanges


class Update:
    """One update: holds the open package until its dialog is closed or the deck is written."""

    def __init__(self, mw: AnkiQt, path: str, as_usual: Callable[[], None]) -> None:
        """Take a package, and what lets Anki import it as it does without this add-on."""
        self.mw, self.path, self.as_usual = mw, path, as_usual
        self.package: Package | None = None
        self.told = 0.0
        self.stop = Event()

    def start(self) -> None:
        """Read the package and compare, in the background; then show what would happen."""
        look = QueryOp(parent=self.mw, op=self._look, success=self._shown)
        look.failure(self._unreadable).with_progress("Reading the deck…").run_in_background()
        offer_cancel(self.mw, self.stop.set)

    def _look(self, col: Collection) -> Plan:
        self.package = read_package(self.path)
        return planned(col, self.package, self._tell)

    def _shown(self, plan: Plan) -> None:
        """Show a plan; a fault of ours is told, and does not reach Anki."""
        try:
            self._show(plan)
        except Exception as fault:  # noqa: BLE001  whatever it is, the package is to be closed
            self._unreadable(fault)

    def _show(self, plan: Plan) -> None:
        if plan.standing is Standing.ABSENT:
            self.close()
            self._offer_import(plan)
            return
        dialog = UpdateDialog(self.mw, plan, self._write)
        dialog.finished.connect(lambda _result: self.close())
        self.mw.garbage_collect_on_dialog_finish(dialog)
        dialog.open()

    def _offer_import(self, plan: Plan) -> None:
        ask_user_dialog(
            f"“{plan.title[:200]}” is not in your collection yet, so there is nothing to update.\n\n"
            "Anki imports it as any other deck. Its next version can then be put over it from here.",
            callback=lambda pressed: None if pressed else self.as_usual(),
            buttons=[
                ("&Import…", QMessageBox.ButtonRole.AcceptRole),
                QMessageBox.StandardButton.Cancel,
            ],
            default_button=0,
            parent=self.mw,
        )

    def _unreadable(self, fault: Exception) -> None:
        self.close()
        if not isinstance(fault, Cancelled):
            show_warning(said(fault, "This file cannot be read as a Verideck deck"), parent=self.mw)

    def _write(self, dialog: UpdateDialog) -> None:
        package = self.package
        if package is None:
            return

        self.stop.clear()

        def write(col: Collection) -> Written:
            report = apply(col, package, dialog.plan, dialog.choices, self._tell)
            return Written(report, everything())

        def written(done: Written) -> None:
            dialog.accept()
            report = ReportDialog(self.mw, dialog.plan, done.report)
            self.mw.garbage_collect_on_dialog_finish(report)
            report.open()

        CollectionOp(dialog, write).success(written).failure(
            lambda fault: self._failed(dialog, fault)
        ).run_in_background()
        offer_cancel(self.mw, self.stop.set)

    def _failed(self, dialog: UpdateDialog, fault: Exception) -> None:
        self.mw.update_undo_actions()
        if isinstance(fault, Cancelled):
            show_info("The update was cancelled. Your collection is as it was.", parent=dialog)
            return
        if self.mw.col and int(self.mw.col.mod) != dialog.plan.stamp:
            self._look_again(dialog, str(fault))
            return
        text = said(fault, "The update failed")
        show_warning(f"{text}\n\nYour collection is as it was before.", parent=dialog)

    def _look_again(self, dialog: UpdateDialog, text: str) -> None:
        """Offer to compare anew what has changed since it was looked at."""

        def again() -> None:
            dialog.reject()
            Update(self.mw, self.path, self.as_usual).start()

        ask_user_dialog(
            text[:2_000],
            callback=lambda pressed: None if pressed else again(),
            buttons=[
                ("&Look Again", QMessageBox.ButtonRole.AcceptRole),
                QMessageBox.StandardButton.Cancel,
            ],
            default_button=0,
            parent=dialog,
        )

    def _tell(self, label: str, value: int, of: int) -> bool:
        """Say how far it is, from whichever thread; False where the learner pressed Cancel or Escape."""
        now = time.monotonic()
        if now - self.told >= OFTEN:
            self.told = now
            show = self.mw.progress.update
            self.mw.taskman.run_on_main(lambda: show(label=label, value=value, max=of))
        return not (self.stop.is_set() or self.mw.progress.want_cancel())

    def close(self) -> None:
        """Let the package go."""
        package, self.package = self.package, None
        if package is not None:
            package.close()


def said(fault: Exception, what: str) -> str:
    """Give a fault's own words where they are for a person; else what failed, and the log has the rest."""
    if isinstance(fault, (UpdateError, ValueError)) and str(fault):
        return str(fault)[:2_000]
    log.error("%s", what, exc_info=fault)
    return f"{what}: {type(fault).__name__}: {str(fault)[:500]}"


def everything() -> OpChanges:
    """Say that whatever is on the screen is to be drawn anew."""
    return OpChanges(
        card=True,
        note=True,
        deck=True,
        tag=True,
        notetype=True,
        config=True,
        mtime=True,
        browser_table=True,
        browser_sidebar=True,
        note_text=True,
        study_queues=True,
    )
