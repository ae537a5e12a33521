"""The thread that computes: what waits newest comes first, and closing ends it."""

from __future__ import annotations

import queue
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verideck import local_record
from verideck import project as projects
from verideck import sources as disk
from verideck.cards import Card, Verdict
from verideck.previewing.computing import Computer, Learned, Task, later
from verideck.previewing.places import grounded
from verideck.verifying import evidence as kept
from verideck.verifying.evidence import Evidence
from verideck.verifying.worker import Job, Worker

PATIENCE = 1800

if TYPE_CHECKING:
    from verideck.verifying.records import Outcome


class Gate(Worker):
    """A real worker that waits before each job until it is let through."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.open = threading.Event()

    def run(self, job: Job) -> Outcome:
        self.asked.put(job.code)
        assert self.open.wait(PATIENCE)
        return super().run(job)


@pytest.fixture
def card(deck: Path) -> Card:
    return grounded(disk.gather([deck]).cards[0])


def task(*cards: Card) -> Task:
    return Task(cards, projects.unnamed("deck"), Evidence())


def numbered(card: Card, number: int) -> Card:
    fence = replace(card.checks[0], code=f"answer == softmax([{number}, {number}])")
    return replace(card, id=f"even-{number}", checks=(fence,))


def test_what_waits_newest_is_computed_first(card: Card) -> None:
    told: queue.SimpleQueue[Learned] = queue.SimpleQueue()
    gate = Gate()
    computer = Computer(told.put, gate)
    try:
        first, second, third = (numbered(card, number) for number in (1, 2, 3))
        computer.give(task(first, second))
        assert "1" in gate.asked.get(timeout=PATIENCE)
        computer.give(task(first, second, third))
        gate.open.set()
        learned = [told.get(timeout=PATIENCE) for _ in range(3)]
        assert [one.card.id for one in learned] == ["even-1", "even-3", "even-2"]
        assert {one.decided[0].verdict for one in learned} == {Verdict.VERIFIED}
        assert all(one.records for one in learned)
        assert later((first, second), learned[:1]) == (second,)
    finally:
        computer.close()


def test_closing_ends_it_without_a_verdict(card: Card) -> None:
    told: list[Learned] = []
    gate = Gate()
    computer = Computer(told.append, gate)
    computer.give(task(card))
    gate.asked.get(timeout=PATIENCE)
    computer.close()
    gate.open.set()
    threads = [one for one in threading.enumerate() if one.name == "computing"]
    for thread in threads:
        thread.join(PATIENCE)
    assert not [thread for thread in threads if thread.is_alive()]
    assert not told


class Counting(Worker):
    """A real worker that keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def run(self, job: Job) -> Outcome:
        self.asked.append(job.code)
        return super().run(job)


def test_what_two_cards_need_is_computed_once(card: Card) -> None:
    told: queue.SimpleQueue[Learned] = queue.SimpleQueue()
    worker = Counting()
    computer = Computer(told.put, worker)
    try:
        computer.give(task(card, replace(card, id="again"), replace(card, id="once-more")))
        learned = [told.get(timeout=PATIENCE) for _ in range(3)]
    finally:
        computer.close()
    assert worker.asked == [card.checks[0].code]
    assert {one.decided.checked.verdict for one in learned} == {Verdict.VERIFIED}
    assert [len(one.records) for one in learned] == [1, 0, 0]


def test_what_is_computed_is_remembered_or_said_not_to_be(
    card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def learned(state: Path) -> Learned:
        monkeypatch.setenv("XDG_STATE_HOME", str(state))
        told: queue.SimpleQueue[Learned] = queue.SimpleQueue()
        computer = Computer(told.put)
        try:
            computer.give(task(card))
            return told.get(timeout=PATIENCE)
        finally:
            computer.close()

    good = learned(tmp_path / "state")
    assert good.forgotten == ()
    (record,) = good.records.values()
    loaded, _ = kept.load(kept.dump(Evidence().with_records([record])), "evidence.json")
    assert local_record.mark(loaded)[0].here == {record.key}

    (tmp_path / "file").touch()
    bad = learned(tmp_path / "file")
    assert bad.decided == good.decided
    assert len(bad.forgotten) == 1
