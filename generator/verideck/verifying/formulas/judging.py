"""Written formulas judged: whether they recover the unknown, and whether two say the same."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from verideck.verifying.formulas.evaluating import (
    CONSTANTS,
    KNOWN,
    UndefinedError,
    Vector,
    close,
    draw,
    evaluate,
)
from verideck.verifying.formulas.expressions import (
    Binary,
    Equation,
    Expression,
    FormulaError,
    Name,
    Negative,
    Solution,
    System,
    functions,
    names,
)
from verideck.verifying.formulas.isolating import isolate, sides
from verideck.verifying.formulas.parsing import parse_all
from verideck.verifying.formulas.rewriting import resolved
from verideck.verifying.formulas.wrapping import unwrap

INSTANCES = 8
ENOUGH = 2  # instances on which both sides must have a value


def solves(solution: Solution, text: str) -> bool | None:
    """Whether a written formula recovers the unknown from known names only; None where it is not a formula.

    It is right if it gives the unknown's value on several pseudo-random instances of the system. `x_2 = …`
    may stand before it, other right equations may stand beside it; any name besides makes it wrong.
    """
    try:
        written = parse_all(unwrap(text)[0])
    except FormulaError:
        return None
    used = frozenset().union(*(sides(equation) for equation in solution.equations.equations))
    used |= {solution.unknown, *solution.known}
    if len(written) == 1 and not _is_about(written[0], solution, used):
        return None
    available = set(solution.known)
    definitions: list[tuple[str, Expression]] = []
    for part in written:
        name, expression = _definition(part, solution.unknown)
        expression = resolved(expression, used)
        if name is None or name in available or not names(expression) - CONSTANTS.keys() <= available:
            return False
        available.add(name)
        definitions.append((name, expression))
    return solution.unknown in available and _recovers(solution, definitions)


def same(first: str | Expression | Equation, second: str | Expression | Equation) -> bool:
    """Whether two formulas say the same, by their values; false where one is not a formula.

    Equations are the same if they define the same name alike, or state the same up to moving terms. A bare
    formula is the same as an equation that defines something by it.
    """
    one, other = _parsed(first), _parsed(second)
    if one is None or other is None:
        return False
    if isinstance(one, Equation) and isinstance(other, Equation):
        if one.left == other.left and _agree(one.right, other.right):
            return True
        left, right = Binary("-", one.left, one.right), Binary("-", other.left, other.right)
        return _agree(left, right) or _agree(left, Negative(right))
    if isinstance(one, Equation):
        return isinstance(one.left, Name) and not isinstance(other, Equation) and _agree(one.right, other)
    if isinstance(other, Equation):
        return isinstance(other.left, Name) and _agree(one, other.right)
    return _agree(one, other)


def _parsed(formula: str | Expression | Equation) -> Expression | Equation | None:
    if not isinstance(formula, str):
        return formula
    try:
        found = parse_all(unwrap(formula)[0])
    except FormulaError:
        return None
    return found[0] if len(found) == 1 else None


def _is_about(expression: Expression | Equation, solution: Solution, used: frozenset[str]) -> bool:
    """Whether a text without `=` shares a name with the system; a word such as `Memory` does not."""
    if isinstance(expression, Equation):
        return True
    called: frozenset[str] = frozenset().union(
        *(functions(each.left) | functions(each.right) for each in solution.equations.equations)
    )
    quantities, calls = names(expression) - CONSTANTS.keys(), functions(expression)
    return not (quantities or calls) or bool(quantities & used or calls & (called | KNOWN.keys()))


def _definition(part: Expression | Equation, unknown: str) -> tuple[str | None, Expression]:
    """Give what a written part defines, and by what."""
    if not isinstance(part, Equation):
        return unknown, part
    if isinstance(part.left, Name):
        return part.left.name, part.right
    if isinstance(part.right, Name):
        return part.right.name, part.left
    return None, part.right


def _recovers(solution: Solution, definitions: list[tuple[str, Expression]]) -> bool:
    agreed = 0
    for number in range(INSTANCES):
        values = _instance(solution.equations, number)
        if values is None:
            values = {name: draw(name, number) for name in solution.known}
        try:
            given = {name: values[name] for name in solution.known}
            wanted = values.get(solution.unknown) or evaluate(solution.formula, given)
            for name, expression in definitions:
                given[name] = evaluate(expression, given)
                if name in values and not close(given[name], values[name]):
                    return False
        except UndefinedError:
            continue
        if not close(given[solution.unknown], wanted):
            return False
        agreed += 1
    return agreed >= ENOUGH


@lru_cache(maxsize=512)
def _instance(system: System, number: int) -> Mapping[str, Vector] | None:
    """Draw values for which all equations hold; None where that fails."""
    free, definitions = _plan(system)
    values = {name: draw(name, number) for name in free}
    try:
        for name, expression in definitions:
            values[name] = evaluate(expression, values)
        both = [(evaluate(each.left, values), evaluate(each.right, values)) for each in system.equations]
    except UndefinedError:
        return None
    return values if all(close(left, right) for left, right in both) else None


@lru_cache(maxsize=64)
def _plan(system: System) -> tuple[tuple[str, ...], tuple[tuple[str, Expression], ...]]:
    """Say which names to draw and how the others follow, so that the equations hold.

    Names that stand alone on a left side follow if they can; names inside functions are drawn first, for they
    cannot be isolated.
    """
    remaining = list(system.equations)
    every = sorted(frozenset().union(*(sides(equation) for equation in remaining)))
    defined = {equation.left.name for equation in remaining if isinstance(equation.left, Name)}
    waiting = [name for name in every if name not in defined] + [name for name in every if name in defined]
    free: list[str] = []
    definitions: dict[str, Expression] = {}
    while waiting:
        for equation in remaining:
            missing = sides(equation) - definitions.keys() - set(free)
            if len(missing) == 1 and (name := next(iter(missing))) and _follows(equation, name, definitions):
                remaining.remove(equation)
                waiting.remove(name)
                break
        else:
            free.append(waiting.pop(0))
    return tuple(free), tuple(definitions.items())


def _follows(equation: Equation, name: str, definitions: dict[str, Expression]) -> bool:
    try:
        definitions[name] = isolate(equation, name)
    except FormulaError:
        return False
    return True


def _agree(first: Expression, second: Expression) -> bool:
    agreed = 0
    used = names(first) | names(second)
    for number in range(INSTANCES):
        values = {name: draw(name, number) for name in used - CONSTANTS.keys()}
        try:
            if not close(evaluate(first, values), evaluate(second, values)):
                return False
        except UndefinedError:
            continue
        agreed += 1
    return agreed >= ENOUGH
