"""Formula text -> tokens. LaTeX and typography are levelled here, so that the parser sees one spelling."""

from __future__ import annotations

import difflib
import re
import string
import unicodedata
from dataclasses import dataclass

from verideck.verifying.formulas import vocabulary as v
from verideck.verifying.formulas.expressions import FormulaError

LONGEST = 4_000  # characters of one formula
MOST = 400  # tokens of one formula: it also bounds how deep its tree can be

_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+(?![A-Za-z0-9_]))?", re.ASCII)
_GROUP = re.compile(r"\\[A-Za-z]+(?:\{[^{}]*\})?|[0-9]+|[A-Za-z][A-Za-z0-9]*")
_COMMAND = re.compile(r"\\(?:operatorname\*|[A-Za-z]+|.)", re.DOTALL)
_INNER_FONT = re.compile(r"\\(?:text|mathrm|mathit|mathbf|operatorname|textit|textrm)\s*")


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `kind` is `number`, `name`, `power`, `end`, `separator`, or the sign itself (`+`, `sqrt`).

    `applied` marks a name that takes its argument without parentheses; `spaced` one with space before it.
    """

    kind: str
    text: str
    column: int
    spaced: bool = False
    applied: bool = False


def tokens(text: str) -> tuple[Token, ...]:
    """Split formula text; raises FormulaError with the column of what is not understood."""
    if len(text) > LONGEST:
        raise FormulaError(f"a formula of {len(text)} characters is too long; the most is {LONGEST}")
    scanner = _Scanner(text)
    found: list[Token] = []
    while (token := scanner.next()) is not None:
        found.append(token)
        if len(found) > MOST:
            raise FormulaError(f"a formula of more than {MOST} parts is too long", token.column)
    found.append(Token("end", "", len(text) + 1))
    return tuple(found)


def is_maths(text: str) -> bool:
    """Whether the text is marked as maths, so that neighbouring letters mean a product."""
    return "$" in text or "\\" in text


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def next(self) -> Token | None:
        """Give the next token; None at the end."""
        spaced = self._skip()
        if self.at >= len(self.text):
            return None
        start, character = self.at, self.text[self.at]
        column = start + 1
        if character in "\n;":
            self.at += 1
            return Token("separator", character, column, spaced)
        if match := _NUMBER.match(self.text, start):
            self.at = match.end()
            return Token("number", match[0], column, spaced)
        if character == "\\":
            return self._command(spaced)
        if _word(self.text, start) > start:
            name = self._name()
            return Token("name", name, column, spaced, name.partition("_")[0] in v.APPLIED)
        if self.text.startswith("**", start):
            self.at += 2
            return Token("^", "**", column, spaced)
        if character in v.SUPERSCRIPT_SIGNS:
            return self._superscript(spaced)
        if character in v.SIGNS:
            self.at += 1
            return Token(v.SIGNS[character], character, column, spaced)
        raise FormulaError(f"`{character}` has no meaning in a formula", column)

    def _skip(self) -> bool:
        """Pass over what has no meaning; whether there was any."""
        start = self.at
        while self.at < len(self.text):
            character = self.text[self.at]
            if (character.isspace() and character != "\n") or character in "$`&~":
                self.at += 1
                continue
            command = _COMMAND.match(self.text, self.at)
            if command is None or command[0][1:] not in v.SPACING | v.ENVIRONMENT:
                break
            if command[0][1:] in v.SEPARATING:
                break
            self.at = command.end()
            if command[0][1:] in v.ENVIRONMENT:
                self._group()
        return self.at > start

    def _command(self, spaced: bool) -> Token:
        start = self.at
        column = start + 1
        match = _COMMAND.match(self.text, start)
        if match is None:
            raise FormulaError("a backslash at the end", column)
        command = match[0][1:]
        if command in v.SEPARATING:
            self.at = match.end()
            return Token("separator", match[0], column, spaced)
        if command in v.OPERATORS:
            self.at = match.end()
            return Token(v.OPERATORS[command], match[0], column, spaced)
        if command not in v.COMMANDS:
            nearest = difflib.get_close_matches(command, v.COMMANDS, n=1)
            hint = f"did you mean `\\{nearest[0]}`?" if nearest else ""
            raise FormulaError(f"`{match[0]}` is not a command formulas know", column, hint)
        name = self._name()
        applied = command.startswith("operatorname") or name.partition("_")[0] in v.APPLIED
        return Token("name", name, column, spaced, applied)

    def _superscript(self, spaced: bool) -> Token:
        """Read `²` or `⁻¹` as a token of its own; the parser takes it for a power."""
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in v.SUPERSCRIPT_SIGNS:
            self.at += 1
        return Token("power", self.text[start : self.at].translate(v.SUPERSCRIPTS), start + 1, spaced)

    def _name(self) -> str:
        """Read a name with its accents, primes and subscript in the plain spelling `x_2`."""
        stem = self._stem()
        while self._peek() and self._peek() in "'′":
            stem += "'"
            self.at += 1
        subscript = self._subscript()
        if not subscript and (match := re.fullmatch(r"([^\W\d_]+)(\d+)", stem)):
            stem, subscript = match[1], match[2]  # x2 is x_2
        return f"{stem}_{subscript}" if subscript else stem

    def _stem(self) -> str:
        column = self.at + 1
        if (end := _word(self.text, start := self.at)) > start:
            self.at = end
            return self.text[start:end]
        match = _COMMAND.match(self.text, self.at)
        command = match[0][1:] if match else ""
        self.at = match.end() if match else self.at
        if command in v.GREEK:
            return v.GREEK[command]
        if command in v.NAMED:
            return command
        if command in v.UPRIGHT | v.TYPEFACES | set(v.ACCENTS):
            inner = _plain(self._group())
            if re.fullmatch(r"[^\W_]\w*'*", inner):
                return inner + v.ACCENTS.get(command, "")
            raise FormulaError(f"`{match[0] if match else ''}` should hold a name", column)
        raise FormulaError("a name is missing here", column)

    def _subscript(self) -> str:
        start = self.at
        while self._peek() and self._peek() in v.SUBSCRIPT_SIGNS:
            self.at += 1
        if self.at > start:
            return self.text[start : self.at].translate(v.SUBSCRIPTS)
        while self._peek() == " ":
            self.at += 1
        if self._peek() != "_":
            self.at = start
            return ""
        self.at += 1
        subscript = _plain(self._group())
        if not subscript:
            raise FormulaError("a subscript is missing after `_`", self.at + 1)
        return subscript

    def _group(self) -> str:
        """Read `{…}`, or the word or command that stands for it."""
        while self._peek() == " ":
            self.at += 1
        start = self.at
        if self._peek() == "{":
            depth = 0
            while self.at < len(self.text):
                depth += {"{": 1, "}": -1}.get(self.text[self.at], 0)
                self.at += 1
                if depth == 0:
                    return self.text[start + 1 : self.at - 1]
            raise FormulaError("a `{` that is never closed", start + 1)
        match = _GROUP.match(self.text, start)
        self.at = match.end() if match else start
        return match[0] if match else ""

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]


def _word(text: str, start: int) -> int:
    """Give the end of the letters, with their accents, and of the digits after them."""
    end = start
    while end < len(text) and (_is_letter(text[end]) or (end > start and unicodedata.combining(text[end]))):
        end += 1
    while start < end < len(text) and text[end] in string.digits:
        end += 1
    return end


def _is_letter(character: str) -> bool:
    return character.isalpha() and character not in v.SUBSCRIPT_SIGNS | v.SUPERSCRIPT_SIGNS


def _plain(group: str) -> str:
    """Level the inside of a subscript or an upright name: fonts, braces and space go, Greek is spelt."""
    text = _INNER_FONT.sub("", group)
    text = re.sub(r"\\([A-Za-z]+)", lambda match: v.GREEK.get(match[1], ""), text)
    text = re.sub(r"\\(.)", r"\1", text).translate(v.SUBSCRIPTS)
    return re.sub(r"[\s{}$-]" if re.search(r"[A-Za-z]{2}-[A-Za-z]{2}", text) else r"[\s{}$]", "", text)
