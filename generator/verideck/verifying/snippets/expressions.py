"""Expressions: a table of what each node of the syntax tree gives."""

from __future__ import annotations

import ast
import builtins
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from verideck.problems import nearest
from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import attributes, defining, operators, targets
from verideck.verifying.snippets.budgets import allow_items, allow_text
from verideck.verifying.snippets.calling import call, each, items, spend_on_keys
from verideck.verifying.snippets.data import HOLDERS, describe, may_collide
from verideck.verifying.snippets.objects import OBJECTS, Function, Stream
from verideck.verifying.snippets.raising import Raised, type_error
from verideck.verifying.snippets.scopes import Scope
from verideck.verifying.snippets.tables.plain import BUILTINS
from verideck.verifying.snippets.text import formatted, written

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine


def _constant(_: Machine, node: ast.Constant, __: Scope) -> Any:
    return node.value


def _name(_: Machine, node: ast.Name, scope: Scope) -> Any:
    found = scope.find(node.id)
    if found is not None:
        return found.names[node.id]
    if node.id in BUILTINS:
        return BUILTINS[node.id]
    if node.id == "__name__":
        return "__main__"
    if hasattr(builtins, node.id):
        hint = nearest(node.id, BUILTINS) or ""
        raise Refused(f"`{node.id}` is outside the language", hint)
    raise Raised(NameError, f"name '{node.id}' is not defined")


def _elements(machine: Machine, nodes: list[ast.expr], scope: Scope) -> list[Any]:
    values: list[Any] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            values.extend(items(machine, machine.evaluate(node.value, scope)))
        else:
            values.append(machine.evaluate(node, scope))
        allow_items(len(values))
    return values


def _list(machine: Machine, node: ast.List, scope: Scope) -> Any:
    return _elements(machine, node.elts, scope)


def _tuple(machine: Machine, node: ast.Tuple, scope: Scope) -> Any:
    return tuple(_elements(machine, node.elts, scope))


def _dict(machine: Machine, node: ast.Dict, scope: Scope) -> Any:
    made: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            more = machine.evaluate(value, scope)
            if not isinstance(more, dict):
                raise type_error(f"'{type(more).__name__}' object is not a mapping")
            machine.budget.spend(len(more))
            spend_on_keys(machine, more)
            made.update(more)
            continue
        name = machine.evaluate(key, scope)
        targets.set_item(machine, made, name, machine.evaluate(value, scope))
    return made


def _binary(machine: Machine, node: ast.BinOp, scope: Scope) -> Any:
    left = machine.evaluate(node.left, scope)
    return operators.binary(machine, type(node.op), left, machine.evaluate(node.right, scope))


def _unary(machine: Machine, node: ast.UnaryOp, scope: Scope) -> Any:
    return operators.unary(machine, type(node.op), machine.evaluate(node.operand, scope))


def _boolean(machine: Machine, node: ast.BoolOp, scope: Scope) -> Any:
    wanted = isinstance(node.op, ast.Or)
    value = None
    for part in node.values[:-1]:
        value = machine.evaluate(part, scope)
        if operators.truth(machine, value) is wanted:
            return value
    return machine.evaluate(node.values[-1], scope)


def _compare(machine: Machine, node: ast.Compare, scope: Scope) -> Any:
    left = machine.evaluate(node.left, scope)
    result: Any = True
    for number, (op, part) in enumerate(zip(node.ops, node.comparators, strict=True)):
        if number and not operators.truth(machine, result):
            return result
        right = machine.evaluate(part, scope)
        result = operators.compare(machine, type(op), left, right)
        left = right
    return result


def _conditional(machine: Machine, node: ast.IfExp, scope: Scope) -> Any:
    chosen = node.body if operators.truth(machine, machine.evaluate(node.test, scope)) else node.orelse
    return machine.evaluate(chosen, scope)


def _attribute(machine: Machine, node: ast.Attribute, scope: Scope) -> Any:
    return attributes.get(machine, machine.evaluate(node.value, scope), node.attr)


def _subscript(machine: Machine, node: ast.Subscript, scope: Scope) -> Any:
    value = machine.evaluate(node.value, scope)
    index = machine.evaluate(node.slice, scope)
    if isinstance(value, dict) and may_collide(index):
        machine.budget.spend(len(value) >> 4)
    if isinstance(value, HOLDERS):  # functions may be among its items, so that it is not passed itself
        return machine.perform(lambda at: operator.getitem(value, at), index)
    if isinstance(value, OBJECTS):
        raise Refused(
            f"an index into {describe(value)}", "lists, texts, dicts, shapes and tensors have items"
        )
    return machine.perform(operator.getitem, value, index)


def _slice(machine: Machine, node: ast.Slice, scope: Scope) -> Any:
    parts = (node.lower, node.upper, node.step)
    return slice(*(None if part is None else machine.evaluate(part, scope) for part in parts))


def _call(machine: Machine, node: ast.Call, scope: Scope) -> Any:
    parent = _of_super(node.func)
    callee = None if parent else machine.evaluate(node.func, scope)
    arguments = _elements(machine, node.args, scope)
    keywords: dict[str, Any] = {}
    for word in node.keywords:
        value = machine.evaluate(word.value, scope)
        named = {word.arg: value} if word.arg is not None else value
        if not isinstance(named, dict) or not all(isinstance(key, str) for key in named):
            raise type_error("argument after ** must be a mapping with names")
        twice = keywords.keys() & named.keys()
        if twice:
            raise type_error(f"got multiple values for keyword argument '{min(twice)}'")
        machine.budget.spend(len(named))
        keywords |= named
    if parent:
        return defining.call_super(machine, scope, parent, arguments, keywords)
    return call(machine, callee, arguments, keywords)


def _of_super(node: ast.expr) -> str:
    """Give the method's name of `super().name(…)`; empty for any other call."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call)):
        return ""
    function = node.value.func
    return node.attr if isinstance(function, ast.Name) and function.id == "super" else ""


def _lambda(machine: Machine, node: ast.Lambda, scope: Scope) -> Function:
    return make_function(machine, "<lambda>", node.args, node.body, scope)


def make_function(
    machine: Machine, name: str, arguments: ast.arguments, body: tuple[ast.stmt, ...] | ast.expr, scope: Scope
) -> Function:
    """Make a function, its defaults evaluated now."""
    defaults = tuple(machine.evaluate(one, scope) for one in arguments.defaults)
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    named = {one.arg: machine.evaluate(value, scope) for one, value in pairs if value is not None}
    own = frozenset() if isinstance(body, ast.expr) else machine.bound_names(body)
    return Function(name, arguments, body, scope, own, defaults, named)


def _rounds(machine: Machine, generators: list[ast.comprehension], scope: Scope) -> Iterator[Scope]:
    """Go through the loops of a comprehension; what the first one goes through is asked for at once."""
    inner = Scope(scope, machine.bound_names(tuple(one.target for one in generators)))
    first = each(machine, machine.evaluate(generators[0].iter, scope))

    def loop(level: int, values: Iterator[Any]) -> Iterator[Scope]:
        for item in values:
            targets.assign(machine, generators[level].target, item, inner)
            tests = (machine.evaluate(test, inner) for test in generators[level].ifs)
            if not all(operators.truth(machine, test) for test in tests):
                continue
            if level + 1 == len(generators):
                machine.budget.spend(level)
                yield inner
            else:
                yield from loop(level + 1, each(machine, machine.evaluate(generators[level + 1].iter, inner)))

    return loop(0, first)


def _generator(machine: Machine, node: ast.GeneratorExp, scope: Scope) -> Stream:
    rounds = _rounds(machine, node.generators, scope)
    return Stream("generator", (machine.evaluate(node.elt, inner) for inner in rounds))


def _list_comprehension(machine: Machine, node: ast.ListComp, scope: Scope) -> Any:
    made: list[Any] = []
    for inner in _rounds(machine, node.generators, scope):
        made.append(machine.evaluate(node.elt, inner))
        allow_items(len(made))
    return made


def _dict_comprehension(machine: Machine, node: ast.DictComp, scope: Scope) -> Any:
    made: dict[Any, Any] = {}
    for inner in _rounds(machine, node.generators, scope):
        key = machine.evaluate(node.key, inner)
        targets.set_item(machine, made, key, machine.evaluate(node.value, inner))
    return made


def _f_string(machine: Machine, node: ast.JoinedStr, scope: Scope) -> str:
    parts: list[str] = []
    length = 0
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            parts.append(_formatted(machine, part, scope))
        else:
            parts.append(str(machine.evaluate(part, scope)))
        length += len(parts[-1])
        allow_text(length)
    return "".join(parts)


def _formatted(machine: Machine, node: ast.FormattedValue, scope: Scope) -> str:
    value = machine.evaluate(node.value, scope)
    spec = "" if node.format_spec is None else machine.evaluate(node.format_spec, scope)
    if node.conversion != -1:
        value = written(machine, value, source=node.conversion != ord("s"))
    return formatted(machine, value, spec)


EVALUATE: Mapping[type[ast.expr], Callable[[Machine, Any, Scope], Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Dict: _dict,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Call: _call,
    ast.Lambda: _lambda,
    ast.ListComp: _list_comprehension,
    ast.GeneratorExp: _generator,
    ast.DictComp: _dict_comprehension,
    ast.JoinedStr: _f_string,
}
