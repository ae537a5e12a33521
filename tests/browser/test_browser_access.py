"""What WCAG asks of every kind of card in every state, by axe-core, and of the room that a finger needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    Screen = Any  # the classes of conftest.py
    Cards = Any
    State = Any

LETTERLESS = re.compile("only non-text characters|too short")  # what axe leaves to others: ✓, ✗, a digit
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(
    theme: str, showcase: Cards, states: tuple[State, ...], screen: Callable[..., Screen]
) -> None:
    client, axe, found = screen(showcase, theme=theme, width=900, reviewer=True), Axe(), []
    for state in states:
        for side in ("front", "back"):
            page = client.show(getattr(state.card, side))
            if side == "front":
                state.act(page)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            answer = axe.run(page, options={"runOnly": RULES}).response
            for fault in (*answer["violations"], *answer["incomplete"]):
                for node in fault["nodes"]:
                    why = [check["message"] for kind in ("any", "all", "none") for check in node[kind]]
                    if not any(LETTERLESS.search(message) for message in why):
                        found.append(f"{state.kind} {side}: {fault['id']}: {node['html'][:100]}: {why}")
            assert any(rule["id"] == "color-contrast" for rule in answer["passes"])
    assert not found, "\n".join(found)
