"""Finds the add-on's pictures in a field's HTML, and changes values of their attributes, and nothing else."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from ..reading import markup

CLASS = "attention-heatmap"
_ATTRIBUTE = re.compile(r"""\s([^\s"'<>/=]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+)""")
_SAFE = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class Tag:
    """An `<img>` of ours: where its tag stands, and where the values of its attributes do, without quotes."""

    start: int
    end: int
    values: dict[str, tuple[int, int]]
    file: str


def pictures(html: str) -> Iterator[Tag]:
    """Find our pictures, in order. Never raises; takes time linear in the HTML."""
    if CLASS not in html:
        return
    for part in markup.parts(html):
        if part.kind == "start" and part.name == "img" and CLASS in html[part.start : part.end]:
            values = _values(html, part.start, part.end)
            if CLASS in _value(html, values, "class").split():
                yield Tag(part.start, part.end, values, unquote(_value(html, values, "src")))


def changed(html: str, tag: Tag, new: dict[str, str], by: int = 0) -> str:
    """Put new values into a tag's attributes; `by` is how much longer the HTML before it has become.

    No attribute is added. Raises ValueError for a value that would need quotes.
    """
    if not all(map(_SAFE.fullmatch, new.values())):
        raise ValueError("such a value cannot stand in an attribute")
    places = [(tag.values[name], value) for name, value in new.items() if name in tag.values]
    for (start, end), value in sorted(places, reverse=True):
        html = html[: start + by] + value + html[end + by :]
    return html


def value(html: str, tag: Tag, name: str) -> str:
    """Give the text of a tag's attribute; empty where it has none."""
    return _value(html, tag.values, name)


def _values(html: str, start: int, end: int) -> dict[str, tuple[int, int]]:
    values: dict[str, tuple[int, int]] = {}
    for found in _ATTRIBUTE.finditer(html, start, end):
        inner = 1 if found[2][0] in "\"'" else 0
        # Of an attribute that stands twice, browsers take the first.
        values.setdefault(found[1].lower(), (found.start(2) + inner, found.end(2) - inner))
    return values


def _value(html: str, values: dict[str, tuple[int, int]], name: str) -> str:
    start, end = values.get(name, (0, 0))
    return entities.unescape(html[start:end])
