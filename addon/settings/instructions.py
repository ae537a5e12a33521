"""The page `config.md` in a window of its own: the settings as text, and what `[attention]` may say."""

from __future__ import annotations

from aqt import mw
from aqt.qt import QDialog, QDialogButtonBox, Qt, QTextBrowser, QVBoxLayout, QWidget, qconnect
from aqt.utils import disable_help_button, restoreGeom, saveGeom

NAME = "attentionHeatmapsInstructions"


class Instructions(QDialog):
    """Shows the page; it may stay open while cards are written."""

    def __init__(self, parent: QWidget | None) -> None:
        """Show the page as Anki shows it beside the settings as text."""
        super().__init__(parent)
        self.setWindowTitle("Attention Heatmaps: Help")
        disable_help_button(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        self.page.setHtml(mw.addonManager.addonConfigHelp(mw.addonManager.addonFromModule(__name__)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        qconnect(buttons.rejected, self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.page)
        layout.addWidget(buttons)
        restoreGeom(self, NAME, default_size=(640, 640))

    def done(self, result: int) -> None:
        """Remember where the window was."""
        saveGeom(self, NAME)
        super().done(result)
