"""Evidence from elsewhere: computed again and kept if it agrees, replaced if not, trusted only on demand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from verideck import local_record
from verideck.cards import Verdict
from verideck.problems import Severity
from verideck.reading import markdown
from verideck.verifying import agreement, evidence, planning, variants
from verideck.verifying.budgets import Fault
from verideck.verifying.evidence import Evidence
from verideck.verifying.provenance import TRUST, Policy
from verideck.verifying.records import Outcome

if TYPE_CHECKING:
    from verideck.verifying.worker import Job

    Desk = Any  # the class of conftest.py

CHECK = """## What are the weights of scores 0 and 0?
<!-- card: #even -->

- [x] `[0.5, 0.5]`
- [ ] `[0.9, 0.1]`

```python check
answer == softmax([0, 0])
```
"""
DOT = """## What is the weight of the first key, to two digits?
<!-- card: #dot -->

- [x] `0.67`
- [ ] `0.33`

```python check
answer == attention_weights([[1, 0]], [[1, 0], [0, 1]])[0][0]
```
"""
MAP = """## Where does each token attend?
<!-- card: #map -->

```python heatmap past
weights = softmax(causal_mask(3))
tokens = ["the", "cat", "sat"]
alt = "Even over its past."
```

To its past.
"""
RUN = """## What does this print?
<!-- card: #run -->

```python run
import torch
print(torch.rand(2, 3).shape)
```

- [x] `torch.Size([2, 3])`
- [ ] `torch.Size([3, 2])`
"""
VARY = """## What is half of «n»?
<!-- card: #half typed -->

---

`«h»`

```python vary 3
n = [2, 4, 6, 8]
```

```python check
h = n / 2
answer == h
```
"""
MEASURED = """## Which has more collisions?
<!-- card: #more -->

- [x] More
- [ ] Less

```python check
option("More", measured("collisions", above=0.3))
```
"""
ALL = CHECK + DOT + MAP + RUN + VARY + MEASURED
COUNT = 9  # a draw and three checks of the varying card, and five more


@pytest.fixture
def elsewhere(desk: Desk) -> Callable[[str], Evidence]:
    """Give what others have computed of some cards, and committed."""

    def make(text: str, change: Callable[[dict[str, Any]], None] | None = None, kind: str = "") -> Evidence:
        desk.verify(text)
        desk.computed.clear()
        lines = json.loads(evidence.dump(desk.evidence))
        for line in lines:
            if change and line["kind"] == (kind or line["kind"]):
                change(line)
        text = ",\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
        loaded, problems = evidence.load(f"[\n{text}\n]\n", "evidence.json")
        assert problems == ()
        desk.evidence = loaded
        return loaded

    return make


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to each value in JSON data that is neither a list nor an object."""
    if isinstance(data, dict | list):
        items = data.items() if isinstance(data, dict) else enumerate(data)
        for key, value in items:
            yield from leaves(value, (*path, key))
    else:
        yield path


def changed(data: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    """Give JSON data with the value at a path changed."""
    made = json.loads(json.dumps(data))
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = change(inner[path[-1]])
    return made


def other(value: Any) -> Any:
    """Give another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, float):
        return value + 1e-6
    return value + 1 if isinstance(value, int) else f"{value}1"


def test_every_value_of_a_line_counts(desk: Desk) -> None:
    desk.verify(ALL)
    assert len(desk.evidence.records) == COUNT
    assert local_record.remember(tuple(desk.evidence.records.values())) == ()
    told = set()
    for record in desk.evidence.records.values():
        line = json.loads(evidence.write_line(record))
        for path in leaves(line):
            forged = changed(line, path, other)
            loaded, problems = evidence.load(json.dumps(forged, ensure_ascii=False), "evidence.json")
            known, _ = local_record.mark(loaded)
            assert known.here == frozenset(), path
            told.add(path[0])
            if path == ("torch",):
                continue
            assert problems or not agreement.agrees(loaded.records[forged["key"]], record), path
    assert told >= {
        "key", "kind", "code", "given", "findings", "steps", "heatmap", "run", "rows", "mutants", "luck",
        "seeds", "reference", "torch",
    }  # fmt: skip


@pytest.mark.parametrize(("by", "same"), [(1e-10, True), (1e-8, False)])
def test_only_the_last_digits_of_floats_may_differ(by: float, same: bool, desk: Desk) -> None:
    desk.verify(DOT + MAP + MEASURED)
    count = 0
    for record in desk.evidence.records.values():
        line = json.loads(evidence.write_line(record))
        for path in leaves(line):
            forged = changed(
                line, path, lambda value: value * (1 + by) if isinstance(value, float) else value
            )
            if forged != line:
                count += 1
                (read,) = evidence.load(json.dumps(forged), "e")[0].records.values()
                assert agreement.agrees(read, record) is same, path
    assert count > 10


@pytest.mark.parametrize(("value", "same"), [(1e-13, True), (1e-9, False), (0.0, True)])
def test_numbers_that_cancel_may_leave_rounding_in_a_tensor(value: float, same: bool, desk: Desk) -> None:
    desk.verify(CHECK.replace("softmax([0, 0])", "[1, 2e-13]"))
    (record,) = desk.evidence.records.values()
    finding = record.outcome.findings[0]
    tensor = replace(finding.value, data=(1.0, value))
    near = replace(record, outcome=replace(record.outcome, findings=(replace(finding, value=tensor),)))
    assert agreement.agrees(near, record) is same


def test_what_was_committed_is_computed_again_once_and_stays_as_it_is(
    desk: Desk, elsewhere: Callable[..., Evidence]
) -> None:
    def another_machine(line: dict[str, Any]) -> None:
        if "torch" in line:
            line["torch"] = "2.13.1+cu130"
        for finding in line.get("findings", ()):
            if isinstance(finding["value"], float):
                finding["value"] *= 1 + 1e-12

    committed = elsewhere(ALL, another_machine)
    found = desk.verify(ALL)
    assert len(desk.computed) == COUNT
    assert found.problems == ()
    assert dict(found.evidence.records) == dict(committed.records)
    assert found.evidence.here == committed.records.keys()
    assert len(found.evidence.computed_since(committed)) == COUNT
    desk.verify(ALL)
    assert len(desk.computed) == COUNT


def forge_value(line: dict[str, Any]) -> None:
    line["findings"][0]["value"]["tensor"] = [0.9, 0.1]


def forge_detail(line: dict[str, Any]) -> None:
    line["findings"] = []


def forge_tolerance(line: dict[str, Any]) -> None:
    line["findings"][0]["tolerance"] = 10.0


def forge_steps(line: dict[str, Any]) -> None:
    line["steps"][0][0] = "exp(scores), as everybody knows"


def forge_mutants(line: dict[str, Any]) -> None:
    line["mutants"]["sigmoid-for-softmax"] = [[0, 1.0]]


def forge_luck(line: dict[str, Any]) -> None:
    line["luck"] = {"sigmoid-for-softmax": "it is only luck"}


def forge_weights(line: dict[str, Any]) -> None:
    line["heatmap"]["weights"][0][2] = [1.0, 0.0, 0.0]


def forge_alt(line: dict[str, Any]) -> None:
    line["heatmap"]["alt"] = "Everything at once."


def forge_output(line: dict[str, Any]) -> None:
    line["run"]["printed"] = "torch.Size([3, 2])\n"


def forge_chance(line: dict[str, Any]) -> None:
    line["run"].pop("random")
    line.pop("seeds")


def forge_draws(line: dict[str, Any]) -> None:
    line["rows"][1] = {"n": 400}


def forge_figures(line: dict[str, Any]) -> None:
    line["findings"][0]["measured"]["figures"] = [0.9] * 5


def forge_threshold(line: dict[str, Any]) -> None:
    line["findings"][0]["measured"]["threshold"] = [0.1]


def forge_spread(line: dict[str, Any]) -> None:
    line["spread"] = 0.5


@pytest.mark.parametrize(
    ("text", "kind", "forge", "name"),
    [
        (CHECK, "check", forge_value, "even"),
        (CHECK, "check", forge_detail, "even"),
        (CHECK, "check", forge_tolerance, "even"),
        (CHECK, "check", forge_steps, "even"),
        (CHECK, "check", forge_mutants, "even"),
        (CHECK, "check", forge_luck, "even"),
        (CHECK, "check", forge_spread, "even"),
        (MAP, "heatmap", forge_weights, "map"),
        (MAP, "heatmap", forge_alt, "map"),
        (RUN, "run", forge_output, "run"),
        (RUN, "run", forge_chance, "run"),
        (VARY, "vary", forge_draws, "half"),
        (MEASURED, "check", forge_figures, "more"),
        (MEASURED, "check", forge_threshold, "more"),
    ],
)
def test_what_was_forged_is_replaced_and_its_card_named(
    text: str,
    kind: str,
    forge: Callable[[dict[str, Any]], None],
    name: str,
    desk: Desk,
    elsewhere: Callable[..., Evidence],
) -> None:
    honest = desk.verify(text)
    forged = elsewhere(text, forge, kind)
    assert dict(forged.records) != dict(honest.evidence.records)
    found = desk.verify(text)
    assert found.checked == honest.checked
    assert dict(found.evidence.records) == dict(honest.evidence.records)
    (problem,) = found.problems
    assert problem.severity is Severity.WARNING
    said = f"the committed evidence of card `{name}` did not agree with what was computed here"
    assert problem.message == said


def test_a_card_is_named_once_however_much_of_it_is_forged(
    desk: Desk, elsewhere: Callable[..., Evidence]
) -> None:
    elsewhere(VARY + CHECK, forge_spread)
    problems = [one.message for one in desk.verify(VARY + CHECK).problems]
    assert problems == [
        "the committed evidence of card `half` did not agree with what was computed here (4 checks)",
        "the committed evidence of card `even` did not agree with what was computed here",
    ]


def test_more_draws_than_were_asked_for_are_none(desk: Desk, elsewhere: Callable[..., Evidence]) -> None:
    elsewhere(VARY, lambda line: line["rows"].extend([{"n": n} for n in range(100, 1000)]), "vary")
    found = desk.verify(VARY, policy=TRUST)
    assert len(found.checked[0].variants) == 3
    assert [job.kind for job in desk.computed] == ["vary"]


def test_trusted_evidence_is_counted_and_computes_nothing(
    desk: Desk, elsewhere: Callable[..., Evidence]
) -> None:
    elsewhere(ALL)
    found = desk.verify(ALL, policy=TRUST)
    assert desk.computed == []
    assert found.trusted == COUNT
    assert dict(zip((one.card.id for one in found.checked), map(len, found.elsewhere), strict=True)) == {
        "even": 1, "dot": 1, "map": 1, "run": 1, "half": 4, "more": 1,
    }  # fmt: skip
    assert found.evidence.here == frozenset()  # trust makes nothing computed


def test_trust_changes_no_verdict_and_no_evidence(desk: Desk, elsewhere: Callable[..., Evidence]) -> None:
    committed = elsewhere(ALL)
    trusted = desk.verify(ALL, policy=TRUST)
    desk.evidence = committed
    computed = desk.verify(ALL)
    assert trusted.checked == computed.checked
    assert evidence.dump(trusted.evidence) == evidence.dump(computed.evidence)


def test_what_is_computed_again_is_announced_before(desk: Desk, elsewhere: Callable[..., Evidence]) -> None:
    told: list[tuple[int, int]] = []
    policy = Policy(announce=lambda count: told.append((count, len(desk.computed))))
    elsewhere(ALL)
    desk.verify(ALL, policy=policy)
    assert told == [(COUNT, 0)]
    desk.verify(ALL, policy=policy)
    assert told == [(COUNT, 0)]


def test_a_part_of_a_deck_computes_its_part(desk: Desk, elsewhere: Callable[..., Evidence]) -> None:
    elsewhere(ALL)
    desk.verify(CHECK + MAP)
    assert sorted(job.kind for job in desk.computed) == ["check", "heatmap"]
    assert len(desk.evidence.records) == COUNT


def _without_torch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    def computing(job: Job) -> Outcome:
        return Outcome(faults=(Fault(1, 1, "torch is not installed", "", "torch"),))

    desk.computing = computing


def test_without_torch_nothing_is_computed_and_nothing_believed(
    desk: Desk, elsewhere: Callable[..., Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = elsewhere(ALL)
    _without_torch(desk, monkeypatch)
    found = desk.verify(ALL)
    assert desk.computed == []
    assert found.unconfirmed == committed.records.keys()
    assert {one.verdict for one in found.checked} <= {Verdict.NOT_EVALUATED, Verdict.UNCHECKED}
    assert {claim.reason for one in found.checked for claim in one.claims} == {"torch"}
    assert found.evidence.here == frozenset()
    assert desk.verify(ALL, policy=TRUST).problems == ()


def test_where_only_the_child_lacks_torch_it_is_found_out(
    desk: Desk, elsewhere: Callable[..., Evidence]
) -> None:
    elsewhere(CHECK + DOT)
    desk.computing = lambda job: Outcome(faults=(Fault(1, 1, "torch is not installed", "", "torch"),))
    found = desk.verify(CHECK + DOT)
    assert len(found.unconfirmed) == 2
    assert found.problems == ()  # the build says it of all of them


def test_without_torch_what_needs_none_is_computed(
    desk: Desk, elsewhere: Callable[..., Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere(VARY)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    found = desk.verify(VARY)
    assert (found.unconfirmed, len(desk.computed)) == (frozenset(), 4)
    assert found.checked[0].verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("text", "old", "new", "kind", "told"),
    [
        (CHECK, "softmax([0, 0])", "softmacks([0, 0])", "check", "an unknown name `softmacks`"),
        (MEASURED, '"collisions"', '"colisions"', "check", "no experiment is called `colisions`"),
        (MAP, "causal_mask(3)", "casual_mask(3)", "heatmap", "an unknown name `casual_mask`"),
        (VARY, "n = [2, 4, 6, 8]", "n = [2, 4, 6, 8]\nm = halve(n)", "vary", "an unknown name `halve`"),
        (RUN, "import torch\n", "import os\nimport torch\n", "run", "the import of `os`"),
        (RUN, "torch.rand", "torch.load", "run", "`torch.load` is outside the language"),
        (RUN, "print(", "open(", "run", "`open` is outside the language"),
    ],
)
@pytest.mark.parametrize("policy", [Policy(), TRUST], ids=["computed", "trusted"])
@pytest.mark.parametrize("torch", [True, False], ids=["torch", "no torch"])
def test_a_name_that_nothing_has_is_an_error_whatever_the_evidence_says(
    torch: bool,
    policy: Policy,
    text: str,
    old: str,
    new: str,
    kind: str,
    told: str,
    desk: Desk,
    elsewhere: Callable[..., Evidence],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Take a good line of evidence, and give it the code and the key of the bad one."""
    wrong = text.replace(old, new)
    assert wrong != text
    desk.evidence = _forged(elsewhere(text), wrong, kind)
    if not torch:
        _without_torch(desk, monkeypatch)
    found = desk.verify(wrong, policy=policy)
    assert found.checked[0].verdict in (Verdict.NOT_EVALUATED, Verdict.UNCHECKED)
    errors = [problem for problem in found.problems if problem.severity is Severity.ERROR]
    assert any(problem.message.startswith(told) for problem in errors), [*map(str, found.problems)]


def _forged(honest: Evidence, text: str, kind: str) -> Evidence:
    """Give the honest record of a kind the code and the key of a card's other code."""
    (card,) = markdown.read(f"---\ndeck: Tests\n---\n\n{text}", "a.md").cards
    needed = [(variants.drawing(card), card.vary)] if kind == "vary" else planning.needed(card)
    ((job, fence),) = [(job, fence) for job, fence in needed if job and fence and job.kind == kind]
    plan = planning.Plan()
    plan.add([(job, fence)], Evidence())
    key, reference = plan.keys[job]
    (record,) = [record for record in honest.records.values() if record.kind == kind]
    made = replace(record, key=key, code=job.code, reference=reference, given=job.given)
    loaded, problems = evidence.load(evidence.dump(Evidence({**honest.records, key: made})), "evidence.json")
    assert problems == ()
    return loaded


def test_a_missing_name_in_a_branch_that_is_not_taken_is_an_error(desk: Desk) -> None:
    _, problems = desk.one(CHECK.replace("softmax([0, 0])", "(softmax([0, 0]) if True else nothing())"))
    assert problems == ["error: an unknown name `nothing`"]


def test_a_program_that_names_what_it_never_runs_is_computed_once(
    desk: Desk, elsewhere: Callable[..., Evidence]
) -> None:
    text = RUN.replace("print(", 'if False:\n    open("x")\nprint(')
    assert desk.verify(text).checked[0].verdict is Verdict.VERIFIED
    elsewhere(text)
    assert desk.verify(text, policy=TRUST).trusted == 0
    assert len(desk.computed) == 1
    desk.verify(text)
    assert len(desk.computed) == 1


def test_a_record_of_another_reference_is_not_asked(
    desk: Desk, elsewhere: Callable[..., Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere(CHECK, forge_value)
    monkeypatch.setattr("verideck.verifying.library.reference_hash", lambda name: f"another {name}")
    found = desk.verify(CHECK, policy=TRUST)
    assert (len(desk.computed), found.trusted) == (1, 0)
    assert found.problems == ()
