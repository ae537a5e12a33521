"""A training's table against its chart, its own observations, and what the page says of its last figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising import text
from verideck.verifying.recognising.proposals import Proposal

if TYPE_CHECKING:
    from verideck.reading.items import Item, Page, Trace

MOST = 40  # rows that are compared
NUMBER = r"\d{1,6}(?:\.\d{1,8})?|\.\d{1,8}"
FIGURE = re.compile(rf"({NUMBER})\s*(%?)")
CLAUSE = re.compile(r"(?<!\d)[.](?!\d)|[,;!?](?!\d)|\b(?:and|while|but|as|whereas)\b")
TELLING = re.compile(r"(?<!\d)[.](?!\d)|[.](?=\s|$)|[;!?]|, (?=\D)|\band\b")
FALLS = re.compile(r"\b(?:decreas|fall|fell|drop|declin|shrink|goes down|going down|reduc|lowers?\b)\w*")
RISES = re.compile(r"\b(?:increas|ris(?:e|ing)|rose|grow|grew|climb|improv|goes up|going up)\w*")
# Words that say something else of the same quantity, or of another one.
UNSURE = re.compile(
    r"\b(?:not?|never|stops?|stopped|longer|without|starts?|begins?|will|would|should|slow\w*|rate|plateau\w*|"
    r"validation|val|test|train|gap|than expected|if|hardly|barely)\b|n't"
)
RANGE = re.compile(rf"\bfrom\s+({NUMBER})\s*(%?)\s+to\s+({NUMBER})\s*(%?)")
REACHED = re.compile(
    r"\b(?:final|finally|ends?|ended|reach\w*|achiev\w*|converg\w*|down to|up to|drops? to|falls? to|"
    rf"rises? to|climbs? to)\b[^\d]{{0,30}}?({NUMBER})\s*(%?)"
)
EPOCH = re.compile(r"\bepochs?\s+(\d{1,6})\b")


@dataclass(frozen=True, slots=True)
class Column:
    """One quantity of a table: its name, and its figures as printed and as numbers."""

    name: str
    printed: tuple[str, ...]
    numbers: tuple[float, ...]


def recognise(item: Item, page: Page | None = None) -> Iterable[Proposal]:
    """Propose what holds of a training's table; elsewhere on its page, of the figures said about it."""
    if item.trace is not None:
        yield from _charted(item, item.trace)
        yield from _observed(item, item.trace)
        return
    traces = [one.trace for one in page.items if one.trace is not None] if page else []
    if len(traces) == 1:
        yield from _told(item, traces[0])


def _columns(trace: Trace) -> tuple[Column, ...]:
    """Give loss and accuracy where every row has them as numbers, percents as parts of one."""
    rows = trace.rows[:MOST]
    columns = []
    for name, place in (("loss", 1), ("accuracy", 2)):
        found = [FIGURE.fullmatch(row[place].strip()) for row in rows]
        if rows and all(found):
            printed = tuple(_part(one[1], one[2]) for one in found if one)
            columns.append(Column(name, printed, tuple(map(float, printed))))
    return tuple(columns)


def _part(number: str, percent: str) -> str:
    """Write a percentage as a part of one, with its digits: `92.5` as `0.925`."""
    if not percent:
        return f"0{number}" if number.startswith(".") else number
    digits = len(number.partition(".")[2]) + 2
    return f"{float(number) / 100:.{digits}f}"


def _charted(item: Item, trace: Trace) -> Iterable[Proposal]:
    """Hold the chart's points against the rows: all of them where they are as many, else first and last.

    A chart may round its points to the nearest line, down or up: none of these is a whole step off.
    """
    loss = next((column for column in _columns(trace) if column.name == "loss"), None)
    if loss is None or len(trace.chart) < 2 or len(loss.numbers) < 2 or trace.step <= 0:
        return
    points = trace.chart[:MOST]
    alike = len(points) == len(loss.numbers)
    places = list(range(len(points))) if alike else [0, -1]
    table, chart = [loss.printed[place] for place in places], [f"{points[place]:g}" for place in places]
    apart = [
        f"{_where(trace, place, alike=alike)} {one} against {other}"
        for place, one, other in zip(places, chart, table, strict=True)
        if float(one) != float(other)
    ]
    counts = "" if alike else f"the chart has {len(points)} points, the table {len(loss.numbers)} rows"
    said = "; ".join(
        part for part in (counts, f"chart and table differ: {', '.join(apart)}" * bool(apart)) if part
    )
    size = f"({len(places)},)"
    code = f"table = reshape([{', '.join(table)}], {size})\nchart = reshape([{', '.join(chart)}], {size})\n"
    near = f"{code}explanation(max(abs(table - chart)) < {trace.step:g})"
    yield Proposal(
        "traces", near, Subject.EXPLANATION, item.line, complete=True,
        claimed=", ".join(chart), message=said,
    )  # fmt: skip
    exact = f"{code}explanation(max(abs(table - chart)) == 0)" if apart else ""
    counted = f"explanation({len(points)} == {len(loss.numbers)})" if counts else ""
    if exact or counted:
        yield Proposal(
            "traces", exact or counted, Subject.EXPLANATION, item.line,
            claimed=", ".join(chart), message=said, weak=True,
        )  # fmt: skip


def _where(trace: Trace, place: int, *, alike: bool) -> str:
    if alike:
        return f"at epoch {trace.rows[place][0]}"
    return "at the end" if place else "at the start"


def _observed(item: Item, trace: Trace) -> Iterable[Proposal]:
    """Hold a row's words against the row before it: a loss said to fall must have fallen."""
    for column in _columns(trace):
        for place, row in enumerate(trace.rows[1:MOST], 1):
            sign = _direction(row[3], column.name)
            before, now = column.printed[place - 1], column.printed[place]
            if sign:
                yield Proposal(
                    "traces", f"explanation({now} {sign} {before})", Subject.EXPLANATION, item.line,
                    complete=True, claimed=row[3],
                    message=f"at epoch {row[0]} the {column.name} goes from {before} to {now}, "
                    f"but the page says: {row[3]}",
                )  # fmt: skip


def _direction(words: str, name: str) -> str:
    """Give `<` where a clause says that a quantity falls, `>` where it rises."""
    found = set()
    for clause in CLAUSE.split(text.plain(words).lower()):
        if (
            name in clause
            and not UNSURE.search(clause)
            and len(set(re.findall("loss|accuracy", clause))) == 1
        ):
            falls, rises = FALLS.search(clause), RISES.search(clause)
            if name == "loss" and rises and rises[0].startswith("improv"):
                falls, rises = rises, None
            if bool(falls) != bool(rises):
                found.add("<" if falls else ">")
    return found.pop() if len(found) == 1 else ""


def _told(item: Item, trace: Trace) -> Iterable[Proposal]:
    """Hold figures that another item of the page tells of the training against the table."""
    columns = {column.name: column for column in _columns(trace)}
    for told in (item.answer, item.explanation):
        for clause in TELLING.split(text.plain(told).lower()):
            named = set(re.findall("loss|accuracy", clause))
            if len(named) != 1 or UNSURE.search(clause):
                continue
            column = columns.get(named.pop())
            if column is not None:
                for said, printed in _figures(clause, column, trace):
                    yield _figure(item, column, said, printed, clause)


def _figures(clause: str, column: Column, trace: Trace) -> Iterable[tuple[str, str]]:
    """Give the figures that a clause says, each beside the table's."""
    if ranged := RANGE.search(clause):
        percent = ranged[2] or ranged[4]
        yield _part(ranged[1], percent), column.printed[0]
        yield _part(ranged[3], percent), column.printed[-1]
        return
    reached = REACHED.search(clause)
    if reached is None:
        return
    epoch = EPOCH.search(clause)
    rows = [place for place, row in enumerate(trace.rows[:MOST]) if epoch and row[0].strip() == epoch[1]]
    if (epoch is None or rows) and not (epoch and epoch.start(1) == reached.start(1)):
        yield _part(reached[1], reached[2]), column.printed[rows[0] if rows else -1]


def _figure(item: Item, column: Column, said: str, printed: str, clause: str) -> Proposal:
    digits = min(len(one.partition(".")[2]) for one in (said, printed))
    half = f"{0.5 * 10**-digits:.{digits + 1}f}"
    return Proposal(
        "traces", f"explanation(abs({printed} - {said}) <= {half})", Subject.EXPLANATION, item.line,
        complete=True, claimed=said, veto=text.veto(clause),
        message=f"the page says {said}, the training's table {printed} ({column.name})",
    )  # fmt: skip
