"""A training's trace on a pipeline page: a chart drawn with letters, a table whose columns are glued."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from verideck.reading.items import Fate, Line, Trace
from verideck.reading.pages import charts, training
from verideck.reading.pages.charts import Chart
from verideck.reading.pages.training import Reading, Table

_CAPTION = re.compile(r"(?:[A-Za-z][\w ()%-]{0,30})[ ]*[↓↑]?:?")


@dataclass(frozen=True, slots=True)
class Read:
    """A trace, the metrics of its table, its rows' answer text; what is wrong is (line, message, hint)."""

    trace: Trace
    metrics: tuple[str, ...]
    line: int
    answer: str
    wrong: tuple[tuple[int, str, str], ...]
    fates: dict[int, Fate]


@dataclass(frozen=True, slots=True)
class _Drawn:
    caption: str
    chart: Chart


def read(lines: Sequence[Line]) -> Read:
    """Read the lines of a training section; every line gets its fate."""
    fates = {line.number: Fate.NOISE for line in lines if not line.text.strip()}
    drawn, header, rows = _parts(lines, fates)
    names = training.metrics(header.text.strip()) or () if header else ()
    chart = _of_loss(drawn)
    table = training.read(names, [line.text for line in rows], chart.labels) if names else Table((), ())
    wrong = []
    for line, row in zip(rows, table.rows, strict=True):
        fates[line.number] = Fate.CARD if row else Fate.PROBLEM
        if row is None:
            wrong.append(
                (line.number, "this row's figures cannot be told apart", "write them into the answer")
            )
        elif row.others:
            others = " or ".join(f"`{_figures(other, names)}`" for other in row.others[:3])
            said = (
                f"the row's glued figures are read as `{_figures(row.reading, names)}`, but could be {others}"
            )
            wrong.append((line.number, said, "compare them with the original page"))
    trace = Trace(
        tuple(_row(row, names) for row in table.rows if row), chart.heights, chart.labels, chart.step
    )
    answer = "\n\n".join(_sentence(row, names) for row in table.rows if row)
    first = header.number if header else next((line.number for line in lines if line.text.strip()), 0)
    for line in lines:
        if line.number not in fates:
            fates[line.number] = Fate.PROBLEM
            wrong.append((line.number, "this line belongs to neither the chart nor the table", ""))
    return Read(trace, names, first, answer, tuple(wrong), fates)


def _parts(lines: Sequence[Line], fates: dict[int, Fate]) -> tuple[list[_Drawn], Line | None, list[Line]]:
    """Find the charts with their captions, the table's header and its rows."""
    drawn: list[_Drawn] = []
    header: Line | None = None
    rows: list[Line] = []
    caption: Line | None = None
    index = 0
    while index < len(lines):
        line = lines[index]
        length = charts.length([one.text for one in lines[index : index + 80]]) if header is None else 0
        if length:
            used = lines[index : index + length]
            drawn.append(
                _Drawn(caption.text.strip() if caption else "", charts.read([one.text for one in used]))
            )
            fates.update(dict.fromkeys((one.number for one in used), Fate.CARD))
        elif header is None and training.metrics(line.text.strip()) and _rows_follow(lines, index):
            header = line
            fates[line.number] = Fate.CARD
        elif header is not None and line.text.strip() and training.is_row(line.text):
            rows.append(line)
        elif header is None and line.text.strip() and _CAPTION.fullmatch(line.text.strip()):
            caption = line
            fates[line.number] = Fate.NOISE
        index += max(1, length)
    return drawn, header, rows


def _rows_follow(lines: Sequence[Line], index: int) -> bool:
    following = next((line.text for line in lines[index + 1 : index + 6] if line.text.strip()), "")
    return training.is_row(following)


def _of_loss(drawn: Sequence[_Drawn]) -> Chart:
    """Give the chart of the loss: the one that says so, or the only one that says nothing else."""
    losses = [one.chart for one in drawn if "loss" in one.caption.casefold()]
    unnamed = [one.chart for one in drawn if not training.metrics(f"Epoch {one.caption}")]
    return next(iter([*losses, *unnamed]), Chart((), (), 0.0))


def _column(names: Sequence[str], word: str) -> int:
    """Give the column whose name holds a word; -1 where none does. Of several losses the first counts."""
    return next((index for index, name in enumerate(names) if word in name.casefold()), -1)


def _row(row: training.Row, names: Sequence[str]) -> tuple[str, str, str, str]:
    figures = row.reading.figures
    loss, accuracy = _column(names, "loss"), _column(names, "acc")
    others = [
        f"{name} {figure}"
        for index, (name, figure) in enumerate(zip(names, figures, strict=True))
        if index not in (loss, accuracy)
    ]
    seen = "; ".join([*others, *([row.observation] if row.observation else [])])
    return (
        row.reading.epoch,
        figures[loss] if loss >= 0 else "",
        figures[accuracy] if accuracy >= 0 else "",
        seen,
    )


def _figures(reading: Reading, names: Sequence[str]) -> str:
    named = (
        f"{name.casefold().removesuffix(' (%)')} {figure}"
        for name, figure in zip(names, reading.figures, strict=True)
    )
    return ", ".join([f"epoch {reading.epoch}", *named])


def _sentence(row: training.Row, names: Sequence[str]) -> str:
    said = _figures(row.reading, names)
    return (
        f"{said[0].upper()}{said[1:]}: {row.observation}"
        if row.observation
        else f"{said[0].upper()}{said[1:]}"
    )
