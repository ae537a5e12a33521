"""What a page says beside its answer, held against what was computed: explanations, outputs, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.cards import Subject, Verdict
from verideck.importing import computing, holding
from verideck.importing.findings import Finding
from verideck.importing.holding import Pick
from verideck.verifying.answers import Judgement, short

if TYPE_CHECKING:
    from verideck.importing.computing import Way
    from verideck.problems import Problem
    from verideck.reading.items import Item
    from verideck.verifying.recognising.proposals import Proposal

ORDER = (Verdict.REFUTED, Verdict.IMPRECISE, Verdict.MEASURED, Verdict.VERIFIED)
Stated = tuple[Finding, tuple["Problem", ...]]


def stated(item: Item, proposal: Proposal, ways: Sequence[Way]) -> Stated:
    """Decide one thing that a page states; it is wrong where it is wrong under every reading."""
    line = proposal.line or item.line
    if proposal.cite and not ways:
        cited = Finding(
            Verdict.UNCHECKED, proposal.subject, "", claimed=proposal.claimed, message=proposal.message
        )
        hint = f"cite the work: `{proposal.cite}`" if "(" in proposal.cite else f"see {proposal.cite}"
        return cited, (computing.warned(line, proposal.message, hint),) if proposal.message else ()
    judged = [(way, found) for way in ways if (found := _judged(item, proposal, way)) is not None]
    if not judged:
        return holding.dropped(proposal, ways), ()
    way, best = max(judged, key=lambda one: ORDER.index(one[1].verdict))
    said = holding.finding(proposal, Pick(way), best.verdict, proposal.claimed or best.claimed)
    if best.verdict in (Verdict.VERIFIED, Verdict.MEASURED):
        return said, ()
    message = proposal.message or best.message or f"{short(said.claimed)} is not what is computed"
    said = replace(said, message=message)
    if proposal.weak or best.verdict is Verdict.IMPRECISE:
        return replace(said, verdict=Verdict.IMPRECISE), (computing.warned(line, message),)
    if proposal.veto or not proposal.complete or len(judged) < len(ways):
        why = proposal.veto or "not every number is used"
        return replace(said, verdict=Verdict.UNCHECKED, message=why), ()
    shown = "" if not way.computed or short(way.computed)[1:-1] in message else f": {way.computed}"
    return said, (computing.wrong(line, f"{message}{shown}", "mend what the page says, or the check"),)


def _judged(item: Item, proposal: Proposal, way: Way) -> Judgement | None:
    """Judge one way of computing; None where nothing can be said."""
    if way.fault:
        return None
    if way.holds is not None:
        right = Verdict.MEASURED if way.measured else Verdict.VERIFIED
        return Judgement(proposal.subject, right if way.holds else Verdict.REFUTED)
    if proposal.subject is Subject.OUTPUT and way.result is not None:
        return _output(way, proposal.claimed or item.output)
    text = proposal.claimed or (way.finding.text if way.finding is not None else "") or ""
    return holding.compared(way, text, "the page")


def _output(way: Way, written: str) -> Judgement | None:
    """Hold the output that a page shows against what its program gives, blanks apart."""
    assert way.result is not None  # noqa: S101  asked by the caller
    ours, theirs = " ".join(way.result.text.split()), " ".join(written.split())
    if ours == theirs:
        return Judgement(Subject.OUTPUT, Verdict.VERIFIED, written)
    judgement = holding.compared(way, written, "the page")
    if judgement is not None:
        return judgement
    message = f"the page shows {short(theirs)}, but the program gives {short(ours)}"
    if way.result.raised or theirs in ours or not theirs:
        return None  # the page may show a part
    return Judgement(Subject.OUTPUT, Verdict.REFUTED, written, message)
