"""What must be computed to verify some cards, and what evidence answers of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verideck.verifying import evidence as kept
from verideck.verifying import given, library, mutants, syntax
from verideck.verifying.records import JobKind, Outcome, Record
from verideck.verifying.snippets import grammar
from verideck.verifying.worker import Job

if TYPE_CHECKING:
    from verideck.cards import Card, Fence
    from verideck.verifying.budgets import Fault
    from verideck.verifying.evidence import Evidence

Needed = tuple[Job, "Fence"]


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

    def add(self, needed: Iterable[Needed], evidence: Evidence, *, fresh: bool = False) -> None:
        """Take in jobs; what `evidence` holds of them need not be computed, unless all is to be `fresh`."""
        for job, fence in needed:
            if job in self.first:
                continue
            self.first[job] = fence
            tree, faults = _parsed(job)
            if tree is None:
                self.records[job] = Record("", job.kind, job.code, Outcome(faults=faults))
                continue
            references = {} if job.kind is JobKind.RUN else library.references(tree)
            references |= mutants.references(tree) if job.kind is JobKind.CHECK else {}
            key = kept.key(job.kind, job.code, references, job.given)
            self.keys[job] = key, kept.reference(references)
            found = None if fresh else evidence.find(key, job.code)
            if found is not None and found.kind is job.kind and found.given == job.given:
                self.records[job] = found


def _parsed(job: Job) -> tuple[ast.Module | None, tuple[Fault, ...]]:
    if job.kind is JobKind.RUN:
        return grammar.parse(job.code)
    parsed = syntax.parse(job.code)
    return parsed.tree, parsed.faults


def needed(card: Card, row: str = "") -> list[Needed]:
    """List a card's jobs with the fences that ask for them; `row` holds the names that a variant draws."""
    jobs = [(Job(JobKind.CHECK, fence.code, narrowed(row, fence.code)), fence) for fence in card.checks]
    for heatmap in card.heatmaps:
        names = "" if heatmap.shared else narrowed(row, heatmap.fence.code)
        bound = "" if names == given.NOTHING else names
        jobs.append((Job(JobKind.HEATMAP, heatmap.fence.code, bound), heatmap.fence))
    return jobs + [(Job(JobKind.RUN, fence.code), fence) for fence in card.runs]


def narrowed(row: str, code: str) -> str:
    """Keep of a variant's names those that some code mentions: it need not be computed again for others."""
    if not row:
        return ""
    tree = syntax.parse(code).tree
    used = syntax.called(tree) if tree is not None else frozenset()
    return given.encode({name: value for name, value in given.decode(row).items() if name in used})
