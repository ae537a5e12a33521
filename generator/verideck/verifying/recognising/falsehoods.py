"""False statements in a text: those that the table knows, said plainly and not denied or reported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from verideck.verifying.recognising import text as texts
from verideck.verifying.recognising.known_falsehoods import FALSEHOODS, Falsehood

LONGEST = 20_000  # characters of a text that are searched
CLAUSES = 400  # characters of a clause; a longer one is no plain statement
CLAUSE = re.compile(
    r"(?<!\d)[.](?!\d)|[.](?=\s|$)|[,;:!?()]|\b(?:but|while|whereas|although|though|unlike|however)\b"
)
ORDER = re.compile(r"\bo\(([^()]{1,20})\)")  # `O(n)` is no parenthesis of its own
SENTENCE = re.compile(r"(?<=[.!?;])\s+")
# A clause that denies, and a sentence that reports what somebody else says.
DENIED = re.compile(
    r"\b(?:not|no|never|neither|nor|none|cannot|without|instead|rather than|hardly|nothing|if"
    r"|unless|would|prevents?"
    r"|avoids?|unaffected|unchanged|independent)\b|n't\b"
)
REPORTED = re.compile(
    r"\b(?:myths?|misconceptions?|false|wrong\w*|incorrect\w*|untrue|mistaken\w*|mistakes?"
    r"|claims?|believe\w*|"
    r"thinks?|contrary|options?|statements?|some say|is it true)\b"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A falsehood in a text: the row, the check with its numbers, and the clause that says it."""

    row: Falsehood
    code: str
    clause: str


def falsehoods(text: str, whole: str = "") -> Iterable[Found]:
    """Find the false statements of a text; `whole` is all that its item says, where a context may stand."""
    around = texts.plain(whole[:LONGEST]).lower()
    for sentence in SENTENCE.split(texts.plain(text[:LONGEST]).replace("$", "")):
        if REPORTED.search(sentence.lower()):
            continue
        for clause in CLAUSE.split(ORDER.sub(r"o[\1]", sentence.lower())):
            if 0 < len(clause.strip()) <= CLAUSES and not DENIED.search(clause):
                yield from _in(clause.strip(), around)


def _in(clause: str, around: str) -> Iterable[Found]:
    for row in FALSEHOODS:
        matches = [pattern.search(clause) for pattern in row.words]
        if not all(matches) or row.unless.search(clause) or row.context.search(around):
            continue
        groups = {name: value for match in matches if match for name, value in match.groupdict().items()}
        yield Found(row, row.code.format(**groups) if groups else row.code, clause)
