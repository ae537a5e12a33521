"""What must be computed to verify some cards, and what evidence answers of it.

Evidence is believed if it was computed on this machine, or if the user trusts what others computed. It is not
used for code with names that the language does not have: such code is wrong, no matter what a file says.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verideck.verifying import drawing, given, library, mutants, syntax, unknown_names
from verideck.verifying import evidence as kept
from verideck.verifying.interpreter import CLAIM_WORDS
from verideck.verifying.records import JobKind, Outcome, Record
from verideck.verifying.snippets import grammar, outside_names
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
    elsewhere: dict[Job, str] = field(default_factory=dict)  # trusted: computed elsewhere, with the key
    unknown: dict[Job, tuple[Fault, ...]] = field(default_factory=dict)  # names outside the language

    @property
    def missing(self) -> list[Job]:
        """Give the jobs to compute, in the order of the sources."""
        return [job for job in self.keys if job not in self.records]

    def add(
        self, needed: Iterable[Needed], evidence: Evidence, *, fresh: bool = False, trust: bool = False
    ) -> None:
        """Take in jobs; what `evidence` has of them need not be computed, unless all is to be `fresh`.

        With `trust` that includes what was computed elsewhere.
        """
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
            if unknown := _unknown_names(job, tree):
                self.unknown[job] = unknown
            found = None if fresh else find(job, key, evidence)
            is_here = key in evidence.here
            if found is None or not (is_here or trust):
                continue
            if unknown and not (is_here and job.kind is JobKind.RUN):  # in a branch that is not taken
                continue
            self.records[job] = found
            if not is_here:
                self.elsewhere[job] = key


def find(job: Job, key: str, evidence: Evidence) -> Record | None:
    """Return the record that evidence has of a job, wherever it was computed."""
    found = evidence.find(key, job.code)
    if found is None or (found.kind, found.given) != (job.kind, job.given):
        return None
    if job.kind is JobKind.VARY and len(found.outcome.rows) != given.decode(job.given)["count"]:
        return None
    return found


def _unknown_names(job: Job, tree: ast.Module) -> tuple[Fault, ...]:
    """Return what code names that the language does not have."""
    match job.kind:
        case JobKind.RUN:
            return outside_names.find(job.code, tree)
        case JobKind.VARY:
            return unknown_names.find(job.code, tree, words=drawing.WORDS)
        case JobKind.HEATMAP:
            return unknown_names.find(job.code, tree, given.decode(job.given), ())
    return unknown_names.find(job.code, tree, given.decode(job.given), CLAIM_WORDS)


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
