"""HTML saved instead of text: the visible text in lines, as a browser would copy it.

Besides what a browser copies, what a card needs is kept: whether a box is ticked, raised and lowered digits
(`10⁻³`), formulas as TeX, the letters and numbers of lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from verideck.cards import Location
from verideck.problems import Problem, warning
from verideck.reading.items import Line
from verideck.reading.pages import decoding

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ELEMENTS = 60_000
DEEPEST = 250  # the parser's own limit; what lies deeper is not read

_IS_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*){0,9}"
    r"<(?:!doctype\s+html|html|head|body|div|main|section|article|table|form|h[1-6]|ul|ol|p|pre|span"
    r"|title|meta|link|script|style)(?=[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
_DROPPED = frozenset(
    {"script", "style", "head", "noscript", "template", "svg", "iframe", "object", "embed", "video"}
    | {"audio", "canvas", "datalist", "map"}
)
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul", "ol", "dl", "table", "blockquote"})
_BLOCKS = _APART | frozenset(  # what begins a line; an empty line stands beside those that stand apart
    {"address", "article", "aside", "body", "button", "caption", "center", "dd", "details", "dialog", "dir"}
    | {"div", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend"}
    | {"li", "main", "menu", "nav", "optgroup", "option", "section", "select", "summary", "tbody", "textarea"}
    | {"tfoot", "thead", "tr"}
)
_CELLS = frozenset({"td", "th"})
_KEEPS_SPACE = frozenset({"pre", "textarea", "listing", "xmp"})
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|user-select\s*:\s*none", re.IGNORECASE
)
_HIDDEN_CLASSES = frozenset({"linenos", "lineno", "line-numbers-rows", "katex-html", "MathJax_Preview"})
_RAISED = str.maketrans("0123456789+-−=()nix", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱˣ")
_LOWERED = str.maketrans("0123456789+-−=()aeoxijkn", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓᵢⱼₖₙ")
_SPACE = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be seen of an HTML page: its lines, each with its number in the file, and its title."""

    lines: tuple[Line, ...]
    title: str
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Writer:
    """The lines so far, and the one that is being written."""

    lines: list[Line] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    number: int = 0  # of the current line's first text
    apart: bool = False  # an empty line is due before more text

    def write(self, text: str, number: int) -> None:
        """Write text with its spaces folded."""
        folded = _SPACE.sub(" ", text)
        if not self.parts or self.parts[-1].endswith((" ", "\t")):
            folded = folded.lstrip(" ")
        if folded:
            self.number = self.number or number + text[: len(text) - len(text.lstrip())].count("\n")
            self.parts.append(folded)

    def keep(self, text: str, number: int) -> None:
        """Write text as it stands, line ends and all."""
        for index, part in enumerate(text.split("\n", decoding.MOST_LINES + 1)):
            if index:
                self.end(number + index - 1, empty=True)
            if part:
                self.number = self.number or number + index
                self.parts.append(part)

    def end(self, number: int, *, empty: bool = False) -> None:
        """End the current line; where nothing is on it, make an empty line only if told to."""
        text = decoding.plain("".join(self.parts)).rstrip()
        if text:
            if self.apart and self.lines:
                self.lines.append(Line(self.number, ""))
            self.apart = False
            self.lines.append(Line(self.number, text))
        elif empty:
            self.lines.append(Line(self.number or number, ""))
        self.parts.clear()
        self.number = 0


def is_html(text: str) -> bool:
    """Tell whether a page is HTML, by its beginning."""
    return _IS_HTML.match(text) is not None


def read(text: str, path: str) -> Document:
    """Give what is to be seen of an HTML page. Broken HTML is read as browsers read it."""
    from lxml import etree  # takes 40 ms, and most pages are text

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, recover=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.XMLSyntaxError:  # nothing at all in it
        root = None
    if root is None:
        return Document((), "", (warning(Location(path), "HTML without a text"),))
    walk = _Walk(_Writer())
    # What stands below `</html>`, a second page saved into the file, is a root beside the first.
    roots = (root, *root.itersiblings(tag=etree.Element))
    events = ("start", "end", "comment", "pi")
    for event, element in chain.from_iterable(etree.iterwalk(one, events=events) for one in roots):
        walk.step(event, element)
        if walk.elements > MOST_ELEMENTS or len(walk.writer.lines) > decoding.MOST_LINES:
            break
    walk.writer.end(walk.number)
    problems = walk.problems(path)
    return Document(tuple(walk.writer.lines), walk.title, problems)


@dataclass(slots=True)
class _Walk:
    """A walk over the elements in document order, with what holds where it is."""

    writer: _Writer
    title: str = ""
    number: int = 1  # the file's line, counted on where the parser does not tell
    elements: int = 0
    open: list[bool] = field(default_factory=list)  # the open elements: whether each hides what is in it
    hidden: int = 0  # how many of them do
    kept: int = 0  # how many of them keep spaces
    deepest: int = 0
    lists: list[tuple[str, int]] = field(default_factory=list)  # the open lists: their style, the next number
    scripts: list[Mapping[int, int]] = field(default_factory=list)

    def step(self, event: str, element: _Element) -> None:
        """Take one event of the walk."""
        if event in {"comment", "pi"}:
            below = self.number + (element.text or "").count("\n")
            self.number = max(below, element.sourceline or 0)
            self._text(element.tail)
        elif event == "start":
            self._start(element)
        else:
            self._end(element)

    def problems(self, path: str) -> tuple[Problem, ...]:
        """Say what was too large to be read."""
        found = []
        if self.elements > MOST_ELEMENTS:
            hint = "copy the text of its questions into a text file"
            found.append(warning(Location(path, self.number), "the HTML is too large; read up to here", hint))
        if self.deepest >= DEEPEST:
            hint = "copy the text of its questions into a text file"
            found.append(warning(Location(path), "the HTML nests too deeply to be read whole", hint))
        return tuple(found)

    def _start(self, element: _Element) -> None:
        tag = str(element.tag).lower()
        self.elements += 1
        self.number = max(self.number, element.sourceline or 0)
        if tag == "title" and not self.title:
            self.title = _SPACE.sub(" ", element.text or "").strip()[:300]
        formula = "" if self.hidden else _formula(element, tag)
        self.open.append(bool(formula) or _hides(element, tag))
        self.deepest = max(self.deepest, len(self.open))
        if formula:
            self._say(formula)
        if self.open[-1]:
            self.hidden += 1
        elif not self.hidden:
            self._open(element, tag)
        self._text(element.text)

    def _end(self, element: _Element) -> None:
        tag = str(element.tag).lower()
        if self.open.pop():
            self.hidden -= 1
        elif not self.hidden:
            self._close(tag)
        self._text(element.tail)

    def _open(self, element: _Element, tag: str) -> None:
        if tag in _BLOCKS:
            self.writer.end(self.number)
            self.writer.apart |= tag in _APART
        if tag in _KEEPS_SPACE:
            self.kept += 1
        if tag == "br":
            self.writer.end(self.number, empty=True)
        elif tag in _CELLS and self.writer.parts:
            self.writer.parts.append("\t")
        elif tag in {"ul", "ol", "menu"}:
            self.lists.append((_list_style(element, tag), _first(element)))
        elif tag == "li":
            self._item(element)
        elif tag == "input":
            self._input(element)
        elif tag == "img":
            self._image(element)
        elif tag in {"sup", "sub"}:
            self.scripts.append(_RAISED if tag == "sup" else _LOWERED)

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.writer.end(self.number)
            self.writer.apart |= tag in _APART
        if tag in _KEEPS_SPACE:
            self.kept -= 1
        if tag in {"ul", "ol", "menu"} and self.lists:
            self.lists.pop()
        if tag in {"sup", "sub"} and self.scripts:
            self.scripts.pop()

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if not self.hidden:
            shown = _scripted(text, self.scripts[-1]) if self.scripts else text
            (self.writer.keep if self.kept else self.writer.write)(shown, self.number)
        self.number += text.count("\n")

    def _say(self, text: str) -> None:
        self.writer.write(text, self.number)

    def _item(self, element: _Element) -> None:
        if not self.lists:
            return
        style, count = self.lists.pop()
        own = element.get("value") or ""
        count = int(own) if own.isascii() and own.isdigit() and len(own) < 6 else count
        self.lists.append((style, count + 1))
        if style == "1":
            self._say(f"{count}. ")
        elif style in {"A", "a"} and 0 < count <= 26:
            self._say(f"{chr(ord(style) + count - 1)}. ")

    def _input(self, element: _Element) -> None:
        kind, ticked = (element.get("type") or "").lower(), element.get("checked") is not None
        if kind in {"checkbox", "radio"}:
            self.writer.end(self.number)
        if kind == "checkbox":
            self._say("☑ " if ticked else "☐ ")
        elif kind == "radio":
            self._say("◉ " if ticked else "○ ")

    def _image(self, element: _Element) -> None:
        alt = (element.get("alt") or "").strip()
        if alt and len(alt) < 9 and not alt.isascii():  # an emoji
            self._say(alt)


def _formula(element: _Element, tag: str) -> str:
    """Give a formula as TeX, which pages carry hidden beside what they draw; empty where there is none."""
    tex: str | None = None
    if tag == "script" and (element.get("type") or "").startswith("math/tex"):
        tex = element.text
    elif tag == "math":
        notes = element.iterdescendants("annotation")
        tex = next((note.text for note in notes if note.get("encoding") == "application/x-tex"), None)
    return f"${tex.strip()}$" if tex and tex.strip() else ""


def _hides(element: _Element, tag: str) -> bool:
    if tag in _DROPPED or element.get("hidden") is not None:
        return True
    style = element.get("style")
    if style and _HIDDEN_STYLE.search(style[:2000]):
        return True
    classes = element.get("class")
    return bool(classes) and not _HIDDEN_CLASSES.isdisjoint(classes[:2000].split())


def _list_style(element: _Element, tag: str) -> str:
    style = (element.get("type") or "1") if tag == "ol" else ""
    plain = re.search(r"list-style(?:-type)?\s*:\s*none", (element.get("style") or "")[:2000], re.IGNORECASE)
    return "" if plain else style


def _first(element: _Element) -> int:
    start = element.get("start") or "1"
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1


def _scripted(text: str, table: Mapping[int, int]) -> str:
    """Raise or lower a short text of digits and signs; other text stays as it is."""
    stripped = text.strip()
    short = 0 < len(stripped) <= 12 and all(ord(character) in table for character in stripped)
    return stripped.translate(table) if short else text
