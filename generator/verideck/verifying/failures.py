"""Outcomes of jobs whose process gave none: it died, took too long, or talked nonsense."""

from __future__ import annotations

import signal

from verideck.verifying.budgets import Fault
from verideck.verifying.records import Outcome

SMALLER = "use smaller sizes"
HINTS = {"timeout": SMALLER, "crash": f"{SMALLER}; if it stays, tell Verideck's authors"}


def failed(reason: str, message: str) -> Outcome:
    """Make the outcome of a job that failed as a whole."""
    return Outcome(faults=(Fault(1, 1, message, HINTS[reason], reason),))


def too_slow(seconds: float) -> Outcome:
    """Make the outcome of a job that took longer than it may."""
    return failed("timeout", f"code that takes longer than {seconds:g} seconds")


def too_large() -> Outcome:
    """Make the outcome of a job that ran out of memory, or nested too deeply."""
    return failed("crash", "a value too large to hold")


def died(code: int | None, seconds: float) -> Outcome:
    """Make the outcome of a job whose process died, by its exit code; `seconds` is the time it had."""
    if code == -getattr(signal, "SIGXCPU", 0):
        return too_slow(seconds)
    how = f"exit code {code}"
    if code is not None and code < 0:
        try:
            how = signal.Signals(-code).name
        except ValueError:
            how = f"signal {-code}"
    return failed("crash", f"the process that computed this died ({how})")
