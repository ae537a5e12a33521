"""Names that the language of programs does not have, found without running a program.

Only what is certain is named: modules, what is taken from them, and functions of Python's own. A name that
nothing has is no such case, for Python raises NameError then, and that is a result.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping

from verideck.verifying import syntax
from verideck.verifying.budgets import Fault
from verideck.verifying.snippets import vocabulary
from verideck.verifying.snippets.grammar import OUTSIDE

SPECIAL = ("super", "__name__")  # which the language has in their own places: the grammar sees to that


def find(code: str, tree: ast.Module) -> tuple[Fault, ...]:
    """Return a fault for each name of a program that is outside the language, in the order of its lines."""
    modules = _modules(tree)
    own = _bound(tree)
    faults = []
    for node in ast.walk(tree):
        for name in _unknown(node, modules, own):
            line, column = syntax.place(code, getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
            faults.append(Fault(line, column, f"{name} is outside the language", OUTSIDE))
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))


def _unknown(node: ast.AST, modules: Mapping[str, str], own: frozenset[str]) -> Iterator[str]:
    """Yield what a node names that is outside the language."""
    match node:
        case ast.Import(names=names):
            paths = [one.name for one in names]
            yield from (f"the import of `{path}`" for path in paths if path not in vocabulary.MODULES)
        case ast.ImportFrom(module=str(path), names=names) if path != "typing":
            if path not in vocabulary.MODULES:
                yield f"the import of `{path}`"
            else:
                known = vocabulary.words(path)
                yield from (f"`{path}.{one.name}`" for one in names if one.name not in known)
        case ast.Attribute(value=value, attr=attribute):
            path = _path(value, modules)
            if path and attribute not in vocabulary.words(path):
                yield f"`{path}.{attribute}`"
        case ast.Name(id=name, ctx=ast.Load()) if name not in own and hasattr(builtins, name):
            if name not in vocabulary.BUILTINS and name not in SPECIAL:
                yield f"`{name}`"


def _path(node: ast.expr, modules: Mapping[str, str]) -> str:
    """Return the module that an expression is sure to be, such as `torch.nn`; empty for any other."""
    if isinstance(node, ast.Name):
        return modules.get(node.id, "")
    if isinstance(node, ast.Attribute):
        outer = _path(node.value, modules)
        inner = f"{outer}.{node.attr}"
        return inner if outer and inner in vocabulary.MODULES else ""
    return ""


def _modules(tree: ast.Module) -> Mapping[str, str]:
    """Return the names that mean one module in all of the program, with its path."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                first = one.name.partition(".")[0]
                found.setdefault(one.asname or first, set()).add(one.name if one.asname else first)
        elif isinstance(node, ast.ImportFrom):
            for one in node.names:
                found.setdefault(one.asname or one.name, set()).add(f"{node.module}.{one.name}")
    own = _bound(tree, imports=False)
    return {
        name: path
        for name, paths in found.items()
        if name not in own and len(paths) == 1 and (path := min(paths)) in vocabulary.MODULES
    }


def _bound(tree: ast.Module, *, imports: bool = True) -> frozenset[str]:
    """Return every name that the program binds anywhere."""
    found: set[str | None] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=name):
                found.add(name)
            case ast.alias(name=path, asname=name) if imports:
                found.add(name or path.partition(".")[0])
    return frozenset(name for name in found if name)
