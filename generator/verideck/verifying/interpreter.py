"""The interpreter of expressions: a walk over the syntax tree with tables of what each node may do."""

from __future__ import annotations

import ast
import dataclasses
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from verideck.problems import nearest
from verideck.verifying import kinds, operators
from verideck.verifying.budgets import CALL, Budget, Refused, allow, elements, too_large, weight
from verideck.verifying.calls import FAILURES, Call, perform, without_torch
from verideck.verifying.comparing import COMPARISONS, compare, truth

LISTED = "`verideck library` lists what a check can compute"
CLAIM_WORDS = (
    "answer", "cloze", "option", "says", "explanation", "cited", "measured", "measured_figure", "about",
)  # fmt: skip

# What has no fields of its own in the language, whatever it has in Python; everything else shows
# the fields of its dataclass.
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "Tensor": ("shape", "T"),
    "Quantity": ("amount", "unit"),
    "Solution": ("formula",),
    "Measurement": (),
} | dict.fromkeys(("System", "Equation", "Number", "Name", "Call", "Negative", "Binary"), ())


class Skipped(Exception):  # noqa: N818 - no failure: the name's own line has one
    """A name whose own line failed: what follows from it is silent."""


class FaultAt(Exception):  # noqa: N818 - it is an answer to the author, not a failure of ours
    """A refusal with the node it is about."""

    def __init__(self, node: ast.AST, refused: Refused) -> None:
        super().__init__(refused.message)
        self.node = node
        self.refused = refused


@dataclass(slots=True)
class Interpreter:
    """Evaluates expressions; `names` grows by assignments, `calls` and `compared` by what was evaluated."""

    functions: Mapping[str, Callable[..., object]]
    constants: Mapping[str, object]
    budget: Budget = field(default_factory=Budget)
    names: dict[str, object] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    calls: dict[ast.AST, Call] = field(default_factory=dict)
    compared: dict[ast.AST, tuple[object, ...]] = field(default_factory=dict)

    def evaluate(self, node: ast.expr) -> object:
        """Give an expression's value.

        Raises:
            FaultAt: it has none, with the place.
            Skipped: it uses a name whose own line failed.

        """
        try:
            self.budget.spend(1)
            value = EVALUATE[type(node)](self, node)
        except Refused as refused:
            raise FaultAt(node, refused) from None
        return value

    def weighed(self, value: object) -> object:
        """Take a value that was made, paying for its elements."""
        allow(elements(value))
        self.budget.spend(weight(value))
        return value


def _constant(_: Interpreter, node: ast.Constant) -> object:
    if isinstance(node.value, float) and math.isinf(node.value):
        raise too_large("a number")
    return node.value


def _name(interpreter: Interpreter, node: ast.Name) -> object:
    name = node.id
    if name in interpreter.failed:
        raise Skipped
    for table in (interpreter.names, interpreter.constants):
        if name in table:
            return table[name]
    raise _unknown(interpreter, name)


def _unknown(interpreter: Interpreter, name: str) -> Refused:
    return unknown_name(name, (*interpreter.names, *interpreter.constants), interpreter.functions)


def unknown_name(name: str, names: Collection[str], functions: Collection[str]) -> Refused:
    """Return what is wrong with a name that has no value; `names` are those that have one."""
    if name in CLAIM_WORDS:
        hint = _PLACES.get(name, "it stands on a line of its own")
        return Refused(f"`{name}` in the middle of an expression", hint)
    if name in functions:
        return Refused(f"`{name}` is a function without its arguments", f"write `{name}(…)`")
    known = (*names, *functions, *CLAIM_WORDS)
    return Refused(f"an unknown name `{name}`", nearest(name, known) or LISTED)


_PLACES = {
    "answer": "write `answer == expression` on a line of its own",
    "cloze": "write `cloze(1) == expression` on a line of its own",
    "about": "write `answer == about(expression, 0.01)`",
}


def _sequence(interpreter: Interpreter, node: ast.List | ast.Tuple) -> object:
    items = [interpreter.evaluate(item) for item in node.elts]
    return interpreter.weighed(items if isinstance(node, ast.List) else tuple(items))


def _binary(interpreter: Interpreter, node: ast.BinOp) -> object:
    left, right = interpreter.evaluate(node.left), interpreter.evaluate(node.right)
    if (
        isinstance(node.op, ast.MatMult)
        and isinstance(left, list | tuple)
        and isinstance(right, list | tuple)
    ):
        return _apply(interpreter, node, "matmul", (left, right), {})
    return interpreter.weighed(operators.binary(type(node.op), left, right))


_UNARY: dict[type[ast.unaryop], str] = {ast.UAdd: "+", ast.USub: "-", ast.Not: "not"}


def _unary(interpreter: Interpreter, node: ast.UnaryOp) -> object:
    return interpreter.weighed(operators.unary(_UNARY[type(node.op)], interpreter.evaluate(node.operand)))


def _boolean(interpreter: Interpreter, node: ast.BoolOp) -> object:
    wanted = isinstance(node.op, ast.Or)
    for part in node.values:
        value = interpreter.evaluate(part)
        try:
            if truth(value) == wanted:
                return wanted
        except Refused as refused:
            raise FaultAt(part, refused) from None
    return not wanted


def _compare(interpreter: Interpreter, node: ast.Compare) -> object:
    values = [interpreter.evaluate(part) for part in (node.left, *node.comparators)]
    interpreter.compared[node] = tuple(values)
    interpreter.budget.spend(sum(map(elements, values)))
    pairs = zip(node.ops, values, values[1:], strict=False)  # one operator between each two values
    truths = [
        compare(COMPARISONS[type(op)], left, right) for op, left, right in pairs
    ]  # each must make sense
    return all(truths)


def _conditional(interpreter: Interpreter, node: ast.IfExp) -> object:
    try:
        chosen = truth(interpreter.evaluate(node.test))
    except Refused as refused:
        raise FaultAt(node.test, refused) from None
    return interpreter.evaluate(node.body if chosen else node.orelse)


def _attribute(interpreter: Interpreter, node: ast.Attribute) -> object:
    value = interpreter.evaluate(node.value)
    known = attributes(value)
    if node.attr not in known:
        listed = ", ".join(f"`.{name}`" for name in known)
        hint = nearest(node.attr, known) or (f"it has {listed}" if known else "it has no attributes")
        raise Refused(f"{kinds.kind(value)} has no `.{node.attr}` in the check language", hint)
    if node.attr == "T":
        if len(value.shape) != 2:  # type: ignore[attr-defined]  # a tensor
            raise Refused("`.T` of a tensor that is no matrix", "write `transpose(…)`")
        return value.T  # type: ignore[attr-defined]  # a tensor
    return interpreter.weighed(kinds.plain(getattr(value, node.attr)))


def attributes(value: object) -> tuple[str, ...]:
    """List the attributes that the language shows of a value: a table, else a result's own fields."""
    name = type(value).__name__
    if kinds.is_tensor(value):
        return ATTRIBUTES["Tensor"]
    if name in ATTRIBUTES:
        return ATTRIBUTES[name]
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return ()
    return tuple(one.name for one in dataclasses.fields(value) if not one.name.startswith("_"))


def _subscript(interpreter: Interpreter, node: ast.Subscript) -> object:
    value = interpreter.evaluate(node.value)
    index = _index(interpreter, node.slice)
    if isinstance(value, list | tuple | str):
        if isinstance(index, tuple):
            raise Refused(f"several indices into {kinds.kind(value)}", "write `x[0][1]`")
        if not len(value) and not isinstance(index, slice):
            raise Refused(f"an index into an empty {type(value).__name__}")
    elif not kinds.is_tensor(value):
        raise Refused(f"an index into {kinds.kind(value)}", "lists, shapes, texts and tensors have elements")
    try:
        return interpreter.weighed(kinds.plain(value[index]))  # type: ignore[index]  # just asked
    except IndexError:
        size = tuple(value.shape) if kinds.is_tensor(value) else len(value)  # type: ignore[attr-defined, arg-type]
        raise Refused(
            f"index {index} is outside {kinds.kind(value)} of {size}", "indices count from 0"
        ) from None
    except (TypeError, ValueError) as wrong:
        raise Refused(f"an index that does not fit: {wrong}", "indices are whole numbers") from None


def _index(interpreter: Interpreter, node: ast.expr) -> Any:
    if isinstance(node, ast.Tuple):
        return tuple(_index(interpreter, part) for part in node.elts)
    if isinstance(node, ast.Slice):
        parts = (
            None if part is None else _whole(interpreter, part)
            for part in (node.lower, node.upper, node.step)
        )
        return slice(*parts)
    return _whole(interpreter, node)


def _whole(interpreter: Interpreter, node: ast.expr) -> int:
    value = kinds.plain(interpreter.evaluate(node))
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**62:
        raise FaultAt(node, Refused(f"{kinds.kind(value)} as an index", "an index is a whole number"))
    return value


def _call(interpreter: Interpreter, node: ast.Call) -> object:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in ("measured", "measured_figure"):
        return _measured(interpreter, node, name)
    if name in interpreter.failed:
        raise Skipped
    if name in interpreter.names or (name in interpreter.constants and name not in interpreter.functions):
        raise Refused(f"`{name}` is a value here, not a function", "give your value another name")
    if name not in interpreter.functions:
        raise _unknown(interpreter, name)
    arguments = tuple(interpreter.evaluate(argument) for argument in node.args)
    keywords = {str(one.arg): interpreter.evaluate(one.value) for one in node.keywords}
    return _apply(interpreter, node, name, arguments, keywords)


def _measured(interpreter: Interpreter, node: ast.Call, word: str) -> object:
    """Run an experiment: `measured("name")` or `measured(name(setting=1))`, its name written out."""
    usage = f'write `{word}("name")`; `verideck library` lists the experiments'
    measure = interpreter.functions.get("measured")
    if measure is None:
        raise Refused(f"`{word}` outside a check", "experiments stand in a `python check` fence", "chance")
    if len(node.args) != 1:
        raise Refused(f"`{word}` takes the name of one experiment", usage)
    asked, keywords = node.args[0], list(node.keywords)
    if isinstance(asked, ast.Call) and isinstance(asked.func, ast.Name) and not asked.args:
        keywords += asked.keywords
        asked = asked.func
    name = (
        asked.id if isinstance(asked, ast.Name) else asked.value if isinstance(asked, ast.Constant) else None
    )
    if not isinstance(name, str):
        raise FaultAt(asked, Refused("an experiment whose name is not written out", usage))
    given = {str(one.arg): kinds.plain(interpreter.evaluate(one.value)) for one in keywords}
    own = ("seeds", "above", "below") if word == "measured" else ("seeds",)
    options = {key: given.pop(key) for key in own if key in given}
    interpreter.budget.spend(CALL)
    try:
        return measure(name, given, claims=word == "measured", **options)
    except ModuleNotFoundError as missing:
        raise without_torch(missing) from None
    except (ValueError, *FAILURES) as wrong:
        raise Refused(str(wrong).splitlines()[0], usage, "language") from None


def _apply(
    interpreter: Interpreter,
    node: ast.AST,
    name: str,
    arguments: tuple[object, ...],
    keywords: Mapping[str, object],
) -> object:
    function = interpreter.functions.get(name)
    if function is None:
        raise Refused(f"`{name}` is not in the library", LISTED)
    call = Call(name, arguments, keywords)
    interpreter.budget.spend(CALL + sum(map(weight, (*arguments, *keywords.values()))))
    value = perform(function, call)
    interpreter.calls[node] = call
    return interpreter.weighed(value)


EVALUATE: dict[type[ast.expr], Callable[[Interpreter, Any], object]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
}
