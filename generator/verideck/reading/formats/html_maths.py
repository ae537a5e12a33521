r"""Formulas in fields of HTML: `\(…\)`, `\[…\]`, `[$]…[/$]`, `[latex]…[/latex]`, `<anki-mathjax>`."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

from verideck.reading.formats import escapes

OPEN, CLOSE = "\ue000", "\ue001"  # round the number of a formula that is held
HELD = re.compile(f"{OPEN}([0-9]+){CLOSE}")
_PAIRS = (
    ("\\(", "\\)", "inline"),
    ("\\[", "\\]", "block"),
    ("[$]", "[/$]", "inline"),
    ("[$$]", "[/$$]", "block"),
    ("[latex]", "[/latex]", "latex"),
    ('<anki-mathjax block="true">', "</anki-mathjax>", "block"),
    ("<anki-mathjax>", "</anki-mathjax>", "inline"),
)
_MOODLE = ("$$", "$$", "block")
_CLOSINGS = {opening: (closing, style) for opening, closing, style in (*_PAIRS, _MOODLE)}
_OPENER = re.compile("|".join(re.escape(opening) for opening, *_ in _PAIRS), re.IGNORECASE)
_OPENER_IN_MOODLE = re.compile(f"{_OPENER.pattern}|{re.escape(_MOODLE[0])}", re.IGNORECASE)
_LONGEST = 20_000  # characters of one formula
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?(?:-->|\Z)", re.DOTALL)
_ELSEWHERE = re.compile(r"</?(?:code|pre|li|td|th|table)\b", re.IGNORECASE)  # no formula reaches across these
_BREAK = re.compile(r"<br\b[^<>]*>|</?(?:div|p)\b[^<>]*>", re.IGNORECASE)
_NO_CLOZE = re.compile(r"\{(?=\{\s*(?:[cC]\s*)?(?:\d+\s*)?:)")  # a space between braces means nothing to TeX
_DIGIT_BEHIND = re.compile(f"{CLOSE}([0-9])")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as Markdown, and as it stood in the field."""

    markdown: str
    original: str


def hold(text: str, formulas: list[Formula], *, dollars: bool = False) -> str:
    """Put a mark in place of each formula, and the formula into `formulas`.

    With `dollars`, `$$…$$` is one, too, as Moodle has it. A formula that opens and never closes is text.
    """
    opener = _OPENER_IN_MOODLE if dollars else _OPENER
    if not opener.search(text):
        return text
    ends = _Ends(text.lower() if len(text.lower()) == len(text) else text)
    parts: list[str] = []
    done = position = 0
    while found := opener.search(text, position):
        position = found.end()
        opening = found.group().lower()
        closing, style = _CLOSINGS[opening]
        end = ends.find(closing, position)
        if not 0 <= end - position <= _LONGEST or ends.is_nested(opening, closing, position, end):
            continue
        made = _written(text[position:end], style)
        if not made:
            ends.refuse(closing, end)
            continue
        whole = text[found.start() : end + len(closing)]
        parts += (text[done : found.start()], f"{OPEN}{len(formulas)}{CLOSE}")
        formulas.append(Formula(made, whole))
        done = position = end + len(closing)
    return "".join((*parts, text[done:]))


class _Ends:
    """The ends of formulas in a text, each looked for once, however many openings stand in front of it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[str, int] = {}
        self._refused: dict[str, int] = {}

    def find(self, closing: str, position: int) -> int:
        """Return where the next end stands; -1 if there is none."""
        known = self._next.get(closing, 0)
        if 0 <= known < position:
            known = self._next[closing] = self._text.find(closing, position)
        return known

    def refuse(self, closing: str, end: int) -> None:
        """Note that what stands before an end is not a formula."""
        self._refused[closing] = end

    def is_nested(self, opening: str, closing: str, position: int, end: int) -> bool:
        """Return whether the text before a refused end opens again: its last opening is tried, no others."""
        return self._refused.get(closing) == end and self._text.find(opening, position, end) >= 0


def _written(inner: str, style: str) -> str:
    """Write a formula as Markdown; empty where it cannot be one."""
    if len(inner) > _LONGEST or _ELSEWHERE.search(inner):
        return ""
    text = " ".join(html.unescape(_TAG.sub("", _BREAK.sub(" ", inner))).split())
    text = _NO_CLOZE.sub("{ ", text)
    if style == "latex":
        for marks in ("$$", "$"):
            if text.startswith(marks) and text.endswith(marks) and len(text) > 2 * len(marks):
                text, style = text[len(marks) : -len(marks)].strip(), "block" if marks == "$$" else "inline"
                break
    if not text or "$" in text or escapes.varies(text) or text.endswith("\\"):
        return ""
    return f"$${text}$$" if style == "block" else f"${text}$"


def put_back(text: str, formulas: Sequence[Formula]) -> str:
    """Put the formulas back where their marks stand; a digit or a formula right behind would undo one."""
    text = _DIGIT_BEHIND.sub(lambda found: f"{CLOSE}&#{ord(found[1])};", text)
    text = text.replace(f"{CLOSE}{OPEN}", f"{CLOSE} {OPEN}")
    return HELD.sub(lambda found: formulas[int(found[1])].markdown, text)


def originals(text: str, formulas: Sequence[Formula]) -> str:
    """Put formulas back as they stood: inside code they are none."""
    return HELD.sub(lambda found: formulas[int(found[1])].original, text)
