"""Everything that Anki calls: the one place where hooks are registered.

Each hook imports what it needs when it is first called, so that the start of Anki waits for this file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aqt.main import AnkiQt


def register(mw: AnkiQt) -> None:
    """Tell Anki which of its events concern this add-on."""
