"""Verifying cards: plan what must be computed, reuse evidence, compute the rest, decide every claim anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from verideck.problems import Problem, error, ordered, warning
from verideck.verifying import alike, claims, library, syntax
from verideck.verifying import evidence as kept
from verideck.verifying.calls import INSTALL
from verideck.verifying.executors import compute_all
from verideck.verifying.records import JobKind, Outcome, Record
from verideck.verifying.worker import Job

if TYPE_CHECKING:
    from verideck.cards import Card, Checked, Fence, HeatmapValues
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


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of all cards with the key of each, and those that evidence does not answer."""

    records: dict[Job, Record] = field(default_factory=dict)  # known already: kept, or faulty as written
    keys: dict[Job, tuple[str, str]] = field(default_factory=dict)  # key and reference hash
    first: dict[Job, Fence] = field(default_factory=dict)  # where it stands first

    @property
    def missing(self) -> list[Job]:
        """Give the jobs to compute, in the order of the sources."""
        return [job for job in self.keys if job not in self.records]


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
    plan = make_plan(cards, evidence, fresh=fresh)
    missing = plan.missing
    outcomes = compute(missing, progress) if missing else ()
    problems: list[Problem] = []
    for job, outcome in zip(missing, outcomes, strict=True):
        key, reference = plan.keys[job]
        plan.records[job] = Record(key, job.kind, job.code, outcome, reference, given=job.given)
    computed = [plan.records[job] for job in missing if not plan.records[job].outcome.faults]
    if fresh:
        problems += _changed(plan, missing, evidence)
    problems += _without_torch(plan)
    checked = []
    for card in cards:
        one, told = _decide(card, plan, project)
        checked.append(one)
        problems += told
    used = [key for key, _ in plan.keys.values()] if whole else None
    kept = evidence.with_records(computed, used)
    reused = len(plan.records) - len(missing)
    return Verification(tuple(checked), kept, ordered(problems), len(missing), reused)


def make_plan(cards: Iterable[Card], evidence: Evidence, *, fresh: bool = False) -> Plan:
    """Find out what the cards' checks and heatmaps need, and what evidence answers."""
    plan = Plan()
    for card in cards:
        for kind, fence in _fences(card):
            job = Job(kind, fence.code)
            if job in plan.first:
                continue
            plan.first[job] = fence
            parsed = syntax.parse(job.code)
            if parsed.tree is None:
                plan.records[job] = Record("", kind, job.code, Outcome(faults=parsed.faults))
                continue
            names = sorted(syntax.called(parsed.tree) & library.LIBRARY.keys())
            references = {name: library.reference_hash(name) for name in names}
            plan.keys[job] = kept.key(kind, job.code, references), kept.reference(references)
            found = None if fresh else evidence.find(plan.keys[job][0], job.code)
            if found is not None and found.kind is kind:
                plan.records[job] = found
    return plan


def _fences(card: Card) -> list[tuple[JobKind, Fence]]:
    checks = [(JobKind.CHECK, fence) for fence in card.checks]
    return checks + [(JobKind.HEATMAP, heatmap.fence) for heatmap in card.heatmaps]


def _decide(card: Card, plan: Plan, project: Project) -> tuple[Checked, list[Problem]]:
    problems = [*_not_yet(card), *alike.equal_options(card)]
    records = [(fence, plan.records[Job(JobKind.CHECK, fence.code)]) for fence in card.checks]
    pictures: list[HeatmapValues] = []
    for heatmap in card.heatmaps:
        outcome = plan.records[Job(JobKind.HEATMAP, heatmap.fence.code)].outcome
        if outcome.heatmap is not None:
            pictures.append(replace(outcome.heatmap, name=heatmap.name))
        problems += [
            error(claims.place(heatmap.fence, fault), fault.message, fault.hint)
            for fault in outcome.faults
            if fault.reason != "torch"
        ]
    checked, told = claims.decide(card, records, pictures, project)
    return checked, [*problems, *told]


def _not_yet(card: Card) -> list[Problem]:
    """Say which parts of the format this release reads but does not carry out."""
    problems = [
        warning(run.location, "this release does not run code: a `python run` fence is only shown", _SHOWN)
        for run in card.runs
    ]
    if card.vary is not None:
        message = "this release does not vary cards: a `python vary` fence is read, not carried out"
        problems.append(error(card.vary.location, message, "write the values out, or leave the fence away"))
    return problems


_SHOWN = "drop the word `run` to show the code without this warning"


def _changed(plan: Plan, computed: Sequence[Job], evidence: Evidence) -> list[Problem]:
    """Warn of evidence that a fresh computation contradicts."""
    problems = []
    for job in computed:
        record = plan.records[job]
        old = evidence.find(record.key, job.code)
        if old is None or record.outcome.faults:
            continue
        if (old.outcome.findings, old.outcome.heatmap) != (record.outcome.findings, record.outcome.heatmap):
            message = "the evidence kept for this code held other values than were computed now"
            hint = f"compare `{evidence.path}` before and after: another release of torch, or an edited file"
            problems.append(warning(plan.first[job].location, message, hint))
    return problems


def _without_torch(plan: Plan) -> list[Problem]:
    """Say once that torch is missing, where something had to be computed with it."""
    jobs = [
        job
        for job, record in plan.records.items()
        if any(one.reason == "torch" for one in record.outcome.faults)
    ]
    if not jobs:
        return []
    count = "a check or heatmap" if len(jobs) == 1 else f"{len(jobs)} checks and heatmaps"
    first = min((plan.first[job].location for job in jobs), default=None)
    message = f"{count} must be computed, and torch is not installed"
    return [error(first, message, f"install it: {INSTALL}")] if first else []
