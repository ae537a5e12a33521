"""Heatmaps in a real browser: covered on the front, revealed cell by cell, whole on the back."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from verideck.rendering import heatmap
from verideck.rendering.heatmap import LIGHT
from verideck.rendering.heatmap.cells import palette
from verideck.rendering.heatmap.style import rgb

COVER = rgb(LIGHT.cover)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    Screen = Any  # the classes of conftest.py
    Cards = Any

SOURCE = """---
deck: Heatmaps
---

## Where does "cat" look most?
<!-- card: #causal -->

```python heatmap causal predict
weights = [[1, 0, 0], [0.25, 0.75, 0], [0.0004, 0.4996, 0.5]]
mask = causal_mask(3)
tokens = ["the", "cat", "sat"]
alt = "The second row is strongest on itself."
```

---

At itself.

## Which head looks at the word before?
<!-- card: #heads -->

```python heatmap heads predict
weights = [[[1, 0], [0.1, 0.9]], [[1, 0], [0.8, 0.2]], [[0.5, 0.5], [0.4, 0.6]]]
tokens = ["a rather long token", "owls"]
heads = ["itself", "before", "even"]
alt = "The second of three heads is strong below the diagonal."
```

---

The second.

## Which key does the first query like?
<!-- card: #varying -->

```python heatmap varying predict
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

## Nothing is hidden here
<!-- card: #open -->

```python heatmap plain
weights = [[0.5, 0.5]]
queries = ["a"]
keys = ["b", "c"]
alt = "Both keys get the same."
```

---

Even.
"""


HIDDEN = None
WEIGHTS: tuple[list[list[list[float | None]]], ...] = (
    [[[1, HIDDEN, HIDDEN], [0.25, 0.75, HIDDEN], [0.0004, 0.4996, 0.5]]],
    [[[1, 0], [0.1, 0.9]], [[1, 0], [0.8, 0.2]], [[0.5, 0.5], [0.4, 0.6]]],
)


@pytest.fixture
def made(cards: Callable[[str], Cards]) -> Cards:
    return cards(SOURCE)


def cell(page: Page, name: str) -> Locator:
    return page.get_by_role("gridcell", name=name)


def colour(page: Page, element: Locator) -> tuple[int, int, int]:
    """Give the colour that a person sees in an element, near its upper left corner."""
    box = element.bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2
    shot = page.screenshot(clip={"x": x, "y": y, "width": 1, "height": 1})
    pixels, begin = b"", 8
    while begin < len(shot):
        (length,) = struct.unpack(">I", shot[begin : begin + 4])
        if shot[begin + 4 : begin + 8] == b"IDAT":
            pixels += shot[begin + 8 : begin + 8 + length]
        begin += length + 12
    red, green, blue = zlib.decompress(pixels)[1:4]  # the first byte tells the line's filter
    return red, green, blue


def step(weight: float) -> tuple[int, int, int]:
    return palette()[round(weight * 254)]


def near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 2


def test_a_tap_shows_one_cell_and_says_its_value(made: Cards, screen: Callable[..., Screen]) -> None:
    page = screen(made).show(made.shown[0].front)
    expect(page.get_by_role("status")).to_have_text("Predict first, then tap a cell to see it.")
    assert page.get_by_role("gridcell").count() == 9
    assert near(colour(page, cell(page, "cat → cat")), COVER)
    cell(page, "cat → cat").click()
    expect(page.get_by_role("status")).to_have_text("cat → cat: 0.75")
    assert near(colour(page, cell(page, "cat → cat: 0.75")), step(0.75))
    assert near(colour(page, cell(page, "cat → the: covered")), COVER)
    cell(page, "the → sat").click()
    expect(page.get_by_role("status")).to_have_text("the → sat: masked")
    assert near(colour(page, cell(page, "cat → cat")), step(0.75))  # and stays
    cell(page, "sat → the").click()
    expect(page.get_by_role("status")).to_have_text("sat → the: ≈ 0")


def test_what_is_to_be_predicted_is_told_to_nobody_on_the_front(
    made: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(made)
    page = client.show(made.shown[0].front)
    expect(page.get_by_role("img")).to_have_count(1)
    expect(page.get_by_role("img")).to_have_accessible_name("A heatmap whose values are still covered.")
    page = client.show(made.shown[0].back)
    expect(page.get_by_role("img")).to_have_count(1)
    expect(page.get_by_role("img")).to_have_accessible_name("The second row is strongest on itself.")


@pytest.mark.parametrize("scale", [1, 3])
@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("place", [0, 1])
def test_each_cell_revealed_is_that_cell_at_any_size(
    place: int, width: int, scale: int, made: Cards, screen: Callable[..., Screen]
) -> None:
    page = screen(made, width=width, device_scale_factor=scale).show(made.shown[place].front)
    weights = [weight for head in WEIGHTS[place] for row in head for weight in row]
    cells = page.get_by_role("gridcell").all()
    assert len(cells) == len(weights)
    for element, weight in zip(cells, weights, strict=True):
        if weight is not None:
            assert near(colour(page, element), COVER)
            element.click()
            assert near(colour(page, element), step(weight)), weight
    page.mouse.click(1, 1)
    covered = page.locator(".covered").bounding_box()
    assert page.locator(".whole").bounding_box() == covered


def test_the_keyboard_walks_through_a_head_and_reveals(made: Cards, screen: Callable[..., Screen]) -> None:
    page = screen(made).show(made.shown[1].front)
    page.keyboard.press("Tab")
    expect(page.get_by_role("gridcell").nth(0)).to_be_focused()
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    focused = page.get_by_role("grid", name="itself").get_by_role("gridcell", name="owls → owls: covered")
    expect(focused).to_be_focused()
    assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("itself, owls → owls: 0.9")
    page.keyboard.press("Tab")  # a head is one stop
    expect(page.get_by_role("grid", name="before").get_by_role("gridcell").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("before, a rather long token → a rather long token: 1")


def test_space_on_a_revealed_cell_is_the_client_s_again(made: Cards, screen: Callable[..., Screen]) -> None:
    page = screen(made).show(made.shown[0].front)
    page.evaluate("document.addEventListener('keydown', event => document.title += event.code)")
    page.evaluate("document.title = ''")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert page.title() == "TabSpaceEnter"  # the first Space went no further


def test_the_back_is_whole_and_marks_what_was_looked_at(made: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(made)
    page = client.show(made.shown[0].front)
    cell(page, "sat → the").click()
    at = cell(page, "sat → the").bounding_box()
    page = client.show(made.shown[0].back)
    assert page.get_by_role("gridcell").count() == 0
    assert page.locator(".seen").count() == 1
    assert page.locator(".seen").bounding_box() == pytest.approx(at, abs=0.1)
    page = client.show(made.shown[0].front)
    assert near(colour(page, cell(page, "sat → the")), COVER)  # the next review begins anew
    cell(page, "sat → cat").click()
    page = client.show(made.shown[0].front)  # drawn again, as after an edit
    assert near(colour(page, cell(page, "sat → cat: 0.5")), step(0.4996))
    assert near(colour(page, cell(page, "sat → the")), COVER)
    client.show(made.shown[1].front)
    assert client.show(made.shown[0].back).locator(".seen").count() == 0  # another card's


@pytest.mark.parametrize("storage", ["none", "forgotten"])
def test_a_client_that_forgets_shows_a_whole_back(
    storage: str, made: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(made, storage=storage)
    cell(client.show(made.shown[0].front), "sat → the").click()
    page = client.show(made.shown[0].back)
    expect(page.get_by_role("img", name="The second row is strongest on itself.")).to_be_visible()
    assert page.locator(".seen").count() == 0


def test_a_varying_heatmap_reveals_its_own_draw(made: Cards, screen: Callable[..., Screen]) -> None:
    client, seen = screen(made), set()
    for _ in range(4):
        page = client.show(made.shown[2].front)
        element = cell(page, "query → two")
        element.click()
        value = float((element.get_attribute("aria-label") or "").rpartition(" ")[2])
        assert near(colour(page, element), step(value))
        page = client.show(made.shown[2].back)
        expect(page.get_by_role("img")).to_have_accessible_name(f"The larger weight is {value}.")
        assert str(value) in page.locator(".answer").inner_text()
        seen.add(value)
    assert seen == {0.75, 0.9}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_without_script_the_front_is_covered_and_the_back_whole(
    place: int, made: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(made, script=False)
    page = client.show(made.shown[place].front)
    expect(page.get_by_role("img")).to_have_accessible_name("A heatmap whose values are still covered.")
    page = client.show(made.shown[place].back)
    expect(page.get_by_role("img")).to_have_count(1)
    assert page.get_by_role("img", name="still covered").count() == 0


def test_other_heatmaps_are_never_covered(made: Cards, screen: Callable[..., Screen]) -> None:
    page = screen(made).show(made.shown[3].front)
    expect(page.get_by_role("img")).to_have_accessible_name("Both keys get the same.")
    assert page.get_by_role("gridcell").count() == 0


def test_a_map_too_large_for_its_data_stays_covered_until_the_back(
    cards: Callable[[str], Cards], screen: Callable[..., Screen]
) -> None:
    source = """---
deck: Large
---

## Where is the strongest cell?

```python heatmap large predict
weights = softmax(identity(128) * 9)
tokens = ["t"] * 128
alt = "Each row is strong on the diagonal."
```

---

In the corner.
"""
    made = cards(source)
    client = screen(made)
    page = client.show(made.shown[0].front)
    expect(page.get_by_role("img")).to_have_accessible_name("A heatmap whose values are still covered.")
    assert page.get_by_role("gridcell").count() == page.get_by_role("status").count() == 0
    expect(client.show(made.shown[0].back).get_by_role("img")).to_have_accessible_name(
        "Each row is strong on the diagonal."
    )


COLOURS = """image => {
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * 3;
  canvas.height = image.naturalHeight * 3;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const [x, y, wide] = ["left", "row", "wide"].map(name => Math.round(image.dataset[name] * 3));
  const { data } = context.getImageData(x, y, wide, 1);
  const found = {};
  for (let i = 0; i < data.length; i += 4) {
    const colour = data.slice(i, i + 3).join();
    found[colour] = (found[colour] || 0) + 1;
  }
  return found;
}"""


def test_cells_have_no_blurred_edges_at_three_pixels_a_point(
    cards: Callable[[str], Cards], screen: Callable[..., Screen]
) -> None:
    """Cells of five points, drawn at three times their size: nothing but their own two colours."""
    source = """---
deck: Small cells
---

## Which keys?

```python heatmap small
weights = [[0, 1] * 32, [1, 0] * 32]
tokens = ["t"] * 64
queries = ["a", "b"]
alt = "Every second key."
```

---

Every second.
"""
    made = cards(source)
    page = screen(made).show(made.shown[0].front)
    (spec,) = json.loads(made.notes[0].fields["Data"])["heatmaps"]
    given = {"weights": spec["weights"], "queries": spec["queries"], "keys": spec["keys"], "alt": spec["alt"]}
    left, top, width, height, *_ = heatmap.drawn(given).grid
    picture = page.locator("img.heatmap")
    place = {"row": top + height / 2, "left": left + 1, "wide": width * 64 - 2}
    picture.evaluate("(image, place) => Object.assign(image.dataset, place)", place)
    seen = {tuple(map(int, text.split(","))): count for text, count in picture.evaluate(COLOURS).items()}
    assert set(seen) == {step(0), step(1)}
    assert sum(seen.values()) > 900
    assert abs(seen[step(0)] - seen[step(1)]) < 40
