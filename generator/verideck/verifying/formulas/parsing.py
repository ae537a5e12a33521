"""Tokens -> expressions: a Pratt parser with budgets on depth and size."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from verideck.verifying.formulas.expressions import (
    Binary,
    Call,
    Equation,
    Expression,
    FormulaError,
    Name,
    Negative,
    Number,
)
from verideck.verifying.formulas.tokens import Token, is_maths, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST = 40  # nested parentheses, powers and signs: far beyond what a person reads
LARGEST = 300  # decimal digits before or after the point, so that every number fits a float

_BINDING = {"+": 10, "-": 10, "*": 20, "/": 20, "^": 30, "power": 30}
_PRODUCT = 20
_OPERAND = 25  # tighter than a product: what a function without parentheses takes
_POWER = 29  # powers associate to the right
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_STARTS = frozenset({"number", "name", "sqrt", "frac", *_CLOSING})


def parse_formula(text: str) -> Expression | Equation:
    """Read one formula or one equation, plain text or LaTeX; raises FormulaError."""
    found = parse_all(text)
    if len(found) > 1:
        raise FormulaError("several formulas where one is expected", hint="give each a text of its own")
    return found[0]


def parse_all(text: str) -> tuple[Expression | Equation, ...]:
    r"""Read formulas divided by a line break, `;`, `\\`, `\quad` or a comma between equations."""
    parser = _Parser(tokens(text), is_maths(text))
    found = []
    while parser.skip("separator", ","):
        found.append(parser.statement())
    if not found:
        raise FormulaError("an empty formula", 1)
    return tuple(found)


@dataclass(slots=True)
class _Parser:
    tokens: Sequence[Token]
    maths: bool
    at: int = 0
    depth: int = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.token
        self.at += token.kind != "end"
        return token

    def skip(self, *kinds: str) -> bool:
        """Pass over tokens of these kinds; whether anything is left."""
        while (self.at > 0 and self.token.kind in kinds) or self.token.kind == "separator":
            self.take()
        return self.token.kind != "end"

    def statement(self) -> Expression | Equation:
        left = self.expression(0)
        if self.token.kind != "=":
            self.finish()
            return left
        self.take()
        right = self.expression(0)
        if self.token.kind == "=":
            raise FormulaError("a second `=` in one equation", self.token.column, "write two equations")
        self.finish()
        return Equation(left, right)

    def finish(self) -> None:
        token = self.token
        if token.kind not in ("end", "separator", ","):
            what = "a bracket too many" if token.kind in _CLOSING.values() else "unexpected"
            raise FormulaError(f"{what}: `{token.text}`", token.column)

    def expression(self, binding: int) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"nested deeper than {DEEPEST} levels", self.token.column)
        left = self.prefix()
        while (right := self.infix(left, binding)) is not None:
            left = right
        self.depth -= 1
        return left

    def prefix(self) -> Expression:
        token = self.take()
        match token.kind:
            case "number":
                return Number(_number(token))
            case "name":
                return self.named(token)
            case "-":
                return Negative(self.expression(_PRODUCT))
            case "+":
                return self.expression(_PRODUCT)
            case "(" | "[" | "{":
                inner = self.expression(0)
                self.close(token)
                return inner
            case "frac":
                return Binary("/", self.short_group(), self.short_group())
            case "sqrt":
                return self.root()
            case "end" | "separator":
                raise FormulaError("the formula breaks off", token.column)
        raise FormulaError(f"a quantity is missing before `{token.text}`", token.column)

    def infix(self, left: Expression, binding: int) -> Expression | None:
        token = self.token
        if token.kind == "power" and binding < _BINDING["power"]:
            self.take()
            return _raised(left, token.text)
        if token.kind == "^" and binding < _BINDING["^"]:
            self.take()
            return self.power(left)
        if token.kind in _BINDING and token.kind not in ("^", "power"):
            if binding >= _BINDING[token.kind]:
                return None
            self.take()
            right = self.expression(_BINDING[token.kind])
            if token.kind == "/" and self.is_product(right):
                raise _ambiguous(self.token, str(right))
            return Binary(token.kind, left, right)
        if self.is_product(left) and binding < _PRODUCT:
            return Binary("*", left, self.expression(_PRODUCT))
        return None

    def named(self, token: Token) -> Expression:
        following = self.token
        if following.kind in ("(", "["):  # a product after all where the system knows it as a quantity
            return Call(token.text, self.arguments())
        if token.applied and following.kind in _STARTS:
            argument = self.expression(_OPERAND)
            if self.is_product(argument):
                raise _ambiguous(self.token, f"{token.text} {argument}")
            return Call(token.text, (argument,))
        return Name(token.text)

    def arguments(self) -> tuple[Expression, ...]:
        opening = self.take()
        found = [self.expression(0)]
        while self.token.kind == ",":
            self.take()
            found.append(self.expression(0))
        self.close(opening)
        return tuple(found)

    def close(self, opening: Token) -> None:
        token = self.take()
        if token.kind != _CLOSING[opening.kind]:
            raise FormulaError(f"`{opening.text}` is never closed", opening.column)

    def short_group(self) -> Expression:
        """Read `{…}`, or as LaTeX does the one thing that stands for it: the first digit of `12`."""
        token = self.token
        if token.kind == "number" and len(token.text) > 1 and "." not in token.text:
            rest = Token("number", token.text[1:], token.column + 1)
            self.tokens = [*self.tokens[: self.at], rest, *self.tokens[self.at + 1 :]]
            return Number(Fraction(token.text[0]))
        if token.kind == "(":
            raise FormulaError("`\\frac` wants braces", token.column, "write `\\frac{a}{b}`")
        return self.prefix()

    def root(self) -> Expression:
        degree = None
        if self.token.kind == "[":
            opening = self.take()
            degree = self.expression(0)
            self.close(opening)
        inner = self.expression(_OPERAND)
        if degree is None:
            return Call("sqrt", (inner,))
        return Binary("^", inner, Binary("/", Number(Fraction(1)), degree))

    def power(self, base: Expression) -> Expression:
        grouped = self.token.kind == "{"
        sign = self.tokens[min(self.at + grouped, len(self.tokens) - 1)]
        if sign.kind == "top" or (sign.kind == "name" and sign.text == "T"):
            self.at += 1 + 2 * grouped
            if grouped and self.tokens[self.at - 1].kind != "}":
                raise FormulaError("a transpose stands alone in its exponent", sign.column)
            return Call("transpose", (base,))
        exponent = self.expression(_POWER)
        if exponent == Negative(Number(Fraction(1))) and isinstance(base, Name) and self.token.kind == "(":
            return Call(f"{base.name}^-1", self.arguments())  # the inverse of a function
        return Binary("^", base, exponent)

    def is_product(self, left: Expression) -> bool:
        """Whether the next token multiplies without a sign: `2x`, `(a)(b)`; prose is no product."""
        token = self.token
        if token.kind not in _STARTS or token.kind == "number":
            return False
        if token.kind != "name" or self.tokens[self.at - 1].kind in (")", "]", "}"):
            return True
        stem = token.text.partition("_")[0]
        if isinstance(left, Number):
            return self.maths or not token.spaced or len(stem) == 1
        return self.maths and len(stem) == 1


def _raised(base: Expression, exponent: str) -> Expression:
    if exponent == "T":
        return Call("transpose", (base,))
    sign = exponent[:1] if exponent[:1] in "+-" else ""
    digits = exponent[len(sign) :]
    part: Expression = Name("n") if digits == "n" else Number(Fraction(int(digits or "1")))
    return Binary("^", base, Negative(part) if sign == "-" else part)


def _number(token: Token) -> Fraction:
    mantissa, _, exponent = token.text.lower().partition("e")
    if len(mantissa) > LARGEST or len(exponent) > len(str(LARGEST)) + 1 or abs(int(exponent or 0)) > LARGEST:
        raise FormulaError("a number too large or too small to hold", token.column)
    whole, _, part = mantissa.partition(".")
    return Fraction(int((whole + part) or "0"), 10 ** len(part)) * Fraction(10) ** int(exponent or 0)


def _ambiguous(token: Token, before: str) -> FormulaError:
    message = f"what `{token.text}` multiplies is unclear after `{before}`"
    return FormulaError(message, token.column, "add parentheses or a `*`")
