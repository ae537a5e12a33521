"""What the scanner finds at column 0 of a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck.reading.passages import Line


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines; a block of no other type is text: paragraphs, plain lists, tables."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        """Give the line on which the block opens."""
        return self.lines[0]


@dataclass(frozen=True, slots=True)
class Blank(Block):
    """One blank line."""


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading: its level and its text, closing hashes dropped."""

    level: int
    title: Line


@dataclass(frozen=True, slots=True)
class Separator(Block):
    """A `---` under a blank line."""


@dataclass(frozen=True, slots=True)
class Comment(Block):
    """An HTML comment on a line of its own: the text inside it."""

    content: Line


@dataclass(frozen=True, slots=True)
class Fenced(Block):
    """A code fence: its info string and the lines inside it."""

    info: str
    code: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """Lines that begin with `>`, alerts among them."""


@dataclass(frozen=True, slots=True)
class Box(Block):
    """An item with a tick box: its first paragraph and the indented text below that."""

    ticked: bool
    text: tuple[Line, ...]
    reason: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Text(Block):
    """Lines without a blank one among them that are none of the above."""
