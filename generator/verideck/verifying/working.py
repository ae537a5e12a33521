"""Worked solutions: what is given, the reference's steps to the answer, the check's own lines.

Values are kept as values where they are small, and printed for a card with the precision that it asks for.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Card, Step
from verideck.verifying import answers, values
from verideck.verifying.assertions import Assertion, Form
from verideck.verifying.budgets import elements
from verideck.verifying.calls import FAILURES, Call
from verideck.verifying.evaluator import Evaluation, Named
from verideck.verifying.values import Tensor

if TYPE_CHECKING:
    from verideck.verifying.budgets import Budget
    from verideck.verifying.library import Entry
    from verideck.verifying.values import Value

STEPS = 12  # lines of a worked solution
SHOWN = 160  # characters of a value in one
SMALL = 64  # elements of a value that is kept as one
DIGITS, MOST_DIGITS = 4, 10
LINE = 16  # steps that writing one takes


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a worked solution: what is computed, and its value, or a text that stands for one."""

    name: str
    value: Value


def lines(evaluation: Evaluation, library: Mapping[str, Entry], budget: Budget) -> tuple[Line, ...]:
    """Lay out a worked solution: what is given, the reference's steps to the answer, the check's lines.

    Raises:
        Refused: that takes more than the budget has left.

    """
    budget.spend(sum(map(_weight, evaluation.lines)))
    told = [(one, line) for line in evaluation.lines if (one := _line(line)) is not None]
    told = [one for one in told if not _is_bare(one[1])] or told
    given = [one for one, line in told if isinstance(line, Named) and line.literal]
    own = [one for one, _ in told if one not in given]
    worked = _reference_lines(evaluation, library, budget)[: max(STEPS - len(told), STEPS // 2)]
    results = [shown(one.value) for one in worked[-1:]]  # the last step is the value of the call itself
    rest = [one for one in own if shown(one.value) not in results]
    found = tuple(dict.fromkeys((*given, *worked, *rest)))
    return found if len(found) <= STEPS else (*found[: STEPS - 1], found[-1])


def steps(card: Card, found: Iterable[Line]) -> tuple[Step, ...]:
    """Print lines for a card: with the digits of its answers, and at least four significant ones."""
    digits = precision(card)
    return tuple(Step(line.name, shown(line.value, _needed(line.value, digits))) for line in found)


def precision(card: Card) -> int:
    """Give the digits after the point that a card's options or answers are printed with, at least four."""
    texts = [*(option.text for option in card.options), *card.accepted, card.answer.partition("\n")[0]]
    texts += [cloze.text for cloze in answers.cloze_texts(card)]
    written = [values.parse(text) for text in texts]
    return min(MOST_DIGITS, max([DIGITS, *((one.digits or 0) for one in written if one is not None)]))


def _needed(value: Value, digits: int) -> int:
    """Give digits enough for four significant ones of a small tensor's largest number."""
    if not isinstance(value, Tensor) or value.dtype != "float":
        return digits
    largest = max((abs(item) for item in value.flat()), default=0)
    if not 1e-4 <= largest < 1:  # beyond that, powers of ten are printed
        return digits
    return max(digits, DIGITS - 1 - math.floor(math.log10(largest)))


def shown(value: object, digits: int = DIGITS) -> str:
    """Print a value on one line of a worked solution."""
    if value is None or isinstance(value, str):
        text = "" if value is None else value
    else:
        try:
            text = values.show(values.freeze(value), digits)
        except ValueError:  # such as the minus infinity of a mask, which is shown all the same
            text = str(value.tolist() if hasattr(value, "tolist") else value)
    text = " ".join(text.split()).replace("[ ", "[")
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def detail(assertion: Assertion) -> str:
    """Show both sides of a comparison, such as `264192 < 1585152`, with digits enough to tell them apart."""
    if assertion.measurement is not None:
        return str(assertion.measurement)
    if not assertion.operands:
        return ""
    parts = [shown(operand) for operand in assertion.operands]
    if len(set(parts)) < len(parts):
        parts = [shown(operand, digits=10) for operand in assertion.operands]
    symbols = (*assertion.symbols, "")
    return " ".join(f"{part} {symbol}" for part, symbol in zip(parts, symbols, strict=True)).strip()


def _kept(value: object) -> Value:
    """Keep a small value as it is, and what is large, or no value, as the text that is shown."""
    try:
        frozen = values.freeze(value)
    except ValueError:
        return shown(value)
    large = isinstance(frozen, Tensor) and len(frozen.flat()) > SMALL
    return shown(value) if large or isinstance(frozen, str) else frozen


def _line(line: Named | Assertion) -> Line | None:
    if isinstance(line, Named):
        if dataclasses.is_dataclass(line.value) and type(line.value).__module__.startswith(_RESULTS):
            return None  # a result of several parts, which are shown where they are used
        return Line(line.name if line.literal else f"{line.name} = {line.code}", _kept(line.value))
    if line.form is Form.CITED or line.named:
        return None
    if line.form in (Form.OPTION, Form.EXPLANATION):
        mark = "✓" if line.value else "✗"
        return Line(line.expression, f"{detail(line)} {mark}".strip())
    return Line(line.expression, _kept(line.value))


_RESULTS = ("verideck.reference.", "verideck.verifying.library.")


def _is_bare(line: Named | Assertion) -> bool:
    """Tell whether a line would show no more than that it holds."""
    conditions = (Form.OPTION, Form.EXPLANATION)
    return isinstance(line, Assertion) and line.form in conditions and not (line.operands or line.measurement)


def _weight(line: Named | Assertion) -> int:
    """Give the steps that writing a line takes: each element of its values is gone through twice."""
    operands = line.operands if isinstance(line, Assertion) else ()
    return LINE + 2 * sum(map(elements, (line.value, *operands)))


def _reference_lines(evaluation: Evaluation, library: Mapping[str, Entry], budget: Budget) -> Sequence[Line]:
    call = _deciding(evaluation)
    entry = library.get(call.name) if call else None
    if call is None or entry is None or entry.steps is None:
        return ()
    try:
        found = entry.steps(*call.arguments, **call.keywords)
    except (ValueError, *FAILURES):  # the value stands without its working
        return ()
    budget.spend(sum(elements(value) for _, value in found))
    return [Line(name, _kept(value)) for name, value in found]


def _deciding(evaluation: Evaluation) -> Call | None:
    """Find the call behind the answer, else behind the first claim that has one."""
    calls = [(one.form in (Form.ANSWER, Form.CLOZE), one.call) for one in evaluation.assertions if one.call]
    return next((call for decides, call in calls if decides), calls[0][1] if calls else None)
