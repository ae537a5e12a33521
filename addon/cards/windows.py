"""The windows that show cards: what their pages load, what these ask, and how they get their answers."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from aqt import mw
from aqt.browser.previewer import Previewer
from aqt.clayout import CardLayout
from aqt.qt import QApplication, QImage
from aqt.reviewer import Reviewer
from aqt.theme import theme_manager

from ..reading import files
from ..settings import current
from . import messages, showing
from .answers import Answers, image
from .sources import Source, Sources

if TYPE_CHECKING:
    from anki.cards import Card
    from aqt.webview import AnkiWebView, WebContent

SCRIPTS = ("maps", "reveal", "toolbar", "asking", "cards")
MOST_RUNNING = 2
MOST_READ_AT_ONCE = 60_000  # bytes of a picture: under 3 ms
MOST_WAITING = 32  # beyond, the oldest question stays without an answer, and its picture as it is

log = logging.getLogger("attention-heatmaps")
_open: WeakSet[Any] = WeakSet()
_sources = Sources()
_waiting: deque[Callable[[], None]] = deque(maxlen=MOST_WAITING)
_running = 0


def _media(name: str) -> bytes:
    return files.picture(_folder(), name)


def _folder() -> Path:
    return Path(mw.col.media.dir()) if mw.col else Path()


_answers = Answers(_media)


def add_files(content: WebContent, context: object | None) -> None:
    """Let a page that shows cards load our script and styles."""
    if isinstance(context, Reviewer | Previewer | CardLayout):
        root = f"/_addons/{mw.addonManager.addonFromModule(__name__)}/web"
        content.css.append(f"{root}/cards.css")
        content.js.extend(f"{root}/{name}.js" for name in SCRIPTS)
        _open.add(context)


def card_will_show(text: str, card: Card, kind: str) -> str:
    """Make a side's heatmaps known before it goes to its page."""
    settings = current.current()
    return showing.shown(text, card, kind, _sources, settings, _at_once, _room)


def _at_once(name: str, view: Mapping[str, Any], source: Source) -> str:
    asked = messages.Draw(0, name, view, dark=theme_manager.night_mode)
    try:
        return image(_answers.of(asked, source, current.current()))
    except ValueError:
        return ""  # the page will ask, and hear why


def _room(source: Source) -> tuple[int, int] | None:
    try:
        if source.file and (_folder() / source.file).stat().st_size > MOST_READ_AT_ONCE:
            return None
        return _answers.room(source, current.current())
    except (ValueError, OSError):
        return None  # the page will ask, and hear why


def received(message: str, context: object) -> None:
    """Answer what a page says: in the background, a few at a time."""
    web, asked = _web(context), messages.read(message)
    if web is None or asked is None:
        return
    if isinstance(asked, messages.Copy):
        _queue(web, asked.number, lambda: QImage.fromData(asked.png), _copied)
        return
    source, settings = _sources.find(asked.name), current.current()
    _queue(web, asked.number, lambda: json.dumps(_drawn(asked, source, settings)), str)


def _drawn(asked: messages.Draw, source: Source | None, settings: Any) -> dict[str, Any]:
    if source is None:
        return {"reason": "this heatmap is not of the card shown"}
    try:
        return _answers.of(asked, source, settings)
    except (ValueError, OSError) as fault:
        return {"reason": str(fault)[:300]}


def _copied(image: QImage) -> str:
    if image.isNull():
        return json.dumps({"reason": "the picture could not be read"})
    clipboard = QApplication.clipboard()
    if clipboard is not None:
        clipboard.setImage(image)
    return json.dumps({"copied": True})


def _queue(web: AnkiWebView, number: int, task: Callable[[], Any], finish: Callable[[Any], str]) -> None:
    """Run a task in the background, then what must happen on the main thread, then answer the page."""

    def done(future: Future[Any]) -> None:
        global _running
        _running -= 1
        _start()
        try:
            answered = finish(future.result())
        except Exception:  # the page keeps what it has
            log.exception("while drawing")
            answered = json.dumps({"reason": "it could not be drawn"})
        _eval(web, f"window.attentionHeatmaps && attentionHeatmaps.take({number}, {answered})")

    _waiting.append(lambda: _run(task, done))
    _start()


def _start() -> None:
    global _running
    while _waiting and _running < MOST_RUNNING:
        _running += 1
        _waiting.popleft()()


def _run(task: Callable[[], Any], done: Callable[[Future[Any]], None]) -> None:
    mw.taskman.run_in_background(task, done, uses_collection=False)


def redraw() -> None:
    """Let all open pages draw their heatmaps anew, as after a change of settings."""
    for context in list(_open):
        if (web := _web(context)) is not None:
            _eval(web, "window.attentionHeatmaps && attentionHeatmaps.again()")


def _web(context: object) -> AnkiWebView | None:
    if isinstance(context, Reviewer):
        return context.web
    if isinstance(context, Previewer):
        return context._web
    return context.preview_web if isinstance(context, CardLayout) else None


def _eval(web: AnkiWebView, code: str) -> None:
    try:
        web.eval(code)
    except RuntimeError:  # its window was closed while we drew
        log.debug("a page has gone")


current.changed.append(redraw)
