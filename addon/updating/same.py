"""Tells an edit from what editors do to a field's HTML by themselves. Standard library only.

Anki's editor writes a field as the browser does: entities become characters, a no-break space `&nbsp;`,
`<br />` becomes `<br>`, attributes lose or gain quotes. AnkiDroid's editor writes every line end as `<br>`,
in all fields of a note that is saved.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from .meta import digest

MOST_COMPARED = 200_000  # characters; longer fields are compared letter by letter alone

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LAST_BREAK = re.compile(r"<br\s*/?>\Z", re.IGNORECASE)
_LONGEST_BREAK = 16  # letters of a break that is looked for at the end
_SPACES = re.compile(r"[ \t\r\n\f]+")
_VOID = ("br", "hr", "img", "wbr")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([^\s"'=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=]+)))?""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MOST_COMMENTS = 500


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


def _canonical(text: str) -> str:
    """Write HTML in one way: entities as characters, attributes sorted, blanks outside `pre` single.

    Not with Python's own reader, whose time is quadratic in some fields. Where an attribute holds a `>` as it
    is, the result is of no use to a browser, and equal for equal fields all the same.
    """
    text = _trimmed(text)
    if text.count("<!--") <= _MOST_COMMENTS:
        text = _COMMENT.sub("", text)
    parts: list[str] = []
    kept, end = 0, 0  # how deep in elements whose blanks count; where the last tag ended
    for found in _TAG.finditer(text):
        parts.append(_words(text[end : found.start()], kept=kept > 0))
        end = found.end()
        closing, name = bool(found[1]), found[2].lower()
        if not closing:
            parts.append(f"<{name}{_attributes(found[3])}>")
        elif name not in _VOID:
            parts.append(f"</{name}>")
        if name == "pre":
            kept = max(0, kept - 1) if closing else kept + 1
    parts.append(_words(text[end:], kept=kept > 0))
    return "".join(parts).strip()


def _words(text: str, *, kept: bool) -> str:
    plain = html.unescape(text).replace("&", "&amp;").replace("<", "&lt;")
    return plain if kept else _SPACES.sub(" ", plain)


def _attributes(text: str) -> str:
    found = ((one[1].lower(), one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(text))
    return "".join(f' {name}="{html.unescape(value)}"' for name, value in sorted(found))
