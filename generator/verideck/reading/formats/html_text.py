"""A field's HTML to Markdown that keeps the rules of a source: structure at column 0, no blocks of HTML."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import lxml.html
from lxml import etree

from verideck import guard
from verideck.reading.formats import escapes, html_blocks, html_inline, html_maths
from verideck.reading.formats.html_inline import Writing

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_FIELD = 300_000  # characters of one field
MAX_DEPTH = 60  # elements inside each other

_SOUND = re.compile(r"\[sound:([^\[\]\n]{1,300})\]|\[anki:play:[^\[\]\n]{1,50}\]", re.IGNORECASE)
_ANKI = re.compile(r"\[/?anki:[^\[\]\n]{1,200}\]", re.IGNORECASE)
_MARKED = re.compile("[<&]")
_INSTRUCTION = re.compile(r"<\?[^<>]*>|<!(?!--)[^<>]*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# The parser ends these where a paragraph or a table begins; under a name that it does not know it does not.
_RENAMED = re.compile(r"<(/?)(?=(?:a|b|big|center|font|i|s|small|strike|tt|u)[\s/>])", re.IGNORECASE)
_CLOZE = re.compile(r"\{\{c(\d{1,9})::")
_CLOZE_HELD = re.compile(f"{html_inline.CLOZE_OPEN}([0-9]+){html_inline.CLOZE_END}")
_BLOCK = re.compile(r"`{3}|[-*>] |>$|\d{1,9}\. |\||#{1,6} |\*\*\*$")


@dataclass(frozen=True, slots=True)
class Converted:
    """A field as Markdown, and what it names."""

    blocks: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    sounds: int = 0
    left_out: tuple[str, ...] = ()  # what Markdown cannot say, in words

    @property
    def text(self) -> str:
        """Return the whole as Markdown."""
        return "\n\n".join(self.blocks)

    @property
    def inline(self) -> str:
        """Return the whole in one line, as an option or a typed answer holds it."""
        return html_blocks.in_one_line(self.blocks)

    def divided(self, without: str) -> tuple[str, str]:
        """Return a heading and what stands below it; the heading is `without` if a block comes first."""
        if not self.blocks:
            return "", ""
        first, *others = self.blocks
        if _BLOCK.match(first):
            return without, self.text
        heading, _, below = first.partition("\\\n")
        return escapes.heading(heading), "\n\n".join(part for part in (below, *others) if part)


def convert(html: str, *, dollars: bool = False, cloze: bool = False) -> Converted:
    """Convert a field; whatever it holds, this gives Markdown and never raises.

    With `dollars`, `$$…$$` is a formula; with `cloze`, `{{c1::…}}` stays a cloze.
    """
    text = escapes.cleaned_html(html)
    sounds = len(_SOUND.findall(text))
    text = _ANKI.sub("", _SOUND.sub("", text))
    if len(text) > MAX_FIELD:
        return replace(_without_html(text, "which is too large"), sounds=sounds)
    made, fault = guard.attempt(lambda: _converted(text, dollars=dollars, cloze=cloze))
    if fault is not None:
        made = _without_html(text, f"which cannot be read: {fault}; report it, it is a fault of Verideck")
    return replace(made or _without_html(text, "which is nested too deep"), sounds=sounds)


def _converted(text: str, *, dollars: bool, cloze: bool) -> Converted | None:
    """Convert a field of an ordinary size; None if its elements are nested too deep."""
    writing = Writing()
    text = _CLOZE.sub(f"{html_inline.CLOZE_OPEN}\\1{html_inline.CLOZE_END}", text) if cloze else text
    text = html_maths.hold(text, writing.formulas, dollars=dollars)
    if not _MARKED.search(text):  # most fields: nothing to parse
        return Converted(_put_back(html_inline.paragraphs(escapes.part(text)), writing))
    if (root := _parsed(text)) is None:
        return None
    blocks = _put_back(html_blocks.blocks(root, writing), writing)
    return Converted(blocks, tuple(writing.images), 0, tuple(dict.fromkeys(writing.left_out)))


def _without_html(text: str, reason: str) -> Converted:
    """Keep a field's text alone, and say why."""
    plain = entities.unescape(_TAG.sub(" ", text))
    blocks = [block for block in escapes.prose(plain[:MAX_FIELD]).split("\n\n") if block]
    left_out = [f"its HTML, {reason}"] if plain.strip() else []
    left_out += [f"all after its first {MAX_FIELD:,} characters"] if len(plain) > MAX_FIELD else []
    return Converted(tuple(blocks), left_out=tuple(left_out))


def _put_back(blocks: Iterable[str], writing: Writing) -> tuple[str, ...]:
    """Put formulas and the marks of clozes back where they were held."""
    whole = (html_maths.put_back(block, writing.formulas) for block in blocks)
    return tuple(_CLOZE_HELD.sub(r"{{c\1::", block) for block in whole)


def plain(html: str) -> str:
    """Return a field's text in one line, for a title or a message."""
    text = escapes.cleaned_html(_SOUND.sub("", html[:MAX_FIELD]))
    root = _parsed(text) if "<" in text or "&" in text else None
    return " ".join((text if root is None else html_inline.text_of(root, Writing())).split())


def _parsed(text: str) -> etree._Element | None:
    """Parse a field; None if it is nested so deep that the parser would drop some of it."""
    text = _RENAMED.sub(rf"<\1{html_inline.RENAMED}", _INSTRUCTION.sub("", text))
    if not text.strip():
        return etree.Element("div")
    try:
        root: etree._Element = lxml.html.fragment_fromstring(text, create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        depth += {"start": 1, "end": -1}.get(event, 0)
        if depth > MAX_DEPTH:
            return None
    return root
