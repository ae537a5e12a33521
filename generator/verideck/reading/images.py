"""Images and placed heatmaps: `![alt](path)`, `<img src="…" alt="…">`, `![alt](heatmap:name)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verideck.reading import names
from verideck.reading.inline import Fault, paragraphs

HEATMAP = "heatmap:"
_IMAGE = re.compile(
    r"""!\[(?P<alt>(?:[^\[\]\\]|\\.|\[[^\[\]]*+\])*)\]
    \(\s*+(?:<(?P<quoted>[^<>\n]*+)>|(?P<plain>[^\s()<>]*+(?:\([^\s()]*+\)[^\s()]*+)*))
    (?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?\s*+\)""",
    re.VERBOSE | re.DOTALL,
)
_ALMOST = re.compile(r"!\[[^\[\]\n]*+\][\[(]")
_HTML = re.compile(r"<img\b(?P<attributes>[^<>]*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|alt)[ \t\n]*+=[ \t\n]*+("[^"]*+"|'[^']*+'|[^\s"'>]++)""", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]|.*\\", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """An image or heatmap that a text names, at an offset."""

    offset: int
    alt: str
    target: str

    @property
    def heatmap(self) -> str:
        """Give the heatmap's name; empty for an image."""
        return self.target.removeprefix(HEATMAP) if self.target.startswith(HEATMAP) else ""


def scan(text: str) -> tuple[tuple[Named, ...], tuple[Fault, ...]]:
    """Give the images of a text in order, and what is wrong with them."""
    named = sorted(_named(text), key=lambda one: one.offset)
    faults = [fault for one in named for fault in _faults(one)]
    known = {one.offset for one in named}
    for paragraph in paragraphs(text):
        for found in _ALMOST.finditer(text, paragraph.start, paragraph.end):
            if found.start() not in known and not paragraph.in_code(found.start()):
                hint = "write `![what it shows](file.png)`; a path with spaces stands in `<…>`"
                faults.append(Fault(found.start(), "not quite an image", hint))
    return tuple(named), tuple(faults)


def _named(text: str) -> Iterator[Named]:
    for paragraph in paragraphs(text):
        for found in _IMAGE.finditer(text, paragraph.start, paragraph.end):
            if not paragraph.in_code(found.start()):
                target = found["quoted"] if found["quoted"] is not None else found["plain"]
                yield Named(found.start(), found["alt"], target)
        for found in _HTML.finditer(text, paragraph.start, paragraph.end):
            if not paragraph.in_code(found.start()):
                given = {
                    key.lower(): value.strip("\"'") for key, value in _ATTRIBUTE.findall(found["attributes"])
                }
                yield Named(found.start(), given.get("alt", ""), given.get("src", ""))


def _faults(one: Named) -> Iterator[Fault]:
    if one.target.startswith(HEATMAP):
        return  # its fence holds the text that stands for it
    if not one.alt.strip():
        yield Fault(
            one.offset, "an image without alt text", "say what it shows: `![what it shows](file.png)`"
        )
    if not one.target:
        yield Fault(one.offset, "an image without a path", "write `![what it shows](file.png)`")
    elif _ELSEWHERE.match(one.target):
        hint = "put the file into the sources folder and write its path relative to this file, with `/`"
        yield Fault(one.offset, f"an image from elsewhere: `{names.shown(one.target)}`", hint)
