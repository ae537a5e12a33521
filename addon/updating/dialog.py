"""The dialog of a deck update: what would happen, note by note, before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from aqt.qt import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QKeySequence,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    Qt,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import (
    ask_user_dialog,
    disable_help_button,
    restoreGeom,
    restoreSplitter,
    saveGeom,
    saveSplitter,
)

from . import wording
from .header import header
from .pane import SectionPane, across, button
from .plan import Choices, Plan, Retire, Standing

NAME = "verideckUpdate"  # of what is remembered of its window


class UpdateDialog(QDialog):
    """Shows a plan and gathers choices; `update` is called with them, and nothing is written before."""

    silentlyClose = True  # noqa: N815  so Anki closes it with the profile

    def __init__(self, parent: QWidget, plan: Plan, update: Callable[[UpdateDialog], None]) -> None:
        """Show what would happen if nothing were chosen."""
        super().__init__(parent, Qt.WindowType.Window)
        self.plan, self.update_deck = plan, update
        self.choices = Choices.usual(plan)
        self.sections = wording.sections(plan)
        self.setWindowTitle("Update a Verideck Deck")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumSize(520, 400)
        disable_help_button(self)
        layout = QVBoxLayout(self)
        layout.addWidget(header(self, plan))
        layout.addWidget(self._middle(), 1)
        self.outcome = QLabel()
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setWordWrap(True)
        layout.addWidget(self.outcome)
        layout.addWidget(self._buttons())
        self.chosen()
        restoreGeom(self, NAME, default_size=(980, 680))
        restoreSplitter(self.splitter, NAME)
        restoreSplitter(self.pane.splitter, f"{NAME}Pane")

    def _middle(self) -> QWidget:
        self.pane = SectionPane(self, self.choices, self._options())
        self.list = QListWidget()
        self.list.setAccessibleName("What would happen")
        self.list.setSpacing(2)
        for section in self.sections:
            item = QListWidgetItem(f"{section.title} ({len(section.rows):,})")
            self.list.addItem(item)
        if self.plan.unchanged:
            same = QListWidgetItem(f"Unchanged ({self.plan.unchanged:,})")
            same.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(same)
        qconnect(self.list.currentRowChanged, self.turn)
        qconnect(self.pane.model.ticked, self.tick)
        qconnect(self.pane.asking.decided, self.decide)
        self.splitter = across(self.list, self.pane)
        self.splitter.setSizes([190, 790])
        self.splitter.setVisible(bool(self.sections))
        if not self.sections:
            nothing = QLabel(
                "Your deck is up to date." if self.plan.empty else "No note that you see changes."
            )
            nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
            return nothing
        self.list.setCurrentRow(0)
        return self.splitter

    def _options(self) -> dict[str, tuple[QWidget, ...]]:
        """Give what can be chosen for a whole section, by its key."""
        mine, theirs = button("Keep &Yours in All"), button("Take the &Deck’s in All")
        qconnect(mine.clicked, lambda: self.choose(take=frozenset()))
        qconnect(theirs.clicked, lambda: self.choose(take=self._everything()))
        self.retire = QComboBox()
        for way, name in wording.retirements(self.plan).items():
            self.retire.addItem(name, way)
        qconnect(self.retire.currentIndexChanged, lambda _: self.choose(retire=self._retire()))
        self.clean = QCheckBox("&Remove these files")
        self.clean.setChecked(self.choices.clean)
        qconnect(self.clean.toggled, lambda state: self.choose(clean=state))
        return {"conflicts": (mine, theirs), "retired": (self.retire,), "media": (self.clean,)}

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        if (cancel := box.button(QDialogButtonBox.StandardButton.Cancel)) is not None:
            cancel.setAutoDefault(False)
        self.go = button("&Update")
        box.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.go.setShortcut(QKeySequence("Ctrl+Return"))
        qconnect(box.accepted, self.ask)
        qconnect(box.rejected, self.reject)
        return box

    def _everything(self) -> frozenset[tuple[int, str]]:
        return frozenset((note.note_id, one.name) for note in self.plan.conflicts for one in note.conflicts)

    def _retire(self) -> Retire:
        way = self.retire.currentData()
        return way if isinstance(way, Retire) else Retire.SUSPEND

    def turn(self, number: int) -> None:
        """Show a section."""
        if 0 <= number < len(self.sections):
            self.pane.show_section(self.sections[number])

    def tick(self, guid: str, wanted: bool) -> None:
        """Add a new note, or do not."""
        self.choose(skip=self.choices.skip - {guid} if wanted else self.choices.skip | {guid})

    def decide(self, note: int, field: str, theirs: bool) -> None:
        """Decide a conflict: the deck's text or the learner's own."""
        one = {(note, field)}
        self.choose(take=self.choices.take | one if theirs else self.choices.take - one)

    def choose(self, **chosen: object) -> None:
        """Take a choice, and show what follows from it."""
        self.choices = replace(self.choices, **chosen)  # type: ignore[arg-type]  # by the names of its fields
        self.chosen()

    def chosen(self) -> None:
        """Say what Update would do now."""
        self.pane.choose(self.choices)
        self.outcome.setText(wording.outcome(self.plan, self.choices))
        self.go.setEnabled(not wording.idle(self.plan, self.choices))

    def ask(self) -> None:
        """Update; before an older version is put over a newer one, ask."""
        if self.plan.standing is not Standing.OLDER:
            self.update_deck(self)
            return
        ask_user_dialog(
            "This package is older than what you have. Corrections that came since would be taken back.",
            callback=lambda pressed: None if pressed else self.update_deck(self),
            buttons=[
                ("Go Back to It", QMessageBox.ButtonRole.AcceptRole),
                QMessageBox.StandardButton.Cancel,
            ],
            default_button=1,
            parent=self,
        )

    def done(self, result: int) -> None:
        """Remember the window as it was."""
        saveGeom(self, NAME)
        saveSplitter(self.splitter, NAME)
        saveSplitter(self.pane.splitter, f"{NAME}Pane")
        super().done(result)
