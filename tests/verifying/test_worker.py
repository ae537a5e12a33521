"""Child processes: what one job does to itself, it does to no other."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from verideck.verifying import child, limits
from verideck.verifying.executors import Crew, compute_all, local
from verideck.verifying.records import JobKind, outcome_from_json
from verideck.verifying.run import silent
from verideck.verifying.worker import Job, Worker

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 1800  # seconds, on a machine that does much else

# A child that does what the job's code says; every other job it answers with the number of jobs so far.
STUB = """
import json, os, sys, threading
for count, line in enumerate(sys.stdin, 1):
    code = json.loads(line)["code"]
    if code == "abort":
        os.abort()
    if code == "exit":
        os._exit(3)
    if code == "hang":
        threading.Event().wait()
    if code == "nonsense":
        print("nonsense", flush=True)
    elif code == "flood":
        print("x" * (5 << 20), flush=True)
    elif code == "half":
        sys.stdout.write("{"); sys.stdout.flush(); os._exit(0)
    else:
        print(json.dumps({"steps": [[code, str(count)]], "taken": 1}), flush=True)
"""


def stub(seconds: float = PATIENCE) -> Worker:
    return Worker([sys.executable, "-I", "-c", STUB], first=PATIENCE, seconds=seconds)


def check(code: str) -> Job:
    return Job(JobKind.CHECK, code)


@pytest.mark.parametrize(
    ("code", "reason", "message"),
    [
        ("abort", "crash", "the process that computed this died (SIGABRT)"),
        ("exit", "crash", "the process that computed this died (exit code 3)"),
        ("half", "crash", "the process that computed this died"),
        ("flood", "crash", "the process that computed this died (SIGKILL)"),
        ("nonsense", "crash", "the child process answered nonsense"),
        ("hang", "busy", "the machine was too busy to compute this: it did not end in 0.1 seconds"),
    ],
)
def test_a_failure_costs_its_own_job_only(code: str, reason: str, message: str) -> None:
    with stub(0.1 if code == "hang" else PATIENCE) as one:
        before, failed, after = (one.run(check(job)) for job in ("before", code, "after"))
    assert [before.steps[0].value, after.steps[0].value] == ["1", "1"]
    (fault,) = failed.faults
    assert (fault.reason, fault.message[: len(message)]) == (reason, message)


def test_one_process_serves_many_jobs() -> None:
    with stub() as one:
        assert [one.run(check("a")).steps[0].value for _ in range(3)] == ["1", "2", "3"]


@pytest.mark.parametrize("count", [None, 1, 3])
def test_jobs_keep_their_order_and_progress_is_told(count: int | None) -> None:
    told: list[tuple[int, int]] = []
    outcomes = local(count, stub)(
        [check(str(n)) for n in range(10)], lambda done, total: told.append((done, total))
    )
    assert [outcome.steps[0].name for outcome in outcomes] == [str(n) for n in range(10)]
    assert told == [(n, 10) for n in range(1, 11)]


def test_an_interruption_ends_the_children() -> None:
    started: list[Worker] = []

    def recruit() -> Worker:
        started.append(stub())
        return started[-1]

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        local(2, recruit)([check("a"), check("b"), check("c")], interrupt)
    assert started
    assert all(one.close() is None for one in started)


def test_whoever_comes_after_the_end_starts_no_process() -> None:
    """A thread may have taken a job just before an interruption ends the children."""
    started: list[Worker] = []

    def recruit() -> Worker:
        started.append(stub())
        return started[-1]

    crew = Crew(recruit)
    assert not crew.run(check("before")).faults
    crew.close()
    for _ in range(2):
        (fault,) = crew.run(check("after")).faults
        assert (fault.reason, fault.message) == ("crash", "the process that computes was ended")
    late = Crew(recruit)
    late.close()
    assert late.run(check("after")).faults
    assert len(started) == 2
    assert all(one.close() is None for one in started)


def test_no_job_starts_no_process() -> None:
    def recruit() -> Worker:
        raise AssertionError("a process was started")

    assert local(2, recruit)([], silent) == []


def test_the_real_child_computes() -> None:
    jobs = [
        Job(JobKind.CHECK, "answer == softmax([0, 0])"),
        Job(JobKind.HEATMAP, 'weights = [[1]]\ntokens = ["a"]\nalt = "x"'),
        Job(JobKind.CHECK, "answer == foo"),
        Job(JobKind.CHECK, "answer == '\u2028\u00e9\\ud800'"),
    ]
    first, second, third, fourth = compute_all(jobs, silent)
    assert first.findings[0].expression == "softmax([0, 0])"
    assert first.torch is not None
    assert second.heatmap is not None
    assert second.torch is None
    assert third.faults[0].message == "an unknown name `foo`"
    assert fourth.findings or fourth.faults


def test_jobs_are_served_line_by_line() -> None:
    answers = io.StringIO()
    child.serve(io.StringIO('{"kind": "check", "code": "answer == 1"}\n' * 2), answers, limits.SHARED)
    lines = answers.getvalue().splitlines()
    assert len(lines) == 2
    assert outcome_from_json(json.loads(lines[0])).findings[0].value == 1


def test_the_child_is_limited(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from verideck.verifying import limits
limits.limit(limits.SHARED)
try:
    Path({str(tmp_path / "a")!r}).write_text("x" * 100)
except OSError:
    print("no file")
try:
    bytearray(8 << 30)
except MemoryError:
    print("no memory")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["no file", "no memory"]


def test_the_child_knows_no_modules_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise SystemExit('a stranger')", encoding="utf-8")
    (tmp_path / "json.py").write_text("raise SystemExit('a stranger')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    (outcome,) = compute_all([check("answer == 1")], silent)
    assert outcome.faults == ()
