"""Varying cards in a real browser: another draw at each review, the same on the back, maths and all."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    Screen = Any  # the classes of conftest.py
    Cards = Any

SOURCE = """---
deck: Varying
---

## Half of «n»?
<!-- card: #half typed -->

$«n» / 2$ is

---

`«h»`

---

Twice «h» is «n».

```python vary 5
n = [2, 4, 6, 8, 10]
```

```python check
h = n // 2
answer == n / 2
```
"""


@pytest.fixture
def made(cards: Callable[[str], Cards]) -> Cards:
    return cards(SOURCE)


def number(page: Any) -> str:
    shown = page.locator(".verideck").inner_text()
    (found,) = set(re.findall(r"Half of (\d+)\?", shown)) & set(re.findall(r"\\\((\d+) / 2\\\)", shown))
    return str(found)


@pytest.mark.parametrize("storage", ["kept", "none", "forgotten"])
def test_front_and_back_show_the_same_draw(storage: str, made: Cards, screen: Callable[..., Screen]) -> None:
    client, seen = screen(made, storage=storage), []
    for _ in range(10):
        front = number(client.show(made.shown[0].front))
        back = client.show(made.shown[0].back)
        assert number(back) == front
        assert f"Twice {int(front) // 2} is {front}" in back.locator(".why").inner_text()
        seen.append(front)
    if storage == "kept":
        assert all(one != other for one, other in pairwise(seen))
    else:
        assert len(set(seen)) == 1  # a day's draw, as nothing can be carried over


def test_what_is_typed_is_held_against_the_draw_that_was_asked(
    made: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(made)
    for _ in range(4):
        page = client.show(made.shown[0].front)
        page.locator("#typeans").fill(f"{int(number(page)) / 2:.1f}")
        box = client.show(made.shown[0].back).locator("#typeans")
        assert "equal in value" in box.inner_text()


def test_without_script_both_sides_show_the_first_draw(made: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(made, script=False)
    assert [number(page) for page in client.review(made.shown[0])] == ["2", "2"]
