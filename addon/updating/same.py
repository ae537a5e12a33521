"""Tells an edit from what editors do to a field's HTML by themselves. Standard library only.

Anki's editor writes a field as the browser does: entities become characters, a no-break space `&nbsp;`,
`<br />` becomes `<br>`, attributes lose or gain quotes. AnkiDroid's editor writes every line end as `<br>`,
in all fields of a note that is saved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from .meta import digest

MOST_COMPARED = 200_000  # characters; longer fields are compared letter by letter alone

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LAST_BREAK = re.compile(r"<br\s*/?>\Z", re.IGNORECASE)
_LONGEST_BREAK = 16  # letters of a break that is looked for at the end
_SPACES = re.compile(r"[ \t\r\n\f]+")
_VOID = re.compile(r"<(?:br|hr|img|wbr)\b", re.IGNORECASE)


def untouched(mine: str, shipped: str) -> bool:
    """Tell whether a text is the one with the hash `shipped` (empty: no text), but for an editor's habits."""
    if not shipped:
        return not _trimmed(mine)
    if digest(mine) == shipped:
        return True
    if len(mine) > MOST_COMPARED:
        return False
    return any(digest(text) == shipped for text in dict.fromkeys(_before_an_editor(mine)))


def same(one: str, other: str) -> bool:
    """Tell whether two texts of a field differ in nothing but what editors do by themselves."""
    if one == other or digest(one) == digest(other):
        return True
    if max(len(one), len(other)) > MOST_COMPARED:
        return False
    if _canonical(one) == _canonical(other):
        return True
    # AnkiDroid leaves no line end; a person who adds one `<br>` leaves the others.
    texts = sorted((one, other), key=lambda text: "\n" in text)
    joined, lines = texts
    if "\n" in joined or "\n" not in lines:
        return False
    return _canonical(_BREAK.sub("\n", joined)) == _canonical(_BREAK.sub("\n", lines))


def _before_an_editor(mine: str) -> Iterator[str]:
    """Undo an editor's habits one by one and together."""
    for text in (mine, _trimmed(mine), _trimmed(mine) + "\n"):
        for spaced in (text, text.replace("&nbsp;", "\N{NO-BREAK SPACE}")):
            yield spaced
            yield _BREAK.sub("<br />", spaced)
            yield _BREAK.sub("<br>", spaced)
            if "\n" not in spaced.rstrip("\n"):
                yield _BREAK.sub("\n", spaced)


def _trimmed(text: str) -> str:
    """Cut off what ends a field without being seen: blanks and breaks. Linear in what is cut."""
    end = len(text)
    while True:
        start = max(0, end - _LONGEST_BREAK)
        tail = text[start:end]
        seen = tail.rstrip()
        if len(seen) < len(tail):
            end = start + len(seen)
        elif found := _LAST_BREAK.search(tail):
            end = start + found.start()
        elif tail.endswith("&nbsp;"):
            end -= len("&nbsp;")
        else:
            return text[:end]


class _Canonical(HTMLParser):
    """Writes HTML in one way: entities as characters, attributes sorted, blanks outside `pre` single."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.kept = 0  # how deep in elements whose blanks count

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = "".join(f' {name}="{value or ""}"' for name, value in sorted(attrs, key=lambda a: a[0]))
        self.parts.append(f"<{tag}{written}>")
        self.kept += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if not _VOID.match(f"<{tag}"):
            self.parts.append(f"</{tag}>")
        self.kept -= tag == "pre" and self.kept > 0

    def handle_data(self, data: str) -> None:
        text = data.replace("&", "&amp;").replace("<", "&lt;")
        self.parts.append(text if self.kept else _SPACES.sub(" ", text))


def _canonical(text: str) -> str:
    reader = _Canonical()
    try:
        reader.feed(_trimmed(text))
        reader.close()
    except (ValueError, AssertionError, RecursionError):  # what Python's reader does not take
        return text
    return "".join(reader.parts).strip()
