"""Running a check's mutants beside it: what its answers would be to one with each misconception."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verideck.verifying import mutants, syntax, values
from verideck.verifying.assertions import Form
from verideck.verifying.budgets import Refused, elements
from verideck.verifying.evaluator import evaluate
from verideck.verifying.values import Tensor

if TYPE_CHECKING:
    from verideck.verifying.budgets import Budget
    from verideck.verifying.records import Finding
    from verideck.verifying.values import Value

LARGEST = 64  # elements of a value that is kept for a mutant
LONGEST = 400  # characters of one
ANSWERS = (Form.ANSWER, Form.CLOZE, Form.OPTION, Form.SAYS)


@dataclass(frozen=True, slots=True)
class Mutated:
    """What a mutant makes of a check: the values that differ, by the finding's place in the outcome."""

    name: str
    changed: tuple[tuple[int, Value], ...] = ()
    luck: str = ""


def beside(
    code: str,
    functions: Mapping[str, Callable[..., Any]],
    constants: Mapping[str, object],
    given: Mapping[str, object],
    findings: Sequence[Finding],
    budget: Budget,
) -> tuple[Mutated, ...]:
    """Evaluate a check under each misconception that changes what it calls, as long as the budget lasts.

    A mutant under which an answer cannot be computed, or is too large to keep, is left out: it says nothing.
    """
    tree = syntax.parse(code).tree
    wanted = [n for n, one in enumerate(findings) if one.form in ANSWERS and one.value is not None]
    if tree is None or not wanted:
        return ()
    remembered = {name: _remembering(function) for name, function in functions.items()}
    found = []
    for mutant in mutants.applicable(tree):
        own, trial = mutants.changed(mutant, remembered)
        evaluation = evaluate(code, own, {**constants, **mutant.constants}, given, budget)
        if not (trial.touched or mutant.constants):
            continue
        results = {(one.line, one.column): one.value for one in evaluation.assertions}
        changed = _changed(wanted, findings, results, budget)
        if changed is not None:
            found.append(Mutated(mutant.name, changed, "" if changed else "; ".join(trial.luck)))
    return tuple(found)


def _changed(
    wanted: Sequence[int],
    findings: Sequence[Finding],
    results: Mapping[tuple[int, int], object],
    budget: Budget,
) -> tuple[tuple[int, Value], ...] | None:
    """Give the values that differ; None where one of them cannot be had or kept."""
    changed: list[tuple[int, Value]] = []
    for n in wanted:
        finding = findings[n]
        try:
            computed = results[finding.line, finding.column]
            budget.spend(elements(computed))
            value = values.freeze(computed)
        except (KeyError, ValueError, Refused):  # it has no value, none that is finite, or one too large
            return None
        if value == finding.value and type(value) is type(finding.value):
            continue
        if _too_large(value):
            return None
        changed.append((n, value))
    return tuple(changed)


def _too_large(value: Value) -> bool:
    if isinstance(value, Tensor):
        return len(value.flat()) > LARGEST
    return len(str(value)) > LONGEST


def _remembering(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compute the same plain arguments once: most of a check is the same under each mutant."""
    import inspect

    known: dict[str, Any] = {}

    def remembered(*arguments: Any, **keywords: Any) -> Any:
        if not all(map(_is_plain, (*arguments, *keywords.values()))):
            return function(*arguments, **keywords)
        key = repr((arguments, sorted(keywords.items())))
        if key not in known:
            known[key] = function(*arguments, **keywords)
        return known[key]

    remembered.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]  # inspect reads it
    return remembered


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return len(value) <= LARGEST and all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)
