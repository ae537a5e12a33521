"""JSON of strangers: bounded in size, depth and digits before it is parsed, with messages for people."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any

from .limits import MOST_DEPTH, MOST_DIGITS, MOST_LISTS, MOST_TEXT, MOST_TEXTS, MOST_VALUES
from .wording import short

__all__ = ["loads", "short"]

# A text without an end reaches to the end, so that no letter is looked at twice.
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(r"[][{}]")
_STEP = {"[": 1, "{": 1, "]": -1, "}": -1}
_COUNTED = ("lists", "texts", "values")
_DEEP = f"more than {MOST_DEPTH} lists in one another"
_LONG = re.compile(rf"(?<![0-9])[0-9]{{{MOST_DIGITS}}}")
_LARGE = re.compile(r"[eE]\+?0*[1-9][0-9]{2}")
_CURLY = "“”„‟″"
_WORD = re.compile(r"[A-Za-z]+|.", re.DOTALL)
_NOT_DRAWN = "is no number that can be drawn"
# What people write instead of JSON, by the word or letter at which a parser stumbles.
_HINTS = {
    "'": 'texts stand in double quotes, "…"',
    "None": f"None {_NOT_DRAWN}",
    "nan": f"nan {_NOT_DRAWN}",
    "inf": f"inf {_NOT_DRAWN}",
    "True": "true is written in small letters",
    "False": "false is written in small letters",
    "(": "lists stand in square brackets",
    ".": "a number begins with a digit: 0.5",
    "+": "a number has no plus sign",
} | dict.fromkeys("“”„‟‘’", 'a curly quote; JSON takes straight ones, "…"')


def loads(text: str, most: int = MOST_TEXT) -> Any:
    """Parse JSON. Raises ValueError with line, column and what is wrong there.

    Refused are more than `most` letters, too many lists, texts or values, deep nesting, numbers of many
    digits or beyond 1e99, NaN and infinity, and a key that stands twice in an object.
    """
    if len(text) > most:
        raise ValueError(f"{len(text):,} letters are more than the {most:,} that are read")
    if '"' not in text:  # so curly quotes can only be what a word processor made of straight ones
        for curly in _CURLY:
            text = text.replace(curly, '"')
    _check_counts(text)
    bare = _STRING.sub("", text)
    _check_depth(bare)
    _check_numbers(bare)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as fault:
        raise ValueError(_told(fault)) from None
    except RecursionError:  # a stack that was nearly full before
        raise ValueError(_DEEP) from None


def _check_counts(text: str) -> None:
    """Count at the speed of C, before anything is done for each."""
    counts = (text.count("[") + text.count("{"), text.count('"') // 2, text.count(","))
    for count, most, what in zip(counts, (MOST_LISTS, MOST_TEXTS, MOST_VALUES), _COUNTED, strict=True):
        if count > most:
            raise ValueError(f"{count:,} {what} are more than the {most:,} that are read")


def _check_depth(bare: str) -> None:
    depths = accumulate(_STEP[bracket] for bracket in _BRACKET.findall(bare))
    if max(depths, default=0) > MOST_DEPTH:
        raise ValueError(_DEEP)


def _check_numbers(bare: str) -> None:
    if _LONG.search(bare):
        raise ValueError(f"a number of {MOST_DIGITS} digits and more")
    if large := _LARGE.search(bare):
        raise ValueError(f"a number with {large[0][:20]} is too large")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"`{short(key)}` stands twice")
            seen.add(key)
    return made


def _constant(name: str) -> Any:
    raise ValueError(f"{name} {_NOT_DRAWN}")


def _told(fault: json.JSONDecodeError) -> str:
    where = f"line {fault.lineno}, column {fault.colno}"
    here = fault.doc[fault.pos : fault.pos + 1]
    word = found[0] if (found := _WORD.match(fault.doc, fault.pos)) else ""
    if fault.msg.startswith("Invalid control character"):
        return f"{where}: a line ends inside a text"
    if fault.msg.startswith("Unterminated string"):
        return f"{where}: this text has no closing quote"
    if fault.msg.startswith("Extra data"):
        return f"{where}: nothing may follow the last bracket"
    if not here:
        return f"{where}: the text ends too early"
    if word in _HINTS:
        return f"{where}: {_HINTS[word]}"
    if fault.msg.startswith("Expecting ',' delimiter"):
        return f"{where}: a comma is missing, or a bracket before it does not match"
    if here in "]}":
        return f"{where}: a comma stands before a closing bracket, or something is missing"
    return f"{where}: {fault.msg[:1].lower()}{fault.msg[1:]}, not `{short(here)}`"
