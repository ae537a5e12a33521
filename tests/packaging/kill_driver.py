"""Replaces files and kills itself at the n-th call of the system; run by the tests, never imported.

Arguments: the folder, n, and `kill` or the name of an error of the system. Prints how many calls there were.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from verideck.packaging.files import replace_all

folder, at, what = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
calls = 0


def counted(call: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """Count a call; at the n-th, die before or behind it, or fail."""

    def wrapped(*args: Any, **options: Any) -> Any:
        global calls
        calls += 1
        here = calls == at
        if here and what != "kill":
            number = getattr(errno, what)
            raise OSError(number, os.strerror(number))
        if here and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = call(*args, **options)
        if here:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


late = len(sys.argv) > 4
for name in ("open", "fsync", "replace"):
    setattr(os, name, counted(getattr(os, name), after=late))

replace_all(
    [
        (folder / "evidence.json", b"new evidence" * 9000),
        (folder / "deck.lock", b"new lock" * 9000),
        (folder / "build" / "deck.apkg", b"new package" * 9000),
    ]
)
print(calls)  # noqa: T201 - what the test reads
