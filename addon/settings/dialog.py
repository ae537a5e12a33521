"""The dialog of the settings, with a sample that follows each change on a light card and a dark one."""

from __future__ import annotations

from collections.abc import Mapping

from aqt import mw
from aqt.qt import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QKeySequence,
    QLabel,
    QSpinBox,
    Qt,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, restoreGeom, saveGeom, tooltip

from ..picture import Picture
from . import current, values
from .sample import SPEC, sample
from .values import DEFAULT, Settings

NAME = "attentionHeatmapsSettings"  # of what is remembered of its window

_COLOURS = {
    "indigo": "Indigo",
    "viridis": "Viridis",
    "cividis": "Cividis",
    "magma": "Magma",
    "grey": "Grey, for print",
}
_PRECISIONS: dict[int | None, str] = {None: "as the values ask"} | {
    number: str(number) for number in values.PRECISIONS
}
_REVEALS = {
    "cell": "the cell",
    "row": "its whole row",
    "all": "the whole heatmap",
    "never": "nothing: no cell is ever covered",
}
_CARDS = {"light": "#f5f5f5", "dark": "#2c2c2c"}  # Anki's own canvas


class SettingsDialog(QDialog):
    """Changes the settings; nothing is kept before OK."""

    def __init__(self, parent: QWidget | None, *, text: bool = False) -> None:
        """Show the settings as they are; `text` offers to edit them as text, too."""
        super().__init__(parent)
        self.as_text = False
        self.setWindowTitle("Attention Heatmaps")
        disable_help_button(self)
        form = self._form()
        samples = QHBoxLayout()
        self.pictures: dict[str, Picture] = {}
        for theme, background in _CARDS.items():
            self.pictures[theme] = Picture(self, background=background)
            self.pictures[theme].setMinimumSize(260, 210)
            samples.addWidget(self.pictures[theme])
        self.measure = QLabel()
        self.measure.setAlignment(Qt.AlignmentFlag.AlignCenter)
        outer = QVBoxLayout(self)
        outer.addLayout(form)
        outer.addSpacing(8)
        outer.addLayout(samples, 1)
        outer.addWidget(self.measure)
        outer.addWidget(self._buttons(text))
        self.fill(current.current())
        restoreGeom(self, NAME, default_size=(640, 560))

    def _form(self) -> QFormLayout:
        self.colours = _choices(_COLOURS)
        self.numbers = QCheckBox("&Numbers in the cells, where they fit")
        self.precision = _choices(_PRECISIONS)
        self.room = QSpinBox()
        self.room.setRange(values.SIZES[0], values.SIZES[-1])
        self.room.setSingleStep(10)
        self.room.setSuffix(" pixels")
        self.reveal = _choices(_REVEALS)
        form = QFormLayout()
        form.addRow("&Colours:", self.colours)
        form.addRow("", self.numbers)
        form.addRow("&Decimals:", self.precision)
        form.addRow("&Width of the cells:", self.room)
        form.addRow("A &tap on a covered cell shows:", self.reveal)
        for box in (self.colours, self.precision, self.reveal):
            qconnect(box.currentIndexChanged, self.redraw)
        qconnect(self.numbers.toggled, self.redraw)
        qconnect(self.room.valueChanged, self.redraw)
        return form

    def _buttons(self, text: bool) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        box = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.RestoreDefaults | kinds.Help)
        qconnect(box.accepted, self.accept)
        qconnect(box.rejected, self.reject)
        if defaults := box.button(kinds.RestoreDefaults):
            qconnect(defaults.clicked, self.restore)
        if instructions := box.button(kinds.Help):
            qconnect(instructions.clicked, self.instruct)
        if good := box.button(kinds.Ok):
            good.setShortcut(QKeySequence("Ctrl+Return"))
        if text and (button := box.addButton("Edit as Te&xt…", QDialogButtonBox.ButtonRole.ActionRole)):
            button.setAutoDefault(False)
            qconnect(button.clicked, self.edit_as_text)
        return box

    def chosen(self) -> Settings:
        """Give the settings as they stand in the dialog."""
        return Settings(
            colours=self.colours.currentData(),
            numbers=self.numbers.isChecked(),
            precision=self.precision.currentData(),
            size=self.room.value(),
            reveal=self.reveal.currentData(),
        )

    def fill(self, settings: Settings) -> None:
        """Set the dialog to settings."""
        _choose(self.colours, settings.colours)
        self.numbers.setChecked(settings.numbers)
        _choose(self.precision, settings.precision)
        self.room.setValue(settings.size)
        _choose(self.reveal, settings.reveal)
        self.redraw()

    def redraw(self, *_changed: object) -> None:
        """Let the sample follow."""
        settings = self.chosen()
        self.precision.setEnabled(settings.numbers)
        for theme, picture in self.pictures.items():
            drawn = sample(settings, dark=theme == "dark")
            picture.draw(drawn.svg, SPEC["alt"])
            self.measure.setText(f"{drawn.width} × {drawn.height} pixels on a card that has the room")

    def restore(self) -> None:
        """Set the dialog to the defaults."""
        self.fill(DEFAULT)
        tooltip("Defaults restored", parent=self)

    def instruct(self) -> None:
        """Show what Anki shows beside the settings as text: all that can be written."""
        from .instructions import Instructions

        Instructions(self).show()

    def edit_as_text(self) -> None:
        """Leave the dialog for Anki's own editor."""
        self.as_text = True
        self.reject()

    def done(self, result: int) -> None:
        """Keep the settings if they were changed and taken."""
        saveGeom(self, NAME)
        settings = self.chosen()
        super().done(result)
        if result == QDialog.DialogCode.Accepted and settings != current.current():
            current.change(settings)


def show() -> SettingsDialog:
    """Open the dialog over the main window."""
    dialog = SettingsDialog(mw)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def configure() -> bool:
    """Open the dialog for the button Config of Anki's list of add-ons; False asks for its own editor."""
    dialog = SettingsDialog(mw.app.activeWindow() or mw, text=True)
    dialog.exec()
    dialog.deleteLater()
    return not dialog.as_text


def _choices(names: Mapping[str, str] | Mapping[int | None, str]) -> QComboBox:
    box = QComboBox()
    for value, name in names.items():
        box.addItem(name, value)
    return box


def _choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(max(0, box.findData(value)))
