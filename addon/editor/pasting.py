r"""A pasted text to a matrix of weights, whoever printed it.

| text | example |
|---|---|
| JSON, Python | `[[0.7, 0.3], [0.2, 0.8]]`, `((0.7, 0.3), (0.2, 0.8))` |
| a block's JSON | `{"tokens": ["a", "b"], "weights": [[1, 0], [0.5, 0.5]]}`, its tags around it or not |
| NumPy | `[[0.7 0.3]\n [0.2 0.8]]`, `array([[…]], dtype=float32)` |
| torch | `tensor([[…]], grad_fn=<SoftmaxBackward0>)`, also with a factor `1.0e-03 *` |
| CSV, a spreadsheet | with or without a row and a column of tokens; `0,5` where `;` or tabs separate |
| Markdown | a table with pipes |
| plain | numbers in lines |

Three brackets, or blank lines between tables, make heads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..reading import blocks
from ..reading.limits import MOST_CELLS, MOST_HEADS
from . import literals, tables
from .faults import PasteError

MOST_TEXT = 3_000_000  # letters

_TAGS = re.compile(r"\s*\[attention\](.*?)(?:\[/attention\]\s*)?\Z", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Pasted:
    """What was found: weights [heads][queries][keys], tokens if there were some, and what wrote the text.

    `spec` is there where the text was a block: all that the block says.
    """

    weights: list[list[list[float]]]
    queries: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    format: str = ""
    spec: Mapping[str, Any] | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Give the numbers of heads, rows and columns."""
        return len(self.weights), len(self.weights[0]), len(self.weights[0][0])


def pasted(text: str) -> Pasted:
    """Read a text. Raises PasteError, a ValueError that knows the line and the column."""
    if len(text) > MOST_TEXT:
        raise PasteError(text, 0, f"this is more than {MOST_TEXT:,} letters, which is the most that is read")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise PasteError(text, 0, "there is nothing here yet")
    tagged = _TAGS.match(text)
    if tagged or text.lstrip().startswith("{"):
        return _block(text, tagged[1] if tagged else text, tagged.start(1) if tagged else 0)
    if literals.looks_like(text):
        literal = literals.read(text)
        found = Pasted(literal.weights, format=literal.format)
    else:
        table = tables.read(text)
        found = Pasted(table.weights, table.queries, table.keys, table.format)
    heads, rows, columns = found.shape
    if heads > MOST_HEADS:
        raise PasteError(text, 0, f"{heads} heads are more than the {MOST_HEADS} that are drawn")
    if heads * rows * columns > MOST_CELLS:
        raise PasteError(text, 0, f"more than {MOST_CELLS:,} numbers, which is the most that is drawn")
    return found


def _block(text: str, inner: str, at: int) -> Pasted:
    try:
        spec = blocks.spec(inner)
    except ValueError as fault:
        reason = str(fault)
        where = re.match(r"line (\d+), column (\d+): ", reason)
        if where:  # of the inner text
            lines = inner.split("\n")
            line = min(int(where[1]), len(lines))
            at += sum(len(before) + 1 for before in lines[: line - 1]) + int(where[2]) - 1
            reason = reason[where.end() :]
        raise PasteError(text, at, reason) from None
    return Pasted(spec["weights"], list(spec["queries"]), list(spec["keys"]), "attention block", spec)
