"""The gallery in a real browser, from the disk and from a host: cards, search, keys, themes, no script."""

from __future__ import annotations

import importlib.util
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from verideck.publishing import gallery
from verideck.verifying.provenance import TRUST

if TYPE_CHECKING:
    from types import ModuleType

NOW = 4_000_000_000
ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
CARDS = """---
deck: Gallery
level: beginner
---

## Which is even?
<!-- card: #even -->

- [x] `2`
- [ ] `3`

  Odd.

```python check
answer == 1 + 1
```

## Which is odd?
<!-- card: #odd level=expert -->

- [x] `5`
- [ ] `4`
- [ ] `6`

## Half of «n»?
<!-- card: #half typed -->

$«n» / 2$ is

---

`«h»`

```python vary 5
n = [2, 4, 6, 8, 10]
```

```python check
h = n // 2
answer == n / 2
```

## A third of 9?
<!-- card: #third typed -->

---

`3`

## Attention
<!-- card: #clozes -->

{{c1::Weights}} mix {{c2::values}}. A Café.

```python heatmap even
weights = softmax(causal_mask(3))
tokens = ["the", "cat", "sat"]
alt = "Even over its past."
```

## Far away
<!-- card: #far .remote -->

Behind the [hill](https://example.org/hill).
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    (folder / "sources").mkdir()
    (folder / "sources" / "cards.md").write_text(CARDS, encoding="utf-8")
    assert isinstance(gallery.publish([folder / "sources"], folder / "site", now=NOW), gallery.Published)
    return folder / "site"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real deck's gallery."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copytree(ROOT / "sources", folder / "sources")
    made = gallery.publish([folder / "sources"], folder / "site", now=NOW, policy=TRUST)
    assert isinstance(made, gallery.Published)
    return folder / "site"


class Visit:
    """A visitor: whatever is asked of another place than the site, or goes wrong, is noted."""

    def __init__(self, browser: Browser, site: Path, **options: Any) -> None:
        self.root = options.pop("root", site.as_uri() + "/")
        self.faults: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        self.page = self.context.new_page()
        self.page.on("request", self._request)
        self.page.on("requestfailed", self._failed)
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on("console", lambda said: self.faults.append(said.text))

    def _request(self, request: Any) -> None:
        self.asked.append(request.url)
        if not request.url.startswith((self.root, "data:image/")):
            self.faults.append(f"asked {request.url}")

    def _failed(self, request: Any) -> None:
        if not request.url.endswith(".apkg"):  # a download is no page
            self.faults.append(f"failed: {request.url}")

    def open(self, path: str = "decks/gallery.html") -> Page:
        self.page.goto(self.root + path)
        return self.page


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Callable[..., Visit]]:
    made: list[Visit] = []

    def make(folder: Path = site, **options: Any) -> Visit:
        made.append(Visit(browser, folder, **options))
        return made[-1]

    yield make
    faults = [fault for one in made for fault in one.faults]
    for one in made:
        one.context.close()
    assert not faults


@pytest.fixture
def page(visit: Callable[..., Visit]) -> Page:
    return visit().open()


def card(page: Page, name: str) -> Any:
    return page.locator(f'.exhibit[id="{name}"]')


def paper(page: Page) -> int:
    """Give the red of a card's ground."""
    script = "one => +getComputedStyle(one).backgroundColor.match(/\\d+/)"
    return int(page.locator(".exhibit").first.evaluate(script))


def test_a_card_turns_on_its_button_on_a_click_and_on_space(page: Page) -> None:
    far = card(page, "far")
    far.scroll_into_view_if_needed()
    far.get_by_role("button", name="Show answer").click()
    expect(far.get_by_text("Behind the")).to_be_visible()
    expect(far.locator(".side:visible")).to_have_count(1)
    far.get_by_role("button", name="Show question").click()
    expect(far.get_by_text("Behind the")).to_be_hidden()
    far.locator(".heading:visible").click()
    expect(far.get_by_text("Behind the")).to_be_visible()
    far.focus()
    page.keyboard.press("Space")
    expect(far.get_by_text("Behind the")).to_be_hidden()
    assert page.url.endswith("gallery.html")


def test_a_link_a_hint_and_a_selection_turn_nothing(page: Page) -> None:
    far = card(page, "far")
    far.get_by_role("button", name="Show answer").click()
    far.get_by_text("Behind the").evaluate("one => getSelection().selectAllChildren(one)")
    far.get_by_text("Behind the").dispatch_event("click")
    expect(far.get_by_text("Behind the")).to_be_visible()
    page.evaluate("getSelection().removeAllRanges()")
    far.get_by_role("link", name="hill").evaluate(
        "one => one.addEventListener('click', no => no.preventDefault())"
    )
    far.get_by_role("link", name="hill").click()
    expect(far.get_by_text("Behind the")).to_be_visible()
    even = card(page, "even")
    even.locator(".options li").first.click()
    expect(even.get_by_role("button", name="Show answer")).to_be_visible()


def test_choices_are_judged_and_no_card_knows_of_another(page: Page) -> None:
    even, odd = card(page, "even"), card(page, "odd")
    even.locator("[data-option='2']").click()
    odd.locator("[data-option='1']").click()
    expect(even.locator("[aria-checked=true]")).to_have_attribute("data-option", "2")
    expect(odd.locator("[aria-checked=true]")).to_have_attribute("data-option", "1")
    order = odd.locator(".options li").evaluate_all("all => all.map(one => one.dataset.option)")
    even.get_by_role("button", name="Show answer").click()
    odd.get_by_role("button", name="Show answer").click()
    expect(even.locator(".judged .wrong.chosen")).to_have_count(1)
    expect(even.locator(".judged .missed")).to_have_count(1)
    expect(odd.locator(".judged .right.chosen")).to_have_count(1)
    expect(odd.locator(".judged .missed")).to_have_count(0)
    assert odd.locator(".judged li").evaluate_all("all => all.map(one => one.dataset.option)") == order


def test_digits_choose_in_the_card_that_has_the_focus(page: Page) -> None:
    even, odd = card(page, "even"), card(page, "odd")
    odd.scroll_into_view_if_needed()
    odd.focus()
    page.keyboard.press("2")
    second = odd.locator(".options li").nth(1)
    expect(second).to_have_attribute("aria-checked", "true")
    expect(even.locator("[aria-checked=true]")).to_have_count(0)
    page.keyboard.press("Space")
    expect(odd.locator(".judged")).to_be_visible()
    page.keyboard.press("1")  # the front is turned away
    page.keyboard.press("Space")
    expect(second).to_have_attribute("aria-checked", "true")


def test_typed_answers_are_compared_each_with_its_own(page: Page) -> None:
    half, third = card(page, "half"), card(page, "third")
    third.scroll_into_view_if_needed()
    expect(half.get_by_role("textbox", name="Half of")).to_be_visible()
    expect(third.get_by_role("textbox", name="A third of 9?")).to_be_visible()
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    third.get_by_role("textbox").fill("3.0")
    half.get_by_role("textbox").fill("nonsense")
    third.get_by_role("button", name="Show answer").click()
    half.get_by_role("button", name="Show answer").click()
    expect(third.locator("code.typeGood, .typeGood").first).to_have_text("3.0")
    expect(third.locator(".typeBad")).to_have_count(0)
    expect(half.locator(".typeBad").first).to_be_visible()


def test_a_varying_card_is_the_same_on_its_back_another_at_the_next_try_and_its_formulas_are_set(
    page: Page,
) -> None:
    half, seen = card(page, "half"), []
    half.scroll_into_view_if_needed()
    for _ in range(6):
        text = half.locator(".side:visible").inner_text()
        (number,) = set(re.findall(r"Half of (\d+)\?", text))
        expect(half.locator(".side:visible math").first).to_have_text(f"{number}/2")
        half.get_by_role("button", name="Show answer").click()
        expect(half.locator(".side:visible .heading")).to_have_text(f"Half of {number}?")
        expect(half.locator(".side:visible math").first).to_have_text(f"{number}/2")
        expect(half.locator(".side:visible .accepted")).to_contain_text(str(int(number) // 2))
        half.get_by_role("button", name="Try again").click()
        expect(half.get_by_role("button", name="Show answer")).to_be_visible()
        seen.append(number)
    assert all(one != other for one, other in pairwise(seen)), seen


def test_each_cloze_is_a_card_of_its_own(page: Page) -> None:
    one, two = card(page, "clozes"), card(page, "clozes=2")
    expect(one.locator(".side:visible")).to_contain_text("[...] mix values")
    expect(two.locator(".side:visible")).to_contain_text("Weights mix [...]")
    two.get_by_role("button", name="Show answer").click()
    expect(two.locator(".side:visible .cloze")).to_have_text("values")
    expect(one.locator(".side:visible .cloze")).to_have_text("[...]")


def test_a_heatmap_is_drawn_and_its_proof_shown(page: Page) -> None:
    cloze = card(page, "clozes")
    cloze.get_by_role("button", name="Show answer").click()
    page.wait_for_function("[...document.images].every(one => !one.checkVisibility() || one.naturalWidth)")
    assert cloze.locator("img:visible").evaluate("one => one.naturalWidth") > 100
    even = card(page, "even")
    even.get_by_role("button", name="Show answer").click()
    even.get_by_text("How this was checked").click()
    expect(even.locator(".proof")).to_contain_text("answer == 1 + 1")
    expect(even.locator("header .sign")).to_have_text("recomputed")


def test_search_and_filters_find_words_of_both_sides(page: Page) -> None:
    search = page.get_by_role("searchbox")
    search.fill("HILL behind")
    expect(page.locator(".exhibit:visible")).to_have_count(1)
    expect(page.locator(".count")).to_have_text("1 of 7 cards")
    for words in ("cafe.", "values weights"):
        search.fill(words)
        expect(page.locator(".exhibit:visible")).to_have_count(2)
    search.fill("remote")  # a tag
    expect(page.locator(".exhibit:visible")).to_have_count(1)
    search.fill("no such thing")
    expect(page.get_by_text("No card matches.")).to_be_visible()
    search.press("Escape")
    expect(page.locator(".exhibit:visible")).to_have_count(7)
    page.get_by_role("combobox", name="All kinds").select_option("choice")
    expect(page.locator(".exhibit:visible")).to_have_count(2)
    page.get_by_role("combobox", name="All levels").select_option("expert")
    expect(page.locator(".exhibit:visible")).to_have_count(1)
    expect(card(page, "odd")).to_be_visible()


def test_a_link_to_a_card_finds_it_though_it_is_filtered_away(visit: Callable[..., Visit]) -> None:
    page = visit(viewport={"width": 390, "height": 700}).open("decks/gallery.html#far")
    expect(card(page, "far")).to_be_in_viewport()
    expect(card(page, "far")).to_be_focused()
    page.get_by_role("searchbox").fill("even")
    expect(card(page, "clozes=2")).to_be_hidden()
    page.evaluate("location.hash = '#clozes%3D2'")
    expect(card(page, "clozes=2")).to_be_visible()
    expect(card(page, "clozes=2")).to_be_focused()
    page.evaluate("location.hash = '#%E0%A4%A'")  # no card, and no fault


def test_keys_walk_turn_and_search(page: Page) -> None:
    page.keyboard.press("j")
    expect(card(page, "even")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    expect(card(page, "half")).to_be_focused()
    page.keyboard.press("k")
    expect(card(page, "odd")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, "odd").get_by_role("button", name="Show question")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(card(page, "even")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("j k ")
    expect(page.get_by_role("searchbox")).to_have_value("j k ")


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_theme_follows_the_system_until_somebody_chooses(
    system: str, visit: Callable[..., Visit]
) -> None:
    visitor = visit(color_scheme=system)
    page = visitor.open()

    assert (paper(page) < 80) == (system == "dark")
    page.get_by_role("button", name="Dark").click()
    assert (paper(page) < 80) == (system == "light")
    visitor.open()
    assert (paper(page) < 80) == (system == "light")
    page.get_by_role("button", name="Dark").click()
    assert (paper(page) < 80) == (system == "dark")
    page.emulate_media(color_scheme="dark" if system == "light" else "light")  # it follows again
    page.wait_for_function(
        "night => document.documentElement.classList.contains('nightMode') === night", arg=system == "light"
    )


@pytest.mark.parametrize("system", ["light", "dark"])
def test_all_is_readable_without_script(system: str, visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False, color_scheme=system).open()
    assert page.locator(".exhibit").count() == 7
    expect(page.locator(".flip:visible, .tools:visible, .theme:visible")).to_have_count(0)
    answer = card(page, "far").locator("noscript .answer")
    expect(answer).to_be_hidden()
    card(page, "far").locator("noscript .plain > summary").click()
    expect(answer).to_be_visible()
    assert answer.text_content().strip() == "Behind the hill."
    assert (paper(page) < 80) == (system == "dark")
    expect(page.locator("math").first).to_be_visible()


def test_a_host_serves_it_as_well(site: Path, visit: Callable[..., Visit]) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            visitor = visit(root=f"http://127.0.0.1:{server.server_port}/sub/../")
            visitor.root = f"http://127.0.0.1:{server.server_port}/"
            page = visitor.open("index.html")
            page.locator(".deck h3 a").click()
            card(page, "clozes").get_by_role("button", name="Show answer").click()
            page.wait_for_function(
                "[...document.images].every(one => !one.checkVisibility() || one.naturalWidth)"
            )
            visitor.context.close()
        finally:
            server.shutdown()
            thread.join()


def test_the_index_searches_questions_and_offers_the_package(visit: Callable[..., Visit], site: Path) -> None:
    page = visit().open("index.html")
    page.get_by_role("searchbox").fill("which ODD")
    expect(page.locator(".questions li:visible")).to_have_count(1)
    page.locator(".questions li:visible a").click()
    expect(card(page, "odd")).to_be_focused()
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the deck").click()
    path = download.value.path()
    assert path.read_bytes() == next(site.glob("*.apkg")).read_bytes()


def test_on_paper_every_answer_is_open(page: Page) -> None:
    page.get_by_role("combobox", name="All kinds").select_option("recall")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(card(page, "far").get_by_text("Behind the")).to_be_visible()
    expect(page.locator(".tools:visible, .flip:visible, .theme:visible")).to_have_count(0)
    assert page.pdf()[:5] == b"%PDF-"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_pages_fit_and_everybody_can_read_them(
    width: int, theme: str, whole: Path, visit: Callable[..., Visit]
) -> None:
    for name in ("index", "decks/dot"):
        visitor = visit(whole, color_scheme=theme, viewport={"width": width, "height": 900})
        page = visitor.open(f"{name}.html")
        for place in (0, 4) if name != "index" else ():
            page.locator(".exhibit").nth(place).locator(".flip").click()
        page.evaluate("scrollTo(0, 0)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        shot = f"gallery-{name.replace('/', '-')}-{theme}-{width}.png"
        page.screenshot(path=SCREENSHOTS / shot, animations="disabled")
        for one in page.locator(".exhibit").all():  # each is made ready when it comes near
            one.scroll_into_view_if_needed()
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        told = {
            violation["id"]: [node["target"] for node in violation["nodes"]][:3]
            for violation in found.response["violations"]
        }
        assert not told


def test_a_thousand_cards_cost_nothing_until_they_are_near(
    tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "large.md").write_text(benchmark().source(1000), encoding="utf-8")
    assert isinstance(gallery.publish([tmp_path / "sources"], tmp_path / "site", now=NOW), gallery.Published)
    visitor = visit(tmp_path / "site")
    page = visitor.open("decks/large.html")
    page.wait_for_load_state("load")
    expect(page.locator(".exhibit").first.locator("[role=radio]").first).to_be_visible()  # it is ready
    assert page.locator(".exhibit").count() == 1000
    assert page.evaluate("document.querySelectorAll('.exhibits *').length") < 50_000
    laid_out = "one => one.checkVisibility({ contentVisibilityAuto: true })"
    assert page.locator(".exhibit .heading").first.evaluate(laid_out)
    assert not page.locator(".exhibit .heading").nth(900).evaluate(laid_out)
    assert page.locator(".exhibit:has([role=radio])").count() < 20  # what the cards' script has seen
    assert len(visitor.asked) < 20
    page.get_by_role("searchbox").fill("what is a head of width 960")
    expect(page.locator(".exhibit:visible")).to_have_count(1)


def benchmark() -> ModuleType:
    path = ROOT / "tests" / "benchmarks" / "galleries.py"
    spec = importlib.util.spec_from_file_location("galleries", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
