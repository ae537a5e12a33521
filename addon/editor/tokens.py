"""Tokens as a person types them: words, parted by spaces, commas or tabs, one a line, or a list.

Marks of sub-words (Ġ, ▁, ##) stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..reading.limits import MOST_CELLS
from .faults import PasteError

MOST_TEXT = 500_000  # letters

_SPACE = re.compile(r"[\s,]*")
_QUOTED = re.compile(r"[bu]?(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')")
_ESCAPE = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U(000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4})|(.))", re.DOTALL
)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
SPECIAL = re.compile(r"\s*\[[A-Z]{2,8}\]")  # a token such as `[CLS]`, which opens no list
_BARE = re.compile(r"[^\s,\]'\"]+")


def read(text: str, expected: int = 0) -> list[str]:
    """Give the tokens; of the ways to part a text, the one that gives as many as are expected.

    Raises PasteError where a list in brackets is broken.
    """
    if len(text) > MOST_TEXT:
        raise PasteError(text, 0, f"this is more than {MOST_TEXT:,} letters")
    if not text.strip():
        return []
    if text.lstrip().startswith("["):
        try:
            return _list(text)
        except PasteError:
            if not SPECIAL.match(text) and len(text.split()) != expected:
                raise
    ways = [way(text) for way in _ways(text)]
    return next((found for found in ways if len(found) == expected), ways[0])


def written(tokens: Sequence[str]) -> str:
    """Write tokens so that `read` gives the same again."""
    plain = " ".join(tokens)
    if not plain.lstrip().startswith("[") and list(tokens) == read(plain, len(tokens)) == read(plain):
        return plain
    return "[" + ", ".join(_quoted(token) for token in tokens) + "]"


def _quoted(token: str) -> str:
    body = token.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in body) + '"'


def _ways(text: str) -> list[Callable[[str], list[str]]]:
    """List the ways to part a text, the likeliest first."""
    ways: list[Callable[[str], list[str]]] = []
    stripped = text.strip()
    if "\n" in stripped:
        ways.append(_lines)
    if "\t" in stripped:
        ways.append(_tabs)
    # `a, b, c`: a comma behind every word. `Yes , it is`: commas that are tokens themselves.
    if "," in stripped and not re.search(r"(?:^|\s),|[^,\s]\s+[^,\s]", stripped):
        ways.append(_commas)
    ways.append(str.split)
    if "," in stripped and _commas not in ways:
        ways.append(_commas)
    return ways


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _tabs(text: str) -> list[str]:
    return [part.strip() for part in text.strip().split("\t")]


def _commas(text: str) -> list[str]:
    return [part.strip() for part in text.strip().removesuffix(",").split(",")]


def _list(text: str) -> list[str]:
    """Read a list as JSON, Python or NumPy write it."""
    at = text.index("[") + 1
    tokens: list[str] = []
    while len(tokens) <= MOST_CELLS:
        at = _after(_SPACE, text, at)
        if at >= len(text):
            raise PasteError(text, at, "this list has no closing bracket")
        if text[at] == "]":
            if text[at + 1 :].strip():
                raise PasteError(text, at + 1, "something follows the closing bracket")
            return tokens
        if found := _QUOTED.match(text, at):
            inner = found[0].lstrip("bu")[1:-1]
            token = _ESCAPE.sub(_unescaped, inner)  # JSON writes two halves of a letter such as 😀
            tokens.append(token.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        elif found := _BARE.match(text, at):
            tokens.append(found[0])
        else:
            raise PasteError(text, at, "a token in quotes belongs here")
        at = found.end()
    raise PasteError(text, at, f"more than {MOST_CELLS:,} tokens")


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    return chr(int(code, 16)) if code else _SIMPLE.get(found[4], found[4])
