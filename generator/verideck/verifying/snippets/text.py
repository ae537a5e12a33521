"""Writing values out: exactly as Python and torch do, within bounds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets.budgets import DIGITS, WIDTH, allow_text
from verideck.verifying.snippets.data import describe
from verideck.verifying.snippets.objects import OBJECTS, Type
from verideck.verifying.snippets.raising import Failure, type_error

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine

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
        return f"{value.kind.__name__}({value.text!r})" if source else value.text
    if isinstance(value, OBJECTS):
        raise Refused(
            f"{describe(value)}, printed", "print a value: what is printed here differs in each run"
        )
    text: str = machine.perform(repr if source else str, value)
    if " at 0x" in text:
        raise Refused("an address, printed", "print a value: an address differs in each run")
    return text


def formatted(machine: Machine, value: Any, spec: str) -> str:
    """Format a value as an f-string does."""
    if not spec:
        return written(machine, value)
    match = SPEC.fullmatch(spec)
    if match is None or int(match["width"] or 0) > WIDTH or int(match["digits"] or 0) > DIGITS:
        raise Refused(
            f"the format `{spec[:40]}`", f"a width up to {WIDTH}, `.`, digits up to {DIGITS}, a letter"
        )
    if isinstance(value, (*OBJECTS, Failure)):
        raise type_error(f"unsupported format string passed to {type(value).__name__}.__format__")
    text: str = machine.perform(format, value, spec)
    allow_text(len(text))
    return text
