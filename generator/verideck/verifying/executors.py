"""Computing jobs on any `concurrent.futures.Executor`: threads here, each with a child process, or a cluster.

Wherever a job goes, it is computed in a limited child process there. A job that an executor loses, with a
worker or altogether, is computed here.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib.util
import os
import queue
import threading
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import verideck
from verideck.verifying import failures
from verideck.verifying.budgets import MAX_DECK_STEPS
from verideck.verifying.worker import Job, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from verideck.verifying.records import Outcome

    Progress = Callable[[int, int], None]
    Compute = Callable[[Sequence[Job], Progress], list[Outcome]]
    Result = Future[Outcome | "Stranger"]

FEW = 300  # jobs that one process computes sooner than a second one has imported torch
LOOK = 5.0  # seconds after which a silent executor is looked at
CONNECT = 60.0  # seconds that a scheduler has to answer, on a machine that does much else
INSTALL = "pip install distributed"


class ExecutorError(Exception):
    """Jobs cannot be computed where they were to be; the message is for a person."""


class Allowance:
    """The steps that all jobs of one run may take, counted in the order of the jobs.

    Which jobs are cut off depends on the jobs before them, and not on when, where or by how many processes
    these were computed.
    """

    def __init__(self, steps: int = MAX_DECK_STEPS) -> None:
        self.steps = self.left = steps

    def count(self, outcomes: Mapping[int, Outcome], first: int) -> int:
        """Count outcomes from a place on, while they and the steps last; return the place after them."""
        while self.left > 0 and first in outcomes:
            self.left -= outcomes[first].steps_taken
            first += 1
        return first


class Crew:
    """Child processes that take jobs from any number of threads, started as they are needed."""

    def __init__(self, workers: Callable[[], Worker] = Worker) -> None:
        self._workers = workers
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._all: list[Worker] = []
        self._over = False
        self._hiring = threading.Lock()

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, job: Job) -> Outcome:
        """Compute one job in a child that is idle, or a new one."""
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            worker = self._hired()
        try:
            return worker.run(job)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End the children, whatever they are doing; a thread that still has a job starts no other."""
        with self._hiring:
            self._over = True
        for worker in self._all:
            worker.end()

    def _hired(self) -> Worker:
        with self._hiring:
            worker = self._workers()
            self._all.append(worker)
            if self._over:
                worker.end()
        return worker


@dataclass(frozen=True, slots=True)
class Stranger:
    """What a worker answers whose release of Verideck or torch is not the one that asks."""

    release: str


@cache
def release() -> str:
    """Tell this installation from others: the releases of Verideck and torch, and its code's hash."""
    home = Path(verideck.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        digest.update(f"\0{path.relative_to(home).as_posix()}\0".encode() + path.read_bytes())
    try:
        torch = metadata.version("torch").partition("+")[0]
    except metadata.PackageNotFoundError:
        torch = "none"
    return f"Verideck {verideck.__version__} ({digest.hexdigest()[:8]}), torch {torch}"


@cache
def _crew() -> Crew:
    """Give the children of this process, which end with it."""
    crew = Crew()
    atexit.register(crew.close)
    return crew


def here(job: Job, expected: str) -> Outcome | Stranger:
    """Compute a job in a child of this process, be it on another machine; see `Stranger`."""
    return _crew().run(job) if release() == expected else Stranger(release())


def outcomes(
    jobs: Sequence[Job],
    executor: Executor,
    progress: Progress,
    run: Callable[[Job], Outcome | Stranger] | None = None,
    alive: Callable[[], bool] = lambda: True,
    allowance: Allowance | None = None,
) -> list[Outcome]:
    """Compute jobs on an executor; gives their outcomes in the same order.

    `run` is what it calls for each; what the executor loses, and all that is left when it is no longer
    `alive`, is computed in this thread. Where the jobs before it have taken the whole `allowance`, a job's
    outcome says so.

    Raises:
        ExecutorError: the executor's processes have no Verideck, or another release of it or of torch.

    """
    run = run or partial(here, expected=release())
    allowance = allowance or Allowance()
    found: dict[int, Outcome] = {}
    futures = {_submit(executor, run, job): at for at, job in enumerate(jobs)} if allowance.left > 0 else {}
    waiting = set(futures)
    counted = 0
    while waiting and allowance.left > 0:
        done, waiting = wait(waiting, LOOK, FIRST_COMPLETED)
        if not done and not alive():
            done, waiting = waiting, set()
        for future in done:
            at = futures[future]
            found[at] = _known(_result(future, run, jobs[at]))
            progress(len(found), len(jobs))
        counted = allowance.count(found, counted)
    for future in waiting:
        future.cancel()
    cut = failures.not_asked(allowance.steps)
    return [found[at] if at < counted else cut for at in range(len(jobs))]


def local(
    count: int | None = None, workers: Callable[[], Worker] = Worker, steps: int = MAX_DECK_STEPS
) -> Compute:
    """Give what computes in `count` processes of this machine; by default one a core, or one for few jobs.

    It may take so many `steps`, over all calls.
    """
    allowance = Allowance(steps)

    def compute(jobs: Sequence[Job], progress: Progress) -> list[Outcome]:
        if not jobs:
            return []
        most = count or (1 if len(jobs) < FEW else os.cpu_count() or 1)
        executor = ThreadPoolExecutor(min(most, len(jobs)))
        with Crew(workers) as crew:
            try:
                return outcomes(jobs, executor, progress, crew.run, allowance=allowance)
            finally:
                executor.shutdown(wait=False, cancel_futures=True)

    return compute


def cluster(address: str, steps: int = MAX_DECK_STEPS) -> Compute:
    """Give what computes on the Dask cluster whose scheduler listens at `address`, such as `tcp://10.0.0.7:8786`.

    It may take so many `steps`, over all calls.

    Raises:
        ExecutorError: the package `distributed` is not installed; when it computes, also: nobody answers at
            that address, the cluster has no workers, or they have another release of Verideck or of torch.

    """
    if importlib.util.find_spec("distributed") is None:
        raise ExecutorError(f"a Dask cluster needs the package `distributed`: {INSTALL}")
    allowance = Allowance(steps)

    def compute(jobs: Sequence[Job], progress: Progress) -> list[Outcome]:
        if not jobs:
            return []
        from distributed import Client

        client = Client.__new__(Client)  # so that there is something to close where it cannot connect
        try:
            client.__init__(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as wrong:
            # Left to the garbage collector, it could come while this thread holds the lock that it needs.
            client.close(timeout=60)
            raise ExecutorError(f"no Dask scheduler answers at `{address}`: {wrong}") from None
        with client:
            if not client.nthreads():
                raise ExecutorError(f"the Dask cluster at `{address}` has no workers: start some")
            with client.get_executor() as executor:
                alive = partial(_has_workers, client)
                return outcomes(jobs, executor, progress, alive=alive, allowance=allowance)

    return compute


def _has_workers(client: Any) -> bool:
    return bool(client.nthreads())


def _submit(executor: Executor, run: Callable[[Job], Outcome | Stranger], job: Job) -> Result:
    """Hand a job to an executor; one that takes no more gives a future without a result."""
    try:
        return executor.submit(run, job)
    except RuntimeError as closed:  # it broke, or was shut down
        future: Result = Future()
        future.set_exception(closed)
        return future


def _result(future: Result, run: Callable[[Job], Outcome | Stranger], job: Job) -> Outcome | Stranger:
    """Give what a job came to, computing it here where its executor has lost it."""
    try:
        return future.result(timeout=0)
    except ModuleNotFoundError as missing:
        raise ExecutorError(f"the workers cannot compute: {missing}; install Verideck there, too") from None
    except Exception:  # noqa: BLE001 - each executor has its own ways to lose a job
        return run(job)


def _known(found: Outcome | Stranger) -> Outcome:
    if isinstance(found, Stranger):
        raise ExecutorError(f"the workers have {found.release}, not {release()}: install the same there")
    return found


def compute_all(jobs: Sequence[Job], progress: Progress) -> list[Outcome]:
    """Compute jobs in as many child processes as pay; gives their outcomes in the same order."""
    return local()(jobs, progress)
