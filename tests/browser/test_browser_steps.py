"""A worked solution in a real browser: one step at a time, or all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    Screen = Any  # the classes of conftest.py
    Cards = Any

SOURCE = """---
deck: Steps
---

## What are the weights?
<!-- card: #four -->

`[0.5, 0.5]`

```python check
scores = [1, 1]
largest = max(scores)
total = sum(scores)
answer == softmax(scores)
```

## What is one and one?
<!-- card: #one -->

`2`

```python check
answer == 1 + 1
```

## Twice «n»?
<!-- card: #varying -->

`«t»`

```python vary 2
n = [2, 3]
```

```python check
t = 2 * n
u = t + 1
answer == 2 * n
```
"""


@pytest.fixture
def made(cards: Callable[[str], Cards]) -> Cards:
    return cards(SOURCE)


def lines(page: Page) -> Locator:
    return page.locator(".solution > div:visible")


def opened(client: Screen, side: str) -> Page:
    page: Page = client.show(side)
    page.locator(".steps summary").click()
    return page


def test_steps_come_one_by_one_and_the_button_counts_them(made: Cards, screen: Callable[..., Screen]) -> None:
    page = screen(made).show(made.shown[0].back)
    count = page.locator(".solution > div").count()
    assert count >= 4
    expect(lines(page)).to_have_count(0)  # closed at first
    page.locator(".steps summary").click()
    for shown in range(1, count):
        expect(lines(page)).to_have_count(shown)
        page.get_by_role("button", name=f"Next step ({count - shown} left)").click()
    expect(lines(page)).to_have_count(count)
    expect(page.get_by_role("button")).to_have_count(0)


def test_all_steps_at_once(made: Cards, screen: Callable[..., Screen]) -> None:
    page = opened(screen(made), made.shown[0].back)
    page.get_by_role("button", name="All steps").click()
    expect(lines(page)).to_have_count(page.locator(".solution > div").count())
    expect(page.get_by_role("button")).to_have_count(0)


def test_the_last_step_has_no_button_for_all(made: Cards, screen: Callable[..., Screen]) -> None:
    page = opened(screen(made), made.shown[0].back)
    for _ in range(page.locator(".solution > div").count() - 2):
        page.get_by_role("button", name="Next step").click()
    expect(page.get_by_role("button")).to_have_count(1)
    expect(page.get_by_role("button", name="Next step (1 left)")).to_be_visible()


def test_one_key_opens_the_solution_and_goes_on(made: Cards, screen: Callable[..., Screen]) -> None:
    page = screen(made).show(made.shown[0].back)
    count = page.locator(".solution > div").count()
    for shown in range(1, count + 1):
        page.keyboard.press("n")
        expect(lines(page)).to_have_count(shown)
    page.keyboard.press("n")
    expect(lines(page)).to_have_count(count)


def test_the_buttons_work_by_keyboard_and_leave_the_focus_on_the_last_step(
    made: Cards, screen: Callable[..., Screen]
) -> None:
    page = screen(made).show(made.shown[0].back)
    count = page.locator(".solution > div").count()
    page.locator(".steps summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Next step").focus()
    for shown in range(2, count + 1):
        page.keyboard.press("Enter")
        expect(lines(page)).to_have_count(shown)
    expect(page.locator(".solution dd").last).to_be_focused()


def test_a_solution_of_one_step_stands_whole(made: Cards, screen: Callable[..., Screen]) -> None:
    page = opened(screen(made), made.shown[1].back)
    expect(lines(page)).to_have_count(1)
    expect(page.get_by_role("button")).to_have_count(0)


def test_the_steps_of_a_varying_card_are_its_own_draw_s(made: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(made)
    for _ in range(3):
        page = client.show(made.shown[2].front)
        twice = 2 * int(page.locator(".heading").inner_text().removeprefix("Twice ").removesuffix("?"))
        page = opened(client, made.shown[2].back)
        page.get_by_role("button", name="All steps").click()
        shown = lines(page).all_inner_texts()
        assert len(shown) == page.locator(".solution > div:not([hidden])").count()
        assert any(text.endswith(str(twice)) for text in shown)
        assert any(text.endswith(str(twice + 1)) for text in shown)


def test_steps_that_a_variant_lacks_are_never_waited_for(made: Cards, screen: Callable[..., Screen]) -> None:
    lines_of = made.shown[0].back.count("<div><dt>")
    before, _, after = made.shown[0].back.rpartition("<div><dt>")
    page = opened(screen(made), f"{before}<div hidden><dt>{after}")
    page.get_by_role("button", name=f"Next step ({lines_of - 2} left)").click()
    for left in range(lines_of - 3, 0, -1):
        page.get_by_role("button", name=f"Next step ({left} left)").click()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(lines(page)).to_have_count(lines_of - 1)


def test_printing_shows_every_step_of_an_open_solution(made: Cards, screen: Callable[..., Screen]) -> None:
    page = opened(screen(made), made.shown[0].back)
    page.emulate_media(media="print")
    expect(lines(page)).to_have_count(page.locator(".solution > div").count())
    expect(page.get_by_role("button")).to_have_count(0)


def test_without_script_all_steps_stand_in_the_details(made: Cards, screen: Callable[..., Screen]) -> None:
    page = opened(screen(made, script=False), made.shown[0].back)
    expect(lines(page)).to_have_count(page.locator(".solution > div").count())
    expect(page.get_by_role("button")).to_have_count(0)
