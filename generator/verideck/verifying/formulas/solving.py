"""Systems of equations: an unknown derived from what is known, by isolating and substituting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from verideck.verifying.formulas.expressions import (
    Equation,
    Expression,
    FormulaError,
    Name,
    Solution,
    System,
    names,
    spelled,
    walk,
)
from verideck.verifying.formulas.isolating import isolate, sides
from verideck.verifying.formulas.parsing import parse_all, parse_formula
from verideck.verifying.formulas.rewriting import replaced, resolved_system

ATTEMPTS = 30  # at eliminating, in all: a system of many unknowns has millions of ways
LARGEST = 1_000  # parts of a derived formula; substitution doubles fast
ELIMINATIONS = 2  # unknowns that may be eliminated between equations, one inside the other
MOST = 50  # equations of one system


def equations(*texts: str) -> System:
    """Read equations that hold together; a text may hold several. Raises FormulaError."""
    found: list[Equation] = []
    for text in texts:
        for part in parse_all(text):
            if not isinstance(part, Equation):
                raise FormulaError(f"`{part}` is not an equation", hint="write both sides, with a `=`")
            found.append(part)
    if not found or len(found) > MOST:
        raise FormulaError(f"a system of {len(found)} equations", hint=f"give between one and {MOST}")
    return resolved_system(System(tuple(found)))


def solve(system: System, unknown: str, known: Sequence[str]) -> Solution:
    """Derive a formula for the unknown that uses known names only.

    Isolates through + - * / and signs, and substitutes what was found before. Raises FormulaError, saying of
    each equation why it does not help, where that is not enough.
    """
    wanted = _name(unknown)
    given = tuple(dict.fromkeys(_name(text) for text in ([known] if isinstance(known, str) else known)))
    system = resolved_system(system, {wanted, *given})
    present = frozenset().union(*(sides(equation) for equation in system.equations))
    for name in (wanted, *given):
        if name not in present:
            has = ", ".join(f"`{spelled(other)}`" for other in sorted(present))
            raise FormulaError(f"`{spelled(name)}` is in none of the equations", hint=f"they have {has}")
    if wanted in given:
        raise FormulaError(f"`{spelled(wanted)}` is asked for and already known")
    steps = _derive(system, wanted, frozenset(given))
    formula = _substituted(steps, wanted)
    _readable(formula)
    return Solution(system, wanted, given, formula, steps)


def _readable(formula: Expression) -> None:
    """Refuse a formula that its own print does not give back: too deep or too long to keep."""
    try:
        kept = parse_formula(str(formula))
    except FormulaError as fault:
        raise FormulaError(f"the derived formula is {fault.message}") from fault
    if kept != formula:
        raise FormulaError(f"the derived formula `{formula}` does not read back as itself")


def _derive(system: System, wanted: str, given: frozenset[str]) -> tuple[Equation, ...]:
    """Find names one after the other until the wanted one is there; give only the steps it needs."""
    found = _found(system.equations, wanted, given, ELIMINATIONS, iter(range(ATTEMPTS)))
    if found is None:
        alone = _chained(list(system.equations), wanted, given)[0]
        raise _stuck(system, wanted, given, alone)
    needed, queue = {wanted}, [wanted]
    while queue:
        more = (names(found[queue.pop()]) & found.keys()) - needed
        needed |= more
        queue += more
    return tuple(Equation(Name(name), found[name]) for name in found if name in needed)


def _found(
    remaining: Sequence[Equation],
    wanted: str,
    given: frozenset[str],
    eliminations: int,
    attempts: Iterator[int],
) -> dict[str, Expression] | None:
    """Find the wanted name; where no equation has one unknown left, eliminate another between two of them."""
    found, rest = _chained(list(remaining), wanted, given)
    if wanted in found:
        return found
    if eliminations == 0:
        return None
    for equation in rest:
        for name in sorted(sides(equation) - given - found.keys() - {wanted}):
            definition = _isolated(equation, name)
            if definition is None or next(attempts, None) is None:
                continue
            others = [_rewritten(other, {name: definition}) for other in rest if other is not equation]
            more = _found(others, wanted, given | found.keys(), eliminations - 1, attempts)
            if more is not None:
                return found | more
    return None


def _chained(
    remaining: list[Equation], wanted: str, given: frozenset[str]
) -> tuple[dict[str, Expression], list[Equation]]:
    """Find name after name from equations with one unknown left; give what was found and what remains."""
    found: dict[str, Expression] = {}
    progress = True
    while progress and wanted not in found:
        progress = False
        for equation in remaining:
            missing = sides(equation) - given - found.keys()
            if len(missing) == 1 and (definition := _isolated(equation, *missing)) is not None:
                found[next(iter(missing))] = definition
                remaining.remove(equation)
                progress = True
                break
    return found, remaining


def _rewritten(equation: Equation, definitions: Mapping[str, Expression]) -> Equation:
    rewritten = Equation(replaced(equation.left, definitions), replaced(equation.right, definitions))
    if sum(1 for side in (rewritten.left, rewritten.right) for _ in walk(side)) > LARGEST:
        return equation
    return rewritten


def _isolated(equation: Equation, name: str) -> Expression | None:
    try:
        return isolate(equation, name)
    except FormulaError:
        return None


def _stuck(system: System, wanted: str, given: frozenset[str], found: Mapping[str, object]) -> FormulaError:
    """Say of each equation why it does not help."""
    reasons = []
    for equation in system.equations:
        missing = sorted(sides(equation) - given - found.keys())
        if not missing:
            continue
        if len(missing) > 1:
            reason = " and ".join(f"`{spelled(name)}`" for name in missing) + " are not known"
        else:
            try:
                isolate(equation, missing[0])
            except FormulaError as fault:
                reason = fault.message
        reasons.append(f"in `{equation}` {reason}")
    have = ", ".join(f"`{spelled(name)}`" for name in sorted(given)) or "nothing"
    return FormulaError(
        f"`{spelled(wanted)}` does not follow from {have}: {'; '.join(reasons)}",
        hint="list everything that is known, or give another equation",
    )


def _substituted(steps: tuple[Equation, ...], wanted: str) -> Expression:
    done: dict[str, Expression] = {}
    for step in steps:
        name = step.left.name if isinstance(step.left, Name) else wanted
        done[name] = replaced(step.right, done)
        if sum(1 for _ in walk(done[name])) > LARGEST:
            raise FormulaError(f"the formula for `{spelled(name)}` grows too long")
    return done[wanted]


def _name(text: str) -> str:
    parsed = parse_formula(text)
    if not isinstance(parsed, Name):
        raise FormulaError(f"`{text}` is not the name of a quantity", hint="such as `x_2`")
    return parsed.name
