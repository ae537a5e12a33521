"""One number as people write it: digits, powers of ten, fractions, roots, and the unit behind it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from verideck.verifying.formulas import (
    Binary,
    Call,
    Equation,
    Expression,
    FormulaError,
    Name,
    Negative,
    Number,
    parse_formula,
)
from verideck.verifying.formulas.evaluating import CONSTANTS, KNOWN
from verideck.verifying.values.units import TABLE

LONGEST = 400  # characters of one number
_BITS = 1_000  # of a power, so that 9^9^9 is refused before it is computed

_SIGN = r"(?P<sign>[+-]?)\s?"
_WHOLE = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:_\d{3})+|0|[1-9]\d*)"
_NUMERAL = re.compile(
    rf"{_SIGN}(?P<whole>{_WHOLE}|(?=\.\d))(?P<point>\.(?P<part>\d*))?(?:[eE](?P<exponent>[+-]?\d{{1,4}}))?",
    re.ASCII,
)
_TIMES_TEN = re.compile(
    r"(?P<mantissa>[^×*x·]+?)\s*[×*x·]\s*10\s*(?:\^|\*\*)\s*\{?\s*(?P<exponent>[+-]?\d{1,4})\s*\}?", re.ASCII
)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_RANGE = re.compile(r"[\d.,]+\s*-\s*[\d.,]+|\d+/\d+/\d+")  # 3-5 and 1/2/2020 are no differences and quotients
_UNCLEAR = re.compile(r"(?<![\d.,])0\d|\d[eE]$|\d \d")  # 007, 1e and 1 2 are slips rather than numbers


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number, and one unit of its last digit: `precision` is 0 where it is exact, `step` is not."""

    value: int | float
    precision: float = 0.0
    step: float = 0.0
    digits: int | None = None
    scientific: bool = False
    symbolic: bool = False
    unit: str | None = None
    alternative: int | float | None = None

    def times(self, factor: float, unit: str, sibling: float | None = None) -> Numeral:
        """Give the number in a unit that is worth `factor`, or by its other meaning `sibling`."""
        return replace(
            self,
            value=_product(self.value, factor),
            precision=self.precision * factor,
            step=self.step * factor,
            unit=unit,
            alternative=None if sibling is None else _product(self.value, sibling),
        )


@dataclass(frozen=True, slots=True)
class Count:
    """A word or sign that multiplies; `sibling` is the other thing people mean by it."""

    factor: float
    sibling: float | None = None


COUNTS: Mapping[str, Count] = MappingProxyType(
    {
        "%": Count(0.01),
        "percent": Count(0.01),
        "per cent": Count(0.01),
        "K": Count(2**10, 10**3),
        "k": Count(10**3, 2**10),
        "thousand": Count(10**3),
        "M": Count(10**6, 2**20),
        "million": Count(10**6),
        "billion": Count(10**9),
    }
)
# How units are spelled in texts -> their name. A lone `B` is missing: it means bytes or billions.
UNIT_WORDS: Mapping[str, str] = MappingProxyType(
    {name: name for name in TABLE} | {"byte": "bytes", "kB": "KB", "nat": "nats", "bit": "bits"}
)


def numeral(text: str, marked: bool = False) -> Numeral | None:
    """Read a number without unit: `1,024`, `-0.5`, `2.7e-16`, `2.7 × 10^-16`, `1/√3`; None where it is none.

    `marked` says that the author marked it as code or maths, where `3-5` is a difference and no range.
    """
    text = text.strip().replace("−", "-")
    if not text or len(text) > LONGEST:
        return None
    if match := _NUMERAL.fullmatch(text):
        return _digits(match, int(match["exponent"] or 0), match["exponent"] is not None)
    if match := _TIMES_TEN.fullmatch(text):
        inner = _NUMERAL.fullmatch(match["mantissa"].strip())
        if inner is not None and inner["exponent"] is None:
            return _digits(inner, int(match["exponent"]), scientific=True)
    if not marked and _RANGE.fullmatch(text):
        return None
    return _symbolic(text)


def approximate(number: Numeral) -> Numeral:
    """Take `about 40` at its word: a whole number is then rounded to its last digit."""
    return number if number.precision or number.symbolic else replace(number, precision=number.step)


def counted(text: str, marked: bool = False) -> Numeral | None:
    """Read a number with or without a count behind it: `64K`, `1 million`, `50 %`."""
    text = text.strip()
    for word, count in COUNTS.items():
        amount = without(text, word)
        if amount is not None and (number := numeral(amount, marked)) is not None:
            return number.times(count.factor, "percent" if count.factor == 0.01 else word, count.sibling)
    return numeral(text, marked)


def without(text: str, word: str) -> str | None:
    """Take a unit off the end: what stands before it, None if it is not there."""
    before = text[: -len(word)]
    if not text.endswith(word) or not before.strip() or before[-1].isalpha():
        return None
    return before.strip()


def _digits(match: re.Match[str], exponent: int, scientific: bool) -> Numeral | None:
    part = match["part"] or ""
    whole = re.sub(r"[, _]", "", match["whole"] or "0")
    value = float(f"{match['sign']}{whole}.{part}e{exponent}")
    unit = float(f"1e{exponent - len(part)}")
    if math.isinf(value) or math.isinf(unit):
        return None
    if match["point"] is None and (not scientific or exponent >= 0):
        return Numeral(int(match["sign"] + whole) * 10**exponent, step=unit)
    if part or (scientific and exponent < 0):
        return Numeral(value, precision=unit, step=unit, digits=len(part), scientific=scientific)
    return Numeral(value)  # `1.`, as torch prints what is whole


def _symbolic(text: str) -> Numeral | None:
    """Compute an expression of numbers, such as `1/√3`: exact, however it would be printed."""
    if not re.search(r"[\dπ½¼¾]|\\pi", text) or _UNCLEAR.search(text):
        return None
    plain = _GROUPED.sub(lambda match: match[0].replace(",", ""), text) if "(" not in text else text
    for sign, spelled in (("½", "(1/2)"), ("¼", "(1/4)"), ("¾", "(3/4)")):
        plain = plain.replace(sign, spelled)
    try:
        formula = parse_formula(plain)
        value = None if isinstance(formula, Equation) else _exact(formula)
    except (FormulaError, ArithmeticError, ValueError):
        return None
    if value is None or not math.isfinite(value):
        return None
    if isinstance(value, Fraction) and value.denominator == 1:
        return Numeral(value.numerator, symbolic=True) if abs(value) < 2**_BITS else None
    return Numeral(float(value), symbolic=True)


def _exact(formula: Expression) -> Fraction | float | None:
    """Compute with fractions as long as that goes, then with floats; None where a name is no constant."""
    match formula:
        case Number(value):
            return value
        case Name(name):
            return CONSTANTS.get(name)
        case Negative(operand):
            inner = _exact(operand)
            return None if inner is None else -inner
        case Call(function, (argument,)) if function in KNOWN:
            inner = _exact(argument)
            return None if inner is None else _applied(function, inner)
        case Binary(operator, left, right):
            first, second = _exact(left), _exact(right)
            return None if first is None or second is None else _joined(operator, first, second)
    return None


def _applied(function: str, value: Fraction | float) -> Fraction | float:
    if function == "sqrt" and isinstance(value, Fraction) and value >= 0:
        root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
        if root * root == value:
            return root
    return KNOWN[function](float(value))


def _joined(operator: str, left: Fraction | float, right: Fraction | float) -> Fraction | float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
    if isinstance(left, Fraction) and isinstance(right, Fraction) and right.denominator == 1:
        width = max(left.numerator.bit_length(), left.denominator.bit_length())
        if width * abs(right) <= _BITS:
            return left ** int(right)
    power = float(left) ** float(right)
    if isinstance(power, complex) or (power == 0 and left != 0):
        return math.nan  # a root of a negative number, or too small for a float
    return float(power)


def _product(value: int | float, factor: float) -> int | float:
    """Multiply so that `64K` is a whole number and `50 %` is 0.5."""
    product = Fraction(value) * Fraction(str(factor))
    whole = isinstance(factor, int) and product.denominator == 1
    return product.numerator if whole else float(product)
