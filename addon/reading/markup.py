"""HTML as a browser cuts it into text, tags and what is neither: as much of it as finding text needs.

Every letter is looked at a bounded number of times, and no more than `MOST_TAGS` tags are cut.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .limits import MOST_TAGS

_LINES_NAMES = "address article blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul"
LINES = frozenset(_LINES_NAMES.split())
GAPS = frozenset(("td", "th"))
_EMPTY_NAMES = "area base br col embed hr img input link meta param source track wbr"
EMPTY = frozenset(_EMPTY_NAMES.split())
_RAW_NAMES = "iframe noembed noframes noscript plaintext script style textarea title xmp"
RAW = frozenset(_RAW_NAMES.split())

_OPENING = re.compile(r"<(?:[a-zA-Z!?]|/.)", re.DOTALL)
# What nearly every tag is like; others are walked through attribute by attribute.
_SIMPLE = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})(?=[\s/>])[^>"']*>""")
_NAME = re.compile(r"</?([^\s/>]+)")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:>|(?:=[^\s/>=]*|[^\s/>=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|(?=>)|[^\s"'>][^\s>]*))?)"""
)
_VALUE_FOLLOWS = re.compile(r"\s*=")
_COMMENT_END = re.compile(r"--!?>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_INVISIBLE = ("\ufeff", "\u200b", "\u2060")  # editors put them where a caret should find room


class Part(NamedTuple):
    """A piece of HTML: "text", "start" or "end" of the element `name`, "raw" (an element with all it holds).

    Comments and the like are "other". What never ends is left out, with all behind it.
    """

    kind: str
    start: int
    end: int
    name: str = ""


def parts(html: str) -> Iterator[Part]:
    """Cut HTML into its parts, in order."""
    at = 0
    for _ in range(MOST_TAGS):
        opening = _OPENING.search(html, at)
        if not opening:
            yield Part("text", at, len(html))
            return
        if opening.start() > at:
            yield Part("text", at, opening.start())
        part = _part(html, opening.start())
        if not part:
            return
        yield part
        at = part.end


def _part(html: str, start: int) -> Part | None:
    simple = _SIMPLE.match(html, start)
    if simple:
        closing, name, end = simple[1], simple[2].lower(), simple.end()
    elif html[start + 1] in "!?" or not html[start + 1 : start + 3].lstrip("/")[:1].isalpha():
        end = _comment(html, start)
        return Part("other", start, end) if end else None
    else:
        named = _NAME.match(html, start)
        end = _tag(html, named.end()) if named else 0
        if not named or not end:
            return None
        closing, name = html[start + 1] == "/", named[1].lower()
    if closing:
        return Part("end", start, end, name)
    if name in RAW:
        ending = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, end)
        stop = html.find(">", ending.end()) + 1 if ending else 0
        return Part("raw", start, stop, name) if stop else None
    return Part("start", start, end, name)


def _comment(html: str, start: int) -> int:
    if not html.startswith("<!--", start):
        return html.find(">", start) + 1
    for short in ("<!-->", "<!--->"):
        if html.startswith(short, start):
            return start + len(short)
    ending = _COMMENT_END.search(html, start + 4)
    return ending.end() if ending else 0


def _tag(html: str, at: int) -> int:
    """Give where a tag ends whose attributes begin at `at`; 0 where it does not."""
    for _ in range(MOST_TAGS):
        found = _ATTRIBUTE.match(html, at)
        if not found:
            return 0
        at = found.end()
        if html[at - 1] == ">":
            return at
        if _VALUE_FOLLOWS.match(html, at) and "=" not in found[0]:  # of a quote that never closes
            return 0
    return 0


def unescaped(text: str) -> str:
    """Undo entities, and what editors put into text: non-breaking spaces, marks without width."""
    if "&" in text:
        for entity, letter in (("&nbsp;", " "), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">")):
            text = text.replace(entity, letter)
        if text.count("&") == text.count("&amp;"):
            text = text.replace("&amp;", "&")
        else:
            text = _ENTITY.sub(lambda found: _letter(found[0]), text)
    text = text.replace("\u00a0", " ")
    for mark in _INVISIBLE:
        text = text.replace(mark, "")
    return text


@lru_cache(1024)
def _letter(entity: str) -> str:
    return entities.unescape(entity)


def text_of(html: str) -> str:
    """Give the text that HTML shows, in lines."""
    if "<" not in html:
        return unescaped(html)
    return unescaped("".join(piece(html, part) for part in parts(html)))


def piece(html: str, part: Part) -> str:
    """Give what a part is in the text, entities still in it."""
    if part.kind == "text":
        return html[part.start : part.end]
    return "\n" if part.name in LINES else " " if part.name in GAPS else ""
