"""Deciding a card's claims: what was computed, held against the source as it now stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verideck.cards import (
    Card,
    Checked,
    Citation,
    Claim,
    Computed,
    Fence,
    HeatmapValues,
    Kind,
    Location,
    Step,
    Subject,
    Verdict,
)
from verideck.problems import Problem, error, warning
from verideck.verifying import answers, losing, misconceptions, outputs, values, working
from verideck.verifying.answers import Judgement, short
from verideck.verifying.assertions import Form
from verideck.verifying.judging import JUDGES, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verideck.project import Project
    from verideck.verifying.budgets import Fault
    from verideck.verifying.records import Finding, Record

ORDER = {verdict: place for place, verdict in enumerate(Verdict)}  # worst first
ERRORS = (
    Verdict.SOURCE_LOST, Verdict.REFUTED, Verdict.NO_OPTION, Verdict.SEVERAL_OPTIONS, Verdict.NOT_EVALUATED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, what became of it, and where it stands."""

    finding: Finding
    judgement: Judgement
    claim: Claim


def decide(
    card: Card,
    records: Sequence[tuple[Fence, Record]],
    heatmaps: Sequence[HeatmapValues],
    project: Project,
    runs: outputs.Runs = (),
) -> tuple[Checked, tuple[Problem, ...]]:
    """Decide a card's claims; `records` are its checks with what they computed, `runs` its programs.

    An answer that was left to the program is filled in, in the card that is checked.
    """
    judged: list[Judged] = []
    problems: list[Problem] = []
    failed: list[Claim] = []
    card = outputs.filled(card, runs)
    for told in outputs.told(card, runs):
        judgement = losing.excused(card, told.judgement)
        claim = _claim(card, told.fence, told.record, told.finding, judgement)
        judged.append(Judged(told.finding, judgement, claim))
        problems += _problems(card, told.fence, told.finding, judgement)
    for fence, record in records:
        for finding in record.outcome.findings:
            judgement = losing.excused(card, JUDGES[finding.form](card, finding, project))
            claim = _claim(card, fence, record, finding, judgement)
            judged.append(Judged(finding, judgement, claim))
            problems += _problems(card, fence, finding, judgement)
        if card.vary is None and not record.outcome.findings and not record.outcome.faults:
            hint = "claim something, such as `answer == …`, or leave the check out"
            problems.append(warning(fence.location, "a check that claims nothing", hint))
    for fence, record in (*records, *runs):
        for fault in record.outcome.faults:
            failed.append(_failure(card, fence, record, fault))
            problems += [] if fault.is_general else [error(place(fence, fault), fault.message, fault.hint)]
    claims = (*(one.claim for one in judged), *failed)
    checked = Checked(
        card,
        _card_verdict(card, judged, claims),
        claims,
        len(frozenset().union(*(one.judgement.proven for one in judged))),
        _steps(card, outputs.steps(card, runs), (record for _, record in records)),
        tuple(heatmaps),
        _citations(judged),
        misconceptions=misconceptions.decide(card, [record for _, record in records], project),
    )
    return checked, tuple(problems)


def place(fence: Fence, at: Fault | Finding) -> Location:
    """Give the place in the source of a line within a fence."""
    return fence.location.down(at.line - 1, fence.location.column + at.column - 1)


def _claim(card: Card, fence: Fence, record: Record, finding: Finding, judgement: Judgement) -> Claim:
    valued = finding.value is not None
    return Claim(
        name(card),
        fence.location.path,
        place(fence, finding).line,
        judgement.subject,
        finding.code,
        judgement.verdict,
        reason=_reason(finding, judgement),
        computed=_computed(finding),
        claimed=judgement.claimed,
        tolerance=judgement.tolerance,
        options=judgement.options,
        seeds=finding.measurement.seeds if finding.measurement else record.seeds,
        spread=finding.measurement.spread if finding.measurement else record.spread,
        convention=finding.convention or None,
        torch=record.outcome.torch if valued else None,
        reference=(record.reference or None) if valued else None,
    )


def _computed(finding: Finding) -> Computed | None:
    if finding.measurement is not None:
        return replace(values.describe(finding.measurement.figure), unit=finding.measurement.unit or None)
    return values.describe(finding.value) if finding.value is not None else None


def _reason(finding: Finding, judgement: Judgement) -> str | None:
    if judgement.verdict is not Verdict.NOT_EVALUATED:
        return None
    thin = finding.measurement is not None and finding.measurement.direction
    return "thin-margin" if thin and finding.measurement.holds is None else "language"  # type: ignore[union-attr]  # asked


def _failure(card: Card, fence: Fence, record: Record, fault: Fault) -> Claim:
    lines = record.code.split("\n")
    code = lines[fault.line - 1].strip() if 0 < fault.line <= len(lines) else record.code
    return Claim(
        name(card),
        fence.location.path,
        place(fence, fault).line,
        Subject.ANSWER,
        code,
        Verdict.NOT_EVALUATED,
        reason=fault.reason,
    )


def name(card: Card) -> str:
    """Give what a card is called in a claim's record: its id, else its heading."""
    return card.id or card.heading


def _problems(card: Card, fence: Fence, finding: Finding, judgement: Judgement) -> list[Problem]:
    at = place(fence, finding)
    problems = []
    if judgement.message:
        weigh = warning if judgement.verdict is Verdict.IMPRECISE and not judgement.key else error
        problems.append(weigh(at, judgement.message, judgement.hint))
    for number in judgement.near:
        option = card.options[number - 1]
        exact = answers.printed_exactly(value(finding))
        message = f"option {number} {short(option.text)} is almost right: {exact}"
        problems.append(warning(option.location, message, "a wrong option should be clearly wrong"))
    return problems


def _card_verdict(card: Card, judged: Sequence[Judged], claims: Iterable[Claim]) -> Verdict:
    """Give the worst error, else the answer's verdict."""
    if card.lost:
        return Verdict.SOURCE_LOST
    errors = [claim.verdict for claim in claims if claim.verdict in ERRORS]
    errors += [
        Verdict.IMPRECISE
        for one in judged
        if one.judgement.key and one.judgement.verdict is Verdict.IMPRECISE
    ]
    if errors:
        return min(errors, key=ORDER.__getitem__)
    whole = [one for one in judged if one.judgement.subject is Subject.ANSWER]
    verdicts = [one.judgement.verdict for one in whole if one.finding.form is not Form.CLOZE]
    if _clozes_proven(card, whole):
        verdicts.append(Verdict.VERIFIED)
    if card.kind is Kind.CHOICE:
        verdicts.append(_options_verdict(card, judged))
    return max(verdicts, key=ORDER.__getitem__, default=Verdict.UNCHECKED)


def _clozes_proven(card: Card, judged: Sequence[Judged]) -> bool:
    """Tell whether every cloze that is a value is claimed, and at least one is."""
    claimed = {one.finding.number for one in judged if one.finding.form is Form.CLOZE}
    valued = {cloze.number for cloze in answers.cloze_texts(card) if values.parse(cloze.text) is not None}
    return bool(claimed) and valued <= claimed


def _options_verdict(card: Card, judged: Sequence[Judged]) -> Verdict:
    """Give the ticked set's verdict from its options' own: of each its best, of all the worst.

    Where several may be ticked, the unticked ones belong to the answer too.
    """
    best: dict[int, Verdict] = {}
    for one in judged:
        if one.judgement.subject is Subject.OPTION:
            for match in one.judgement.options:
                known = best.get(match.n, Verdict.UNCHECKED)
                best[match.n] = max(known, one.judgement.verdict, key=ORDER.__getitem__)
    needed = [n for n, option in enumerate(card.options, 1) if option.ticked or card.select_all]
    return min(
        (best.get(n, Verdict.UNCHECKED) for n in needed), key=ORDER.__getitem__, default=Verdict.UNCHECKED
    )


def _steps(card: Card, first: Iterable[Step], records: Iterable[Record]) -> tuple[Step, ...]:
    worked = working.steps(card, (line for record in records for line in record.outcome.steps))
    return tuple(dict.fromkeys((*first, *worked)))[: working.STEPS]


def _citations(judged: Sequence[Judged]) -> tuple[Citation, ...]:
    cited = [one.finding for one in judged if one.judgement.verdict is Verdict.CITED]
    return tuple(dict.fromkeys(Citation(finding.work, finding.place) for finding in cited))
