"""What becomes of each form of claim, held against the card as it now stands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.cards import Card, Kind, Match, Subject, Verdict
from verideck.problems import nearest
from verideck.verifying import answers, tolerances
from verideck.verifying.answers import Judgement, short
from verideck.verifying.assertions import Form

if TYPE_CHECKING:
    from verideck.project import Project
    from verideck.verifying.records import Finding
    from verideck.verifying.values import Value


def _answer(card: Card, finding: Finding, _: Project) -> Judgement:
    if excess := tolerances.find_excess(card, finding, value(finding)):
        return excess
    return _measured(answers.answer(card, value(finding), tolerances.allowed(finding)), finding)


def _cloze(card: Card, finding: Finding, _: Project) -> Judgement:
    if excess := tolerances.find_excess(card, finding, value(finding)):
        return excess
    tolerance = tolerances.allowed(finding)
    return _measured(answers.cloze(card, finding.number, value(finding), tolerance), finding)


def _measured(judgement: Judgement, finding: Finding) -> Judgement:
    """Say of a figure that agrees that it is measured, not verified."""
    agrees = judgement.verdict is Verdict.VERIFIED
    return replace(judgement, verdict=_proof(finding)) if agrees else judgement


def value(finding: Finding) -> Value:
    """Give the value that a claim is held against."""
    if finding.measurement is not None:
        return finding.measurement.figure
    if finding.value is None:  # pragma: no cover - a finding without a value is a citation
        raise ValueError("a claim without its value")
    return finding.value


def _option(card: Card, finding: Finding, _: Project) -> Judgement:
    number, wrong = find_option(card, finding.text or "")
    if wrong is not None:
        return wrong
    option = card.options[number - 1]
    if thin := _thin(finding, Subject.OPTION, option.text):
        return thin
    holds = finding.value is True if finding.measurement is None else finding.measurement.holds is True
    proof = Judgement(
        Subject.OPTION,
        _proof(finding),
        option.text,
        options=(Match(number, holds),),
        proven=frozenset((number,)),
    )
    if holds == option.ticked:
        return proof
    said = "ticked, but its condition is false" if option.ticked else "not ticked, but its condition is true"
    detail = f": {finding.detail}" if finding.detail else ""
    hint = "take the tick away, or mend the check" if option.ticked else "tick it, or mend the check"
    return replace(
        proof,
        verdict=Verdict.REFUTED,
        message=f"option {number} {short(option.text)} is {said}{detail}",
        hint=hint,
    )


def _proof(finding: Finding) -> Verdict:
    """Say what a claim is that holds: verified, or measured where an experiment shows it."""
    return Verdict.VERIFIED if finding.measurement is None else Verdict.MEASURED


def _thin(finding: Finding, subject: Subject, claimed: str) -> Judgement | None:
    """Refuse a measured condition whose margin is under two spreads, whichever side it lies on."""
    measurement = finding.measurement
    if measurement is None or measurement.holds is not None:
        return None
    message = f"`{measurement.experiment}` decides nothing: {measurement}"
    hint = "the figure must lie two spreads from the threshold: measure something clearer"
    return Judgement(subject, Verdict.NOT_EVALUATED, claimed, message, hint, key=subject is Subject.OPTION)


def find_option(card: Card, fragment: str) -> tuple[int, Judgement | None]:
    """Find the one option that holds a fragment, or is it wholly; else say what is wrong."""
    holding = [n for n, option in enumerate(card.options, 1) if fragment in option.text]
    exact = [n for n in holding if answers.bare(card.options[n - 1].text) == answers.bare(fragment)]
    if len(holding) == 1 or len(exact) == 1:
        return (holding if len(holding) == 1 else exact)[0], None
    if card.kind is not Kind.CHOICE:
        message, hint = f"`option` on a {card.kind} card", "only a choice card has options"
    elif holding:
        listed = ", ".join(map(str, holding))
        message, hint = (
            f"{short(fragment)} stands in options {listed}",
            "write a fragment that stands in one option only",
        )
    else:
        message, hint = f"no option holds {short(fragment)}", _fragment_hint(card, fragment)
    return 0, Judgement(Subject.OPTION, Verdict.NOT_EVALUATED, fragment, message, hint)


def _fragment_hint(card: Card, fragment: str) -> str:
    if any(ord(character) < 32 for character in fragment):
        return 'a backslash acts in a text: write `r"…"`'
    near = nearest(fragment, [option.text for option in card.options])
    return near or "copy a fragment from the option's text, as it is written"


def _says(card: Card, finding: Finding, _: Project) -> Judgement:
    text = finding.text or ""
    slot, wrong = _find_said(card, text)
    subject = Subject.ANSWER if slot == "answer" else Subject.EXPLANATION
    if wrong:
        message, hint = wrong
        return Judgement(subject, Verdict.NOT_EVALUATED, text, message, hint, key=False)
    if excess := tolerances.find_excess(card, finding, value(finding)):
        return replace(excess, subject=subject, key=subject is Subject.ANSWER)
    tolerance = tolerances.allowed(finding)
    judgement = _measured(answers.one(value(finding), text, tolerance, f"the {slot}"), finding)
    if judgement.verdict is Verdict.NOT_EVALUATED:
        judgement = replace(
            judgement, message=f"{short(text)} is no value", hint="write `explanation(condition)`"
        )
    return replace(judgement, subject=subject, key=subject is Subject.ANSWER)


def _find_said(card: Card, text: str) -> tuple[str, tuple[str, str] | None]:
    """Find the slot that says a text, exactly once; the explanation comes first."""
    slots = {
        "explanation": card.explanation,
        "answer": card.answer,
        "mistake": card.mistake,
        "takeaway": card.takeaway,
        "reasons": "\n".join(option.reason for option in card.options),
        "text": card.body if card.kind is Kind.CLOZE else "",
        "hint": card.hint,
    }
    pattern = said(text)
    for slot, content in slots.items():
        count = len(pattern.findall(content))
        if count == 1:
            return slot, None
        if count > 1:
            return slot, (
                f"{short(text)} stands {count} times in the {slot}",
                "say it once, or reword the others",
            )
    return "explanation", (
        f"{short(text)} does not stand in the explanation",
        "copy the text as it is written",
    )


def said(text: str) -> re.Pattern[str]:
    """Make the pattern of a text as a whole: `1.38` does not stand in `1.386`, nor `2` in `x_2`."""
    before = r"(?<![\w.,])" if text[:1].isalnum() else ""
    after = r"(?!\w|[.,]\d)" if text[-1:].isalnum() else ""
    return re.compile(before + re.escape(text) + after)


def _explanation(_: Card, finding: Finding, __: Project) -> Judgement:
    if thin := _thin(finding, Subject.EXPLANATION, finding.expression):
        return thin
    if finding.value is True if finding.measurement is None else finding.measurement.holds is True:
        return Judgement(Subject.EXPLANATION, _proof(finding), finding.expression, key=False)
    detail = f": {finding.detail}" if finding.detail else ""
    message = f"`{finding.expression}` is false{detail}"
    hint = "mend what the explanation says, or the check"
    return Judgement(Subject.EXPLANATION, Verdict.REFUTED, finding.expression, message, hint, key=False)


def _cited(card: Card, finding: Finding, project: Project) -> Judgement:
    claimed = f"{finding.work}, {finding.place}"
    if finding.work not in project.works:
        hint = (
            nearest(finding.work, project.works) or f"list it under `[works.{finding.work}]` in `deck.toml`"
        )
        message = f"`{finding.work}` is not among the works of `deck.toml`"
        return Judgement(Subject.ANSWER, Verdict.NOT_EVALUATED, claimed, message, hint)
    if finding.text is None:
        return Judgement(Subject.ANSWER, Verdict.CITED, claimed)
    number, wrong = find_option(card, finding.text)
    if wrong is not None:
        return wrong
    return Judgement(
        Subject.OPTION, Verdict.CITED, claimed, options=(Match(number, card.options[number - 1].ticked),)
    )


JUDGES = {
    Form.ANSWER: _answer,
    Form.CLOZE: _cloze,
    Form.OPTION: _option,
    Form.SAYS: _says,
    Form.EXPLANATION: _explanation,
    Form.CITED: _cited,
}
