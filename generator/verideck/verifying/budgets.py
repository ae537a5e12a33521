"""The limits of a check, and how a check that exceeds one of them, or asks for anything else, is refused.

Work is counted in steps, and a step takes about a microsecond of a processor at most: what is counted
decides, so that no verdict depends on how fast or how busy the machine is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SOURCE = 20_000  # characters of one check
NODES = 5_000  # nodes of its syntax tree
DEPTH = 100  # nesting of its expressions
ELEMENTS = 1 << 20  # elements of one value, lists counted through
MAX_STEPS = 1 << 25  # of one job: nodes, calls, elements of lists, and what torch computes (`torch_work`)
MAX_EXTRA_STEPS = 1 << 23  # of its worked solution and its mutants, after its claims
# Of all jobs of a deck that are computed in one run: 10,000 cards such as our deck's take a third of it.
MAX_DECK_STEPS = 10**10
CALL = 64  # steps of a call of a library function, whatever it computes
TENSOR = 6  # 2 to this many elements of a tensor cost what one element of a list costs
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

    @property
    def is_general(self) -> bool:
        """Whether the fault is not the code's: it is reported once for all code that has it."""
        return self.reason in GENERAL


GENERAL = ("torch", "busy", "deck-budget")
"""Reasons that say nothing of the code: no torch, a machine too busy, the deck's budget spent."""


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
    """The steps that one job has left; `taken` counts all that it took."""

    __slots__ = ("_steps", "left", "taken")

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self._steps = self.left = steps
        self.taken = 0

    def renew(self, steps: int) -> None:
        """Allow so many steps for what comes next, in place of those that are left."""
        self._steps = self.left = steps

    def spend(self, steps: int) -> None:
        """Take steps off what is left.

        Raises:
            Refused: nothing is left.

        """
        self.taken += min(steps, max(self.left, 0))
        self.left -= steps
        if self.left < 0:
            raise Refused(
                "a check that takes too many steps",
                f"a check can take at most {self._steps:,} steps: use smaller sizes or fewer seeds",
                "budget",
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


def weight(value: object) -> int:
    """Give the steps that going through a value takes: one for each element of lists, less for a tensor's."""
    if isinstance(value, list | tuple):
        return 1 + sum(map(weight, value))
    if isinstance(value, str):
        return len(value) // 8 + 1
    shape = getattr(value, "shape", None)
    return 1 + (product(shape) >> TENSOR) if isinstance(shape, tuple) else 1


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
