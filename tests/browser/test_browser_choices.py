"""Choice cards in a real browser: shuffled, chosen, marked, with and without what a client may lack."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Screen = Any  # the classes of conftest.py
    Cards = Any

SOURCE = """---
deck: Choices
---

## Which one is even?
<!-- card: #even -->

- [x] `2`
- [ ] `3`

  It is odd: nothing halves it.
- [ ] `5`
- [ ] `7`
- [ ] `9`

## Which are even?
<!-- card: #evens select-all -->

- [x] `2`
- [x] `4`
- [ ] `5`
- [ ] `7`

## In which order?
<!-- card: #order keep-order -->

- [ ] `1`
- [ ] `2`
- [x] `3`
- [ ] `4`
- [ ] `5`
"""


@pytest.fixture
def made(cards: Callable[[str], Cards]) -> Cards:
    return cards(SOURCE)


def digits(page: Page) -> str:
    """Give the options as they stand, by what they say."""
    return "".join(text[0] for text in page.locator(".options > li > div").all_inner_texts())


def marks(page: Page) -> dict[str, str]:
    """Give each option's classes on the back, by what it says."""
    items = page.locator(".options > li").all()
    return {item.locator("div").first.inner_text()[0]: item.get_attribute("class") or "" for item in items}


def test_options_are_shuffled_at_each_review_and_stand_on_the_back_as_on_the_front(
    made: Cards, screen: Callable[..., Screen]
) -> None:
    client, seen = screen(made), set()
    for _ in range(12):
        front = digits(client.show(made.shown[0].front))
        assert digits(client.show(made.shown[0].back)) == front
        assert sorted(front) == list("23579")
        seen.add(front)
    assert len(seen) >= 5  # of 120 orders; all but five equal has a chance of 1 in 10^12


@pytest.mark.parametrize("storage", ["none", "forgotten"])
def test_a_client_that_forgets_has_one_order_all_day_and_another_on_other_days(
    storage: str, made: Cards, screen: Callable[..., Screen]
) -> None:
    client, seen = screen(made, storage=storage), set()
    for day in range(1, 9):
        client.context.clock.set_fixed_time(f"2026-11-{day:02}T12:00:00")
        shown = {digits(client.show(side)) for side in (made.shown[0].front, made.shown[0].back) * 2}
        assert len(shown) == 1
        seen |= shown
    assert len(seen) > 3


def test_an_order_that_matters_is_kept(made: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(made)
    for _ in range(3):
        assert [digits(page) for page in client.review(made.shown[2])] == ["12345"] * 2


def test_a_tap_chooses_one_and_the_back_tells_it_from_the_right_one(
    made: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(made)
    page = client.show(made.shown[0].front)
    page.get_by_role("radio", name="3").click()
    page.get_by_role("radio", name="5").click()
    expect(page.get_by_role("radio", name="5")).to_be_checked()
    expect(page.get_by_role("radio", name="3")).not_to_be_checked()
    page = client.show(made.shown[0].back)
    assert marks(page) == {
        "2": "right missed", "3": "wrong", "5": "wrong chosen", "7": "wrong", "9": "wrong"
    }  # fmt: skip
    expect(page.get_by_role("img", name="wrong, your choice")).to_have_count(1)
    expect(page.get_by_role("img", name="right, missed")).to_have_count(1)
    expect(page.get_by_text("nothing halves it")).to_be_visible()


def test_digits_choose_what_stands_at_that_place(made: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(made)
    page = client.show(made.shown[1].front)
    shown = digits(page)
    for place in (shown.index("2"), shown.index("4"), shown.index("7")):
        page.keyboard.press(str(place + 1))
    page.keyboard.press(str(shown.index("7") + 1))  # taken back
    page.keyboard.press("9")  # there is no ninth
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    assert marks(client.show(made.shown[1].back)) == {
        "2": "right chosen", "4": "right chosen", "5": "wrong", "7": "wrong"
    }  # fmt: skip


def test_arrows_and_space_choose(made: Cards, screen: Callable[..., Screen]) -> None:
    page = screen(made).show(made.shown[0].front)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".options > li").nth(2)).to_be_checked()
    expect(page.get_by_role("radiogroup", name="Choose one.")).to_have_count(1)


def test_nothing_chosen_marks_the_right_one_alone(made: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(made)
    client.show(made.shown[0].front).keyboard.press("1")
    client.show(made.shown[0].back)
    client.show(made.shown[0].front)  # a new review: what was chosen before is gone
    page = client.show(made.shown[0].back)
    assert set(marks(page).values()) == {"right", "wrong"}
    assert page.locator(".judged").count() == 0


def test_a_front_that_is_drawn_again_keeps_order_and_choice(
    made: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(made)
    client.review(made.shown[0])  # the storage is known to last, so orders are random
    page = client.show(made.shown[0].front)
    shown = digits(page)
    page.keyboard.press("2")
    for _ in range(4):
        page = client.show(made.shown[0].front)
        assert digits(page) == shown
        expect(page.locator(".options > li").nth(1)).to_be_checked()
    assert marks(client.show(made.shown[0].back))[shown[1]].endswith("chosen")


def test_a_choice_never_reaches_another_card(made: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(made)
    client.show(made.shown[0].front).keyboard.press("1")
    client.show(made.shown[1].front)
    assert client.show(made.shown[0].back).locator(".judged").count() == 0


@pytest.mark.parametrize("side", ["front", "back"])
def test_without_script_there_is_a_plain_list_and_a_marked_back(
    side: str, made: Cards, screen: Callable[..., Screen]
) -> None:
    page = screen(made, script=False).show(getattr(made.shown[0], side))
    assert page.locator(".options > li").count() == 5
    assert page.get_by_role("listitem").count() == 5
    assert page.get_by_role("img", name="right", exact=True).count() == (side == "back")
    assert page.get_by_role("img", name="wrong", exact=True).count() == 4 * (side == "back")
