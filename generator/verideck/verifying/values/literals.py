"""Printed lists: `tensor([[0.5000, 0.5000]])`, `[0.64, 0.36]`, `(2, 5, 64)`, `torch.Size([2, 5])`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from verideck.verifying.values.freezing import DEEPEST, MOST, tensor
from verideck.verifying.values.numerals import Numeral, numeral
from verideck.verifying.values.types import Dtype, Tensor, Written

_CALL = re.compile(
    r"(?:torch\.|np\.|numpy\.)?(?P<name>tensor|Tensor|array|Size)\s*\((?P<inside>.*)\)", re.DOTALL
)
_ARGUMENTS = re.compile(r"(?:\s*,\s*\w+\s*=\s*(?:<[^<>]*>|'[^']*'|\([^()]*\)|[\w.]+))*\s*(?:,\s*)?")
_ARGUMENT = re.compile(r"(\w+)\s*=\s*(<[^<>]*>|'[^']*'|\([^()]*\)|[\w.]+)")
_MARK = re.compile(r"[\[\](),]")
_SPACED = re.compile(
    r"\d[ ,_]\d"
)  # digit groups of one number, or a comma forgotten: not told apart in a list
_TRUTHS = {"True": True, "False": False}


@dataclass(slots=True)
class _Elements:
    """What was met while reading: the numbers in order, for their common precision."""

    numbers: list[Numeral] = field(default_factory=list)
    count: int = 0


def literal(level: str, text: str) -> Written | None:
    """Read a tensor, list, tuple or size; `text` is what the author wrote, kept. None where it is none."""
    call = _CALL.fullmatch(level)
    inside = call["inside"].strip() if call else level
    elements = _Elements()
    try:
        data, end = _item(inside, 0, 0, elements)
    except (ValueError, IndexError):
        return None
    rest = inside[end:]
    if (rest.strip() and call is None) or not _ARGUMENTS.fullmatch(rest):
        return None
    if call and call["name"] == "Size":
        return _shape(data, text, opened="[")
    if not call and level.startswith("("):
        return _shape(data, text, opened="(") or _written(data, elements, {}, text)
    if not isinstance(data, list):
        return _written(data, elements, {}, text) if call else None
    return _written(data, elements, dict(_ARGUMENT.findall(rest)), text)


def _item(text: str, at: int, depth: int, elements: _Elements) -> tuple[object, int]:
    """Read one element from a place on and give the place after it; raises ValueError for what is none."""
    while at < len(text) and text[at].isspace():
        at += 1
    if text[at] in "[(":
        return _row(text, at, depth, elements)
    end = _scalar_end(text, at)
    word = text[at:end].strip()
    elements.count += 1
    if elements.count > MOST:
        raise ValueError("too many elements")
    if word in _TRUTHS:
        return _TRUTHS[word], end
    number = numeral(word, marked=True)
    if number is None or _SPACED.search(word):
        raise ValueError(f"`{word}` is no number")
    elements.numbers.append(number)
    return number.value, end


def _row(text: str, at: int, depth: int, elements: _Elements) -> tuple[object, int]:
    if depth >= DEEPEST:
        raise ValueError("nested too deep")
    closing = {"[": "]", "(": ")"}[text[at]]
    row: list[object] = []
    start, at = at, at + 1
    commas = 0
    while True:
        while text[at].isspace():
            at += 1
        if text[at] == closing:
            break
        element, at = _item(text, at, depth + 1, elements)
        row.append(element)
        while text[at].isspace():
            at += 1
        if text[at] == ",":
            commas += 1
            at += 1
        elif text[at] != closing:
            raise ValueError("no comma between two elements")
    if text[start] == "(" and len(row) == 1 and not commas:
        raise ValueError("parentheses round a number, no tuple")
    return row, at + 1


def _scalar_end(text: str, at: int) -> int:
    """Find where a scalar ends: at a comma or bracket that closes what surrounds it."""
    depth = 0
    for mark in _marks(text, at):
        sign = text[mark]
        if sign in "([":
            depth += 1
        elif depth == 0:
            return mark
        elif sign in ")]":
            depth -= 1
    return len(text)


def _marks(text: str, at: int) -> Iterator[int]:
    while match := _MARK.search(text, at):
        yield match.start()
        at = match.end()


def _shape(data: object, text: str, opened: str) -> Written | None:
    if not isinstance(data, list) or any(type(size) is not int for size in data):
        return None
    return Written(tuple(data), text) if opened else None


def _written(data: object, elements: _Elements, arguments: dict[str, str], text: str) -> Written | None:
    """Give the value with one precision for all elements: the finest that was printed."""
    printed = [number for number in elements.numbers if number.precision]
    scientific = any(number.scientific for number in printed)
    # a zero in a scientific print has no last digit of its own
    steps = [number.precision for number in printed if number.value or not scientific]
    precision = min(steps, default=0.0)
    digits = max((number.digits or 0 for number in printed), default=None)
    symbolic = bool(elements.numbers) and all(number.symbolic for number in elements.numbers)
    try:
        value = _valued(data, arguments)
    except ValueError:
        return None
    if value is None:
        return None
    return Written(value, text, precision, digits, scientific, symbolic)


def _valued(data: object, arguments: dict[str, str]) -> Tensor | bool | int | float | None:
    if isinstance(data, (bool, int, float)):
        return float(data) if _dtype(arguments) == "float" else data
    shape = (
        tuple(int(size) for size in re.findall(r"\d+", arguments["size"])) if "size" in arguments else None
    )
    value = tensor(data, shape)
    wanted = _dtype(arguments)
    if not value.flat():
        return tensor(data, shape, wanted or "float")
    if wanted == "bool" and value.dtype == "int":
        return None
    return tensor(value.data, value.shape, wanted) if wanted else value


def _dtype(arguments: dict[str, str]) -> Dtype | None:
    name = arguments.get("dtype", "")
    if not name:
        return None
    return "bool" if "bool" in name else "int" if "int" in name or "long" in name else "float"
