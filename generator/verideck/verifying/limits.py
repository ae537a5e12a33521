"""The limits of a process that computes: memory, time, files, processes. The kernel enforces them.

Steps decide what takes too long (`budgets`), so that no verdict depends on the machine. The most that they
allow takes less than a tenth of the processor time here, which ends what slipped through. The wall clock
ends what hangs, and says nothing of the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verideck.verifying import syscalls

if TYPE_CHECKING:
    from collections.abc import Mapping

try:
    import resource
except ImportError:  # not on Windows, where the wall clock alone limits
    resource = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use: bytes of data, seconds of processor time and of wall clock.

    `alone` says that a process computes one job and ends: what a job leaves behind, no other job meets.
    """

    memory: int = 4 << 30
    processor: int = 600
    wall: float = 3600.0
    alone: bool = False


SHARED = Limits()  # checks and heatmaps: the library's own code computes what their small language calls
LIMITS: Mapping[str, Limits] = {
    "run": Limits(memory=2 << 30, processor=200, alone=True),  # snippets reach far into torch
}
ANSWER = 4 << 20  # bytes of one answer
STATM = Path("/proc/self/statm")
UNTOLD = 1 << 36  # bytes of addresses that may be in use where the system does not tell


def limits(kind: str) -> Limits:
    """Give the limits of a kind of job."""
    return LIMITS.get(kind, SHARED)


def limit(given: Limits) -> None:
    """Limit this process's memory, and let it write to no file."""
    _lower("RLIMIT_AS", _size() + given.memory)  # also what is shared, which is no data
    _lower("RLIMIT_DATA", given.memory)
    _lower("RLIMIT_FSIZE", 0)
    _lower("RLIMIT_CORE", 0)


def limit_time(given: Limits) -> None:
    """Give the next job its processor time, counted from what has been used."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower("RLIMIT_CPU", int(used.ru_utime + used.ru_stime) + given.processor)


def confine(given: Limits) -> bool:
    """Take everything from this process that computing does not need, for good.

    What is open stays open; no file, socket, pipe or process can be had any more. All that will be needed has
    to be imported before. Gives whether the kernel filters system calls, too (Linux on the usual processors).
    """
    limit(given)
    limit_time(given)
    if given.alone:
        _lower("RLIMIT_CPU", given.processor + 1, hard=True)
    _lower("RLIMIT_NOFILE", 0, hard=True)
    _lower("RLIMIT_NPROC", 0, hard=True)
    return syscalls.allow_only((*syscalls.COMPUTING, *(() if given.alone else syscalls.AGAIN)))


def _size() -> int:
    """Give the bytes of addresses in use, where the system tells."""
    try:
        pages = int(STATM.read_bytes().split()[0])
    except (OSError, ValueError):
        return UNTOLD
    return pages * (resource.getpagesize() if resource else 0)


def _lower(name: str, most: int, *, hard: bool = False) -> None:
    """Lower a soft limit; or the hard one, which nobody but root can raise again."""
    try:
        which = getattr(resource, name)
        soft, last = resource.getrlimit(which)
        most = most if last < 0 else min(most, last)
        resource.setrlimit(which, (min(soft, most) if soft >= 0 else most, most) if hard else (most, last))
    except (AttributeError, OSError, ValueError):  # a system without this limit
        return
