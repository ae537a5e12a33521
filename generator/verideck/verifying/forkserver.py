"""A server that has imported torch once and forks to compute: a fork takes milliseconds, torch a second.

It reads jobs from a pipe, one JSON object a line and one at a time, and writes an outcome for each. It
computes nothing itself and starts no thread, so that every fork begins clean.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import sys
from typing import TYPE_CHECKING

from verideck.verifying import compute, limits
from verideck.verifying.forks import CHUNK, Fork, ForkFailed, NobodyWaits
from verideck.verifying.records import outcome_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verideck.verifying.limits import Limits

# Packages whose modules are imported before the first fork: a fork can open no file any more.
OURS = ("verideck.verifying", "verideck.verifying.library")
WITH_TORCH = ("verideck.reference",)
# What torch imports when it is first needed: a word of the code, and the modules behind it.
LATE: Mapping[str, tuple[str, ...]] = {
    "": ("torch", "torch._subclasses.schema_check_mode", "torch.profiler._cupti_monitor"),
    "optim": ("torch._dynamo",),
}


class Server:
    """Has jobs computed one at a time: each that wants to be alone in a new fork, the others in one."""

    def __init__(self, jobs: int, answers: int, limits_of: Callable[[str], Limits] = limits.limits) -> None:
        self._jobs, self._answers = jobs, answers
        self._limits_of = limits_of
        self._read = b""
        self._shared: Fork | None = None
        self._imported: set[str] = set()

    def run(self) -> None:
        """Serve until the jobs end, or nobody waits any more."""
        for package in OURS:
            import_all(package)
        compute.warm()
        self._settle()
        with contextlib.suppress(NobodyWaits):
            while line := self._next_line():
                write_all(self._answers, self._answer(line))
        self._drop()

    def _next_line(self) -> bytes:
        while b"\n" not in self._read:
            chunk = os.read(self._jobs, CHUNK)
            if not chunk:
                return b""
            self._read += chunk
        line, _, self._read = self._read.partition(b"\n")
        return line + b"\n"

    def _answer(self, line: bytes) -> bytes:
        job = json.loads(line)
        given = self._limits_of(job["kind"])
        if self._prepare(job["kind"], job["code"]):
            self._drop()  # it has not what was imported now
        try:
            return self._alone(given, line) if given.alone else self._together(given, line)
        except ForkFailed as failed:
            return json.dumps(outcome_to_json(failed.outcome)).encode() + b"\n"

    def _alone(self, given: Limits, line: bytes) -> bytes:
        fork = Fork(given)
        answer = fork.ask(line, self._jobs)
        fork.end()
        return answer

    def _together(self, given: Limits, line: bytes) -> bytes:
        fork = self._shared or Fork(given)
        self._shared = None  # one that fails is not asked again
        answer = fork.ask(line, self._jobs)
        self._shared = fork
        return answer

    def _drop(self) -> None:
        if self._shared is not None:
            self._shared.end()
            self._shared = None

    def _prepare(self, kind: str, code: str) -> bool:
        """Import what the job will need, which its fork cannot; gives whether anything was imported."""
        if not self._limits_of(kind).alone and compute.torch_behind(code) is None:
            return False
        wanted = [name for word, names in LATE.items() if word in code for name in names]
        missing = [name for name in wanted if name not in self._imported]
        for name in missing:
            with contextlib.suppress(ImportError):  # no torch, or a release with other parts
                importlib.import_module(name)
        self._imported.update(missing)
        if "torch" in missing and sys.modules.get("torch"):
            sys.modules["torch"].set_num_threads(1)
            for package in WITH_TORCH:
                import_all(package)
        if missing:
            self._settle()
        return bool(missing)

    def _settle(self) -> None:
        """Keep the garbage collector of forks off what is here now: pages it touches are copied."""
        gc.collect()
        gc.freeze()


def import_all(package: str) -> None:
    """Import a package's modules and those of its packages."""
    found = importlib.import_module(package)
    for module in pkgutil.iter_modules(found.__path__, package + "."):
        if module.ispkg:
            import_all(module.name)
        else:
            importlib.import_module(module.name)


def write_all(file: int, data: bytes) -> None:
    """Write all of it, however much a pipe takes at once."""
    while data:
        data = data[os.write(file, data) :]
