"""What is decided of an item from the checks proposed for it: its verdict, its key, what is still lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Verdict
from verideck.verifying import executors

if TYPE_CHECKING:
    from verideck.cards import Subject
    from verideck.problems import Problem
    from verideck.reading.items import Item, Lost
    from verideck.verifying.recognising.proposals import Proposal
    from verideck.verifying.run import Compute


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one proposal."""

    verdict: Verdict
    subject: Subject
    code: str
    computed: str = ""
    claimed: str = ""
    convention: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of an item; `ticks` are the options to tick, from 1, `offered` is one to add."""

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
    proposals: Sequence[Sequence[Proposal]],  # noqa: ARG001
    compute: Compute = executors.compute_all,  # noqa: ARG001
) -> tuple[Decision, ...]:
    """Decide of items what their pages state: nothing is computed yet."""
    return tuple(
        Decision(Verdict.SOURCE_LOST if item.lost else Verdict.UNCHECKED, lost=item.lost) for item in items
    )
