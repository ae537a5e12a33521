"""Pictures of every kind of card, both sides, for people to look at: `build/screenshots`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    Screen = Any  # the classes of conftest.py
    Cards = Any
    State = Any

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@pytest.mark.parametrize(
    ("theme", "width", "height"),
    [("light", 390, 844), ("dark", 390, 844), ("dark", 320, 568), ("light", 1280, 800)],
)
def test_every_kind_is_pictured(
    theme: str,
    width: int,
    height: int,
    showcase: Cards,
    states: tuple[State, ...],
    screen: Callable[..., Screen],
) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    scale = 1 if width > 800 else 2
    client = screen(
        showcase, theme=theme, width=width, height=height, reviewer=True, device_scale_factor=scale
    )
    for state in states:
        for side in ("front", "back"):
            page = client.show(getattr(state.card, side))
            if side == "front":
                state.act(page)
            path = SCREENSHOTS / f"{state.kind}-{theme}-{width}-{side}.png"
            picture = page.screenshot(path=path, full_page=True)
            assert len(picture) > 2_000  # an empty page has fewer bytes
            assert page.locator(".verideck").inner_text().strip()
