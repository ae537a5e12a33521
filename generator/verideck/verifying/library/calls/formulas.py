"""Equations that are solved, not matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verideck.verifying.library.arguments import UnfitError

if TYPE_CHECKING:
    from verideck.verifying.formulas import Solution, System
    from verideck.verifying.library.entries import Steps


def equations(*texts: str) -> System:
    """Read equations that hold together."""
    from verideck.verifying import formulas

    if not texts:
        raise UnfitError('`equations` needs at least one equation, such as "y = x + F(x)"')
    return formulas.equations(*texts)


def solve(system: Any, unknown: str, known: Any = ()) -> Solution:
    """Derive a formula for the unknown from the known."""
    from verideck.verifying import formulas

    if not isinstance(system, formulas.System):
        raise UnfitError('`system` must come from `equations("…")`')
    names = [known] if isinstance(known, str) else known
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise UnfitError('`known` lists names in quotes, such as ["y_1", "y_2"]')
    return formulas.solve(system, unknown, known=list(names))


def solve_steps(system: Any, unknown: str, known: Any = ()) -> Steps:
    """Show the derived formula."""
    return (("solved for " + unknown, solve(system, unknown, known)),)
