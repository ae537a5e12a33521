"""Explained pages: fixtures that a person can read, small cases, hostile pages, a page as it was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verideck.reading import pages

if TYPE_CHECKING:
    from verideck.reading.items import Page

FIXTURES = Path(__file__).parent / "fixtures" / "explained"
PAGES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".txt", ".html"))
SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_is_read_as_expected(page: Path, told: Callable[[Page], str]) -> None:
    expected = page.with_suffix(".expected").read_text(encoding="utf-8")
    assert told(pages.read(page.read_bytes(), page.name)) == expected
