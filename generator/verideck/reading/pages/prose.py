"""Lines of prose put together again: wrapped lines into one, the lines of a list left as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck.reading.items import Line

_LISTED = re.compile(r"(?:[-*•–]|\d{1,3}[.)]|\(?[ivx]{1,5}[.)])\s")
_GOES_ON = re.compile(r"[a-z(]")
_ENDED = re.compile(r"[.?!:;][\"')\]”’$]*\Z")
_ASKS = re.compile(r"\?[\"')\]”’$*]*\Z")
_TOLD_TO = re.compile(
    r"(?:describe|explain|list|compare|contrast|summari[sz]e|discuss|outline|define|name|give|write|show|draw|sketch"
    r"|walk through|tell|identify|derive|prove|state|calculate|compute|how|what|why|when|where|which|who)\b",
    re.IGNORECASE,
)
_SETS_A_SCENE = re.compile(
    r"(?:given|consider|suppose|assume|imagine|let|look at|you (?:have|are|want|train|need)"
    r"|an? \w+ (?:has|is|was))\b|.*:\Z",
    re.IGNORECASE | re.DOTALL,
)
_GLUED = re.compile(r"(?<=[a-z)\]\"'”’`]\?)(?=[A-Z])")


def paragraphs(lines: Sequence[Line]) -> list[str]:
    """Give the paragraphs of lines: each line is one, but wrapped lines are joined, a list's stay."""
    made: list[list[str]] = []  # in pieces, so that a long one takes no longer than its length
    apart = True
    for line in lines:
        text = line.text.strip()
        if not text:
            apart = True
        elif made and not apart and _LISTED.match(text):
            made[-1] += ["\n", text]
        elif made and not apart and _GOES_ON.match(text) and not ended(made[-1][-1]):
            made[-1] += [" ", text]
        else:
            made.append([text])
        apart = not text
    return ["".join(pieces) for pieces in made]


def joined(lines: Sequence[Line]) -> str:
    """Give the lines as one text, an empty line between paragraphs."""
    return "\n\n".join(paragraphs(lines))


def asks(text: str) -> bool:
    """Tell whether a text ends with a question mark."""
    return _ASKS.search(text.strip()[-12:]) is not None


def tells_to(text: str) -> bool:
    """Tell whether a text asks, or says what to do: `Describe …`."""
    return asks(text) or _TOLD_TO.match(text.strip()) is not None


def sets_a_scene(text: str) -> bool:
    """Tell whether a text is said before a question is asked: `Given …`, `Consider this table:`."""
    return not asks(text) and _SETS_A_SCENE.match(text.strip()[:300]) is not None


def ended(text: str) -> bool:
    """Tell whether a text ends as a sentence does."""
    return _ENDED.search(text.strip()[-6:]) is not None


def split_question(text: str) -> tuple[str, str]:
    """Part a question from what a copy has glued to it: `What is it?The tide.`; nothing glued gives `""`."""
    found = _GLUED.search(text)
    return (text[: found.start()], text[found.start() :]) if found else (text, "")
