from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

SOURCE = """---
deck: First
---

## Which is even?

- [x] `2`
- [ ] `3`
"""


@pytest.mark.parametrize("script", [True, False])
def test_a_card_is_shown(cards: Callable[..., Any], screen: Callable[..., Any], script: bool) -> None:
    made = cards(SOURCE)
    client = screen(made, script=script)
    assert client.show(made.shown[0].front).locator(".options > li").count() == 2
    assert "Which is even?" in client.page.locator(".heading").inner_text()
    assert client.show(made.shown[0].back).locator(".options > .right").count() == 1
