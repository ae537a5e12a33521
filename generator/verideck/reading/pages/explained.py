"""Explained pages: groups of question, code, hint and explanation of which no heading has survived.

Such a page has no mark of its own. It is taken for one only where whole groups make up most of it, and only
where no other family was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from verideck.cards import Kind, Location
from verideck.problems import Problem, warning
from verideck.reading.items import Fate, Item, Line, Lost
from verideck.reading.pages import codelike, groups, joined
from verideck.reading.pages.layouts import Found
from verideck.reading.pages.tokens import Token, TokenKind, lines_of

if TYPE_CHECKING:
    from verideck.reading.pages.groups import Group, Grouped

MARKS = (
    "a question, a hint that begins with `Think`, `Remember`, `Consider` or alike, and an explanation,"
    " again and again",
)
LAYOUT = "explained"
_ENOUGH = 0.5  # of the page's pieces
_LOOKED_AT = 2_000  # lines by which the page is known


def find(tokens: Sequence[Token]) -> Sequence[int]:
    """Give the page's first line where whole groups make up most of the page; nothing otherwise."""
    grouped = _grouped(_shown(tokens)[:_LOOKED_AT])
    whole = [group for group in grouped.groups if group.whole]
    covered = sum(_size(group) for group in whole)
    if not whole or covered < _ENOUGH * (sum(_size(group) for group in grouped.groups) + len(grouped.loose)):
        return ()
    return (tokens[0].line,)


def read(tokens: Sequence[Token], path: str) -> Found:
    """Read a page's groups; every line gets its fate."""
    shown = _shown(tokens)
    fates = dict.fromkeys((line.number for line in lines_of(tokens)), Fate.NOISE)
    grouped = _grouped(shown)
    fates.update(dict.fromkeys((line.number for line in shown if line.text.strip()), Fate.CARD))
    items, problems = [], []
    for group in grouped.groups:
        item, wrong = _item(group, path)
        items.append(item)
        problems += wrong
    for piece in grouped.loose:
        fates.update(dict.fromkeys((line.number for line in piece.lines), Fate.PROBLEM))
        at = Location(path, piece.lines[0].number)
        problems.append(
            warning(at, "this line belongs to no question", "write it into the question it belongs to")
        )
    return Found(tuple(items), tuple(problems), fates)


def _shown(tokens: Sequence[Token]) -> list[Line]:
    """Give the lines that are no noise; blank ones stay, as they may stand in code."""
    noise = {
        token.line for token in tokens if token.whole and token.kind in (TokenKind.NOISE, TokenKind.TITLE)
    }
    kept = {token.line for token in tokens if token.raw[:1].isspace()}
    return [line for line in lines_of(tokens) if line.number not in noise - kept]


def _grouped(lines: Sequence[Line]) -> Grouped:
    return groups.group(groups.pieces(lines))


def _size(group: Group) -> int:
    parts = (group.question, group.code, group.hint, group.explanation)
    return sum(part is not None for part in parts) + len(group.options)


def _item(group: Group, path: str) -> tuple[Item, list[Problem]]:
    """Make an item of a group, and say what the page lost of it."""
    line = group.question.lines[0].number
    restored = joined.restore(group.code.text) if group.code else None
    code_line = group.code.lines[0].number if group.code else 0
    lost = (Lost.KEY,) if group.options else (Lost.OPTIONS, Lost.KEY)
    item = Item(
        layout=LAYOUT,
        line=line,
        kind=Kind.CHOICE,
        question=group.question.text,
        code=restored.code if restored else "",
        language=codelike.language(restored.code) if restored else "",
        code_line=code_line,
        joined=restored.joined if restored else False,
        readings=restored.readings if restored else (),
        options=group.options,
        hint=group.hint.text if group.hint else "",
        explanation=group.explanation.text if group.explanation else "",
        explanation_line=group.explanation.lines[0].number if group.explanation else 0,
        lost=lost,
    )
    problems = [_lost(item, path)]
    for said in restored.ambiguous if restored else ():
        message = f"the joined code can be read in two ways: {said}"
        problems.append(warning(Location(path, code_line), message, "look at its line breaks"))
    if group.explanation is None:
        problems.append(
            warning(Location(path, line), "the explanation is lost", "write why the right option is right")
        )
    return item, problems


def _lost(item: Item, path: str) -> Problem:
    if item.options:
        return warning(Location(path, item.line), "the key is lost", "tick the right option")
    return warning(
        Location(path, item.line),
        "the options and the key are lost",
        "write the options and tick the right one",
    )
