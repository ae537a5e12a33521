"""Holding what an author wrote against what was computed: options, accepted answers, answers and clozes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Card, Kind, Match, Subject, Verdict
from verideck.reading import clozes
from verideck.verifying import formulas, values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verideck.verifying.values import Value

LONGEST = 60  # characters of a text or value in a message
SPAN = re.compile(r"(`+)(?P<code>.+?)\1|\$(?P<maths>[^$]+)\$|\*\*(?P<bold>.+?)\*\*")
WRAPPING = "`*$ \t.\u2009\u202f"


@dataclass(frozen=True, slots=True)
class Held:
    """A written text held against a computed value; what is not comparable says nothing of it."""

    text: str
    equal: bool = False
    comparable: bool = True
    imprecise: bool = False
    precision: float = 0.0
    tolerance: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one claim. `proven` are the options (from 1) that it proves right or wrong."""

    subject: Subject
    verdict: Verdict
    claimed: str | None = None
    message: str = ""
    hint: str = ""
    tolerance: float | None = None
    options: tuple[Match, ...] = ()
    proven: frozenset[int] = frozenset()
    near: tuple[int, ...] = ()  # unticked options that are almost the value
    key: bool = True  # it is about what a learner must answer, not about an explanation


def hold(value: Value, text: str, tolerance: float | None = None) -> Held:
    """Hold a written text against a computed value."""
    if isinstance(value, formulas.Solution):
        right = formulas.solves(value, text)
        return Held(text, bool(right), comparable=right is not None)
    if isinstance(value, values.FORMULA):
        try:
            formulas.parse_formula(bare(text))
        except ValueError:
            return Held(text, comparable=False)
        return Held(text, formulas.same(str(value), bare(text)))
    written = values.parse(text)
    if isinstance(value, str):
        other = written is not None and not isinstance(written.value, str)
        return Held(text, bare(text) == bare(value), comparable=not other)
    if written is None:
        return Held(text, comparable=False)
    found = values.compare(value, written, tolerance)
    return Held(text, found.equal, found.comparable, found.imprecise, found.precision, found.tolerance)


def bare(text: str) -> str:
    """Strip Markdown's wrapping off a short text."""
    return " ".join(text.strip(WRAPPING).split())


def short(text: str) -> str:
    """Shorten a text for a message, in code marks."""
    text = " ".join(text.split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return text if "`" in text else f"`{text}`"


def printed(value: Value) -> str:
    """Print a computed value for a message."""
    return short(values.show(value))


def answer(card: Card, value: Value, tolerance: float | None) -> Judgement:
    """Hold the answer of any kind of card against the computed value."""
    if card.kind is Kind.CHOICE:
        return choice(card, value, tolerance)
    if card.kind is Kind.TYPED:
        return every(value, card.accepted, tolerance, "the accepted answer")
    if card.kind is Kind.CLOZE:
        numbers = sorted({cloze.number for cloze in cloze_texts(card)})
        if len(numbers) == 1:
            return cloze(card, numbers[0], value, tolerance)
        message = f"`answer` on a card with {len(numbers)} clozes"
        return _unfit(message, "say which: `cloze(1) == …`")
    return recall(card, value, tolerance)


def choice(card: Card, value: Value, tolerance: float | None) -> Judgement:
    """Find the option that equals the value: one alone, the one printed finest, and ticked."""
    held = [hold(value, option.text, tolerance) for option in card.options]
    return among(card, held, (printed(value), printed_exactly(value)), tolerance)


def among(card: Card, held: Sequence[Held], shown: tuple[str, str], tolerance: float | None) -> Judgement:
    """Find the option that equals what was computed, given how each one holds.

    `shown` is what was computed, in a message: short, and with all its digits.
    """
    ticked = {n for n, option in enumerate(card.options, 1) if option.ticked}
    equal = [n for n, one in enumerate(held, 1) if one.equal]
    finest = min((held[n - 1].precision for n in equal), default=0.0)
    best = equal if card.select_all else [n for n in equal if held[n - 1].precision <= finest]
    matches = tuple(Match(n, n in best) for n, one in enumerate(held, 1) if one.comparable)
    proven = frozenset(
        n
        for n, one in enumerate(held, 1)
        if one.comparable and not one.imprecise and (n in best or n not in equal)
    )
    finest = min((held[n - 1].precision for n in ticked), default=0.0)
    near = tuple(
        n
        for n, one in enumerate(held, 1)
        if one.imprecise and n not in ticked and one.precision <= finest  # a coarser one is clearly another
    )
    claimed = "; ".join(card.options[n - 1].text for n in sorted(ticked))
    verdict, message, hint = _choice_verdict(card, shown, held, best, ticked)
    used = next((held[n - 1].tolerance for n in (*best, *ticked) if held[n - 1].comparable), tolerance)
    return Judgement(Subject.ANSWER, verdict, claimed, message, hint, used, matches, proven, near)


def _choice_verdict(
    card: Card, shown: tuple[str, str], held: Sequence[Held], best: Sequence[int], ticked: set[int]
) -> tuple[Verdict, str, str]:
    rough = [n for n in sorted(ticked) if held[n - 1].imprecise]
    if rough:
        return Verdict.IMPRECISE, *_imprecise(held[rough[0] - 1].text, shown[1], f"option {rough[0]}")
    if not best:
        if any(one.comparable for one in held):
            return (
                Verdict.NO_OPTION,
                f"no option equals the computed {shown[0]}",
                "mend the options, or the check",
            )
        message = f"no option can be compared with the computed {shown[0]}"
        return Verdict.NO_OPTION, message, 'write options as values, or check them with `option("…", …)`'
    if set(best) == ticked:
        return Verdict.VERIFIED, "", ""
    named = " and ".join(f"option {n} {short(held[n - 1].text)}" for n in best)
    if len(best) > 1 and not card.select_all:
        return (
            Verdict.SEVERAL_OPTIONS,
            f"{named} all equal the computed {shown[0]}",
            "make the options differ",
        )
    wrong = ", ".join(str(n) for n in sorted(ticked)) or "none"
    verb = "equals" if len(best) == 1 else "equal"
    message = f"{named} {verb} the computed {shown[0]}, but the tick is at {wrong}"
    return Verdict.REFUTED, message, f"tick {', '.join(map(str, best))}, or mend the check"


def every(value: Value, texts: Sequence[str], tolerance: float | None, what: str) -> Judgement:
    """Hold several texts against the value, each of which must equal it; the worst decides.

    A word beside a value that is right, such as `four` beside `4`, cannot be computed and is let be.
    """
    judged = [one(value, text, tolerance, what) for text in texts]
    if any(judgement.verdict is Verdict.VERIFIED for judgement in judged):
        judged = [judgement for judgement in judged if judgement.verdict is not Verdict.NOT_EVALUATED]
    order = list(Verdict)
    worst = min(judged, key=lambda judgement: order.index(judgement.verdict), default=None)
    return worst or _unfit("a card without an answer to compare", "write the answer")


def one(value: Value, text: str, tolerance: float | None, what: str) -> Judgement:
    """Hold one text against the value."""
    held = hold(value, text, tolerance)
    used = held.tolerance if held.comparable else tolerance
    if held.equal:
        return Judgement(Subject.ANSWER, Verdict.VERIFIED, text, tolerance=used)
    if held.imprecise:
        message, hint = _imprecise(text, printed_exactly(value), what)
        return Judgement(Subject.ANSWER, Verdict.IMPRECISE, text, message, hint, used)
    if not held.comparable:
        message = f"{what} {short(text)} cannot be compared with the computed {printed(value)}"
        return _unfit(message, f"write it as a value, such as {printed(value)}", text)
    message = f"{what} is {short(text)}, but {printed(value)} was computed"
    return Judgement(Subject.ANSWER, Verdict.REFUTED, text, message, "mend the text, or the check", used)


def recall(card: Card, value: Value, tolerance: float | None) -> Judgement:
    """Hold a recall card's answer: the whole, or the one value in code, maths or bold on its first line."""
    whole = hold(value, card.answer, tolerance)
    if whole.comparable and not isinstance(value, str):
        return one(value, card.answer, tolerance, "the answer")
    first = card.answer.strip().partition("\n")[0]
    spans = [match.group(0) for match in SPAN.finditer(first)]
    fitting = [text for text in spans if hold(value, text, tolerance).comparable]
    if len(fitting) == 1:
        return one(value, fitting[0], tolerance, "the answer")
    if isinstance(value, str):
        return one(value, card.answer, tolerance, "the answer")
    if fitting:
        message = f"{len(fitting)} values on the answer's first line: which is the answer?"
    else:
        message = f"an answer that cannot be compared with the computed {printed(value)}"
    hint = "write the value alone, or as the only code, maths or bold value on the answer's first line"
    return _unfit(message, hint, first)


def cloze(card: Card, number: int, value: Value, tolerance: float | None) -> Judgement:
    """Hold a cloze's text, wherever its number stands, against the value."""
    texts = [found.text for found in cloze_texts(card) if found.number == number]
    if not texts:
        known = ", ".join(f"`c{n}`" for n in sorted({found.number for found in cloze_texts(card)}))
        return _unfit(
            f"no cloze `c{number}` on this card", f"it has {known}" if known else "it has no clozes"
        )
    return every(value, texts, tolerance, f"cloze {number}")


def cloze_texts(card: Card) -> tuple[clozes.Cloze, ...]:
    """Give the clozes of a card's heading and text."""
    return (*clozes.find(card.heading), *clozes.find(card.body)) if card.kind is Kind.CLOZE else ()


def _imprecise(text: str, exact: str, what: str) -> tuple[str, str]:
    return (
        f"{what} {short(text)} is not quite the computed {exact}",
        "round to the nearest last digit, in the unit computed",
    )


def printed_exactly(value: Value) -> str:
    """Print a value with more digits, where few would hide the difference."""
    return short(values.show(value, 8))


def _unfit(message: str, hint: str, claimed: str | None = None) -> Judgement:
    return Judgement(Subject.ANSWER, Verdict.NOT_EVALUATED, claimed, message, hint)
