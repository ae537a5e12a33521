"""Finds `[attention]…[/attention]` in the HTML of a field or a card, and reads what it asks for.

Three steps, so that the main thread does little: `blocks` finds and parses (a few milliseconds for a whole
card), `resolved` computes the weights where queries and keys are given (in the background), and
`heatmap.drawn` draws what `resolved` gives. `replaced` writes something in the blocks' places.

    for block in blocks(html):
        block.spec      # a Request, or None where `reason` says what is wrong with it
        resolved(block.spec)    # {"weights": [heads][queries][keys], "queries": […], "keys": […], …}

What may stand in a block is described in `requests`. Markup that editors put into it is undone: entities,
`<br>`, `<div>`, `<span>`. Blocks in attributes, comments, scripts, styles and text areas are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .limits import MOST_BLOCKS, MOST_LISTED, MOST_TEXT
from .markup import EMPTY, Part, parts, piece, unescaped
from .requests import Request, read, resolved

__all__ = ["Block", "Request", "blocks", "read", "replaced", "resolved", "spec"]

OPENING = "[attention]"
_MARK = re.compile(r"\[(/?)attention\]", re.IGNORECASE)  # phones begin a line with a capital
# Text that is no text: what it shows would be lost.
_REFUSED_NAMES = "audio canvas embed iframe img input math object select svg textarea video"
_REFUSED = frozenset(_REFUSED_NAMES.split())


@dataclass(frozen=True)
class Block:
    """A block in HTML, from `start` to before `end`: what it asks for, or a reason for a person why not.

    A reason is plain text in one line: escape it where it goes into HTML. A block without an end is no more
    than its `[attention]`. `kept` are tags in it that belong to what is around: `replaced` keeps them.
    """

    start: int
    end: int
    spec: Request | None
    reason: str = ""
    kept: str = ""


def blocks(html: str) -> list[Block]:
    """Find all blocks of a field or a card, in order. Never raises; takes time linear in the HTML."""
    if not _MARK.search(html):
        return []
    found: list[Block] = []
    room = MOST_TEXT
    for raw in _found(html):
        if len(found) >= MOST_BLOCKS:
            found.append(raw.block(None, f"a card may have {MOST_BLOCKS} blocks, and this is one more"))
        elif raw.fault:
            found.append(raw.block(None, raw.fault))
        else:
            text = "".join(raw.pieces)
            room -= len(text)
            found.append(_read(raw, text) if room >= 0 else raw.block(None, _TOO_LONG))
        if len(found) >= MOST_LISTED:
            break
    return found


_TOO_LONG = f"a card's blocks may have {MOST_TEXT:,} letters together, and this one goes beyond"
_NO_END = "[attention] has no [/attention]"


def replaced(html: str, write: Callable[[Block], str]) -> str:
    """Put what `write` makes of each block in its place.

    Where a block begins and ends in different elements, their tags stay, and what is around keeps its form.
    """
    made, at = [], 0
    for block in blocks(html):
        made += [html[at : block.start], write(block), block.kept]
        at = block.end
    return "".join((*made, html[at:]))


def spec(text: str) -> dict[str, Any]:
    """Give the specification that a block's text (without markup) asks for. Raises ValueError, saying why."""
    return resolved(read(text))


def _read(raw: _Raw, text: str) -> Block:
    try:
        return raw.block(read(unescaped(text)), "")
    except ValueError as fault:
        return raw.block(None, str(fault))


@dataclass
class _Raw:
    """A block while it is being found."""

    start: int
    end: int
    fault: str = ""
    pieces: list[str] = field(default_factory=list)
    open: list[tuple[str, str]] = field(default_factory=list)  # elements opened in the block
    count: dict[str, int] = field(default_factory=dict)  # of their names
    closed: list[str] = field(default_factory=list)  # end tags of elements that were opened before it

    def block(self, spec: Request | None, reason: str) -> Block:
        kept = "".join((*self.closed, *(tag for _, tag in self.open)))
        return Block(self.start, self.end, spec, reason, kept)

    def take(self, html: str, part: Part) -> None:
        """Take a tag into the block."""
        self.pieces.append(piece(html, part))
        if part.kind == "raw" or part.name in _REFUSED:
            self.fault = self.fault or f"<{part.name[:20]}> stands in the block, where only text may"
        if part.kind == "start" and part.name not in EMPTY:
            self.open.append((part.name, html[part.start : part.end]))
            self.count[part.name] = self.count.get(part.name, 0) + 1
        elif part.kind == "end" and self.count.get(part.name):
            name = ""
            while name != part.name:
                name, _ = self.open.pop()
                self.count[name] -= 1
        elif part.kind == "end" and part.name not in EMPTY:
            self.closed.append(html[part.start : part.end])


def _found(html: str) -> Iterator[_Raw]:
    raw: _Raw | None = None
    for part in parts(html):
        if part.kind != "text":
            if raw:
                raw.take(html, part)
            continue
        at = part.start
        for mark in _MARK.finditer(html, part.start, part.end):
            if not mark[1]:
                if raw:
                    yield _endless(raw)
                raw = _Raw(mark.start(), mark.end())
            elif raw:
                raw.pieces.append(html[at : mark.start()])
                raw.end = mark.end()
                yield raw
                raw = None
            at = mark.end()
        if raw:
            raw.pieces.append(html[at : part.end])
    if raw:
        yield _endless(raw)


def _endless(raw: _Raw) -> _Raw:
    return _Raw(raw.start, raw.start + len(OPENING), _NO_END)
