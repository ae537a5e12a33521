"""Texts out of JSON: tokens, names of heads, words; whatever they hold, they can be written as UTF-8."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .limits import MOST_ALT, MOST_LABEL
from .wording import are, counted, kind, short

WORDS = ("query", "key", "masked", "weight", "score", "value")
_SURROGATE = re.compile("[\ud800-\udfff]")


def positions(count: int) -> list[str]:
    """Name what has no names: by numbers from 1."""
    return [str(number) for number in range(1, count + 1)]


def labels(value: Any, name: str, count: int, what: str) -> list[str]:
    """Read as many texts as there are of `what`, a noun; numbers are taken, too. Raises ValueError."""
    if not isinstance(value, list):
        raise ValueError(f"`{name}` is {kind(value)}, not a list of texts")  # noqa: TRY004  one for all
    if len(value) != count:
        raise ValueError(f"`{name}` has {counted(len(value), 'entry')}, but {are(count, what)}")
    return [_label(entry, name) for entry in value]


def _label(entry: Any, name: str) -> str:
    if isinstance(entry, bool) or not isinstance(entry, str | int | float):
        raise ValueError(f"`{name}` holds {kind(entry)}, not a text")  # noqa: TRY004  one for all
    return clean(str(entry), MOST_LABEL)


def alt(value: Any) -> str:
    """Read the text that stands for the picture. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"`alt` is {kind(value)}, not a text")  # noqa: TRY004  one for all
    return clean(value, MOST_ALT)


def words(value: Any) -> dict[str, str]:
    """Read the words that stand around the cells. Raises ValueError."""
    if not isinstance(value, Mapping):
        raise ValueError(f"`words` is {kind(value)}, not an object")  # noqa: TRY004  one for all
    for name, word in value.items():
        if name not in WORDS:
            raise ValueError(f"`words` knows no `{short(name)}`, only {', '.join(WORDS)}")
        if not isinstance(word, str):
            raise ValueError(f"`words` has {kind(word)} for `{name}`, not a text")  # noqa: TRY004  one for all
    return {name: clean(word, MOST_LABEL) for name, word in value.items()}


def clean(text: str, most: int) -> str:
    """Cut a text, and replace half letters (which JSON can spell, and no file can hold)."""
    return _SURROGATE.sub("�", text[:most])
