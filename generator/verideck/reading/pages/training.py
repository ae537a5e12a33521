"""A training table, its columns glued: `11.20.45Model starts` is epoch 1, loss 1.2, accuracy 0.45.

Each row is cut in every way its digits allow; the rows together decide: epochs rise and are the chart's
labels, an accuracy is at most 1 or 100 %, a column is printed alike. Where two readings are left, it is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

LONGEST = 2_000  # characters of a line that can be a row
_MOST_ROWS = 500

_HEADER = re.compile(
    r"[ ]*(?:epochs?|steps?|iterations?|rounds?)(?P<metrics>.*?)(?:observations?|notes?|comments?"
    r"|what happens)?[ \t|]*",
    re.IGNORECASE,
)
_METRIC = re.compile(
    r"(?:(?:train(?:ing)?|val(?:idation)?|test|mean|total|top-\d)[ ])?"
    r"(?:loss|acc(?:uracy)?|error(?: rate)?|mae|mse|rmse|f1(?:[ -]score)?|precision|recall|auc|perplexity"
    r"|bleu|r2|r²|map|iou|dice"
    r"|reward|return|score|psnr|wer|lr|learning rate)(?:[ ]?\(%\))?",
    re.IGNORECASE,
)
_BESIDE_METRICS = re.compile(r"[\s↓↑⬇⬆%|/,]*")
_FIGURES = re.compile(r"[ ]*(\d[\d.,%]*|\d)(.*)", re.DOTALL)
_CELLS = re.compile(r"[ ]*(?:\t|\|)[ ]*")
_DECIMAL = re.compile(r"(?:0|[1-9]\d{0,6})(?:\.\d{1,6})?")
_MARGIN = 1.0  # two readings whose costs lie closer than this are both possible


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a row's figures, and how unusual it looks by itself."""

    epoch: str
    figures: tuple[str, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is read; `others` are readings that are possible, too."""

    reading: Reading
    observation: str
    others: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table's metrics by name, and its rows; None stands for a line that is no row."""

    metrics: tuple[str, ...]
    rows: tuple[Row | None, ...]


def metrics(header: str) -> tuple[str, ...] | None:
    """Give a header line's metrics, `("Loss", "Accuracy")`; None where the line is no header."""
    found = _HEADER.fullmatch(header) if len(header) <= 200 else None
    if found is None:
        return None
    named = tuple(one[0].strip() for one in _METRIC.finditer(found["metrics"]))
    return named if named and _BESIDE_METRICS.fullmatch(_METRIC.sub("", found["metrics"])) else None


def is_row(text: str) -> bool:
    """Tell whether a line can be a row: it begins with figures."""
    return len(text) <= LONGEST and _FIGURES.fullmatch(text) is not None


def read(names: Sequence[str], lines: Sequence[str], labels: Sequence[str] = ()) -> Table:
    """Read a table's lines, with the epochs that a chart's axis names."""
    parted = [_parted(line, len(names)) for line in lines[:_MOST_ROWS]]
    candidates = [tuple(_checked(readings, names)) for readings, _ in parted]
    known = [index for index, readings in enumerate(candidates) if readings]
    columns = _by_labels([candidates[index] for index in known], labels)
    decided = dict(zip(known, _together(columns), strict=True))
    rows = [
        Row(decided[index][0], parted[index][1], decided[index][1:]) if index in decided else None
        for index in range(len(parted))
    ]
    return Table(tuple(names), (*rows, *(None for _ in lines[_MOST_ROWS:])))


def _parted(line: str, count: int) -> tuple[list[Reading], str]:
    """Give all readings of a row's figures, and its observation."""
    cells = [cell for cell in _CELLS.split(line.strip()) if cell]
    if len(cells) > count:
        return [Reading(cells[0], tuple(cells[1 : count + 1]), 0.0)], " ".join(cells[count + 1 :])
    words = line.split(None, count + 1)
    if len(words) > count and all(_value(word) is not None for word in words[: count + 1]):
        return [Reading(words[0], tuple(words[1 : count + 1]), 0.0)], "".join(words[count + 1 :])
    found = _FIGURES.fullmatch(line)
    if found is None or len(found[1]) > 60:
        return [], ""
    readings = [
        Reading(found[1][:end], figures, 0.0)
        for end in range(1, min(8, len(found[1])))
        if found[1][:end].isdigit() and (found[1][0] != "0" or end == 1)
        for figures in _figures(found[1][end:], count)
    ]
    return readings, found[2].strip()


def _figures(text: str, count: int) -> list[tuple[str, ...]]:
    """Cut glued figures into `count` numbers, in every way; none lacks its first digit or pads it."""
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in text)]
    for start in range(len(text)):
        for end in range(start + 1, min(start + 10, len(text)) + 1):
            if ways[start] and _value(text[start:end]) is not None:
                longer = [(*way, text[start:end]) for way in ways[start] if len(way) < count]
                ways[end] = [*ways[end], *longer][:64]
    return [way for way in ways[len(text)] if len(way) == count]


def _value(text: str) -> float | None:
    number = text.removesuffix("%")
    return float(number) if _DECIMAL.fullmatch(number) else None


def _checked(readings: Sequence[Reading], names: Sequence[str]) -> list[Reading]:
    """Keep the readings whose figures their columns allow, with what is unusual about each."""
    kept = []
    for reading in readings:
        cost = 0.0
        for name, figure in zip(names, reading.figures, strict=True):
            cost += _strangeness(name, figure)
        if cost < 100 and _value(reading.epoch) is not None:
            kept.append(Reading(reading.epoch, reading.figures, cost))
    return sorted(kept, key=lambda reading: reading.cost)


def _strangeness(name: str, figure: str) -> float:
    """Say how unusual a figure is in its column: a share is at most 1, or a percentage."""
    value = _value(figure)
    if value is None:
        return 50.0
    if not is_share(name):
        return 0.0 if "." in figure else 3.0
    if value > 100:
        return 100.0
    whole = 2.0 if "." not in figure and "%" not in figure else 0.0
    return whole + (4.0 if value > 1 and "%" not in figure else 0.0)


def is_share(name: str) -> bool:
    """Tell whether a column holds shares of one, as an accuracy does."""
    return re.search(r"acc|precision|recall|f1|auc|score|dice|iou|map", name, re.IGNORECASE) is not None


def _by_labels(columns: list[tuple[Reading, ...]], labels: Sequence[str]) -> list[tuple[Reading, ...]]:
    """Keep the readings whose epoch the chart's axis names, where it has a label for each row."""
    if len(labels) != len(columns):
        return columns
    named = [
        tuple(one for one in column if one.epoch == label)
        for column, label in zip(columns, labels, strict=True)
    ]
    return [some or column for some, column in zip(named, columns, strict=True)]


def _together(columns: list[tuple[Reading, ...]]) -> list[tuple[Reading, ...]]:
    """Choose a reading a row so that the epochs rise and the columns are printed alike; others follow it."""
    if not columns:
        return []
    ways = [_way(columns, decimals) for decimals in (0, 1, 2, 3, 4)]
    return min(ways, key=lambda way: way[0])[1]


def _way(columns: list[tuple[Reading, ...]], decimals: int) -> tuple[float, list[tuple[Reading, ...]]]:
    """Find the cheapest way through the rows if losses are printed with so many decimals (0: with any)."""
    costs = [[reading.cost + _unlike(reading, decimals) for reading in column] for column in columns]
    there = _sums(columns, costs)
    back = [*reversed(_sums([*reversed(columns)], [*reversed(costs)], rising=False))]
    chosen = []
    for column, own, one, two in zip(columns, costs, there, back, strict=True):
        totals = sorted((a + b - c, index) for index, (a, b, c) in enumerate(zip(one, two, own, strict=True)))
        near = [column[index] for total, index in totals if total < totals[0][0] + _MARGIN]
        chosen.append(tuple(near))
    return min(there[-1]) + (0.5 * len(columns) if decimals == 0 else 0.0), chosen


def _unlike(reading: Reading, decimals: int) -> float:
    if not decimals or not reading.figures:
        return 0.0
    return 0.0 if len(reading.figures[0].partition(".")[2]) == decimals else 1.0


def _sums(
    columns: list[tuple[Reading, ...]], costs: list[list[float]], rising: bool = True
) -> list[list[float]]:
    """Add up the costs along the cheapest way to each reading; an epoch that does not rise costs much."""

    def onward(
        before: tuple[list[float], tuple[Reading, ...]], step: tuple[tuple[Reading, ...], list[float]]
    ) -> tuple[list[float], tuple[Reading, ...]]:
        sums, last = before
        column, own = step
        return [
            cost
            + min(total + _falls(prior, reading, rising) for total, prior in zip(sums, last, strict=True))
            for reading, cost in zip(column, own, strict=True)
        ], column

    states = [(costs[0], columns[0])]
    for step in zip(columns[1:], costs[1:], strict=True):
        states.append(reduce(onward, [step], states[-1]))
    return [sums for sums, _ in states]


def _falls(one: Reading, two: Reading, rising: bool) -> float:
    before, after = (one, two) if rising else (two, one)
    return 0.0 if float(before.epoch) < float(after.epoch) else 50.0
