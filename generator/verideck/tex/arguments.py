"""What stands behind a command, as far as it must be checked: up to its last size, number, color or name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from . import values
from .commands import ENVIRONMENTS
from .values import Wrong

_SPACE = re.compile(r"\s*")
_BRACKET = re.compile(r"[\\{}\]]")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[^\s{}\\]", re.DOTALL)
_QUOTED = 20  # characters of what is no argument


class Taken(NamedTuple):
    """Where an argument ends, and the sizes in it, in em."""

    end: int
    sizes: float = 0.0


def read(text: str, at: int, takes: str) -> float:
    """Return the sizes, in em, in the arguments at an offset.

    `takes` is as in `commands`; nothing is read behind the last argument that must be checked.
    Raises Wrong if one is not of its kind.
    """
    sizes = 0.0
    for kind in takes.rstrip("mtox"):
        taken = _argument(text, at, kind)
        at, sizes = taken.end, sizes + taken.sizes
    return sizes


def environment(text: str, at: int) -> tuple[str, int]:
    """Return the name of an environment, which stands in braces, and where it ends. Raises Wrong."""
    name, end = _group(text, at)
    if name is None or name not in ENVIRONMENTS:
        raise Wrong(name or text[at : at + _QUOTED], "the name of an environment")
    return name, end


def _argument(text: str, at: int, kind: str) -> Taken:
    if kind in _IN_BRACKETS:
        inner, end = _brackets(text, at)
        return Taken(end, _IN_BRACKETS[kind](inner or ""))
    if kind in _IN_BRACES:
        inner, end = _group(text, at)
        if inner is None:
            raise Wrong(text[end : end + _QUOTED], "an argument in braces")
        return Taken(end, _IN_BRACES[kind](inner))
    return _OTHERS[kind](text, at)


def _group(text: str, at: int) -> tuple[str | None, int]:
    """Read what stands in braces; None where no brace opens, or none closes it."""
    start = _behind_spaces(text, at)
    if not text.startswith("{", start):
        return None, start
    depth = 0
    for brace in _BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return text[start + 1 : brace.start()], brace.end()
    return None, start


def _brackets(text: str, at: int) -> tuple[str | None, int]:
    """Read what stands in brackets; None where none open here."""
    start = _behind_spaces(text, at)
    if not text.startswith("[", start):
        return None, at
    depth, position = 0, start + 1
    while found := _BRACKET.search(text, position):
        position = found.end() + (found[0] == "\\")
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if found[0] == "]" and depth <= 0:
            return text[start + 1 : found.start()], found.end()
    raise Wrong(text[start : start + _QUOTED], "a `]` behind it")


def _behind_spaces(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _size(text: str, at: int) -> Taken:
    inner, end = _group(text, at)
    if inner is not None:
        return Taken(end, values.size(inner))
    found = values.SIZE.match(text, end)
    if not found:
        raise Wrong(text[end : end + _QUOTED], "a size such as `2em`")
    return Taken(found.end(), values.size_of(found))


def _size_of_row(text: str, at: int) -> Taken:
    """Read `*` and `[2em]` behind the end of a row, where no space may part them."""
    at += text.startswith("*", at)
    if not text.startswith("[", at):
        return Taken(at)
    inner, end = _brackets(text, at)
    return Taken(end, values.size(inner or ""))


def _number(text: str, at: int) -> Taken:
    inner, end = _group(text, at)
    if inner is None:
        inner, end = text[end : end + 1], end + 1
    return Taken(end, values.number(inner))


def _wrapped(text: str, at: int) -> Taken:
    """Read the environment that `empheq` wraps, with a number if that takes one: `{alignat=2}`."""
    inner, end = _group(text, at)
    name, _, number = (inner or "").partition("=")
    if name not in ENVIRONMENTS:
        raise Wrong(name or text[end : end + _QUOTED], "the name of an environment")
    return Taken(end, values.number(number))


def _delimiter(text: str, at: int) -> Taken:
    inner, end = _group(text, at)
    if inner is not None:
        return Taken(end)
    token = _TOKEN.match(text, end)
    return Taken(token.end() if token else end)


def _unchecked(_inner: str) -> float:
    return 0.0


# Kinds of `commands`, by how they are written.
_IN_BRACKETS: Mapping[str, Callable[[str], float]] = MappingProxyType(
    {
        "o": _unchecked,
        "D": values.size,
        "N": values.number,
        "C": values.model,
        "k": values.options,
        "b": values.box,
    }
)
_IN_BRACES: Mapping[str, Callable[[str], float]] = MappingProxyType(
    {"c": values.color, "w": values.words, "l": values.columns}
)
_OTHERS: Mapping[str, Callable[[str, int], Taken]] = MappingProxyType(
    {"d": _size, "R": _size_of_row, "n": _number, "e": _wrapped, "x": _delimiter}
)
