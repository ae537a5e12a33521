"""Running a program: once with a seed, or with several where it draws without one."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import _tensor_str

from verideck.verifying import syntax, values
from verideck.verifying.budgets import Fault, Refused
from verideck.verifying.snippets.budgets import Budget
from verideck.verifying.snippets.expressions import EVALUATE
from verideck.verifying.snippets.guard import Guard
from verideck.verifying.snippets.machine import FaultAt, Machine
from verideck.verifying.snippets.objects import OBJECTS
from verideck.verifying.snippets.raising import Raised
from verideck.verifying.snippets.results import RunResult
from verideck.verifying.snippets.scopes import Scope
from verideck.verifying.snippets.statements import EXECUTE
from verideck.verifying.snippets.text import written

FRAMES = 8_000  # of Python, for programs as deeply nested as the budgets allow


@dataclass(frozen=True, slots=True)
class Execution:
    """One run: its result, or why there is none; and where it drew without a seed, if it did."""

    result: RunResult | None = None
    fault: Fault | None = None
    chance: int = 0  # the line, from 1


def execute(
    code: str, tree: ast.Module, given: Mapping[str, Any], seed: int, budget: Budget | None = None
) -> Execution:
    """Run a program that the grammar allows; each run may take all that a budget allows."""
    budget = budget or Budget()
    budget.renew()
    machine = Machine(Guard(budget), EVALUATE, EXECUTE, budget)
    scope = Scope(names=dict(given))
    last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    body = tree.body[:-1] if last else tree.body
    raised, value = "", None
    with _torch_as_it_was(), machine.guard:
        torch.manual_seed(seed)
        try:
            machine.execute(body, scope)
            value = machine.evaluate(last.value, scope) if last else None
            shown, kept = _shown(machine, value)
        except Raised as error:
            raised, shown, kept = error.display, "", None
        except FaultAt as fault:
            return Execution(fault=_fault(code, fault.node, fault.refused))
        except (RecursionError, MemoryError):
            return Execution(fault=Fault(1, 1, "a program nested too deeply", "use smaller sizes", "budget"))
    result = RunResult("".join(machine.output), kept, raised, machine.guard.random, shown)
    return Execution(result, chance=_chance(machine, last))


def _chance(machine: Machine, last: ast.Expr | None) -> int:
    if not machine.guard.random:
        return 0
    drew = machine.chance or last
    return drew.lineno if drew else 1


def _fault(code: str, node: ast.AST, refused: Refused) -> Fault:
    line, column = syntax.place(code, getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
    return Fault(line, column, refused.message, refused.hint, refused.reason)


def _shown(machine: Machine, value: Any) -> tuple[str, values.Value | None]:
    """Give the last expression as an interactive session shows it, and as a value to keep."""
    if value is None or isinstance(value, OBJECTS):
        return "", None
    try:
        shown = written(machine, value, source=True)
    except Refused:
        return "", None
    try:
        return shown, values.freeze(value)
    except ValueError:  # such as NaN, or a layer: its text must do
        return shown, None


@contextmanager
def _torch_as_it_was() -> Iterator[None]:
    """Keep what a program may change in torch to itself, and give the interpreter room for its frames."""
    state, dtype, options = (
        torch.get_rng_state(),
        torch.get_default_dtype(),
        dict(vars(_tensor_str.PRINT_OPTS)),
    )
    frames = sys.getrecursionlimit()
    sys.setrecursionlimit(max(frames, FRAMES))
    try:
        with warnings.catch_warnings(), torch.enable_grad():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.setrecursionlimit(frames)
        vars(_tensor_str.PRINT_OPTS).update(options)
        torch.set_default_dtype(dtype)
        torch.set_rng_state(state)
