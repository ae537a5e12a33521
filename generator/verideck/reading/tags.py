"""HTML inside a line: which tags mean something on a card, and a word for those that would vanish.

Whatever is not listed here is dropped when a card is rendered, and some tags take the text behind them along;
a `<mask>` that was meant as text would be lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from verideck.reading import inline, marks, near
from verideck.reading.inline import Fault

EVERYWHERE = frozenset({"dir", "lang"})
_PLAIN = "b br code del em i ins kbd mark q rp rt ruby s samp small span strong sub sup u var wbr"
# Tags that may stand in a line, with the attributes that they may have besides `EVERYWHERE`.
INLINE: Mapping[str, frozenset[str]] = MappingProxyType(
    dict.fromkeys(_PLAIN.split(), frozenset[str]())
    | {
        "a": frozenset({"href", "title"}),
        "abbr": frozenset({"title"}),
        "img": frozenset({"alt", "src"}),
    }
)

# CommonMark 0.31, section 6.6. Possessive repetition: a long run of letters is read once.
_ATTRIBUTE = r"""\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?"""
_TAG = re.compile(
    rf"<(?:/(?P<closing>[A-Za-z][A-Za-z0-9-]*+)\s*+|(?P<name>[A-Za-z][A-Za-z0-9-]*+)(?P<attributes>(?:{_ATTRIBUTE})*)\s*+/?)>"
    r"|<(?P<other>!--|\?|![A-Za-z]|!\[CDATA\[)"
)
_NAMES = re.compile(r"""\s([A-Za-z_:][\w.:-]*+)(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?""")


def faults(text: str) -> Iterator[Fault]:
    """Report each tag, attribute and comment that a card would not show; blocks of HTML are `near`'s."""
    for paragraph in inline.paragraphs(text):
        line, block = paragraph.start, _opens_block(text, paragraph.start)
        for found in _TAG.finditer(text, paragraph.start, paragraph.end):
            at = found.start()
            if (newline := text.rfind("\n", line, at)) >= 0:
                line, block = newline + 1, _opens_block(text, newline + 1)
            if block or paragraph.in_code(at) or paragraph.formula(at) or _is_text(text, at):
                continue
            message = _message(found)
            if message:
                yield Fault(at, message, f"text is written `\\{_head(found.group())}`, or in backticks")


def _opens_block(text: str, start: int) -> bool:
    end = text.find("\n", start)
    bare = text[start : end if end >= 0 else len(text)].lstrip(" \t")
    return near.opens_html(bare) and not marks.LONE_IMAGE.fullmatch(bare)


def _message(found: re.Match[str]) -> str:
    name = (found["closing"] or found["name"] or "").lower()
    if found["other"]:
        return "an HTML comment or instruction inside the text, which a card drops"
    if name not in INLINE:
        return f"an HTML tag `{_head(found.group())}` that a card does not show"
    allowed = INLINE[name] | EVERYWHERE
    for attribute in _NAMES.findall(found["attributes"] or ""):
        if attribute.lower() not in allowed:
            return f"an HTML attribute `{attribute}` that a card drops"
    return ""


def _head(tag: str) -> str:
    return tag if len(tag) <= 30 else f"{tag[:29]}…"


_BEFORE_TEXT = re.compile(r"(?<!\\)(?:\\\\)*\\\Z|\]\(\s*+\Z")


def _is_text(text: str, at: int) -> bool:
    """Tell whether a bracket is escaped, or opens the address of a link."""
    return _BEFORE_TEXT.search(text, max(0, at - 100), at) is not None
