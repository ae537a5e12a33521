"""Processes of a desktop that die by a signal: a fault of Qt or of the machine, not of what is tested."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Sequence

RESTARTED: list[str] = []
"""What was started once more, for the summary of the tests."""

Start = Callable[[], "subprocess.CompletedProcess[str]"]


def run_twice(starts: Sequence[Start], what: str) -> subprocess.CompletedProcess[str]:
    """Run the first of two starts, and the second one only if the first dies by a signal.

    A test that fails, or takes too long, is never run again.
    """
    first, second = starts
    done = first()
    if done.returncode >= 0:
        return done
    name = signal.Signals(-done.returncode).name
    RESTARTED.append(f"{what}: its process died by {name} and was started once more")
    return second()
