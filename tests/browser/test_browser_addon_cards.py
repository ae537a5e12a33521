"""The add-on's part of a page that shows cards: Chromium, its own Python, a real collection."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from addon.cards import answers, messages, showing, sources
from addon.drawing import static
from addon.settings.values import Settings
from verideck import building

if TYPE_CHECKING:
    from anki.cards import Card
    from anki.models import NotetypeDict
    from playwright.sync_api import Locator, Page

    Screen = Any  # the classes of conftest.py

WEB = Path(answers.__file__).parents[1] / "web"
SCRIPTS = ("maps", "reveal", "toolbar", "asking", "cards")
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
BRIDGE = """window.asked = []; window.pycmd = (message) => {
  asked.push(message);
  pythonAnswers(message).then((found) => found && attentionHeatmaps.take(found[0], found[1]));
};"""
HOST, BUBBLE = ".heatmaps-host", ".heatmaps-bubble"
WEIGHTS = [[0.75, 0.25, 0], [0.1, 0.5, 0.4], [0.2, 0.2, 0.6]]
TOKENS = ["the", "cat", "sat"]
SOURCE = """---
deck: Heatmaps
---

## Which row is even?
<!-- card: #plain -->

```python heatmap causal
weights = [[1, 0, 0], [0.25, 0.75, 0], [0.0004, 0.4996, 0.5]]
mask = causal_mask(3)
tokens = ["the", "cat", "sat"]
alt = "The second row is strongest on itself."
```

---

None.

## Where does "cat" look most?
<!-- card: #predict -->

```python heatmap guessed predict
weights = [[0.7, 0.2, 0.1], [0.25, 0.75, 0], [0.5, 0.3, 0.2]]
tokens = ["the", "cat", "sat"]
alt = "The second row is strongest on itself."
```

---

At itself.

## Which keys does a large map show?
<!-- card: #large -->

```python heatmap large
weights = softmax(identity(128) * 9)
tokens = ["t"] * 128
alt = "Each row is strong on the diagonal."
```

---

Its own.

## Which key does the first query like?
<!-- card: #varying -->

```python heatmap varying
weights = [[«a», «b»]]
queries = ["query"]
keys = ["one", "two"]
alt = "The larger weight is «b»."
```

---

The second, with «b».

```python vary 2
a = [0.25, 0.1]
b = 1 - a
where(b > a)
```
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("heatmaps")
    (folder / "cards").mkdir()
    (folder / "cards" / "cards.md").write_text(SOURCE, encoding="utf-8")
    built = building.build([folder / "cards"], folder, now=1_790_000_000)
    assert isinstance(built, building.Built), built
    return built.package


@pytest.fixture
def collection(tmp_path: Path, package: Path) -> Iterator[Collection]:
    made = Collection(str(tmp_path / "collection.anki2"))
    request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
    made.import_anki_package(request)
    made.models._clear_cache()
    yield made
    made.close()


class Anki:
    """A window of Anki: shows cards of a collection in a page, and answers what the page asks."""

    def __init__(self, collection: Collection, screen: Screen, settings: Settings) -> None:
        self.collection, self.screen, self.settings = collection, screen, settings
        self.sources = sources.Sources()
        self.answers = answers.Answers(lambda name: (Path(collection.media.dir()) / name).read_bytes())
        self.silent = False
        self.copied: list[bytes] = []
        for file in Path(collection.media.dir()).iterdir():
            screen.media[file.name] = file.read_bytes()
        screen.context.expose_function("pythonAnswers", self.answer)
        screen.context.add_init_script(BRIDGE)
        self.page: Page = screen.show("<p>before</p>")
        self.page.add_style_tag(content=(WEB / "cards.css").read_text(encoding="utf-8"))
        for name in SCRIPTS:
            self.page.add_script_tag(content=(WEB / f"{name}.js").read_text(encoding="utf-8"))

    def answer(self, message: str) -> Any:
        asked = messages.read(message)
        if self.silent or asked is None:
            return None
        if isinstance(asked, messages.Copy):
            self.copied.append(asked.png)
            return [asked.number, {"copied": True}]
        source = self.sources.find(asked.name)
        if source is None:
            return [asked.number, {"reason": "this heatmap is not of the card shown"}]
        try:
            return [asked.number, json.loads(json.dumps(self.answers.of(asked, source, self.settings)))]
        except (ValueError, OSError) as fault:
            return [asked.number, {"reason": str(fault)}]

    def card(self, name: str) -> Card:
        return self.collection.get_card(self.collection.find_cards(f'"ID:*/{name}"')[0])

    def show(self, card: Card, kind: str = "reviewQuestion") -> Page:
        html = card.question() if kind.endswith("Question") else card.answer()
        self.screen.show(showing.shown(html, card, kind, self.sources, self.settings, room=self.room))
        return self.page

    def room(self, source: sources.Source) -> tuple[int, int] | None:
        try:
            return self.answers.room(source, self.settings)
        except ValueError:
            return None

    def basic(self, front: str, back: str = "back") -> Card:
        notetype: NotetypeDict | None = self.collection.models.by_name("Basic")
        assert notetype
        note = self.collection.new_note(notetype)
        note["Front"], note["Back"] = front, back
        self.collection.add_note(note, self.collection.decks.id("Basic"))  # type: ignore[arg-type]
        return note.cards()[0]

    def block(self, front: str | None = None, **extra: Any) -> Page:
        spec = {"weights": WEIGHTS, "tokens": TOKENS, "alt": "Three words.", **extra}
        return self.show(self.basic(front or f"[attention]{json.dumps(spec)}[/attention]"))


@pytest.fixture
def anki(collection: Collection, screen: Callable[..., Screen]) -> Callable[..., Anki]:
    def make(settings: Settings | None = None, **options: Any) -> Anki:
        client = screen(reviewer=True, **{"width": 700, "height": 800, **options})
        return Anki(collection, client, settings or Settings())

    return make


def drawn(page: Page, count: int = 1) -> Locator:
    """Wait for drawings to stand."""
    expect(page.locator(f"#qa {HOST}")).to_have_count(count)
    return page.locator(f"#qa {HOST}").first


WHERE = """(host, place) => {
  const area = host.querySelector(".heatmaps-grid").getBoundingClientRect();
  const [left, top, width, height] = host.heatmap.box(place);
  return [area.x + area.width * (left + width / 2) / 100, area.y + area.height * (top + height / 2) / 100];
}"""


def point(page: Page, host: Locator, row: int, column: int, head: int = 0) -> None:
    """Move the mouse onto a cell, which the grid that Python gave tells."""
    page.mouse.move(*host.evaluate(WHERE, {"head": head, "row": row, "column": column}))


def test_a_verideck_card_is_drawn_anew_from_its_data(anki: Callable[..., Anki]) -> None:
    window = anki()
    page = window.show(window.card("plain"))
    host = drawn(page)
    expect(host.get_by_role("img", name="The second row is strongest on itself.")).to_be_visible()
    expect(page.locator("img.heatmap")).to_be_hidden()
    point(page, host, 1, 1)
    expect(host.locator(BUBBLE)).to_have_text("0.75cat → cat")
    point(page, host, 2, 0)
    expect(host.locator(BUBBLE)).to_have_text("0.0004sat → the")
    point(page, host, 0, 2)
    expect(host.locator(BUBBLE)).to_have_text("maskedthe → sat")
    page.mouse.move(2, 2)
    expect(host.locator(BUBBLE)).to_be_hidden()


@pytest.mark.parametrize("size", [330, 200, 600])
@pytest.mark.parametrize("name", ["plain", "predict"])
@pytest.mark.parametrize("kind", ["reviewQuestion", "reviewAnswer"])
def test_nothing_moves_when_the_drawing_comes(
    kind: str, name: str, size: int, anki: Callable[..., Anki]
) -> None:
    window = anki(Settings(size=size))
    window.silent = True
    page = window.show(window.card(name), kind)
    page.evaluate("document.getElementById('qa').append(document.createElement('hr'))")
    page.evaluate("document.querySelector('#qa > hr').style.margin = 0")  # the pictures' own margins count
    below = "document.querySelector('#qa > hr').getBoundingClientRect().y"
    static, picture = page.evaluate(below), page.locator("img.heatmap:visible").first.bounding_box()
    window.silent = False
    page.evaluate("attentionHeatmaps.again()")
    host = drawn(page)
    assert page.evaluate(below) == static
    box = host.locator(".heatmaps-stage").bounding_box()
    assert box
    assert picture
    assert (box["x"], box["y"], box["width"]) == (picture["x"], picture["y"], picture["width"])


def test_nothing_moves_when_a_large_block_is_drawn(anki: Callable[..., Anki]) -> None:
    window = anki()
    window.silent = True
    page = window.block(weights=[[1 / 30] * 30] * 30, tokens=[f"word{n}" for n in range(30)])
    page.evaluate("document.getElementById('qa').append(document.createElement('hr'))")
    below = "document.querySelector('#qa > hr').getBoundingClientRect().y"
    empty = page.evaluate(below)
    window.silent = False
    page.evaluate("attentionHeatmaps.again()")
    drawn(page)
    assert page.evaluate(below) == empty


def test_a_picture_of_the_editor_is_drawn_anew_from_what_it_carries(anki: Callable[..., Anki]) -> None:
    window = anki()
    spec = {"weights": [WEIGHTS], "queries": TOKENS, "keys": TOKENS, "alt": "Carried along."}
    name, data = static.picture(spec)
    (Path(window.collection.media.dir()) / name).write_bytes(data)
    window.screen.media[name] = data
    page = window.show(window.basic("above " + static.html(name, spec)))
    host = drawn(page)
    expect(host.get_by_role("img", name="Carried along.")).to_be_visible()
    expect(page.locator("img.attention-heatmap")).to_be_hidden()
    point(page, host, 2, 1)
    expect(host.locator(BUBBLE)).to_have_text("0.2sat → cat")


def test_a_picture_that_has_gone_stays_as_it_is(anki: Callable[..., Anki]) -> None:
    window = anki()
    name = "attention-0123456789abcdef0123.svg"
    window.screen.media[name] = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    page = window.show(window.basic(f'<img class="attention-heatmap" src="{name}">'))
    page.wait_for_function("asked.length == 1")
    page.evaluate("attentionHeatmaps.again()")
    page.wait_for_function("asked.length == 2")
    expect(page.locator("img.attention-heatmap")).to_be_visible()
    expect(page.locator(HOST)).to_have_count(0)


def test_the_static_picture_stays_where_python_does_not_answer_or_fails(anki: Callable[..., Anki]) -> None:
    window = anki()
    window.silent = True
    page = window.show(window.card("plain"))
    expect(page.locator("img.heatmap")).to_be_visible()
    window.silent = False
    window.sources.keep(window.card("plain").note()["Data"], sources.Source("x"))
    page.evaluate("attentionHeatmaps.take(1, {reason: 'no'}); attentionHeatmaps.take(99, {})")
    expect(page.locator("img.heatmap")).to_be_visible()
    expect(page.locator(HOST)).to_have_count(0)


@pytest.mark.parametrize(
    ("theme", "colours", "awaited"),
    [("light", "indigo", "visible"), ("dark", "indigo", "hidden"), ("light", "magma", "hidden")],
)
def test_a_static_picture_in_other_colours_does_not_flash(
    theme: str, colours: str, awaited: str, anki: Callable[..., Anki]
) -> None:
    window = anki(Settings(colours=colours), theme=theme)
    window.silent = True
    page = window.show(window.card("plain"))
    look = "getComputedStyle(document.querySelector('img.heatmap')).visibility"
    page.wait_for_function("asked.length == 1")
    page.evaluate("document.getAnimations().forEach((one) => { one.pause(); one.currentTime = 0; })")
    assert page.evaluate(look) == awaited
    page.evaluate("document.getAnimations().forEach((one) => one.finish())")  # nothing came in time
    assert page.evaluate(look) == "visible"


def test_a_picture_that_is_not_drawn_is_shown_at_once(anki: Callable[..., Anki]) -> None:
    window = anki(Settings(size=600), theme="dark")
    name = "attention-0123456789abcdef0123.svg"
    window.screen.media[name] = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    (Path(window.collection.media.dir()) / name).write_bytes(window.screen.media[name])
    page = window.show(
        window.basic(f'<img class="attention-heatmap" src="{name}"><img class="heatmap" src="{name}#x">')
    )
    expect(page.locator(".heatmaps-stays")).to_have_count(2)
    assert page.evaluate("document.getAnimations().length") == 0
    assert not page.locator(".heatmaps-stays").first.evaluate("(image) => image.style.width")


def test_the_keyboard_walks_from_cell_to_cell(anki: Callable[..., Anki]) -> None:
    page = anki().block()
    host = drawn(page)
    page.keyboard.press("Tab")
    grid = host.get_by_role("grid")
    expect(grid).to_be_focused()
    expect(host.locator(BUBBLE)).to_have_text("0.75the → the")
    for key in ("ArrowLeft", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(host.locator(BUBBLE)).to_have_text("0.2sat → cat")
    expect(host.get_by_role("gridcell")).to_have_text("sat → cat: 0.2")
    assert grid.get_attribute("aria-activedescendant") == host.get_by_role("gridcell").get_attribute("id")
    page.keyboard.press("End")
    expect(host.locator(BUBBLE)).to_have_text("0.6sat → sat")
    page.keyboard.press("Control+Home")
    expect(host.locator(BUBBLE)).to_have_text("0.75the → the")
    page.keyboard.press("Tab")
    expect(host.locator(BUBBLE)).to_be_hidden()


def test_other_keys_go_on_to_anki(anki: Callable[..., Anki]) -> None:
    page = anki().block()
    drawn(page)
    page.evaluate("document.addEventListener('keydown', event => document.title += event.key + ',')")
    page.evaluate("document.title = ''")
    page.keyboard.press("Tab")
    for key in ("ArrowDown", "1", "4", "Space", "Enter", "e", "z"):
        page.keyboard.press(key)
    assert page.title() == "Tab,1,4, ,Enter,e,z,".replace(", ,", ", ,")


def test_the_bubble_never_leaves_the_window(anki: Callable[..., Anki]) -> None:
    page = anki(width=320, height=500).block(tokens=["a rather long token"] * 3)
    host = drawn(page)
    for row in range(3):
        for column in range(3):
            point(page, host, row, column)
            box = host.locator(BUBBLE).bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["y"] >= 0
            assert box["x"] + box["width"] <= 320
            assert box["y"] + box["height"] <= 500


HEADS = [[[1, 0], [0.1, 0.9]], [[1, 0], [0.8, 0.2]], [[0.5, 0.5], [0.4, 0.6]]]


def test_heads_one_by_one_side_by_side_and_averaged(anki: Callable[..., Anki]) -> None:
    page = anki().block(weights=HEADS, tokens=["a", "b"], head_names=["itself", "before", "even"])
    host = drawn(page)
    heads = host.get_by_role("combobox", name="Heads")
    assert heads.locator("option").all_inner_texts() == [
        "All 3 heads", "Mean of 3 heads", "itself", "before", "even",
    ]  # fmt: skip
    point(page, host, 1, 0, head=1)
    expect(host.locator(BUBBLE)).to_have_text("0.8b → abefore")
    assert host.locator(".heatmaps-twin").count() == 2
    wide = host.locator(".heatmaps-picture").bounding_box()
    heads.select_option("mean")
    expect(host.locator(".heatmaps-picture")).to_have_count(1)
    page.wait_for_function("document.querySelector('.heatmaps-host').heatmap.answer.cells.length == 1")
    point(page, host, 1, 0)
    expect(host.locator(f"{BUBBLE} b")).to_have_text("0.433333333")
    heads.select_option("before")
    page.wait_for_function("document.querySelector('.heatmaps-host').heatmap.answer.cells[0][1][0] == 0.8")
    assert host.locator(".heatmaps-picture").bounding_box() != wide


def test_rows_are_normalised_and_what_makes_no_sense_says_why(anki: Callable[..., Anki]) -> None:
    window = anki()
    page = window.block(weights=[[2, 6], [1, 1]], tokens=["a", "b"])
    host = drawn(page)
    rows, log = (host.get_by_role("button", name=name) for name in ("Let each row", "Logarithmic"))
    host.hover()
    rows.click()
    expect(rows).to_have_attribute("aria-pressed", "true")
    point(page, host, 0, 1)
    expect(host.locator(f"{BUBBLE} b")).to_have_text("0.75")
    log.click()
    expect(log).to_have_attribute("aria-pressed", "true")
    page = window.block(weights=[[-2, 6], [1, 1]], tokens=["a", "b"])
    host = drawn(page)
    for button, why in ((rows, "negative values"), (log, "not negative")):
        expect(button).to_have_attribute("aria-disabled", "true")
        assert why in (button.get_attribute("title") or "")
        button.click(force=True)
        expect(button).to_have_attribute("aria-pressed", "false")


def test_the_theme_is_followed_while_a_card_is_open(anki: Callable[..., Anki]) -> None:
    page = anki().block()
    host = drawn(page)
    light = host.locator(".heatmaps-picture").get_attribute("src")
    page.evaluate(
        "document.documentElement.classList.add('night-mode');"
        "document.body.classList.add('nightMode', 'night_mode')"
    )
    page.wait_for_function("src => document.querySelector('.heatmaps-picture').src != src", arg=light)
    expect(host.locator(".heatmaps-picture")).to_have_count(1)
    page.evaluate(
        "document.documentElement.classList.remove('night-mode');"
        "document.body.classList.remove('nightMode', 'night_mode')"
    )
    page.wait_for_function("src => document.querySelector('.heatmaps-picture').src == src", arg=light)


def test_zoom_fills_the_window_and_esc_comes_back(anki: Callable[..., Anki]) -> None:
    window = anki()
    page = window.block()
    host = drawn(page)
    small = host.locator(".heatmaps-picture").bounding_box()
    host.hover()
    host.get_by_role("button", name="Fill the window").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".heatmaps-picture")).to_be_visible()
    large = dialog.locator(".heatmaps-picture").bounding_box()
    assert large
    assert small
    assert large["width"] > 1.5 * small["width"]
    assert large["x"] >= 0
    assert large["y"] + large["height"] <= 800
    page.evaluate("document.addEventListener('keydown', event => document.title = 'heard ' + event.key)")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.title() != "heard Escape"  # Anki would close its window
    host.hover()
    host.get_by_role("button", name="Fill the window").click()
    expect(dialog.locator(".heatmaps-picture")).to_be_visible()
    window.show(window.card("plain"))
    expect(dialog).to_have_count(0)  # it does not outlive its card


def test_a_copy_is_a_png_of_twice_the_size(anki: Callable[..., Anki]) -> None:
    window = anki()
    page = window.block()
    host = drawn(page)
    host.hover()
    host.get_by_role("button", name="Copy").click()
    expect(host.get_by_role("status")).to_have_text("Copied")
    (png,) = window.copied
    width, height = struct.unpack(">16x2I", png[:24])
    shown = page.evaluate(
        "(({width, height}) => [width, height])(document.querySelector('.heatmaps-host').heatmap.answer)"
    )
    assert [width, height] == [2 * side for side in shown]
    assert len(colours(png)) > 5


def colours(png: bytes) -> set[bytes]:
    """Give different stretches of a picture's bytes: one that is blank has few."""
    parts, begin = b"", 8
    while begin < len(png):
        (length,) = struct.unpack(">I", png[begin : begin + 4])
        if png[begin + 4 : begin + 8] == b"IDAT":
            parts += png[begin + 8 : begin + 8 + length]
        begin += length + 12
    pixels = io.BytesIO(zlib.decompress(parts))
    return {pixels.read(64) for _ in range(2000)}


@pytest.mark.parametrize(("mode", "shown"), [("cell", 1), ("row", 3), ("all", 9)])
def test_a_covered_map_reveals_as_the_settings_say(mode: str, shown: int, anki: Callable[..., Anki]) -> None:
    window = anki(Settings(reveal=mode))
    card = window.card("predict")
    page = window.show(card)
    host = drawn(page)
    expect(host.get_by_role("status")).to_have_text("Predict first, then tap a cell to see it.")
    expect(host.get_by_role("img")).to_have_accessible_name("A heatmap whose values are still covered.")
    point(page, host, 1, 1)
    expect(host.locator(f"{BUBBLE} b")).to_have_text("covered")
    page.mouse.down()
    page.mouse.up()
    expect(host.locator(f"{BUBBLE} b")).to_have_text("0.75")
    if mode == "all":
        expect(host.get_by_role("img")).to_have_accessible_name("The second row is strongest on itself.")
    else:
        expect(host.get_by_role("status")).to_have_text("cat → cat: 0.75")
        point(page, host, 0, 1)
        expect(host.locator(f"{BUBBLE} b")).to_have_text("covered")
    window.show(card)  # drawn again, as after an edit
    host = drawn(page)
    point(page, host, 1, 1)
    expect(host.locator(f"{BUBBLE} b")).to_have_text("0.75")
    window.show(card, "reviewAnswer")
    host = drawn(page)
    expect(host.get_by_role("img")).to_have_accessible_name("The second row is strongest on itself.")
    expect(host.locator(".heatmaps-seen")).to_have_count(0 if mode == "all" else shown)
    window.show(card)  # the next review
    expect(page.locator(".heatmaps-covered")).to_have_count(1)
    point(page, drawn(page), 1, 1)
    expect(page.locator(f"{BUBBLE} b")).to_have_text("covered")


def test_nothing_is_covered_where_the_settings_say_never(anki: Callable[..., Anki]) -> None:
    window = anki(Settings(reveal="never"))
    page = window.show(window.card("predict"))
    expect(drawn(page).get_by_role("img")).to_have_accessible_name("The second row is strongest on itself.")


def test_a_covered_map_tells_nothing_of_its_cells_beforehand(anki: Callable[..., Anki]) -> None:
    window = anki()
    page = window.block(reveal=True, alt="The answer is 0.75.")
    host = drawn(page)
    expect(host.locator(".heatmaps-cover")).to_be_visible()
    assert "0.75" not in page.locator("body").aria_snapshot()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(host.get_by_role("status")).to_have_text("the → the: 0.75")
    host.hover()
    host.get_by_role("button", name="Show all cells").click()
    expect(host.get_by_role("img")).to_have_accessible_name("The answer is 0.75.")
    expect(host.get_by_role("button", name="Copy")).to_have_count(1)


def test_a_map_beyond_its_data_is_read_back_from_its_picture(anki: Callable[..., Anki]) -> None:
    window = anki()
    page = window.show(window.card("large"))
    host = drawn(page)
    point(page, host, 5, 5)
    assert (host.locator(f"{BUBBLE} b").text_content() or "").startswith("≈ 0.9")
    expect(host.locator(BUBBLE)).to_contain_text("255 steps")


def test_a_variant_s_own_picture_is_drawn(anki: Callable[..., Anki]) -> None:
    window = anki()
    for _ in range(4):
        page = window.show(window.card("varying"))
        host = drawn(page)
        words = page.locator("img.heatmap").get_attribute("alt") or ""
        point(page, host, 0, 1)
        assert (host.locator(f"{BUBBLE} b").text_content() or "?") in words
        window.show(window.card("varying"), "reviewAnswer")


def test_a_malformed_block_says_why_and_runs_nothing(anki: Callable[..., Anki]) -> None:
    page = anki().block(
        "[attention]{&quot;weights&quot;: &quot;&lt;img src=x onerror=alert(1)&gt;&quot;}[/attention]"
    )
    expect(page.get_by_role("note")).to_contain_text("Heatmap not shown:")
    expect(page.locator("#qa img")).to_have_count(0)


def test_names_of_tokens_and_heads_stay_text(anki: Callable[..., Anki]) -> None:
    bad = "&lt;img src=x onerror=document.title=1&gt;"
    page = anki().block(tokens=[bad] * 3, alt=bad)
    host = drawn(page)
    point(page, host, 0, 0)
    expect(host.locator("img")).to_have_count(1)
    assert page.title() == "Card"


def test_a_query_stands_before_its_key_whatever_their_direction(anki: Callable[..., Anki]) -> None:
    page = anki().block(tokens=["שלום", "مرحبا", "cat"])
    host = drawn(page)
    point(page, host, 0, 1)
    expect(host.locator(BUBBLE)).to_contain_text("0.25")
    places = host.locator(f"{BUBBLE} > span").first.evaluate(
        """(line) => ["ש", "م"].map((letter) => {
          const range = document.createRange(), start = line.firstChild.data.indexOf(letter);
          range.setStart(line.firstChild, start);
          range.setEnd(line.firstChild, start + 1);
          return range.getBoundingClientRect().x;
        })"""
    )
    assert places[0] < places[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(theme: str, anki: Callable[..., Anki]) -> None:
    window, axe = anki(theme=theme), Axe()
    states: list[Callable[[], Page]] = [
        lambda: window.block(weights=HEADS, tokens=["a", "b"]),
        lambda: window.show(window.card("predict")),
        lambda: window.show(window.card("plain"), "reviewAnswer"),
        lambda: window.block("[attention]{[/attention]"),
    ]
    for number, state in enumerate(states):
        page = state()
        if number < 3:
            drawn(page)
            page.locator(".heatmaps-grid").first.focus()
        if number == 0:
            page.get_by_role("button", name="Fill the window").click()
            expect(page.get_by_role("dialog").locator(".heatmaps-picture")).to_be_visible()
        found = axe.run(page, options={"runOnly": RULES}).response["violations"]
        assert not found, [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]


def test_colours_forced_by_the_system_leave_marks_that_are_seen(anki: Callable[..., Anki]) -> None:
    window = anki(forced_colors="active")
    page = window.block(weights=HEADS, tokens=["a", "b"])
    host = drawn(page)
    page.keyboard.press("Tab")
    for name, wide in (("cell", "3px"), ("line", "1px"), ("twin", "1px")):
        mark = host.locator(f".heatmaps-{name}").first
        expect(mark).to_have_css("outline-style", "solid")
        expect(mark).to_have_css("outline-width", wide)
    expect(host.get_by_role("grid")).to_have_css("outline-style", "solid")
    page.screenshot(path=SCREENSHOTS / "addon-cards-forced.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 700])
def test_screenshots(theme: str, width: int, anki: Callable[..., Anki]) -> None:
    window = anki(theme=theme, width=width)
    size = 12
    many = [[[1 / (1 + abs(i - j) + h) for j in range(size)] for i in range(size)] for h in range(4)]
    shows: dict[str, Callable[[], Page]] = {
        "plain": lambda: window.show(window.card("plain")),
        "predict": lambda: window.show(window.card("predict")),
        "heads": lambda: window.block(weights=many, tokens=[f"word{n}" for n in range(size)]),
        "wrong": lambda: window.block(
            'A question [attention]{"weights": [[1, 2], [3]]}[/attention] and more'
        ),
    }
    for name, show in shows.items():
        page = show()
        if name != "wrong":
            host = drawn(page)
            host.hover()
            point(page, host, 1, 1)
            expect(host.locator(BUBBLE)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=SCREENSHOTS / f"addon-cards-{name}-{theme}-{width}.png")
