"""Numbers as programs print them and spreadsheets show them."""

from __future__ import annotations

import re

from ..reading.limits import LARGEST

NUMBER = re.compile(r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+−]?\d+)?")
ENDLESS = re.compile(r"[-+−]?(?:nan|inf(?:inity)?|∞|None|NaT?)(?![\w.])", re.IGNORECASE)
_COMMA = re.compile(r"[-+−]?\d*,\d+(?:[eE][-+−]?\d+)?")
_LONGEST = 60  # letters of a number

TOO_LARGE = "this number is too large to draw"


def endless(word: str) -> str:
    """Give the reason why `nan`, `inf` or a missing number cannot be drawn."""
    hint = "write 0 there, and tick “Causal mask” where the future is masked"
    return f"`{word}` is no number that can be drawn: {hint}"


def value(word: str) -> float:
    """Read what `NUMBER` matched. Raises ValueError with a reason where it is too large."""
    if len(word) > _LONGEST:
        raise ValueError("this number has too many digits")
    number = float(word.replace("−", "-"))
    if not abs(number) <= LARGEST:
        raise ValueError(TOO_LARGE)
    return number


def cell(word: str, *, comma: bool) -> float | None:
    """Read a cell of a table, with a decimal comma where the table has them; None where it is no number."""
    word = word.strip()
    share = word.endswith("%")
    word = word.rstrip("% \xa0\u202f")
    if comma and _COMMA.fullmatch(word):
        word = word.replace(",", ".")
    if not NUMBER.fullmatch(word):
        return None
    number = value(word)
    return number / 100 if share else number
