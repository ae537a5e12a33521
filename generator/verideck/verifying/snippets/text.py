"""Writing values out: exactly as Python and torch do, within bounds."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import layers
from verideck.verifying.snippets.budgets import DIGITS, WIDTH, allow_text
from verideck.verifying.snippets.data import HOLDERS, describe, weigh
from verideck.verifying.snippets.objects import OBJECTS, Type
from verideck.verifying.snippets.raising import Failure, type_error

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine

SUMMARISED = (
    1_000  # numbers of a tensor from which on torch writes its ends only: EDGE at each end of an axis
)
EDGE = 3
NUMBERS = 4_096
TENSOR, NUMBER = 256, 16  # steps that writing a tensor takes, and each of its numbers
SPEC = re.compile(r"(?:.?[<>=^])?[-+ ]?#?0?(?P<width>\d{0,4})[,_]?(?:\.(?P<digits>\d{1,3}))?[a-zA-Z%]?")


def written(machine: Machine, value: Any, *, source: bool = False) -> str:
    """Write a value as `str` does, or as `repr` does with `source`.

    Raises:
        Refused: it is too long, or says an address.

    """
    text = _written(machine, value, source)
    allow_text(len(text))
    return text


def _written(machine: Machine, value: Any, source: bool) -> str:
    if isinstance(value, str) and not source:
        return value
    if isinstance(value, Type):
        return str(value.real)
    if isinstance(value, Failure):
        return value.source if source else value.text
    if isinstance(value, OBJECTS):
        raise Refused(
            f"{describe(value)}, printed", "print a value: what is printed here differs in each run"
        )
    _weigh_tensors(machine, value)
    text: str = machine.perform(repr if source else str, value)
    if " at 0x" in text:
        raise Refused("an address, printed", "print a value: an address differs in each run")
    return text


def _weigh_tensors(machine: Machine, value: Any) -> None:
    """Pay for the numbers that torch will write: all of a small tensor, the ends of a large one's axes."""
    weigh(value)
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, nn.Module):
            machine.budget.spend(layers.WRITTEN * layers.count(one))
        elif isinstance(one, torch.Tensor):
            count = one.numel()
            if count > SUMMARISED:
                count = math.prod(min(size, 2 * EDGE) for size in one.shape)
            if count > NUMBERS:
                raise Refused("a tensor of too many axes, printed", "print its shape, or a part of it")
            machine.budget.spend(TENSOR + NUMBER * count)
        elif isinstance(one, dict):
            stack.extend(one.values())
        elif isinstance(one, HOLDERS) and not isinstance(one, str | range):
            stack.extend(one)


def formatted(machine: Machine, value: Any, spec: str) -> str:
    """Format a value as an f-string does."""
    if not spec and not isinstance(value, torch.Tensor):
        return written(machine, value)
    match = SPEC.fullmatch(spec)
    if match is None or int(match["width"] or 0) > WIDTH or int(match["digits"] or 0) > DIGITS:
        raise Refused(
            f"the format `{spec[:40]}`", f"a width up to {WIDTH}, `.`, digits up to {DIGITS}, a letter"
        )
    if isinstance(value, (*OBJECTS, Failure)):
        raise type_error(f"unsupported format string passed to {type(value).__name__}.__format__")
    _weigh_tensors(machine, value)
    text: str = machine.perform(format, value, spec)
    allow_text(len(text))
    return text
