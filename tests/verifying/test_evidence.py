"""Evidence: kept, read back, damaged, merged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from verideck.cards import HeatmapValues
from verideck.problems import Severity
from verideck.verifying import evidence, formulas, values
from verideck.verifying.assertions import Form
from verideck.verifying.evidence import Evidence
from verideck.verifying.records import Finding, JobKind, Outcome, Record
from verideck.verifying.working import Line

if TYPE_CHECKING:
    from collections.abc import Callable

SYSTEM = formulas.equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)")
VALUES = [
    True,
    3,
    0.1,
    "softmax é \u2028 </script>",
    (2, 5, 64),
    values.freeze([[0.5, 1 / 3], [1e-300, 2.0]]),
    values.freeze([1, 2]),
    16 * values.UNITS["GiB"],
    formulas.solve(SYSTEM, "x_2", known=["y_1", "y_2"]),
]


def record(code: str, value: values.Value = 3) -> Record:
    finding = Finding(Form.ANSWER, 2, 5, code, "e", value, 0.01, "text", "work", "place", 3, "1 < 2")
    outcome = Outcome((finding,), (Line("√d_k", "2"),), torch="2.13.0")
    return Record(evidence.key(JobKind.CHECK, code, {}), JobKind.CHECK, code, outcome, "ab", (1, 2), 0.5)


def heatmap() -> Record:
    found = HeatmapValues("", (((0.5, 0.0),),), ("a",), ("b", "c"), "Alt.", ("h",), ((False, True),))
    return Record(evidence.key(JobKind.HEATMAP, "w", {}), JobKind.HEATMAP, "w", Outcome(heatmap=found))


def kept(*records: Record) -> Evidence:
    return Evidence(path="e.json").with_records(records)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_reading_is_the_inverse_of_writing(value: values.Value) -> None:
    before = kept(record("answer == x", value), heatmap())
    text = evidence.dump(before)
    after, problems = evidence.load(text, "e.json")
    assert problems == ()
    assert dict(after.records) == dict(before.records)
    assert evidence.dump(after) == text


def test_the_file_is_json_with_a_line_for_each_check_sorted_by_key() -> None:
    text = evidence.dump(kept(*(record(f"answer == {n}") for n in range(20))))
    data = json.loads(text)
    assert [one["key"] for one in data] == sorted(one["key"] for one in data)
    assert len(text.splitlines()) == 22
    assert evidence.dump(Evidence()) == "[]\n"
    assert evidence.load("[]\n", "e.json") == (Evidence(path="e.json"), ())
    assert evidence.load("", "e.json") == (Evidence(path="e.json"), ())


def test_the_key_covers_kind_code_and_reference() -> None:
    keys = {
        evidence.key(JobKind.CHECK, "x", {}),
        evidence.key(JobKind.HEATMAP, "x", {}),
        evidence.key(JobKind.CHECK, "y", {}),
        evidence.key(JobKind.CHECK, "x", {"softmax": "1"}),
        evidence.key(JobKind.CHECK, "x", {"softmax": "2"}),
    }
    assert len(keys) == 5


def _line(number: int, change: Callable[[dict[str, object]], None]) -> str:
    lines = evidence.dump(kept(record("answer == 1"), record("answer == 2"))).splitlines()
    data = json.loads(lines[number].rstrip(","))
    change(data)
    lines[number] = json.dumps(data)
    return "\n".join(lines)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("key"),
        lambda data: data.update(kind="dance"),
        lambda data: data.update(code=3),
        lambda data: data.update(reference=[]),
        lambda data: data.update(findings={}),
        lambda data: data.update(findings=[3]),
        lambda data: data.update(faults=[[1, 1, "a", "b", "c"]]),
        lambda data: data.update(faults=[["a", 1, "a", "b", "c"]]),
        lambda data: data.update(steps=[["one"]]),
        lambda data: data.update(steps=[[1, 2]]),
        lambda data: data.update(heatmap={}),
        lambda data: data.update(kind="heatmap"),
        lambda data: data.update(torch=3),
        lambda data: data.update(seeds=["a"]),
        lambda data: data.update(spread="a"),
        lambda data: data["findings"][0].pop("value"),
        lambda data: data["findings"][0].pop("line"),
        lambda data: data["findings"][0].update(line=True),
        lambda data: data["findings"][0].update(form="sings"),
        lambda data: data["findings"][0].update(form="option"),
        lambda data: data["findings"][0].update(value={"tensor": "x"}),
        lambda data: data["findings"][0].update(value={"unknown": 1}),
        lambda data: data["findings"][0].update(tolerance="wide"),
        # What could be read, and not be written again.
        lambda data: data.update(spread=float("nan")),
        lambda data: data["findings"][0].update(tolerance=float("inf")),
        lambda data: data["findings"][0].update(text="\ud800"),
        lambda data: data.update(torch="2.13 <b>"),
        lambda data: data.update(torch="9" * 100),
    ],
)
def test_a_damaged_line_costs_only_itself(change: Callable[[dict[str, object]], None]) -> None:
    found, problems = evidence.load(_line(1, change), "e.json")
    assert len(found.records) == 1
    (problem,) = problems
    assert (problem.path, problem.line, problem.severity) == ("e.json", 2, Severity.WARNING)
    assert problem.message.startswith("a damaged line of evidence: ")
    assert "--fresh" in problem.hint


@pytest.mark.parametrize(
    ("damage", "column"),
    [('{"key":', 8), ("nonsense", 1), ('{"key": "a" "b"}', 13), ("  {1}", 4), ("[[[", 4)],
)
def test_what_is_no_json_is_told_with_its_column(damage: str, column: int) -> None:
    text = evidence.dump(kept(record("answer == 1"))).replace("]\n", damage + "\n]\n")
    found, problems = evidence.load(text, "e.json")
    assert len(found.records) == 1
    assert [(problem.line, problem.column) for problem in problems] == [(3, column)]


def test_deep_and_binary_rubbish_is_survived() -> None:
    for text in ("[" * 100_000, "\x00\x01\x02", "{" * 100_000, "9" * 100_000, '"' * 1000, "null\n1\ntrue"):
        found, problems = evidence.load(text, "e.json")
        assert not found.records
        assert problems


def test_what_a_merge_leaves() -> None:
    one, other = evidence.dump(kept(record("a"))), evidence.dump(kept(record("b")))
    union = one.removesuffix("]\n") + other.removeprefix("[\n")  # no comma between the two lines
    found, problems = evidence.load(union, "e.json")
    assert (len(found.records), problems) == (2, ())

    marked = f"<<<<<<< ours\n{one}=======\n{other}>>>>>>> theirs\n"
    found, problems = evidence.load(marked, "e.json")
    assert len(found.records) == 2
    assert [problem.line for problem in problems] == [1, 5, 9]
    assert "merge" in problems[0].message

    twice = evidence.dump(kept(record("a", 3))) + evidence.dump(kept(record("a", 3)))
    assert len(evidence.load(twice, "e.json")[0].records) == 1
    differing = evidence.dump(kept(record("a", 3))) + evidence.dump(kept(record("a", 4)))
    found, problems = evidence.load(differing, "e.json")
    assert not found.records
    assert [problem.line for problem in problems] == [5]


def test_a_file_laid_out_anew_is_read() -> None:
    before = kept(record("a"), heatmap())
    text = json.dumps(json.loads(evidence.dump(before)), indent=2)
    after, problems = evidence.load(text, "e.json")
    assert (dict(after.records), problems) == (dict(before.records), ())


def test_a_key_with_other_code_is_not_found() -> None:
    found = kept(record("a"))
    (key,) = found.records
    assert found.find(key, "a") is not None
    assert found.find(key, "b") is None


def test_unused_lines_are_dropped_only_on_demand() -> None:
    before = kept(record("a"), record("b"))
    new = record("c")
    assert len(before.with_records([new]).records) == 3
    assert set(before.with_records([new], [new.key]).records) == {new.key}
