"""A stage's flow, its three cells glued into one line: input shape, operation, output shape.

`1 x 10 x 64Calculate scores1 x 10 x 10 (matrix)` has its cells put apart where a shape ends and words begin
without a space, and the other way round. Digits can be glued, too (`to 51 x 10`): what is unclear is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from verideck.reading.pages import shapes

_ARROWS = re.compile(r"[ ]*(?:\t+|→|->|⟶|=>|[ ]\|[ ])[ ]*")
_GLUE = re.compile(r"(?<=[a-z0-9)\]'\"%])(?=[A-Z\[(\"'])")
_SHAPE_OPENS = re.compile(
    r"torch\.Size|[(\[]|[1-9]|(?=(?:None|(?<![A-Z])[NBTLDHWCKV?]|batch|seq)[a-z_ ]{0,12}(?<!x)[ ]?[x×,])"
)
_JOINING = re.compile(r"(?:(?<![A-Za-z])[x×✕*X][ ]?|[ ](?:by|with|and|or|plus)[ ]|, ?|\()\Z")
_SPACED, _GLUED, _IN_NUMBER = "spaced", "glued", "in a number"


@dataclass(frozen=True, slots=True)
class Flow:
    """One stage's cells; `unclear` says in words which cut between them could be another one."""

    taken: str
    operation: str
    given: str
    note: str = ""
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class _Cut:
    at: int
    manner: str


def divide(text: str) -> Flow | None:
    """Put the cells of a line apart; None where it holds no such cells."""
    text = text.strip(" ")
    if len(text) > shapes.LONGEST:
        return None
    return _by_marks(text) or _by_shapes(text) or _by_glue(text)


def of_cells(taken: str, operation: str, given: str) -> Flow:
    """Make a flow of cells that the page keeps apart."""
    shape = shapes.printed(given.strip())
    return Flow(taken.strip(), operation.strip(), shape.text, shape.note)


def _by_marks(text: str) -> Flow | None:
    """Take cells that stand apart by tabs or arrows."""
    cells = [cell for cell in _ARROWS.split(text) if cell.strip()]
    return of_cells(*cells) if len(cells) == 3 else None


def _by_shapes(text: str) -> Flow | None:
    """Cut behind the shape in front and before the shape at the end, the surest cut first."""
    first = _cut_in_front(text)
    cuts = _cuts_at_end(text, first)
    if not first or not cuts:
        return None
    taken = text[:first].strip()
    chosen = _choice(text, taken, cuts)
    flow = of_cells(taken, text[first : chosen.at], text[chosen.at :])
    other = None if chosen == _first_glued(cuts) else next((cut for cut in cuts if cut != chosen), None)
    said = "" if other is None else f"the output could be `{text[other.at :].strip()}`, too"
    return Flow(flow.taken, flow.operation, flow.given, flow.note, said)


def _cut_in_front(text: str) -> int:
    """Give where the first cell ends: behind a shape, or behind words that a capital is glued to."""
    end = shapes.prefix(text)
    if end and (end == len(text) or not text[end].islower() or text[end - 1].isdigit()):
        return end
    glue = _GLUE.search(text)
    return glue.start() if glue else 0


def _cuts_at_end(text: str, start: int) -> list[_Cut]:
    """Find where a shape begins that reaches to the line's end, from left to right."""
    cuts: list[_Cut] = []
    for found in _SHAPE_OPENS.finditer(text, start):
        at = found.start()
        before = text[start:at]
        if not before.strip() or _JOINING.search(before) or not shapes.is_shape(text[at:]):
            continue
        last = text[at - 1]
        manner = _SPACED if last == " " else _GLUED if last.isalpha() or last in ")]%'\"" else _IN_NUMBER
        if manner == _GLUED or shapes.several(text[at:]):
            cuts.append(_Cut(at, manner))
    return cuts


def _first_glued(cuts: list[_Cut]) -> _Cut | None:
    return next((cut for cut in cuts if cut.manner == _GLUED), None)


def _choice(text: str, taken: str, cuts: list[_Cut]) -> _Cut:
    """Choose the first cut where words end without a space, unless only another keeps the input's batch."""
    batch = shapes.first_dimension(taken)
    kept = [cut for cut in cuts if shapes.first_dimension(text[cut.at :]) == batch]
    glued = _first_glued(cuts)
    if glued and (glued in kept or not any(cut.manner == _IN_NUMBER for cut in kept)):
        return glued
    return (kept or cuts)[0]


def _by_glue(text: str) -> Flow | None:
    """Cut where words are glued, if there are just two such places: `Raw textSplit into wordsA list`."""
    places = [found.start() for found in _GLUE.finditer(text)]
    if len(places) != 2:
        return None
    one, two = places
    flow = of_cells(text[:one], text[one:two], text[two:])
    return Flow(
        flow.taken, flow.operation, flow.given, flow.note, "the cells have no shape to tell them apart by"
    )
