"""Computing one check or heatmap with the library: what happens in the child process."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from verideck.cards import Step
from verideck.reference.experiments import EXPERIMENTS
from verideck.verifying import formats, heatmaps, snippets, syntax, values
from verideck.verifying.assertions import Assertion, Form
from verideck.verifying.budgets import Fault
from verideck.verifying.calls import FAILURES, Call
from verideck.verifying.drawing import draw
from verideck.verifying.evaluator import Evaluation, Named, evaluate
from verideck.verifying.given import bound
from verideck.verifying.kinds import plain
from verideck.verifying.library import CONSTANTS, LIBRARY, Entry
from verideck.verifying.library.hashing import REFERENCE, is_folder, uses
from verideck.verifying.measuring import remembering
from verideck.verifying.mutating import beside
from verideck.verifying.records import Finding, JobKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
from functools import cache
from importlib import metadata

STEPS = 12  # lines of a worked solution
SHOWN = 160  # characters of a value in one


def compute(kind: JobKind, code: str, given: str = "", library: Mapping[str, Entry] = LIBRARY) -> Outcome:
    """Evaluate code with the library, a snippet without; raises nothing on bad code: its faults are told.

    `given` are the names that a variant draws, as `given.encode` writes them.
    """
    if kind is JobKind.RUN:
        result, wrong = snippets.run(code, bound(given))
        return Outcome(faults=wrong, torch=_version() if result and "torch" in code else None, run=result)
    functions = {name: entry.call for name, entry in library.items() if callable(entry.call)}
    if kind is JobKind.VARY:
        asked = bound(given)
        rows, wrong = draw(code, str(asked["card"]), int(str(asked["count"])), functions, constants())
        return Outcome(faults=wrong, torch=torch_behind(code, library), rows=rows)
    functions |= {"measured": remembering()} if kind is JobKind.CHECK else {}
    evaluation = evaluate(code, functions, constants(), bound(given))
    if kind is JobKind.HEATMAP:
        return _heatmap(evaluation, torch_behind(code, library))
    findings: list[Finding] = []
    faults = list(evaluation.faults)
    for assertion in evaluation.assertions:
        try:
            findings.append(_finding(assertion))
        except ValueError as wrong:
            hint = "a value that is compared is finite numbers, a text or a formula"
            faults.append(Fault(assertion.line, assertion.column, _sentence(wrong), hint))
    return Outcome(
        tuple(findings),
        steps(evaluation, library),
        None,
        tuple(faults),
        torch_behind(code, library),
        _names(evaluation) if given else (),
        mutants=() if faults else beside(code, functions, constants(), bound(given), findings),
    )


def _names(evaluation: Evaluation) -> tuple[tuple[str, values.Value], ...]:
    """Freeze the names that a varying card's check leaves: those which can stand in a text."""
    named = {line.name: line.value for line in evaluation.lines if isinstance(line, Named)}
    frozen: dict[str, values.Value] = {}
    for name, value in named.items():
        try:
            found = values.freeze(plain(value))
            formats.written(found)
        except ValueError:  # a part of it may be named on a line of its own
            continue
        frozen[name] = found
    return tuple(frozen.items())


def constants() -> Mapping[str, object]:
    """Give the names of plain values: pi, e, infinity and the units."""
    return {**CONSTANTS, **values.UNITS}


def _heatmap(evaluation: Evaluation, torch: str | None) -> Outcome:
    faults = list(evaluation.faults)
    faults += [
        Fault(one.line, one.column, "a claim in a heatmap", "write it in a `python check` fence")
        for one in evaluation.assertions
    ]
    if faults:
        return Outcome(faults=tuple(faults))
    found, wrong = heatmaps.content(evaluation)
    return Outcome(heatmap=found, faults=wrong, torch=torch)


def _finding(assertion: Assertion) -> Finding:
    """Freeze an assertion; raises ValueError where its value is not finite, saying where."""
    return Finding(
        assertion.form,
        assertion.line,
        assertion.column,
        assertion.code,
        assertion.expression,
        None if assertion.form is Form.CITED else values.freeze(assertion.value),
        assertion.tolerance,
        assertion.text,
        assertion.work,
        assertion.place,
        assertion.number,
        _detail(assertion),
        assertion.measurement,
    )


def _detail(assertion: Assertion) -> str:
    """Show both sides of a comparison, such as `264192 < 1585152`, with digits enough to tell them apart."""
    if assertion.measurement is not None:
        return str(assertion.measurement)
    if not assertion.operands:
        return ""
    parts = [_shown(operand) for operand in assertion.operands]
    if len(set(parts)) < len(parts):
        parts = [_shown(operand, digits=10) for operand in assertion.operands]
    symbols = (*assertion.symbols, "")
    return " ".join(f"{part} {symbol}" for part, symbol in zip(parts, symbols, strict=True)).strip()


def steps(evaluation: Evaluation, library: Mapping[str, Entry]) -> tuple[Step, ...]:
    """Lay out a worked solution: what is given, the reference's steps to the answer, the check's lines."""
    told = [(step, line) for line in evaluation.lines if (step := _step(line)) is not None]
    told = [one for one in told if not _is_bare(one[1])] or told
    given = [step for step, line in told if isinstance(line, Named) and line.literal]
    own = [step for step, _ in told if step not in given]
    worked = _reference_steps(evaluation, library)[: max(STEPS - len(told), STEPS // 2)]
    results = {step.value for step in worked[-1:]}  # the last step is the value of the call itself
    lines = tuple(dict.fromkeys((*given, *worked, *(step for step in own if step.value not in results))))
    return lines if len(lines) <= STEPS else (*lines[: STEPS - 1], lines[-1])


def _step(line: Named | Assertion) -> Step | None:
    if isinstance(line, Named):
        if dataclasses.is_dataclass(line.value) and type(line.value).__module__.startswith(_RESULTS):
            return None  # a result of several parts, which are shown where they are used
        return Step(line.name if line.literal else f"{line.name} = {line.code}", _shown(line.value))
    if line.form is Form.CITED or line.named:
        return None
    if line.form in (Form.OPTION, Form.EXPLANATION):
        mark = "✓" if line.value else "✗"
        return Step(line.expression, f"{_detail(line)} {mark}".strip())
    return Step(line.expression, _shown(line.value))


_RESULTS = ("verideck.reference.", "verideck.verifying.library.")


def _is_bare(line: Named | Assertion) -> bool:
    """Tell whether a line would show no more than that it holds."""
    return isinstance(line, Assertion) and line.form in (Form.OPTION, Form.EXPLANATION) and not line.operands


def _reference_steps(evaluation: Evaluation, library: Mapping[str, Entry]) -> list[Step]:
    call = _deciding(evaluation)
    entry = library.get(call.name) if call else None
    if call is None or entry is None or entry.steps is None:
        return []
    try:
        lines = entry.steps(*call.arguments, **call.keywords)
    except (ValueError, *FAILURES):  # the value stands without its working
        return []
    return [Step(name, _shown(value)) for name, value in lines]


def _deciding(evaluation: Evaluation) -> Call | None:
    """Find the call behind the answer, else behind the first claim that has one."""
    calls = [(one.form in (Form.ANSWER, Form.CLOZE), one.call) for one in evaluation.assertions if one.call]
    return next((call for decides, call in calls if decides), calls[0][1] if calls else None)


def _shown(value: object, digits: int = 4) -> str:
    if value is None or isinstance(value, str):
        text = "" if value is None else value
    else:
        try:
            text = values.show(values.freeze(value), digits)
        except ValueError:  # such as the minus infinity of a mask, which is shown all the same
            text = str(value.tolist() if hasattr(value, "tolist") else value)
    text = " ".join(text.split()).replace("[ ", "[")
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _sentence(wrong: ValueError) -> str:
    text = str(wrong)
    return text if text[:3] == "NaN" else text[:1].lower() + text[1:]


def torch_behind(code: str, library: Mapping[str, Entry] = LIBRARY) -> str | None:
    """Give torch's version where the code names a function whose reference computes with it."""
    tree = syntax.parse(code).tree
    if tree is None:
        return None
    modules = {one for name in syntax.called(tree) & library.keys() for one in library[name].modules}
    modules |= {EXPERIMENTS[name].module for name in syntax.measured(tree) & EXPERIMENTS.keys()}
    return _version() if any(map(_imports_torch, modules)) else None


@cache
def _imports_torch(module: str) -> bool:
    if is_folder(module):  # a package of ours, not of the reference
        return False
    texts = ((REFERENCE / f"{name}.py").read_text(encoding="utf-8") for name in uses(module))
    return any("import torch" in text for text in texts)


@cache
def _version() -> str | None:
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return None


def warm() -> None:
    """Read now what is read once, so that a process that may open no file any more can compute."""
    _version()
    for entry in LIBRARY.values():
        for module in entry.modules:
            _imports_torch(module)
    for experiment in EXPERIMENTS.values():
        _imports_torch(experiment.module)
