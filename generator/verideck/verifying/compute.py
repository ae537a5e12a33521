"""Computing one check or heatmap with the library: what happens in the child process."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

from verideck.reference.experiments import EXPERIMENTS
from verideck.verifying import formats, heatmaps, measuring, snippets, syntax, values, working
from verideck.verifying.assertions import Assertion, Form
from verideck.verifying.budgets import MAX_EXTRA_STEPS, Budget, Fault, Refused, elements
from verideck.verifying.drawing import draw
from verideck.verifying.evaluator import Evaluation, Named, evaluate
from verideck.verifying.given import bound
from verideck.verifying.kinds import plain
from verideck.verifying.library import CONSTANTS, LIBRARY, Entry
from verideck.verifying.library.hashing import REFERENCE, is_folder, uses
from verideck.verifying.mutating import beside
from verideck.verifying.records import Finding, JobKind, Outcome

if TYPE_CHECKING:
    from verideck.verifying.calls import Call

Library = Mapping[str, Entry]


def compute(kind: JobKind, code: str, given: str = "", library: Library = LIBRARY) -> Outcome:
    """Evaluate code with the library, a snippet without; raises nothing on bad code: its faults are told.

    `given` are the names that a variant draws, as `given.encode` writes them. The outcome says how many
    steps it took.
    """
    if kind is JobKind.RUN:
        program = snippets.Budget()
        result, wrong = snippets.run(code, bound(given), budget=program)
        torch = _version() if result and "torch" in code else None
        return Outcome(faults=wrong, torch=torch, run=result, steps_taken=program.taken)
    budget = Budget()
    with _metered(budget):
        outcome = _COMPUTE[kind](code, given, library, budget)
    return replace(outcome, torch=torch_behind(code, library), steps_taken=budget.taken)


def _metered(budget: Budget) -> AbstractContextManager[object]:
    """Count what torch computes; a process that has not loaded it computes nothing with it."""
    if sys.modules.get("torch") is None:
        return nullcontext()
    from verideck.verifying.torch_work import Meter

    return Meter(budget.spend)


def _functions(library: Library) -> dict[str, Callable[..., object]]:
    return {name: entry.call for name, entry in library.items() if callable(entry.call)}


def _vary(code: str, given: str, library: Library, budget: Budget) -> Outcome:
    asked = bound(given)
    card, count = str(asked["card"]), int(str(asked["count"]))
    rows, wrong = draw(code, card, count, _functions(library), constants(), budget)
    return Outcome(faults=wrong, rows=rows)


def _heatmap(code: str, given: str, library: Library, budget: Budget) -> Outcome:
    evaluation = evaluate(code, _functions(library), constants(), bound(given), budget)
    faults = list(evaluation.faults)
    faults += [
        Fault(one.line, one.column, "a claim in a heatmap", "write it in a `python check` fence")
        for one in evaluation.assertions
    ]
    if faults:
        return Outcome(faults=tuple(faults))
    found, wrong = heatmaps.content(evaluation)
    return Outcome(heatmap=found, faults=wrong)


def _check(code: str, given: str, library: Library, budget: Budget) -> Outcome:
    measuring.forget()
    functions = {**_functions(library), "measured": measuring.measure}
    evaluation = evaluate(code, functions, constants(), bound(given), budget)
    try:
        findings, faults = _findings(evaluation, budget)
        names = _names(evaluation, budget) if given else ()
    except Refused as refused:
        return Outcome(
            faults=(*evaluation.faults, Fault(1, 1, refused.message, refused.hint, refused.reason))
        )
    budget.renew(MAX_EXTRA_STEPS)
    return Outcome(
        findings,
        _steps(evaluation, library, budget),
        None,
        faults,
        names=names,
        mutants=() if faults else beside(code, functions, constants(), bound(given), findings, budget),
    )


_COMPUTE: Mapping[JobKind, Callable[[str, str, Library, Budget], Outcome]] = {
    JobKind.CHECK: _check,
    JobKind.HEATMAP: _heatmap,
    JobKind.VARY: _vary,
}


def _findings(evaluation: Evaluation, budget: Budget) -> tuple[tuple[Finding, ...], tuple[Fault, ...]]:
    """Freeze the claims, and add what cannot be kept to the faults."""
    findings: list[Finding] = []
    faults = list(evaluation.faults)
    for assertion in evaluation.assertions:
        try:
            findings.append(_finding(assertion, budget))
        except ValueError as wrong:
            hint = "a value that is compared is finite numbers, a text or a formula"
            faults.append(Fault(assertion.line, assertion.column, _sentence(wrong), hint))
    return tuple(findings), tuple(faults)


def _steps(evaluation: Evaluation, library: Library, budget: Budget) -> tuple[working.Line, ...]:
    """Lay out the worked solution; one that takes too much is left out, for the value stands without it."""
    try:
        return working.lines(evaluation, library, budget)
    except Refused:
        return ()


def _names(evaluation: Evaluation, budget: Budget) -> tuple[tuple[str, values.Value], ...]:
    """Freeze the names that a varying card's check leaves: those which can stand in a text."""
    named = {line.name: line.value for line in evaluation.lines if isinstance(line, Named)}
    frozen: dict[str, values.Value] = {}
    for name, value in named.items():
        try:
            budget.spend(elements(value))
            found = values.freeze(plain(value))
            formats.written(found)
        except ValueError:  # a part of it may be named on a line of its own
            continue
        frozen[name] = found
    return tuple(frozen.items())


def constants() -> Mapping[str, object]:
    """Give the names of plain values: pi, e, infinity and the units."""
    return {**CONSTANTS, **values.UNITS}


def _finding(assertion: Assertion, budget: Budget) -> Finding:
    """Freeze an assertion.

    Raises:
        ValueError: its value is not finite, saying where.
        Refused: the budget is spent.

    """
    budget.spend(2 * sum(map(elements, (assertion.value, *assertion.operands))))
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
        working.detail(assertion),
        assertion.measurement,
        _convention(assertion.call),
    )


def _convention(call: Call | None) -> str:
    """Name the convention that a call was made with: the one given, else the entry's default."""
    entry = LIBRARY.get(call.name) if call else None
    if call is None or entry is None:
        return ""
    given = inspect.signature(entry.call).bind(*call.arguments, **call.keywords)
    given.apply_defaults()
    return str(given.arguments.get("convention", ""))


def _sentence(wrong: ValueError) -> str:
    text = str(wrong)
    return text if text[:3] == "NaN" else text[:1].lower() + text[1:]


def torch_behind(code: str, library: Mapping[str, Entry] = LIBRARY) -> str | None:
    """Give torch's version where the code names a function whose reference computes with it."""
    return _version() if needs_torch(code, library) else None


def needs_torch(code: str, library: Mapping[str, Entry] = LIBRARY) -> bool:
    """Return whether code names a function or an experiment whose reference computes with torch."""
    tree = syntax.parse(code).tree
    if tree is None:
        return False
    modules = {one for name in syntax.called(tree) & library.keys() for one in library[name].modules}
    modules |= {EXPERIMENTS[name].module for name in syntax.measured(tree) & EXPERIMENTS.keys()}
    return any(map(_imports_torch, modules))


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
