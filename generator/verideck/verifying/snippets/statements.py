"""Statements: a table of what each one does."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import defining, operators, targets
from verideck.verifying.snippets.calling import each
from verideck.verifying.snippets.data import describe, weigh
from verideck.verifying.snippets.expressions import make_function
from verideck.verifying.snippets.machine import Returned, Signal
from verideck.verifying.snippets.objects import Context, Namespace, Type
from verideck.verifying.snippets.raising import EXCEPTIONS, Failure, Raised, caught, type_error
from verideck.verifying.snippets.tables import names
from verideck.verifying.snippets.text import written

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine
    from verideck.verifying.snippets.scopes import Scope


def _expression(machine: Machine, node: ast.Expr, scope: Scope) -> Signal:
    machine.evaluate(node.value, scope)
    return None


def _assignment(machine: Machine, node: ast.Assign, scope: Scope) -> Signal:
    value = machine.evaluate(node.value, scope)
    for target in node.targets:
        targets.assign(machine, target, value, scope)
    return None


def _annotated(machine: Machine, node: ast.AnnAssign, scope: Scope) -> Signal:
    if node.value is not None:
        targets.assign(machine, node.target, machine.evaluate(node.value, scope), scope)
    return None


def _changed(machine: Machine, node: ast.AugAssign, scope: Scope) -> Signal:
    targets.change(machine, node, scope)
    return None


def _import(_: Machine, node: ast.Import, scope: Scope) -> Signal:
    for name in node.names:
        _known_module(name.name)
        first = name.name.partition(".")[0]
        scope.names[name.asname or first] = Namespace(name.name if name.asname else first)
    return None


def _import_from(_: Machine, node: ast.ImportFrom, scope: Scope) -> Signal:
    path = node.module or ""
    if path == "typing":  # only annotations name what it has
        return None
    table = names.known(_known_module(path))
    for name in node.names:
        if name.name not in table:
            raise Refused(f"`{path}.{name.name}` is outside the language", "")
        scope.names[name.asname or name.name] = table[name.name]
    return None


def _known_module(path: str) -> str:
    if path not in names.MODULES:
        raise Refused(f"the import of `{path}`", "a program may import `torch`, its parts, and `math`")
    return path


def _function(machine: Machine, node: ast.FunctionDef, scope: Scope) -> Signal:
    scope.names[node.name] = make_function(machine, node.name, node.args, tuple(node.body), scope)
    return None


def _class(machine: Machine, node: ast.ClassDef, scope: Scope) -> Signal:
    base = machine.evaluate(node.bases[0], scope)
    methods = {
        one.name: make_function(machine, one.name, one.args, tuple(one.body), scope)
        for one in node.body
        if isinstance(one, ast.FunctionDef)
    }
    scope.names[node.name] = defining.define(machine, node.name, base, methods)
    return None


def _return(machine: Machine, node: ast.Return, scope: Scope) -> Signal:
    return Returned(None if node.value is None else machine.evaluate(node.value, scope))


def _if(machine: Machine, node: ast.If, scope: Scope) -> Signal:
    holds = operators.truth(machine, machine.evaluate(node.test, scope))
    return machine.execute(node.body if holds else node.orelse, scope)


def _for(machine: Machine, node: ast.For, scope: Scope) -> Signal:
    for item in each(machine, machine.evaluate(node.iter, scope)):
        targets.assign(machine, node.target, item, scope)
        signal = machine.execute(node.body, scope)
        if signal is ast.Break:
            return None
        if isinstance(signal, Returned):
            return signal
    return machine.execute(node.orelse, scope)


def _while(machine: Machine, node: ast.While, scope: Scope) -> Signal:
    while operators.truth(machine, machine.evaluate(node.test, scope)):
        signal = machine.execute(node.body, scope)
        if signal is ast.Break:
            return None
        if isinstance(signal, Returned):
            return signal
    return machine.execute(node.orelse, scope)


def _with(machine: Machine, node: ast.With, scope: Scope) -> Signal:
    with ExitStack() as stack:
        for item in node.items:
            context = machine.evaluate(item.context_expr, scope)
            if not isinstance(context, Context):
                raise Refused(f"`with` {describe(context)}", "`with torch.no_grad():` and its like")
            stack.enter_context(context.make(machine))
        return machine.execute(node.body, scope)


def _try(machine: Machine, node: ast.Try, scope: Scope) -> Signal:
    try:
        signal = machine.execute(node.body, scope)
    except Raised as raised:
        for handler in node.handlers:
            if _handles(machine, handler, raised, scope):
                return _handle(machine, handler, raised, scope)
        raise
    return signal if signal is not None else machine.execute(node.orelse, scope)


def _handles(machine: Machine, handler: ast.ExceptHandler, raised: Raised, scope: Scope) -> bool:
    if handler.type is None:
        return True
    kinds = machine.evaluate(handler.type, scope)
    listed = kinds if isinstance(kinds, tuple) else (kinds,)
    machine.budget.spend(len(listed))
    if not all(isinstance(one, Type) and issubclass(one.real, BaseException) for one in listed):
        raise Refused("`except` something that is no exception", "name an exception of Python")
    return issubclass(raised.kind, tuple(one.real for one in listed))


def _handle(machine: Machine, handler: ast.ExceptHandler, raised: Raised, scope: Scope) -> Signal:
    if handler.name:
        scope.names[handler.name] = Failure(raised.kind, raised.text, raised.source)
    machine.handled.append(raised)
    try:
        return machine.execute(handler.body, scope)
    finally:
        machine.handled.pop()
        if handler.name:
            scope.names.pop(handler.name, None)


def _raise(machine: Machine, node: ast.Raise, scope: Scope) -> Signal:
    if node.exc is None:
        if machine.handled:
            raise machine.handled[-1]
        raise Raised(RuntimeError, "No active exception to reraise")
    made = node.exc
    arguments: list[Any] = []
    if isinstance(made, ast.Call) and not made.keywords:
        arguments = [machine.evaluate(one, scope) for one in made.args]
        made = made.func
    kind = machine.evaluate(made, scope)
    if isinstance(kind, Failure):
        raise Raised(kind.kind, kind.text, kind.source)
    if not isinstance(kind, Type) or kind.real not in EXCEPTIONS.values() or len(arguments) > 1:
        raise type_error("exceptions must derive from BaseException")
    for one in arguments:
        weigh(one)  # which turns down what is no data
        written(machine, one)  # and this what is too long
    raise caught(kind.real(*arguments))


def _assert(machine: Machine, node: ast.Assert, scope: Scope) -> Signal:
    if operators.truth(machine, machine.evaluate(node.test, scope)):
        return None
    text = "" if node.msg is None else written(machine, machine.evaluate(node.msg, scope))
    raise Raised(AssertionError, text)


def _nothing(_: Machine, __: ast.stmt, ___: Scope) -> Signal:
    return None


EXECUTE: Mapping[type[ast.stmt], Callable[[Machine, Any, Scope], Signal]] = {
    ast.Expr: _expression,
    ast.Assign: _assignment,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _changed,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.FunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.If: _if,
    ast.For: _for,
    ast.While: _while,
    ast.With: _with,
    ast.Try: _try,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Pass: _nothing,
    ast.Break: lambda *_: ast.Break,
    ast.Continue: lambda *_: ast.Continue,
}
