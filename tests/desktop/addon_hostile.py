"""Scenarios of a stranger's data: what the add-on makes of it in the real Anki, and what Anki feels of it.

Anki itself runs the scripts of a note; what is asked here is whether one runs *through the add-on*. So what
goes to the page is escaped, as an editor writes it, and only the add-on ever unescapes it.
"""

from __future__ import annotations

import html
import importlib.util
import json
import logging
import random
import re
import sys
import time
from pathlib import Path
from typing import Any

from aqt import gui_hooks

PACKAGE = "attention_heatmaps"
NAME = "attention-0123456789abcdef0123.svg"
DATA_NAME = "verideck-0123456789abcdef0123.svg"
LEAK = "<img src='https://leak.invalid/x.png'><script>fetch('https://leak.invalid/y')</script>"
PLACE = re.compile(r'data-heatmap="(block-[0-9a-f]+)"')


def hostile() -> Any:
    """Load the generator, which stands with the tests of what can be tested without Anki."""
    path = Path(__file__).parents[1] / "addon" / "hostile.py"
    found = importlib.util.spec_from_file_location("hostile", path)
    assert found is not None
    assert found.loader is not None
    module: Any = importlib.util.module_from_spec(found)
    sys.modules["hostile"] = module
    found.loader.exec_module(module)
    module.SCRIPTS = (*module.SCRIPTS, LEAK)
    return module


class Faults(logging.Handler):
    """Keeps what the add-on logs: each fault that it caught, and would rather not have had."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        logging.getLogger("attention-heatmaps").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else ""
        self.said.append(f"{record.getMessage()}: {fault!r}"[:300])


class Calls:
    """Asks from the page's side, and measures how long the main thread is kept."""

    def __init__(self, desktop: Any) -> None:
        self.mw = desktop.mw
        self.longest: list[tuple[float, str]] = []

    def timed(self, what: str, call: Any, *given: Any) -> Any:
        started = time.thread_time()  # of this thread alone: the machine may do much else
        answer = call(*given)
        taken = (time.thread_time() - started) * 1000
        self.longest = sorted([*self.longest, (round(taken, 1), what)], reverse=True)[:8]
        return answer

    def show(self, what: str, text: str, card: Any) -> str:
        return str(self.timed(what, gui_hooks.card_will_show, text, card, "reviewQuestion"))

    def draw(self, what: str, name: str, view: object) -> None:
        said = {"number": 1, "name": name, "view": view, "dark": False}
        message = f"attention-heatmaps:{json.dumps(said)}"
        handled = self.timed(
            what, gui_hooks.webview_did_receive_js_message, (False, None), message, self.mw.reviewer
        )
        assert handled == (True, None)


def registered() -> list[str]:
    """List the add-on's hooks that Anki still calls: it drops one that raises."""
    hooks = (
        gui_hooks.card_will_show,
        gui_hooks.webview_will_set_content,
        gui_hooks.webview_did_receive_js_message,
    )
    return sorted(
        one.__name__ for hook in hooks for one in hook._hooks if one.__module__ == f"{PACKAGE}.hooks"
    )


def drawn(desktop: Any) -> None:
    """Wait until nothing is asked any more."""
    windows = importlib.import_module(f"{PACKAGE}.cards.windows")
    desktop.until(lambda: not windows._waiting and not windows._running, "the last drawing")


def basic(desktop: Any) -> Any:
    """Add a note of an ordinary type; give its card."""
    col = desktop.mw.col
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"] = "[attention]{}[/attention]"
    col.add_note(note, 1)
    return note.cards()[0]


def through_hooks(desktop: Any, count: int) -> dict[str, Any]:
    """Feed everything to the hooks as Anki calls them, and ask for a drawing of what was found."""
    source, faults, calls = hostile(), Faults(), Calls(desktop)
    chance = random.Random(1)  # noqa: S311  nothing secret
    before = registered()
    desktop.ask("heatmap")
    plain, deck = basic(desktop), desktop.mw.reviewer.card
    note = deck.note()
    good = note["Data"]
    media = Path(desktop.mw.col.media.dir())
    seen = {"cases": 0, "refused": 0, "places": 0, "scripts": 0}
    views: tuple[object, ...] = (
        {},
        {"heads": "mean"},
        {"heads": 10**30},
        {"rows": True, "log": True},
        [],
        {"covered": 1},
        "x",
    )
    for case in source.cases(count, seed=6):
        seen["cases"] += 1
        view = chance.choice(views)
        if case.kind == "block":
            given = case.text if case.what == "markup" else escaped(source, case.text)
            text = calls.show(case.what, given, plain)
            seen["refused"] += "attention-heatmaps-note" in text
            seen["scripts"] += case.what != "markup" and bool(re.search(r"<(script|img src=x|svg on)", text))
            names = PLACE.findall(text)
        elif case.kind == "data":
            note["Data"] = case.text
            calls.show(case.what, "<p>", deck)
            names = [DATA_NAME]
        else:
            (media / NAME).write_bytes(case.picture)
            names = [NAME]
        for name in names[:2]:
            seen["places"] += 1
            calls.draw(case.what, name, view)
        if seen["cases"] % 20 == 0:
            drawn(desktop)
    drawn(desktop)
    note["Data"] = good
    (media / NAME).unlink()
    return {**seen, "faults": faults.said, "hooks": (before, registered()), "longest": calls.longest}


def escaped(source: Any, text: str) -> str:
    """Write what is in a block as an editor does."""
    return "".join(
        part if part in (source.OPENING, source.ENDING) else html.escape(part)
        for part in re.split(r"(\[/?attention\])", text)
    )


class Heart:
    """Beats on the main thread; the longest time between two beats is how long Anki stood still."""

    def __init__(self) -> None:
        from PyQt6.QtCore import QTimer

        self.last = time.perf_counter()
        self.gaps: list[float] = []
        self.timer = QTimer()
        self.timer.timeout.connect(self.beat)
        self.timer.start(2)

    def beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self.last) * 1000)
        self.last = now


def watched(desktop: Any) -> tuple[list[str], list[str]]:
    """Keep what pages request of other hosts, and where Python connects to."""
    from aqt.webview import AuthInterceptor

    asked: list[str] = []
    connected: list[str] = []

    class Watching(AuthInterceptor):
        def interceptRequest(self, info: Any) -> None:  # noqa: N802  Qt's name
            url = info.requestUrl()
            if url.scheme() not in ("data", "qrc", "blob") and url.host() not in ("127.0.0.1", "localhost"):
                asked.append(url.toString())
            super().interceptRequest(info)  # type: ignore[no-untyped-call]

    profile = desktop.mw.web.page().profile()
    desktop.watching = Watching(profile)
    profile.setUrlRequestInterceptor(desktop.watching)

    def heard(event: str, given: tuple[Any, ...]) -> None:
        if event == "socket.connect" and given[1][0] not in ("127.0.0.1", "localhost"):
            connected.append(str(given[1]))

    sys.addaudithook(heard)
    return asked, connected


def through_the_reviewer(desktop: Any, count: int) -> dict[str, Any]:
    """Show a sample on real cards; look for scripts that ran, requests that left, time that stood still."""
    source, faults = hostile(), Faults()
    asked, connected = watched(desktop)
    mw = desktop.mw
    media = Path(mw.col.media.dir())
    before = registered()
    desktop.ask("heatmap")
    deck = mw.reviewer.card
    real = re.search(r"verideck-[0-9a-f]{20}\.svg", deck.note()["Data"])
    assert real is not None
    plain = basic(desktop)
    heart = Heart()
    seen = {"cases": 0, "noted": 0, "heatmaps": 0, "hacked": 0}
    gaps: list[tuple[float, str]] = []
    for case in source.cases(count * 3, seed=7):
        if case.what == "markup" or seen["cases"] == count:
            continue
        seen["cases"] += 1
        if case.kind == "data":
            card, field = deck, "Data"
            text = case.text.replace(DATA_NAME, real.group())
            text = text.replace("<", "\\u003c").replace("&", "\\u0026")  # as a deck has it: cards show Data
        elif case.kind == "block":
            card, field, text = plain, "Front", escaped(source, case.text)
        else:
            name = f"attention-{seen['cases']:020x}.svg"
            (media / name).write_bytes(case.picture)
            card, field, text = plain, "Front", f'<img class="attention-heatmap" src="{name}">'
        note = card.note()
        text = text.encode(errors="replace").decode()  # a collection holds no half letters
        note[field] = text.replace("\x1f", "").replace(
            "[sound:", "["
        )  # Anki's own: it would look for a player
        mw.col.update_note(note, skip_undo_entry=True)
        heart.gaps.clear()
        heart.last = time.perf_counter()
        shown(desktop, card, seen["cases"])
        drawn(desktop)
        gaps = sorted([*gaps, (round(max(heart.gaps, default=0.0), 1), case.what)], reverse=True)[:8]
        found = desktop.js(
            "[document.querySelectorAll('.attention-heatmaps-note').length,"
            " document.querySelectorAll('.heatmaps-host').length, window.hacked ? 1 : 0]"
        )
        seen["noted"] += bool(found[0])
        seen["heatmaps"] += bool(found[1])
        seen["hacked"] += found[2]
    heart.timer.stop()
    return {
        **seen,
        "faults": faults.said,
        "hooks": (before, registered()),
        "longest": gaps,
        "asked": asked,
        "connected": connected,
    }


def shown(desktop: Any, card: Any, number: int) -> None:
    """Put a card's front into the reviewer, and wait until its page has it."""
    reviewer = desktop.mw.reviewer
    desktop.js("document.getElementById('qa').dataset.old = 1; 1")
    card.load()
    reviewer.card = card
    card.start_timer()
    reviewer._showQuestion()
    desktop.js(f"document.documentElement.dataset.number = {number}")
    desktop.page("getComputedStyle(document.getElementById('qa')).opacity == 1")
