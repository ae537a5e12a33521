"""The dialog in which a heatmap is pasted or edited, with its picture as it will stand on the card."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from aqt import mw
from aqt.qt import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QEvent,
    QGridLayout,
    QKeySequence,
    QLabel,
    QLineEdit,
    QPushButton,
    QShortcut,
    QSplitter,
    Qt,
    QTimer,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, restoreGeom, saveGeom

from ..picture import Picture
from ..reading.limits import MOST_ALT
from ..settings import current, values
from .boxes import Box, Message
from .composing import Composed, Inputs
from .drafts import Draft, drafted

NAME = "attentionHeatmapsEditor"  # of what is remembered of its window
PAUSE = 150  # milliseconds without a key before the picture follows
AT_ONCE = 20_000  # letters of a matrix that is read and drawn without the background

EXAMPLE = "[[0.9, 0.1, 0.0],\n [0.2, 0.7, 0.1],\n [0.1, 0.6, 0.3]]"
EMPTY = "The heatmap appears here"


class HeatmapDialog(QDialog):
    """Takes a matrix and tokens; `taken` is called with the heatmap when a person inserts it."""

    def __init__(
        self, parent: QWidget, taken: Callable[[Draft], None], inputs: Inputs | None = None, note: str = ""
    ) -> None:
        """Start empty, or with a heatmap to be edited; `note` says where its weights come from."""
        super().__init__(parent, Qt.WindowType.Window)
        self._taken = taken
        self._base = inputs.base if inputs else None
        self._asked = 0  # counts what was asked for, so that only the newest answer is shown
        self._note = note
        self.draft: Draft | None = None
        self.waiting = False
        self._wanted = False  # whether it is to be inserted when it has come from the background
        editing = inputs is not None
        self.setWindowTitle("Edit Heatmap" if editing else "Insert Heatmap")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        disable_help_button(self)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self._form())
        split.addWidget(self._shown())
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        outer = QVBoxLayout(self)
        outer.addWidget(split, 1)
        outer.addWidget(self._buttons("&Save" if editing else "&Insert"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        qconnect(self._timer.timeout, self.redraw)
        if inputs:
            self.fill(inputs)
        restoreGeom(self, NAME, default_size=(860, 560))
        self.matrix.setFocus()
        self.redraw()

    def _form(self) -> QWidget:
        form = QWidget(self)
        self.matrix = Box(form, lines=8, wrapped=False)
        self.matrix.setPlaceholderText(EXAMPLE)
        self.matrix_said = Message(form)
        self.queries = Box(form, lines=2, wrapped=True)
        self.queries.setPlaceholderText("the cat sat")
        self.queries_said = Message(form)
        self.apart = QCheckBox("The &columns (keys) have tokens of their own", form)
        self.keys = Box(form, lines=2, wrapped=True)
        self.keys_said = Message(form)
        self.causal = QCheckBox("Ca&usal mask: no token sees those after it", form)
        self.normalised = QCheckBox("&Divide each row by its sum", form)
        self.reveal = QCheckBox("&Hide the values until they are tapped", form)
        self.reveal.setToolTip("On fronts, where this add-on runs. Other clients show the picture whole.")
        self.alt = QLineEdit(form)
        self.alt.setMaxLength(MOST_ALT)
        self.alt.setClearButtonEnabled(True)
        layout = QVBoxLayout(form)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(4)
        _labelled(layout, "&Matrix of weights, rows are queries:", self.matrix, 1)
        layout.addWidget(self.matrix_said)
        _labelled(layout, "&Tokens:", self.queries)
        layout.addWidget(self.queries_said)
        for widget in (self.apart, self.keys, self.keys_said, self.causal, self.normalised, self.reveal):
            layout.addWidget(widget)
        layout.addSpacing(6)
        _labelled(layout, "&Alternative text, for those who do not see the picture:", self.alt)
        self.keys.setVisible(False)
        self.keys_said.setVisible(False)
        for box in (self.matrix, self.queries, self.keys):
            qconnect(box.textChanged, self.changed)
        for tick in (self.causal, self.normalised, self.reveal):
            qconnect(tick.toggled, self.changed)
        qconnect(self.apart.toggled, self._aparted)
        qconnect(self.alt.textChanged, self.changed)
        return form

    def _shown(self) -> QWidget:
        side = QWidget(self)
        self.picture = Picture(side)
        self.picture.setMinimumSize(280, 240)
        layout = QGridLayout(side)
        layout.setContentsMargins(6, 0, 0, 0)
        layout.addWidget(self.picture, 0, 0)
        layout.setRowStretch(0, 1)
        return side

    def _buttons(self, name: str) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.insert = QPushButton(name, self)
        self.insert.setDefault(True)
        self.insert.setToolTip("Ctrl+Enter")
        box.addButton(self.insert, QDialogButtonBox.ButtonRole.AcceptRole)
        qconnect(box.accepted, self.accept)
        qconnect(box.rejected, self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            qconnect(QShortcut(QKeySequence(keys), self).activated, self.accept)
        return box

    def fill(self, inputs: Inputs) -> None:
        """Set the dialog to a heatmap."""
        self.matrix.setPlainText(inputs.matrix)
        self.queries.setPlainText(inputs.queries)
        self.keys.setPlainText(inputs.keys)
        self.apart.setChecked(inputs.apart)
        self.causal.setChecked(inputs.causal)
        self.normalised.setChecked(inputs.normalised)
        self.reveal.setChecked(inputs.reveal)
        self.alt.setText(inputs.alt)

    def inputs(self) -> Inputs:
        """Give what stands in the dialog."""
        return Inputs(
            matrix=self.matrix.toPlainText(),
            queries=self.queries.toPlainText(),
            keys=self.keys.toPlainText(),
            apart=self.apart.isChecked(),
            causal=self.causal.isChecked(),
            normalised=self.normalised.isChecked(),
            reveal=self.reveal.isChecked(),
            alt=self.alt.text(),
            base=self._base,
        )

    def changed(self, *_: object) -> None:
        """Let the picture follow after a moment."""
        self.waiting = True
        self._wanted = False
        self._timer.start()

    def _aparted(self, apart: bool) -> None:
        self.keys.setVisible(apart)
        self.keys_said.setVisible(apart)
        self.changed()

    def redraw(self) -> None:
        """Read what stands in the dialog and draw it; a large matrix in the background."""
        self._timer.stop()
        self.waiting = True
        self._asked += 1
        asked, inputs = self._asked, self.inputs()
        style = values.style(current.current(), dark=False)
        if len(inputs.matrix) <= AT_ONCE:
            self._show(drafted(inputs, style))
            return

        def done(future: Future[Draft]) -> None:
            if asked == self._asked and self.isVisible():
                self._show(future.result())

        mw.taskman.run_in_background(lambda: drafted(inputs, style), done, uses_collection=False)

    def _show(self, draft: Draft) -> None:
        self.waiting = False
        wanted, self._wanted = self._wanted, False
        self.draft = draft
        composed = draft.composed
        self._say(composed)
        self.insert.setEnabled(bool(draft.name) or not self.matrix.toPlainText().strip())
        self.alt.setPlaceholderText(composed.proposed)
        _heads, rows, columns = composed.shape
        self.apart.setEnabled(rows == columns)
        if rows != columns and not self.apart.isChecked():
            self.apart.setChecked(True)
        if draft.data:
            self.picture.draw(draft.svg, str((composed.spec or {}).get("alt", "")))
        elif not self.matrix.toPlainText().strip():
            self.picture.say(EMPTY)
        # Else the last good picture stays, and the message says what is wrong.
        if wanted:
            self.accept()

    def _say(self, composed: Composed) -> None:
        self.matrix.mark(composed.fault)
        note = self._note if composed.spec and composed.spec.get("exact") is False else ""
        found = ". ".join(text for text in (composed.found, note) if text)
        self.matrix_said.say(composed.matrix or found, wrong=bool(composed.matrix))
        both = ((self.queries_said, composed.queries), (self.keys_said, composed.keys))
        for (label, wrong), count in zip(both, composed.counts, strict=True):
            label.say(wrong or count, wrong=bool(wrong))

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802  Qt's name
        """Follow a switch of the theme."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange and self.draft is not None:
            self._say(self.draft.composed)

    def accept(self) -> None:
        """Hand the heatmap over, as it stands in the dialog now; stay where something is wrong with it."""
        if self.waiting:
            self.redraw()
        if self.waiting:  # in the background
            self._wanted = True
            return
        if self.draft is None or not self.draft.name:
            wrong = self.draft.composed if self.draft else Composed()
            if not wrong.matrix and not wrong.queries and not wrong.keys:
                self.matrix_said.say("Paste a matrix first", wrong=True)
            box = self.queries if wrong.queries else self.keys if wrong.keys else self.matrix
            box.setFocus()
            return
        draft = self.draft
        super().accept()
        self._taken(draft)

    def done(self, result: int) -> None:
        """Remember the window's place."""
        saveGeom(self, NAME)
        self._asked += 1  # what still comes from the background finds nobody
        super().done(result)


def edit(
    parent: QWidget, taken: Callable[[Draft], None], inputs: Inputs | None = None, note: str = ""
) -> HeatmapDialog:
    """Open the dialog over an editor's window."""
    dialog = HeatmapDialog(parent, taken, inputs, note)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def _labelled(layout: QVBoxLayout, text: str, widget: QWidget, stretch: int = 0) -> None:
    label = QLabel(text)
    label.setBuddy(widget)
    layout.addWidget(label)
    layout.addWidget(widget, stretch)
