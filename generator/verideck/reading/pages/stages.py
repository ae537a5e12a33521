"""The stages of a pipeline page: a number glued to a name, a flow in one line, an example."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from verideck.reading.items import Line, Stage
from verideck.reading.pages import flows, shapes

_LABEL = re.compile(r"(?:stage|step)\s+", re.IGNORECASE)
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Staged:
    """A stage and its lines; `given_line` holds the flow, 0 where there is none."""

    stage: Stage
    line: int
    given_line: int
    note: str = ""
    unclear: str = ""
    last: int = 0  # the number of its last line


def read(lines: Sequence[Line]) -> tuple[list[Staged], list[Line]]:
    """Read the stages, and give the lines above the first one, which belong to none."""
    starts = _starts(lines)
    ends = [*(index for index, _, _ in starts), len(lines)][1:]
    above = list(lines[: starts[0][0]] if starts else lines)
    return [
        _stage(number, name, lines[index], [line for line in lines[index + 1 : end] if line.text.strip()])
        for (index, number, name), end in zip(starts, ends, strict=True)
    ], [line for line in above if line.text.strip()]


def _starts(lines: Sequence[Line]) -> list[tuple[int, int, str]]:
    """Find the lines that name a stage: the next number, or a later one, and a name instead of a shape."""
    found: list[tuple[int, int, str]] = []
    for index, line in enumerate(lines):
        expected = found[-1][1] + 1 if found else 1
        for number in (expected, expected + 1, expected + 2):
            name = _name(line.text, number)
            if name:
                found.append((index, number, name))
                break
    return found


def _name(text: str, number: int) -> str:
    """Give the name behind a stage's number (`2Self-Attention`, `Stage 2: …`); empty where there is none."""
    stripped = _LABEL.sub("", text.strip(), count=1)
    if not stripped.startswith(str(number)) or len(stripped) > _LONGEST_NAME:
        return ""
    name = stripped[len(str(number)) :]
    spaced = name[:1] in " \t.:)-"
    name = name.lstrip(" \t.:)-")
    named = name[:1].isupper() or (
        name[:1].isdigit() and not spaced and re.match(r"\d[A-Z]", name) is not None
    )
    if not named or shapes.is_shape(stripped) or name.endswith((".", "?")):
        return ""
    return "" if shapes.prefix(stripped) and flows.divide(stripped) and shapes.several(stripped) else name


def _stage(number: int, name: str, first: Line, below: Sequence[Line]) -> Staged:
    """Read the lines below a name: one glued flow or three cells, then the example."""
    last = below[-1].number if below else first.number
    flow, used = _flow([line.text for line in below])
    example = "\n".join(line.text.strip() for line in below[used:])
    if flow is None:
        rest = "\n".join(line.text.strip() for line in below)
        return Staged(Stage(number, name, "", "", "", rest), first.number, 0, last=last)
    stage = Stage(number, name, flow.taken, flow.operation, flow.given, example)
    return Staged(stage, first.number, below[used - 1].number, flow.note, flow.unclear, last)


def _flow(texts: Sequence[str]) -> tuple[flows.Flow | None, int]:
    """Take the flow from the lines, and count the lines it took."""
    if len(texts) >= 3 and shapes.is_shape(texts[0].strip()) and shapes.is_shape(texts[2].strip()):
        return flows.of_cells(*texts[:3]), 3
    flow = flows.divide(texts[0]) if texts else None
    return flow, 1 if flow else 0
