"""A forked process that computes, as its server sees it: asked, waited for, and ended where it fails."""

from __future__ import annotations

import os
import select
import signal
import time
from typing import TYPE_CHECKING

from verideck.verifying import child, failures, limits

if TYPE_CHECKING:
    from verideck.verifying.limits import Limits
    from verideck.verifying.records import Outcome

CHUNK = 1 << 16


class ForkFailed(Exception):  # noqa: N818 - an outcome like any other, told to the author
    """A process gave no answer; what to say instead is the outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class NobodyWaits(Exception):  # noqa: N818 - the end of the work, not an error
    """The one who asked the server is gone: no answer is wanted any more."""


class Fork:
    """A process that computes within limits until it is ended; it has no file but its two pipes."""

    def __init__(self, given: Limits) -> None:
        self.limits = given
        self.processor = 0.0
        taken, self._jobs = os.pipe()
        self._answers, told = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            child.serve_fork(taken, told, given)
        os.close(taken)
        os.close(told)
        os.set_blocking(self._jobs, False)

    def ask(self, line: bytes, boss: int) -> bytes:
        """Give it a job and wait for the line it answers; `boss` is where the server gets its own jobs from.

        Raises:
            ForkFailed: it died, hung or said too much, and has been ended.
            NobodyWaits: the boss is gone. The process has been ended.

        """
        answer = bytearray()
        waiting = select.poll()
        waiting.register(boss, 0)  # tells that it was closed, and nothing else
        waiting.register(self._answers, select.POLLIN)
        waiting.register(self._jobs, select.POLLOUT)
        until = time.monotonic() + self.limits.wall
        while not answer.endswith(b"\n"):
            ready = dict(waiting.poll(max(0.0, until - time.monotonic()) * 1000))
            if boss in ready:
                self.end()
                raise NobodyWaits
            if not ready:
                self.end()
                raise ForkFailed(failures.too_busy(self.limits.wall))
            if self._jobs in ready:
                line = self._give(line)
                if not line:
                    waiting.unregister(self._jobs)
            if self._answers in ready:
                chunk = os.read(self._answers, CHUNK)
                answer += chunk
                if not chunk:
                    raise ForkFailed(self._died(self.end()))
                if len(answer) > limits.ANSWER:
                    self.end()
                    raise ForkFailed(failures.failed("crash", "an answer too long to read"))
        return bytes(answer)

    def end(self) -> int:
        """End the process, whatever it is doing; gives its exit code, negative for a signal.

        `processor` are then the seconds of processor time that it used.
        """
        os.close(self._jobs)
        os.close(self._answers)
        os.kill(self._pid, signal.SIGKILL)  # in vain where it is dead already: its exit code stays
        _, status, used = os.wait4(self._pid, 0)
        self.processor = used.ru_utime + used.ru_stime
        return os.waitstatus_to_exitcode(status)

    def _died(self, code: int) -> Outcome:
        """Say how it died; one that ignores the end of its time is killed a second later."""
        spent = self.limits.alone and self.processor > self.limits.processor
        late = code == -signal.SIGKILL and spent
        return failures.died(-signal.SIGXCPU if late else code, self.limits.processor)

    def _give(self, line: bytes) -> bytes:
        """Write what fits of a line; gives the rest, nothing where nobody reads."""
        try:
            return line[os.write(self._jobs, line) :]
        except BrokenPipeError:
            return b""
