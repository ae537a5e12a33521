"""Names that the check language does not have, found without computing anything.

Evidence cannot make up for a function or an experiment that the library lacks. So names are looked up first,
also those of branches that are not taken.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from verideck.reference.experiments import EXPERIMENTS
from verideck.verifying import library, measuring, syntax, values
from verideck.verifying.budgets import Fault, Refused
from verideck.verifying.interpreter import CLAIM_WORDS, unknown_name

MEASURED = ("measured", "measured_figure")


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a line can use: functions, values, and words of the language that are neither."""

    functions: Collection[str]
    values: Collection[str]
    words: Collection[str] = CLAIM_WORDS

    def unknown(self, statement: ast.stmt) -> Iterator[tuple[ast.expr, Refused]]:
        """Yield each name of a line that is unknown, with what to say of it."""
        stack: list[ast.AST] = [statement]
        while stack:
            node = stack.pop()
            parts = list(ast.iter_child_nodes(node))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                parts.remove(node.func)
                if node.func.id in MEASURED and node.func.id in self.words and node.args:
                    parts = [*node.args[1:], *node.keywords]
                    yield from _unknown_experiment(node.args[0], parts)
                elif not any(node.func.id in names for names in (self.functions, self.values, self.words)):
                    yield node, self._refused(node.func.id)
            elif isinstance(node, ast.Name) and not self._is_value(node):
                yield node, self._refused(node.id)
            stack += parts

    def _is_value(self, node: ast.Name) -> bool:
        return isinstance(node.ctx, ast.Store) or node.id in self.values or node.id in self.words

    def _refused(self, name: str) -> Refused:
        return unknown_name(name, self.values, self.functions)


def find(
    code: str, tree: ast.Module, names: Collection[str] = (), words: Collection[str] = CLAIM_WORDS
) -> tuple[Fault, ...]:
    """Return a fault for each name of a fence that neither the library has nor a line before it.

    `names` are those that a variant binds before the first line.
    """
    bound = {*names, *library.CONSTANTS, *values.UNITS}
    faults = []
    for statement in tree.body:
        for node, refused in Known(library.LIBRARY.keys(), bound, words).unknown(statement):
            line, column = syntax.place(code, node.lineno, node.col_offset)
            faults.append(Fault(line, column, refused.message, refused.hint, refused.reason))
        bound.update(_bound(statement))
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a line gives a value."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _unknown_experiment(asked: ast.expr, parts: list[ast.AST]) -> Iterator[tuple[ast.expr, Refused]]:
    """Look up an experiment, `"name"`, `name` or `name(setting=1)`; its settings go to `parts`."""
    if isinstance(asked, ast.Call):
        parts += asked.keywords
        asked = asked.func
    name = asked.id if isinstance(asked, ast.Name) else getattr(asked, "value", None)
    if isinstance(name, str) and name not in EXPERIMENTS:
        yield asked, Refused(*measuring.unknown_experiment(name))
