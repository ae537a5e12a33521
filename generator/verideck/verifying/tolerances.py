"""Tolerances that are too wide: one that accepts 0 or the opposite of the value proves nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from verideck.cards import Card, Kind, Subject, Verdict
from verideck.verifying import answers, values
from verideck.verifying.answers import Judgement
from verideck.verifying.assertions import Form
from verideck.verifying.values import Quantity, Tensor

if TYPE_CHECKING:
    from verideck.verifying.records import Finding
    from verideck.verifying.values import Value


def allowed(finding: Finding) -> float | None:
    """Return how far a text can be off: a measured figure can be rounded within its spread."""
    if finding.measurement is None:
        return finding.tolerance
    return max(finding.tolerance or 0.0, finding.measurement.spread)


def find_excess(card: Card, finding: Finding, value: Value) -> Judgement | None:
    """Return why a claim proves nothing, where its tolerance is as wide as its value.

    Half a unit of the last digit that the card prints is never too wide: a computed 1e-9 is a printed 0.
    """
    tolerance = allowed(finding)
    if not tolerance:
        return None
    size = _size(value)
    if size is None:
        message = "`about` around a value that is not a number"
        return _unproven(finding, message, "only numbers have a tolerance: write the value without `about`")
    printed = max(map(_half_step, _texts(card, finding)), default=0.0)
    if tolerance < size or tolerance <= printed:
        return None
    return _unproven(finding, *_told(finding, value, tolerance, (size, max(size / 100, printed))))


def _size(value: Value) -> float | None:
    """Return the largest magnitude of a number, a quantity or a tensor of numbers, in its own unit."""
    if isinstance(value, Quantity):
        return abs(float(value.amount))
    if isinstance(value, Tensor):
        return None if value.dtype == "bool" else float(max(map(abs, value.flat()), default=0))
    return None if isinstance(value, bool) or not isinstance(value, int | float) else abs(float(value))


def _texts(card: Card, finding: Finding) -> Iterable[str]:
    """Return what a claim's value can be compared with."""
    if finding.form is Form.SAYS:
        return (finding.text or "",)
    if card.kind is Kind.CLOZE:
        every = {1, *(one.number for one in answers.cloze_texts(card))}
        numbers = {finding.number} if finding.form is Form.CLOZE else every
        return [one.text for one in answers.cloze_texts(card) if one.number in numbers]
    first = card.answer.strip().partition("\n")[0]
    spans = (match.group(0) for match in answers.SPAN.finditer(first))
    return (*(option.text for option in card.options), *card.accepted, card.answer, *spans)


def _half_step(text: str) -> float:
    written = values.parse(text)
    return 0.0 if written is None or isinstance(written.value, Quantity) else written.step / 2


def _told(finding: Finding, value: Value, tolerance: float, sizes: tuple[float, float]) -> tuple[str, str]:
    """Return the message and the hint; `sizes` are the value's, and that of a sensible tolerance."""
    size, sensible = sizes
    what = f"tolerance {tolerance:g} is wider than"
    hint = f"use a small one, such as {sensible:.1g}, or remove `about`"
    if finding.measurement is not None and tolerance == finding.measurement.spread:
        what = f"the spread {tolerance:.2g} over the seeds is wider than"
        hint = "measure something clearer, or claim on which side of a limit it lies: `measured(…)`"
    if isinstance(value, Tensor):
        return f"{what} every number of the value, of which {size:.4g} is the largest: zeros would pass", hint
    unit = f" {value.unit}" if isinstance(value, Quantity) else ""
    middle = float(value.amount if isinstance(value, Quantity) else value)  # type: ignore[arg-type]  # a number, by its size
    low, high = middle - tolerance, middle + tolerance
    return f"{what} the value {middle:.4g}: any answer from {low:.4g} to {high:.4g}{unit} would pass", hint


def _unproven(finding: Finding, message: str, hint: str) -> Judgement:
    said = finding.form is Form.SAYS
    subject = Subject.EXPLANATION if said else Subject.ANSWER
    return Judgement(subject, Verdict.NOT_EVALUATED, finding.text, message, hint, key=not said)
