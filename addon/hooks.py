"""Everything that Anki calls: the one place where hooks are registered.

Each hook imports what it needs when it is first called, so that the start of Anki waits for this file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .guard import guarded

if TYPE_CHECKING:
    from aqt.main import AnkiQt


def register(mw: AnkiQt) -> None:
    """Tell Anki which of its events concern this add-on."""
    mw.addonManager.setConfigAction(__name__, configure)
    mw.addonManager.setConfigUpdatedAction(__name__, configured)
    if settings := mw.form.menuTools.addAction("Attention &heatmaps…"):
        settings.triggered.connect(show_settings)


@guarded(lambda: False)  # Anki then shows its own editor of settings
def configure() -> bool:
    """Answer the button Config of Anki's list of add-ons."""
    from .settings import dialog

    return dialog.configure()


@guarded(lambda _config: None)
def configured(_config: object) -> None:
    """Hear that Anki's own editor has changed the settings."""
    from .settings import current

    current.reread()


@guarded(lambda _checked: None)
def show_settings(_checked: bool) -> None:
    """Answer the entry of the menu Tools."""
    from .settings import dialog

    dialog.show()
