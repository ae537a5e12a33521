"""The formulas that MathJax finds in the HTML of a card, read as MathJax 3 reads it with Anki's settings."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator

from verideck.tex import Formula, Formulas

_PART = re.compile(r"<!--.*?-->|<(/?)([A-Za-z][^\s/>]*)[^>]*>|([^<]+)", re.DOTALL)
_SKIPPED = frozenset(
    ("annotation", "annotation-xml", "code", "noscript", "pre", "script", "style", "textarea")
)
_PASSED_OVER = {"br": "\n", "wbr": ""}  # what these are inside a formula; any other element ends the text


def find(html: str) -> Iterator[Formula]:
    """Yield each formula in HTML that is well-formed, as rendering writes it."""
    if is_possible(html):
        for text in _strings(html):
            yield from Formulas(text)


def is_possible(html: str) -> bool:
    """Return whether HTML that rendering wrote can hold a formula at all."""
    return "\\" in html or "&#92;" in html


def _strings(html: str) -> Iterator[str]:
    """Yield the texts in which a formula can begin and end."""
    text: list[str] = []
    skipped: list[str] = []
    for part in _PART.finditer(html):
        name = (part[2] or "").lower()
        if part[3]:
            text.append("" if skipped else part[3])
        elif name in _PASSED_OVER:
            text.append(_PASSED_OVER[name])
        elif name:
            yield entities.unescape("".join(text))
            text = []
            if part[1]:
                del skipped[-1 if skipped[-1:] == [name] else len(skipped) :]
            elif name in _SKIPPED:
                skipped.append(name)
    yield entities.unescape("".join(text))
