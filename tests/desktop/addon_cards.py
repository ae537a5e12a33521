"""Scenarios of heatmaps on cards: what a learner sees and does where the add-on draws them anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

HOST = "document.querySelector('#qa .heatmaps-host')"
BUBBLE = "document.querySelector('.heatmaps-bubble.heatmaps-shown')?.textContent || ''"
SAID = "document.querySelector('#qa .heatmaps-status').textContent"
LABEL = "document.activeElement.getAttribute('aria-label') || ''"
WHERE = """(() => {
  const host = %s, area = host.querySelector(".heatmaps-grid").getBoundingClientRect();
  const [left, top, width, height] = host.heatmap.box({ head: %d, row: %d, column: %d });
  return [area.x + area.width * (left + width / 2) / 100, area.y + area.height * (top + height / 2) / 100];
})()"""
BLOCK = (
    '[attention]{"weights": [[0.75, 0.25], [0.5, 0.5]], "tokens": ["the", "cat"], "alt": "Two."}[/attention]'
)


def drawn(desktop: Any, web: Any = None) -> None:
    """Wait until a drawing stands where the static picture was."""
    desktop.page(f"{HOST} && {HOST}.querySelector('.heatmaps-picture').complete", web)


def point(desktop: Any, row: int, column: int, *, head: int = 0, click: bool = False) -> None:
    """Move the mouse to a cell, as the window system would."""
    from PyQt6.QtCore import QPoint, Qt
    from PyQt6.QtTest import QTest

    web = desktop.mw.web
    x, y = desktop.js(WHERE % (HOST, head, row, column))
    zoom = web.zoomFactor()
    place = web.mapTo(desktop.mw, QPoint(round(x * zoom), round(y * zoom)))
    window: Any = desktop.mw.windowHandle()  # its stubs know widgets alone
    QTest.mouseMove(window, place)
    if click:
        click_at: Any = QTest.mouseClick
        click_at(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0), place)


def add(desktop: Any, front: str) -> int:
    """Add a note of Anki's own Basic type; give its card."""
    collection = desktop.mw.col
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"], note["Back"] = front, "back"
    collection.add_note(note, collection.decks.id("Basic"))
    return int(note.cards()[0].id)


def ask(desktop: Any, card: int) -> None:
    """Show the front of a card that has no script of its own."""
    collection = desktop.mw.col
    collection.sched.suspend_cards(list(collection.find_cards("")))
    collection.sched.unsuspend_cards([card])
    collection.decks.select(collection.get_card(card).did)
    desktop.mw.moveToState("review")
    desktop.until(lambda: desktop.mw.reviewer.card and desktop.mw.reviewer.card.id == card, "the card's turn")
    desktop.page("document.querySelector('#qa').textContent && getComputedStyle(qa).opacity == 1")


def reading(desktop: Any, name: str, screenshots: str, theme: str) -> dict[str, Any]:
    """Point at a cell, then walk with the keyboard; grade with Anki's own keys."""
    desktop.ask(name)
    drawn(desktop)
    desktop.grab(Path(screenshots) / f"addon-cards-desktop-{name}-{theme}.png")
    point(desktop, 1, 1)
    seen = {"pointed": desktop.value(BUBBLE)}
    desktop.grab(Path(screenshots) / f"addon-cards-desktop-{name}-{theme}-pointed.png")
    desktop.key("Tab")
    desktop.page("document.activeElement.getAttribute('role') == 'grid'")
    for key in ("Home", "Down", "Down", "Right"):
        before = desktop.js(BUBBLE)
        desktop.key(key)
        if key != "Home":
            desktop.page(f"({BUBBLE}) && ({BUBBLE}) != {before!r}")
    seen["walked"] = desktop.js(BUBBLE)
    desktop.key("Space")
    desktop.until(lambda: desktop.mw.reviewer.state == "answer", "the answer")
    desktop.settled(".verideck.back")
    drawn(desktop)
    desktop.key("3")
    desktop.until(desktop.grades, "the grade")
    return {**seen, "grades": desktop.grades()}


def theming(desktop: Any, name: str) -> dict[str, Any]:
    """Switch the theme while a card is open."""
    from aqt.theme import Theme

    source = f"{HOST}.querySelector('.heatmaps-picture').src"
    plate = 'atob(%s.split(\',\')[1]).match(/rx="10" fill="(#\\w+)"/)[1]'
    desktop.ask(name)
    drawn(desktop)
    before = desktop.js(plate % source)
    desktop.mw.set_theme(Theme.DARK)
    desktop.page(f"{plate % source} != {before!r}")
    return {"before": before, "after": desktop.js(plate % source)}


def tools(desktop: Any, name: str, screenshots: str) -> dict[str, Any]:
    """Go through heads, views, zoom and copy with the keyboard alone."""
    from aqt.qt import QApplication

    desktop.ask(name)
    drawn(desktop)
    heads = f"{HOST}.heatmap.answer.cells.length"
    seen: dict[str, Any] = {"heads": [desktop.js(heads)]}
    desktop.key("Tab")
    desktop.key("Tab")
    desktop.page("document.activeElement.tagName == 'SELECT'")
    desktop.key("Down")
    desktop.page(f"{heads} == 1")
    seen["mean"] = desktop.js(f"{HOST}.heatmap.answer.heads[0]")
    desktop.key("Down")
    desktop.page(f"{HOST}.heatmap.answer.heads[0] != {seen['mean']!r}")
    seen["one"] = desktop.js(f"{HOST}.heatmap.answer.heads[0]")
    for wanted in ("Let each row", "Logarithmic"):
        desktop.key("Tab")
        desktop.page(f"({LABEL}).startsWith('{wanted}')")
    desktop.key("Return")
    desktop.page("document.activeElement.getAttribute('aria-pressed') == 'true'")
    desktop.key("Tab")
    desktop.page(f"({LABEL}).startsWith('Copy')")
    clipboard: Any = QApplication.clipboard()
    clipboard.clear()
    desktop.key("Space")
    desktop.page(f"{SAID} == 'Copied'")
    image = clipboard.image()
    shape = desktop.js(f"(({{width, height}}) => [width, height])({HOST}.heatmap.answer)")
    seen["copied"] = [image.width() / shape[0], image.height() / shape[1]]
    desktop.key("Tab")
    desktop.page(f"({LABEL}).startsWith('Fill')")
    desktop.key("Return")
    desktop.page("document.querySelector('dialog .heatmaps-picture')")
    desktop.grab(Path(screenshots) / f"addon-cards-desktop-{name}-zoom.png")
    desktop.key("Escape")
    desktop.page("!document.querySelector('dialog')")
    seen["state"] = desktop.mw.reviewer.state
    desktop.key("E")  # the button has the focus; Anki's own key for the editor still is Anki's
    import aqt

    desktop.until(lambda: aqt.dialogs._dialogs["EditCurrent"][1], "the editor")
    return seen


def predicting(desktop: Any, name: str) -> dict[str, Any]:
    """Reveal a cell by the keyboard and one by the mouse, go on with Space, find them marked."""
    desktop.ask(name)
    drawn(desktop)
    seen = {"before": desktop.js(SAID)}
    desktop.key("Tab")
    desktop.page("document.activeElement.getAttribute('role') == 'grid'")
    desktop.key("Down")
    desktop.page(f"({BUBBLE}).startsWith('covered')")
    desktop.key("Return")
    desktop.page(f"{SAID} != {seen['before']!r}")
    seen["revealed"] = desktop.js(SAID)
    seen["state"] = desktop.mw.reviewer.state
    point(desktop, 0, 0, click=True)
    desktop.page(f"{SAID} != {seen['revealed']!r}")
    seen["clicked"] = desktop.js(SAID)
    desktop.key("Space")  # that cell is open: Anki's own key again
    desktop.until(lambda: desktop.mw.reviewer.state == "answer", "the answer")
    desktop.settled(".verideck.back")
    drawn(desktop)
    seen["marked"] = desktop.js("document.querySelectorAll('.heatmaps-seen').length")
    return seen


def blocks(desktop: Any, screenshots: str) -> dict[str, Any]:
    """Review a note of Anki's own type: a block, and one that is malformed."""
    good, bad = (
        add(desktop, f"Look: {BLOCK}"),
        add(desktop, "[attention]{&quot;weights&quot;: [[1], []]}[/attention]"),
    )
    ask(desktop, good)
    drawn(desktop)
    point(desktop, 0, 1)
    seen = {"good": desktop.value(BUBBLE)}
    desktop.grab(Path(screenshots) / "addon-cards-desktop-block.png")
    desktop.home()
    ask(desktop, bad)
    desktop.page("document.querySelector('.attention-heatmaps-note')")
    seen["bad"] = desktop.js("document.querySelector('.attention-heatmaps-note').textContent")
    return seen


def windows(desktop: Any, name: str, screenshots: str) -> dict[str, Any]:
    """Look at a card in the browser's previewer and in the window of card templates."""
    import aqt
    from aqt.browser.previewer import BrowserPreviewer
    from aqt.clayout import CardLayout

    card = desktop.cards(name)[0]
    browser = aqt.dialogs.open("Browser", desktop.mw)
    browser.search_for(f"cid:{card}")
    desktop.until(lambda: browser.card and browser.card.id == card, "the browser's card")
    previewer = BrowserPreviewer(browser, desktop.mw, lambda: None)
    previewer.open()
    desktop.until(lambda: previewer._web, "the previewer")
    drawn(desktop, previewer._web)
    previewer._on_next()
    desktop.page("document.querySelector('.verideck.back')", previewer._web)
    drawn(desktop, previewer._web)
    layout = CardLayout(desktop.mw, desktop.mw.col.get_card(card).note())
    drawn(desktop, layout.preview_web)
    count = "document.querySelectorAll('#qa .heatmaps-host').length"
    seen = {"previewer": desktop.js(count, previewer._web), "layout": desktop.js(count, layout.preview_web)}
    for window, called in ((previewer, "previewer"), (layout, "layout")):
        desktop.app.processEvents()
        assert window.grab().save(str(Path(screenshots) / f"addon-cards-desktop-{called}.png"))
        window.close()
    return seen


def settings(desktop: Any, name: str) -> bool:
    """Change the colours while a card is open: its heatmap follows."""
    import importlib

    current = importlib.import_module("attention_heatmaps.settings.current")
    values = importlib.import_module("attention_heatmaps.settings.values")
    desktop.ask(name)
    drawn(desktop)
    source = f"{HOST}.querySelector('.heatmaps-picture').src"
    before = desktop.js(source)
    current.change(values.Settings(colours="magma"))
    desktop.page(f"{source} != {before!r}")
    return True


def waiting(desktop: Any, name: str) -> list[dict[str, Any]]:
    """Tell of a deck's picture, and of one that the editor made, how they wait for their drawings."""
    import importlib

    static = importlib.import_module("attention_heatmaps.drawing.static")
    spec = {"weights": [[[0.75, 0.25]]], "queries": ["a"], "keys": ["b", "c"], "alt": "Two."}
    file, picture = static.picture(spec)
    desktop.mw.col.media.write_data(file, picture)
    waits = """(() => {
      const image = document.querySelector("#qa img.heatmaps-replaced"), look = getComputedStyle(image);
      return { width: image.style.width, waits: look.animationName };
    })()"""
    seen = []
    for show in (lambda: desktop.ask(name), lambda: ask(desktop, add(desktop, static.html(file, spec)))):
        show()
        drawn(desktop)
        width = f"{desktop.js(HOST + '.heatmap.answer.width')}px"
        seen.append({**desktop.js(waits), "drawn": width})
    return seen


def hostile(desktop: Any, name: str) -> int:
    """Let a page say what makes no sense, and too much of it: the card stays as it is, and Anki answers."""
    desktop.ask(name)
    drawn(desktop)
    said = """(() => {
      const say = (text) => pycmd("attention-heatmaps:" + text);
      ["", "{", "[]", "null", "[".repeat(50000), '{"number": -1}', '{"number": 1e999, "name": 1}',
       '{"number": 5, "name": "../../prefs21.db"}', '{"number": 6, "png": "data:image/png;base64,AAAA"}',
      ].forEach(say);
      for (let n = 0; n < 300; n++) say(JSON.stringify({ number: n, name: "x" + n, view: { heads: n } }));
      return 1;
    })()"""
    desktop.js(said)
    desktop.page("window.attentionHeatmaps")
    desktop.mw.reviewer._getTypedAnswer()
    desktop.settled(".verideck.back")
    drawn(desktop)
    return int(desktop.js("document.querySelectorAll('#qa .heatmaps-host').length"))


DRAW = """(() => {
  const started = performance.now();
  const end = (time) => { window.benched = time; };
  const heatmap = attentionHeatmaps.heatmap({
    name: "%s", view: { heads: "all", rows: false, log: %s },
    stands: () => end(performance.now() - started), fails: end,
  });
  window.benched = null;
  heatmap.draw();
  return 1;
})()"""


def timing(desktop: Any, name: str, shapes: list[list[int]], times: int) -> dict[str, dict[str, list[float]]]:
    """Time from a page's question to a decoded picture: of a new heatmap, of another view, of that again."""
    import importlib

    windows = importlib.import_module("attention_heatmaps.cards.windows")
    sources = importlib.import_module("attention_heatmaps.cards.sources")
    desktop.ask(name)
    drawn(desktop)

    def taken(what: str, log: str) -> float:
        desktop.js(DRAW % (what, log))
        desktop.page("window.benched !== null")
        return float(desktop.js("window.benched"))

    seen: dict[str, dict[str, list[float]]] = {}
    for heads, queries, keys in shapes:
        found: dict[str, list[float]] = {"first": [], "next": [], "again": []}
        for number in range(times):
            spec = {
                "weights": [
                    [[(i * 37 + j * 101 + head) % 997 / 997 for j in range(keys)] for i in range(queries)]
                    for head in range(heads)
                ],
                "queries": [f"query{n}" for n in range(queries)],
                "keys": [f"key{n}" for n in range(keys)],
                "alt": "A benchmark.",
            }
            what = f"bench-{heads}-{queries}-{number}"
            windows._sources.keep(what, sources.Source(what, lambda spec=spec: spec))
            found["first"].append(taken(what, "false"))
            found["next"].append(taken(what, "true"))
            desktop.js("attentionHeatmaps.forget()")  # the page's own memory: Python's answers
            found["again"].append(taken(what, "true"))
        seen[f"{heads} x {queries} x {keys}"] = found
    return seen
