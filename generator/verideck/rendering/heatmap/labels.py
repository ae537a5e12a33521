"""Tokens as labels: safe in XML, short, their width estimated."""

from __future__ import annotations

import unicodedata

MOST_LETTERS = 12

# Tokens are often blanks and line ends: they get a visible stand-in.
_VISIBLE = {"\n": "↵", "\t": "⇥", "\r": "↵"}


def clip(text: str, letters: int = MOST_LETTERS) -> str:
    """Make a token safe and short enough to show: no control characters, no stacks of accents."""
    text = plain("".join(_VISIBLE.get(letter, letter) for letter in text[:256]))
    if text and not text.strip():
        text = "␣" * len(text)
    kept: list[str] = []
    count = accents = 0
    for letter in text:
        accents = accents + 1 if unicodedata.combining(letter) else 0
        count += not accents
        if count > letters:
            return "".join(kept[:-1]).rstrip() + "…"
        if accents <= 2:
            kept.append(letter)
    return "".join(kept)


def plain(text: str) -> str:
    """Take out what XML forbids and what turns the direction of the text around it."""
    return "".join(
        letter
        for letter in text
        if (unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Zl", "Zp"))
        and letter not in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def breadth(text: str) -> float:
    """Estimate a text's width in pixels at 11 px."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    accents = sum(unicodedata.combining(letter) > 0 for letter in text)
    return 11 * wide + 6.4 * (len(text) - wide - accents)
