"""The grammar of programs: which of Python's syntax they may use, and how the rest is named."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from verideck.verifying import syntax
from verideck.verifying.budgets import Fault
from verideck.verifying.snippets.budgets import BITS, DEPTH, NODES, SOURCE, TEXT

ALLOWED: frozenset[type[ast.AST]] = syntax.ALLOWED | {
    ast.AugAssign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.alias, ast.FunctionDef, ast.ClassDef,
    ast.arguments, ast.arg, ast.Return, ast.If, ast.For, ast.While, ast.Break, ast.Continue, ast.Pass,
    ast.With, ast.withitem, ast.Try, ast.ExceptHandler, ast.Raise, ast.Assert,
    ast.Dict, ast.Starred, ast.Lambda, ast.ListComp, ast.DictComp, ast.GeneratorExp, ast.comprehension,
    ast.JoinedStr, ast.FormattedValue,
    ast.Is, ast.IsNot, ast.Invert, ast.BitAnd, ast.BitOr, ast.BitXor, ast.LShift, ast.RShift,
}  # fmt: skip

OUTSIDE = "drop the word `run` to show the code without evaluating it"


def parse(code: str) -> tuple[ast.Module | None, tuple[Fault, ...]]:
    """Read a program; every construct outside the language is a fault."""
    if len(code) > SOURCE:
        return None, (Fault(1, 1, f"a program of {len(code):,} characters", f"it may have {SOURCE:,}"),)
    if _is_nested(code):
        return None, (_too_deep(1, 1),)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as an odd escape in a text
            tree = ast.parse(code)
    except SyntaxError as wrong:
        last = code.count("\n") + 1
        line, column = min(max(wrong.lineno or 1, 1), last), max(wrong.offset or 1, 1)
        return None, (Fault(line, column, f"not valid Python: {wrong.msg or 'invalid syntax'}", OUTSIDE),)
    except (RecursionError, MemoryError):
        return None, (_too_deep(1, 1),)
    except ValueError as wrong:  # a NUL character, or digits without end
        return None, (Fault(1, 1, f"a program that cannot be read: {str(wrong)[:80]}", "write plain text"),)
    faults = _outside(code, tree) or _misplaced(tree)
    return (None if faults else tree), faults


def _misplaced(tree: ast.Module) -> tuple[Fault, ...]:
    """Ask Python's compiler for what its parser lets pass, such as `return` outside a function.

    What it makes is thrown away; nothing is run.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, "<program>", "exec", dont_inherit=True)
    except SyntaxError as wrong:
        return (
            Fault(wrong.lineno or 1, max(wrong.offset or 1, 1), f"not valid Python: {wrong.msg}", OUTSIDE),
        )
    except (RecursionError, MemoryError, ValueError):
        return (_too_deep(1, 1),)
    return ()


def _is_nested(code: str) -> bool:
    """Tell whether brackets or signs are nested so deeply that Python's own parser might not bear it."""
    depth = deepest = 0
    for character in code:
        depth += syntax.BRACKETS.get(character, 0)
        deepest = max(deepest, depth)
    return deepest > DEPTH or syntax.SIGNS.search(code) is not None


def _too_deep(line: int, column: int) -> Fault:
    return Fault(line, column, "a program nested too deeply", f"it may be nested {DEPTH} deep")


def _outside(code: str, tree: ast.Module) -> tuple[Fault, ...]:
    """Find what is outside the language, without recursion."""
    faults: dict[tuple[int, int], Fault] = {}
    stack: list[tuple[ast.AST, ast.AST | None, int, tuple[int, int]]] = [(tree, None, 0, (1, 0))]
    count = 0
    while stack:
        node, parent, depth, at = stack.pop()
        count += 1
        at = (getattr(node, "lineno", at[0]), getattr(node, "col_offset", at[1]))
        line, column = syntax.place(code, *at)
        if depth > DEPTH:
            return (_too_deep(line, column),)
        if count > NODES:
            return (Fault(line, column, "a program with too many parts", f"it may have {NODES:,} parts"),)
        wrong = _wrong(node, parent)
        if wrong:
            faults[at] = Fault(line, column, f"{wrong} is outside the language", OUTSIDE)
            continue  # what is inside it needs no word of its own
        stack.extend((child, node, depth + 1, at) for child in _parts(node))
    return tuple(faults[at] for at in sorted(faults))


def _parts(node: ast.AST) -> list[ast.AST]:
    """Give what is inside a node and evaluated: annotations are not."""
    left_out: tuple[ast.AST | None, ...] = ()
    if isinstance(node, ast.FunctionDef):
        left_out = (node.returns,)
    elif isinstance(node, ast.arg | ast.AnnAssign):
        left_out = (node.annotation,)
    return [child for child in ast.iter_child_nodes(node) if child not in left_out]


def _wrong(node: ast.AST, parent: ast.AST | None) -> str:
    """Name what is wrong with a node; empty where nothing is."""
    if type(node) not in ALLOWED:
        return syntax.NAMED.get(type(node), f"`{type(node).__name__}`")
    if isinstance(node, ast.FunctionDef):
        return _wrong_function(node, parent)
    rule = RULES.get(type(node))
    return rule(node) if rule else ""


def _wrong_name(name: str | None) -> str:
    return f"`{name}`" if name is not None and name.startswith("__") and name != "__name__" else ""


def _wrong_import(node: ast.ImportFrom) -> str:
    star = any(name.name == "*" for name in node.names)
    return "such an import" if node.level or star or node.module == "__future__" else ""


def _wrong_constant(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > BITS:
        return "so large a number"
    if isinstance(value, str) and len(value) > TEXT:
        return "so long a text"
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        return "half a character"
    plain = value is None or value is Ellipsis or isinstance(value, bool | int | float | str)
    return "" if plain else f"a constant of type `{type(value).__name__}`"


def _is_allowed(node: ast.Attribute) -> bool:
    """Allow `type(x).__name__`, `x.__class__.__name__` and `super().__init__(…)`."""
    within = node.value
    if node.attr == "__name__":
        of_type = (
            isinstance(within, ast.Call) and isinstance(within.func, ast.Name) and within.func.id == "type"
        )
        return of_type or (isinstance(within, ast.Attribute) and within.attr == "__class__")
    if node.attr == "__init__":
        return (
            isinstance(within, ast.Call) and isinstance(within.func, ast.Name) and within.func.id == "super"
        )
    return node.attr == "__class__"


def _wrong_function(node: ast.FunctionDef, parent: ast.AST | None) -> str:
    if node.decorator_list:
        return "a decorator"
    if node.name.startswith("__") and not (node.name == "__init__" and isinstance(parent, ast.ClassDef)):
        return f"the function `{node.name}`"
    return ""


def _wrong_class(node: ast.ClassDef) -> str:
    if node.decorator_list:
        return "a decorator"
    if node.keywords or len(node.bases) != 1:
        return "a class that is based on anything but `nn.Module`"
    if node.name.startswith("_"):
        return f"the class `{node.name}`"
    for statement in node.body:
        remark = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not (remark or isinstance(statement, ast.FunctionDef | ast.Pass)):
            return "anything but methods in a class"
    return ""


RULES: Mapping[type[ast.AST], Callable[[Any], str]] = {
    ast.Constant: lambda node: _wrong_constant(node.value),
    ast.Name: lambda node: _wrong_name(node.id),
    ast.arg: lambda node: _wrong_name(node.arg),
    ast.keyword: lambda node: _wrong_name(node.arg),
    ast.alias: lambda node: _wrong_name(node.asname) or _wrong_name(node.name),
    ast.Attribute: lambda node: (
        "" if not node.attr.startswith("_") or _is_allowed(node) else f"`.{node.attr}`"
    ),
    ast.ClassDef: lambda node: _wrong_class(node),
    ast.Try: lambda node: "`finally`" if node.finalbody else "",
    ast.Raise: lambda node: "`raise … from`" if node.cause else "",
    ast.ImportFrom: lambda node: _wrong_import(node),
    ast.withitem: lambda node: "`with … as`" if node.optional_vars else "",
    ast.comprehension: lambda node: "`async`" if node.is_async else "",
}
