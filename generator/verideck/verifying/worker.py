"""Running jobs in child processes: a crash or a hang costs its own job and no other."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import verideck
from verideck.verifying import failures
from verideck.verifying.limits import ANSWER, SHARED
from verideck.verifying.records import JobKind, Outcome, outcome_from_answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

# Seconds after which a process hangs. A fork server keeps the time of its forks itself, and imports torch.
HANG = 2 * SHARED.wall

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
        self, start: Sequence[str] | None = None, *, first: float = HANG, seconds: float = HANG
    ) -> None:
        self._start = list(start or command())
        self._first, self._seconds = first, seconds
        self._process: subprocess.Popen[str] | None = None
        self._over = False
        self._starting = threading.Lock()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, job: Job) -> Outcome:
        """Compute one job; a crash or a hang is a fault of its outcome."""
        with self._starting:
            if self._over:
                return failures.failed("crash", "the process that computes was ended")
            seconds = self._first if self._process is None else self._seconds
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
                return outcome_from_answer(answer)
            except (ValueError, TypeError, RecursionError) as wrong:
                self.close()
                return failures.failed("crash", f"the child process answered nonsense: {str(wrong)[:80]}")
        code = self.close()
        return failures.too_busy(seconds) if late.is_set() else failures.died(code, SHARED.processor)

    def end(self) -> None:
        """End the process for good, from any thread: whoever still wants a job computed starts no other."""
        with self._starting:
            self._over = True
        self.close()

    def close(self) -> int | None:
        """End the process; gives its exit code. The next job starts another."""
        process, self._process = self._process, None
        if process is None:
            return None
        _kill(process)
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
            start_new_session=True,  # so that all it forks can be ended with it
        )


def _ask(process: subprocess.Popen[str], job: Job) -> str:
    """Send a job and wait for its answer; an empty one where the process is gone."""
    if process.stdin is None or process.stdout is None:
        return ""
    try:
        process.stdin.write(json.dumps({"kind": job.kind.value, "code": job.code, "given": job.given}) + "\n")
        process.stdin.flush()
        return process.stdout.readline(ANSWER + 1)
    except (OSError, ValueError):  # ValueError: closed while it was read, or no UTF-8
        return ""


def _kill(process: subprocess.Popen[str]) -> None:
    """Kill a process and all it has forked: it leads a session of its own."""
    if sys.platform == "win32":
        process.kill()
    elif process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    _kill(process)
