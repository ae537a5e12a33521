"""Arithmetic and comparison: Python's own operators on plain data, weighed before anything is made."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import torch

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets.budgets import BITS, allow_bits, allow_items, allow_text
from verideck.verifying.snippets.data import HOLDERS
from verideck.verifying.snippets.objects import OBJECTS, Type

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine

Operator = Callable[[Any, Any], Any]

BINARY: Mapping[type[ast.operator], tuple[Operator, Operator]] = {  # and in place
    ast.Add: (operator.add, operator.iadd),
    ast.Sub: (operator.sub, operator.isub),
    ast.Mult: (operator.mul, operator.imul),
    ast.Div: (operator.truediv, operator.itruediv),
    ast.FloorDiv: (operator.floordiv, operator.ifloordiv),
    ast.Mod: (operator.mod, operator.imod),
    ast.Pow: (operator.pow, operator.ipow),
    ast.MatMult: (operator.matmul, operator.imatmul),
    ast.BitAnd: (operator.and_, operator.iand),
    ast.BitOr: (operator.or_, operator.ior),
    ast.BitXor: (operator.xor, operator.ixor),
    ast.LShift: (operator.lshift, operator.ilshift),
    ast.RShift: (operator.rshift, operator.irshift),
}
UNARY: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
}
COMPARE: Mapping[type[ast.cmpop], Operator] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, many: operator.contains(many, item),
    ast.NotIn: lambda item, many: not operator.contains(many, item),
}


def binary(
    machine: Machine, kind: type[ast.operator], left: Any, right: Any, *, in_place: bool = False
) -> Any:
    """Apply a binary operator; raises Refused where the result would be too large."""
    if isinstance(left, int) and isinstance(right, int):
        allow_bits(_bits(kind, int(left), int(right)))
    elif kind is ast.Mult:
        for many, times in ((left, right), (right, left)):
            if isinstance(many, str | list | tuple) and isinstance(times, torch.Tensor):
                raise Refused("a list or text times a tensor", "take the number out: `.item()`")
            if isinstance(many, str | list | tuple) and isinstance(times, int):
                (allow_text if isinstance(many, str) else allow_items)(len(many) * max(times, 0))
    elif kind is ast.Add and isinstance(left, str) and isinstance(right, str):
        allow_text(len(left) + len(right))
    elif kind is ast.Mod and isinstance(left, str):
        raise Refused("`%` on a text", "write an f-string")
    plain, changing = BINARY[kind]
    return machine.perform(changing if in_place else plain, left, right)


def _bits(kind: type[ast.operator], left: int, right: int) -> int:
    """Bound the bits of a result from above."""
    if kind is ast.Mult:
        return left.bit_length() + right.bit_length()
    if kind is ast.LShift:
        return left.bit_length() + max(right, 0)
    if kind is ast.Pow and right > 0 and abs(left) > 1:
        return BITS + 1 if right > BITS else math.ceil(math.log2(abs(left)) * right)
    return 0


def unary(machine: Machine, kind: type[ast.unaryop], value: Any) -> Any:
    """Apply a unary operator."""
    if kind is ast.Not:
        return not truth(machine, value)
    return machine.perform(UNARY[kind], value)


def truth(machine: Machine, value: Any) -> bool:
    """Tell whether a value counts as true; of a tensor with several elements torch says that it has none."""
    if isinstance(value, OBJECTS):
        return True
    if isinstance(value, HOLDERS):
        return len(value) > 0
    return bool(machine.perform(bool, value))


def compare(machine: Machine, kind: type[ast.cmpop], left: Any, right: Any) -> Any:
    """Compare two values."""
    if kind in (ast.Is, ast.IsNot):
        return _same(left, right) == (kind is ast.Is)
    if kind in (ast.Eq, ast.NotEq) and isinstance(left, Type) and isinstance(right, Type):
        return (left == right) == (kind is ast.Eq)
    return machine.perform(COMPARE[kind], left, right)


def _same(left: Any, right: Any) -> bool:
    """Tell whether two values are one object; whether two equal numbers are is Python's own business."""
    for value in (left, right):
        if isinstance(value, int | float | str | tuple) and not isinstance(value, bool):
            raise Refused("`is` with a number, a text or a tuple", "compare with `==`")
    return left == right if isinstance(left, Type) and isinstance(right, Type) else left is right
