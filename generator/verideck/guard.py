"""The last resort against faults of ours: the part that a reader fails on is reported, the others are read.

Readers are written so that nothing they are given makes them raise. If one does, that is a fault of ours; it
costs a note, a card or a file, never the whole run, and it is an error that a person can report.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

from verideck.problems import Problem, error

if TYPE_CHECKING:
    from collections.abc import Callable

    from verideck.cards import Location

Made = TypeVar("Made")
_LONGEST = 120  # characters of what Python says
HINT = "this is a fault of Verideck: report it with this {what}; everything else was read"


def attempt(make: Callable[[], Made]) -> tuple[Made | None, str | None]:
    """Return what `make` returns, or None and a description of the fault for which it failed."""
    try:
        return make(), None
    except Exception as fault:  # noqa: BLE001 - whatever it is, the other parts are read
        return None, describe(fault)


def read(make: Callable[[], Made], what: str, at: Location, problems: list[Problem]) -> Made | None:
    """Return what `make` reads, or None and add an error at the place of the part.

    `what` names the part in a word, such as `note`, and `at` is where it begins.
    """
    made, fault = attempt(make)
    if fault is not None:
        problems.append(error(at, f"cannot read this {what}: {fault}", HINT.format(what=what)))
    return made


def describe(fault: BaseException) -> str:
    """Describe a fault in words that help to find it: what Python says, and the line of ours that it left."""
    said = " ".join(str(fault).split())
    trace, place = fault.__traceback__, ""
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path != __file__ and "verideck" in PurePath(path).parts:
            place = f" ({PurePath(path).name}:{trace.tb_lineno})"
        trace = trace.tb_next
    return f"{type(fault).__name__}{f': {said[:_LONGEST]}' if said else ''}{place}"
