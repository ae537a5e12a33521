"""What a page's layout is: its marks, how it is found on a page, how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from verideck.reading.pages.tokens import Token, TokenKind

if TYPE_CHECKING:
    from verideck.problems import Problem
    from verideck.reading.items import Fate, Item

_BEFORE_A_START = frozenset({TokenKind.BLANK, TokenKind.NOISE, TokenKind.TITLE})


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader made of its part of a page; `fates` by line number.

    A line without a fate is unaccounted for, except that a blank line is noise.
    """

    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()
    fates: Mapping[int, Fate] = field(default_factory=lambda: MappingProxyType({}))
    title: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A family of pages.

    `marks` are told to a person whose page has none of them. `find` gives the numbers of the lines where this
    family begins on a page, in order, none where the page is not of this family; `read` reads its part of
    the page. A `last_resort` is looked for only where no other layout is found.
    """

    name: str
    marks: tuple[str, ...]
    find: Callable[[Sequence[Token]], Sequence[int]]
    read: Callable[[Sequence[Token], str], Found]
    last_resort: bool = False


def start(tokens: Sequence[Token], index: int) -> int:
    """Give the line where a part begins whose first mark is token `index`; noise and titles above are its."""
    while index > 0 and tokens[index - 1].kind in _BEFORE_A_START:
        index -= 1
    while tokens[index].kind is TokenKind.BLANK:
        index += 1
    return tokens[index].line
