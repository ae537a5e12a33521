"""Options and written answers held against one way of computing, and what that is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Kind, Subject, Verdict
from verideck.importing import computing, printing
from verideck.importing.findings import Answer, Finding
from verideck.verifying import answers, judging, outputs, values
from verideck.verifying.answers import Judgement, short
from verideck.verifying.assertions import Form

if TYPE_CHECKING:
    from verideck.importing.computing import Way
    from verideck.problems import Problem
    from verideck.reading.items import Item
    from verideck.verifying.recognising.proposals import Proposal

NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Pick:
    """What one way of computing says of the options, by their numbers from 1.

    `best` equal it, those printed finest; `near` are almost equal; `deniable` may be told wrong by it.
    """

    way: Way
    best: frozenset[int] = NOTHING
    equal: frozenset[int] = NOTHING  # printed coarser, too
    comparable: frozenset[int] = NOTHING
    near: frozenset[int] = NOTHING
    deniable: frozenset[int] = NOTHING
    known: bool = False


def pick(item: Item, way: Way) -> Pick:
    """Hold all options of a choice item against one way of computing."""
    if way.fault or (way.finding is not None and way.finding.form is not Form.ANSWER):
        return Pick(way)
    held = computing.held(item, way)
    equal = [n for n, one in enumerate(held, 1) if one.equal]
    finest = min((held[n - 1].precision for n in equal), default=0.0)
    best = equal if item.select_all else [n for n in equal if held[n - 1].precision <= finest]
    comparable = frozenset(n for n, one in enumerate(held, 1) if one.comparable)
    near = frozenset(n for n, one in enumerate(held, 1) if one.imprecise)
    literal = {
        n for n, one in enumerate(held, 1) if n not in comparable and values.parse(one.text) is not None
    }
    strict = way.result is None or printing.is_value(way.result)
    deniable = comparable | (literal if strict and best else NOTHING)
    return Pick(way, frozenset(best), frozenset(equal), comparable, near, deniable, known=True)


def by_option(item: Item, proposed: Sequence[tuple[Proposal, tuple[Way, ...]]]) -> Answer:
    """Decide from proposals about single options: a key is found where all are decided, and one is right."""
    truths: dict[int, bool] = {}
    claims, problems, codes = [], [], []
    ways_of: dict[int, Way] = {}
    for proposal, ways in proposed:
        number, truth, way = _truth(item, ways)
        if number is None or truth is None or way is None:
            claims.append(dropped(proposal, ways))
            continue
        sure = proposal.complete and not proposal.veto and not proposal.weak
        verdict = (Verdict.MEASURED if way.measured else Verdict.VERIFIED) if sure else Verdict.UNCHECKED
        said = f"option {number} {short(item.options[number - 1].text)} is {'true' if truth else 'false'}"
        claims.append(finding(proposal, Pick(way), verdict, item.options[number - 1].text, said))
        if sure and truths.get(number, truth) != truth:
            return Answer(claims=tuple(claims))  # two of them contradict each other
        if sure:
            truths[number], ways_of[number] = truth, way
            codes.append(way.code)
    answer = _by_truths(item, truths, ways_of, codes)
    false = [n for n, truth in truths.items() if not truth]
    if answer.verdict is Verdict.UNCHECKED and not any(option.ticked for option in item.options):
        problems += [
            _denied(item, n, ways_of[n], [one for one, _ in proposed]) for n in false if ways_of[n].measured
        ]
    return Answer(
        answer.verdict,
        answer.subject,
        answer.computed,
        answer.ticks,
        answer.checks,
        claims=tuple(claims),
        problems=(*answer.problems, *problems),
    )


def _truth(item: Item, ways: Sequence[Way]) -> tuple[int | None, bool | None, Way | None]:
    """Give the option that a proposal is about, and whether it is right under every reading."""
    known = [way for way in ways if way.holds is not None]
    if not known or known[0].finding is None or len(known) < len(ways):
        return None, None, None
    number, fault = judging.find_option(computing.card(item), known[0].finding.text or "")
    truths = {way.holds for way in known}
    if fault is not None or len(truths) > 1:
        return None, None, None
    return number, truths.pop(), known[0]


def _by_truths(item: Item, truths: dict[int, bool], ways: dict[int, Way], codes: Sequence[str]) -> Answer:
    right = frozenset(n for n, truth in truths.items() if truth)
    stated = frozenset(n for n, option in enumerate(item.options, 1) if option.ticked)
    checks = tuple(dict.fromkeys(codes))
    whole = len(truths) == len(item.options) and not any(one.blank or one.fused for one in item.options)
    shown = next((ways[n].computed for n in sorted(right)), "")
    measured = any(way.measured for way in ways.values())
    if stated:
        false = sorted(n for n in stated if truths.get(n) is False)
        if false:
            detail = ways[false[0]].computed
            message = f"the key {named(item, false)} is false{f': {detail}' if detail else ''}"
            told = computing.wrong(item.options[false[0] - 1].line, message, "mend the key, or the check")
            return Answer(Verdict.REFUTED, Subject.ANSWER, shown or detail, checks=checks, problems=(told,))
        if right == stated and (whole or len(stated) == 1):
            verdict = Verdict.MEASURED if measured else Verdict.VERIFIED
            return Answer(verdict, Subject.ANSWER, shown, checks=checks)
        return Answer()
    if whole and right and (len(right) == 1 or item.select_all):
        return Answer(Verdict.KEY_FOUND, Subject.ANSWER, shown, tuple(sorted(right)), checks)
    return Answer(checks=checks if truths else ())


def _denied(item: Item, number: int, way: Way, proposals: Sequence[Proposal]) -> Problem:
    message = next((one.message for one in proposals if one.code == way.code and one.message), "")
    option = item.options[number - 1]
    said = message or way.computed
    return computing.warned(
        option.line, f"option {number} {short(option.text)} is false{f': {said}' if said else ''}"
    )


def judged(item: Item, proposal: Proposal, way: Way) -> Judgement | None:
    """Judge a written answer; None where it cannot be compared, or is not there."""
    if way.fault:
        return None
    if way.holds is not None:
        return Judgement(proposal.subject, _of(way), proposal.claimed or None)
    if way.finding is not None and way.finding.form is Form.SAYS:
        return compared(way, proposal.claimed or way.finding.text or "", "the page")
    card = computing.card(item)
    texts = card.accepted if card.kind is Kind.TYPED else (card.answer,)
    if not any(text.strip() for text in texts):
        return None
    if way.result is not None:
        return _ran(way, texts)
    if way.finding is None or way.finding.form is not Form.ANSWER:
        return None
    value = judging.value(way.finding)
    judgement = answers.answer(card, value, way.finding.tolerance)
    if judgement.verdict is Verdict.NOT_EVALUATED:
        return None
    if judgement.verdict is Verdict.REFUTED and isinstance(value, str):
        return None  # words may say the same in other words
    return judgement


def _of(way: Way) -> Verdict:
    right = Verdict.MEASURED if way.measured else Verdict.VERIFIED
    return right if way.holds else Verdict.REFUTED


def _ran(way: Way, texts: Sequence[str]) -> Judgement | None:
    """Hold written answers against what a program gave."""
    assert way.result is not None  # noqa: S101  asked by the caller
    held = [printing.hold(way.result, text) for text in texts if text.strip()]
    shown = short(way.result.text)
    for one in held:
        if one.equal:
            return Judgement(Subject.ANSWER, Verdict.VERIFIED, one.text)
    strict = printing.is_value(way.result)
    one = held[0]
    if one.imprecise:
        message = f"the answer {short(one.text)} is not quite what the program gives: {shown}"
        return Judgement(
            Subject.ANSWER, Verdict.IMPRECISE, one.text, message, "round to the nearest last digit"
        )
    if not strict or not all(each.comparable for each in held) or values.parse(one.text) is None:
        return None
    message = f"the answer is {short(one.text)}, but the program gives {shown}"
    return Judgement(Subject.ANSWER, Verdict.REFUTED, one.text, message, "mend the answer, or the program")


def compared(way: Way, text: str, what: str) -> Judgement | None:
    """Hold a text of the page against what was computed; None where the two cannot be compared."""
    if way.fault or not text.strip():
        return None
    if way.result is not None:
        held = outputs.hold(way.result, text)
        if held.equal:
            return Judgement(Subject.EXPLANATION, Verdict.VERIFIED, text)
        if not held.comparable or not printing.is_value(way.result) or values.parse(text) is None:
            return None
        verdict = Verdict.IMPRECISE if held.imprecise else Verdict.REFUTED
        message = f"{what} says {short(text)}, but the program gives {short(way.result.text)}"
        return Judgement(Subject.EXPLANATION, verdict, text, message)
    if way.finding is None or way.finding.form not in (Form.ANSWER, Form.SAYS):
        return None
    judgement = answers.one(judging.value(way.finding), text, way.finding.tolerance, what)
    return None if judgement.verdict is Verdict.NOT_EVALUATED else judgement


def finding(
    proposal: Proposal, pick: Pick, verdict: Verdict, claimed: str | None = "", message: str = ""
) -> Finding:
    """Say what became of a proposal."""
    way = pick.way
    code = "" if proposal.program else way.code
    return Finding(
        verdict, proposal.subject, code, way.computed, claimed or "", way.name, message, proposal.weak
    )


def dropped(proposal: Proposal, ways: Sequence[Way]) -> Finding:
    """Say of a proposal that it could not be evaluated, or not be compared."""
    fault = next((way.fault for way in ways if way.fault), "it cannot be compared with what the page says")
    code = "" if proposal.program else proposal.code
    known = next((way.computed for way in ways if not way.fault), "")
    return Finding(Verdict.NOT_EVALUATED, proposal.subject, code, known, proposal.claimed, message=fault)


def named(item: Item, numbers: Iterable[int]) -> str:
    """Name options in a message."""
    return " and ".join(f"option {n} {short(item.options[n - 1].text)}" for n in sorted(numbers))


def texts(item: Item, numbers: Iterable[int]) -> str:
    """Give the texts of options, for a claim's record."""
    return "; ".join(item.options[n - 1].text for n in sorted(numbers))


def offered(item: Item, pick: Pick) -> str:
    """Give the option that a card lacks, written as its other options are."""
    text = str(pick.way.solution) if pick.way.solution is not None else pick.way.computed
    if "\n" in text or len(text) > 120:
        return ""
    maths = pick.way.solution is not None and any("$" in option.text for option in item.options)
    return f"${text}$" if maths else text
