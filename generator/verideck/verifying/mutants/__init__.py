"""Misconceptions as mutants of the library, run beside each check.

Would a card catch one who holds them? A mutant replaces library entries, or the value of a unit. Where the
card's verdict stays what it is, the card does not tell that misconception apart; a card that no mutant gets
wrong discriminates nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verideck.verifying import syntax
from verideck.verifying.mutants import attending, general, hashing, layering
from verideck.verifying.mutants.changing import Mutant, Trial, applied

__all__ = ["MUTANTS", "TABLES", "Mutant", "applicable", "changed", "references"]

TABLES: Mapping[str, tuple[Mutant, ...]] = MappingProxyType(
    {
        "attending": attending.MUTANTS,
        "layering": layering.MUTANTS,
        "hashing": hashing.MUTANTS,
        "general": general.MUTANTS,
    }
)
"""The mutants by the module that makes them."""

MUTANTS: Mapping[str, Mutant] = MappingProxyType(
    {mutant.name: mutant for table in TABLES.values() for mutant in table}
)
"""Every mutant by its name."""


def applicable(tree: ast.Module) -> tuple[Mutant, ...]:
    """Give the mutants that change something which a check names."""
    names = syntax.called(tree)
    return tuple(
        mutant for mutant in MUTANTS.values() if names & (mutant.changes.keys() | mutant.constants.keys())
    )


def changed(
    mutant: Mutant, functions: Mapping[str, Callable[..., Any]]
) -> tuple[dict[str, Callable[..., Any]], Trial]:
    """Give the functions as one with the misconception has them, and the trial that their calls report to."""
    trial = Trial(functions)
    own = {
        name: applied(trial, change, functions[name])
        for name, change in mutant.changes.items()
        if name in functions
    }
    return {**functions, **own}, trial


def references(tree: ast.Module) -> dict[str, str]:
    """Hash the modules of the mutants that run beside a check: evidence is renewed when they change."""
    names = {mutant.name for mutant in applicable(tree)}
    modules = [name for name, table in TABLES.items() if names & {mutant.name for mutant in table}]
    return {f"mutants {name}": _hash(name) for name in modules}


def _hash(module: str) -> str:
    folder = Path(__file__).parent
    texts = ((folder / f"{name}.py").read_bytes() for name in (module, "changing"))
    return sha256(b"\0".join(texts)).hexdigest()[:16]
