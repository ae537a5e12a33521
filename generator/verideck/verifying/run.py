"""Verifying cards: plan what must be computed, reuse evidence, compute the rest, decide every claim anew.

Evidence that was computed elsewhere is computed again, once. If that gives the same, the committed record
stays as it is, to the last digit: what is built does not depend on who computed it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from verideck.cards import Verdict
from verideck.problems import Problem, error, ordered, warning
from verideck.verifying import agreement, alike, claims, losing, planning, provenance, snippets, variants
from verideck.verifying.budgets import Fault
from verideck.verifying.calls import INSTALL
from verideck.verifying.executors import compute_all
from verideck.verifying.planning import Plan
from verideck.verifying.provenance import RECOMPUTE, Policy
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
    """Cards with their verdicts, the evidence to keep, every problem, and how much had to be computed.

    `elsewhere` has for each card the keys of the evidence that was computed elsewhere and trusted;
    `unconfirmed` are the keys of evidence that would have to be computed here, and cannot be without torch.
    """

    checked: tuple[Checked, ...]
    evidence: Evidence
    problems: tuple[Problem, ...]
    computed: int = 0
    reused: int = 0
    elsewhere: tuple[frozenset[str], ...] = ()
    unconfirmed: frozenset[str] = frozenset()

    @property
    def trusted(self) -> int:
        """How many computations were done elsewhere and are trusted."""
        return len(frozenset().union(*self.elsewhere))


def silent(done: int, total: int) -> None:
    """Report no progress."""


def verify(
    cards: Sequence[Card],
    project: Project,
    evidence: Evidence,
    *,
    fresh: bool = False,
    whole: bool = False,
    policy: Policy = RECOMPUTE,
    progress: Progress = silent,
    compute: Compute = compute_all,
) -> Verification:
    """Verify cards. Only what `evidence` does not hold is computed; verdicts are always decided anew.

    `fresh` computes everything and warns where a value differs from the evidence kept for it. `whole` says
    that these are all cards of the project, so that evidence which none of them uses is dropped. `policy`
    says what becomes of evidence that was computed elsewhere.
    """
    plan = Plan()
    foreign = {} if fresh or policy.trust else provenance.find_foreign(cards, evidence)
    refused = foreign if provenance.needs_missing_torch(foreign) else {}
    if foreign and not refused:
        policy.announce(len(foreign))
    source = _Source(evidence, fresh, policy.trust, refused, progress, compute)
    missing = _compute(plan, cards, source)
    computed = [plan.records[job] for job in missing if not plan.records[job].outcome.faults]
    problems = _changed(plan, missing, evidence) if fresh else []
    problems += provenance.disagreements(cards, plan, source.differing)
    unconfirmed = refused or {job: key for job, key in foreign.items() if _lacks_torch(plan, job)}
    problems += _uncomputed(plan, unconfirmed)
    checked = []
    for card in cards:
        one, told = _decide(card, plan, project)
        checked.append(replace(one, verdict=Verdict.SOURCE_LOST, misconceptions=()) if card.lost else one)
        problems += losing.weighed(card, told)
    used = [key for key, _ in plan.keys.values()] if whole else None
    kept = evidence.with_records(computed, used)
    reused = sum(not record.outcome.faults for record in plan.records.values()) - len(computed)
    return Verification(
        tuple(checked),
        kept,
        ordered(problems),
        len(missing),
        reused,
        tuple(map(partial(_elsewhere, plan), cards)),
        frozenset(unconfirmed.values()),
    )


def _elsewhere(plan: Plan, card: Card) -> frozenset[str]:
    """Return the keys of a card's evidence that was computed elsewhere and is trusted."""
    if not plan.elsewhere:
        return frozenset()
    return frozenset(plan.elsewhere[job] for job in provenance.jobs(card, plan) if job in plan.elsewhere)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where records come from: evidence, and what computes the rest; `refused` jobs are not computed."""

    evidence: Evidence
    fresh: bool
    trust: bool
    refused: Collection[Job]
    progress: Progress
    compute: Compute
    differing: list[Job] = field(default_factory=list)  # jobs whose evidence is not what was computed

    def add(self, plan: Plan, needed: Iterable[planning.Needed]) -> None:
        """Take in jobs, and refuse those that are to be."""
        plan.add(needed, self.evidence, fresh=self.fresh, trust=self.trust)
        for job in [job for job in plan.missing if job in self.refused]:
            fault = Fault(1, 1, "computed elsewhere", INSTALL, "torch")
            plan.records[job] = Record("", job.kind, job.code, Outcome(faults=(fault,)), given=job.given)

    def records(self, plan: Plan, jobs: Sequence[Job], before: int) -> Iterator[Record]:
        """Compute jobs; committed evidence that agrees is kept as it is."""
        outcomes = self.compute(jobs, _after(before, self.progress)) if jobs else ()
        for job, outcome in zip(jobs, outcomes, strict=True):
            record = _record(plan, job, outcome)
            committed = None if self.fresh else planning.find(job, record.key, self.evidence)
            if committed is None or record.outcome.faults:
                yield record
            elif agreement.agrees(committed, record):
                yield committed
            else:
                self.differing.append(job)
                yield record


def _compute(plan: Plan, cards: Sequence[Card], source: _Source) -> list[Job]:
    """Compute what evidence does not hold, and give the jobs.

    Varying cards take several rounds: their checks need what is drawn, their heatmaps what checks compute.
    """
    done: list[Job] = []
    source.add(plan, (one for card in cards if card.vary is None for one in planning.needed(card)))
    varying = [card for card in cards if card.vary is not None]
    while True:
        known = len(plan.first)
        source.add(plan, [one for card in varying for one in variants.needed(card, plan)])
        missing = plan.missing
        if not missing and len(plan.first) == known:
            break
        plan.records.update(zip(missing, source.records(plan, missing, len(done)), strict=True))
        done += missing
    return done


def _record(plan: Plan, job: Job, outcome: Outcome) -> Record:
    """Make the record of an outcome; where only torch is missing, names that nothing has are said first."""
    key, reference = plan.keys[job]
    unknown = plan.unknown.get(job, ())
    if unknown and any(fault.reason == "torch" for fault in outcome.faults):
        places = {(fault.line, fault.column) for fault in unknown}
        more = (fault for fault in outcome.faults if (fault.line, fault.column) not in places)
        outcome = replace(outcome, faults=(*unknown, *more))
    seeds = snippets.SEEDS if outcome.run and outcome.run.random else ()
    return Record(key, job.kind, job.code, outcome, reference, seeds, given=job.given)


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


def _lacks_torch(plan: Plan, job: Job) -> bool:
    return job in plan.records and any(one.reason == "torch" for one in plan.records[job].outcome.faults)


_UNCOMPUTED = {
    "torch": "must be computed, and torch is not installed",
    "busy": "could not be computed: the machine was too busy",
    "deck-budget": "could not be computed, from here on: the deck takes too many steps",
}


def _uncomputed(plan: Plan, unconfirmed: Collection[Job]) -> list[Problem]:
    """Report once for each reason that is not the code's how much was not computed, and where that begins.

    What is `unconfirmed` is evidence from elsewhere, which is reported as such.
    """
    problems = []
    for reason, why in _UNCOMPUTED.items():
        faults = {
            job: fault
            for job, record in plan.records.items()
            for fault in record.outcome.faults
            if fault.reason == reason and job not in unconfirmed
        }
        first = min((plan.first[job].location for job in faults), default=None)
        if first is not None:
            count = "a check or heatmap" if len(faults) == 1 else f"{len(faults):,} checks and heatmaps"
            problems.append(error(first, f"{count} {why}", next(iter(faults.values())).hint))
    return problems
