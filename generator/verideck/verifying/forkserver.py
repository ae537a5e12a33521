"""A server that has imported torch once and forks to compute: a fork takes milliseconds, torch a second.

It reads jobs from a pipe, one JSON object a line and one at a time, and writes an outcome for each. It
computes nothing itself and starts no thread, so that every fork begins clean.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
from typing import TYPE_CHECKING

from verideck.verifying import absent, compute, failures, limits, records
from verideck.verifying.forks import CHUNK, Fork, ForkFailed, NobodyWaits

if TYPE_CHECKING:
    from collections.abc import Callable

    from verideck.verifying.limits import Limits

ROUNDS = 50  # how often one job may lack modules


class Server:
    """Has jobs computed one at a time: each that wants to be alone in a new fork, the others in one."""

    def __init__(self, jobs: int, answers: int, limits_of: Callable[[str], Limits] = limits.limits) -> None:
        self._jobs, self._answers = jobs, answers
        self._limits_of = limits_of
        self._read = b""
        self._shared: Fork | None = None

    def run(self) -> None:
        """Serve until the jobs end, or nobody waits any more."""
        compute.warm()
        self._settle()
        with contextlib.suppress(NobodyWaits):
            while line := self._next_line():
                write_all(self._answers, self._answer(line))
        self._settle()

    def _next_line(self) -> bytes:
        while b"\n" not in self._read:
            chunk = os.read(self._jobs, CHUNK)
            if not chunk:
                return b""
            self._read += chunk
        line, _, self._read = self._read.partition(b"\n")
        return line + b"\n"

    def _answer(self, line: bytes) -> bytes:
        given = self._limits_of(json.loads(line)["kind"])
        try:
            for _ in range(ROUNDS):
                answer = self._ask(given, line)
                if not absent.load(answer):
                    return answer
                self._settle()
            outcome = failures.failed("crash", "code that asks for ever more modules")
        except ForkFailed as failed:
            outcome = failed.outcome
        return records.answer(outcome).encode()

    def _ask(self, given: Limits, line: bytes) -> bytes:
        """Have a job computed: alone in a new fork, or in the one that the others share."""
        if given.alone:
            fork = Fork(given)
            answer = fork.ask(line, self._jobs)
            fork.end()
            return answer
        fork, self._shared = self._shared or Fork(given), None  # one that fails is not asked again
        answer = fork.ask(line, self._jobs)
        self._shared = fork
        return answer

    def _settle(self) -> None:
        """Make what was just loaded ready for new forks.

        Their garbage collector is kept off it: pages that it touches are copied.
        """
        if self._shared is not None:
            self._shared.end()
            self._shared = None
        gc.collect()
        gc.freeze()


def write_all(file: int, data: bytes) -> None:
    """Write all of it, however much a pipe takes at once."""
    while data:
        data = data[os.write(file, data) :]
