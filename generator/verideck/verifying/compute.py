"""Computing one check or heatmap with the library: what happens in the child process."""

from __future__ import annotations

import inspect
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

from verideck.reference.experiments import EXPERIMENTS
from verideck.verifying import formats, heatmaps, snippets, syntax, values, working
from verideck.verifying.assertions import Assertion, Form
from verideck.verifying.budgets import Fault
from verideck.verifying.drawing import draw
from verideck.verifying.evaluator import Evaluation, Named, evaluate
from verideck.verifying.given import bound
from verideck.verifying.kinds import plain
from verideck.verifying.library import CONSTANTS, LIBRARY, Entry
from verideck.verifying.library.hashing import REFERENCE, is_folder, uses
from verideck.verifying.measuring import measure
from verideck.verifying.mutating import beside
from verideck.verifying.records import Finding, JobKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verideck.verifying.calls import Call


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
    functions |= {"measured": measure} if kind is JobKind.CHECK else {}
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
        working.lines(evaluation, library),
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
