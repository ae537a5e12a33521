"""Where names live: the program, its functions, its comprehensions, one within the other."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from verideck.verifying.snippets.raising import Raised

INNER = (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.ListComp, ast.GeneratorExp, ast.DictComp)


@dataclass(slots=True, eq=False)
class Scope:
    """Names and their values. `own` are the names that belong here, bound or not; none for the program.

    `instance` and `owner` are set inside a method: what `super()` needs.
    """

    parent: Scope | None = None
    own: frozenset[str] = frozenset()
    names: dict[str, Any] = field(default_factory=dict)
    instance: object = None
    owner: type | None = None

    def find(self, name: str) -> Scope | None:
        """Find the scope that a name belongs to and is bound in; None where there is none.

        Raises:
            Raised: the name belongs to a function that has not bound it yet.

        """
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope
            if name in scope.own:
                text = f"cannot access local variable '{name}' where it is not associated with a value"
                raise Raised(UnboundLocalError, text)
            scope = scope.parent
        return None

    def method(self) -> Scope | None:
        """Give the innermost scope that is a method's."""
        scope: Scope | None = self
        while scope is not None and scope.owner is None:
            scope = scope.parent
        return scope


def bound_names(body: Iterable[ast.AST]) -> frozenset[str]:
    """Name what a function's body binds; functions and comprehensions inside it keep theirs."""
    found: set[str] = set()
    stack = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler):
            found |= {node.name} if node.name else set()
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        if not isinstance(node, INNER):
            stack.extend(ast.iter_child_nodes(node))
    return frozenset(found)
