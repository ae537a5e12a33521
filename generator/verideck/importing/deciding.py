"""What is decided of an item from the checks proposed for it: its verdict, its key, what is still lost.

A proposal only proposes. It finds a key, or refutes one, where it used every number of the question, nothing
in the question turns it round, and no other customary reading says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from verideck import guard
from verideck.cards import Kind, Location, Subject, Verdict
from verideck.importing import choosing, computing, marking, stating
from verideck.importing.findings import Answer, Finding
from verideck.reading.items import Lost
from verideck.verifying import executors

if TYPE_CHECKING:
    from verideck.problems import Problem
    from verideck.reading.items import Item
    from verideck.verifying.recognising.proposals import Proposal
    from verideck.verifying.records import Outcome
    from verideck.verifying.worker import Job

    Compute = Callable[[Sequence[Job], Callable[[int, int], None]], Sequence[Outcome]]

__all__ = ["Decision", "Finding", "decide"]

ORDER = {verdict: place for place, verdict in enumerate(Verdict)}  # worst first
WRONG = (Verdict.REFUTED, Verdict.NO_OPTION, Verdict.SEVERAL_OPTIONS)
RIGHT = (Verdict.VERIFIED, Verdict.MEASURED, Verdict.KEY_FOUND)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of an item; `ticks` are the options to tick, from 1, `offered` is one to add.

    `checks` are the codes to write into the card: what holds, or what refutes. `lost` is what is lost still:
    a key that was found is not.
    """

    verdict: Verdict
    subject: Subject | None = None
    computed: str = ""
    claims: tuple[Finding, ...] = ()
    ticks: tuple[int, ...] = ()
    checks: tuple[str, ...] = ()
    run: bool = False
    offered: str = ""
    problems: tuple[Problem, ...] = ()
    lost: tuple[Lost, ...] = ()


def decide(
    items: Sequence[Item],
    proposals: Sequence[Sequence[Proposal]],
    compute: Compute = executors.compute_all,
) -> tuple[Decision, ...]:
    """Decide of items what the checks proposed for each come to; all are computed in one batch."""
    asked = [(item, proposal) for item, own in zip(items, proposals, strict=True) for proposal in own]
    jobs = list(dict.fromkeys(job for item, proposal in asked for job in computing.jobs(item, proposal)))
    outcomes = dict(zip(jobs, compute(jobs, _silent) if jobs else (), strict=True))
    decided = tuple(_decision(item, own, outcomes) for item, own in zip(items, proposals, strict=True))
    return _uncomputed(items, decided, outcomes)


def _silent(done: int, total: int) -> None:
    """Report no progress."""


def _decision(item: Item, proposals: Sequence[Proposal], outcomes: dict[Job, Outcome]) -> Decision:
    """Decide of one item; a fault of ours costs this decision only."""
    faults: list[Problem] = []
    at = Location("", item.line)
    decided = guard.read(partial(_decide, item, proposals, outcomes), "question", at, faults)
    return decided or Decision(Verdict.UNCHECKED, problems=tuple(faults), lost=item.lost)


def _decide(item: Item, proposals: Sequence[Proposal], outcomes: dict[Job, Outcome]) -> Decision:
    ways = [(proposal, computing.ways(item, proposal, outcomes)) for proposal in proposals]
    about = [one for one in ways if one[0].subject in (Subject.ANSWER, Subject.OPTION) and not one[0].cite]
    answer = choosing.choice(item, about) if item.kind is Kind.CHOICE else choosing.written(item, about)
    beside = [
        stating.stated(item, proposal, found) for proposal, found in ways if (proposal, found) not in about
    ]
    claims = (*answer.claims, *(finding for finding, _ in beside))
    told = (
        *answer.problems,
        *(problem for _, found in beside for problem in found),
        *marking.marked(item, answer),
    )
    lost = tuple(part for part in item.lost if not (part is Lost.KEY and answer.verdict is Verdict.KEY_FOUND))
    verdict, subject = _verdict(answer, [finding for finding, _ in beside], lost)
    checks = (*answer.checks, *(finding.code for finding, _ in beside if _is_written(finding)))
    return Decision(
        verdict,
        subject,
        answer.computed,
        claims,
        answer.ticks,
        tuple(dict.fromkeys(code for code in checks if code)),
        answer.run,
        answer.offered,
        tuple(dict.fromkeys(told)),
        lost,
    )


def _is_written(finding: Finding) -> bool:
    """Tell whether a check beside the answer belongs into the card."""
    return finding.verdict in (*RIGHT, Verdict.REFUTED) and not finding.weak


def _verdict(
    answer: Answer, beside: Sequence[Finding], lost: tuple[Lost, ...]
) -> tuple[Verdict, Subject | None]:
    """Give the worst error, else the answer's verdict; where nothing is said of that, a doubt beside it.

    Where no option is right, the key is not lost: there is none.
    """
    if set(lost) - ({Lost.KEY} if answer.verdict in WRONG else set()):
        return Verdict.SOURCE_LOST, None
    wrong = [(answer.verdict, answer.subject)] if answer.verdict in WRONG else []
    wrong += [(finding.verdict, finding.subject) for finding in beside if finding.verdict in WRONG]
    if wrong:
        return min(wrong, key=lambda one: ORDER[one[0]])
    if lost:
        return Verdict.SOURCE_LOST, None
    if answer.verdict is not Verdict.UNCHECKED:
        return answer.verdict, answer.subject
    doubts = [finding for finding in beside if finding.verdict is Verdict.IMPRECISE]
    return (Verdict.IMPRECISE, doubts[0].subject) if doubts else (Verdict.UNCHECKED, None)


def _uncomputed(
    items: Sequence[Item], decided: tuple[Decision, ...], outcomes: dict[Job, Outcome]
) -> tuple[Decision, ...]:
    """Say once of each reason that is not the code's that answers were not computed."""
    faults = [fault for outcome in outcomes.values() for fault in outcome.faults if fault.is_general]
    if not faults or not decided:
        return decided
    told = tuple(
        computing.warned(items[0].line, f"answers cannot be computed: {_UNCOMPUTED[reason]}", fault.hint)
        for reason, fault in {one.reason: one for one in faults}.items()
    )
    return (replace(decided[0], problems=(*told, *decided[0].problems)), *decided[1:])


_UNCOMPUTED = {
    "torch": "torch is not installed",
    "busy": "the machine was too busy",
    "deck-budget": "the pages take too many steps",
}
