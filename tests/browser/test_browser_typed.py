"""Typed cards in a real browser: what is equal as a value is right, the difference is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    Screen = Any  # the classes of conftest.py
    Cards = Any

SOURCE = """---
deck: Typed
---

## Which shape?
<!-- card: #shape typed -->

A batch of 2, 5 tokens, 64 features.

---

- `(2, 5, 64)`
- `2 sequences`
"""
BOX = "#typeans"


@pytest.fixture
def made(cards: Callable[[str], Cards]) -> Cards:
    return cards(SOURCE)


@pytest.mark.parametrize(
    ("typed", "shown", "good"),
    [
        ("(2, 5, 64)", "(2, 5, 64)", True),
        ("2x5x64", "2x5x64right: equal in value", True),
        ("torch.Size([2, 5, 64])", "torch.Size([2, 5, 64])right: equal in value", True),
        ("2 Sequences", "2 Sequencesright: equal in value", True),
        ("(2, 5, 46)", "(2, 5, 46)\n↓\n(2, 5, 64)", False),
        ("", "(2, 5, 64)", False),
    ],
)
def test_an_answer_is_right_as_a_value(
    typed: str, shown: str, good: bool, made: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(made)
    client.show(made.shown[0].front).locator(BOX).press_sequentially(typed)
    box = client.show(made.shown[0].back).locator(BOX)
    expect(box).to_have_text(shown.replace("\n", ""))
    assert bool(box.locator(".typeBad, .typeMissed").count() == 0 and typed) == good


def test_the_difference_is_shown_letter_by_letter(made: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(made)
    client.show(made.shown[0].front).locator(BOX).fill("(2, 54)")
    box = client.show(made.shown[0].back).locator(BOX)
    pieces = [(span.get_attribute("class"), span.inner_text()) for span in box.locator("span").all()]
    texts = {name: "".join(text for one, text in pieces if one == name) for name, _ in pieces}
    assert texts == {"typeGood": "(2, 54)(2, 54)", "typeMissed": "---, 6", None: "↓"}


def test_where_nothing_lasts_anki_s_own_comparison_is_read(
    made: Cards, screen: Callable[..., Screen]
) -> None:
    """The back as Anki's reviewer makes it, in a tab that knows nothing of the front."""
    client = screen(made, storage="forgotten")
    own = (
        "<code id=typeans><span class=typeBad>2x</span><span class=typeGood>5</span>"
        "<span class=typeBad>x64</span><br><span id=typearrow>&darr;</span><br>"
        "<span class=typeMissed>(2, 5, 64)</span></code>"
    )
    back = made.shown[0].back.replace('<code id="typeans">(2, 5, 64)</code>', own)
    assert back != made.shown[0].back
    expect(client.show(back).locator(BOX)).to_have_text("2x5x64right: equal in value")


def test_without_script_anki_s_box_stays(made: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(made, script=False)
    expect(client.show(made.shown[0].front).locator("input#typeans")).to_be_visible()
    expect(client.show(made.shown[0].back).locator(BOX)).to_have_text("(2, 5, 64)")
