"""What the tests of the page readers share: a page told line by line, to be held against an expected text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from verideck.reading.items import Item, Page

_FIELDS = ("title", "body", "level", "code", "answer", "hint", "explanation")


def _item(item: Item) -> Iterator[str]:
    yield f"{item.line} {item.kind}: {item.question}"
    for name in _FIELDS:
        if value := getattr(item, name):
            yield f"  {name}: {value!r}" if "\n" in value else f"  {name}: {value}"
    if item.code:
        yield f"  {item.language or 'code'} from line {item.code_line}{', joined' if item.joined else ''}"
    for option in item.options:
        words = filter(
            None, (option.mark, "key" * option.ticked, "blank" * option.blank, "fused" * option.fused)
        )
        letter = f"{option.letter}) " if option.letter else ""
        reason = f" because {option.reason}" if option.reason else ""
        yield f"  option {option.line} [{' '.join(words)}] {letter}{option.text}{reason}"
    if item.accepted:
        yield f"  accepted: {' | '.join(item.accepted)}"
    if stage := item.stage:
        yield f"  stage {stage.number}, {stage.name}: {stage.taken} > {stage.operation} > {stage.given}"
    if trace := item.trace:
        yield from (f"  row: {' | '.join(row)}" for row in trace.rows)
        yield f"  chart: {trace.chart} in steps of {trace.step} over {trace.epochs}"
    if item.select_all:
        yield "  select all"
    if item.lost:
        yield f"  lost: {' '.join(item.lost)}"


def _fates(page: Page) -> Iterator[str]:
    told = [
        (line.number, fate) for line, fate in zip(page.lines, page.fates, strict=True) if line.text.strip()
    ]
    for fate, group in groupby(told, key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        yield f"{numbers[0]}-{numbers[-1]} {fate}" if len(numbers) > 1 else f"{numbers[0]} {fate}"


def _tell(page: Page) -> str:
    problems = (f"{one.line} {one.severity}: {one.message}" for one in page.problems)
    items = (line for item in page.items for line in _item(item))
    parts = ([f"{page.layout}: {page.title}"], items, problems, _fates(page))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


@pytest.fixture(scope="session")
def told() -> Callable[[Page], str]:
    """Tell a page: its layout and title, its items, its problems, what became of the lines that hold text."""
    return _tell
