"""Verifying: what is planned, reused, computed, and how a build learns of what cannot be."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from verideck.cards import Verdict
from verideck.problems import Severity
from verideck.verifying import evidence as kept
from verideck.verifying import run
from verideck.verifying.budgets import Fault
from verideck.verifying.evidence import Evidence
from verideck.verifying.executors import local
from verideck.verifying.records import Outcome
from verideck.verifying.worker import Worker

if TYPE_CHECKING:
    import pytest

    from verideck.project import Project
    from verideck.verifying.worker import Job

CARD = """## What is a half?
<!-- card: #half -->

- [x] `0.5`
- [ ] `2`

```python check
answer == 1 / 2
```
"""
OTHER = CARD.replace("#half", "#other").replace("1 / 2", "2 / 4")
TENSOR = CARD.replace("#half", "#tensor").replace("1 / 2", "softmax([0, 0])[0]")
MAP = """## Where does it look?
<!-- card: #map -->

```python heatmap even
weights = [[1, 0], [0.5, 0.5]]
tokens = ["a", "b"]
alt = "Even."
```

Everywhere.
"""


def test_what_was_computed_is_not_computed_again(desk: Any) -> None:
    first = desk.verify(CARD + OTHER + MAP)
    assert len(desk.computed) == 3
    second = desk.verify(CARD + OTHER + MAP)
    assert len(desk.computed) == 3
    assert second.checked == first.checked
    desk.verify(CARD.replace("1 / 2", "1/2") + OTHER + MAP)
    assert len(desk.computed) == 4


def test_equal_code_is_computed_once(desk: Any) -> None:
    desk.verify(CARD + CARD.replace("#half", "#again"))
    assert len(desk.computed) == 1


def test_evidence_survives_the_file(desk: Any) -> None:
    first = desk.verify(CARD + TENSOR + MAP)
    desk.reload()
    assert desk.verify(CARD + TENSOR + MAP).checked == first.checked
    assert len(desk.computed) == 3


def test_a_changed_tick_is_caught_from_evidence(desk: Any) -> None:
    assert desk.verify(CARD).checked[0].verdict is Verdict.VERIFIED
    found = desk.verify(CARD.replace("[x] `0.5`", "[ ] `0.5`").replace("[ ] `2`", "[x] `2`"))
    assert found.checked[0].verdict is Verdict.REFUTED
    assert len(desk.computed) == 1
    (problem,) = found.problems
    assert problem.severity is Severity.ERROR
    assert (problem.line, problem.hint) == (12, "tick 1, or mend the check")


def test_a_changed_reference_is_computed_again(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.verify(TENSOR + CARD)
    monkeypatch.setattr("verideck.verifying.library.reference_hash", lambda name: f"another {name}")
    desk.verify(TENSOR + CARD)
    assert [job.code for job in desk.computed[2:]] == ["answer == softmax([0, 0])[0]"]


def test_unused_evidence_goes_only_when_everything_was_verified(desk: Any) -> None:
    desk.verify(CARD + OTHER)
    desk.verify(CARD)
    assert len(desk.evidence.records) == 2
    desk.verify(CARD, whole=True)
    assert len(desk.evidence.records) == 1


def test_faults_are_not_kept(desk: Any) -> None:
    desk.verify(CARD.replace("1 / 2", "1 / 0"))
    assert not desk.evidence.records
    desk.verify(CARD.replace("1 / 2", "1 / 0"))
    assert len(desk.computed) == 2


def test_bad_syntax_needs_no_process(desk: Any) -> None:
    found = desk.verify(CARD.replace("1 / 2", "(lambda: 1)"))
    assert desk.computed == []
    assert found.checked[0].verdict is Verdict.NOT_EVALUATED
    assert [(problem.line, problem.column, problem.message) for problem in found.problems] == [
        (12, 12, "a lambda is outside the check language")
    ]


def test_fresh_computes_everything_and_warns_of_what_differs(desk: Any) -> None:
    desk.verify(CARD + OTHER)
    assert desk.verify(CARD + OTHER, fresh=True).problems == ()
    assert len(desk.computed) == 4
    (first, *_), key = desk.evidence.records.values(), next(iter(desk.evidence.records))
    finding = replace(first.outcome.findings[0], value=0.25)
    forged = replace(first, outcome=replace(first.outcome, findings=(finding,)))
    desk.evidence = replace(desk.evidence, records={**desk.evidence.records, key: forged})
    assert Verdict.NO_OPTION in [one.verdict for one in desk.verify(CARD + OTHER).checked]
    found = desk.verify(CARD + OTHER, fresh=True)
    assert [one.verdict for one in found.checked] == [Verdict.VERIFIED] * 2
    (problem,) = found.problems
    assert problem.severity is Severity.WARNING
    assert "other values than were computed now" in problem.message


def test_heatmaps_are_given_their_names(desk: Any) -> None:
    (checked,) = desk.verify(MAP).checked
    assert [(one.name, one.alt) for one in checked.heatmaps] == [("even", "Even.")]
    found = desk.verify(MAP.replace("[0.5, 0.5]", "[0.5, 0.6, 1]"))
    assert found.checked[0].heatmaps == ()
    assert [(problem.line, problem.message) for problem in found.problems] == [
        (9, "`weights` has rows or heads of different sizes")
    ]


def test_crashes_and_spent_budgets_are_verdicts(desk: Any) -> None:
    def computing(job: Job) -> Outcome:
        reason = "budget" if "2 / 4" in job.code else "crash"
        return Outcome(faults=(Fault(1, 1, f"it is a {reason}", "", reason),))

    desk.computing = computing
    found = desk.verify(CARD + OTHER)
    assert [(one.verdict, one.claims[0].reason) for one in found.checked] == [
        (Verdict.NOT_EVALUATED, "crash"),
        (Verdict.NOT_EVALUATED, "budget"),
    ]
    assert [problem.message for problem in found.problems] == ["it is a crash", "it is a budget"]


def test_without_torch_one_problem_says_what_to_install(desk: Any, project: Project) -> None:
    start = "import sys; sys.modules['torch'] = None; from verideck.verifying.child import main; main()"

    def compute(jobs: Any, progress: Any) -> list[Outcome]:
        return local(workers=lambda: Worker([sys.executable, "-c", start]))(jobs, progress)

    cards = desk.cards(CARD + TENSOR + TENSOR.replace("#tensor", "#b").replace("[0, 0]", "[0, 0.0]"))
    found = run.verify(cards, project, Evidence(), compute=compute)
    assert [one.verdict for one in found.checked] == [
        Verdict.VERIFIED,
        Verdict.NOT_EVALUATED,
        Verdict.NOT_EVALUATED,
    ]
    assert found.checked[1].claims[0].reason == "torch"
    (problem,) = found.problems
    assert problem.message == "2 checks and heatmaps must be computed, and torch is not installed"
    assert "pip install torch" in problem.hint
    assert len(found.evidence.records) == 1


def test_complete_evidence_starts_no_process_and_imports_no_torch(desk: Any, tmp_path: Any) -> None:
    desk.verify(TENSOR + MAP)
    desk.reload()
    (tmp_path / "evidence.json").write_text(kept.dump(desk.evidence), encoding="utf-8")
    (tmp_path / "a.md").write_text(f"---\ndeck: Tests\n---\n\n{TENSOR}{MAP}", encoding="utf-8")
    code = f"""
import json, subprocess, sys
from pathlib import Path
subprocess.Popen = None
from verideck import local_record
from verideck.project import Project
from verideck.reading import markdown
from verideck.verifying import evidence, run
here = Path({str(tmp_path)!r})
kept, _ = evidence.load((here / "evidence.json").read_text("utf-8"), "evidence.json")
kept, _ = local_record.mark(kept)
cards = markdown.read((here / "a.md").read_text("utf-8"), "a.md").cards
found = run.verify(cards, Project("n", "t", "t"), kept)
print(json.dumps([[one.verdict for one in found.checked], "torch" in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [["verified", "unchecked"], False]


def test_a_worked_solution_shows_the_references_steps(desk: Any) -> None:
    text = CARD.replace("1 / 2", "attention_weights([[1, 0]], [[1, 0], [1, 0]])[0][0]")
    (checked,) = desk.verify(text).checked
    names = [step.name for step in checked.steps]
    assert names[-1] == "attention_weights([[1, 0]], [[1, 0], [1, 0]])[0][0]"
    assert len(names) > 2
    assert checked.steps[-1].value == "0.5"
    (checked,) = desk.verify(
        CARD.replace("1 / 2", "softmax([0, 0])").replace("`0.5`", "`[0.5, 0.5]`")
    ).checked
    values = [step.value for step in checked.steps]
    assert values.count("[0.5, 0.5]") == 1  # the reference's last step is the answer already


def test_a_worked_solution_stays_short_and_says_nothing_twice(desk: Any) -> None:
    lines = "\n".join(f"x{n} = {n} + 0" for n in range(30))
    (checked,) = desk.verify(CARD.replace("answer == 1 / 2", f"{lines}\nanswer == 1 / 2")).checked
    assert len(checked.steps) == 12
    assert (checked.steps[-1].name, checked.steps[-1].value) == ("1 / 2", "0.5")
    (checked,) = desk.verify(CARD.replace("answer == 1 / 2", "half = 1 / 2\nanswer == half")).checked
    assert [(step.name, step.value) for step in checked.steps] == [("half = 1 / 2", "0.5")]
