"""HTML inside a line to Markdown: emphasis, code, links, images, line breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from verideck.reading.formats import escapes, html_maths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

BREAK = "\ue010"
CLOZE_OPEN, CLOZE_END = "\ue020", "\ue021"  # round the number of a cloze that is held
_MARKS = {"strong": ("\ue011", "\ue012", "**"), "em": ("\ue013", "\ue014", "*")}
_MARK = re.compile("[\ue011-\ue014]")
_EDGES = re.compile(f"^([ {BREAK}]*)(.*?)([ {BREAK}]*)$", re.DOTALL)
_PARAGRAPHS = re.compile(f" *{BREAK} *(?:{BREAK} *)+")
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
_CODE = frozenset(("code", "tt", "samp"))
_ACTING = "script style template noscript iframe object embed svg math audio video"
_FORMS = "title head input button select"
DROPPED = frozenset(f"{_ACTING} {_FORMS}".split())
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)
_NAME = re.compile(r"[^/\\:<>\x00-\x1f]+(?:/[^/\\:<>\x00-\x1f]+)*")


@dataclass(slots=True)
class Writing:
    """What one field's conversion collects."""

    formulas: list[html_maths.Formula] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def text_of(element: etree._Element, writing: Writing) -> str:
    """Give all the text of an element as code shows it."""
    parts = [element.text or ""]
    for child in element.iterdescendants():
        if isinstance(child.tag, str):
            parts.append("\n" if child.tag == "br" else child.text or "")
        parts.append(child.tail or "")
    return html_maths.originals("".join(parts), writing.formulas).replace("\u00a0", " ")


def inline(element: etree._Element, writing: Writing) -> str:
    """Write what an element holds, without a mark of its own."""
    parts = [escapes.part(element.text or "")]
    for child in element:
        parts += (written(child, writing), escapes.part(child.tail or ""))
    return "".join(parts)


def written(element: etree._Element, writing: Writing) -> str:
    """Write an element that stands in a line; its marks are settled by `paragraphs`."""
    tag = element.tag
    if not isinstance(tag, str) or tag in DROPPED:
        return ""
    if tag == "br":
        return BREAK
    if tag == "img":
        return _image(element, writing)
    if tag in _CODE:
        return escapes.code(text_of(element, writing).strip())
    inner = inline(element, writing)
    if tag in _EMPHASIS:
        opening, closing, _ = _MARKS[_EMPHASIS[tag]]
        return _around(inner, opening, closing)
    if tag in _TAGS and BREAK not in inner:
        return _around(inner, f"<{_TAGS[tag]}>", f"</{_TAGS[tag]}>")
    if tag == "a":
        return _link(element, inner)
    return inner


def _around(inner: str, opening: str, closing: str) -> str:
    """Put marks round a text, inside the spaces at its edges."""
    found = _EDGES.match(inner)
    if found is None or not found[2]:
        return inner
    return f"{found[1]}{opening}{found[2]}{closing}{found[3]}"


def _link(element: etree._Element, inner: str) -> str:
    address = (element.get("href") or "").strip()
    if not _LINK.fullmatch(address) or BREAK in inner or not inner.strip():
        return inner
    if inner == escapes.words(address):
        return address if re.fullmatch(r"https?://[\w./-]+\w", address) else f"<{address}>"
    address = address.replace("(", "%28").replace(")", "%29").replace("\\", "%5C")
    inner = re.sub(r"(?<!\\)([\[\]])(?!\()", r"\\\1", inner) if "![" not in inner else inner
    return _around(inner, "[", f"]({address})")


def _image(element: etree._Element, writing: Writing) -> str:
    source = unquote(element.get("src") or "").removeprefix("@@PLUGINFILE@@/").strip()
    if not _NAME.fullmatch(source) or source.startswith("heatmap:") or ".." in source.split("/"):
        shown = source if len(source) <= 40 else f"{source[:40]}…"
        writing.left_out.append(
            f"an image from elsewhere, `{shown}`" if source else "an image without a file"
        )
        return escapes.words(element.get("alt") or "")
    writing.images.append(source)
    alt = " ".join((element.get("alt") or "").split()) or PurePosixPath(source).stem
    alt = re.sub(r"[\[\]\\`$<>]", "", alt).strip() or "picture"
    path = source if re.fullmatch(r"[^\s()]+", source) else f"<{source}>"
    return f"![{escapes.words(alt)}]({path})"


def paragraphs(run: str) -> Iterator[str]:
    """Divide what stands in a row into paragraphs, each with its lines guarded and its marks settled."""
    for part in _PARAGRAPHS.split(escapes.joined(run)):
        lines = [escapes.SPACE.sub(" ", one) for one in part.split(BREAK)]
        text = BREAK.join(one.strip(" ") for one in lines if one.strip(" "))
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
        _, place, fits = opened.pop()  # they were written in pairs, one inside the other
        stars = _MARKS[name][2] if fits and _lettered(before) and _apart(after) else ""
        pieces[place], pieces[-1] = stars or f"<{name}>", stars or f"</{name}>"
    return "".join((*pieces, text[done:]))


def _apart(character: str) -> bool:
    return not character or character in {BREAK, CLOZE_END} or character in " .,;:!?()\"'|{}/"


def _lettered(character: str) -> bool:
    return character.isalnum()
