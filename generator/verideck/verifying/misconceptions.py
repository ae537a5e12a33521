"""Which misconceptions a card tells apart: values under each mutant, held against the card as it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.cards import Card, Misconception, Verdict
from verideck.verifying.assertions import Form
from verideck.verifying.judging import JUDGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verideck.project import Project
    from verideck.verifying.mutating import Mutated
    from verideck.verifying.records import Finding, Record

GOOD = (Verdict.VERIFIED, Verdict.MEASURED)


def decide(card: Card, records: Sequence[Record], project: Project) -> tuple[Misconception, ...]:
    """Tell for each misconception whether the card's answers catch it; sorted by name.

    Only answers count that are verified as they stand: a wrong card has other troubles.
    """
    told: dict[str, bool] = {}
    luck: dict[str, str] = {}
    for record in records:
        proven = [
            (n, finding)
            for n, finding in enumerate(record.outcome.findings)
            if finding.form is not Form.CITED and _proves(card, finding, project)
        ]
        for mutated in record.outcome.mutants if proven else ():
            caught = any(_catches(card, mutated, n, finding, project) for n, finding in proven)
            told[mutated.name] = told.get(mutated.name, False) or caught
            luck[mutated.name] = luck.get(mutated.name) or mutated.luck
    return tuple(Misconception(name, told[name], "" if told[name] else luck[name]) for name in sorted(told))


def merged(found: Iterable[Sequence[Misconception]]) -> tuple[Misconception, ...]:
    """Put a varying card's misconceptions together: one is told apart that any variant tells apart."""
    every = [one for misconceptions in found for one in misconceptions]
    told = {one.name: one for one in sorted(every, key=lambda one: one.told)}
    return tuple(told[name] for name in sorted(told))


def _proves(card: Card, finding: Finding, project: Project) -> bool:
    judgement = JUDGES[finding.form](card, finding, project)
    return judgement.key and judgement.verdict in GOOD


def _catches(card: Card, mutated: Mutated, n: int, finding: Finding, project: Project) -> bool:
    values = dict(mutated.changed)
    if n not in values:
        return False
    judgement = JUDGES[finding.form](card, replace(finding, value=values[n]), project)
    return judgement.verdict not in GOOD
