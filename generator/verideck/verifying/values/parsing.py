"""Text that an author wrote as an answer -> a typed value with its printed precision."""

from __future__ import annotations

import re

from verideck.verifying.formulas import Equation, Expression, FormulaError, Name, System, parse_all
from verideck.verifying.formulas.evaluating import CONSTANTS
from verideck.verifying.formulas.expressions import names
from verideck.verifying.formulas.wrapping import unwrap
from verideck.verifying.values.literals import literal
from verideck.verifying.values.numerals import UNIT_WORDS, Numeral, approximate, counted, without
from verideck.verifying.values.types import Value, Written
from verideck.verifying.values.units import TABLE, Quantity, scaled

LONGEST = 200_000  # characters; a written answer beyond is not read
MAX_NUMBER = 2_000  # characters of a number with its unit, or a chain of some

_ABOUT = re.compile(r"(?:about|roughly|approximately|approx\.|around|ca\.|circa|≈|~|≃|∼)\s*", re.IGNORECASE)
_BY = re.compile(r"(?!0x)\d+(?:\s*[x×]\s*\d+)+")  # 0x10 is no shape
_QUOTED = re.compile(r"'[^'\\]*'|\"[^\"\\]*\"")
_LEVELLED = (
    (re.compile(r"\\(?:text|mathrm|textrm|operatorname|mathtt|texttt)\s*\{([^{}]*)\}"), r" \1"),
    (re.compile(r"\\[,;:! ]|\\(?:left|right|quad|displaystyle)(?![A-Za-z])|(?<=\d)~"), " "),
    (re.compile(r"(?<=\d)\{,\}(?=\d)"), ","),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\\approx(?![A-Za-z])"), "≈"),
    (re.compile(r"\\(?:times)(?![A-Za-z])"), "×"),
    (re.compile(r"\\(?:cdot)(?![A-Za-z])"), "·"),
    (re.compile(r"−"), "-"),
    (re.compile(r"([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"), r"^{\1}"),
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_TRUTHS = {"True": True, "False": False, "true": True, "false": False}


def parse(text: str) -> Written | None:
    """Read what an author wrote as an answer: a number, a tensor, a shape, a truth value, a formula.

    Code and maths marks, emphasis and a final full stop are stripped. None where the text is not wholly a
    value: `3 heads` says more than 3, and nothing is guessed.
    """
    if len(text) > LONGEST:
        return None
    bare, marked = unwrap(text)
    level = _levelled(bare)
    if level in _TRUTHS:
        return Written(_TRUTHS[level], text)
    if _QUOTED.fullmatch(bare):
        return Written(bare[1:-1], text)
    if _BY.fullmatch(level):
        sizes = re.split(r"\s*[x×]\s*", level)
        return Written(tuple(map(int, sizes)), text) if all(len(size) < 20 for size in sizes) else None
    return literal(level, text) or _number(level, text, marked) or _formula(bare, text, marked)


def parse_text(text: str) -> Written:
    """Take the text itself as the value, for checks that compute a word."""
    return Written(unwrap(text)[0], text)


def _levelled(text: str) -> str:
    for pattern, replacement in _LEVELLED:
        text = pattern.sub(replacement, text)
    return text.translate(_RAISED).strip()


def _number(level: str, text: str, marked: bool) -> Written | None:
    """Read a number with its unit, or a chain such as `ln 4 ≈ 1.386` whose parts agree."""
    if len(level) > MAX_NUMBER:
        return None
    level = re.sub(r"^=\s*", "", level)
    about = _ABOUT.match(level)
    rest = level[about.end() :] if about else level
    parts = re.split(r"\s*[=≈]\s*", rest)
    found = []
    for place, part in enumerate(parts):
        read = _with_unit(part, marked)
        if read is None:
            return None
        rounded = about is not None or (place > 0 and "≈" in rest)
        found.append((approximate(read[0]), read[1]) if rounded else read)
    if any(not _agree(found[0], other) for other in found[1:]):
        return None
    return _written(*found[0], text)


def _with_unit(part: str, marked: bool) -> tuple[Numeral, str | None] | None:
    for word, name in UNIT_WORDS.items():
        amount = without(part, word)
        if amount is not None and (number := counted(amount, marked)) is not None:
            return number, name
    number = counted(part, marked)
    return None if number is None else (number, None)


def _written(number: Numeral, unit: str | None, text: str) -> Written:
    value: Value = number.value
    alternative = number.alternative
    factor: float = 1
    if unit is not None:
        value, factor = Quantity(number.value, unit), TABLE[unit].factor
        sibling = TABLE[unit].sibling
        alternative = None if sibling is None else scaled(number.value, TABLE[sibling].factor)
    return Written(
        value,
        text,
        precision=number.precision * factor,
        digits=number.digits,
        scientific=number.scientific,
        symbolic=number.symbolic,
        unit=unit or number.unit,
        alternative=alternative,
        step=number.step * factor,
    )


def _agree(first: tuple[Numeral, str | None], other: tuple[Numeral, str | None]) -> bool:
    """Whether the second part of a chain is the first one, rounded."""
    one, two = first[0], other[0]
    allowed = max(one.precision, two.precision) / 2 + 1e-9 * abs(one.value)
    return first[1] == other[1] and abs(one.value - two.value) <= allowed


def _formula(bare: str, text: str, marked: bool) -> Written | None:
    """Read equations, and expressions that are clearly formulas: words joined by a hyphen are not."""
    try:
        parts = parse_all(bare)
    except FormulaError:
        return None
    equations = [part for part in parts if isinstance(part, Equation)]
    if len(equations) == len(parts):
        return Written(equations[0] if len(parts) == 1 else System(tuple(equations)), text)
    if len(parts) > 1 or isinstance(parts[0], Equation) or not _is_clear(parts[0], marked):
        return None
    return Written(parts[0], text)


def _is_clear(expression: Expression, marked: bool) -> bool:
    if isinstance(expression, Name):
        return "_" in expression.name or (marked and len(expression.name) == 1)
    quantities = [name for name in names(expression) if name not in CONSTANTS]
    if any(len(name) > 2 and "_" not in name for name in quantities):
        return False
    return bool(quantities)  # `√-4` is no value, and no formula either
