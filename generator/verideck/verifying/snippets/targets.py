"""Assignment: to names, items, attributes and several of them at once."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

import torch

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import attributes, operators
from verideck.verifying.snippets.budgets import allow_items
from verideck.verifying.snippets.calling import items
from verideck.verifying.snippets.data import describe, may_collide, type_name
from verideck.verifying.snippets.raising import Raised, type_error

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine
    from verideck.verifying.snippets.scopes import Scope


def assign(machine: Machine, target: ast.expr, value: Any, scope: Scope) -> None:
    """Assign a value to a target."""
    match target:
        case ast.Name(id=name):
            scope.names[name] = value
        case ast.Attribute(value=of, attr=name):
            attributes.put(machine, machine.evaluate(of, scope), name, value)
        case ast.Subscript(value=of, slice=at):
            holder = machine.evaluate(of, scope)
            set_item(machine, holder, machine.evaluate(at, scope), value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            _assign_parts(machine, parts, value, scope)
        case _:
            raise Refused("such an assignment", "to a name, an item or an attribute")


def _assign_parts(machine: Machine, parts: list[ast.expr], value: Any, scope: Scope) -> None:
    if value is None or isinstance(value, int | float):
        raise type_error(f"cannot unpack non-iterable {type_name(value)} object")
    values = items(machine, value)
    starred = [place for place, part in enumerate(parts) if isinstance(part, ast.Starred)]
    if starred and len(values) >= len(parts) - 1:
        place = starred[0]
        end = len(values) - (len(parts) - place - 1)
        values = [*values[:place], values[place:end], *values[end:]]
        parts = [part.value if isinstance(part, ast.Starred) else part for part in parts]
    if len(values) < len(parts):
        least = f"at least {len(parts) - 1}" if starred else str(len(parts))
        raise Raised(ValueError, f"not enough values to unpack (expected {least}, got {len(values)})")
    if len(values) > len(parts):
        raise Raised(ValueError, f"too many values to unpack (expected {len(parts)})")
    for part, item in zip(parts, values, strict=True):
        assign(machine, part, item, scope)


def set_item(machine: Machine, holder: Any, at: Any, value: Any) -> None:
    """Assign to an item of a list, a dict or a tensor."""
    if isinstance(holder, list):
        if isinstance(at, slice):
            value = items(machine, value)
            allow_items(len(holder) + len(value))
        machine.perform(lambda place: holder.__setitem__(place, value), at)
    elif isinstance(holder, dict):
        allow_items(len(holder) + 1, "a dict")
        machine.budget.spend(len(holder) >> 4 if may_collide(at) else 0)
        machine.perform(lambda key: holder.__setitem__(key, value), at)
    elif isinstance(holder, torch.Tensor | tuple | str | range | int | float):  # but for tensors it raises
        machine.perform(operator.setitem, holder, at, value)
    else:
        raise Refused(f"an assignment to an item of {describe(holder)}", "lists, dicts and tensors take one")


def change(machine: Machine, node: ast.AugAssign, scope: Scope) -> None:
    """Carry out `x += …`, the target evaluated once."""
    kind = type(node.op)
    match node.target:
        case ast.Name(id=name):
            old = machine.evaluate(ast.copy_location(ast.Name(name, ast.Load()), node.target), scope)
            new = machine.evaluate(node.value, scope)
            scope.names[name] = operators.binary(machine, kind, old, new, in_place=True)
        case ast.Attribute(value=of, attr=name):
            owner = machine.evaluate(of, scope)
            old = attributes.get(machine, owner, name)
            new = machine.evaluate(node.value, scope)
            changed = operators.binary(machine, kind, old, new, in_place=True)
            if changed is not old:
                attributes.put(machine, owner, name, changed)
        case ast.Subscript(value=of, slice=at):
            holder, index = machine.evaluate(of, scope), machine.evaluate(at, scope)
            old = machine.perform(operator.getitem, holder, index)
            new = machine.evaluate(node.value, scope)
            set_item(machine, holder, index, operators.binary(machine, kind, old, new, in_place=True))
