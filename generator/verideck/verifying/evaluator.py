"""The closed language: what its lines say. Checks and heatmaps are written in it.

A line gives a value a name, or claims something about the card (`assertions`). Nothing is executed as Python:
`syntax` says what may stand in the code, `interpreter` what it gives.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from verideck.verifying import syntax
from verideck.verifying.assertions import Assertion, Context, claim
from verideck.verifying.budgets import Budget, Fault, Refused
from verideck.verifying.interpreter import CLAIM_WORDS, FaultAt, Interpreter, Skipped
from verideck.verifying.kinds import kind
from verideck.verifying.unknown_names import Known

if TYPE_CHECKING:
    from verideck.verifying.calls import Call

LANGUAGE = 2  # the language's epoch: raise it when equal code comes to mean another value


@dataclass(frozen=True, slots=True)
class Named:
    """A line that names a value; `call` is the library call that gave it, where there is one."""

    name: str
    line: int
    code: str
    value: object
    literal: bool
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What code gave: its lines in order, the names they leave, and every fault."""

    lines: tuple[Named | Assertion, ...] = ()
    names: Mapping[str, object] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @property
    def fault(self) -> Fault | None:
        """The first fault, if there is one."""
        return self.faults[0] if self.faults else None

    @property
    def assertions(self) -> tuple[Assertion, ...]:
        """The claims, in order."""
        return tuple(line for line in self.lines if isinstance(line, Assertion))


def evaluate(
    code: str,
    functions: Mapping[str, Callable[..., object]],
    constants: Mapping[str, object],
    names: Mapping[str, object] = MappingProxyType({}),
    budget: Budget | None = None,
) -> Evaluation:
    """Evaluate code of the closed language with the functions and constants it may name.

    `names` have their values before the first line; `budget` is what may be spent, by default a check's own.

    Raises nothing on bad code: what is wrong is in the evaluation's faults, and lines that depend on a faulty
    one are passed over.
    """
    parsed = syntax.parse(code)
    if parsed.tree is None:
        return Evaluation(faults=parsed.faults)
    context = Context(code, Interpreter(functions, constants, budget or Budget(), dict(names)))
    lines: list[Named | Assertion] = []
    faults: list[Fault] = []
    for statement in parsed.tree.body:
        try:
            made = _statement(context, statement)
            _expect_known(context, statement)
            lines.extend(made)
        except Skipped:
            _fail(context, statement)
        except FaultAt as fault:
            _fail(context, statement)
            faults.append(_fault(code, fault))
            if fault.refused.stops:
                break
    return Evaluation(tuple(lines), dict(context.interpreter.names), tuple(faults))


def _expect_known(context: Context, statement: ast.stmt) -> None:
    """Refuse a name that nothing has, in a branch that was not taken, too: `1 if True else nothing()`."""
    interpreter = context.interpreter
    bound = interpreter.names.keys() | interpreter.constants.keys() | interpreter.failed
    for node, refused in Known(interpreter.functions.keys(), bound).unknown(statement):
        raise FaultAt(node, refused)


def _fault(code: str, fault: FaultAt) -> Fault:
    node, refused = fault.node, fault.refused
    line, column = syntax.place(code, getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
    return Fault(line, column, refused.message, refused.hint, refused.reason)


def _fail(context: Context, statement: ast.stmt) -> None:
    """Remember names that have no value because their line failed."""
    if isinstance(statement, ast.Assign):
        context.interpreter.failed.update(name.id for name in _targets(statement))


def _targets(statement: ast.Assign) -> list[ast.Name]:
    parts = [node for target in statement.targets for node in ast.walk(target)]
    return [node for node in parts if isinstance(node, ast.Name)]


def _statement(context: Context, statement: ast.stmt) -> list[Named | Assertion]:
    if isinstance(statement, ast.Assign):
        return list(_assignment(context, statement))
    if not isinstance(statement, ast.Expr):  # the grammar lets nothing else through
        raise FaultAt(statement, Refused("a statement that is outside the check language"))
    if isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
        return []  # a remark
    return [claim(context, statement.value)]


def _assignment(context: Context, statement: ast.Assign) -> list[Named]:
    for node in _targets(statement):
        if node.id in CLAIM_WORDS:
            hint = (
                "write `answer == …`: `==` claims, `=` names" if node.id == "answer" else "use another name"
            )
            raise FaultAt(node, Refused(f"`{node.id}` is a word of the check language, not a name", hint))
    value = context.interpreter.evaluate(statement.value)
    call = context.deciding(statement.value)
    code, literal = context.source(statement.value), _is_literal(statement.value)
    named = []
    for target in statement.targets:
        for name, part in _unpacked(target, value):
            context.interpreter.names[name] = part
            context.interpreter.failed.discard(name)
            context.origins[name] = call
            named.append(Named(name, statement.lineno, code, part, literal, call))
    return named


def _unpacked(target: ast.expr, value: object) -> list[tuple[str, object]]:
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    names = [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]
    if not isinstance(value, list | tuple) or len(value) != len(names):
        what = f"{len(value)} values" if isinstance(value, list | tuple) else kind(value)
        raise FaultAt(target, Refused(f"{len(names)} names for {what}", "give each value one name"))
    return list(zip(names, value, strict=True))


def _is_literal(node: ast.expr) -> bool:
    return not any(isinstance(one, ast.Name | ast.BinOp | ast.Call) for one in ast.walk(node))
