"""Builds in processes of their own: one that is killed on its way, two at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from tests.histories.model import hold
from tests.histories.player import HOUR, Author
from verideck import building
from verideck.packaging.files import WriteError

_DONE, _REFUSED, _KEPT_OUT, _CRASHED = range(4)


def killed(author: Author, at: int) -> None:
    """Build in a child that is killed at a call of the system, and hold what it leaves against what was there."""
    author.write()
    author.is_listed = False  # the lock may hold the cards already
    package = author.folder / "build" / "plays.apkg"
    before = package.read_bytes()
    author.clock += HOUR
    _wait(_fork(lambda: _build_until(author, at)))
    hold(
        "killed",
        "half a package",
        kept=package.read_bytes() == before or _is_whole(author, package.read_bytes()),
    )


def _is_whole(author: Author, data: bytes) -> bool:
    """Return whether a package is the one that the lock beside the sources describes."""
    author.clock += HOUR
    built = author.attempt()
    return isinstance(built, building.Built) and built.package.read_bytes() == data


def twice(author: Author) -> None:
    """Build in two children at once: one at least gets through, or both are refused alike."""
    author.write()
    author.is_listed = False
    author.clock += HOUR
    ends = [_wait(child) for child in [_fork(lambda: _build(author)) for _ in range(2)]]
    hold("at once", f"two builds ended with {ends}", kept=_CRASHED not in ends and set(ends) != {_KEPT_OUT})


def _build(author: Author) -> int:
    try:
        return _DONE if isinstance(author.attempt(), building.Built) else _REFUSED
    except WriteError:
        return _KEPT_OUT


def _build_until(author: Author, at: int) -> int:
    """Build, and end for good at the so manyth call that writes."""
    calls = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **options)

        return wrapped

    for name in ("open", "fsync", "replace"):
        setattr(os, name, counted(getattr(os, name)))
    return _build(author)


def _fork(job: Callable[[], int]) -> int:
    child = os.fork()
    if child:
        return child
    end = _CRASHED
    try:
        end = job()
    finally:
        os._exit(end)


def _wait(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
