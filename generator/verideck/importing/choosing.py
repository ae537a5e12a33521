"""Deciding the answer of an item: which option is right, whether the stated one is, whether any is.

Each proposal has one way to compute for each customary reading. A key is found where the readings agree on
one option; a stated one is refuted where none of them gives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verideck.cards import Subject, Verdict
from verideck.importing import computing, holding
from verideck.importing.computing import Way
from verideck.importing.findings import Answer, Finding
from verideck.importing.holding import Pick
from verideck.reading.items import Lost
from verideck.verifying import answers, values
from verideck.verifying.answers import short
from verideck.verifying.recognising import text

if TYPE_CHECKING:
    from verideck.problems import Problem
    from verideck.reading.items import Item
    from verideck.verifying.recognising.proposals import Proposal

Proposed = tuple["Proposal", tuple[Way, ...]]


@dataclass(frozen=True, slots=True)
class Vote:
    """What one proposal, or the proposals about single options together, say of the key."""

    answer: Answer
    sure: bool = False  # it found, verified or refuted


def choice(item: Item, proposed: Sequence[Proposed]) -> Answer:
    """Decide a choice item."""
    votes = [_vote(item, proposal, ways) for proposal, ways in proposed if proposal.subject is Subject.ANSWER]
    single = [(proposal, ways) for proposal, ways in proposed if proposal.subject is Subject.OPTION]
    votes += [
        holding.by_option(item, [one for one in single if one[0].recogniser == recogniser])
        for recogniser in dict.fromkeys(proposal.recogniser for proposal, _ in single)
    ]
    return _together(item, votes)


def _vote(item: Item, proposal: Proposal, ways: Sequence[Way]) -> Answer:
    """Say what one proposal about the whole answer comes to."""
    picks = [holding.pick(item, way) for way in ways]
    known = [one for one in picks if one.known]
    if not known:
        return Answer(claims=(holding.dropped(proposal, ways),))
    first = known[0]
    refuses = _may_not(proposal)
    if refuses or not proposal.complete or proposal.weak:
        return _unsure(item, proposal, first, refuses)
    stated = frozenset(n for n, option in enumerate(item.options, 1) if option.ticked)
    return _against(item, proposal, known, stated) if stated else _found(item, proposal, known)


def _may_not(proposal: Proposal) -> str:
    """Say why a proposal may decide nothing, softened questions included."""
    return proposal.veto


def _unsure(item: Item, proposal: Proposal, first: Pick, veto: str) -> Answer:
    """Take what is computed as a claim and no more; a soft word lets a match stand, a turning one nothing."""
    stated = frozenset(n for n, option in enumerate(item.options, 1) if option.ticked)
    turned = bool(veto) and text.negated(veto)
    if not turned and stated and first.best == stated and len(first.best) == 1:
        return _verified(proposal, first)
    why = veto or "not every number of the question is used"
    claim = holding.finding(proposal, first, Verdict.UNCHECKED, message=why)
    return Answer(claims=(claim,))


def _verified(proposal: Proposal, pick: Pick) -> Answer:
    verdict = Verdict.MEASURED if pick.way.measured else Verdict.VERIFIED
    claim = holding.finding(proposal, pick, verdict)
    return Answer(
        verdict,
        Subject.ANSWER,
        pick.way.computed,
        checks=_checks(proposal, pick),
        run=proposal.program,
        claims=(claim,),
    )


def _checks(proposal: Proposal, pick: Pick) -> tuple[str, ...]:
    return () if proposal.program else (pick.way.code,)


def _found(item: Item, proposal: Proposal, known: Sequence[Pick]) -> Answer:
    """Look for the key of an item that states none."""
    chosen = [one for one in known if one.best]
    bests = {one.best for one in chosen}
    if len(bests) > 1:
        return _divided(item, proposal, chosen)
    if chosen and any(len(best) > 1 for best in bests) and not item.select_all:
        return _several(item, proposal, chosen[0])
    if chosen and not known[0].best:
        return _elsewhere(item, proposal, chosen[0])
    if chosen:
        pick = chosen[0]
        claim = holding.finding(proposal, pick, Verdict.KEY_FOUND)
        return Answer(
            Verdict.KEY_FOUND,
            Subject.ANSWER,
            pick.way.computed,
            tuple(sorted(pick.best)),
            _checks(proposal, pick),
            proposal.program,
            claims=(claim,),
        )
    return _nothing(item, proposal, known)


def _against(item: Item, proposal: Proposal, known: Sequence[Pick], stated: frozenset[int]) -> Answer:
    """Hold the stated key against what every reading gives."""
    for pick in known:
        if pick.best == stated:
            return _verified(proposal, pick)
    if any(stated & pick.near for pick in known):
        pick = next(pick for pick in known if stated & pick.near)
        message = f"the key is not quite the computed {short(pick.way.computed)}"
        claim = holding.finding(proposal, pick, Verdict.IMPRECISE, message=message)
        told = computing.warned(item.line, message, "round to the nearest last digit, in the unit computed")
        return Answer(Verdict.IMPRECISE, Subject.ANSWER, pick.way.computed, claims=(claim,), problems=(told,))
    first = known[0]
    chosen = [pick for pick in known if pick.best]
    alike = [pick for pick in chosen if stated & pick.equal]
    if alike:  # one of several that are equal, or a part of the key
        return _several(item, proposal, alike[0])
    if not all(stated <= pick.deniable for pick in known):
        return Answer(claims=(holding.finding(proposal, first, Verdict.UNCHECKED, message=_BEYOND),))
    if not chosen:
        return _nothing(item, proposal, known)
    pick = chosen[0]
    right, wrong = holding.named(item, pick.best), holding.named(item, stated)
    message = f"the key is {wrong}, but {right} is the computed {short(pick.way.computed)}"
    claim = holding.finding(proposal, pick, Verdict.REFUTED, holding.texts(item, stated), message)
    return Answer(
        Verdict.REFUTED,
        Subject.ANSWER,
        pick.way.computed,
        checks=_checks(proposal, pick),
        run=proposal.program,
        claims=(claim,),
        problems=(computing.wrong(item.line, message, "mend the key, or the check"),),
    )


_BEYOND = "the key is written in words that cannot be compared"


def _divided(item: Item, proposal: Proposal, chosen: Sequence[Pick]) -> Answer:
    """Say that customary readings give different options: no key is found."""
    told = ", ".join(f"{holding.named(item, one.best)} {_under(one)}" for one in chosen)
    message = f"no key is found, for it hangs on the convention: {told}"
    claim = holding.finding(proposal, chosen[0], Verdict.UNCHECKED, message=message)
    return Answer(
        claims=(claim,), problems=(computing.warned(item.line, message, "say which convention is meant"),)
    )


def _elsewhere(item: Item, proposal: Proposal, pick: Pick) -> Answer:
    """Say that an option is right under another reading than the question's own: no key is found."""
    message = f"no key is found: {holding.named(item, pick.best)} is right only {_under(pick)}"
    claim = holding.finding(proposal, pick, Verdict.UNCHECKED, message=message)
    return Answer(claims=(claim,), problems=(computing.warned(item.line, message, "say what is meant"),))


def _under(pick: Pick) -> str:
    return f"where {pick.way.name}" if pick.way.name else "as the question is usually read"


def _several(item: Item, proposal: Proposal, pick: Pick) -> Answer:
    message = f"{holding.named(item, pick.equal)} all equal the computed {short(pick.way.computed)}"
    claim = holding.finding(proposal, pick, Verdict.SEVERAL_OPTIONS, message=message)
    return Answer(
        Verdict.SEVERAL_OPTIONS,
        Subject.ANSWER,
        pick.way.computed,
        checks=_checks(proposal, pick),
        run=proposal.program,
        claims=(claim,),
        problems=(computing.wrong(item.line, message, "make the options differ"),),
    )


def _nothing(item: Item, proposal: Proposal, known: Sequence[Pick]) -> Answer:
    """Say that no option is right, where that can be told."""
    first = known[0]
    if not item.options or Lost.OPTIONS in item.lost:
        claim = holding.finding(proposal, first, Verdict.UNCHECKED, message="the options are lost")
        return Answer(
            computed=first.way.computed,
            checks=_checks(proposal, first),
            run=proposal.program,
            claims=(claim,),
        )
    if not all(_excluded(item, pick) for pick in known):
        message = "no option equals it, but not all can be compared"
        return Answer(claims=(holding.finding(proposal, first, Verdict.UNCHECKED, message=message),))
    shown = short(first.way.computed)
    message = proposal.message or f"{shown} is computed"
    message = f"no option is right: {message}"
    claim = holding.finding(proposal, first, Verdict.NO_OPTION, message=message)
    offered = holding.offered(item, first)
    hint = f"add the option {short(offered)}" if offered else "mend the options"
    return Answer(
        Verdict.NO_OPTION,
        Subject.ANSWER,
        first.way.computed,
        checks=_checks(proposal, first),
        run=proposal.program,
        offered=offered,
        claims=(claim,),
        problems=(computing.wrong(item.line, message, hint),),
    )


def _excluded(item: Item, pick: Pick) -> bool:
    """Tell whether a reading excludes every option: two of its type and shape, none lost, none in words."""
    whole = not any(option.blank or option.fused for option in item.options)
    rest = set(range(1, len(item.options) + 1)) - pick.comparable
    valued = all(values.parse(item.options[n - 1].text) is not None for n in rest)
    return whole and valued and len(pick.comparable) >= 2 and not pick.near


def _together(item: Item, votes: Sequence[Answer]) -> Answer:
    """Put the votes on one key together; where two contradict each other, none counts."""
    claims = tuple(claim for vote in votes for claim in vote.claims)
    problems = tuple(problem for vote in votes for problem in vote.problems)
    deciding = [vote for vote in votes if vote.verdict is not Verdict.UNCHECKED]
    if not deciding:
        computed = next((vote for vote in votes if vote.computed), Answer())
        checks = tuple(code for vote in votes for code in vote.checks)
        run = any(vote.run for vote in votes)
        return replace(computed, checks=checks, run=run, claims=claims, problems=problems)
    first = deciding[0]
    if any((vote.verdict, vote.ticks) != (first.verdict, first.ticks) for vote in deciding):
        told = " and ".join(dict.fromkeys(_said(vote) for vote in deciding))
        message = f"nothing is decided, for two checks contradict each other: {told}"
        claims = tuple(replace(one, verdict=Verdict.UNCHECKED) for one in claims)
        return Answer(claims=claims, problems=(computing.warned(item.line, message),))
    checks = tuple(code for vote in deciding for code in vote.checks)
    run = any(vote.run for vote in deciding)
    return replace(first, checks=checks, run=run, claims=claims, problems=problems)


def _said(vote: Answer) -> str:
    shown = f" {short(vote.computed)}" if vote.computed else ""
    ticks = f" at option {', '.join(map(str, vote.ticks))}" if vote.ticks else ""
    return f"{vote.verdict}{ticks}{shown}"


def written(item: Item, proposed: Sequence[Proposed]) -> Answer:
    """Decide an item whose answer is written: a typed or a recall one."""
    votes = [_written(item, proposal, ways) for proposal, ways in proposed]
    return _together(item, votes)


def _written(item: Item, proposal: Proposal, ways: Sequence[Way]) -> Answer:
    judged = [(way, found) for way in ways if (found := holding.judged(item, proposal, way)) is not None]
    if not judged:
        known = [way for way in ways if not way.fault]
        if not known or Lost.ANSWER not in item.lost:
            return Answer(claims=(holding.dropped(proposal, ways),))
        pick = Pick(known[0])
        claim = holding.finding(proposal, pick, Verdict.UNCHECKED, message="the answer is lost")
        sure = proposal.complete and not proposal.veto
        checks = _checks(proposal, pick) if sure else ()
        return Answer(
            computed=known[0].computed, checks=checks, run=proposal.program and sure, claims=(claim,)
        )
    way, best = max(judged, key=lambda one: _GOOD.index(one[1].verdict))
    pick = Pick(way)
    free = proposal.complete and not proposal.veto and not proposal.weak and len(judged) == len(ways)
    turned = bool(proposal.veto) and text.negated(proposal.veto)
    if best.verdict in (Verdict.VERIFIED, Verdict.MEASURED) and not turned:
        return replace(
            _verified(proposal, pick), claims=(holding.finding(proposal, pick, best.verdict, best.claimed),)
        )
    if best.verdict is Verdict.REFUTED and not free:
        why = proposal.veto or "not every number of the question is used"
        if proposal.weak:
            return _doubted(item, proposal, pick, best)
        return Answer(claims=(holding.finding(proposal, pick, Verdict.UNCHECKED, best.claimed, why),))
    message = proposal.message or best.message
    claim = holding.finding(proposal, pick, best.verdict, best.claimed, message)
    weigh = computing.wrong if best.verdict is Verdict.REFUTED else computing.warned
    told: tuple[Problem, ...] = (weigh(item.line, best.message or message, proposal.message or best.hint),)
    checks = _checks(proposal, pick) if best.verdict is Verdict.REFUTED else ()
    run = proposal.program and best.verdict is Verdict.REFUTED
    return Answer(best.verdict, Subject.ANSWER, way.computed, (), checks, run, "", (claim,), told)


def _doubted(item: Item, proposal: Proposal, pick: Pick, best: answers.Judgement) -> Answer:
    message = proposal.message or best.message
    claim = replace(holding.finding(proposal, pick, Verdict.IMPRECISE, best.claimed, message), weak=True)
    return Answer(claims=(claim,), problems=(computing.warned(proposal.line or item.line, message),))


_GOOD = (Verdict.REFUTED, Verdict.IMPRECISE, Verdict.MEASURED, Verdict.VERIFIED)
__all__: Sequence[str] = ["Finding", "choice", "written"]
