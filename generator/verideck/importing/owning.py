"""Which card each line of a page belongs to: readers tell a line's fate, this tells its card."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from verideck.reading.items import Fate

if TYPE_CHECKING:
    from verideck.reading.items import Item, Page

_WORD = re.compile(r"[^\W\d_]+|\d+")
_LEAST = 0.5  # of a line's words that an item must hold for the line to be its own


def owners(page: Page) -> dict[int, int]:
    """Map each line of a page that belongs to a card, or to a problem within one, to the item's place.

    Lines between what is known of one item and the beginning of the next go to the one that holds them. A
    line of HTML that holds several items belongs to none of them.
    """
    if not page.items:
        return {}
    order = sorted(range(len(page.items)), key=lambda place: page.items[place].line)
    if len({item.line for item in page.items}) < len(order):
        return {}
    starts = _starts(page, [page.items[place] for place in order])
    owned = {}
    for line, fate in zip(page.lines, page.fates, strict=True):
        if fate in {Fate.CARD, Fate.PROBLEM}:
            owned[line.number] = order[max(0, bisect_right(starts, line.number) - 1)]
    return owned


def _starts(page: Page, items: Sequence[Item]) -> list[int]:
    """Give the line on which each item begins; the first has all that stands above it."""
    starts = [0]
    for before, item in pairwise(items):
        low, high = max(_last(before), starts[-1]), item.line
        behind, ahead = _words(*_behind(before)), _words(*_ahead(item))
        start = low + 1
        for line in page.lines[_index(page, low + 1) : _index(page, high)]:
            words = _words(line.text)
            if words and _share(words, behind) > max(_share(words, ahead), _LEAST):
                start = line.number + 1
        starts.append(min(start, high))
    return starts


def _index(page: Page, number: int) -> int:
    return bisect_right(page.lines, number - 1, key=lambda line: line.number)


def _last(item: Item) -> int:
    """Give the last line of which the item itself says that it is its own."""
    code = item.code_line + (0 if item.joined else item.code.count("\n")) if item.code else 0
    return max(item.line, code, item.explanation_line, *(option.line for option in item.options), 0)


def _behind(item: Item) -> list[str]:
    """Give the texts of an item that may stand below its last known line."""
    texts = [item.body, item.output, item.answer, item.hint, item.explanation, *item.accepted]
    texts += [option.reason for option in item.options]
    if item.stage:
        texts += [item.stage.taken, item.stage.operation, item.stage.given, item.stage.example]
    if item.trace:
        texts += [cell for row in item.trace.rows for cell in row]
    return texts


def _ahead(item: Item) -> list[str]:
    """Give the texts of an item that may stand above its question."""
    return [item.title, item.level, item.question, item.body, item.code, *item.tags]


def _words(*texts: str) -> frozenset[str]:
    """Give the words of some texts; a page may have glued figures to them."""
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _share(words: frozenset[str], held: frozenset[str]) -> float:
    return len(words & held) / len(words)
