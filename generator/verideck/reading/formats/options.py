"""Options and their key, as other formats state it: a letter, a number, a text, a row of ones and zeros."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.reading.items import ItemOption

if TYPE_CHECKING:
    from collections.abc import Sequence

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BULLET = re.compile(r"^(?:[-*+] |\d{1,2}\\?[.)] )?\s*(?:\(?[A-Za-z]\\?[.)] ?|\d{1,2}\\?[.)] )?\s*")
_PARTS = re.compile(r"[\s,;&/]+|\band\b")
_BITS = re.compile(r"[01](?:[ ,;|]*[01])*")
_MARK = re.compile(r"[\\`*_$]|<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The options' texts, and which of them are right, from 0."""

    texts: tuple[str, ...]
    ticked: frozenset[int]
    several: bool = False


def listed(markdown: str) -> list[str]:
    """Divide a text that lists options, one a line, and take their letters off."""
    lines = (line.strip().removesuffix("\\") for line in markdown.split("\n"))
    return [text for line in lines if (text := _BULLET.sub("", line, count=1))]


def choose(texts: Sequence[str], answer: str, *, wrong: bool = False, several: bool = False) -> Chosen:
    """Find the options that an answer names; with `wrong` it may be one more, and the only right one."""
    if wrong and answer and _named(texts, answer) is None:
        return Chosen((answer, *texts), frozenset((0,)))
    ticked = _ticked(texts, answer)
    return Chosen(tuple(texts), ticked, several or len(ticked) > 1)


def made(chosen: Chosen, line: int) -> tuple[ItemOption, ...]:
    """Make the options of an item."""
    return tuple(
        ItemOption(text, line, letter(number), ticked=number in chosen.ticked)
        for number, text in enumerate(chosen.texts)
    )


def letter(number: int) -> str:
    """Give the letter of an option, counted from 0."""
    return _LETTERS[number] if number < len(_LETTERS) else ""


def _ticked(texts: Sequence[str], answer: str) -> frozenset[int]:
    if (place := _named(texts, answer)) is not None:
        return frozenset((place,))
    bits = re.findall("[01]", answer) if _BITS.fullmatch(answer.strip()) else []
    if len(bits) >= len(texts) > 1:
        return frozenset(place for place, bit in enumerate(bits[: len(texts)]) if bit == "1")
    parts = [part.strip("().:") for part in _PARTS.split(_plain(answer).upper())]
    places = [_place(part) for part in parts if part]
    if places and all(0 <= place < len(texts) for place in places):
        return frozenset(places)
    opening = re.match(r"\(?([A-Za-z])[.):]\s+(.*)", _plain(answer))  # `B. its text`
    if opening and 0 <= _place(opening[1].upper()) < len(texts):
        place = _place(opening[1].upper())
        return frozenset((place,)) if _plain(texts[place]) == opening[2].strip() else frozenset()
    return frozenset()


def _named(texts: Sequence[str], answer: str) -> int | None:
    plain = _plain(answer)
    found = [place for place, text in enumerate(texts) if plain and _plain(text) == plain]
    return found[0] if len(found) == 1 else None


def _place(part: str) -> int:
    if len(part) == 1 and part in _LETTERS:
        return _LETTERS.index(part)
    return int(part) - 1 if part.isascii() and part.isdigit() and len(part) < 3 else -1


def _plain(text: str) -> str:
    return " ".join(_MARK.sub("", text).split())
