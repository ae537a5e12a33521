"""One statement read by Python's own parser: what it is, what it reads and binds, how likely it looks."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from dataclasses import dataclass, replace

HEADERS = frozenset(
    {
        "def",
        "class",
        "if",
        "elif",
        "else",
        "for",
        "while",
        "with",
        "try",
        "except",
        "finally",
        "async",
        "match",
        "case",
    }
)
# What makes a whole program of a header alone, so that the parser can read it.
_AROUND = {
    "elif": "if _: pass\n{} pass",
    "else": "if _: pass\n{} pass",
    "try": "{} pass\nfinally: pass",
    "except": "try: pass\n{} pass",
    "finally": "try: pass\n{} pass",
    "match": "{}\n case _: pass",
    "case": "match _:\n {} pass",
}
_WORD = re.compile(r"[^\W\d]\w*")
KNOWN = frozenset(dir(builtins)) | {"__name__", "__file__"}
_SPACED = re.compile(r"[\w)\]] +\(")
_COMPOUND = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With,
    ast.AsyncWith, ast.Try, ast.Match,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of one logical line, or a block's header, which ends in a colon.

    `sort` is the word that a header begins with, else the parser's name of the node; `root` the first name of
    an expression that stands alone; `cost` says how unlikely such a statement is, `last` what is added where
    another one follows it.
    """

    text: str
    sort: str
    header: bool
    reads: frozenset[str]
    binds: frozenset[str]
    parameters: tuple[str, ...] = ()
    name: str = ""
    root: str = ""
    decorated: bool = False
    cost: float = 0.0
    last: float = 0.0
    calls: bool = False

    @property
    def leaves(self) -> bool:
        """Tell whether nothing behind it in its block is ever reached."""
        return self.sort in ("Return", "Raise", "Continue", "Break")


def read(text: str) -> Statement | None:
    """Read a text as one statement or one header; None where it is neither."""
    word = _WORD.match(text)
    first = word[0] if word else ""
    if text.endswith(":"):
        return _header(text, first)
    node = _single(text)
    return None if node is None or isinstance(node, _COMPOUND) else _simple(text, node)


def decorated(decorator: str, header: Statement) -> Statement | None:
    """Put a decorator above a header of a function or class."""
    if header.sort not in ("def", "class", "async"):
        return None
    node = _single(f"{decorator}\ndef _(): pass")
    if not isinstance(node, ast.FunctionDef) or len(node.decorator_list) != 1:
        return None
    reads, _ = _names(node.decorator_list[0])
    text = f"{decorator}\n{header.text}"
    return replace(header, text=text, reads=header.reads | reads, decorated=True)


def of(tree: ast.Module) -> tuple[frozenset[str], frozenset[str]]:
    """Give the names that a program reads, and those that it binds anywhere."""
    reads, binds = _names(tree)
    defined = {
        name
        for node in ast.walk(tree)
        for name in (
            [node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else []
        )
    }
    return reads, binds | defined


def _header(text: str, first: str) -> Statement | None:
    if first not in HEADERS:
        return None
    node = _single(_AROUND.get(first, "{} pass").format(text))
    if node is None or not isinstance(node, _COMPOUND) or not _is_only_header(node, first):
        return None
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = node.args
        all_of = [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            arguments.vararg,
            arguments.kwarg,
        ]
        parameters = tuple(one.arg for one in all_of if one is not None)
        outer = [*arguments.defaults, *arguments.kw_defaults]
        reads: frozenset[str] = frozenset().union(*(_names(one)[0] for one in outer if one is not None))
        return Statement(text, "def", True, reads, frozenset({node.name}), parameters, node.name)
    if isinstance(node, ast.ClassDef):
        reads = frozenset().union(*(_names(one)[0] for one in node.bases))
        return Statement(text, "class", True, reads, frozenset({node.name}), name=node.name)
    reads, binds = _names(node)
    sort = (
        "main"
        if first == "if" and "__name__" in reads
        else "for"
        if isinstance(node, ast.AsyncFor)
        else first
    )
    sort = "with" if isinstance(node, ast.AsyncWith) else sort
    return Statement(text, sort, True, reads - {"_"}, binds)


def _is_only_header(node: ast.AST, first: str) -> bool:
    """Tell whether the one `pass` that was added is all of the body."""
    body = getattr(node, "body", None)
    if first in ("elif", "else"):
        body = getattr(node, "orelse", None)
        if first == "elif":
            body = body[0].body if body and isinstance(body[0], ast.If) else None
    elif first == "finally":
        body = getattr(node, "finalbody", None)
    elif first == "except":
        handlers = getattr(node, "handlers", [])
        body = handlers[0].body if len(handlers) == 1 else None
    elif first in ("match", "case"):
        cases = getattr(node, "cases", [])
        body = cases[0].body if len(cases) == 1 else None
    return body is not None and len(body) == 1 and isinstance(body[0], ast.Pass)


def _single(text: str) -> ast.stmt | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree.body[0] if len(tree.body) == 1 else None


def _simple(text: str, node: ast.stmt) -> Statement:
    reads, binds = _names(node)
    sort = type(node).__name__
    root, calls, cost, last = "", False, 0.0, 0.0
    if isinstance(node, ast.Expr):
        sort, cost, last = _expression(node.value)
        calls = isinstance(node.value, ast.Call)
        cost += 1.0 if calls and _SPACED.search(text) else 0.0
        cost += (
            1.8
            if text.startswith("(") and isinstance(node.value, ast.Name | ast.Constant | ast.Tuple)
            else 0.0
        )
        root = _root(node.value)
    elif isinstance(node, ast.AnnAssign):
        cost = 0.3
    elif isinstance(node, ast.Raise) and node.exc is None:
        cost = 1.0
    elif isinstance(node, ast.Return) and node.value is None:
        cost = 0.6
    return Statement(text, sort, False, reads, binds, root=root, cost=cost, last=last, calls=calls)


_UNLIKELY: dict[type[ast.expr], tuple[float, float]] = {
    ast.Call: (0.0, 0.0), ast.Await: (0.0, 0.0), ast.Yield: (0.0, 0.0), ast.YieldFrom: (0.0, 0.0),
    ast.Attribute: (0.3, 2.0), ast.Subscript: (0.3, 2.0), ast.Compare: (0.4, 2.5), ast.BinOp: (0.4, 2.5),
    ast.Name: (0.3, 9.0), ast.Constant: (1.5, 2.5), ast.UnaryOp: (0.6, 0.6), ast.ListComp: (0.4, 2.0),
}  # fmt: skip


def _expression(value: ast.expr) -> tuple[str, float, float]:
    """Say what an expression that stands alone is, what it costs, and what more where it is not the last."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return "Text", 0.2, 0.0
    if isinstance(value, ast.Constant) and value.value is Ellipsis:
        return "Pass", 0.0, 0.0
    cost, last = _UNLIKELY.get(type(value), (0.8, 2.0))
    return type(value).__name__, cost, last


def _root(value: ast.AST) -> str:
    while isinstance(value, ast.Attribute | ast.Subscript | ast.Call):
        value = value.func if isinstance(value, ast.Call) else value.value
    return value.id if isinstance(value, ast.Name) else ""


def _names(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """Give the names that a node reads from outside, and those that it binds."""
    reads: set[str] = set()
    binds: set[str] = set()
    own: set[str] = set()  # of comprehensions and lambdas
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            (reads if isinstance(part.ctx, ast.Load) else binds).add(part.id)
        elif isinstance(part, ast.alias):
            binds.add((part.asname or part.name).partition(".")[0])
        elif isinstance(part, ast.ExceptHandler) and part.name:
            binds.add(part.name)
        elif isinstance(part, ast.arg):
            own.add(part.arg)
        elif isinstance(part, ast.comprehension):
            own |= {one.id for one in ast.walk(part.target) if isinstance(one, ast.Name)}
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        reads.add(node.target.id)
    return frozenset(reads - own), frozenset(binds - own)
