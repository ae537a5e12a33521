"""Snippets: programs of quiz pages, evaluated in a closed subset of Python and torch.

The threat is a source that somebody else wrote: a shared deck or a saved page must not read or write a file,
reach the network, learn anything of this machine, hang or fill it, or make a wrong answer look computed. So:

1. `grammar` lets through a fixed set of syntax; no name or attribute of Python's machinery can be written.
2. A program never holds a real module, function or class. `tables` say what each name is and what each type
   of value has; anything else is turned down with its line. Nothing is executed as Python, and `getattr` is
   asked only for what is in a table.
3. Real functions are called in one place, `Machine.perform`, with plain data only, weighed before.
4. `budgets` bound steps, items, texts, numbers and nesting; `guard` sits inside torch and sees each
   operation, those of layers and of autograd too, before it allocates.
5. All this runs in a child process with limits of its own (`child`), which may die without harm.

What lies outside the language is a fault; what the program raises is a result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from verideck.verifying.budgets import Fault
from verideck.verifying.calls import INSTALL
from verideck.verifying.snippets import grammar
from verideck.verifying.snippets.budgets import Budget
from verideck.verifying.snippets.results import RunResult

LANGUAGE = 1  # the language's epoch: raise it when an equal program comes to give another result
SEEDS = (0, 1, 2)  # of a program that draws without a seed of its own

_NONE: Mapping[str, object] = MappingProxyType({})


def run(
    code: str, given: Mapping[str, object] = _NONE, seed: int | None = None, budget: Budget | None = None
) -> tuple[RunResult | None, tuple[Fault, ...]]:
    """Run a program; `given` are names bound before its first line, `budget` counts what each run takes.

    Without a seed, one that draws random numbers unseeded runs with several, and has a result only where all
    give the same. Raises nothing on bad code: a fault says what is outside the language, and where.
    """
    tree, faults = grammar.parse(code)
    if tree is None:
        return None, faults
    try:
        from verideck.verifying.snippets import engine  # and torch with it: only where it is needed
    except ModuleNotFoundError as missing:
        if missing.name != "torch":
            raise
        return None, (Fault(1, 1, "torch is not installed", f"install it: {INSTALL}", "torch"),)
    seeds = SEEDS if seed is None else (seed,)
    budget = budget or Budget()
    first = engine.execute(code, tree, given, seeds[0], budget)
    if first.result is None or not first.result.random:
        return first.result, (first.fault,) if first.fault else ()
    results = [first.result]
    for other in seeds[1:]:
        execution = engine.execute(code, tree, given, other, budget)
        if execution.result is None:
            return None, (execution.fault,) if execution.fault else ()
        results.append(execution.result)
    return _invariant(results, first.chance)


def _invariant(results: Sequence[RunResult], line: int) -> tuple[RunResult | None, tuple[Fault, ...]]:
    """Give the result that several seeds agree on; what is not asked for may differ."""
    if len({result.text for result in results}) > 1:
        message = "a program whose result is left to chance"
        hint = "seed it with `torch.manual_seed(0)`, or print what chance does not change, such as a shape"
        return None, (Fault(line, 1, message, hint, "chance"),)
    first = results[0]
    agreed = all(result.shown == first.shown for result in results)
    return first if agreed else replace(first, value=None, shown=""), ()


__all__ = ["LANGUAGE", "SEEDS", "Budget", "RunResult", "run"]
