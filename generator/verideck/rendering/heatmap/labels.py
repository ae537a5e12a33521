"""Tokens as labels: safe in XML, short, their width estimated."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import accumulate

LONGEST = 84.0  # pixels of a token: about twelve letters
MOST_MARKS = 2  # on one letter
MOST_JOINED = 10  # code points of one emoji: a family of four has seven

# Tokens are often blanks and line ends: they get a visible stand-in.
_VISIBLE = {"\n": "↵", "\t": "⇥", "\r": "↵"}
_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"
_NARROW, _BROAD = frozenset("!'(),.:;I[]fijlrt{|}`"), frozenset("%@MWmw—…")


def clip(text: str, longest: float = LONGEST) -> str:
    """Make a token safe and short enough to show: no control characters, no stacks of accents."""
    text = plain("".join(_VISIBLE.get(letter, letter) for letter in text[:256]))
    if text and not text.strip():
        text = "␣" * len(text)
    whole = list(_letters(text))
    ends = list(accumulate(map(_breadth, whole)))
    if not ends or ends[-1] <= longest:
        return "".join(whole)
    kept = sum(end + _breadth("…") <= longest for end in ends)
    return "".join(whole[:kept]).rstrip() + "…"


def plain(text: str) -> str:
    """Take out what XML forbids and what turns the direction of the text around it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter
        for letter in text
        if unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Zl", "Zp") and letter not in _TURNING
    )


def breadth(text: str) -> float:
    """Estimate a text's width in pixels at 11 px."""
    return sum(map(_breadth, _letters(text)))


def is_leftward(text: str) -> bool:
    """Tell whether a text is written from right to left: its first letter of either direction says so."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((found for found in strong if found in ("L", "R", "AL")), "L") != "L"


def _letters(text: str) -> Iterator[str]:
    """Cut a text into what a reader takes for one letter: with its marks, an emoji with all it is made of."""
    if text.isascii():
        yield from text
        return
    letter = ""
    for point in text:
        if letter and _belongs(point, letter):
            marks = sum(unicodedata.category(one)[0] == "M" for one in letter)
            if len(letter) < MOST_JOINED and not (_is_mark(point) and marks >= MOST_MARKS):
                letter += point
            continue
        if letter:
            yield letter
        letter = point
    if letter:
        yield letter


def _belongs(point: str, letter: str) -> bool:
    flag = len(letter) == 1 and _is_flag(letter) and _is_flag(point)
    return _is_mark(point) or point == _JOINER or letter[-1] == _JOINER or _is_tone(point) or flag


def _is_mark(point: str) -> bool:
    return unicodedata.category(point)[0] == "M"


def _is_flag(point: str) -> bool:
    return "\U0001f1e6" <= point <= "\U0001f1ff"


def _is_tone(point: str) -> bool:
    return "\U0001f3fb" <= point <= "\U0001f3ff"


def _breadth(letter: str) -> float:
    first = letter[0]
    if first >= "\U0001f000" or _AS_EMOJI in letter:
        return 15.0
    if unicodedata.east_asian_width(first) in "WF":
        return 11.0
    return 3.9 if first in _NARROW else 10.0 if first in _BROAD else 6.7
