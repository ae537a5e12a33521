"""What an argument may hold: sizes, numbers, colors, options, words; each raises Wrong for anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

MAX_SIZE = 20.0  # em, of one size
MAX_NUMBER = 20  # of columns, and of the steps by which something is moved
MAX_COLUMNS = 40

_EM: Mapping[str, float] = {
    "em": 1.0,
    "ex": 0.431,
    "px": 1 / 16,
    "pt": 0.1,
    "pc": 1.2,
    "mu": 1 / 18,
    "in": 7.2,
    "cm": 7.2 / 2.54,
    "mm": 7.2 / 25.4,
}
SIZE = re.compile(rf"\s*([-+]?(?:\d{{1,9}}(?:\.\d{{0,9}})?|\.\d{{1,9}}))\s*({'|'.join(_EM)})")
_NUMBER = re.compile(r"\s*([-+]?\d{1,9}(?:\.\d{0,9})?)\s*")
_NAMED_COLOR = re.compile(r"\s*(?:[A-Za-z]{1,30}|#[0-9A-Fa-f]{3,8})\s*")
_MODEL_COLOR = re.compile(r"\s*(?:[0-9., ]{1,40}|[0-9A-Fa-f]{6})\s*")
_MODEL = re.compile(r"\s*(?:rgb|RGB|gray|HTML|named)?\s*")
_WORDS = re.compile(r"[A-Za-z ,]{0,200}")
_COLUMNS = re.compile(r"[clr|:@{} ]{0,200}")
_OPTION = re.compile(r"\s*([a-z-]{1,30})\s*=\s*(?:\"([^\"]*)\"|([^\"]*))")
_COLORED = frozenset(("color", "mathcolor", "background", "mathbackground"))
_MEASURED = frozenset(("data-padding", "data-thickness"))


class Wrong(Exception):  # noqa: N818 - a finding, caught where the command is known
    """An argument that a command cannot have: what was found, what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found, expected)
        self.found, self.expected = found.strip(), expected


def size(written: str) -> float:
    """Return a size in em; an empty one is nothing."""
    if not written.strip():
        return 0.0
    found = SIZE.fullmatch(written.rstrip())
    if not found:
        raise Wrong(written, "a size such as `2em`")
    return size_of(found)


def size_of(found: re.Match[str]) -> float:
    """Return what `SIZE` has found, in em."""
    em = abs(float(found[1])) * _EM[found[2]]
    if em > MAX_SIZE:
        raise Wrong(found[0], f"at most {MAX_SIZE:g}em")
    return em


def number(written: str) -> float:
    """Check a number; it takes no room."""
    found = _NUMBER.fullmatch(written)
    if written.strip() and (not found or abs(float(found[1])) > MAX_NUMBER):
        raise Wrong(written, f"a number of at most {MAX_NUMBER}")
    return 0.0


def color(written: str) -> float:
    """Check a color: a name, `#rrggbb`, or the numbers of a model."""
    if not (_NAMED_COLOR.fullmatch(written) or _MODEL_COLOR.fullmatch(written)):
        raise Wrong(written, "a color such as `red` or `#c00000`")
    return 0.0


def model(written: str) -> float:
    """Check the name of a color model."""
    if not _MODEL.fullmatch(written):
        raise Wrong(written, "`rgb`, `RGB`, `gray`, `HTML` or `named`")
    return 0.0


def options(written: str) -> float:
    """Check colors and sizes by name, `color=red`; return the sizes in em."""
    return sum(map(_option, _parts(written)))


def _option(part: str) -> float:
    found = _OPTION.fullmatch(part)
    value = (found[2] if found[2] is not None else found[3]) if found else ""
    if found and found[1] in _COLORED:
        return color(value)
    if found and found[1] in _MEASURED:
        return size(value)
    raise Wrong(part, "an option such as `color=red`")


def box(written: str) -> float:
    """Check a color and a padding, `yellow, 5px`; borders and other styles are refused."""
    return sum(map(_box_part, _parts(written)))


def _box_part(part: str) -> float:
    if _NAMED_COLOR.fullmatch(part):
        return 0.0
    if SIZE.fullmatch(part.rstrip()):
        return size(part)
    raise Wrong(part, "a color or a size, such as `yellow, 5px`")


def _parts(written: str) -> Iterator[str]:
    return iter(written.split(",") if written.strip() else ())


def words(written: str) -> float:
    """Check words."""
    if not _WORDS.fullmatch(written):
        raise Wrong(written, "words")
    return 0.0


def columns(written: str) -> float:
    """Check the columns of an array, `c|cc`."""
    if not _COLUMNS.fullmatch(written):
        raise Wrong(written, "columns such as `{l c r}`")
    if sum(written.count(letter) for letter in "clr") > MAX_COLUMNS:
        raise Wrong(written, f"at most {MAX_COLUMNS} columns")
    return 0.0
