"""A real browser that shows cards as a client of Anki does: system Chromium, offline, one for all tests.

Every side is a page of its own on a host that only exists here; any other request is refused and counted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from verideck import building
from verideck.publishing import showing
from verideck.rendering.note_types import STANDARD

if TYPE_CHECKING:
    from verideck.cards import Note

HOST = "http://card.test/"
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
FLAGS = [
    "--no-sandbox",  # the tests show their own cards alone, and may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FORGETTING = """
Object.defineProperty(window, "sessionStorage", {
  get() { throw new DOMException("no storage", "SecurityError"); },
});
"""


def chromium() -> str:
    """Find the system's Chromium; skip where it is missing, but never in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        message = "no Chromium; on Debian: apt install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


def document(side: str, theme: str) -> str:
    """Give the page in which a client shows a side."""
    night = " nightMode night_mode" if theme == "dark" else ""
    root = ' class="night-mode"' if theme == "dark" else ""
    return (
        f'<!doctype html><html lang="en"{root}><head><meta charset="utf-8"><title>Card</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'</head><body class="card card1{night}">'
        f'<div id="qa"><style>{STANDARD.css}</style>{side}</div></body></html>'
    )


@dataclass
class Screen:
    """One client: shows sides of cards, keeps what a client keeps, notes what should not happen."""

    context: BrowserContext
    theme: str
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
        self.pages = {f"{HOST}side": document(side, self.theme)}
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
            route.fulfill(
                body=self.media[name], content_type="image/svg+xml" if name.endswith("svg") else "image/png"
            )
        elif name in ("_verideck_user.css", "favicon.ico"):
            route.fulfill(body="", content_type="text/css")
        else:
            self.faults.append(f"a request to {url}")
            route.abort()


@pytest.fixture
def screen(browser: Browser) -> Iterator[Callable[..., Screen]]:
    """Make clients: `screen(theme="dark", width=320, script=False, storage="kept" | "none" | "forgotten")`.

    `none` refuses sessionStorage; `forgotten` shows every side in a tab of its own.
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
        **options: Any,
    ) -> Screen:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=script, **options
        )
        if storage == "none":
            context.add_init_script(FORGETTING)
        new = Screen(context, theme, storage == "forgotten", context.new_page())
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


@pytest.fixture
def cards(tmp_path: Path) -> Callable[[str], Cards]:
    """Make cards of a source's Markdown."""

    def make(markdown: str) -> Cards:
        folder = tmp_path / "cards"
        folder.mkdir(exist_ok=True)
        (folder / "cards.md").write_text(markdown, encoding="utf-8")
        examined = building.examine([folder], now=4_000_000_000)
        assert not [problem for problem in examined.problems if problem.severity == "error"]
        notes = tuple(note for note, _ in examined.notes)
        media = {file.name: file.data for note in notes for file in note.media}
        return Cards(notes, tuple(one for note in notes for one in showing.sides(note)), media)

    return make
