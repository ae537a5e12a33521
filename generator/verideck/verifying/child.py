"""The process that computes: limited by the kernel, and answering in lines of JSON."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
from typing import TYPE_CHECKING, NoReturn, TextIO

from verideck.verifying import absent, failures, limits
from verideck.verifying.compute import compute
from verideck.verifying.records import JobKind, answer

if TYPE_CHECKING:
    from verideck.verifying.limits import Limits


def main() -> None:
    """Answer the jobs on standard input until it ends: by a fork server where the system can fork safely."""
    jobs, answers = os.dup(0), os.dup(1)
    for stream, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY)):  # what a library prints is no answer
        os.dup2(os.open(os.devnull, flags), stream)
    if sys.platform == "linux":
        from verideck.verifying.forkserver import Server

        Server(jobs, answers).run()
    else:
        with contextlib.suppress(ImportError):  # from the first job on, what torch computes is counted
            import torch  # noqa: F401
        limits.limit(limits.SHARED)
        with os.fdopen(jobs, encoding="utf-8") as asked, os.fdopen(answers, "w", encoding="utf-8") as told:
            serve(asked, told, limits.SHARED)


def serve_fork(jobs: int, answers: int, given: Limits) -> NoReturn:
    """Answer jobs in a process just forked, with nothing left of what its server had open, until they end."""
    code = 1
    try:
        kept = (2, *sorted((jobs, answers)), os.sysconf("SC_OPEN_MAX"))
        for low, high in itertools.pairwise(kept):
            os.closerange(low + 1, high)
        asked, told = os.fdopen(jobs, encoding="utf-8"), os.fdopen(answers, "w", encoding="utf-8")
        lacking = absent.Lacking.install()
        limits.confine(given)
        serve(asked, told, given, lacking)
        code = 0
    finally:
        os._exit(code)  # no clean-up of what the server still uses


def serve(jobs: TextIO, answers: TextIO, given: Limits, lacking: absent.Lacking | None = None) -> None:
    """Compute jobs, one JSON object per line: `{"kind", "code", "given"}` in, an outcome out.

    Where modules were lacking, their names are answered instead: the job is to be given again to a process
    that has them.
    """
    for line in jobs:
        if not given.alone:
            limits.limit_time(given)
        job = json.loads(line)
        try:
            outcome = compute(JobKind(job["kind"]), job["code"], job.get("given", ""))
        except (MemoryError, RecursionError):
            outcome = failures.too_large()
        except Exception as wrong:  # noqa: BLE001 - a fault of ours, or of torch, costs this job only
            outcome = failures.failed("crash", f"computing failed: {type(wrong).__name__}: {wrong!s:.160}")
        names = lacking.names if lacking else []
        answers.write(absent.tell(names) + "\n" if names else answer(outcome))
        answers.flush()
