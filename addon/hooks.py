"""Everything that Anki calls: the one place where hooks are registered.

Each hook imports what it needs when it is first called, so that the start of Anki waits for this file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .guard import guarded

if TYPE_CHECKING:
    from anki.cards import Card
    from aqt.main import AnkiQt
    from aqt.webview import WebContent


def register(mw: AnkiQt) -> None:
    """Tell Anki which of its events concern this add-on."""
    from aqt import gui_hooks

    mw.addonManager.setConfigAction(__name__, configure)
    mw.addonManager.setConfigUpdatedAction(__name__, configured)
    mw.addonManager.setWebExports(__name__, r"web/.*\.(css|js)")
    gui_hooks.card_will_show.append(card_will_show)
    gui_hooks.webview_will_set_content.append(page_will_open)
    gui_hooks.webview_did_receive_js_message.append(page_said)
    if settings := mw.form.menuTools.addAction("Attention &heatmaps…"):
        settings.triggered.connect(show_settings)
    gui_hooks.collection_did_load.append(collection_loaded)
    if update := mw.form.menuTools.addAction("Update a &Verideck Deck…"):
        update.triggered.connect(update_deck)


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


@guarded(lambda text, card, kind: text)  # noqa: ARG005  the names are the hook's
def card_will_show(text: str, card: Card, kind: str) -> str:
    """Hear of a side of a card that is about to be shown."""
    from .cards import showing

    if kind not in showing.SIDES:
        return text
    from .cards import windows

    return windows.card_will_show(text, card, kind)


@guarded(lambda content, context: None)  # noqa: ARG005
def page_will_open(content: WebContent, context: object | None) -> None:
    """Hear of a page that may be one which shows cards."""
    if type(context).__name__.endswith(("Reviewer", "Previewer", "CardLayout")):
        from .cards import windows

        windows.add_files(content, context)


@guarded(lambda handled, message, context: handled)  # noqa: ARG005
def page_said(handled: tuple[bool, Any], message: str, context: Any) -> tuple[bool, Any]:
    """Hear what a page says; what is not for us goes on to others."""
    if not message.startswith("attention-heatmaps:"):
        return handled
    from .cards import windows

    windows.received(message, context)
    return (True, None)


@guarded(lambda _collection: None)
def collection_loaded(_collection: object) -> None:
    """Hear that a profile is open: from now on a package may be opened; one that waits comes at once."""
    from aqt import mw

    if mw.pendingImport:
        watch_imports()
    else:
        mw.progress.single_shot(100, watch_imports, False)


@guarded(lambda: None)
def watch_imports() -> None:
    """Offer an update where a package that can update a deck is opened."""
    from .updating import opening

    opening.watch()


@guarded(lambda _checked: None)
def update_deck(_checked: bool) -> None:
    """Answer the entry of the menu Tools."""
    from aqt import mw

    from .updating import opening

    opening.choose(mw)
