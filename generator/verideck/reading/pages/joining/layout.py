"""Lines put back, as a text: indented by four spaces, or as the file itself does where it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck.reading.pages.joining.search import Line, Way

STEP = 4


def laid_out(way: Way) -> str:
    """Give the text of a way's lines."""
    columns: list[int] = []
    found: list[str] = []
    lines = way.told()
    for number, line in enumerate(lines):
        del columns[line.depth + 1 :]
        while len(columns) <= line.depth:
            columns.append(_column(lines[number:], len(columns), columns))
        margin = " " * columns[line.depth]
        text = f"{line.text}  {line.comment}" if line.comment else line.text
        first, *rest = text.split("\n")
        found += [""] * line.blank
        found.append(margin + first)
        decorated = line.text.startswith("@")
        found += [margin + one if decorated else one for one in rest]
    return "\n".join(found)


def _column(lines: tuple[Line, ...], depth: int, above: list[int]) -> int:
    """Give the column of a block: the file's own, else one step in from the block around it."""
    for line in lines:
        if line.depth < depth:
            break
        if line.depth == depth and line.column is not None:
            return line.column
    return above[-1] + STEP if above else 0
