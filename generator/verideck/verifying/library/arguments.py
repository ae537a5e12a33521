"""Arguments that are one value: a number, a count, a flag, a word.

Every converter takes the value and the argument's name, and raises UnfitError, a ValueError, with a message
for a person. A boolean is not a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from verideck.problems import nearest

MOST_ELEMENTS = 4_000_000
"""How many numbers one value may hold."""

LARGEST = 10**15  # a size or a count


class UnfitError(ValueError):
    """An argument that does not fit; the message is for a person."""


def allow(count: int, what: str) -> None:
    """Refuse what would hold too many numbers, before it is made."""
    if count > MOST_ELEMENTS:
        raise UnfitError(
            f"{what} would hold {count:,} numbers; a check may hold {MOST_ELEMENTS:,}, so use smaller sizes"
        )


def is_number(value: object) -> bool:
    """Tell whether a value is a plain number; a boolean is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_tensor(value: object) -> bool:
    """Tell whether a value is a torch tensor, without importing torch."""
    return hasattr(value, "tolist") and hasattr(value, "dim")


def is_quantity(value: object) -> bool:
    """Tell whether a value carries a unit."""
    return hasattr(value, "amount") and hasattr(value, "unit")


def described(value: object) -> str:
    """Name what a value is, for a person."""
    if isinstance(value, bool):
        return "a boolean"
    if is_quantity(value):
        return f"a quantity in {value.unit}"  # type: ignore[attr-defined]  # just asked
    names = {int: "a number", float: "a number", str: "a text", list: "a list", tuple: "a list"}
    if is_tensor(value):
        return f"a tensor of shape {tuple(value.shape)}"  # type: ignore[attr-defined]  # a tensor
    return "nothing" if value is None else names.get(type(value), f"a {type(value).__name__}")


def number(value: Any, name: str) -> int | float:
    """Take one finite number."""
    if is_tensor(value) and value.numel() == 1:
        value = value.item()
    if not is_number(value):
        raise UnfitError(f"`{name}` is {described(value)} where a number is needed")
    if isinstance(value, float) and not math.isfinite(value):
        raise UnfitError(f"`{name}` is {'NaN' if math.isnan(value) else 'infinite'}")
    result: int | float = value
    return result


def integer(value: Any, name: str) -> int:
    """Take one whole number; 8.0 is one."""
    found = number(value, name)
    if found != int(found):
        raise UnfitError(f"`{name}` is {found}, not a whole number")
    if abs(found) > LARGEST:
        raise UnfitError(f"`{name}` is {found:.3g}; at most {LARGEST:.0e} can be counted")
    return int(found)


def count(value: Any, name: str) -> int:
    """Take a whole number from 1 upwards."""
    found = integer(value, name)
    if found < 1:
        raise UnfitError(f"`{name}` is {found}; it counts something, so it is at least 1")
    return found


def position(value: Any, name: str) -> int:
    """Take a whole number from 0 upwards."""
    found = integer(value, name)
    if found < 0:
        raise UnfitError(f"`{name}` is {found}; positions count from 0")
    return found


def digits(value: Any, name: str) -> int:
    """Take how many digits after the point to keep."""
    found = integer(value, name)
    if abs(found) > 15:
        raise UnfitError(f"`{name}` is {found}; numbers here have about 15 digits")
    return found


def positive(value: Any, name: str) -> int | float:
    """Take a number above 0."""
    found = number(value, name)
    if found <= 0:
        raise UnfitError(f"`{name}` is {found}; it must be above 0")
    return found


def probability(value: Any, name: str) -> int | float:
    """Take a number from 0 to 1."""
    found = number(value, name)
    if not 0 <= found <= 1:
        raise UnfitError(f"`{name}` is {found}; a probability lies from 0 to 1")
    return found


def degrees(value: Any, name: str) -> int | float:
    """Take an angle between two vectors, from 0 to 180 degrees."""
    found = number(value, name)
    if not 0 <= found <= 180:
        raise UnfitError(f"`{name}` is {found}; two vectors stand at 0 to 180 degrees")
    return found


def flag(value: Any, name: str) -> bool:
    """Take True or False."""
    if not isinstance(value, bool):
        raise UnfitError(f"`{name}` is {described(value)}; write True or False")
    return value


def text(value: Any, name: str) -> str:
    """Take a text."""
    if not isinstance(value, str):
        raise UnfitError(f"`{name}` is {described(value)} where a text in quotes is needed")
    return value


def choice(*known: str) -> Callable[[Any, str], str]:
    """Make a converter that takes one of a few words."""

    def convert(value: Any, name: str) -> str:
        word = text(value, name)
        if word not in known:
            hint = nearest(word, known) or "there are " + ", ".join(f'"{one}"' for one in known)
            raise UnfitError(f'`{name}` has no "{word}": {hint}')
        return word

    return convert
