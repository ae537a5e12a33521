"""The likeliest ways to read joined code: statement after statement, with the blocks that are open.

Each place of the text keeps the few best ways to it, so the work grows with the text and not with the number
of ways through it.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verideck.reading.pages.joining import blocks
from verideck.reading.pages.joining.blocks import Block
from verideck.reading.pages.joining.lexing import Code, Sort, Token
from verideck.reading.pages.joining.statements import KNOWN, Statement

if TYPE_CHECKING:
    from verideck.reading.pages.joining.candidates import Candidate, Finder

KEPT = 24  # ways to one place
PLACING = 4  # as much work as walking over so many tokens
WORSE = 6.0  # by how much one may cost more than the best to be followed
UNKNOWN, FORGOTTEN, LOOPED = 1.5, 3.0, 0.3  # a name that nothing binds; of a function's inside; of a loop's


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is put back: a statement, or a comment alone. `comment` stands behind it."""

    text: str
    depth: int
    start: int
    block: str = ""  # the block that it stands in
    comment: str = ""
    column: int | None = None
    blank: int = 0  # empty lines above it in the file


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read the text up to a place. `lines` is a chain, the last line first."""

    place: int = 0
    cost: float = 0.0
    stack: tuple[Block, ...] = (Block(),)
    lines: tuple[object, ...] = ()
    left: frozenset[str] = frozenset()  # names of functions' insides that were left
    looped: frozenset[str] = frozenset()  # names of loops that were left
    above: tuple[str, ...] = ()  # comments that wait for the statement below them
    fresh: bool = True  # a line of the file begins here
    blank: int = 0

    def told(self) -> tuple[Line, ...]:
        """Give the lines in order."""
        found, chain = [], self.lines
        while chain:
            found.append(chain[0])
            chain = chain[1]  # type: ignore[assignment]  # a chain's second part is the chain before
        return tuple(reversed(found))  # type: ignore[arg-type]


def ways(code: Code, finder: Finder, *, indented: bool) -> list[Way]:
    """Give the ways through the whole text, the likeliest first; none where it is not Python.

    `indented` says that the file kept its indentation, so that a line's own column counts.
    """
    best: dict[int, list[Way]] = {0: [Way()]}
    queue = [0]
    while queue:
        place = heapq.heappop(queue)
        if place >= len(code.text):
            return sorted(_finished(best[place]), key=lambda way: way.cost)
        for way in _kept(best.pop(place)):
            for following in _steps(code, finder, way, indented):
                if following.place not in best:
                    best[following.place] = []
                    heapq.heappush(queue, following.place)
                best[following.place].append(following)
    return []


def _kept(found: list[Way]) -> list[Way]:
    found = sorted(found, key=lambda way: way.cost)
    return [way for way in found[:KEPT] if way.cost <= found[0].cost + WORSE]


def _finished(found: list[Way]) -> list[Way]:
    return [
        _with_comments(way, 0)
        for way in found
        if way.stack[-1].count and not any(block.sort == "try" for block in way.stack)
    ]


def _steps(code: Code, finder: Finder, way: Way, indented: bool) -> list[Way]:
    token = code.token(way.place)
    if token is None:
        return []
    match token.sort:
        case Sort.END:
            return [replace(way, place=len(code.text))]
        case Sort.BREAK:
            new = token.text == "\n"
            blank = way.blank + (new and way.fresh and way.place > 0)
            return [replace(way, place=token.end, fresh=way.fresh or new, blank=blank)]
        case Sort.COMMENT:
            return [_commented(code, way, token, end, cost) for end, cost in finder.resumed(token)]
    found = []
    column = _column(code, token) if indented and way.fresh else None
    for candidate in finder.at(token.start):
        found += _placed(code, finder, way, token, candidate, column)
    return found


def _column(code: Code, token: Token) -> int:
    return token.start - code.text.rfind("\n", 0, token.start) - 1


def _commented(code: Code, way: Way, token: Token, end: int, cost: float) -> Way:
    """Take a comment in: behind the statement of its line, or above the one that follows."""
    text = code.text[token.start : end].rstrip()
    way = replace(way, place=end, cost=way.cost + cost)
    if way.fresh or not way.lines:
        return replace(way, above=(*way.above, text), fresh=way.fresh and end == code.line_end(token.end))
    last, before = way.lines
    joined = replace(last, comment=f"{last.comment}  {text}".strip())  # type: ignore[type-var, attr-defined]
    return replace(way, lines=(joined, before))


def _placed(
    code: Code, finder: Finder, way: Way, token: Token, candidate: Candidate, column: int | None
) -> list[Way]:
    statement = candidate.statement
    cost = candidate.cost + statement.cost + 0.05
    if not _ends_here(code, candidate.end):
        cost += statement.last
    elif way.fresh and _hard(code, candidate.end):
        cost = 0.0  # a line that the file keeps as it is
    if (
        statement.last > 5
        and not way.fresh
        and (not _ends_here(code, candidate.end) or not _is_bound(way, statement.root))
    ):
        return []  # a lone word within a line is no Python of today
    if statement.sort == "Text" and way.stack[-1].count:
        cost += 2.0  # no docstring
    final = not code.text[candidate.end :].strip(" ;")
    found = []
    for depth, placing in blocks.places(way.stack, statement, column, final=final):
        finder.walk(PLACING)
        found.append(_put(way, statement, token, candidate.end, depth, cost + placing, column))
    return found


def _ends_here(code: Code, end: int) -> bool:
    """Tell whether nothing but comments and space follows on the same line."""
    following = code.token(end)
    return following is not None and (following.sort in (Sort.END, Sort.COMMENT) or following.text == "\n")


def _hard(code: Code, end: int) -> bool:
    following = code.token(end)
    return following is not None and following.sort is not Sort.COMMENT


def _is_bound(way: Way, name: str) -> bool:
    return any(name in block.bound for block in way.stack)


def _put(
    way: Way, statement: Statement, token: Token, end: int, depth: int, cost: float, column: int | None
) -> Way:
    stack = way.stack
    looped, left = way.looped, way.left
    for block in stack[depth + 1 :]:
        outer = frozenset().union(*(one.bound for one in stack[: depth + 1]))
        if block.sort == "def":
            left |= block.bound - outer
        elif block.sort in blocks.LOOPS:
            looped |= block.bound - outer
    bound = _bound(stack[: depth + 1])
    for block in stack[depth + 1 :]:
        bound |= block.bound if block.sort not in ("def", "class", *blocks.LOOPS) else frozenset()
    missing = statement.reads - bound - KNOWN - looped
    left |= _unfinished(stack[: depth + 1])
    cost += sum(FORGOTTEN if name in left else UNKNOWN for name in missing)
    used = statement.reads & looped - bound
    cost += LOOPED * len(used)
    stack = blocks.put(stack, depth, statement, column)
    known = replace(stack[0], bound=stack[0].bound | missing | used)
    lines = _lines(way, statement, token, depth, way.stack[depth].sort, column)
    looped -= used | statement.binds
    return Way(end, way.cost + cost, (known, *stack[1:]), lines, left - missing, looped, fresh=False)


def _bound(stack: tuple[Block, ...]) -> frozenset[str]:
    """Give the names that a statement may read in the innermost of the open blocks."""
    seen = [block for n, block in enumerate(stack) if block.sort != "class" or n == len(stack) - 1]
    return frozenset().union(*(block.bound for block in seen)) - _unfinished(stack)


def _unfinished(stack: tuple[Block, ...]) -> frozenset[str]:
    """Give the classes whose own body is open, bound when it ends, and what methods alone know."""
    names: set[str] = set()
    for block in reversed(stack):
        if block.sort == "def":
            return frozenset()
        if block.sort == "class":
            names |= {block.name, "self", "cls"}
    return frozenset(names)


def _lines(
    way: Way, statement: Statement, token: Token, depth: int, block: str, column: int | None
) -> tuple[object, ...]:
    way = _with_comments(way, depth)
    blank = 0 if way.above else way.blank
    return (Line(statement.text, depth, token.start, block, column=column, blank=blank), way.lines)


def _with_comments(way: Way, depth: int) -> Way:
    """Put the comments that wait on lines of their own."""
    lines = way.lines
    for number, text in enumerate(way.above):
        lines = (Line(text, depth, -1, blank=way.blank if not number else 0), lines)
    return replace(way, lines=lines, above=(), blank=0 if way.above else way.blank)
