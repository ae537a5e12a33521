"""Outcomes of jobs whose process gave none: it died, took too long, talked nonsense, or was not asked."""

from __future__ import annotations

import signal

from verideck.verifying.budgets import MAX_EXTRA_STEPS, MAX_STEPS, Fault
from verideck.verifying.records import Outcome

SMALLER = "use smaller sizes"
HINTS = {
    "budget": SMALLER,
    "crash": f"{SMALLER}; if it stays, tell Verideck's authors",
    "busy": "try again, with fewer processes (`--jobs 1`) or when less runs beside it",
}


def failed(reason: str, message: str) -> Outcome:
    """Make the outcome of a job that failed completely; its steps are unknown, so it took all."""
    return Outcome(
        faults=(Fault(1, 1, message, HINTS[reason], reason),), steps_taken=MAX_STEPS + MAX_EXTRA_STEPS
    )


def too_slow(seconds: float) -> Outcome:
    """Make the outcome of a job that took more processor time than it may."""
    return failed("budget", f"code that takes more than {seconds:g} seconds of processor time")


def too_busy(seconds: float) -> Outcome:
    """Make the outcome of a job that did not end for so long; that says nothing of its code."""
    return failed("busy", f"the machine was too busy to compute this: it did not end in {seconds:,g} seconds")


def not_asked(steps: int) -> Outcome:
    """Make the outcome of a job that was not computed, because those before it took all steps of the deck."""
    hint = f"if you trust the deck, allow more than {steps:,} steps: `--max-steps N`"
    fault = Fault(1, 1, "this was not computed: the deck takes too many steps", hint, "deck-budget")
    return Outcome(faults=(fault,))


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
