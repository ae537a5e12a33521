"""The vocabulary of deciding: what became of one proposal, and of an item's answer as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Subject, Verdict

if TYPE_CHECKING:
    from verideck.problems import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one proposal; `convention` is the reading under which it did."""

    verdict: Verdict
    subject: Subject
    code: str
    computed: str = ""
    claimed: str = ""
    convention: str = ""
    message: str = ""
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided of an item's answer; fields as in `deciding.Decision`."""

    verdict: Verdict = Verdict.UNCHECKED
    subject: Subject | None = None
    computed: str = ""
    ticks: tuple[int, ...] = ()
    checks: tuple[str, ...] = ()
    run: bool = False
    offered: str = ""
    claims: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
