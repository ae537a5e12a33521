"""Cards from Markdown, verified in this process, with a count of what was computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from verideck import local_record
from verideck.problems import Severity
from verideck.project import Project, Work
from verideck.reading import markdown
from verideck.verifying import evidence as kept
from verideck.verifying import run
from verideck.verifying.compute import compute
from verideck.verifying.evidence import Evidence
from verideck.verifying.provenance import RECOMPUTE, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verideck.cards import Card, Checked
    from verideck.verifying.records import Outcome
    from verideck.verifying.worker import Job

PROJECT = Project(
    "0b9f8c6e-0000-4000-8000-000000000000",
    "Tests",
    "tests",
    works=MappingProxyType(
        {"reformer": Work("reformer", "Reformer"), "vaswani": Work("vaswani", "Attention")}
    ),
)
HEAD = "---\ndeck: Tests\n---\n\n"


@dataclass
class Desk:
    """Verifies sources; `computed` grows by what had to be computed."""

    evidence: Evidence = field(default_factory=Evidence)
    computed: list[Job] = field(default_factory=list)
    computing: Callable[[Job], Outcome] = lambda job: compute(job.kind, job.code, job.given)

    def cards(self, text: str) -> tuple[Card, ...]:
        """Read sources that are good."""
        reading = markdown.read(HEAD + text, "a.md")
        assert [problem for problem in reading.problems if problem.severity is Severity.ERROR] == []
        return reading.cards

    def verify(
        self, text: str, *, fresh: bool = False, whole: bool = False, policy: Policy = RECOMPUTE
    ) -> run.Verification:
        """Read and verify, keeping the evidence for the next time."""
        found = run.verify(
            self.cards(text),
            PROJECT,
            self.evidence,
            fresh=fresh,
            whole=whole,
            policy=policy,
            compute=self._compute,
        )
        self.evidence = found.evidence
        return found

    def one(self, text: str) -> tuple[Checked, list[str]]:
        """Verify one card; gives it with its problems, `severity: message`."""
        found = self.verify(text)
        (checked,) = found.checked
        return checked, [f"{problem.severity}: {problem.message}" for problem in found.problems]

    def reload(self) -> None:
        """Write the evidence and read it again, on the machine that computed it."""
        loaded, problems = kept.load(kept.dump(self.evidence), "evidence.json")
        assert problems == ()
        assert local_record.remember(tuple(self.evidence.records.values())) == ()
        self.evidence, problems = local_record.mark(loaded)
        assert problems == ()

    def _compute(self, jobs: Sequence[Job], progress: run.Progress) -> list[Outcome]:
        self.computed += jobs
        outcomes = []
        for job in jobs:
            outcomes.append(self.computing(job))
            progress(len(outcomes), len(jobs))
        return outcomes


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def project() -> Project:
    return PROJECT
