"""What a proposal computes, one way for each customary reading, held against the options of its item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verideck.cards import Card, Kind, Location, Option
from verideck.importing import printing
from verideck.problems import Problem, Severity
from verideck.verifying import answers, judging, tolerances, values
from verideck.verifying.answers import Held
from verideck.verifying.assertions import Form
from verideck.verifying.formulas import Solution
from verideck.verifying.records import Finding as Computed
from verideck.verifying.records import JobKind, Outcome
from verideck.verifying.worker import Job

if TYPE_CHECKING:
    from verideck.reading.items import Item
    from verideck.verifying.recognising.proposals import Proposal
    from verideck.verifying.snippets.results import RunResult

LONGEST = 300  # characters of a computed value that is told


@dataclass(frozen=True, slots=True)
class Way:
    """One way to compute a proposal: its `finding`, or its program's `result`, or the `fault` if none.

    `name` is the convention's, empty for the proposal's own code.
    """

    name: str
    code: str
    fault: str = ""
    finding: Computed | None = None
    result: RunResult | None = None

    @property
    def computed(self) -> str:
        """What was computed, as text; empty for a citation."""
        if self.result is not None:
            return _cut(self.result.text.strip())
        if self.finding is None or self.finding.form is Form.CITED:
            return ""
        measurement = self.finding.measurement
        if self.finding.form in (Form.OPTION, Form.EXPLANATION):
            return _cut(str(measurement) if measurement is not None else self.finding.detail)
        return _cut(values.show(judging.value(self.finding)))

    @property
    def holds(self) -> bool | None:
        """Whether its condition holds; None where it has none, or where an experiment decides nothing."""
        if self.finding is None or self.finding.form not in (Form.OPTION, Form.EXPLANATION):
            return None
        if self.finding.measurement is not None:
            return self.finding.measurement.holds
        return self.finding.value is True

    @property
    def measured(self) -> bool:
        """Whether an experiment shows it."""
        return self.finding is not None and self.finding.measurement is not None

    @property
    def solution(self) -> Solution | None:
        """The formula that it derives, if it derives one."""
        value = self.finding.value if self.finding is not None else None
        return value if isinstance(value, Solution) else None


def jobs(item: Item, proposal: Proposal) -> list[Job]:
    """List what must be computed for a proposal: its own code, and that of each convention."""
    if proposal.program:
        return [Job(JobKind.RUN, code) for code in (item.code, *item.readings) if code.strip()]
    codes = (proposal.code, *(convention.code for convention in proposal.conventions))
    return [Job(JobKind.CHECK, code) for code in codes if code.strip()]


def ways(item: Item, proposal: Proposal, outcomes: dict[Job, Outcome]) -> tuple[Way, ...]:
    """Give what each way to compute a proposal came to, its own code first."""
    if proposal.program:
        return (_run(item, outcomes),) if item.code.strip() else ()
    codes = [("", proposal.code), *((one.name, one.code) for one in proposal.conventions)]
    return tuple(
        _checked(name, code, outcomes[Job(JobKind.CHECK, code)]) for name, code in codes if code.strip()
    )


def _checked(name: str, code: str, outcome: Outcome) -> Way:
    if outcome.faults:
        return Way(name, code, outcome.faults[0].message)
    if not outcome.findings:
        return Way(name, code, "a check that claims nothing")
    return Way(name, code, finding=outcome.findings[-1])


def _run(item: Item, outcomes: dict[Job, Outcome]) -> Way:
    """Take the program's result; where its lines were put back in doubt, only what each reading gives."""
    first, *others = (
        outcomes[job] for job in dict.fromkeys(Job(JobKind.RUN, code) for code in _readings(item))
    )
    if first.run is None:
        return Way("", item.code, first.faults[0].message if first.faults else "a program that gives nothing")
    if not first.run.text:
        return Way("", item.code, "a program that gives no answer")
    for other in others:
        if (
            other.run is not None
            and not other.run.raised
            and other.run.text
            and other.run.text != first.run.text
        ):
            return Way("", item.code, "the program was joined, and its readings give different results")
    return Way("", item.code, result=first.run)


def _readings(item: Item) -> list[str]:
    return [code for code in (item.code, *item.readings) if code.strip()]


def held(item: Item, way: Way) -> list[Held]:
    """Hold each option against what was computed; one that is blank or fused says nothing."""
    found = []
    for option in item.options:
        if option.blank or option.fused or not option.text.strip():
            found.append(Held(option.text, comparable=False))
        elif way.result is not None:
            found.append(printing.hold(way.result, option.text))
        elif way.finding is not None:
            value = judging.value(way.finding)
            found.append(answers.hold(value, option.text, tolerances.allowed(way.finding)))
        else:
            found.append(Held(option.text, comparable=False))
    return found


def card(item: Item) -> Card:
    """Make of an item what the judges of checks want: a card without a place."""
    at = Location("", item.line)
    return Card(
        item.kind,
        at,
        item.question,
        "",
        body=item.body,
        answer=item.answer,
        accepted=item.accepted or ((item.answer,) if item.kind is Kind.TYPED and item.answer else ()),
        options=tuple(Option(one.text, one.ticked, replace(at, line=one.line)) for one in item.options),
        explanation=item.explanation,
        hint=item.hint,
        select_all=item.select_all,
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def warned(line: int, message: str, hint: str = "") -> Problem:
    """Make a warning; the page that it is about is put in by who knows it."""
    return Problem("", max(line, 1), 1, Severity.WARNING, message, hint)


def wrong(line: int, message: str, hint: str = "") -> Problem:
    """Make an error; the page that it is about is put in by who knows it."""
    return Problem("", max(line, 1), 1, Severity.ERROR, message, hint)
