"""Computing what cards wait for, one card after another, beside everything else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck import local_record
from verideck.previewing import remembering
from verideck.verifying import failures
from verideck.verifying.budgets import MAX_DECK_STEPS
from verideck.verifying.executors import Allowance
from verideck.verifying.provenance import RECOMPUTE, Policy
from verideck.verifying.worker import Worker

if TYPE_CHECKING:
    from verideck.cards import Card
    from verideck.previewing.remembering import Decided
    from verideck.problems import Problem
    from verideck.project import Project
    from verideck.verifying.evidence import Evidence
    from verideck.verifying.records import Outcome, Record
    from verideck.verifying.worker import Job


@dataclass(frozen=True, slots=True)
class Task:
    """What waits to be computed, and from what."""

    waiting: tuple[Card, ...]
    project: Project
    evidence: Evidence
    policy: Policy = RECOMPUTE


@dataclass(frozen=True, slots=True)
class Learned:
    """A card that waited, its verdict, and the evidence that it took.

    `passing` cards are to be computed again; `forgotten` says why the evidence is not remembered.
    """

    card: Card
    project: Project
    decided: Decided
    records: Mapping[str, Record]
    passing: bool = False
    forgotten: tuple[Problem, ...] = ()


class Computer:
    """A thread that computes what the last task asks for; `tell` is called there with each card's verdict.

    One child process serves all, so that only the first card waits until torch is imported.
    """

    def __init__(
        self, tell: Callable[[Learned], None], worker: Worker | None = None, steps: int = MAX_DECK_STEPS
    ) -> None:
        self._tell = tell
        self._allowance = Allowance(steps)
        self._worker = worker or Worker()
        self._news = threading.Condition()
        self._task: Task | None = None
        self._computed: dict[str, Record] = {}  # by key; several cards may need one
        self._left: list[Card] = []
        self._current: Card | None = None
        self._closed = False
        threading.Thread(target=self._work, name="computing", daemon=True).start()

    def give(self, task: Task) -> None:
        """Take on a task in place of the last one; what waits only now is computed first."""
        with self._news:
            before = set(self._left)
            left = [card for card in task.waiting if card != self._current]
            self._task, self._left = task, sorted(left, key=before.__contains__)
            self._news.notify()

    def close(self) -> None:
        """End the thread and its process, whatever they are doing."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._worker.end()

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            card, task = taken
            try:
                evidence = task.evidence.with_records(self._computed.values())
                decided, records, passing = remembering.compute(
                    card, task.project, evidence, self._run, task.policy
                )
            except _ClosedError:
                return
            self._computed |= records
            forgotten = local_record.remember(tuple(records.values()))
            self._tell(Learned(card, task.project, decided, records, passing, forgotten))

    def _next(self) -> tuple[Card, Task] | None:
        with self._news:
            self._current = None
            self._news.wait_for(lambda: self._closed or self._left)
            if self._closed or self._task is None:
                return None
            self._current = self._left.pop(0)
            return self._current, self._task

    def _run(self, job: Job) -> Outcome:
        if self._closed:
            raise _ClosedError
        if self._allowance.left <= 0:
            return failures.not_asked(self._allowance.steps)
        outcome = self._worker.run(job)
        self._allowance.count({0: outcome}, 0)
        if self._closed:  # it was killed, and says that it crashed
            raise _ClosedError
        return outcome


class _ClosedError(Exception):
    """There is nobody any more to compute for."""


def later(cards: Sequence[Card], learned: Sequence[Learned]) -> tuple[Card, ...]:
    """Leave out the cards whose verdict has come in the meantime."""
    known = {one.card for one in learned}
    return tuple(card for card in cards if card not in known)
