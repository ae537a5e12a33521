"""Programs to run: whole ones, whose question asks for what they print or end in."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising import text
from verideck.verifying.recognising.proposals import Proposal
from verideck.verifying.snippets import grammar
from verideck.verifying.snippets.scopes import INNER, bound_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verideck.reading.items import Item

NAME = "programs"
KNOWN_MODULES = frozenset((
    "torch", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.optim", "torch.autograd",
    "torch.linalg", "torch.nn.utils", "math",
))  # fmt: skip
LANGUAGES = frozenset(("", "python", "py", "python3", "pytorch", "torch", "pycon"))
RESULT = re.compile(
    r"\boutputs?\b|\bprint(?:s|ed|ing)?\b|\bresult(?:s|ing)?\b|\breturn(?:s|ed)?\b|\bshapes?\b"
    r"|\bvalues?\b|\bdisplay(?:s|ed)?\b"
    r"|\bprodu\w+|\bevaluate\w*|\bgives?\b|\bgiven by\b|\bsizes?\b|\bdimensions?\b|\bcomputes?\b",
    re.IGNORECASE,
)
# What a program does not answer by being run as it stands.
OTHERWISE = re.compile(
    r"\b(?:why|bugs?|fix(?:es|ed)?|mistakes?|missing|blank|fill|replaced?|purpose|which line|line \d+"
    r"|complete the|complexity|how (?:would|could|should|can)|if (?:we|you|it|the|one|this|that)"
    r"|instead|remove[ds]?|chang(?:e[ds]?|ing)|improve[ds]?|optimi[sz]er?|faster|slower|memory"
    r"|(?:first|second|third|last|final|next) (?:lines?|prints?|printed|statement)|learning rate"
    r"|problem with|issue|devices?)\b|_{3,}|\?\?\?",
    re.IGNORECASE,
)
ERRORS = re.compile(r"\b(?:errors?|exceptions?|raises?|fails?)\b", re.IGNORECASE)
FAILED = re.compile(r"\b[A-Z]\w*(?:Error|Exception)\b|\b(?:error|exception)\b", re.IGNORECASE)
# A word of the question, and what a program that answers it must show.
SHOWN = (
    (
        re.compile(r"\b(?:shapes?|dimensions?)\b", re.IGNORECASE),
        re.compile(r"\.shape\b|\.size\(|\bsize\b|\.n?dim\b"),
    ),
    (re.compile(r"\bparameters\b", re.IGNORECASE), re.compile(r"numel|parameters\(|params")),
    (re.compile(r"\bd?types?\b", re.IGNORECASE), re.compile(r"type")),
    (re.compile(r"\bgradients?\b", re.IGNORECASE), re.compile(r"\bgrad\b")),
    (re.compile(r"\bsum to\b|\bsum of\b", re.IGNORECASE), re.compile(r"\bsum\b")),
)


def programs(item: Item) -> Iterator[Proposal]:
    """Propose to run an item's own code, and remark where it computes other than what is asked."""
    tree = whole(item)
    if tree is None:
        return
    question = text.asked(item)
    if item.output:
        yield Proposal(
            NAME, "", Subject.OUTPUT, item.code_line or item.line, program=True, complete=True,
            claimed=item.output, message="the output on the page is not what the program gives",
        )  # fmt: skip
    if not asks_for_result(question, item, tree):
        return
    line = item.code_line or item.line
    yield Proposal(NAME, "", Subject.ANSWER, line, program=True, complete=True)
    if _asks_scores_of_weights(question, tree):
        yield Proposal(
            NAME, SCORES, Subject.EXPLANATION, item.line, weak=True,
            message="the question asks for scores, but the program gives weights: the softmax of the scores",
        )  # fmt: skip


SCORES = "scores = [2, 1]\nexplanation(max(abs(softmax(scores) - scores)) == 0)"


def whole(item: Item) -> ast.Module | None:
    """Give an item's code as a tree where it is a whole program of the language, and ends in a result."""
    if not item.code.strip() or item.language.strip().lower() not in LANGUAGES or "..." in item.code:
        return None
    tree, faults = grammar.parse(item.code)
    if tree is None or faults or not tree.body or not _defines_all(tree):
        return None
    return tree if _ends_in_result(tree) else None


def asks_for_result(question: str, item: Item, tree: ast.Module) -> bool:
    """Tell whether a question asks for what the program gives, and for nothing else about it."""
    if OTHERWISE.search(question) or not RESULT.search(f"{question} {item.title}"):
        return False
    if ERRORS.search(question) and not any(FAILED.search(option.text) for option in item.options):
        return False
    given = " ".join(ast.unparse(statement) for statement in _results(tree))
    traced = _traced(tree, given)
    if any(asked.search(question) and not shown.search(traced) for asked, shown in SHOWN):
        return False
    named = {name for name in _assigned(tree) if _is_named(name, question)}
    return not named or any(_gives(name, given, traced) for name in named)


def _gives(name: str, given: str, traced: str) -> bool:
    """Tell whether a result is about a name: it says it, or a name that only stands for it or its shape."""
    if re.search(rf"\b{re.escape(name)}\b", given):
        return True
    return re.search(rf" {re.escape(name)}(?:\.shape|\.size\(\))?$", traced) is not None


def _is_named(name: str, question: str) -> bool:
    """Tell whether a question speaks of a name of the program as a name."""
    if re.search(rf"`[^`]*\b{re.escape(name)}\b[^`]*`", question):
        return True
    return ("_" in name or any(sign.isdigit() for sign in name)) and (
        re.search(rf"(?<![\w(]){re.escape(name)}\b(?!\s*=)", question) is not None
    )


def _traced(tree: ast.Module, given: str) -> str:
    """Give a result's expression with what its own names were assigned, one step back."""
    parts = [given]
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name) and re.fullmatch(rf"(?:print\()?{target.id}\)?", given):
                parts.append(ast.unparse(statement.value))
    return " ".join(parts)


def _defines_all(tree: ast.Module) -> bool:
    """Tell whether every name is bound before the program uses it, and every import is a known one."""
    known = {name for name in dir(builtins) if not name.startswith("_")} | {"__name__"}
    everywhere = known | _bound(tree)
    for statement in tree.body:
        used = {node.id for node in ast.walk(statement) if _is_loaded(node)}  # type: ignore[attr-defined]  # asked
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            have = everywhere  # its body runs later
        elif isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr):
            have = known | _inside(statement)
        else:
            have = known | _bound(statement)
        if not used <= have or not all(_is_known(node) for node in ast.walk(statement)):
            return False
        known |= _bound(statement)
    return True


def _bound(tree: ast.AST) -> set[str]:
    """Name everything that is bound anywhere in a tree."""
    found = set(
        bound_names(one for one in ast.walk(tree) if isinstance(one, ast.stmt | ast.Name | ast.alias))
    )
    return found | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def _inside(statement: ast.stmt) -> set[str]:
    """Name what lambdas and comprehensions within a statement bind for themselves."""
    return {name for node in ast.walk(statement) if isinstance(node, INNER) for name in _bound(node)}


def _is_loaded(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _is_known(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return all(name.name in KNOWN_MODULES for name in node.names)
    return not isinstance(node, ast.ImportFrom) or node.module in KNOWN_MODULES


def _results(tree: ast.Module) -> list[ast.stmt]:
    """Give the statements that print, and the last one where it is an expression."""
    prints = [one for one in tree.body if any(_is_print(node) for node in ast.walk(one))]
    return prints or [one for one in tree.body[-1:] if isinstance(one, ast.Expr)]


def _ends_in_result(tree: ast.Module) -> bool:
    last = tree.body[-1]
    if any(_is_print(node) for one in tree.body for node in ast.walk(one)):
        return True
    return isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant)


def _is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _assigned(tree: ast.Module) -> frozenset[str]:
    return bound_names(one for one in tree.body if isinstance(one, ast.Assign))


def _asks_scores_of_weights(question: str, tree: ast.Module) -> bool:
    """Tell whether attention scores are asked for while the program ends in a softmax."""
    if not re.search(r"\battention scores?\b", question, re.IGNORECASE) or "weight" in question.lower():
        return False
    given = " ".join(ast.unparse(statement) for statement in _results(tree))
    return re.search(r"\bsoftmax\(", _traced(tree, given)) is not None
