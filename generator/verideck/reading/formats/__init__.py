"""Other programs' files to pages of items: GIFT, Aiken, text2qti, Anki's text and packages.

FORMATS is the literal table of what can be read; README.md beside it says what each cannot carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from verideck import guard
from verideck.cards import Location
from verideck.reading.formats import aiken, anki_package, anki_text, gift, ledger, looking, text2qti

if TYPE_CHECKING:
    from collections.abc import Callable

    from verideck.problems import Problem
    from verideck.reading.items import Page


@dataclass(frozen=True, slots=True)
class Format:
    """A format: suffixes that are its alone, what its content looks like, and its reader."""

    name: str
    suffixes: tuple[str, ...]
    looks: Callable[[bytes], bool]
    read: Callable[[bytes, str], Page]


FORMATS = (
    Format("anki package", (".apkg", ".colpkg"), looking.like_package, anki_package.read),
    Format("gift", (".gift",), looking.like_gift, gift.read),
    Format("anki text", (".csv", ".tsv"), looking.like_anki_text, anki_text.read),
    Format("aiken", (".aiken",), looking.like_aiken, aiken.read),
    Format("text2qti", (), looking.like_text2qti, text2qti.read),
)
SUFFIXES = tuple(suffix for form in FORMATS for suffix in form.suffixes)


def find(data: bytes, path: str) -> Format | None:
    """Find a file's format: by its suffix, else by what it holds; None where it is of none of them."""
    suffix = PurePath(path).suffix.lower()
    for form in FORMATS:
        if suffix in form.suffixes:
            return form
    return next((form for form in FORMATS if form.looks(data)), None)


def read(data: bytes, path: str) -> Page | None:
    """Read a file of one of the formats; None if it is of none of them. Never raises."""
    if (form := find(data, path)) is None:
        return None
    problems: list[Problem] = []
    page = guard.read(partial(form.read, data, path), "file", Location(path), problems)
    return page or ledger.unread(path, form.name, problems)
