"""The origin of evidence: this machine or another one, and what is reported about the latter."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Location
from verideck.problems import Problem, error, warning
from verideck.verifying import planning, variants
from verideck.verifying.planning import Plan
from verideck.verifying.records import JobKind

if TYPE_CHECKING:
    from verideck.cards import Card
    from verideck.verifying.evidence import Evidence
    from verideck.verifying.worker import Job


def announce_nothing(count: int) -> None:
    """Announce nothing."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The user's choice about evidence that was computed elsewhere.

    It is computed again on this machine, and `announce` is called before with the number of computations.
    With `trust` it is believed instead.
    """

    trust: bool = False
    announce: Callable[[int], None] = announce_nothing


RECOMPUTE = Policy()
TRUST = Policy(trust=True)


def jobs(card: Card, plan: Plan) -> list[Job]:
    """Return what a card needs computed, as far as it is known by now."""
    needed = planning.needed(card) if card.vary is None else variants.needed(card, plan)
    return [job for job, _ in needed]


def find_foreign(cards: Sequence[Card], evidence: Evidence) -> Mapping[Job, str]:
    """Return the jobs that only evidence from elsewhere answers, with their keys; nothing is computed."""
    if evidence.records.keys() <= evidence.here:
        return {}
    plan, known = Plan(), -1
    while known < len(plan.first):  # a card's draws name its checks, and these its heatmaps
        known = len(plan.first)
        for card in cards:
            needed = planning.needed(card) if card.vary is None else variants.needed(card, plan)
            plan.add(needed, evidence, trust=True)
    return plan.elsewhere


def needs_missing_torch(jobs: Collection[Job]) -> bool:
    """Return whether torch is not installed, and one of some jobs needs it."""
    if not jobs or importlib.util.find_spec("torch") is not None:
        return False
    from verideck.verifying import compute  # which is loaded in child processes otherwise

    return any(job.kind is JobKind.RUN or compute.needs_torch(job.code) for job in jobs)


def refuse_unconfirmed(count: int, path: str) -> Iterator[Problem]:
    """Refuse evidence from elsewhere that cannot be computed again, as torch is missing."""
    if count:
        checks = "1 check was" if count == 1 else f"{count:,} checks were"
        message = f"{checks} computed elsewhere; install verideck[verify], or pass --trust-evidence"
        hint = "with torch they are computed once on this machine; the flag believes them, and says so"
        yield error(Location(path), message, hint)


def disagreements(cards: Sequence[Card], plan: Plan, differing: Collection[Job]) -> Iterator[Problem]:
    """Warn of each card whose committed evidence is not what was computed here."""
    left = set(differing)
    for card in cards if left else ():
        own = [job for job in dict.fromkeys(jobs(card, plan)) if job in left]
        left.difference_update(own)
        if own:
            name = f"`{card.id}`" if card.id else f'"{card.heading}"'
            count = f" ({len(own)} checks)" if len(own) > 1 else ""
            message = (
                f"the committed evidence of card {name} did not agree with what was computed here{count}"
            )
            hint = "this build uses what was computed here; find out where the committed evidence is from"
            yield warning(plan.first[own[0]].location, message, hint)
