"""The machine that walks a program: its budget, what it printed, its one way to real functions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import scopes
from verideck.verifying.snippets.budgets import Budget
from verideck.verifying.snippets.data import clean, weigh
from verideck.verifying.snippets.raising import Raised, caught

if TYPE_CHECKING:
    from verideck.verifying.snippets.guard import Guard
    from verideck.verifying.snippets.objects import Function
    from verideck.verifying.snippets.scopes import Scope


class FaultAt(Exception):  # noqa: N818 - it is an answer to the author, not a failure of ours
    """A refusal with the node it is about."""

    def __init__(self, node: ast.AST, refused: Refused) -> None:
        super().__init__(refused.message)
        self.node = node
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Returned:
    """What a statement says when it ends its function."""

    value: Any


@dataclass(frozen=True, slots=True)
class Definition:
    """A class that the program defined: its methods, and the class of the program it is based on."""

    name: str
    base: type | None
    methods: Mapping[str, Function]


Signal = Returned | type[ast.Break] | type[ast.Continue] | None
Evaluators = Mapping[type[ast.expr], "Callable[[Machine, Any, Scope], Any]"]
Executors = Mapping[type[ast.stmt], "Callable[[Machine, Any, Scope], Signal]"]


@dataclass(slots=True, eq=False)
class Machine:
    """One run of one program."""

    guard: Guard
    evaluators: Evaluators
    executors: Executors
    budget: Budget = field(default_factory=Budget)
    output: list[str] = field(default_factory=list)
    classes: dict[type, Definition] = field(default_factory=dict)
    depth: int = 0  # of the program's own functions
    pulling: int = 0  # streams that wait for one another
    handled: list[Raised] = field(default_factory=list)  # for a bare `raise`
    chance: ast.stmt | None = None  # the first statement that drew without a seed
    _bound: dict[tuple[ast.AST, ...], frozenset[str]] = field(default_factory=dict)

    def bound_names(self, body: tuple[ast.AST, ...]) -> frozenset[str]:
        """Name what some code binds, looked for once: a function may be defined in every round of a loop."""
        if body not in self._bound:
            self._bound[body] = scopes.bound_names(body)
        return self._bound[body]

    def evaluate(self, node: ast.expr, scope: Scope) -> Any:
        """Give an expression's value.

        Raises:
            Raised: the program raises an exception.
            FaultAt: it is outside the language, with the place.

        """
        try:
            self.budget.spend()
            return self.evaluators[type(node)](self, node, scope)
        except Refused as refused:
            raise FaultAt(node, refused) from None

    def execute(self, body: Sequence[ast.stmt], scope: Scope) -> Signal:
        """Execute statements, up to one that ends its loop or its function; raises as `evaluate` does."""
        for statement in body:
            try:
                self.budget.spend()
                signal = self.executors[type(statement)](self, statement, scope)
            except Refused as refused:
                raise FaultAt(statement, refused) from None
            if self.guard.random and self.chance is None:
                self.chance = statement
            if signal is not None:
                return signal
        return None

    def perform(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Call a real function with plain data: the only place where that is done.

        Raises:
            Raised: what it raises is the program's result.
            Refused: an argument or the value is no plain data, or is too large.

        """
        weight = sum(map(weigh, arguments)) + sum(map(weigh, keywords.values()))
        self.budget.spend(1 + (weight >> 2))
        try:
            value = function(*arguments, **keywords)
        except (Refused, FaultAt, Raised):
            raise
        except Exception as wrong:  # noqa: BLE001  whatever a real function raises is the program's result
            raise caught(wrong) from None
        cleaned, weight = clean(value)
        self.budget.spend(weight >> 2)
        return cleaned
