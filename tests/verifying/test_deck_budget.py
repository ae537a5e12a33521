"""The steps of a complete deck: where the allowance ends, the same jobs are cut, whoever computes them."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from verideck.cards import Verdict
from verideck.cli import main
from verideck.verifying.budgets import MAX_EXTRA_STEPS, MAX_STEPS
from verideck.verifying.compute import compute as compute_here
from verideck.verifying.executors import Allowance, compute_all, local, outcomes
from verideck.verifying.records import JobKind, Outcome
from verideck.verifying.run import silent
from verideck.verifying.worker import Job, Worker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verifying.conftest import Desk

# A child that takes as many steps as its job's code says.
STUB = """
import json, os, sys
for line in sys.stdin:
    code = json.loads(line)["code"]
    if code == "die":
        os.abort()
    print(json.dumps({"steps": [[code, "x"]], "taken": int(code)}), flush=True)
"""


def stub() -> Worker:
    return Worker([sys.executable, "-I", "-c", STUB])


def jobs(*steps: object) -> list[Job]:
    return [Job(JobKind.CHECK, str(one)) for one in steps]


def cut(found: list[Outcome]) -> list[bool]:
    return [any(fault.reason == "deck-budget" for fault in outcome.faults) for outcome in found]


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize(
    ("allowed", "steps", "computed"),
    [
        (100, [10, 20, 30], 3),
        (60, [10, 20, 30], 3),
        (59, [10, 20, 30, 1], 3),  # the one that spends the rest is computed
        (30, [10, 20, 30, 1], 2),
        (1, [5, 5, 5], 1),
        (50, [0, 0, 100, 0], 3),
        (25, [1] * 100, 25),
    ],
)
def test_jobs_are_cut_in_their_order(processes: int, allowed: int, steps: list[int], computed: int) -> None:
    found = local(processes, stub, allowed)(jobs(*steps), silent)
    assert cut(found) == [False] * computed + [True] * (len(steps) - computed)


class Backwards(ThreadPoolExecutor):
    """Computes each job when it is handed over, and the first one last of all."""

    def __init__(self) -> None:
        super().__init__(1)
        self.kept: list[Any] = []

    def submit(self, function: Any, /, *arguments: Any, **keywords: Any) -> Any:
        if not self.kept:
            self.kept.append(super().submit(self.wait))
            self.first = (function, arguments)
            return self.kept[0]
        return ThreadPoolExecutor(1).submit(function, *arguments, **keywords)

    def wait(self) -> Outcome:
        function, arguments = self.first
        found: Outcome = function(*arguments)
        return found


def test_what_comes_early_is_not_counted_early() -> None:
    """The first job takes everything: what others have computed meanwhile is not taken."""
    with Backwards() as executor:
        found = outcomes(
            jobs(100, 1, 1),
            executor,
            silent,
            lambda job: Outcome(steps_taken=int(job.code)),
            allowance=Allowance(50),
        )
    assert cut(found) == [False, True, True]


def test_an_allowance_lasts_over_several_calls() -> None:
    compute = local(1, stub, 25)
    assert cut(list(compute(jobs(10, 10), silent))) == [False, False]
    assert cut(list(compute(jobs(10, 10), silent))) == [False, True]
    assert cut(list(compute(jobs(1), silent))) == [True]


def test_a_spent_allowance_starts_no_process() -> None:
    started: list[Worker] = []

    def recruit() -> Worker:
        started.append(stub())
        return started[-1]

    compute = local(1, recruit, 25)
    compute(jobs(30), silent)
    assert cut(list(compute(jobs(1, 2), silent))) == [True, True]
    assert len(started) == 1


def test_a_job_that_dies_took_all_that_a_job_can() -> None:
    most = MAX_STEPS + MAX_EXTRA_STEPS
    assert cut(local(1, stub, most)(jobs("die", 1), silent)) == [False, True]
    assert cut(local(1, stub, most + 1)(jobs("die", 1), silent)) == [False, False]


def test_real_jobs_take_the_same_steps_in_any_process_and_order() -> None:
    codes = [
        'explanation(measured("collisions", degrees=30, above=0))',
        "answer == softmax([1, 2, 3])",
        'says("1", measured_figure("collisions", degrees=30))',
        "answer == 2 + 2",
        "answer == attention([[1, 0]], [[1, 0], [0, 1]], [[2], [4]])",
    ]
    asked = [Job(JobKind.CHECK, code) for code in codes]
    asked.append(Job(JobKind.RUN, "import torch\nprint(torch.rand(3).shape)"))
    asked.append(Job(JobKind.VARY, "n = [1, 2]", '{"card":"x","count":2}'))
    first = {job: outcome.steps_taken for job, outcome in zip(asked, compute_all(asked, silent), strict=True)}
    asked.reverse()
    again = {job: outcome.steps_taken for job, outcome in zip(asked, local(2)(asked, silent), strict=True)}
    assert first == again
    assert min(first.values()) > 0
    assert first[asked[-1]] > 10_000  # the second check that asks for the same figures pays for them, too
    assert first[asked[-3]] > 10_000


CARD = """
## What is {0} and {0}?
<!-- card: #sum-{0} -->

- [x] `{1}`
- [ ] `7.5`

```python check
answer == {0} + {0}
```
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "cards"
    folder.mkdir()
    text = "---\ndeck: Tests\n---\n" + "".join(CARD.format(n, n + n) for n in range(10))
    (folder / "a.md").write_text(text, encoding="utf-8")
    return folder


def run(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(main, [str(one) for one in arguments])
    return found.exit_code, found.output


def test_a_deck_that_takes_too_much_is_not_built_and_says_where(source: Path) -> None:
    code, told = run("build", source, "-o", source.parent / "build", "--max-steps", 100)
    assert code == 1
    (line,) = [line for line in told.splitlines() if "error: " in line]
    count = int(line.partition("error: ")[2].split()[0])
    assert 1 < count < 10
    assert line.endswith(
        "checks and heatmaps could not be computed, from here on: the deck takes too many steps"
    )
    place = int(line.partition("a.md:")[2].split(":")[0])
    text = (source / "a.md").read_text(encoding="utf-8").splitlines()
    assert [row for row in text[place:] if row == "```python check"] == ["```python check"] * (count - 1)
    assert "if you trust the deck, allow more than 100 steps: `--max-steps N`" in told
    assert [path.name for path in source.iterdir()] == ["a.md"]
    assert not (source.parent / "build").exists()


@pytest.mark.parametrize("processes", [1, 2])
def test_the_same_cards_are_cut_with_any_number_of_processes(source: Path, processes: int) -> None:
    _, told = run("check", source, "--max-steps", 100, "--jobs", processes)
    rows = [line.split()[0] for line in told.splitlines() if "#sum-" in line]
    computed = rows.index("not-evaluated")
    assert rows == ["verified"] * computed + ["not-evaluated"] * (10 - computed)
    assert computed == len([1 for _ in range(0, 100, STEPS)])


STEPS = 22  # of one of these cards


def test_more_steps_can_be_allowed_by_the_option_alone(source: Path) -> None:
    assert run("build", source, "-o", source.parent / "build", "--max-steps", 100_000)[0] == 0
    for line in ("max-steps = 100000", "max_steps = 100000", "[budget]\nsteps = 100000"):
        config = source / "deck.toml"
        before = config.read_text(encoding="utf-8")
        config.write_text(f"{line}\n{before}" if "[" not in line else f"{before}\n{line}\n", encoding="utf-8")
        code, told = run("check", source, "--max-steps", 100)
        assert code == 1
        assert "unknown key `" in told
        config.write_text(before, encoding="utf-8")


def test_what_evidence_answers_takes_no_steps(source: Path) -> None:
    assert run("build", source, "-o", source.parent / "build")[0] == 0
    assert run("build", source, "-o", source.parent / "build", "--max-steps", 1)[0] == 0
    code, told = run("check", source, "--fresh", "--max-steps", 1)
    assert (code, "9 checks and heatmaps could not" in told) == (1, True)


def test_a_card_that_is_cut_keeps_no_evidence(desk: Desk) -> None:
    """Of a card of several jobs, what was computed is kept, and what was not is no evidence."""
    compute = local(1, stub, 1)
    refused = list(compute(jobs(1, 1), silent))[1]
    desk.computing = lambda job: (
        refused if "2 + 2" in job.code else compute_here(job.kind, job.code, job.given)
    )
    found = desk.verify(CARD.format(1, 2) + CARD.format(2, 4))
    assert [one.verdict for one in found.checked] == [Verdict.VERIFIED, Verdict.NOT_EVALUATED]
    assert [record.code for record in found.evidence.records.values()] == ["answer == 1 + 1"]
    assert [claim.reason for claim in found.checked[1].claims] == ["deck-budget"]
    (problem,) = found.problems
    said = "a check or heatmap could not be computed, from here on: the deck takes too many steps"
    assert problem.message == said
