"""What a program raises: a result, kept apart from what the interpreter turns down."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass

from verideck.verifying.budgets import Refused

LONGEST = 2_000  # characters of a message
MEMORY = re.compile("allocate memory|bad_alloc|not enough memory")  # said in a RuntimeError of torch

# The exceptions that a program may name, to raise them or to catch them.
EXCEPTIONS: Mapping[str, type[BaseException]] = {
    name: getattr(builtins, name)
    for name in (
        "Exception", "ArithmeticError", "AssertionError", "AttributeError", "IndexError", "KeyError",
        "LookupError", "NameError", "NotImplementedError", "OverflowError", "RuntimeError", "StopIteration",
        "TypeError", "ValueError", "ZeroDivisionError",
    )
}  # fmt: skip


class Raised(Exception):  # noqa: N818 - a result of the program, not a failure of ours
    """An exception that the program raised: its type and its texts, without anything it holds on to."""

    def __init__(self, kind: type[BaseException], text: str, source: str = "") -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text[:LONGEST]
        self.source = (source or f"{kind.__name__}({text!r})")[:LONGEST]

    @property
    def display(self) -> str:
        """The last line of a traceback."""
        return display(self.kind, self.text)


@dataclass(frozen=True, slots=True)
class Failure:
    """What `except … as name` binds: it can be printed, and its type named."""

    kind: type[BaseException]
    text: str
    source: str


def display(kind: type[BaseException], text: str) -> str:
    """Write an exception as a traceback ends."""
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return f"{module}{kind.__qualname__}: {text}".removesuffix(": ")


def caught(wrong: Exception) -> Raised | Refused:
    """Sort out what a real function raised: the program's own result, or something that cannot be told."""
    text = str(wrong)
    if isinstance(wrong, MemoryError | RecursionError) or MEMORY.search(text):
        return Refused("a value too large to hold", "use smaller sizes", "crash", stops=True)
    if isinstance(wrong, ImportError | OSError | SystemError):
        return Refused(
            "something that this process may not do", "tell Verideck's authors", "crash", stops=True
        )
    return Raised(type(wrong), text, repr(wrong))


def type_error(text: str) -> Raised:
    """Make the TypeError that Python would raise here."""
    return Raised(TypeError, text)
