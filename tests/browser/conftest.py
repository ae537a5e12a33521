"""A real browser that shows cards as a client of Anki does: system Chromium, offline, one for all tests.

Every side is a page of its own on a host that only exists here; any other request is refused and counted.
"""

from __future__ import annotations

import importlib.util
import mimetypes
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from verideck import building
from verideck.publishing import showing
from verideck.rendering.note_types import STANDARD
from verideck.verifying.provenance import TRUST

if TYPE_CHECKING:
    from verideck.cards import Note

HOST = "http://card.test/"
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
PATIENCE = 600_000  # milliseconds to wait for what must come; nothing here measures time
FLAGS = [
    "--no-sandbox",  # the tests show their own cards alone, and may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STYLES = "".join(f'<link rel="stylesheet" href="_anki/css/{name}.css">' for name in ("webview", "reviewer"))
REVIEWER = """<div id="_mark" hidden></div><div id="_flag" hidden></div><div id="qa" dir="auto"></div>
<script>bridgeCommand = function () {};</script><script src="_anki/js/reviewer.js"></script>"""
SHOW = """([side, classes, back]) => new Promise((shown) => {
  if (back) _showAnswer(side, classes);
  else _showQuestion(side, "", classes);
  _queueAction(shown);
})"""
FORGETTING = """
Object.defineProperty(window, "sessionStorage", {
  get() { throw new DOMException("no storage", "SecurityError"); },
});
"""


def chromium() -> str:
    """Find the system's Chromium; skip where it is missing, but never in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        wanting("no Chromium; on Debian: apt install chromium")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        started.on("context", lambda context: context.set_default_timeout(PATIENCE))
        yield started
        started.close()


def anki_web() -> Path | None:
    """Find the styles and the MathJax of Anki's own reviewer, in the desktop's package."""
    found = importlib.util.find_spec("_aqt")
    return Path(next(iter(found.submodule_search_locations or ())), "data", "web") if found else None


def wanting(message: str) -> NoReturn:
    """Skip what this machine cannot run; in CI it must."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def styled(side: str) -> str:
    """Give a side as Anki hands it to its reviewer."""
    return f"<style>{STANDARD.css}</style>{side}"


def document(body: str, theme: str) -> str:
    """Give a page as a client makes it."""
    night = " nightMode night_mode" if theme == "dark" else ""
    root = ' class="night-mode"' if theme == "dark" else ""
    return (
        f'<!doctype html><html lang="en" dir="ltr"{root}><head><meta charset="utf-8"><title>Card</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'{STYLES if anki_web() else ""}</head><body class="card card1{night}">{body}</body></html>'
    )


@dataclass
class Screen:
    """One client: shows sides of cards, keeps what a client keeps, notes what should not happen."""

    context: BrowserContext
    theme: str
    reviewer: bool
    forgets: bool
    page: Page
    pages: dict[str, str] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)  # console errors, exceptions, requests that leave

    def show(self, side: str) -> Page:
        """Show a side, loaded with its pictures; the same tab throughout, as in a review."""
        if self.forgets:
            self.page.close()
            self.page = self.opened()
        if self.reviewer:
            if self.page.url != f"{HOST}reviewer":
                self.pages = {f"{HOST}reviewer": document(REVIEWER, self.theme)}
                self.page.goto(f"{HOST}reviewer")
            classes = self.page.evaluate("document.body.className")
            self.page.evaluate(SHOW, [styled(side), classes, "verideck back" in side])
        else:
            self.pages = {f"{HOST}side": document(f'<div id="qa">{styled(side)}</div>', self.theme)}
            self.page.goto(f"{HOST}side")
        return self.page

    def review(self, card: showing.Shown) -> tuple[Page, Page]:
        """Show front, then back; gives the page twice, for a test that only wants the back's state."""
        return self.show(card.front), self.show(card.back)

    def opened(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        return page

    def answer(self, route: Route) -> None:
        url = route.request.url
        name = url.removeprefix(HOST)
        if url in self.pages:
            route.fulfill(body=self.pages[url], content_type="text/html; charset=utf-8")
        elif name in self.media:
            route.fulfill(body=self.media[name], content_type=mimetypes.guess_type(name)[0])
        elif name.startswith("_anki/") and (web := anki_web()):
            file = web / name.removeprefix("_anki/")
            route.fulfill(path=file, content_type=mimetypes.guess_type(file)[0] or "font/woff")
        elif name in ("_verideck_user.css", "favicon.ico"):
            route.fulfill(body="", content_type="text/css")
        else:
            self.faults.append(f"a request to {url}")
            route.abort()


@pytest.fixture
def screen(browser: Browser) -> Iterator[Callable[..., Screen]]:
    """Make clients: `screen(theme="dark", width=320, script=False, storage="kept" | "none" | "forgotten")`.

    `none` refuses sessionStorage; `forgotten` shows every side in a tab of its own. With `reviewer`
    Anki's own script puts one side after the other into one page, and sets formulas by its MathJax; else they
    stay TeX.
    """
    made: list[Screen] = []

    def make(
        cards: Cards | None = None,
        *,
        theme: str = "light",
        width: int = 390,
        height: int = 844,
        script: bool = True,
        storage: str = "kept",
        reviewer: bool = False,
        **options: Any,
    ) -> Screen:
        if reviewer and anki_web() is None:
            wanting("no reviewer; Anki's is in the package aqt")
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=script, **options
        )
        if storage == "none":
            context.add_init_script(FORGETTING)
        new = Screen(context, theme, reviewer, storage == "forgotten", context.new_page())
        new.page.close()
        new.page = new.opened()
        new.media = dict(cards.media) if cards else {}
        context.route("**/*", new.answer)
        made.append(new)
        return new

    yield make
    faults = [fault for one in made for fault in one.faults]
    for one in made:
        one.context.close()
    assert not faults


@dataclass(frozen=True)
class Cards:
    """What a source's cards look like: each card that Anki would make, by card id, and the media."""

    notes: tuple[Note, ...]
    shown: tuple[showing.Shown, ...]
    media: dict[str, bytes]


def made(path: Path) -> Cards:
    """Make the cards of a source, or of a whole deck."""
    examined = building.examine([path], now=4_000_000_000, policy=TRUST)
    assert not [problem for problem in examined.problems if problem.severity == "error"]
    notes = tuple(note for note, _ in examined.notes)
    media = {file.name: file.data for note in notes for file in note.media}
    return Cards(notes, tuple(one for note in notes for one in showing.sides(note)), media)


@pytest.fixture
def cards(tmp_path: Path, children_stay: None) -> Callable[[str], Cards]:
    """Make cards of a source's Markdown."""

    def make(markdown: str) -> Cards:
        folder = tmp_path / "cards"
        folder.mkdir(exist_ok=True)
        (folder / "cards.md").write_text(markdown, encoding="utf-8")
        return made(folder)

    return make


@pytest.fixture(scope="session")
def deck() -> Cards:
    """Give the cards of the project's own deck."""
    return made(Path(__file__).parents[2] / "sources")


@pytest.fixture(scope="session")
def showcase() -> Cards:
    """Give the cards of `showcase.md`: each kind, with all that a card can hold."""
    return made(Path(__file__).with_name("showcase.md"))


@dataclass(frozen=True)
class State:
    """A card in one of the states that a learner can bring it into: what is done on its front."""

    kind: str
    card: showing.Shown
    options: tuple[int, ...] = ()
    typed: str = ""
    cells: tuple[int, ...] = ()

    def act(self, page: Page) -> None:
        """Do on the front what the state says; without script its options are only a list."""
        for number in self.options:
            page.locator(f'.options > [data-option="{number}"]').click()
        for number in self.cells:
            page.locator(".cells > span > span").nth(number).click()
        if self.typed:
            page.locator("#typeans").fill(self.typed)


# Card id, number of the card, what is done on its front. An unlisted card of the showcase is shown as it is.
_ACTIONS: dict[str, tuple[str, int, dict[str, Any]]] = {
    "choice-wrong": ("choice", 0, {"options": (1,)}),
    "choice-right": ("choice", 0, {"options": (2,)}),
    "select-all": ("select", 0, {"options": (1, 3)}),
    "predict-open": ("predict", 0, {"cells": (4, 6)}),
    "typed-wrong": ("typed", 0, {"typed": "(2, 54)"}),
    "typed-equal": ("typed", 0, {"typed": "2x5x64"}),
}


@pytest.fixture(scope="session")
def states(showcase: Cards) -> tuple[State, ...]:
    """Give every card of the showcase in every state worth looking at."""
    found, every = [], {}
    for note in showcase.notes:
        card_id = note.fields["ID"].rpartition("/")[2]
        for shown in showing.sides(note):
            every[card_id, shown.ordinal] = shown
            kind = card_id if not shown.ordinal else f"{card_id}-{shown.ordinal + 1}"
            found.append(State(kind, shown))
    for kind, (card_id, ordinal, action) in _ACTIONS.items():
        found.append(State(kind, every[card_id, ordinal], **action))
    return tuple(found)
