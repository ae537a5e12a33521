"""What a file looks like where its suffix does not tell; strict, so that no saved page is taken for one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verideck.reading.formats import aiken, anki_text, text2qti

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 200_000  # bytes that decide
_CATEGORY = re.compile(r"\s*\$CATEGORY\s*:")
_NAMED = re.compile(r"\s*::[^:]+::")
_ANSWERED = re.compile(r"\{\s*(?:[=~#][^{}]*|(?:T|F|TRUE|FALSE)\s*(?:#[^{}]*)?)?\}", re.IGNORECASE)


def _text(data: bytes) -> str:
    """Decode the beginning of a file, as far as it takes to look at it."""
    head = data[:_MOST]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", errors="replace")
    else:
        text = head.decode("utf-8", errors="replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def like_package(data: bytes) -> bool:
    """Tell a zip archive that names a collection."""
    return data.startswith(b"PK\x03\x04") and b"collection.anki2" in data


def like_gift(data: bytes) -> bool:
    """Tell GIFT by a category or a named question, and an answer in braces."""
    text = _text(data)
    return _is_gift(text.split("\n")) and bool(_ANSWERED.search(text))


def _is_gift(lines: Iterable[str]) -> bool:
    """Return whether a line names a category, or a question with answers above the next blank line."""
    named = False
    for line in lines:
        if _CATEGORY.match(line):
            return True
        found = _NAMED.match(line)
        named = (named or found is not None) and bool(line)
        if named and "{" in line[found.end() if found else 0 :]:
            return True
    return False


def like_anki_text(data: bytes) -> bool:
    """Tell Anki's text by its first line."""
    return anki_text.begins(_text(data))


def like_aiken(data: bytes) -> bool:
    """Tell Aiken by a key right below lettered options."""
    before = ""
    for line in _text(data).split("\n"):
        if aiken.KEY.fullmatch(line) and aiken.OPTION.fullmatch(before):
            return True
        before = line if line.strip() else before
    return False


def like_text2qti(data: bytes) -> bool:
    """Tell text2qti by a numbered question and an option marked as right, at the start of their lines."""
    lines = _text(data).split("\n")
    if lines[0].strip() == "---":
        return False  # a source of our own begins so
    numbered = any(text2qti.QUESTION.match(line) for line in lines)
    marked = any(text2qti.RIGHT.match(line) for line in lines)
    titled = any(line.lower().startswith("quiz title:") for line in lines)
    return numbered and (marked or titled)
