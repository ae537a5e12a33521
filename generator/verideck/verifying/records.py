"""What computing a check or a heatmap gave: plain values, kept as evidence and sent by the child process."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from verideck.cards import HeatmapValues
from verideck.verifying import given, measuring, values
from verideck.verifying.assertions import Form
from verideck.verifying.budgets import Fault
from verideck.verifying.mutating import Mutated
from verideck.verifying.snippets import results
from verideck.verifying.working import Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verideck.verifying.measuring import Measurement
    from verideck.verifying.snippets import RunResult
    from verideck.verifying.values import Value


class JobKind(StrEnum):
    """What is computed: a check's claims, a heatmap's content, what a snippet prints, a card's draws."""

    CHECK = "check"
    HEATMAP = "heatmap"
    RUN = "run"
    VARY = "vary"


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim's computed side; what it is held against stands in the source. Fields as in Assertion.

    `detail` shows both sides of a condition that is one comparison.
    """

    form: Form
    line: int
    column: int
    code: str
    expression: str = ""
    value: Value | None = None
    tolerance: float | None = None
    text: str | None = None
    work: str = ""
    place: str = ""
    number: int = 0
    detail: str = ""
    measurement: Measurement | None = None
    convention: str = ""  # whose choices the call was made with, where it has such


@dataclass(frozen=True, slots=True)
class Outcome:
    """What code gave; with faults, what could be computed in spite of them. A heatmap has no name here.

    `names` are the values that the lines of a varying card's check leave, `rows` what a `vary` fence draws:
    the names of each variant as `given` writes them; `mutants` are what misconceptions make of the findings;
    `run` is what a snippet gave. `steps_taken` is what computing it took, which evidence does not keep.
    """

    findings: tuple[Finding, ...] = ()
    steps: tuple[Line, ...] = ()
    heatmap: HeatmapValues | None = None
    faults: tuple[Fault, ...] = ()
    torch: str | None = None
    names: tuple[tuple[str, Value], ...] = ()
    rows: tuple[str, ...] = ()
    mutants: tuple[Mutated, ...] = ()
    run: RunResult | None = None
    steps_taken: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Record:
    """A line of evidence: what `code` gave with the names given to it and the reference code of that hash."""

    key: str
    kind: JobKind
    code: str
    outcome: Outcome
    reference: str = ""
    seeds: tuple[int, ...] = ()
    spread: float | None = None
    given: str = ""


# The plain fields of a finding, and their types.
_FINDING: Mapping[str, tuple[type, ...]] = {
    "line": (int,), "column": (int,), "code": (str,), "expression": (str,), "tolerance": (int, float),
    "text": (str,), "work": (str,), "place": (str,), "number": (int,), "detail": (str,),
    "convention": (str,),
}  # fmt: skip


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """Turn an outcome into JSON data; what is empty is left out."""
    data: dict[str, Any] = {}
    if outcome.findings:
        data["findings"] = [_finding_to_json(finding) for finding in outcome.findings]
    if outcome.steps:
        data["steps"] = [[line.name, values.to_json(line.value)] for line in outcome.steps]
    if outcome.heatmap is not None:
        data["heatmap"] = _heatmap_to_json(outcome.heatmap)
    if outcome.faults:
        data["faults"] = [[one.line, one.column, one.message, one.hint, one.reason] for one in outcome.faults]
    if outcome.torch:
        data["torch"] = outcome.torch
    if outcome.mutants:
        data["mutants"] = {one.name: _changes_to_json(one) for one in outcome.mutants}
        lucky = {one.name: one.luck for one in outcome.mutants if one.luck}
        data |= {"luck": lucky} if lucky else {}
    if outcome.names:
        data["names"] = {name: values.to_json(value) for name, value in outcome.names}
    if outcome.rows:
        data["rows"] = [json.loads(row) for row in outcome.rows]
    if outcome.run is not None:
        data["run"] = results.to_json(outcome.run)
    return data


def outcome_from_json(data: object) -> Outcome:
    """Turn JSON data back into an outcome; nothing in it is believed before it is looked at.

    Raises:
        ValueError: it is not an outcome.

    """
    table = _table(data)
    heatmap = table.get("heatmap")
    return Outcome(
        tuple(_finding_from_json(item) for item in _list(table.get("findings", []))),
        tuple(_line_from_json(item) for item in _list(table.get("steps", []))),
        None if heatmap is None else _heatmap_from_json(heatmap),
        tuple(_fault_from_json(item) for item in _list(table.get("faults", []))),
        _typed(table, "torch", str),
        tuple((name, values.from_json(item)) for name, item in _table(table.get("names", {})).items()),
        tuple(_row_from_json(row) for row in _list(table.get("rows", []))),
        _mutants_from_json(table),
        results.from_json(table["run"]) if "run" in table else None,
    )


def answer(outcome: Outcome) -> str:
    """Write an outcome as a child process answers it: with the steps that it took."""
    return json.dumps(outcome_to_json(outcome) | {"taken": outcome.steps_taken}) + "\n"


def outcome_from_answer(line: str) -> Outcome:
    """Read what `answer` wrote.

    Raises:
        ValueError: it is not an outcome.

    """
    data = _table(json.loads(line))
    taken = data.get("taken")
    if type(taken) is not int or taken < 0:
        raise ValueError(f"`taken` is {taken!r:.40}")
    return replace(outcome_from_json(data), steps_taken=taken)


def _line_from_json(data: object) -> Line:
    name, value = _list(data)
    expect(isinstance(name, str), "a step without its name")
    return Line(name, values.from_json(value))


def _changes_to_json(mutated: Mutated) -> list[list[object]]:
    return [[n, values.to_json(value)] for n, value in mutated.changed]


def _mutants_from_json(table: Mapping[str, object]) -> tuple[Mutated, ...]:
    luck = _table(table.get("luck", {}))
    found = []
    for name, changes in _table(table.get("mutants", {})).items():
        pairs = [_list(change) for change in _list(changes)]
        expect(all(len(pair) == 2 and type(pair[0]) is int for pair in pairs), "a damaged mutant")
        changed = tuple((pair[0], values.from_json(pair[1])) for pair in pairs)
        found.append(Mutated(str(name), changed, _typed(luck, name, str) or ""))
    return tuple(found)


def _finding_to_json(finding: Finding) -> dict[str, Any]:
    data: dict[str, Any] = {"form": finding.form.value}
    for name in _FINDING:
        value = getattr(finding, name)
        if value not in ("", None) and not (name == "number" and value == 0):
            data[name] = value
    if finding.value is not None:
        data["value"] = values.to_json(finding.value)
    if finding.measurement is not None:
        data["measured"] = measuring.to_json(finding.measurement)
    return data


def _finding_from_json(data: object) -> Finding:
    table = _table(data)
    kept: dict[str, Any] = {}
    for name, types in _FINDING.items():
        value = table.get(name)
        if value is None and name not in ("line", "column", "code"):
            continue
        expect(isinstance(value, types) and not isinstance(value, bool), f"`{name}` is {value!r:.40}")
        kept[name] = value
    form = Form(str(table.get("form")))
    if "value" in table:
        kept["value"] = values.from_json(table["value"])
    elif form is not Form.CITED:
        raise ValueError("`value` is missing")
    if form in (Form.OPTION, Form.EXPLANATION) and not isinstance(kept["value"], bool):
        raise ValueError("`value` of a condition is neither true nor false")
    if "measured" in table:
        kept["measurement"] = measuring.from_json(table["measured"])
    return Finding(form=form, **kept)


def _heatmap_to_json(heatmap: HeatmapValues) -> dict[str, Any]:
    data: dict[str, Any] = {"weights": heatmap.weights, "queries": heatmap.queries, "keys": heatmap.keys}
    data["alt"] = heatmap.alt
    if heatmap.heads:
        data["heads"] = heatmap.heads
    if heatmap.masked:
        data["masked"] = [[int(cell) for cell in row] for row in heatmap.masked]
    return data


def _heatmap_from_json(data: object) -> HeatmapValues:
    table = _table(data)
    weights = tuple(tuple(_numbers(row) for row in _list(head)) for head in _list(table.get("weights")))
    masked = tuple(tuple(cell == 1 for cell in _numbers(row)) for row in _list(table.get("masked", [])))
    queries, keys = _texts(table.get("queries")), _texts(table.get("keys"))
    heads = _texts(table.get("heads", []))
    shapes = {(len(head), *{len(row) for row in head}) for head in (*weights, *([masked] if masked else []))}
    if shapes != {(len(queries), len(keys))} or (heads and len(heads) != len(weights)):
        raise ValueError("a heatmap whose sizes differ")
    return HeatmapValues("", weights, queries, keys, _typed(table, "alt", str) or "", heads, masked)


def _row_from_json(data: object) -> str:
    return given.encode({name: values.from_json(item) for name, item in _table(data).items()})


def _fault_from_json(data: object) -> Fault:
    line, column, *texts = _list(data)
    expect(isinstance(line, int) and isinstance(column, int), "a fault without its place")
    return Fault(line, column, *_texts(texts, 3))


def expect(truth: bool, message: str) -> None:
    """Raise ValueError with a message where data is not what it should be."""
    if not truth:
        raise ValueError(message)


def _table(data: object) -> Mapping[str, object]:
    if isinstance(data, dict):
        return data
    raise ValueError("not an object")


def _list(data: object) -> list[Any]:
    if isinstance(data, list):
        return data
    raise ValueError("not a list")


def _texts(data: object, count: int | None = None) -> tuple[str, ...]:
    texts = tuple(_list(data))
    if not all(isinstance(text, str) for text in texts) or count not in (None, len(texts)):
        raise ValueError("not a list of texts")
    return texts


def _numbers(data: object) -> tuple[float, ...]:
    numbers = tuple(_list(data))
    for number in numbers:
        if not isinstance(number, int | float) or isinstance(number, bool) or not math.isfinite(number):
            raise ValueError(f"{number!r:.40} is no number")
    return numbers


def _typed(table: Mapping[str, object], name: str, kind: type[str]) -> str | None:
    value = table.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise ValueError(f"`{name}` is {value!r:.40}")
