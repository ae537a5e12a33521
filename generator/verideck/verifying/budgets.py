"""What a check may use up, and how one that asks for more, or for anything else, is turned down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SOURCE = 20_000  # characters of one check
NODES = 5_000  # nodes of its syntax tree
DEPTH = 100  # nesting of its expressions
ELEMENTS = 1 << 20  # elements of one value, lists counted through
WORK = 1 << 22  # nodes evaluated and elements made, over a whole check
BITS = 4_096  # of one integer
AXES = 12  # of one value, as nested lists
TEXT = 10_000  # characters of one text


@dataclass(frozen=True, slots=True)
class Fault:
    """Why code could not be evaluated; `line` and `column` count from 1 within the code."""

    line: int
    column: int
    message: str
    hint: str = ""
    reason: str = "language"


class Refused(Exception):  # noqa: N818 - it is an answer to the author, not a failure of ours
    """Something that the language does not do, without its place; `stops` ends the whole check."""

    def __init__(
        self, message: str, hint: str = "", reason: str = "language", *, stops: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.reason = reason
        self.stops = stops


class Budget:
    """The work that one evaluation has left."""

    __slots__ = ("left",)

    def __init__(self, work: int = WORK) -> None:
        self.left = work

    def spend(self, work: int) -> None:
        """Take `work` off what is left.

        Raises:
            Refused: nothing is left.

        """
        self.left -= work
        if self.left < 0:
            raise Refused(
                "a check that takes too many steps",
                f"a check may take {WORK:,} steps, elements counted: use smaller sizes",
                "timeout",
                stops=True,
            )


def too_large(what: str = "a value") -> Refused:
    """Make the refusal of something that would not fit."""
    return Refused(f"{what} too large to hold", "use smaller numbers, or a library function that only counts")


def allow(elements: int) -> None:
    """Let a value of so many elements be made.

    Raises:
        Refused: there are too many.

    """
    if elements > ELEMENTS:
        raise Refused(
            f"a value too large to hold: {describe_count(elements)} elements",
            f"a value may have {ELEMENTS:,} elements",
        )


def describe_count(count: int) -> str:
    """Say a number of elements, also one too long to print."""
    return f"{count:,}" if count.bit_length() < 64 else f"more than 2^{count.bit_length() - 1}"


def product(sizes: Iterable[int]) -> int:
    """Multiply sizes; the product of none is 1."""
    total = 1
    for size in sizes:
        total *= size
    return total


def elements(value: object, depth: int = 0) -> int:
    """Count a value's elements, lists counted through; counting stops a little past the limit.

    Raises:
        Refused: lists are nested too deeply.

    """
    if isinstance(value, list | tuple):
        if depth > AXES:
            raise Refused("a list nested too deeply", f"a value may have {AXES} axes")
        total = 1
        for item in value:
            total += elements(item, depth + 1)
            if total > ELEMENTS:
                break
        return total
    if isinstance(value, str):
        return len(value) // 8 + 1
    shape = getattr(value, "shape", None)
    return product(shape) if isinstance(shape, tuple) else 1
