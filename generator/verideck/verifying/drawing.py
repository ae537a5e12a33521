"""A `python vary N` fence to its draws: lists and ranges to draw from, names computed from them, conditions.

    n = [2, 4, 8]
    k = range(1, 5)
    size = n * 16
    where(k < n)

A list or a `range(…)` that names nothing drawn is drawn from; every other line that gives a name computes it
anew for each combination; `where(condition)` keeps the combinations for which it holds. Of these the first in
the written order is always drawn (clients without script show it), the others in the order of a hash of the
card's id and the combination: a value that is added or taken away changes only the draws that are its own, or
make room for them.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from verideck.verifying import formats, given, syntax, values
from verideck.verifying.budgets import Budget, Fault, Refused, elements
from verideck.verifying.comparing import truth
from verideck.verifying.interpreter import CLAIM_WORDS, FaultAt, Interpreter
from verideck.verifying.kinds import plain
from verideck.verifying.unknown_names import Known

WORDS = ("where", "range")  # of the language of draws, that are neither functions nor values
COMBINATIONS = 20_000
LONGEST = 200  # characters of a text that is drawn
FROZEN = 32  # steps that keeping a value takes, besides its elements
_USAGE = "write `name = [1, 2, 3]`, `name = range(1, 5)`, `name = expression` or `where(condition)`"

Values = tuple[object, ...]


@dataclass(slots=True)
class _Fence:
    """A fence as read: what is drawn, and what is computed or asked of each combination, as written."""

    code: str
    functions: Mapping[str, Callable[..., object]]
    constants: Mapping[str, object]
    budget: Budget
    drawn: dict[str, Values] = field(default_factory=dict)
    lines: list[tuple[str, ast.expr]] = field(default_factory=list)  # an empty name: a condition

    def interpreter(self, names: Mapping[str, object]) -> Interpreter:
        return Interpreter(self.functions, self.constants, self.budget, dict(names))


def draw(
    code: str,
    card: str,
    count: int,
    functions: Mapping[str, Callable[..., object]],
    constants: Mapping[str, object],
    budget: Budget | None = None,
) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """Draw `count` variants for a card: the names of each as `given` writes them, in the written order."""
    parsed = syntax.parse(code)
    if parsed.tree is None:
        return (), parsed.faults
    fence = _Fence(code, functions, constants, budget or Budget())
    try:
        for statement in parsed.tree.body:
            _read(fence, statement)
        _expect_few(fence)
        kept = list(_kept(fence))
        _expect_known(fence, parsed.tree)
    except FaultAt as wrong:
        line, column = syntax.place(
            code, getattr(wrong.node, "lineno", 1), getattr(wrong.node, "col_offset", 0)
        )
        return (), (Fault(line, column, wrong.refused.message, wrong.refused.hint, wrong.refused.reason),)
    if len(kept) < count:
        hint = f"draw from more values, or write `python vary {len(kept)}`" if kept else "mend the `where(…)`"
        combinations = "combination" if len(kept) == 1 else "combinations"
        return (), (Fault(1, 1, f"only {len(kept)} {combinations} for {count} variants", hint),)
    return tuple(given.encode(kept[place]) for place in _chosen(fence, kept, card, count)), ()


def _chosen(
    fence: _Fence, kept: Sequence[Mapping[str, values.Value]], card: str, count: int
) -> Sequence[int]:
    """Choose the first combination and `count - 1` others, in the written order."""

    def rank(place: int) -> bytes:
        drawn = given.encode({name: kept[place][name] for name in fence.drawn})
        return hashlib.sha256(f"{card}\n{drawn}".encode()).digest()

    return sorted([0, *sorted(range(1, len(kept)), key=rank)[: count - 1]])


def _read(fence: _Fence, statement: ast.stmt) -> None:
    """Take in one line."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            _expect_free(fence, target)
            if _is_drawn(fence, statement.value):
                fence.drawn[target.id] = _choices(fence, statement.value)
            else:
                fence.lines.append((target.id, statement.value))
            return
    if isinstance(statement, ast.Expr):
        value = statement.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return  # a remark
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "where":
            if len(value.args) != 1 or value.keywords:
                raise FaultAt(value, Refused("`where` without its one condition", "write `where(a < b)`"))
            fence.lines.append(("", value.args[0]))
            return
    raise FaultAt(statement, Refused("a line that draws nothing", _USAGE))


def _expect_free(fence: _Fence, target: ast.Name) -> None:
    if target.id in fence.drawn or target.id in dict(fence.lines):
        raise FaultAt(target, Refused(f"a second `{target.id}`", "give each name one line"))
    if target.id in (*CLAIM_WORDS, "where", "range"):
        raise FaultAt(target, Refused(f"`{target.id}` is a word of the language, not a name", "use another"))


def _is_drawn(fence: _Fence, node: ast.expr) -> bool:
    earlier = fence.drawn.keys() | dict(fence.lines).keys()
    if any(isinstance(part, ast.Name) and part.id in earlier for part in ast.walk(node)):
        return False
    return isinstance(node, ast.List) or _is_range(node)


def _is_range(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"


def _choices(fence: _Fence, node: ast.expr) -> Values:
    """Evaluate a list or a range to draw from."""
    interpreter = fence.interpreter({})
    if isinstance(node, ast.List):
        choices = [plain(interpreter.evaluate(item)) for item in node.elts]
    else:
        choices = list(_range(interpreter, node))
    if not choices:
        raise FaultAt(node, Refused("nothing to draw from", _USAGE))
    seen: set[str] = set()
    for choice in choices:
        written = given.encode({"": _frozen(fence, node, choice)})
        if written in seen:
            raise FaultAt(node, Refused(f"`{choice}` stands twice among the values", "write each once"))
        seen.add(written)
    return tuple(choices)


def _range(interpreter: Interpreter, node: ast.expr) -> range:
    arguments = node.args if isinstance(node, ast.Call) and not node.keywords else []
    bounds = [plain(interpreter.evaluate(argument)) for argument in arguments]
    whole = [bound for bound in bounds if isinstance(bound, int) and not isinstance(bound, bool)]
    if not 1 <= len(bounds) <= 3 or len(whole) < len(bounds) or (len(whole) == 3 and not whole[2]):
        raise FaultAt(
            node, Refused("not a range", "write `range(2, 9)` or `range(2, 9, 2)`: the end is left out")
        )
    found = range(*whole)
    if max(map(abs, (*whole, 0))) > 2**53 or len(found) > COMBINATIONS:
        raise FaultAt(node, Refused("a range too large to draw from", "use smaller numbers"))
    return found


def _expect_few(fence: _Fence) -> None:
    if not fence.drawn:
        raise FaultAt(ast.Module([], []), Refused("nothing to draw from", _USAGE))
    total = 1
    for choices in fence.drawn.values():
        total *= len(choices)
    if total > COMBINATIONS:
        hint = f"at most {COMBINATIONS:,} are looked through: use shorter lists"
        raise FaultAt(ast.Module([], []), Refused(f"{total:,} combinations", hint))


def _kept(fence: _Fence) -> Iterator[Mapping[str, values.Value]]:
    """Go through the combinations in the written order; give the names where all conditions hold."""
    nodes = dict(fence.lines)
    for combination in product(*fence.drawn.values()):
        interpreter = fence.interpreter(dict(zip(fence.drawn, combination, strict=True)))
        try:
            if not all(_line(interpreter, name, node) for name, node in fence.lines):
                continue
            frozen = {
                name: _frozen(fence, nodes.get(name), value) for name, value in interpreter.names.items()
            }
        except FaultAt as wrong:
            drawn = ", ".join(f"{name} = {interpreter.names[name]!r}" for name in fence.drawn)
            refused = wrong.refused
            message = f"{refused.message}, with {drawn}"
            raise FaultAt(wrong.node, Refused(message, refused.hint, refused.reason)) from None
        yield frozen


def _expect_known(fence: _Fence, tree: ast.Module) -> None:
    """Refuse a name that nothing has, in a branch that was not taken, too."""
    bound = fence.constants.keys() | fence.drawn.keys() | dict(fence.lines).keys()
    known = Known(fence.functions.keys(), bound, WORDS)
    for node, refused in (found for statement in tree.body for found in known.unknown(statement)):
        raise FaultAt(node, refused)


def _line(interpreter: Interpreter, name: str, node: ast.expr) -> bool:
    """Compute a name, or tell whether a condition holds."""
    value = plain(interpreter.evaluate(node))
    if name:
        interpreter.names[name] = value
        return True
    try:
        return truth(value)
    except Refused as refused:
        raise FaultAt(node, refused) from None


def _frozen(fence: _Fence, node: ast.expr | None, value: object) -> values.Value:
    where = node or ast.Module([], [])
    try:
        fence.budget.spend(FROZEN + elements(value))
        frozen = values.freeze(value)
        formats.written(frozen)
    except Refused as refused:
        raise FaultAt(where, refused) from None
    except ValueError as wrong:
        raise FaultAt(where, Refused(f"a value that cannot be drawn: {wrong}", _USAGE)) from None
    if isinstance(frozen, str) and (len(frozen) > LONGEST or "\n" in frozen):
        raise FaultAt(where, Refused("a text too long to draw", f"at most {LONGEST} characters on one line"))
    return frozen
