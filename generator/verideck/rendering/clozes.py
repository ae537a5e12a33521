"""Clozes on their way through Markdown: private characters stand for them until Anki's marks can."""

from __future__ import annotations

import re

from verideck.reading import clozes
from verideck.reading.clozes import Cloze
from verideck.rendering.inert import SPLIT

# `inert.clean` takes these out of sources, so they can mean what they mean here.
_CLOSE, _HINT = "\U000f0000", "\U000f0001"
_NUMBERS = 0xF0100
MARKERS = re.compile("[\U000f0000-\U000f0fff]")

_ANY = "[^\U000f0000-\U000f0fff]*"
_WHOLE = re.compile(f"([\U000f0101-\U000f0fff])({_ANY})(?:{_HINT}({_ANY}))?{_CLOSE}")
_PIECE = re.compile("(<[^>]*>)|([\U000f0000-\U000f0fff])|([^<\U000f0000-\U000f0fff]+)")
_CUTTING = re.compile(r"\}(?=\})|:(?=:)")


def mark(markdown: str) -> str:
    """Put a private character in place of each cloze's `{{c1::`, `::` and `}}`."""
    done, parts = 0, list[str]()
    for cloze in clozes.find(markdown):
        parts += (markdown[done : cloze.start], chr(_NUMBERS + cloze.number), cloze.text)
        parts += (_HINT, cloze.hint) if cloze.hint else ()
        parts.append(_CLOSE)
        done = cloze.end
    return "".join((*parts, markdown[done:]))


def spelled(marked: str) -> tuple[str, tuple[Cloze, ...]]:
    """Write a formula's clozes as a source does; a marker without its partner is left out."""
    text, found = "", list[Cloze]()
    done = 0
    for cloze in _WHOLE.finditer(marked):
        text += strip(marked[done : cloze.start()])
        number, inner, hint = ord(cloze[1]) - _NUMBERS, cloze[2], cloze[3] or ""
        start = len(text)
        text += f"{{{{c{number}::{inner}{'::' if hint else ''}{hint}}}}}"
        found.append(Cloze(number, inner, hint, start, len(text)))
        done = cloze.end()
    return text + strip(marked[done:]), tuple(found)


def strip(text: str) -> str:
    """Take the markers out, for places where a cloze cannot stand."""
    return MARKERS.sub("", text)


def unmark(html: str) -> str:
    """Write Anki's marks, and break up every `}}` and `::` inside a cloze where Anki would cut it."""
    if not MARKERS.search(html):
        return html
    depth, parts = 0, list[str]()
    for tag, marker, text in _PIECE.findall(html):
        if marker:
            if parts and parts[-1][-1:] in ("{", "}", ":") and parts[-1] not in ("}}", "::"):
                parts.append(SPLIT)
            parts.append(_written(marker))
            depth += (marker not in (_CLOSE, _HINT)) - (marker == _CLOSE)
        elif depth and text:
            # A `:` right after the mark that opens a hint would lengthen it.
            parts += (SPLIT if text[0] == ":" else "", _CUTTING.sub(rf"\g<0>{SPLIT}", text))
        else:
            parts.append(tag or text)
    return "".join(parts)


def _written(marker: str) -> str:
    if marker == _CLOSE:
        return "}}"
    return "::" if marker == _HINT else f"{{{{c{ord(marker) - _NUMBERS}::"


def misplaced(html: str) -> bool:
    """Tell whether a cloze begins inside one element and ends inside another."""
    opened: list[str] = []
    starts: list[tuple[str, ...]] = []
    for tag, marker, _ in _PIECE.findall(html):
        if tag.startswith("</"):
            opened = opened[:-1]
        elif tag and not tag.startswith(("<br", "<img", "<hr", "<!", "<wbr")):
            opened.append(tag)
        elif marker == _CLOSE:
            if not starts or starts.pop() != tuple(opened):
                return True
        elif marker and marker != _HINT:
            starts.append(tuple(opened))
    return bool(starts)
