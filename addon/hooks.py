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


def _nothing(*_given: object) -> None:
    return


def _own_editor(*_given: object) -> bool:
    return False  # Anki then shows its own editor of settings


@guarded(_own_editor)
def configure() -> bool:
    """Answer the button Config of Anki's list of add-ons."""
    from .settings import dialog

    return dialog.configure()


@guarded(_nothing)
def configured(_config: object) -> None:
    """Hear that Anki's own editor has changed the settings."""
    from .settings import current

    current.reread()


@guarded(_nothing)
def show_settings(*_given: object) -> None:
    """Answer the entry of the menu Tools."""
    from .settings import dialog

    dialog.show()
