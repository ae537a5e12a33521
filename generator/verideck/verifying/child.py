"""The child process that computes: limited in memory, time and files, and answering in lines of JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import TextIO

from verideck.verifying.budgets import Fault
from verideck.verifying.compute import compute
from verideck.verifying.records import JobKind, Outcome, outcome_to_json

try:
    import resource
except ImportError:  # not on Windows, where the wall clock alone limits
    resource = None  # type: ignore[assignment]

MEMORY = 4 << 30  # bytes of data
SECONDS = 60  # of processor time for one job


def main() -> None:
    """Answer the jobs on standard input until it ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no answer
    _limit()
    serve(sys.stdin, answers)


def serve(jobs: TextIO, answers: TextIO) -> None:
    """Compute jobs, one JSON object per line: `{"kind", "code", "given"}` in, an outcome out."""
    for line in jobs:
        _limit_time()
        job = json.loads(line)
        try:
            outcome = compute(JobKind(job["kind"]), job["code"], job.get("given", ""))
        except (MemoryError, RecursionError):
            outcome = Outcome(
                faults=(Fault(1, 1, "a value too large to hold", "use smaller sizes", "crash"),)
            )
        answers.write(json.dumps(outcome_to_json(outcome)) + "\n")
        answers.flush()


def _limit() -> None:
    if resource is None:
        return
    for name, most in (("RLIMIT_DATA", MEMORY), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
        try:
            limit = getattr(resource, name)
            _, hard = resource.getrlimit(limit)
            resource.setrlimit(limit, (most if hard < 0 else min(most, hard), hard))
        except (AttributeError, OSError, ValueError):  # a system without this limit
            continue


def _limit_time() -> None:
    """Give the next job its processor time, counted from what has been used."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))
