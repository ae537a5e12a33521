"""Cleaned pictures as documents of their own, where scripts would run: nothing runs, nothing is asked for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from verideck.rendering import svg

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_PATH = Path(__file__).parents[1] / "rendering/svg/pictures.py"
_SPEC = importlib.util.spec_from_file_location("svg_pictures", _PATH)
assert _SPEC
assert _SPEC.loader
pictures: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pictures)

SOURCES = {name: row[0] for name, row in {**pictures.CLEANED, **pictures.TOOLS}.items()}


@pytest.mark.parametrize("name", SOURCES)
def test_a_cleaned_picture_draws_and_does_no_more(browser: Browser, tmp_path: Path, name: str) -> None:
    path = tmp_path / "picture.svg"
    path.write_bytes(svg.clean_svg(SOURCES[name]).data)
    asked: list[str] = []
    page = browser.new_page()
    try:
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        page.goto(path.as_uri())
        assert page.evaluate("document.querySelector('parsererror') === null")
        assert page.evaluate("document.documentElement.localName") == "svg"
        assert page.locator("a").count() == 0
        page.mouse.click(5, 5)
        assert page.url == path.as_uri()
    finally:
        page.close()
    assert asked == [path.as_uri()]
