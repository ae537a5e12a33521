"""Reads matrices in brackets: JSON, Python's lists and tuples, and what NumPy, torch and others print.

A small parser of its own, which evaluates nothing: brackets and numbers are read, what surrounds them (a
function's name, `dtype=…`, `grad_fn=<…>`) is passed over. Its work is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..reading.limits import MOST_CELLS, MOST_DEPTH
from . import numbers
from .faults import PasteError
from .nested import Nested, matrices
from .tokens import SPECIAL

_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_EXTRA = re.compile(  # keyword = a name, a number, a text, <…>, (…) or another list
    r"\s*(?:[A-Za-z_]\w*\s*=\s*)(?:<[^<>]*>|'[^'\n]*'|\"[^\"\n]*\"|\([^()]*\)|\[[^][]*\]|[\w.+-]+)\s*"
)
_ASSIGNED = re.compile(r"\s*(?:[A-Za-z_][\w.]*\s*=\s*(?=[\[(A-Za-z])|Parameter containing:\s*)")
_FACTOR = re.compile(r"\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)\s*\*")
_TENSORFLOW = re.compile(r"\s*<tf\.Tensor:[^\n]*?numpy=\s*")
_REST = re.compile(r"[\s,;>]*(?:\[torch\.\w+ of size [\dx]+\]\s*)?\Z")
_CALLS = ("array", "asarray", "tensor", "matrix", "parameter", "list", "tuple")
_SCALARS = ("float", "int", "half", "double")
_TRUTH = {"True": 1.0, "False": 0.0, "true": 1.0, "false": 0.0}
_CLOSING = {"[": "]", "(": ")"}

ELIDED = (
    "the rows were printed shortened (`...`). Print them whole: "
    "np.set_printoptions(threshold=10**6) for NumPy, "
    'torch.set_printoptions(profile="full") for torch'
)


@dataclass(frozen=True)
class Literal:
    """A matrix found: [heads][queries][keys], and what wrote it."""

    weights: list[list[list[float]]]
    format: str


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.count = 0
        self.names: set[str] = set()
        self.commas = False
        self.factor = 1.0

    def fault(self, reason: str, at: int | None = None) -> PasteError:
        return PasteError(self.text, self.at if at is None else at, reason)

    def skip(self, pattern: re.Pattern[str] = _SPACE) -> bool:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return bool(found)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def value(self, depth: int = 0) -> Any:
        """Read a list, a number, or a call around one of them."""
        self.skip()
        here = self.peek()
        if here and here in _CLOSING:
            if depth >= MOST_DEPTH:
                raise self.fault("too many brackets in one another")
            return self.list(depth)
        if here in "'\"" and here:
            raise self.fault("a text stands where a number belongs; tokens have a box of their own")
        if number := numbers.NUMBER.match(self.text, self.at):
            return self.number(number)
        if endless := numbers.ENDLESS.match(self.text, self.at):
            raise self.fault(numbers.endless(endless[0]))
        if self.text.startswith(("...", "…"), self.at):
            raise self.fault(ELIDED)
        if name := _NAME.match(self.text, self.at):
            return self.named(name[0], depth)
        if not here:
            raise self.fault("the text ends before the last bracket is closed")
        raise self.fault(f"`{here}` stands where a number belongs")

    def number(self, found: re.Match[str]) -> float:
        end = found.end()
        follows = self.text[end : end + 1]
        if follows and not follows.isspace() and follows not in ",;])":
            if self.text.startswith("...", end - 1):  # `0.` and `...` run into each other
                raise self.fault(ELIDED)
            raise self.fault(f"`{_word(self.text, self.at)}` is not a number")
        self.count += 1
        if self.count > MOST_CELLS:
            raise self.fault(f"more than {MOST_CELLS:,} numbers, which is the most that is drawn")
        try:
            number = numbers.value(found[0])
        except ValueError as fault:
            raise self.fault(str(fault)) from None
        self.at = end
        return number

    def named(self, name: str, depth: int) -> Any:
        if name in _TRUTH:
            self.at += len(name)
            self.count += 1
            return _TRUTH[name]
        short = name.rpartition(".")[2].lower()
        at, self.at = self.at, self.at + len(name)
        self.skip()
        known = short in _CALLS or any(short.startswith(kind) for kind in _SCALARS)
        if self.peek() != "(" or not known:
            raise self.fault(f"`{name[:40]}` is not a number", at)
        if depth >= MOST_DEPTH:
            raise self.fault("too many brackets in one another")
        self.names.add(name)
        self.at += 1
        self.scale()
        inner = self.value(depth + 1)
        self.skip()
        while self.peek() == ",":
            self.at += 1
            if not self.skip(_EXTRA):
                self.skip()
                break
        self.skip()
        if self.peek() != ")":
            raise self.fault(f"the bracket of `{name[:40]}(` is not closed here")
        self.at += 1
        return inner

    def scale(self) -> None:
        """Read the factor that older versions of torch print in front of a matrix: `1.0e-03 *`."""
        if found := _FACTOR.match(self.text, self.at):
            self.factor *= float(found[1])
            self.at = found.end()

    def list(self, depth: int) -> Nested:
        made = Nested(self.at)
        closing = _CLOSING[self.text[self.at]]
        self.at += 1
        while True:
            self.skip()
            here = self.peek()
            if here == closing:
                self.at += 1
                return made
            if here and here in "])":
                raise self.fault(f"`{here}` closes a bracket that was opened as `{self.text[made.at]}`")
            if here and here in ",;":
                raise self.fault(f"a number is missing before this `{here}`")
            if not here:
                raise self.fault("this bracket is never closed", made.at)
            made.places.append(self.at)
            made.items.append(self.value(depth + 1))
            self.skip()
            if self.peek() and self.peek() in ",;":
                self.commas = True
                self.at += 1


def looks_like(text: str) -> bool:
    """Tell whether a text is brackets rather than a table."""
    start = text.lstrip()[:200]
    if SPECIAL.match(start):
        return False
    if start.startswith(("[", "(", "<tf.Tensor")):
        return True
    found = _ASSIGNED.match(start) or _FACTOR.match(start)
    rest = start[found.end() :] if found else start
    name = _NAME.match(rest.lstrip())
    after = rest.lstrip()[name.end() :].lstrip() if name else rest.lstrip()
    return after.startswith("(") if name else bool(found) and after.startswith(("[", "("))


def read(text: str) -> Literal:
    """Read a matrix in brackets. Raises PasteError."""
    reader = _Reader(text)
    tensorflow = reader.skip(_TENSORFLOW)
    if not tensorflow:
        reader.skip(_ASSIGNED)
    reader.scale()
    reader.skip()
    at = reader.at
    made = reader.value()
    reader.skip()
    if not _REST.match(text, reader.at):
        raise reader.fault(f"`{_word(text, reader.at)}` follows the last bracket; paste one matrix")
    if not isinstance(made, Nested):
        raise reader.fault("this is one number, not a matrix", at)
    weights = matrices(text, made)
    if reader.factor != 1:
        weights = [[[weight * reader.factor for weight in row] for row in matrix] for matrix in weights]
    return Literal(weights, _format(reader, tensorflow))


def _format(reader: _Reader, tensorflow: bool) -> str:
    names = " ".join(sorted(reader.names))
    if tensorflow:
        return "TensorFlow"
    if "tensor" in names.lower() or "Parameter" in names:
        return "torch"
    if names:
        return "NumPy"
    return "list" if reader.commas else "NumPy"


def _word(text: str, at: int) -> str:
    found = re.compile(r"[^\s,;\])]{1,40}").match(text, at)
    return found[0] if found else text[at : at + 1]
