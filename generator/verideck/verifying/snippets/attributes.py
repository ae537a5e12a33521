"""Attributes, by type and name: what is not in the tables cannot be reached, whatever Python has."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from verideck.problems import nearest
from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import defining
from verideck.verifying.snippets.data import describe, is_named_tuple, type_name
from verideck.verifying.snippets.objects import OBJECTS, Bound, Namespace, Type
from verideck.verifying.snippets.raising import Failure, Raised
from verideck.verifying.snippets.tables import members, names

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine


def get(machine: Machine, value: Any, name: str) -> Any:
    """Give an attribute.

    Raises:
        Raised: Python has none of this name either.
        Refused: Python has it, the language has not.

    """
    if isinstance(value, Namespace):
        return _of_namespace(value, name)
    if name == "__class__" and not isinstance(value, OBJECTS):
        return Type(value.kind if isinstance(value, Failure) else type(value))
    if isinstance(value, Type) and name == "__name__":
        return value.real.__name__
    if isinstance(value, (*OBJECTS, Failure)):
        raise Refused(f"`.{name}` of {describe(value)}", "the language shows none of its attributes")
    if type(value) in machine.classes:
        try:
            return defining.get(machine, value, name)
        except KeyError:
            pass
    return _of_data(machine, value, name)


def _of_namespace(value: Namespace, name: str) -> Any:
    known = names.known(value.path)
    if name in known:
        return known[name]
    hint = nearest(name, known) or "`sources/README.md` says what the language has"
    raise Refused(f"`{value.path}.{name}` is outside the language", hint)


def _of_data(machine: Machine, value: Any, name: str) -> Any:
    family = members.family(value)
    if family is not None:
        if name in family.methods:
            return Bound(value, name)
        if name in family.hidden:
            return _hidden(value, name)
        kind: type = type(value)
        listed = name in family.properties or (is_named_tuple(value) and name in _fields(kind))
        if listed and (hasattr(value, name) or not isinstance(value, nn.Module)):
            return machine.perform(getattr, value, name)
    if isinstance(value, nn.Module) and not hasattr(type(value), name) and not name.startswith("_"):
        return machine.perform(getattr, value, name)  # a part of it, or the error that it has none
    missing = object()
    if inspect.getattr_static(value, name, missing) is missing and not isinstance(value, nn.Module):
        text = f"'{type_name(value)}' object has no attribute '{name}'"
        raise Raised(AttributeError, text)
    known = () if family is None else (*family.methods, *family.properties)
    raise Refused(f"`.{name}` of {describe(value)} is outside the language", nearest(name, known) or "")


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(name for name in dir(kind) if not name.startswith("_") and name.isidentifier())


def _hidden(value: Any, name: str) -> Any:
    """Give an attribute that can only be asked for being there: `grad_fn is None`."""
    found = getattr(value, name)
    return None if found is None else Namespace(f"a {name}")


def put(machine: Machine, value: Any, name: str, item: Any) -> None:
    """Set an attribute.

    Raises:
        Raised: torch turns it down.
        Refused: the language has no such assignment.

    """
    if type(value) in machine.classes:
        defining.set_attribute(machine, value, name, item)
        return
    if isinstance(value, torch.Tensor) and name in ("requires_grad", "grad"):
        allowed = isinstance(item, bool) if name == "requires_grad" else item is None
    elif isinstance(value, nn.Module) and name in ("weight", "bias"):
        allowed = item is None or isinstance(item, nn.Parameter)
    else:
        allowed = False
    if not allowed:
        raise Refused(
            f"an assignment to `.{name}` of {describe(value)}", "only a layer of your own takes any name"
        )
    machine.perform(setattr, value, name, item)
