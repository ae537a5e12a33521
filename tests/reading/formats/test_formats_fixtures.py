"""Files of each format, and what is read of them: `NAME.expected` beside `NAME`.

To renew the expected texts after a change: VERIDECK_RENEW=1 pytest …; then read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from verideck.reading import formats
from verideck.reading.items import Fate, Item, Page

FOLDER = Path(__file__).parent / "fixtures"
FIXTURES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".expected")
LETTERS = {Fate.CARD: "c", Fate.PROBLEM: "p", Fate.NOISE: ".", Fate.UNACCOUNTED: "?"}


def summary(page: Page) -> str:
    """Say on lines that a person can read what a page holds."""
    parts = [f"{page.layout}: {page.title}", *("\n".join(_item(item)) for item in page.items)]
    parts += ["\n".join(f"{one.line}: {one.severity}: {one.message}" for one in page.problems)]
    return "\n\n".join([*parts, "".join(LETTERS[fate] for fate in page.fates)]) + "\n"


def _item(item: Item) -> Iterator[str]:
    flags = [name for name in ("select_all", "keep_order", "reverse") if getattr(item, name)]
    yield " ".join(
        [f"{item.line} {item.kind} ({item.markup})", *flags, *(f"lost {part}" for part in item.lost)]
    )
    for name in ("deck", "id", "tags", "level", "title", "question", "body", "accepted", "answer"):
        if value := getattr(item, name):
            yield f"  {name}: {value!r}" if name == "question" else f"  {name}: {value}"
    for option in item.options:
        reason = f" ({option.reason})" if option.reason else ""
        yield f"  {option.line} [{'x' if option.ticked else ' '}] {option.text}{reason}"
    for name in ("hint", "explanation"):
        if value := getattr(item, name):
            yield f"  {name}: {value!r}"


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_reads(path: Path) -> None:
    page = formats.read(path.read_bytes(), path.name)
    assert page is not None
    expected = path.with_name(f"{path.name}.expected")
    if os.environ.get("VERIDECK_RENEW"):
        expected.write_text(summary(page), encoding="utf-8")
    assert summary(page) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
@pytest.mark.parametrize("change", ["crlf", "mark", "utf-16", "cp1252"])
def test_reads_alike_however_it_is_encoded(path: Path, change: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed = {
        "crlf": text.replace("\n", "\r\n").encode(),
        "mark": b"\xef\xbb\xbf" + text.encode(),
        "utf-16": text.encode("utf-16"),
        "cp1252": text.encode("cp1252"),
    }[change]
    page, plain = formats.read(changed, path.name), formats.read(text.encode(), path.name)
    assert page is not None
    assert plain is not None
    assert (page.items, page.fates) == (plain.items, plain.fates)
    warned = change == "cp1252" and not text.isascii()
    assert len(page.problems) == len(plain.problems) + warned
