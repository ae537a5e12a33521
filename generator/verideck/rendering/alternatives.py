"""Alternative texts of heatmaps: they say what one shows, and neither read its cells out nor just name it."""

from __future__ import annotations

import re

MOST_FIGURES = 4

_FIGURE = re.compile(r"[-−]?(?:\d+(?:[.,]\d+)?|[.,]\d+)%?")
_BETWEEN = re.compile(r"[\s,;/|\[\]()]+(?:and\s+)?")
_DECIMAL = re.compile(r"\.\d+")
_WORD = re.compile(r"[^\W\d_]+")
_SAYS_NOTHING = (
    "a an and attention figure for heat heatmap heatmaps image in key map mask masks matrix of picture plot "
    "query score scores softmax the this values weight weights with"
)
_EMPTY = frozenset(_SAYS_NOTHING.split())


def fault(alt: str) -> tuple[str, str] | None:
    """Say what is wrong with an alternative text, and how to mend it."""
    if _has_run(alt) or len(_DECIMAL.findall(alt)) > MOST_FIGURES:
        hint = "say what a person would notice, such as `Each row looks at the word before`"
        return "an alternative text that reads the cells out", hint
    words = [word.casefold() for word in _WORD.findall(alt)]
    if all(word in _EMPTY for word in words):
        hint = "say what it shows: whoever cannot see it learns only this"
        return "an alternative text that says no more than that there is a heatmap", hint
    return None


def _has_run(alt: str) -> bool:
    """Return whether figures follow each other, as the cells of a row do."""
    count, end = 0, 0
    for found in _FIGURE.finditer(alt):
        count = count + 1 if _BETWEEN.fullmatch(alt, end, found.start()) else 1
        end = found.end()
        if count == MOST_FIGURES:
            return True
    return False
