"""Which block a statement belongs to where its indentation is lost: every place that it may have.

The costs weigh habits of people who write Python against each other; what differs by little is a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck.reading.pages.joining.statements import Statement

NEVER = 99.0
UNREACHED = 6.0
# The headers that go on with an older one, and which.
PAIRS = {
    "elif": ("if", "elif", "main"), "else": ("if", "elif", "main", "except", "for", "while"),
    "except": ("try", "except"), "finally": ("try", "except", "else"),
}  # fmt: skip
LOOPS = ("for", "while")


@dataclass(frozen=True, slots=True)
class Block:
    """An open block; `column` is where the file itself indents its statements, None where it does not say."""

    sort: str = "module"
    column: int | None = None
    bound: frozenset[str] = frozenset()
    ended: bool = False
    count: int = 0
    methods: bool = False
    name: str = ""
    target: frozenset[str] = frozenset()  # what `with … as` binds


def places(
    stack: tuple[Block, ...], statement: Statement, column: int | None, *, final: bool
) -> Iterator[tuple[int, float]]:
    """Give the depths at which a statement may stand, with their costs; 0 is the module.

    `final` says that nothing follows it.
    """
    top = len(stack) - 1
    pairs = PAIRS.get(statement.sort, ()) if statement.header else ()
    passed = 0
    for depth in range(top, -1, -1):
        if depth < top and not stack[depth + 1].count:
            return  # a header needs a body
        if depth < top and stack[depth + 1].sort == "try" and statement.sort not in ("except", "finally"):
            return  # nothing else ends it
        if pairs:
            if depth == top or stack[depth + 1].sort not in pairs:
                continue
            cost = 3.0 if stack[depth + 1].sort in LOOPS else 0.0
            cost += 0.5 * passed
            passed += 1
        else:
            cost = _cost(stack, depth, statement)
            cost += 0.3 if final and depth and not _uses(stack[depth], statement) else 0.0
        if cost < NEVER and _fits(stack, depth, column):
            yield depth, cost


def _fits(stack: tuple[Block, ...], depth: int, column: int | None) -> bool:
    if column is None:
        return True
    known = stack[depth].column
    if known is not None:
        return known == column
    above = next((block.column for block in reversed(stack[:depth]) if block.column is not None), -1)
    return column > above


def _cost(stack: tuple[Block, ...], depth: int, statement: Statement) -> float:
    inside = stack[1 : depth + 1]
    if statement.sort == "Return" and not any(block.sort == "def" for block in inside):
        return NEVER
    if statement.sort in ("Break", "Continue") and not _in_loop(inside):
        return NEVER
    if statement.text == "raise" and not any(block.sort == "except" for block in inside):
        return NEVER
    if stack[depth].sort == "match" or (statement.sort == "case" and stack[depth].sort != "match"):
        return 0.0 if stack[depth].sort == "match" and statement.sort == "case" else NEVER
    cost = UNREACHED if stack[depth].ended else 0.0
    cost += sum(_leaving(block, statement) for block in stack[depth + 1 :])
    if stack[depth].count and depth:
        cost += _staying(stack[depth], statement)
    if statement.sort == "Pass" and stack[depth].count:
        cost += 2.0
    if any(block.sort == "def" and block.name in statement.reads for block in inside):
        cost += 0.8 if statement.sort != "Return" else 0.0  # a function seldom calls itself in passing
    return cost + _function(stack, depth, statement)


def _in_loop(inside: tuple[Block, ...]) -> bool:
    for block in reversed(inside):
        if block.sort in ("def", "class"):
            return False
        if block.sort in LOOPS:
            return True
    return False


def _function(stack: tuple[Block, ...], depth: int, statement: Statement) -> float:
    """Weigh where a function is defined: methods in classes, others not."""
    if statement.sort not in ("def", "class"):
        return 0.0
    method = statement.parameters[:1] in (("self",), ("cls",))
    home = stack[depth].sort
    if statement.sort == "class":
        return 2.5 if home in ("class", "def") else 0.0
    if home == "class":
        return 0.0 if method or statement.decorated else 1.5
    if method:
        return 4.0
    return 1.5 if home == "def" and stack[depth].count else 0.0


def _uses(block: Block, statement: Statement) -> bool:
    return bool(block.bound & (statement.reads | statement.binds)) or "super" in statement.reads


def _staying(block: Block, statement: Statement) -> float:
    uses = _uses(block, statement)
    assigns = statement.sort in ("Assign", "AugAssign", "AnnAssign") or statement.header
    match block.sort:
        case "def":
            return 0.0 if uses or statement.sort in ("Return", "Yield") else 0.6 if assigns else 1.0
        case "class":
            return _staying_in_class(block, statement)
        case "for" | "while":
            again = bool(statement.reads & statement.binds)  # it counts, or adds up
            return 0.0 if uses or again else 0.2 if assigns else 0.5 if statement.root == "print" else 0.3
        case "with":
            return 0.0 if block.target & statement.reads else 0.2 if assigns else 0.6
        case "main":
            return 0.0
    return 0.6


def _staying_in_class(block: Block, statement: Statement) -> float:
    if statement.sort in ("def", "AnnAssign"):
        return 0.0
    if statement.sort == "Assign":
        return 2.0 if block.methods else 0.3
    return 3.0


def _leaving(block: Block, statement: Statement) -> float:
    method = statement.parameters[:1] in (("self",), ("cls",))
    match block.sort:
        case "def":
            return 0.0 if block.ended else 0.1 if statement.header else 0.5
        case "class":
            if method:
                return 0.0  # said where it is placed
            return 2.5 if statement.sort == "AnnAssign" else 0.0 if block.methods else 0.5
        case "with":
            if block.target & statement.reads:
                return 1.5
            return 0.4 if statement.sort in ("Assign", "AugAssign") else 0.1
        case "for" | "while":
            return (
                0.4
                if statement.sort == "Assign"
                else 0.3
                if statement.calls and statement.root != "print"
                else 0.1
            )
        case "main":
            return 1.5
    return 0.1


def put(stack: tuple[Block, ...], depth: int, statement: Statement, column: int | None) -> tuple[Block, ...]:
    """Give the open blocks once a statement stands at a depth."""
    kept = list(stack[: depth + 1])
    for left in stack[depth + 1 :]:
        if left.sort not in ("def", "class"):
            kept[-1] = replace(kept[-1], bound=kept[-1].bound | left.bound)
    home = kept[-1]
    outer = (
        frozenset().union(*(block.bound for block in kept[:-1]))
        if home.sort not in ("def", "class")
        else frozenset()
    )
    kept[-1] = replace(
        home,
        column=home.column if column is None else column,
        count=home.count + 1,
        bound=home.bound | (statement.binds - outer),
        ended=home.ended or statement.leaves,
        methods=home.methods or statement.sort == "def",
    )
    if statement.header:
        bound = frozenset(statement.parameters) if statement.sort == "def" else statement.binds
        target = statement.binds if statement.sort == "with" else frozenset()
        if statement.sort == "class":
            bound = frozenset()
        kept.append(Block(statement.sort, bound=bound, name=statement.name, target=target))
    return tuple(kept)
