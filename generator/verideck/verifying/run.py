"""Verifying cards: plan what must be computed, reuse evidence, compute the rest, decide every claim anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verideck.cards import Verdict
from verideck.problems import Problem, error, ordered, warning
from verideck.verifying import alike, claims, losing, planning, snippets, variants
from verideck.verifying.executors import compute_all
from verideck.verifying.planning import Plan
from verideck.verifying.records import JobKind, Outcome, Record
from verideck.verifying.worker import Job

if TYPE_CHECKING:
    from verideck.cards import Card, Checked, HeatmapValues
    from verideck.project import Project
    from verideck.verifying.evidence import Evidence

Progress = Callable[[int, int], None]  # (computed, to compute)
Compute = Callable[[Sequence[Job], Progress], Sequence[Outcome]]


@dataclass(frozen=True, slots=True)
class Verification:
    """Cards with their verdicts, the evidence to keep, every problem, and how much had to be computed."""

    checked: tuple[Checked, ...]
    evidence: Evidence
    problems: tuple[Problem, ...]
    computed: int = 0
    reused: int = 0


def silent(done: int, total: int) -> None:
    """Report no progress."""


def verify(
    cards: Sequence[Card],
    project: Project,
    evidence: Evidence,
    *,
    fresh: bool = False,
    whole: bool = False,
    progress: Progress = silent,
    compute: Compute = compute_all,
) -> Verification:
    """Verify cards. Only what `evidence` does not hold is computed; verdicts are always decided anew.

    `fresh` computes everything and warns where a value differs from the evidence kept for it. `whole` says
    that these are all cards of the project, so that evidence which none of them uses is dropped.
    """
    plan = Plan()
    missing = _compute(plan, cards, evidence, fresh, progress, compute)
    computed = [plan.records[job] for job in missing if not plan.records[job].outcome.faults]
    problems = _changed(plan, missing, evidence) if fresh else []
    problems += _uncomputed(plan)
    checked = []
    for card in cards:
        one, told = _decide(card, plan, project)
        checked.append(replace(one, verdict=Verdict.SOURCE_LOST, misconceptions=()) if card.lost else one)
        problems += losing.weighed(card, told)
    used = [key for key, _ in plan.keys.values()] if whole else None
    kept = evidence.with_records(computed, used)
    reused = len(plan.records) - len(missing)
    return Verification(tuple(checked), kept, ordered(problems), len(missing), reused)


def _compute(
    plan: Plan, cards: Sequence[Card], evidence: Evidence, fresh: bool, progress: Progress, compute: Compute
) -> list[Job]:
    """Compute what evidence does not hold, and give the jobs.

    Varying cards take several rounds: their checks need what is drawn, their heatmaps what checks compute.
    """
    done: list[Job] = []
    plan.add(
        (one for card in cards if card.vary is None for one in planning.needed(card)), evidence, fresh=fresh
    )
    varying = [card for card in cards if card.vary is not None]
    while True:
        known = len(plan.first)
        plan.add([one for card in varying for one in variants.needed(card, plan)], evidence, fresh=fresh)
        missing = plan.missing
        if not missing and len(plan.first) == known:
            break
        before = len(done)
        outcomes = compute(missing, _after(before, progress)) if missing else ()
        for job, outcome in zip(missing, outcomes, strict=True):
            key, reference = plan.keys[job]
            seeds = snippets.SEEDS if outcome.run and outcome.run.random else ()
            plan.records[job] = Record(key, job.kind, job.code, outcome, reference, seeds, given=job.given)
        done += missing
    return done


def _after(before: int, progress: Progress) -> Progress:
    """Report progress after `before` jobs of earlier rounds."""
    return lambda done, total: progress(before + done, before + total)


def _decide(card: Card, plan: Plan, project: Project) -> tuple[Checked, list[Problem]]:
    if card.vary is None:
        return _decide_one(card, plan, project)
    checked, problems = variants.decide(card, plan, lambda made: _decide_one(made.card, plan, project, made))
    return checked, problems


def _decide_one(
    card: Card, plan: Plan, project: Project, made: variants.Instance | None = None
) -> tuple[Checked, list[Problem]]:
    """Decide a card that does not vary, or one variant of a card that does."""
    problems = [*alike.equal_options(card)]
    found = [
        (job, fence, plan.records[job]) for job, fence in planning.needed(card, made.row if made else "")
    ]
    records = [
        (fence, variants.spoken(record, made.values) if made else record)
        for job, fence, record in found
        if job.kind is JobKind.CHECK
    ]
    outcomes = [record.outcome for job, _, record in found if job.kind is JobKind.HEATMAP]
    pictures: list[HeatmapValues] = []
    for heatmap, outcome in zip(card.heatmaps, outcomes, strict=True):
        if outcome.heatmap is not None:
            pictures.append(replace(outcome.heatmap, name=heatmap.name))
        problems += [
            error(claims.place(heatmap.fence, fault), fault.message, fault.hint)
            for fault in outcome.faults
            if not fault.is_general
        ]
    runs = [(fence, record) for job, fence, record in found if job.kind is JobKind.RUN]
    checked, told = claims.decide(card, records, pictures, project, runs)
    return checked, [*problems, *told]


def _changed(plan: Plan, computed: Sequence[Job], evidence: Evidence) -> list[Problem]:
    """Warn of evidence that a fresh computation contradicts."""
    problems = []
    for job in computed:
        record = plan.records[job]
        old = evidence.find(record.key, job.code)
        if old is None or record.outcome.faults:
            continue
        if replace(old.outcome, torch=None) != replace(record.outcome, torch=None):
            message = "the evidence kept for this code held other values than were computed now"
            hint = f"compare `{evidence.path}` before and after: another release of torch, or an edited file"
            problems.append(warning(plan.first[job].location, message, hint))
    return problems


_UNCOMPUTED = {
    "torch": "must be computed, and torch is not installed",
    "busy": "could not be computed: the machine was too busy",
    "deck-budget": "from here on were not computed: the deck takes too many steps",
}


def _uncomputed(plan: Plan) -> list[Problem]:
    """Say once of each reason that is not the code's how much it has left uncomputed, and where that begins."""
    problems = []
    for reason, why in _UNCOMPUTED.items():
        faults = {
            job: fault
            for job, record in plan.records.items()
            for fault in record.outcome.faults
            if fault.reason == reason
        }
        first = min((plan.first[job].location for job in faults), default=None)
        if first is not None:
            count = "a check or heatmap" if len(faults) == 1 else f"{len(faults):,} checks and heatmaps"
            problems.append(error(first, f"{count} {why}", next(iter(faults.values())).hint))
    return problems
