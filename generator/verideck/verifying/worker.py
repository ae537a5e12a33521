"""Running jobs in child processes: a crash or a time-out costs its own job and no other."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import verideck
from verideck.verifying.budgets import Fault
from verideck.verifying.records import JobKind, Outcome, outcome_from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

FIRST = 300.0  # seconds for a process's first job, which may import torch
SECONDS = 60.0  # seconds for every other job
JOBS_PER_WORKER = 500  # importing torch twice costs more than this many checks

PASSED = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "LANG",
    "LC_ALL",
)
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from verideck.verifying.child import main
main()
"""


@dataclass(frozen=True, slots=True)
class Job:
    """Code to compute; `given` holds the names that a variant draws, as `given.encode` writes them."""

    kind: JobKind
    code: str
    given: str = ""


def command() -> list[str]:
    """Give the command that starts a child: with the packages known here, but none of the current folder."""
    home = str(Path(verideck.__file__).parents[1])
    paths = list(dict.fromkeys([home, *(path for path in sys.path if path)]))
    return [sys.executable, "-I", "-B", "-X", "utf8", "-c", START, json.dumps(paths)]


class Worker:
    """A child process, started when its first job comes and again after each one that it did not survive."""

    def __init__(
        self, start: Sequence[str] | None = None, *, first: float = FIRST, seconds: float = SECONDS
    ) -> None:
        self._start = list(start or command())
        self._first, self._seconds = first, seconds
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, job: Job) -> Outcome:
        """Compute one job; a crash or a time-out is a fault of its outcome."""
        fresh = self._process is None
        seconds = self._first if fresh else self._seconds
        process = self._process = self._process or self._started()
        late = threading.Event()
        timer = threading.Timer(seconds, _end, (process, late))
        timer.start()
        try:
            answer = _ask(process, job)
        finally:
            timer.cancel()
        if answer.endswith("\n"):
            try:
                return outcome_from_json(json.loads(answer))
            except (ValueError, TypeError, RecursionError) as wrong:
                self.close()
                return _failed("crash", f"the child process answered nonsense: {str(wrong)[:80]}")
        code = self.close()
        if late.is_set() or code == -getattr(signal, "SIGXCPU", 0):
            return _failed("timeout", f"a check that takes longer than {seconds:g} seconds")
        return _failed("crash", f"the process that computed this check died ({_died(code)})")

    def close(self) -> int | None:
        """End the process; gives its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        if process.stdin:
            with contextlib.suppress(OSError):  # what was not written yet is lost with the process
                process.stdin.close()
        if process.stdout:
            process.stdout.close()
        return process.wait()

    def _started(self) -> subprocess.Popen[str]:
        environment = {name: os.environ[name] for name in PASSED if name in os.environ}
        environment |= dict.fromkeys(THREADS, "1")
        return subprocess.Popen(  # noqa: S603 - our own interpreter with our own module
            self._start,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=environment,
        )


def compute_all(
    jobs: Sequence[Job],
    progress: Callable[[int, int], None],
    *,
    workers: Callable[[], Worker] = Worker,
) -> list[Outcome]:
    """Compute jobs in as many child processes as pay; gives their outcomes in the same order."""
    if not jobs:
        return []
    count = min(1 + len(jobs) // JOBS_PER_WORKER, os.cpu_count() or 1)
    idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    crew = [workers() for _ in range(count)]
    for worker in crew:
        idle.put(worker)

    def run(job: Job) -> Outcome:
        worker = idle.get()
        try:
            return worker.run(job)
        finally:
            idle.put(worker)

    executor = ThreadPoolExecutor(count)
    outcomes: list[Outcome] = []
    try:
        for outcome in executor.map(run, jobs):
            outcomes.append(outcome)
            progress(len(outcomes), len(jobs))
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in crew:
            worker.close()
    return outcomes


def _ask(process: subprocess.Popen[str], job: Job) -> str:
    """Send a job and wait for its answer; an empty one where the process is gone."""
    if process.stdin is None or process.stdout is None:
        return ""
    try:
        process.stdin.write(json.dumps({"kind": job.kind.value, "code": job.code, "given": job.given}) + "\n")
        process.stdin.flush()
        return process.stdout.readline()
    except (OSError, ValueError):  # ValueError: closed while it was read, or no UTF-8
        return ""


def _end(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    process.kill()


def _failed(reason: str, message: str) -> Outcome:
    hint = (
        "use smaller sizes"
        if reason == "timeout"
        else "use smaller sizes; if it stays, tell Verideck's authors"
    )
    return Outcome(faults=(Fault(1, 1, message, hint, reason),))


def _died(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            pass
    return f"exit code {code}"
