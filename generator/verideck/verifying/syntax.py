"""The closed language's grammar: which of Python's syntax it has, and how the rest is named."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

from verideck.verifying.budgets import DEPTH, NODES, SOURCE, Fault

ALLOWED: frozenset[type[ast.AST]] = frozenset({
    ast.Module, ast.Expr, ast.Assign,
    ast.Name, ast.Load, ast.Store, ast.Constant, ast.List, ast.Tuple, ast.Attribute,
    ast.Subscript, ast.Slice, ast.Call, ast.keyword,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult,
    ast.UnaryOp, ast.UAdd, ast.USub, ast.Not,
    ast.BoolOp, ast.And, ast.Or,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
    ast.IfExp,
})  # fmt: skip

NAMED: dict[type[ast.AST], str] = {
    ast.Lambda: "a lambda",
    ast.ListComp: "a list comprehension",
    ast.SetComp: "a set comprehension",
    ast.DictComp: "a dict comprehension",
    ast.GeneratorExp: "a generator expression",
    ast.JoinedStr: "an f-string",
    ast.FormattedValue: "an f-string",
    ast.Dict: "a dict",
    ast.Set: "a set",
    ast.Starred: "a star argument",
    ast.NamedExpr: "an assignment inside an expression",
    ast.Await: "`await`",
    ast.Yield: "`yield`",
    ast.YieldFrom: "`yield from`",
    ast.FunctionDef: "a function definition",
    ast.AsyncFunctionDef: "a function definition",
    ast.ClassDef: "a class",
    ast.Return: "`return`",
    ast.Delete: "`del`",
    ast.AugAssign: "an assignment such as `+=`",
    ast.AnnAssign: "an annotated assignment",
    ast.For: "a loop",
    ast.AsyncFor: "a loop",
    ast.While: "a loop",
    ast.If: "an `if` statement",
    ast.With: "`with`",
    ast.AsyncWith: "`with`",
    ast.Match: "`match`",
    ast.Raise: "`raise`",
    ast.Try: "`try`",
    ast.TryStar: "`try`",
    ast.Assert: "`assert`",
    ast.Import: "an import",
    ast.ImportFrom: "an import",
    ast.Global: "`global`",
    ast.Nonlocal: "`nonlocal`",
    ast.Pass: "`pass`",
    ast.Break: "`break`",
    ast.Continue: "`continue`",
    ast.Is: "`is`",
    ast.IsNot: "`is not`",
    ast.Invert: "`~`",
    ast.BitAnd: "`&`",
    ast.BitOr: "`|`",
    ast.BitXor: "`^`",
    ast.LShift: "`<<`",
    ast.RShift: "`>>`",
}

HINTS: dict[type[ast.AST], str] = {
    ast.Import: "the library needs no import: `verideck library` lists what it has",
    ast.ImportFrom: "the library needs no import: `verideck library` lists what it has",
    ast.Is: "compare with `==`",
    ast.IsNot: "compare with `!=`",
    ast.BitXor: "a power is `**`",
    ast.BitAnd: "write `and`",
    ast.BitOr: "write `or`",
    ast.Invert: "write `not`",
    ast.Assert: 'write `explanation(…)` or `option("…", …)`',
    ast.If: "write `a if condition else b`",
    ast.AugAssign: "write `x = x + …`",
}

BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
SIGNS = re.compile(rf"(?:[-+~]\s*){{{DEPTH}}}|(?:\bnot\s+){{{DEPTH}}}")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A check's syntax tree, or why there is none."""

    tree: ast.Module | None
    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=4096)  # each variant of a card asks for the same code
def parse(code: str) -> Parsed:
    """Read code of the closed language; every construct outside it is a fault."""
    fault = _too_much(code)
    if fault is not None:
        return Parsed(None, (fault,))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as `"\sqrt"`: an odd escape, kept as written
            tree = ast.parse(code)
    except SyntaxError as wrong:
        return Parsed(None, (_syntax_fault(code, wrong),))
    except (RecursionError, MemoryError):
        return Parsed(None, (_too_deep(),))
    except ValueError as wrong:  # a NUL character
        return Parsed(None, (Fault(1, 1, f"a check that cannot be read: {wrong}", "write plain text"),))
    faults = _outside(code, tree)
    return Parsed(None if faults else tree, faults)


@lru_cache(maxsize=4096)
def called(tree: ast.Module) -> frozenset[str]:
    """Name everything that a check names: the functions among them decide what it depends on."""
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def measured(tree: ast.Module) -> frozenset[str]:
    """Name the experiments that a check runs: the first argument of `measured` and `measured_figure`."""
    named = set[str]()
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and bool(node.args)
        if is_call and node.func.id in ("measured", "measured_figure"):  # type: ignore[attr-defined]  # asked above
            asked = node.args[0].func if isinstance(node.args[0], ast.Call) else node.args[0]  # type: ignore[attr-defined]  # asked above
            name = asked.id if isinstance(asked, ast.Name) else getattr(asked, "value", None)
            named |= {name} if isinstance(name, str) else set()
    return frozenset(named)


def place(code: str, line: int, offset: int) -> tuple[int, int]:
    """Turn ast's line and byte offset into a line and a column in characters, from 1."""
    lines = code.split("\n")
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return line, len(text.encode()[:offset].decode(errors="ignore")) + 1


def source(code: str, node: ast.AST, limit: int = 160) -> str:
    """Give a node's code as it is written, on one line."""
    text = " ".join((_segment(code, node) or ast.unparse(node)).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _segment(code: str, node: ast.AST) -> str:
    """Return a node's code as written; `ast.get_source_segment` would split the code each time."""
    lines = _lines(code)
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None)
    if not first or last is None or last > len(lines):
        return ""
    start, end = node.col_offset, node.end_col_offset  # type: ignore[attr-defined]  # it has places, just asked
    if first == last:
        return lines[first - 1][start:end].decode()
    return b"\n".join((lines[first - 1][start:], *lines[first : last - 1], lines[last - 1][:end])).decode()


@lru_cache(maxsize=16)
def _lines(code: str) -> list[bytes]:
    return code.encode(errors="surrogatepass").split(b"\n")


def _too_much(code: str) -> Fault | None:
    if len(code) > SOURCE:
        return Fault(1, 1, f"a check of {len(code):,} characters", f"a check may have {SOURCE:,} characters")
    depth = 0
    for position, character in enumerate(code):
        depth += BRACKETS.get(character, 0)
        if depth > DEPTH:
            line = code.count("\n", 0, position) + 1
            return _too_deep(line, position - code.rfind("\n", 0, position))
    return _too_deep() if SIGNS.search(code) else None


def _too_deep(line: int = 1, column: int = 1) -> Fault:
    return Fault(line, column, "a check nested too deeply", f"an expression may be nested {DEPTH} deep")


def _syntax_fault(code: str, wrong: SyntaxError) -> Fault:
    last = code.count("\n") + 1
    line = min(max(wrong.lineno or 1, 1), last)
    column = max(wrong.offset or 1, 1) if (wrong.lineno or 1) <= last else 1
    message = (wrong.msg or "invalid syntax").split(". Perhaps")[0]
    if "integer string conversion" in message:
        return Fault(line, column, "a value too large to hold", "write a power such as `2 ** 40`")
    hint = (
        "`==` compares, `=` names a value"
        if "==" in (wrong.msg or "")
        else "a check is written in a part of Python"
    )
    return Fault(line, column, f"not valid Python: {message[:1].lower()}{message[1:]}", hint)


def _outside(code: str, tree: ast.Module) -> tuple[Fault, ...]:
    """Find what is outside the language, without recursion: a sum of many terms is a deep tree."""
    faults: dict[tuple[int, int], Fault] = {}
    stack: list[tuple[ast.AST, int, tuple[int, int]]] = [(tree, 0, (1, 0))]
    count = 0
    while stack:
        node, depth, at = stack.pop()
        count += 1
        at = (getattr(node, "lineno", at[0]), getattr(node, "col_offset", at[1]))
        if count > NODES or depth > DEPTH:
            line, column = place(code, *at)
            if depth > DEPTH:
                return (_too_deep(line, column),)
            return (Fault(line, column, "a check with too many parts", f"a check may have {NODES:,} parts"),)
        if type(node) not in ALLOWED:
            line, column = place(code, *at)
            name = NAMED.get(type(node), f"`{type(node).__name__}`")
            faults[at] = Fault(
                line, column, f"{name} is outside the check language", HINTS.get(type(node), _MORE)
            )
            continue  # what is inside it needs no word of its own
        wrong = _wrong_part(node)
        if wrong is not None:
            line, column = place(code, *at)
            faults[at] = Fault(line, column, *wrong)
        stack.extend((child, depth + 1, at) for child in ast.iter_child_nodes(node))
    return tuple(faults[at] for at in sorted(faults))


_MORE = "`verideck library` lists what a check can compute"


def _wrong_part(node: ast.AST) -> tuple[str, str] | None:
    """Refuse what the node's type alone does not show."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool | int | float | str | None):
        return f"the constant `{ast.unparse(node)[:40]}` is outside the check language", _MORE
    if isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
        return "a call of something other than a library function is outside the check language", _MORE
    if isinstance(node, ast.keyword) and node.arg is None:
        return "a star argument is outside the check language", "write each argument"
    if isinstance(node, ast.Name) and node.id.startswith("__"):
        return f"`{node.id}` is outside the check language", "names do not begin with underscores"
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        return f"`.{node.attr}` is outside the check language", "names do not begin with underscores"
    if isinstance(node, ast.Assign) and not all(_plain_target(target) for target in node.targets):
        return "an assignment to something other than a name", "write `name = expression`"
    return None


def _plain_target(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple):
        return all(isinstance(part, ast.Name) for part in target.elts)
    return isinstance(target, ast.Name)
