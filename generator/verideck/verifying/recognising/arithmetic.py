"""Sums that a text works out: `512 / 8 = 64`, `4 · 64² + 4 · 64 = 16,640`, `1 / √3 ≈ 0.577`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 4_000  # characters of a text that are searched
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,9})(?:\.\d{1,9})?"
# No two parts can take the same character, so that a text which is no sum costs no more than its length.
_TERM = rf"(?:(?:√|sqrt|ln)\s?)?\(?{_NUMBER}[²³]?(?:\)[²³]?)?"
_SIGN = r"\s?(?:\*\*|[-+*/×·^]|\bx\b)\s?"
SUM = re.compile(
    rf"(?P<left>{_TERM}(?:{_SIGN}{_TERM}){{0,15}})\s?(?P<sign>=|≈)\s?(?P<right>-?{_NUMBER})"
    r"(?P<unit>\s?(?:[KMGTkmb]i?[Bb]?\b|million|thousand|billion|percent|bytes?\b|bits?\b)|\s?%)?"
    r"(?!\s?[-+*/×·^(=²³]|\s?x\s?\d|[.,]?\d|\w)"
)
BEFORE = re.compile(r"[\w.,)\]}²³]$|[-+*/×·^√(\[{]\s*$|\bx\s*$")
POWERS = {"²": "**2", "³": "**3"}


@dataclass(frozen=True, slots=True)
class Sum:
    """One worked-out sum: as written, and the condition that holds where it is right."""

    written: str
    condition: str
    start: int
    end: int


def sums(text: str) -> Iterable[Sum]:
    """Find sums of plain numbers with their result; what has a unit or a name in it is left out."""
    text = text[:LONGEST].replace("−", "-").replace("\\times", "×").replace("\\cdot", "·").replace("$", "")
    for match in SUM.finditer(text):
        left, right = match["left"], match["right"].replace(",", "")
        if match["unit"] or BEFORE.search(text[: match.start()]) or left.count("(") != left.count(")"):
            continue
        if not re.search(r"[-+*/×·^²³√]|sqrt|ln|\bx\b", left) or re.search(r"\^\s?\d{3}|\*\*\s?\d{3}", left):
            continue
        yield Sum(match[0], _condition(_code(left), right, left, match["sign"]), *match.span())


def _code(left: str) -> str:
    code = re.sub(r"(?<=\d),(?=\d{3})", "", left)
    for sign, power in POWERS.items():
        code = code.replace(sign, power)
    code = re.sub(r"\s*(?:×|·|\bx\b)\s*", " * ", code).replace("^", "**")
    code = re.sub(rf"(?:√|sqrt)\s?\(?\s?({_NUMBER})\s?\)?", r"sqrt(\1)", code)
    code = re.sub(rf"\bln\s?\(?\s?({_NUMBER})\s?\)?", r"log(\1)", code)
    return re.sub(r"\s*(?<!\*)([-+*/])(?!\*)\s*", r" \1 ", code).replace("** ", "**").strip()


def _condition(code: str, right: str, left: str, sign: str) -> str:
    """Compare exactly where whole numbers are only added and multiplied, else to one last digit."""
    digits = len(right.partition(".")[2])
    if digits:
        return f"abs({code} - {right}) < {10**-digits:.{digits}f}"
    if re.search(r"[/√]|sqrt|ln", left):
        return f"abs({code} - {right}) < 1"
    if sign == "≈" or "." in left:
        return f"abs({code} - {right}) <= 0.5"
    return f"{code} == {right}"
