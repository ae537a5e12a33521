"""Reads matrices in lines: CSV, a spreadsheet's cells, Markdown tables, plain spaces.

What separates the cells is decided from the whole text: of the separators that occur, the first under which
all cells are numbers, but for a row of tokens above them and a column of tokens before them. Blank lines part
heads. Linear in the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..reading.json_text import short
from . import cells, numbers
from .faults import PasteError

if TYPE_CHECKING:
    from .cells import Cell, Row

_SEPARATORS = {"\t": "tab-separated", ";": "CSV with semicolons", ",": "CSV", " ": "numbers in lines"}
_CORNERS = frozenset({"", "query", "queries", "token", "tokens", "index", "unnamed: 0", "#", "query ↓"})


@dataclass(frozen=True)
class Table:
    """A matrix found: [heads][queries][keys], the tokens beside and above it, what parted cells."""

    weights: list[list[list[float]]]
    queries: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    format: str = ""


def read(text: str) -> Table:
    """Read a matrix in lines. Raises PasteError."""
    lines = cells.lines(text)
    filled = [line for line, _ in lines if line.strip()]
    if not filled:
        raise PasteError(text, 0, "there is nothing here yet")
    if all("|" in line for line in filled):
        blocks = cells.blocks(lines, text, "|")
        return _table(text, blocks, "Markdown table")
    faults: list[tuple[float, int, PasteError]] = []
    for separator, name in _SEPARATORS.items():
        if separator == " " or any(separator in line for line in filled):
            blocks = cells.blocks(lines, text, separator)
            try:
                return _table(text, blocks, name)
            except PasteError as fault:
                # Where other separators occur, spaces are hardly what was meant.
                share = _numeric(blocks) / (2 if separator == " " and faults else 1)
                faults.append((share, -len(faults), fault))
    raise max(faults, key=lambda tried: tried[:2])[2]


def _numeric(blocks: list[list[Row]]) -> float:
    """Give the share of cells that are numbers: the separator under which it is largest was meant."""
    every = [cell for block in blocks for row in block for cell in row]
    good = sum(_number(cell, comma=True) is not None for cell in every)
    # A line that was not cut at all says nothing for its separator.
    return good / max(1, len(every)) if any(len(row) > 1 for block in blocks for row in block) else 0.0


def _number(cell: Cell, *, comma: bool) -> float | None:
    try:
        return numbers.cell(cell.text, comma=comma)
    except ValueError:
        return 0.0  # a number, but too large: told when it is read


def _table(text: str, blocks: list[list[Row]], name: str) -> Table:
    if not blocks:
        raise PasteError(text, 0, "there are no numbers here")
    comma = name != "CSV"
    if name == _SEPARATORS[" "] and len(blocks[0][0]) == 1 and "," in blocks[0][0][0].text:
        raise PasteError(text, blocks[0][0][0].at, "no spaces part these numbers")  # but commas do
    if len(blocks) > 1 and all(len(block) == 1 for block in blocks):
        blocks = [[row for block in blocks for row in block]]  # every second line is blank
    keys = _header(blocks[0], comma)
    bodies = [_body(text, block, keys, first=block is blocks[0]) for block in blocks]
    width = len(bodies[0][0])
    labels = [_labelled(body, keys, comma) for body in bodies]
    heads = [_head(text, body, labelled, width, comma) for body, labelled in zip(bodies, labels, strict=True)]
    for number, (head, body) in enumerate(zip(heads, bodies, strict=True), 1):
        if (len(head), len(head[0])) != (len(heads[0]), len(heads[0][0])):
            reason = f"{len(head)} rows, the first has {len(heads[0])}; blank lines part heads"
            raise PasteError(text, body[0][0].at, f"head {number} has {reason}")
    queries = [row[0].text for row in bodies[0]] if labels[0] else []
    columns = [cell.text for cell in keys]
    if len(columns) == len(heads[0][0]) + 1 and queries:
        columns = columns[1:]
    if columns and len(columns) != len(heads[0][0]):
        reason = f"{len(columns)} tokens stand above {len(heads[0][0])} columns"
        raise PasteError(text, keys[0].at, reason)
    return Table(heads, queries, columns, name)


def _body(text: str, block: list[Row], keys: Row, *, first: bool) -> list[Row]:
    """Take off the row of tokens, which other heads may have again."""
    again = [cell.text for cell in block[0]] == [cell.text for cell in keys]
    body = block[1:] if keys and (first or again) else block
    if not body:
        raise PasteError(text, block[0][0].at if block[0] else 0, "no numbers stand below these tokens")
    return body


def _header(block: list[Row], comma: bool) -> Row:
    """Give the row of tokens above the numbers; empty where there is none."""
    first = block[0]
    if len(block) < 2:
        return []
    texts = [cell for cell in first if _number(cell, comma=comma) is None]
    if len(first) == len(block[1]) > 1 and _is_corner(first[0]):
        return first if all(cell in texts or cell.text.isdigit() for cell in first) else []
    # One word among numbers is a slip of the hand.
    if len(texts) * 2 > len(first) or (texts and len(first) == len(block[1]) - 1):
        return first
    return []


def _is_corner(cell: Cell) -> bool:
    """Tell whether a cell is what stands where a row of tokens meets a column of them."""
    return cell.text.strip().lower() in _CORNERS


def _labelled(body: list[Row], keys: Row, comma: bool) -> bool:
    """Tell whether the first column holds tokens."""
    if all(len(row) < 2 for row in body):
        return False
    if keys:
        if len(keys) == len(body[0]) - 1:
            return True
        if len(keys) == len(body[0]) and _is_corner(keys[0]):
            return True
    texts = sum(bool(row) and _number(row[0], comma=comma) is None for row in body)
    return texts * 2 > len(body)


def _head(text: str, body: list[Row], labelled: bool, width: int, comma: bool) -> list[list[float]]:
    head = []
    if width <= labelled:
        raise PasteError(text, body[0][0].at if body[0] else 0, "there are no numbers here")
    for row in body:
        if len(row) != width:
            at = row[0].at if row else 0
            here, usual = len(row) - labelled, width - labelled
            raise PasteError(
                text, at, f"this row has {here} number{'' if here == 1 else 's'}, the first has {usual}"
            )
        head.append([_weight(text, cell, comma) for cell in row[labelled:]])
    return head


def _weight(text: str, cell: Cell, comma: bool) -> float:
    try:
        number = numbers.cell(cell.text, comma=comma)
    except ValueError as fault:
        raise PasteError(text, cell.at, str(fault)) from None
    if number is not None:
        return number
    if not cell.text:
        raise PasteError(text, cell.at, "this cell is empty")
    if numbers.ENDLESS.fullmatch(cell.text):
        raise PasteError(text, cell.at, numbers.endless(cell.text))
    if cell.text in ("...", "…"):
        raise PasteError(text, cell.at, "rows or columns were left out (`...`): copy the whole table")
    raise PasteError(text, cell.at, f"`{short(cell.text)}` is not a number")
