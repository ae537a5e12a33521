"""Lists and matrices that a question writes out: `[0.5, 1/2]`, `[[1, 0], [0, 1]]`, LaTeX's `bmatrix`."""

from __future__ import annotations

import re
from dataclasses import dataclass

ENTRY = r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:e-?\d+)?(?:\s?/\s?\d+)?"
ROW = rf"[\[(]\s*{ENTRY}(?:\s*,\s*{ENTRY})*\s*,?\s*[\])]"
MATRIX = re.compile(rf"\[\s*{ROW}(?:\s*,\s*{ROW})*\s*,?\s*\]|{ROW}", re.IGNORECASE)
LATEX = re.compile(r"\\begin\{[bp]?matrix\}(?P<rows>[^{}]*)\\end\{[bp]?matrix\}")
LONGEST = 2_000  # characters of a text that is searched


@dataclass(frozen=True, slots=True)
class Literal:
    """A list of rows as code; `rows` is 0 for a flat list."""

    code: str
    rows: int
    columns: int
    start: int
    end: int

    @property
    def nested(self) -> str:
        """Write it as a matrix."""
        return self.code if self.rows else f"[{self.code}]"


def levelled(asked: str) -> str:
    """Write LaTeX's matrices as lists."""

    def rows(match: re.Match[str]) -> str:
        lines = [line for line in match["rows"].split("\\\\") if line.strip()]
        return "[" + ", ".join("[" + ", ".join(line.split("&")) + "]" for line in lines) + "]"

    return LATEX.sub(rows, asked)


def literals(asked: str) -> tuple[Literal, ...]:
    """Find the lists and matrices of a text, in order."""
    if len(asked) > LONGEST:
        return ()
    found = (_literal(match) for match in MATRIX.finditer(asked))
    return tuple(one for one in found if one is not None)


def _literal(match: re.Match[str]) -> Literal | None:
    code = match[0]
    nested = re.match(r"\[\s*[\[(]", code) is not None
    rows = re.findall(ROW, code[1:-1] if nested else code, re.IGNORECASE)
    entries = [[re.sub(r"\s", "", one) for one in re.findall(ENTRY, row, re.IGNORECASE)] for row in rows]
    widths = {len(row) for row in entries}
    if len(widths) != 1 or not entries[0] or any(len(one) > 20 for row in entries for one in row):
        return None
    if not nested and code[0] == "(" and len(entries[0]) < 2:
        return None  # a number in parentheses
    inside = ["[" + ", ".join(_number(one) for one in row) + "]" for row in entries]
    written = "[" + ", ".join(inside) + "]" if nested else inside[0]
    return Literal(written, len(inside) if nested else 0, widths.pop(), *match.span())


def _number(entry: str) -> str:
    """Write a number as Python takes it: `1.` as 1, `1/4` with spaces."""
    numerator, slash, denominator = entry.partition("/")
    sign, digits = ("-", numerator[1:]) if numerator.startswith("-") else ("", numerator)
    whole = digits.rstrip(".") if digits.endswith(".") else digits
    whole = re.sub(r"^0+(?=\d)", "", whole)
    whole = f"0{whole}" if whole.startswith(".") else whole
    whole = re.sub(r"\.0+$", "", whole)
    return f"{sign}{whole} / {denominator}" if slash else f"{sign}{whole}"


def numbers_of(code: str) -> list[float]:
    """Give the numbers of a literal's code, in order."""
    found = []
    for entry in re.findall(r"-?[\d.]+(?:e-?\d+)?(?: / \d+)?", code):
        numerator, _, denominator = entry.partition(" / ")
        if denominator and int(denominator) == 0:
            return []
        found.append(float(numerator) / (int(denominator) if denominator else 1))
    return found
