"""Everything that Anki calls: the one place where hooks are registered.

Each hook imports what it needs when it is first called, so that the start of Anki waits for this file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .guard import guarded

if TYPE_CHECKING:
    from anki.cards import Card
    from aqt.browser.browser import Browser
    from aqt.editor import Editor
    from aqt.main import AnkiQt
    from aqt.qt import QMenu
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
    gui_hooks.editor_did_init_buttons.append(editor_buttons)
    gui_hooks.editor_did_init.append(editor_opened)
    gui_hooks.webview_did_receive_js_message.append(editor_said)
    gui_hooks.browser_menus_did_init.append(browser_menus)
    gui_hooks.browser_will_show_context_menu.append(browser_context_menu)
    if settings := mw.form.menuTools.addAction("Attention &Heatmaps…"):
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


@guarded(lambda buttons, editor: None)  # noqa: ARG005
def editor_buttons(buttons: list[str], editor: Editor) -> None:
    """Hear of an editor's toolbar that is being set up."""
    from .editor import inserting

    inserting.add_button(buttons, editor)


@guarded(lambda editor: None)  # noqa: ARG005
def editor_opened(editor: Editor) -> None:
    """Hear of an editor whose page is ready, or will be."""
    from .editor import inserting

    inserting.add_script(editor)


@guarded(lambda handled, message, context: handled)  # noqa: ARG005
def editor_said(handled: tuple[bool, Any], message: str, context: Any) -> tuple[bool, Any]:
    """Hear of a double click on a heatmap in a field."""
    if not message.startswith("attention-heatmaps-editor:"):
        return handled
    from .editor import inserting

    inserting.said(message, context)
    return (True, None)


@guarded(lambda browser: None)  # noqa: ARG005
def browser_menus(browser: Browser) -> None:
    """Hear of a browser's menus that are being set up."""
    from .browser import menus

    menus.add_to_notes(browser)


@guarded(lambda browser, menu: None)  # noqa: ARG005
def browser_context_menu(browser: Browser, menu: QMenu) -> None:
    """Hear of a menu over the browser's table that is about to be shown."""
    from .browser import menus

    menus.add_to_context(browser, menu)
