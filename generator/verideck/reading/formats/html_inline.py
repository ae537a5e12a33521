"""HTML inside a line to Markdown: emphasis, code, links, images, line breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml import etree

from verideck.reading.formats import escapes, html_maths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_MARKS = 8  # inside each other: every line of a text gets all of them
RENAMED = "x-"  # before the names of elements that the parser would end where a block begins
BREAK = "\ue010"
CLOZE_OPEN, CLOZE_END = "\ue020", "\ue021"  # round the number of a cloze that is held
_MARKS = {"strong": ("\ue011", "\ue012", "**"), "em": ("\ue013", "\ue014", "*")}
_OPENED = {opening: closing for opening, closing, _ in _MARKS.values()}
_MARK = re.compile("[\ue011-\ue014]")
_PARAGRAPHS = re.compile(f" ?{BREAK} ?(?:{BREAK} ?)+")
_EMPHASIS = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
_TAGS = {
    "u": "u",
    "sub": "sub",
    "sup": "sup",
    "mark": "mark",
    "s": "s",
    "del": "del",
    "strike": "s",
    "kbd": "kbd",
}
CODE = frozenset(("code", "tt", "samp"))
MARKED = frozenset(("a", *CODE, *_EMPHASIS, *_TAGS))  # elements of a line that Markdown has marks for
_ACTING = "script style template noscript iframe object embed svg math audio video"
_FORMS = "title head input button select"
DROPPED = frozenset(f"{_ACTING} {_FORMS}".split())
_SECTIONS = "address article aside center details div fieldset figure footer form header main nav section"
_PARTS = "blockquote dd dl dt figcaption h1 h2 h3 h4 h5 h6 hr li ol p pre summary ul"
_TABLES = "caption table tbody td tfoot th thead tr"
BLOCKS = frozenset(f"{_SECTIONS} {_PARTS} {_TABLES}".split())
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)
_NAME = re.compile(r"[^/\\:<>\x00-\x1f]+(?:/[^/\\:<>\x00-\x1f]+)*")


@dataclass(slots=True)
class Writing:
    """What one field's conversion collects."""

    formulas: list[html_maths.Formula] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    around: list[etree._Element] = field(default_factory=list)  # those of a line that hold the blocks below
    nesting: int = 0  # elements with marks inside each other


def text_of(element: etree._Element, writing: Writing) -> str:
    """Return all the text of an element as code shows it: a block, and what follows one, begins a line."""
    parts = [element.text or ""]
    for event, child in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if child is element:
            continue
        if name(child) in BLOCKS and not parts[-1].endswith("\n"):
            parts.append("\n")
        text = child.tail if event != "start" else "\n" if child.tag == "br" else child.text
        if text:
            parts.append(text)
    return html_maths.originals("".join(parts), writing.formulas).replace("\u00a0", " ")


def inline(element: etree._Element, writing: Writing) -> str:
    """Write what an element holds, without a mark of its own."""
    parts = [escapes.part(element.text or "")]
    for child in element:
        parts += (written(child, writing), escapes.part(child.tail or ""))
    return escapes.SPACE.sub(" ", "".join(parts))


def written(element: etree._Element, writing: Writing) -> str:
    """Write an element that stands in a line; its marks are settled by `paragraphs`."""
    tag = name(element)
    if not tag or tag in DROPPED:
        return ""
    if tag == "br":
        return BREAK
    if tag == "img":
        return _image(element, writing)
    if tag in CODE:
        return escapes.code(text_of(element, writing).strip())
    writing.nesting += 1
    inner = inline(element, writing)
    writing.nesting -= 1
    return marked(element, inner) if writing.nesting < MAX_MARKS else inner


def name(element: etree._Element) -> str:
    """Return an element's name; empty for a comment and the like."""
    return element.tag.removeprefix(RENAMED) if isinstance(element.tag, str) else ""


def marked(element: etree._Element, inner: str) -> str:
    """Put an element's marks round what it holds: those of emphasis once a paragraph, others once a line."""
    tag = name(element)
    if tag in _EMPHASIS:
        opening, closing, _ = _MARKS[_EMPHASIS[tag]]
        pieces = enumerate(_pieces(_PARAGRAPHS, inner))  # every second one is a break
        return "".join(piece if at % 2 else _around(piece, opening, closing) for at, piece in pieces)
    write = _link if tag == "a" else _tagged if tag in _TAGS else None
    if write is None or not inner.strip(f" {BREAK}"):
        return inner
    if BREAK not in inner:
        return write(element, inner)
    if CLOZE_OPEN in inner:  # marks at the ends of its lines would cut a cloze
        return inner
    return BREAK.join(write(element, line) for line in _balanced(inner.split(BREAK)))


def _pieces(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Cut a text at a pattern; give what matches it, too."""
    done = 0
    for found in pattern.finditer(text):
        yield text[done : found.start()]
        yield found.group()
        done = found.end()
    yield text[done:]


def _balanced(lines: Iterable[str]) -> Iterator[str]:
    """End the emphasis that is open at the end of a line, and begin it again on the next."""
    opened: list[str] = []
    for line in lines:
        before = "".join(opened)
        for mark in _MARK.findall(line):
            if mark in _OPENED:
                opened.append(mark)
            else:
                opened.pop()
        yield f"{before}{line}{''.join(_OPENED[mark] for mark in reversed(opened))}"


def _around(inner: str, opening: str, closing: str) -> str:
    """Put marks round a text, inside the spaces and line breaks at its edges."""
    edges = f" {BREAK}"
    bare = inner.strip(edges)
    if not bare:
        return inner
    start = inner[: len(inner) - len(inner.lstrip(edges))]
    return f"{start}{opening}{bare}{closing}{inner[len(start) + len(bare) :]}"


def _tagged(element: etree._Element, inner: str) -> str:
    tag = _TAGS[name(element)]
    return _around(inner, f"<{tag}>", f"</{tag}>")


def _link(element: etree._Element, inner: str) -> str:
    address = (element.get("href") or "").strip()
    if not _LINK.fullmatch(address) or not inner.strip():
        return inner
    if inner == escapes.words(address):
        return address if re.fullmatch(r"https?://[\w./-]+\w", address) else f"<{address}>"
    address = address.replace("(", "%28").replace(")", "%29").replace("\\", "%5C")
    inner = re.sub(r"(?<!\\)([\[\]])(?!\()", r"\\\1", inner) if "![" not in inner else inner
    return _around(inner, "[", f"]({address})")


def _image(element: etree._Element, writing: Writing) -> str:
    source = unquote(_attribute(element, "src")).removeprefix("@@PLUGINFILE@@/").strip()
    if not _NAME.fullmatch(source) or source.startswith("heatmap:") or ".." in source.split("/"):
        shown = source if len(source) <= 40 else f"{source[:40]}…"
        writing.left_out.append(
            f"an image from elsewhere, `{shown}`" if source else "an image without a file"
        )
        return escapes.words(_attribute(element, "alt"))
    writing.images.append(source)
    alt = " ".join(_attribute(element, "alt").split()) or PurePosixPath(source).stem
    alt = re.sub(r"[\[\]\\`$<>]", "", alt).strip() or "picture"
    path = source if re.fullmatch(r"[^\s()]+", source) else f"<{source}>"
    return f"![{escapes.words(alt)}]({path})"


def _attribute(element: etree._Element, key: str) -> str:
    value = element.get(key) or ""
    return escapes.PRIVATE.sub("", value.replace(f"<{RENAMED}", "<").replace(f"</{RENAMED}", "</"))


def paragraphs(run: str) -> Iterator[str]:
    """Divide what stands in a row into paragraphs, each with its lines guarded and its marks settled."""
    for part in _PARAGRAPHS.split(escapes.SPACE.sub(" ", escapes.joined(run))):
        text = BREAK.join(line for one in part.split(BREAK) if (line := one.strip(" ")))
        if not text:
            continue
        settled = _settled(text)
        yield "\\\n".join(_whole(escapes.line(one)) for one in settled.split(BREAK))


def _whole(line: str) -> str:
    """Keep a backslash at the end of a line from breaking it."""
    ends = len(line) - len(line.rstrip("\\"))
    return f"{line}\\" if ends % 2 else line


def _settled(text: str) -> str:
    """Turn marks of emphasis into `*` where Markdown reads them so wherever they stand, else into tags."""
    pieces: list[str] = []
    opened: list[tuple[str, int, bool]] = []  # its name, its place among the pieces, whether `*` would do
    done = 0
    for found in _MARK.finditer(text):
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        pieces += (text[done : found.start()], "")
        done = found.end()
        name, opens = next(
            (key, found.group() == pair[0]) for key, pair in _MARKS.items() if found.group() in pair
        )
        if opens:
            opened.append((name, len(pieces) - 1, _apart(before) and _lettered(after)))
            continue
        if not opened:  # the other half lies in another paragraph
            continue
        _, place, fits = opened.pop()  # they were written in pairs, one inside the other
        stars = _MARKS[name][2] if fits and _lettered(before) and _apart(after) else ""
        pieces[place], pieces[-1] = stars or f"<{name}>", stars or f"</{name}>"
    return "".join((*pieces, text[done:]))


def _apart(character: str) -> bool:
    return not character or character in {BREAK, CLOZE_END} or character in " .,;:!?()\"'|{}/"


def _lettered(character: str) -> bool:
    return character.isalnum()
