"""Jobs on any executor: what is lost with a worker, or with all of them, is computed all the same."""

from __future__ import annotations

import gc
import os
import signal
import sys
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from verideck.cli import main
from verideck.verifying import executors
from verideck.verifying.executors import ExecutorError, Stranger, cluster, local, outcomes
from verideck.verifying.records import JobKind, Outcome
from verideck.verifying.run import silent
from verideck.verifying.worker import Job, Worker, command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from distributed import LocalCluster

JOBS = [Job(JobKind.CHECK, f"answer == {n} * 2") for n in range(40)]

# A child whose jobs can also end it, or the process that started it; everything else is as it is.
HARMFUL = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
import os, threading
from verideck.verifying import child
compute = child.compute

def harmful(kind, code, given):
    if code.startswith("crash"):
        os.abort()
    if code.startswith("exhaust"):
        return bytearray(64 << 30)
    if code.startswith("hang"):
        threading.Event().wait()
    return compute(kind, code, given)

child.compute = harmful
child.limits.LIMITS = {"vary": child.limits.Limits(wall=0.5, alone=True)}
child.main()
"""


def computed(outcomes: list[Outcome]) -> list[object]:
    return [outcome.findings[0].value for outcome in outcomes]


EXPECTED: list[object] = [n * 2 for n in range(40)]


def harmful() -> Worker:
    *start, _, paths = command()
    return Worker([*start, HARMFUL, paths])


@pytest.mark.parametrize(
    "executor",
    [
        lambda: ThreadPoolExecutor(2),
        lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")),
    ],
    ids=["threads", "processes"],
)
def test_any_executor(executor: Callable[[], Any]) -> None:
    told: list[tuple[int, int]] = []
    with executor() as pool:
        found = outcomes(JOBS, pool, lambda done, total: told.append((done, total)))
    assert computed(found) == EXPECTED
    assert told == [(n, 40) for n in range(1, 41)]


def test_a_harmful_check_is_one_failed_check() -> None:
    jobs = [check(code) for code in ("answer == 1", "crash", "answer == 2", "exhaust", "answer == 3")]
    jobs.insert(3, Job(JobKind.VARY, "hang"))  # of the kind that has little time here
    found = local(2, harmful)(jobs, silent)
    reasons = [[fault.reason for fault in outcome.faults] for outcome in found]
    assert reasons == [[], ["crash"], [], ["busy"], ["crash"], []]
    assert found[1].faults[0].message.startswith("the process that computed this died (SIG")
    assert found[3].faults[0].message.startswith("the machine was too busy to compute this: ")
    assert found[4].faults[0].message == "a value too large to hold"


def check(code: str) -> Job:
    return Job(JobKind.CHECK, code)


class Failing(ThreadPoolExecutor):
    """Loses every third job, and takes no more after the thirtieth."""

    count = 0

    def submit(self, *args: Any, **keywords: Any) -> Future[Any]:
        self.count += 1
        if self.count > 30:
            raise RuntimeError("cannot schedule new futures after shutdown")
        if self.count % 3 == 0:
            lost: Future[Any] = Future()
            lost.set_exception(ConnectionError("the worker is gone"))
            return lost
        return super().submit(*args, **keywords)


class Silent(ThreadPoolExecutor):
    """Takes jobs and says nothing ever after."""

    def submit(self, *args: Any, **keywords: Any) -> Future[Any]:
        return Future()


def test_lost_jobs_are_computed_here() -> None:
    with Failing(2) as pool:
        assert computed(outcomes(JOBS, pool, silent)) == EXPECTED


def test_a_broken_pool_loses_no_verdict() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:

        def break_it(done: int, total: int) -> None:
            if done == 5:
                os.kill(next(iter(pool._processes)), signal.SIGKILL)  # one of its processes, by number

        assert computed(outcomes(JOBS, pool, break_it)) == EXPECTED


def test_a_dead_executor_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "LOOK", 0.01)
    with Silent(2) as pool:
        assert computed(outcomes(JOBS, pool, silent, alive=lambda: False)) == EXPECTED


def test_a_stranger_is_refused() -> None:
    assert isinstance(executors.here(JOBS[0], "Verideck 0"), Stranger)
    with (
        ThreadPoolExecutor(1) as pool,
        pytest.raises(ExecutorError, match="the workers have Verideck 0, not Verideck "),
    ):
        outcomes(JOBS, pool, silent, lambda job: Stranger("Verideck 0"))


def test_the_release_knows_the_code() -> None:
    assert executors.release().startswith("Verideck ")
    assert "torch 2" in executors.release()
    assert "+" not in executors.release()  # builds for different processors compute the same


@pytest.fixture(scope="module")
def two() -> Iterator[LocalCluster]:
    from distributed import LocalCluster

    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", memory_limit=0
    )
    with cluster:
        yield cluster


def test_a_cluster_that_loses_a_worker_loses_no_verdict(two: LocalCluster) -> None:
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if done == 5:
            process = next(iter(two.workers.values())).pid
            os.kill(process, signal.SIGKILL)
            killed.append(process)

    jobs = [*JOBS, *(check(f"answer == softmax([{n}, {n}])[0] * {n}") for n in range(20))]
    found = cluster(two.scheduler_address)(jobs, kill_one)
    assert killed
    assert computed(found) == [*EXPECTED, *(n / 2 for n in range(20))]


def test_a_harmful_check_on_a_cluster_is_one_failed_check(two: LocalCluster) -> None:
    found = cluster(two.scheduler_address)([check("answer == 1"), check("answer == 2 ** 2 ** 99")], silent)
    assert [bool(outcome.faults) for outcome in found] == [False, True]


def test_a_scheduler_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import Client

    monkeypatch.setattr(executors, "CONNECT", 0.2)
    for address in ("tcp://127.0.0.1:9", "nonsense://x", "127.0.0.1:port"):
        with pytest.raises(ExecutorError, match="no Dask scheduler answers at `"):
            cluster(address)(JOBS, silent)
    # One that the garbage collector has to close waits for ever where that comes while its lock is held.
    left = [one for one in gc.get_objects() if type(one) is Client]
    assert all(one.status == "closed" for one in left)


def test_a_cluster_without_workers() -> None:
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as empty,
        pytest.raises(ExecutorError, match="has no workers"),
    ):
        cluster(empty.scheduler_address)(JOBS, silent)


def test_no_job_needs_no_cluster() -> None:
    assert cluster("tcp://127.0.0.1:9")([], silent) == []


def test_without_distributed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExecutorError, match=r"needs the package `distributed`: pip install"):
        cluster("tcp://127.0.0.1:9")


CARD = """---
deck: Tests
---

## What is a half?
<!-- card: #half -->

- [x] `0.5`
- [ ] `2`

```python check
answer == 1 / 2
```
"""


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--jobs", "2"], 0, "1 verified"),
        (["--jobs", "0"], 2, "0 is not in the range"),
        (["--jobs", "2", "--dask", "tcp://127.0.0.1:9"], 2, "either --jobs or --dask"),
        (["--dask", "nonsense://x"], 2, "no Dask scheduler answers at `nonsense://x`"),
    ],
)
def test_options(tmp_path: Path, options: list[str], code: int, told: str) -> None:
    source = tmp_path / "a.md"
    source.write_text(CARD, encoding="utf-8")
    found = CliRunner().invoke(main, ["check", str(source), *options])
    assert (found.exit_code, told in found.output) == (code, True), found.output


def test_a_build_on_a_cluster(tmp_path: Path, two: LocalCluster) -> None:
    source = tmp_path / "a.md"
    source.write_text(CARD, encoding="utf-8")
    found = CliRunner().invoke(main, ["check", str(source), "--dask", two.scheduler_address])
    assert "1 verified" in found.output
