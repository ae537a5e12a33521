"""A field's HTML to Markdown that keeps the rules of a source: structure at column 0, no blocks of HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import lxml.html
from lxml import etree

from verideck.reading.formats import escapes, html_inline, html_maths
from verideck.reading.formats.html_inline import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

MOST = 300_000  # characters of one field
DEEPEST = 60  # elements inside each other
_NESTED = 5  # lists and quotes inside each other; deeper ones are written side by side

_SOUND = re.compile(r"\[sound:([^\[\]\n]{1,300})\]|\[anki:play:[^\[\]\n]{1,50}\]", re.IGNORECASE)
_ANKI = re.compile(r"\[/?anki:[^\[\]\n]{1,200}\]", re.IGNORECASE)
_MARKED = re.compile("[<&]")
_INSTRUCTION = re.compile(r"<\?[^<>]*>|<!(?!--)[^<>]*>")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)[^<>]*>")
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
        """Give the whole as Markdown."""
        return "\n\n".join(self.blocks)

    @property
    def inline(self) -> str:
        """Give the whole in one line, as an option or a typed answer holds it."""
        return "<br>".join(line for block in self.blocks for line in _lines(block))

    def divided(self, without: str) -> tuple[str, str]:
        """Give a heading and what stands below it; the heading is `without` where a block comes first."""
        if not self.blocks:
            return "", ""
        first, *others = self.blocks
        if _BLOCK.match(first):
            return without, self.text
        heading, _, below = first.partition("\\\n")
        return escapes.heading(heading), "\n\n".join(part for part in (below, *others) if part)


def _lines(block: str) -> Iterator[str]:
    lines = block.split("\n")
    if block.startswith("```"):
        yield from (escapes.code(line) for line in lines[1:-1] if line.strip())
        return
    for line in lines:
        text = re.sub(r"^(?:#{3,6}|>|[-*]) |^>$", "", line.strip().removesuffix("\\"))
        if text and not re.fullmatch(r"[| -]+|\*\*\*", text):
            yield text


def convert(html: str, *, dollars: bool = False, cloze: bool = False) -> Converted:
    """Convert a field; whatever it holds, this gives Markdown and never raises.

    With `dollars`, `$$…$$` is a formula; with `cloze`, `{{c1::…}}` stays a cloze.
    """
    text = escapes.cleaned(html)
    sounds = len(_SOUND.findall(text))
    text = _ANKI.sub("", _SOUND.sub("", text))
    writing = Writing()
    root = None
    if len(text) <= MOST:
        text = _CLOZE.sub(f"{html_inline.CLOZE_OPEN}\\1{html_inline.CLOZE_END}", text) if cloze else text
        text = html_maths.hold(text, writing.formulas, dollars=dollars)
        if not _MARKED.search(text):  # most fields: nothing to parse
            found = tuple(html_inline.paragraphs(escapes.part(text)))
            return Converted(_put_back(found, writing), (), sounds)
        root = _parsed(text)
    if root is None:
        made = [escapes.prose(_TAG.sub(" ", text)[:MOST])] if text.strip() else []
        left_out = ("its HTML, which is too large or nested too deep",) if text.strip() else ()
        return Converted(tuple(block for block in made if block), (), sounds, left_out)
    blocks = _put_back(_blocks(root, writing, 0), writing)
    return Converted(blocks, tuple(writing.images), sounds, tuple(dict.fromkeys(writing.left_out)))


def _put_back(blocks: Iterable[str], writing: Writing) -> tuple[str, ...]:
    """Put formulas and the marks of clozes back where they were held."""
    whole = (html_maths.put_back(block, writing.formulas) for block in blocks)
    return tuple(_CLOZE_HELD.sub(r"{{c\1::", block) for block in whole)


def plain(html: str) -> str:
    """Give a field's text in one line, for a title or a message."""
    text = escapes.cleaned(_SOUND.sub("", html[:MOST]))
    root = _parsed(text) if "<" in text or "&" in text else None
    return " ".join((text if root is None else html_inline.text_of(root, Writing())).split())


def _parsed(text: str) -> etree._Element | None:
    """Parse a field; None where it is nested so deep that the parser would drop some of it."""
    text = _INSTRUCTION.sub("", text)
    if not text.strip():
        return etree.Element("div")
    try:
        root: etree._Element = lxml.html.fragment_fromstring(text, create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        depth += {"start": 1, "end": -1}.get(event, 0)
        if depth > DEEPEST:
            return None
    return root


def _blocks(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write what an element holds, block by block."""
    made: list[str] = []
    run = [escapes.part(element.text or "")]
    for child in element:
        if _holds_blocks(child):
            made += html_inline.paragraphs("".join(run))
            run = []
            made += _WRITTEN.get(str(child.tag), _blocks)(child, writing, nesting)
        else:
            run.append(html_inline.written(child, writing))
        run.append(escapes.part(child.tail or ""))
    made += html_inline.paragraphs("".join(run))
    return made


def _holds_blocks(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in html_inline.DROPPED:
        return False
    return any(one.tag in _BLOCKS for one in element.iter())


def _heading(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write a heading below the level at which a card begins."""
    level = {"h1": 3, "h2": 3, "h3": 4, "h4": 5}.get(str(element.tag), 6)
    inner = list(html_inline.paragraphs(html_inline.inline(element, writing)))
    if nesting or any("\n" in text for text in inner):
        return inner
    return [f"{'#' * level} {escapes.heading(text)}" for text in inner]


def _rule(_element: etree._Element, _writing: Writing, nesting: int) -> list[str]:
    return [] if nesting else ["***"]


def _code(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write a block of code: a fence, or inside a list or quote, where none may stand, a span a line."""
    text = html_inline.text_of(element, writing).strip("\n").expandtabs(4)
    if not text.strip():
        return []
    if nesting or escapes.varies(text):
        return ["\\\n".join(escapes.code(line) for line in text.split("\n") if line.strip())]
    classes = " ".join(one.get("class") or "" for one in (element, *element.iter("code")))
    language = _LANGUAGE.search(classes)
    return [escapes.fence(text, language[1] if language else "")]


def _list(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write a list; inside many others its items stand side by side."""
    if nesting >= _NESTED:
        return [part for child in element for part in _blocks(child, writing, nesting)]
    items: list[str] = []
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag in {"ul", "ol"} and items:  # a list beside the items, as editors nest them
            inner = _list(child, writing, nesting + 1)
            items[-1] = "\n".join((items[-1], *(_indented(block, 3) for block in inner)))
            continue
        marker = f"{len(items) + 1}. " if element.tag == "ol" else "* "
        if item := _item(_blocks(child, writing, nesting + 1), marker):
            items.append(item)
    return ["\n".join(items)] if items else []


def _item(blocks: list[str], marker: str) -> str:
    if not blocks:
        return ""
    text = blocks[0]
    for block in blocks[1:]:
        text += ("\n" if re.match(r"(?:\*|1\.) ", block) else "\n\n") + block
    return marker + _indented(text, len(marker)).lstrip(" ")


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))


def _quote(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    inner = _blocks(element, writing, nesting + 1)
    if nesting >= _NESTED or not inner:
        return inner
    return ["\n".join(f"> {line}" if line else ">" for line in "\n\n".join(inner).split("\n"))]


def _table(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write a table, its first row as the head; inside a list or quote, its rows as paragraphs."""
    parts = [one for one in element if one.tag in {"thead", "tbody", "tfoot"}]
    own = [row for part in (element, *parts) for row in part if row.tag == "tr"]  # not those of inner tables
    rows = [[_cell(cell, writing) for cell in row if cell.tag in {"td", "th"}] for row in own]
    rows = [row for row in rows if any(row)]
    caption = [part for one in element.findall("caption") for part in _blocks(one, writing, 1)]
    if nesting:
        return [*caption, *(escapes.line(" · ".join(row)) for row in rows)]
    if not rows:
        return caption
    width = max(len(row) for row in rows)
    lines = [f"| {' | '.join((row + [''] * width)[:width])} |" for row in rows]
    lines.insert(1, f"|{' --- |' * width}")
    return [*caption, "\n".join(lines)]


def _cell(cell: etree._Element, writing: Writing) -> str:
    text = Converted(tuple(_blocks(cell, writing, _NESTED))).inline
    text = html_maths.HELD.sub(lambda found: writing.formulas[int(found[1])].markdown, text)
    return re.sub(r"(?<!\\)\|", r"\\|", text)


_LANGUAGE = re.compile(r"\blanguage-([A-Za-z0-9+#-]{1,30})")
_SECTIONS = "address article aside center details div fieldset figure footer form header main nav section"
_PARTS = "blockquote dd dl dt figcaption h1 h2 h3 h4 h5 h6 hr li ol p pre summary ul"
_TABLES = "table tbody td tfoot th thead tr"
_BLOCKS = frozenset(f"{_SECTIONS} {_PARTS} {_TABLES}".split())
_WRITTEN: Mapping[str, Callable[[etree._Element, Writing, int], list[str]]] = MappingProxyType(
    {
        **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
        **dict.fromkeys(("ul", "ol"), _list),
        "hr": _rule,
        "pre": _code,
        "blockquote": _quote,
        "table": _table,
    }
)
