"""What a card's `python run` fences say of it: the answer they print, and the outputs written below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verideck.cards import Card, Fence, Kind, Step, Subject, Verdict
from verideck.verifying import answers, syntax, values
from verideck.verifying.answers import Held, Judgement, short
from verideck.verifying.assertions import Form
from verideck.verifying.records import Finding, Record
from verideck.verifying.snippets import grammar

if TYPE_CHECKING:
    from verideck.verifying.snippets.results import RunResult

Runs = Sequence[tuple[Fence, Record]]

LONGEST = 10_000  # characters of a text that is kept as a value
SHOWN = 160  # characters of a line of the worked solution
# An exception's name, and the words that say one is raised without naming it.
NAMED = re.compile(r"\b[A-Z]\w*(?:Error|Exception|Iteration)\b")
FAILS = re.compile(r"\b(?:errors?|exceptions?|raises?|crash(?:es)?|fails?)\b", re.IGNORECASE)
DENIES = re.compile(r"\b(?:no|not|without|never|any)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What a run says of its card: where, what was computed, and what became of it."""

    fence: Fence
    record: Record
    finding: Finding
    judgement: Judgement


def answering(card: Card) -> Fence | None:
    """Give the run whose result is the answer: the last one in the question."""
    inside = [fence for fence in card.runs if fence.code in card.body]
    return inside[-1] if inside else None


def filled(card: Card, runs: Runs) -> Card:
    """Fill in an answer that its author left to the program."""
    result = _result(answering(card), runs)
    if result is None or not result.text:
        return card
    if card.kind is Kind.RECALL and not card.answer.strip():
        return replace(card, answer=_block(result.text))
    if card.kind is Kind.TYPED and not card.accepted and "\n" not in result.text:
        return replace(card, accepted=(_code(result.text),))
    return card


def _result(fence: Fence | None, runs: Runs) -> RunResult | None:
    return next((record.outcome.run for one, record in runs if one is fence), None)


def _ticks(text: str, least: int) -> str:
    return "`" * max((len(run) + 1 for run in re.findall("`+", text)), default=0) or "`" * least


def _block(text: str) -> str:
    mark = max(_ticks(text, 3), "```", key=len)
    return f"{mark}text output\n{text}\n{mark}"


def _code(text: str) -> str:
    mark = _ticks(text, 1)
    return f"{mark}{text}{mark}" if "`" not in text else f"{mark} {text} {mark}"


def told(card: Card, runs: Runs) -> list[Told]:
    """Hold a card's answer and its written outputs against what its programs give now."""
    found: list[Told] = []
    asked = answering(card)
    for fence, record in runs:
        result = record.outcome.run
        if result is None:
            continue
        if fence is asked and (judgement := _answer(card, result)) is not None:
            found.append(Told(fence, record, _finding(fence, result), judgement))
        for output in _outputs(card, fence):
            finding = replace(_finding(output, result), code=output.code)
            found.append(Told(output, record, finding, _output(output, result)))
    return found


def steps(card: Card, runs: Runs) -> tuple[Step, ...]:
    """Give the answering program's result as lines of the worked solution."""
    fence = answering(card)
    result = _result(fence, runs)
    if fence is None or result is None:
        return ()
    printed, shown = result.printed.strip(), result.shown
    lines = [("print", printed)] if printed else [(_last(fence.code), shown)] if shown else []
    lines += [("raise", result.raised)] if result.raised else []
    return tuple(Step(name, _line(text)) for name, text in lines)


def _last(code: str) -> str:
    tree, _ = grammar.parse(code)
    return syntax.source(code, tree.body[-1]) if tree and tree.body else ""


def _line(text: str) -> str:
    text = " ".join(text.split()).replace("[ ", "[")
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _finding(fence: Fence, result: RunResult) -> Finding:
    kept = result.value if not result.printed.strip() and not result.raised else None
    value = kept if kept is not None else result.text[:LONGEST]
    return Finding(Form.ANSWER, 1, 1, fence.code, value=value)


def _outputs(card: Card, fence: Fence) -> list[Fence]:
    """Give the outputs written below a run and above the next one."""
    lines = [run.location.line for run in card.runs if run.location.line > fence.location.line]
    end = min(lines, default=None)
    after = [one for one in card.outputs if one.location.line > fence.location.line]
    return [one for one in after if end is None or one.location.line < end]


def _output(output: Fence, result: RunResult) -> Judgement:
    written = [line.rstrip() for line in output.code.strip("\n").splitlines()]
    computed = [line.rstrip() for line in result.text.strip("\n").splitlines()]
    if written == computed:
        return Judgement(Subject.OUTPUT, Verdict.VERIFIED, output.code)
    pairs = zip([*written, ""], [*computed, ""], strict=False)
    number, (one, other) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    message = f"line {number} of the output is {short(one)}, but the program gives {short(other)}"
    return Judgement(Subject.OUTPUT, Verdict.REFUTED, output.code, message, "copy what the program gives")


def _answer(card: Card, result: RunResult) -> Judgement | None:
    """Decide the answer; None where the card leaves nothing to decide."""
    if card.kind is Kind.CLOZE:
        return None
    if not result.text:
        if any("answer" in check.code for check in card.checks):
            return None
        hint = "print the answer, or let it be the last line; drop `run` to show the code only"
        return Judgement(Subject.ANSWER, Verdict.NOT_EVALUATED, None, "a program that gives no answer", hint)
    if card.kind is Kind.CHOICE:
        held = [hold(result, option.text) for option in card.options]
        return answers.among(card, held, (short(result.text), short(result.text)), None)
    if card.kind is Kind.TYPED and not card.accepted:
        hint = "let the program print one line, or make it a recall card"
        message = "a typed answer of several lines"
        return Judgement(Subject.ANSWER, Verdict.NOT_EVALUATED, None, message, hint)
    texts = card.accepted if card.kind is Kind.TYPED else _candidates(card, result)
    judged = [_one(result, text) for text in texts]
    order = list(Verdict)
    return min(judged, key=lambda judgement: order.index(judgement.verdict))


def _candidates(card: Card, result: RunResult) -> tuple[str, ...]:
    """Find the text of a recall card's answer that says the result: the whole, a block, or code in a line."""
    blocks = re.findall(r"^(`{3,})[^\n`]*\n(.*?)\n\1`*$", card.answer, re.MULTILINE | re.DOTALL)
    first = card.answer.strip().partition("\n")[0]
    texts = [card.answer, *(text for _, text in blocks)]
    texts += [match.group(0) for match in answers.SPAN.finditer(first)]
    held = [(hold(result, text), text) for text in texts]
    for wanted in ("equal", "imprecise", "comparable"):
        for one, text in held:
            if getattr(one, wanted):
                return (text,)
    return (card.answer,)


def _one(result: RunResult, text: str) -> Judgement:
    """Hold one text against the result."""
    held = hold(result, text)
    shown = short(result.text)
    if held.equal:
        return Judgement(Subject.ANSWER, Verdict.VERIFIED, text, tolerance=held.tolerance)
    if held.imprecise:
        message = f"the answer {short(text)} is not quite what the program gives: {shown}"
        hint = "round to the nearest last digit"
        return Judgement(Subject.ANSWER, Verdict.IMPRECISE, text, message, hint, held.tolerance)
    if not held.comparable:
        message = f"the answer {short(text)} cannot be compared with what the program gives: {shown}"
        hint = "write that, or leave the answer empty to have it filled in"
        return Judgement(Subject.ANSWER, Verdict.NOT_EVALUATED, text, message, hint)
    message = f"the answer is {short(text)}, but the program gives {shown}"
    return Judgement(Subject.ANSWER, Verdict.REFUTED, text, message, "mend the answer, or the program")


def hold(result: RunResult, text: str) -> Held:
    """Hold a written text against what a program gave: as values where both are some, else as texts."""
    named = set(NAMED.findall(text))
    if result.raised:
        return _hold_raised(result.raised, text, named)
    if named:
        return Held(text)  # it raised nothing
    if result.value is not None and not result.printed.strip():
        found = answers.hold(result.value, text)
        return found if found.comparable else replace(found, comparable=_is_literal(text))
    ours, theirs = values.parse(result.text), values.parse(text)
    if ours is None or theirs is None:
        equal = _folded(result.text) == _folded(text)
        return Held(text, equal, comparable=equal or _is_literal(text))
    one, other = values.compare(ours.value, theirs), values.compare(theirs.value, ours)
    equal = one.equal or other.equal  # the coarser print decides
    return Held(
        text,
        equal,
        imprecise=one.imprecise and not equal,
        precision=theirs.precision,
        tolerance=one.tolerance,
    )


def _hold_raised(raised: str, text: str, named: set[str]) -> Held:
    kind = raised.partition(":")[0].rpartition(".")[2]
    if named:
        whole = any(re.search(rf"\b{name}: \S", text) for name in named)
        return Held(text, _folded(text) == _folded(raised) if whole else kind in named)
    if FAILS.search(text) and not DENIES.search(text):
        return Held(text, equal=True)
    return Held(text, comparable=_is_literal(text))


def _folded(text: str) -> str:
    return " ".join(text.strip().strip("`").split())


def _is_literal(text: str) -> bool:
    """Tell whether a text says a value and nothing else: only then can it be wrong as a text."""
    bare = text.strip()
    spans = [match.group(0) for match in answers.SPAN.finditer(bare)]
    return spans == [bare] or values.parse(text) is not None
