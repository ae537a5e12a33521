"""Plain data: the closed set of values that real functions are given and give back, and what they weigh."""

from __future__ import annotations

import sys
from collections import OrderedDict
from itertools import islice
from types import EllipsisType, GeneratorType
from typing import Any

import torch
from torch import nn

from verideck.verifying.budgets import Refused
from verideck.verifying.kinds import kind
from verideck.verifying.snippets.budgets import ITEMS, NESTING, allow_bits, allow_items, allow_text
from verideck.verifying.snippets.objects import OBJECTS, Known, Namespace, Stream, Type
from verideck.verifying.snippets.raising import Failure

DICT_VIEWS: tuple[type[Any], ...] = tuple(
    type(view)
    for made in (dict[Any, Any](), OrderedDict[Any, Any]())
    for view in (made.keys(), made.values(), made.items())
)
SEQUENCES = (list, tuple, torch.Size, *DICT_VIEWS)
TABLES = (dict, OrderedDict)
HOLDERS: tuple[type[Any], ...] = (
    list,
    tuple,
    dict,
    str,
    range,
    *DICT_VIEWS,
)  # what Python itself keeps; functions may be among its items
SINGLE = (
    bool, float, type(None), EllipsisType, range, slice, torch.Tensor, nn.Parameter, torch.dtype,
    torch.device, torch.finfo, torch.iinfo, torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW,
)  # fmt: skip


def is_named_tuple(value: object) -> bool:
    """Tell whether a value is what torch returns for a maximum with its index, and the like."""
    return isinstance(value, tuple) and type(value).__module__ == "torch.return_types"


def weigh(value: object, *, objects: bool = False) -> int:
    """Count a value's items, those of its lists counted through; with `objects` those may be among them.

    Raises:
        Refused: it is too large, nested too deeply, or no plain data.

    """
    count, stack = 0, [(value, 0)]
    while stack:
        one, depth = stack.pop()
        count += 1
        kept = type(one)
        if kept in SINGLE or isinstance(one, nn.Module) or (objects and isinstance(one, (*OBJECTS, Failure))):
            continue
        if kept is int:
            allow_bits(one.bit_length())  # type: ignore[attr-defined]  # just asked
        elif kept is str:
            allow_text(len(one))  # type: ignore[arg-type]  # just asked
            count += len(one) >> 3  # type: ignore[arg-type]  # just asked
        elif kept in SEQUENCES or kept in TABLES or is_named_tuple(one):
            allow_items(count + len(one))  # type: ignore[arg-type]  # just asked
            if depth >= NESTING:
                raise Refused("a list nested too deeply", f"lists may be nested {NESTING} deep")
            if kept in TABLES:
                stack.extend((key, depth + 1) for key in one)  # type: ignore[attr-defined]  # just asked
                one = one.values()  # type: ignore[attr-defined]  # just asked
            stack.extend((item, depth + 1) for item in one)  # type: ignore[attr-defined]  # just asked
        else:
            raise Refused(f"{describe(one)} where plain data is needed", "lists, numbers, texts and tensors")
    allow_items(count)
    return count


def may_collide(key: object) -> bool:
    """Tell whether a program can make many keys of this kind that have one hash."""
    return isinstance(key, tuple) or (isinstance(key, int) and abs(key) >= sys.hash_info.modulus)


def clean(value: Any) -> tuple[Any, int]:
    """Take what a real function gave into the program; gives it with its weight.

    Raises:
        Refused: it is of a kind that the language does not have.

    """
    if isinstance(value, GeneratorType):
        found = list(islice(value, ITEMS + 1))
        return Stream("generator", iter(found)), weigh(found)
    return value, weigh(value, objects=True)


def describe(value: object) -> str:
    """Name a value's kind for a person."""
    match value:
        case Namespace():
            return f"the module `{value.path}`"
        case Known() | Failure():
            return f"the function `{value.name}`" if isinstance(value, Known) else "an exception"
        case Type():
            return f"the type `{value.real.__name__}`"
        case Stream():
            return f"a `{value.name}`"
    if isinstance(value, OBJECTS):
        return f"a {type(value).__name__.lower()}"
    return kind(value)


def type_name(value: object) -> str:
    """Give the name that Python has for a value's type, as its messages say it."""
    match value:
        case Namespace():
            return "module"
        case Type():
            return "type"
        case Stream():
            return value.name
        case Failure():
            return value.kind.__name__
        case torch.Size():
            return "torch.Size"
    return "function" if isinstance(value, OBJECTS) else type(value).__name__
