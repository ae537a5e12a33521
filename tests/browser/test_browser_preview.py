"""The preview in a real browser: the page follows each save, and only what changed changes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

if TYPE_CHECKING:
    Start = Callable[..., "Preview"]

SHOWCASE = Path(__file__).with_name("showcase.md")
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
HEAD = "---\ndeck: Preview\n---\n"
CARDS = """
## What is a query?
<!-- card: #query level=beginner -->

The vector that asks.

## Which is even?
<!-- card: #even -->

- [x] `[0.5, 0.5]`
- [ ] `[1.0, 0.0]`
- [ ] `[0.9, 0.1]`

```python check
answer == softmax([2, 2])
```

## Which shape?
<!-- card: #shape typed -->

Two rows.

---

`(2, 5)`

## The {{c1::values}} are mixed by {{c2::weights}}.
<!-- card: #mix -->
"""
# Counts what is touched in the list: entries with any change below them, and nodes that came or went.
OBSERVE = """() => {
  window.touched = new Set();
  window.replaced = 0;
  const main = document.getElementById("cards");
  new MutationObserver((records) => {
    for (const record of records) {
      const element = record.target.nodeType === 1 ? record.target : record.target.parentElement;
      const entry = element.closest(".entry");
      if (entry) window.touched.add(entry.dataset.key);
      else window.replaced += record.addedNodes.length + record.removedNodes.length;
    }
  }).observe(main, { subtree: true, childList: true, attributes: true, characterData: true });
}"""
# All verdicts are there, and so are the sides of all cards that are near. A side that has told its height may
# bring other cards near, which is seen a frame later.
STILL = """() => new Promise((done) => {
  const there = (card) => !card.loading && (!card.near || card.live);
  let frames = 0;
  (function look() {
    const cards = Array.from(document.querySelectorAll(".entry"), (entry) => entry.card);
    const told = Array.from(document.querySelectorAll("iframe.side")).every((side) => side.style.height);
    const computed = !document.querySelector('[data-verdict="computing"]');
    frames = told && computed && cards.every(there) ? frames + 1 : 0;
    if (frames > 3) done();
    else requestAnimationFrame(look);
  })();
})"""


class Preview:
    """A running preview of a folder, and a page that shows it."""

    def __init__(self, folder: Path, page: Page, url: str) -> None:
        self.folder, self.page, self.url = folder, page, url
        self.faults: list[str] = []
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        page.on("request", self.asked)

    def asked(self, request: Any) -> None:
        if not request.url.startswith(self.url):
            self.faults.append(f"a request to {request.url}")

    def open(self) -> None:
        self.page.goto(self.url)
        expect(self.page.locator("#cards")).not_to_have_attribute("aria-busy", "true")

    def card(self, key: str) -> Locator:
        return self.page.locator(f'.entry[data-key="{key}"]')

    def side(self, key: str, name: str, pair: int = 0) -> FrameLocator:
        return self.card(key).locator(".pair").nth(pair).frame_locator(f'iframe[name="{name}"]')

    def near(self, key: str) -> None:
        """Bring a card into sight, so that its sides are there."""
        self.card(key).evaluate("card => card.scrollIntoView()")
        expect(self.side(key, "back").locator(".verideck.back")).to_be_attached()

    def observe(self) -> None:
        """Count from now on what is touched; whatever still comes by itself has come before."""
        self.page.evaluate(STILL)
        self.page.evaluate(OBSERVE)

    def save(self, old: str, new: str, name: str = "cards.md") -> None:
        """Put one text in place of another that stands there once."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        self.write(text.replace(old, new), name)

    def write(self, text: str, name: str = "cards.md") -> None:
        """Save as many editors do: write beside, then rename."""
        other = self.folder / f".{name}.new"
        other.write_text(text, encoding="utf-8")
        other.replace(self.folder / name)

    def shown(self) -> list[str]:
        found: list[str] = self.page.locator(".entry:visible").evaluate_all(
            "all => all.map(one => one.dataset.key)"
        )
        return found

    def current(self) -> str:
        key = self.page.locator(".entry[aria-current]").get_attribute("data-key")
        assert key
        return key


@pytest.fixture
def preview(browser: Browser, tmp_path: Path) -> Iterator[Start]:
    """Start a preview of some cards and open its page: `preview(markdown, width=390, theme="dark")`."""
    running = ExitStack()
    started: list[Preview] = []

    def start(
        markdown: str = HEAD + CARDS, *, width: int = 1400, height: int = 900, theme: Any = "light"
    ) -> Preview:
        folder = tmp_path / "deck"
        folder.mkdir(exist_ok=True)
        (folder / "cards.md").write_text(markdown, encoding="utf-8")
        process = running.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "verideck", "preview", "--no-open", str(folder)],
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        )
        running.callback(process.kill)
        assert process.stdout
        url = process.stdout.readline().split()[2]
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
        running.callback(context.close)
        made = Preview(folder, context.new_page(), url)
        started.append(made)
        made.open()
        return made

    with running:
        yield start
    assert not [fault for made in started for fault in made.faults]


@pytest.fixture
def open_page(preview: Start) -> Preview:
    return preview()


def test_every_card_is_shown_with_both_sides_and_its_verdict(open_page: Preview) -> None:
    page = open_page
    assert page.shown() == ["query", "even", "shape", "mix"]
    page.near("query")
    expect(page.side("query", "front").locator(".heading")).to_have_text("What is a query?")
    expect(page.side("query", "back").locator(".answer")).to_have_text("The vector that asks.")
    page.near("mix")
    expect(page.card("mix").locator(".pair")).to_have_count(2)
    expect(page.side("mix", "front", 1).locator(".heading")).to_have_text("The values are mixed by [...].")
    expect(page.card("even").locator("header .sign")).to_have_text("verified")
    page.near("even")
    expect(page.card("even").locator(".panel .claims code").first).to_contain_text("answer == softmax")
    expect(page.card("even").locator("header .place")).to_have_text(f"{page.folder}/cards.md:10")


def test_a_save_changes_the_changed_card_and_nothing_else(open_page: Preview) -> None:
    page = open_page
    for key in ("even", "query"):
        page.near(key)
    page.card("query").click()
    page.page.evaluate("scrollTo(0, 120)")
    frame = page.card("query").locator("iframe").first.element_handle().content_frame()
    assert frame
    frame.evaluate("window.same = true")
    page.observe()
    page.save("The vector that asks.", "The row that asks.")
    expect(page.side("query", "back").locator(".answer")).to_have_text("The row that asks.")
    assert page.page.evaluate("[[...touched], replaced, scrollY]") == [["query"], 0, 120]
    assert frame.evaluate("window.same")  # not even the frame was loaded again
    assert page.current() == "query"


def test_as_many_cards_change_as_were_changed(preview: Start) -> None:
    page = preview(
        HEAD + "".join(f"\n## Number {n}?\n<!-- card: #n{n} -->\n\n{n} it is.\n" for n in range(40))
    )
    page.near("n3")
    page.observe()
    text = (page.folder / "cards.md").read_text(encoding="utf-8")
    for n in (3, 17, 39):
        text = text.replace(f"\n{n} it is.", f"\n{n} it was.")
    page.write(text)
    expect(page.side("n3", "back").locator(".answer")).to_have_text("3 it was.")
    assert page.page.evaluate("[...touched].sort()") == ["n17", "n3", "n39"]
    page.near("n39")
    expect(page.side("n39", "back").locator(".answer")).to_have_text("39 it was.")


def test_lines_above_move_a_card_and_change_its_place_alone(open_page: Preview) -> None:
    page = open_page
    page.near("query")
    page.save("deck: Preview", "deck: Preview\ntags: []")
    expect(page.card("mix").locator("header .place")).to_have_text(f"{page.folder}/cards.md:31")
    assert page.page.evaluate("document.querySelectorAll('.entry').length") == 4


def test_new_cards_come_in_their_place_and_deleted_ones_go(open_page: Preview) -> None:
    page = open_page
    page.near("query")
    page.observe()
    page.save("## Which is even?", "## New?\n<!-- card: #new -->\n\nNew.\n\n## Which is even?")
    expect(page.card("new")).to_be_attached()
    assert page.shown() == ["query", "new", "even", "shape", "mix"]
    expect(page.page.locator(".changed")).to_have_text("Changed: #new")
    assert page.page.evaluate("replaced") == 1
    page.near("new")
    page.save("## New?\n<!-- card: #new -->\n\nNew.\n\n", "")
    expect(page.card("new")).not_to_be_attached()
    (page.folder / "more.md").write_text(
        f"{HEAD}\n## More?\n<!-- card: #more -->\n\nMore.\n", encoding="utf-8"
    )
    expect(page.card("more")).to_be_attached()
    (page.folder / "more.md").unlink()
    expect(page.card("more")).not_to_be_attached()


def test_a_new_check_is_told_to_be_computing_until_its_verdict_comes(open_page: Preview) -> None:
    page = open_page
    expect(page.card("even").locator("header .sign")).to_have_text("verified")
    page.page.evaluate("""() => {
      window.states = [];
      new MutationObserver(() => {
        const now = document.querySelector('[data-key="query"]').dataset.verdict;
        if (window.states.at(-1) !== now) window.states.push(now);
      }).observe(document.querySelector('[data-key="query"]'), { attributes: true });
    }""")
    page.save("The vector that asks.", "2\n\n```python check\nanswer == 1 + 1\n```")
    expect(page.card("query")).to_have_attribute("data-verdict", "verified")
    assert page.page.evaluate("states") == ["computing", "verified"]


def test_a_broken_card_shows_its_problem_and_how_it_last_was(open_page: Preview) -> None:
    page = open_page
    page.near("query")
    page.save("The vector that asks.\n", "")
    expect(page.card("query")).to_have_attribute("data-state", "stale")
    expect(page.side("query", "back").locator(".answer")).to_have_text("The vector that asks.")
    expect(page.card("query").locator(".problems .error")).to_have_count(1)
    button = page.page.locator("#problems")
    expect(button).to_have_text("1 error")
    button.click()
    page.page.locator("#list button").click()
    assert page.current() == "query"
    page.save("#query level=beginner -->\n\n", "#query level=beginner -->\n\nIt asks.\n")
    expect(page.card("query")).to_have_attribute("data-state", "current")
    expect(button).to_be_hidden()


def test_what_is_chosen_on_the_front_shows_on_the_back_at_once(open_page: Preview) -> None:
    page = open_page
    page.near("even")
    wrong = page.side("even", "front").locator('[data-option="2"]')
    wrong.click()
    expect(wrong).to_have_attribute("aria-checked", "true")
    expect(page.side("even", "back").locator('[data-option="2"]')).to_contain_text("your choice")
    order = "all => all.map(one => one.dataset.option)"
    front = page.side("even", "front").locator("[data-option]").evaluate_all(order)
    assert page.side("even", "back").locator("[data-option]").evaluate_all(order) == front
    page.near("shape")
    page.side("shape", "front").locator("#typeans").fill("2x5")
    expect(page.side("shape", "back").locator(".typed")).to_contain_text("equal in value")


def test_another_review_draws_another_variant(preview: Start) -> None:
    page = preview(
        HEAD + "\n## What is «n» + 1?\n<!-- card: #sum typed -->\n\n---\n\n`«m»`\n\n---\n\nWith $«n»$.\n"
        "\n```python vary 3\nn = [1, 2, 3]\n```\n\n```python check\nm = n + 1\nanswer == m\n```\n"
    )
    expect(page.card("sum")).to_have_attribute("data-verdict", "verified")
    page.near("sum")
    heading = page.side("sum", "front").locator(".heading")
    before = heading.text_content() or ""
    page.card("sum").click()
    page.page.keyboard.press("r")
    expect(heading).not_to_have_text(before)
    number = (heading.text_content() or "").split()[2]
    expect(page.side("sum", "back").locator(".why math")).to_have_text(number)


def test_the_keys_walk_search_and_turn(open_page: Preview) -> None:
    page, keys = open_page, open_page.page.keyboard
    keys.press("j")
    assert page.current() == "query"
    keys.press("j")
    keys.press("ArrowRight")
    assert page.current() == "shape"
    keys.press("k")
    assert page.current() == "even"
    back = page.card("even").locator('iframe[name="back"]')
    expect(back).to_be_visible()
    keys.press("Space")
    expect(back).to_be_hidden()
    keys.press("Space")
    expect(back).to_be_visible()
    keys.press("/")
    keys.type("mixed by")
    assert page.shown() == ["mix"]
    expect(page.page.locator(".count")).to_have_text("1 of 4 cards")
    keys.press("Escape")
    assert len(page.shown()) == 4
    keys.press("?")
    expect(page.page.locator("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.page.locator("dialog")).to_be_hidden()


def test_the_keys_work_from_within_a_card(open_page: Preview) -> None:
    page, keys = open_page, open_page.page.keyboard
    page.near("query")
    page.side("query", "front").locator(".heading").click()
    expect(page.card("query")).to_have_attribute("aria-current", "true")
    keys.press("j")
    expect(page.card("even")).to_have_attribute("aria-current", "true")
    page.near("even")
    page.side("even", "front").locator(".heading").click()
    keys.press("1")
    expect(page.side("even", "front").locator("[aria-checked=true]")).to_have_count(1)
    page.near("shape")
    page.side("shape", "front").locator("#typeans").press_sequentially("jd/")
    expect(page.side("shape", "front").locator("#typeans")).to_have_value("jd/")
    expect(page.card("shape")).to_have_attribute("aria-current", "true")


def test_filters_stay_through_a_save(open_page: Preview) -> None:
    page = open_page
    page.page.select_option("#kind", "recall")
    assert page.shown() == ["query"]
    page.save("## Which shape?", "## Which shape is it?")
    expect(page.card("shape")).to_have_attribute("aria-label", "Which shape is it?")
    assert page.shown() == ["query"]
    page.page.select_option("#kind", "")
    for name, value, keys in (
        ("level", "beginner", ["query"]),
        ("verdict", "unchecked", ["query", "shape", "mix"]),
        ("deck", "Preview", ["query", "even", "shape", "mix"]),
    ):
        page.page.select_option(f"#{name}", value)
        assert page.shown() == keys
        page.page.select_option(f"#{name}", "")


def test_theme_and_phone_width_reach_the_cards(open_page: Preview) -> None:
    page, keys = open_page, open_page.page.keyboard
    page.near("query")
    body = page.side("query", "front").locator("body")
    expect(body).not_to_have_class("card card1 nightMode night_mode")
    keys.press("d")
    expect(body).to_have_class("card card1 nightMode night_mode")
    keys.press("p")
    expect(page.card("query").locator("iframe").first).to_have_css("width", "392px")
    assert page.side("query", "front").locator("html").evaluate("root => root.clientWidth") == 390
    page.open()
    expect(page.page.locator("html")).to_have_class("night phone both")


def test_a_card_cannot_reach_the_page(open_page: Preview) -> None:
    page = open_page
    page.near("query")
    frame = page.card("query").locator("iframe").first.element_handle().content_frame()
    assert frame
    assert frame.evaluate("window.origin") == "null"
    assert frame.evaluate("(() => { try { return !!parent.document } catch { return false } })()") is False
    ran = """() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      return window.ran === true;
    }"""
    assert frame.evaluate(ran) is False
    page.faults.clear()  # the browser has said that it refused


def test_the_end_of_the_preview_is_said(open_page: Preview, preview: Start) -> None:
    page = open_page
    page.page.route("**/events", lambda route: route.abort())
    page.page.reload()
    expect(page.page.locator("#notice")).to_contain_text("The preview has ended")
    page.faults.clear()  # the request that was aborted


@pytest.mark.parametrize(("width", "height"), [(1400, 1000), (390, 844)])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_by_everybody(theme: str, width: int, height: int, preview: Start) -> None:
    page = preview(SHOWCASE.read_text(encoding="utf-8"), width=width, height=height, theme=theme)
    page.save(
        "## Which shape comes out?\n<!-- card: #typed typed",
        "## Which shape comes out?\n<!-- card: #typed typd",
    )
    expect(page.page.locator("#problems")).to_be_visible()
    page.page.locator("#problems").click()
    expect(page.page.locator('[data-verdict="computing"]')).to_have_count(0)
    page.near("typed")
    page.page.evaluate("scrollTo(0, 0)")
    page.near("recall")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.page.screenshot(path=SCREENSHOTS / f"preview-{theme}-{width}.png")
    found = Axe().run(
        page.page,
        options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "iframes": False},
    )
    assert not found.response["violations"], found.generate_report()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width
