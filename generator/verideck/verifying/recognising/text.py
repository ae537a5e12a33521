"""The words and numbers of an item's text, and the words that veto."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verideck.reading.items import Item

LONGEST = 4_000  # characters of a question
SPELLED = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "sixteen": 16, "thirty-two": 32, "sixty-four": 64, "hundred": 100,
}  # fmt: skip
NUMBER = re.compile(
    r"(?<![\w.^])(?P<number>[-+]?(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+|\.(?=[,\])]))?"
    r"|[-+]?\.\d+)(?P<power>e[-+]?\d+)?"
    r"(?![\d])|(?P<word>\b(?:" + "|".join(SPELLED) + r")\b)",
    re.IGNORECASE,
)
# Numbers that name something instead of counting it: `Question 3`, `in 2017`, `GPT-2`, `step 1`.
NAMING = re.compile(
    r"\b(?:question|problem|exercise|quiz|part|section|chapter|figure|fig\.|table|equation|eq\.|version"
    r"|python|"
    r"pytorch|torch)\s*#?\s*\d[\d.]*"
    r"|(?:\b(?:in|since)\s+|\()(?:19[5-9]\d|20[0-2]\d)(?=\s*[).,;?!]|$)"
    r"|\b(?:to|with) (?:\d|two|three|four) (?:decimals?|digits|places|significant|decimal places)\b"
    r"|(?-i:\b[A-Z][A-Za-z]+-\d+\b)|^\s*\d+[.)]\s|[(\[]\s*\d+ (?:points?|pts?\.?|marks?)\s*[)\]]",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(not|except|incorrect|incorrectly|false|wrong|untrue|invalid|never|cannot|isn't|aren't|doesn't"
    r"|don't|"
    r"unlikely|(?<!at )least|fewest)\b",
    re.IGNORECASE,
)
SOFTENED = re.compile(
    r"\b(typically|typical|usually|usual|generally|often|approximately|approx\.?|roughly|nearly|almost|"
    r"at most|at least|about (?=[\d~])|around (?=\d)|more than|less than|fewer than|up to|likely"
    r"|probably)\b"
    r"|[~≈≥≤]",
    re.IGNORECASE,
)
# Said of the computation itself, and no turn of the question.
HARMLESS = re.compile(
    r"\b(?:is|are|was|were|do|does)?\s*(?:not|n't|never)\s+"
    r"(?:scaled|divided|masked|averaged|batch[- _]first|normali[sz]ed)\b"
    r"|\bbatch_first\s*=\s*false|\bbias\s*=\s*false|\b(?:average_attn_weights|need_weights)\s*=\s*false",
    re.IGNORECASE,
)
IMPERATIVE = re.compile(
    r"(?:please |now )?"
    r"(?:compute|calculate|find|determine|give|state|work out|derive|name|select|choose|count)\b",
    re.IGNORECASE,
)
SPACES = ("\u00a0", "\u202f", "\u2009")
UNLIKE = str.maketrans(
    {"\u2212": "-", "\u2013": "-", "×": "x", "’": "'", "⋅": "·"} | dict.fromkeys(SPACES, " ")
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the text has it, and where it stands; spelled-out ones, too."""

    text: str
    value: float
    start: int
    end: int


def words(listed: str) -> re.Pattern[str]:
    """Make the pattern that finds any of the words, which are patterns with commas between them."""
    found = "|".join(word.strip().replace("\n", " ") for word in re.sub(r"\s+", " ", listed).split(","))
    return re.compile(rf"\b(?:{found})(?!\w)", re.IGNORECASE)


def plain(text: str) -> str:
    """Give a text with one spelling for dashes, the times sign, quotes and spaces."""
    return " ".join(text.translate(UNLIKE).split())


def asked(item: Item) -> str:
    """Give everything that an item asks: its question and the paragraphs below it.

    Empty where it is longer than any question: what is found in a book proves nothing.
    """
    long = len(item.question) + len(item.body) > LONGEST
    return "" if long else plain(f"{item.question} {item.body}")


def veto(text: str) -> str:
    """Say why a question may not be held against its computed answer, or nothing.

    Only `veto` of the question's own words: an option or an explanation has words of its own.
    """
    bare = HARMLESS.sub(" ", text)
    found = NEGATED.search(bare) or SOFTENED.search(bare)
    return f"the question says `{found[0].strip()}`" if found else ""


def negated(text: str) -> bool:
    """Tell whether a text turns its question round: `NOT`, `except`, `incorrect`."""
    return NEGATED.search(HARMLESS.sub(" ", text)) is not None


def numbers(text: str) -> tuple[Number, ...]:
    """Find the numbers of a text; a digit inside a name such as `x_1` or `float32` is none."""
    found = []
    for match in NUMBER.finditer(text):
        word = match["word"]
        if word:
            found.append(Number(word, SPELLED[word.lower()], match.start(), match.end()))
        elif not text[match.end() : match.end() + 1].isidentifier() or _is_unit(text, match.end()):
            value = float(match["number"].replace(",", "") + (match["power"] or ""))
            found.append(Number(match[0], value, match.start(), match.end()))
    return tuple(found)


def unused(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Number, ...]:
    """Find the numbers of a text outside the spans that a recogniser has used, but for mere names."""
    taken = [*spans, *(match.span() for match in NAMING.finditer(text))]
    return tuple(
        one for one in numbers(text) if not any(start <= one.start and one.end <= end for start, end in taken)
    )


def _is_unit(text: str, place: int) -> bool:
    return re.match(r"(?:[KMGT]i?B?|B|x|d|D|k|m|bit|bits|bytes)\b", text[place:]) is not None


def level(text: str) -> str:
    """Give a text without the marks of code, maths and emphasis, for what reads words and sizes."""
    bare = re.sub(r"\\(?:text|mathrm|operatorname|mathbf|mathit)\s*\{([^{}]*)\}", r"\1", plain(text))
    bare = re.sub(r"\\times\b", "x", bare)
    return re.sub(r"_\{(\w+)\}", r"_\1", re.sub(r"\*\*|[`$]", "", bare))


def asking(text: str) -> str:
    """Give the one sentence of a text that asks; empty where several do, or none."""
    sentences = re.split(r"(?<=[.?!:;])\s+", text)
    found = [one for one in sentences if one.rstrip().endswith("?")]
    found = found or [one for one in sentences if IMPERATIVE.match(one)]
    return found[0] if len(found) == 1 else ""


def quoted(fragment: str) -> str:
    """Write a text as a check quotes it: in double quotes, raw where it holds a backslash."""
    if '"' not in fragment and "\n" not in fragment:
        if "\\" not in fragment:
            return f'"{fragment}"'
        if not fragment.endswith("\\"):
            return f'r"{fragment}"'
    return repr(fragment)


VALUED = re.compile(
    r"(?:torch\.Size\(|tensor\()?[(\[][-\d\s.,()\[\]]*\d[-\d\s.,()\[\]]*[)\]]"
    r"|(?<![\w.])\d+(?:\s?x\s?\d+)+(?![\w.])"
    r"|(?<![\w.,^-])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w^]|[.,]\d|\s?(?:[KMGT]i?)?B\b|\s?[%*/+])"
)


def valued(text: str) -> str:
    """Give the one value that a text says in words: `64` of `64 features`, `(2, 5)` of `It has shape (2, 5)`.

    Empty where it says none, or several, or denies it.
    """
    bare = level(text)
    found = [match[0] for match in VALUED.finditer(bare)] if len(bare) < 300 else []
    vague = (
        negated(bare)
        or SOFTENED.search(bare)
        or re.search(
            r"\b(?:or|bits?|nats?|thousand"
            r"|million)\b",
            bare,
        )
    )
    return found[0] if len(found) == 1 and not vague and not unused(VALUED.sub(" ", bare), ()) else ""


def fragment(option: str, options: Iterable[str]) -> str:
    """Give the part of an option that a check names it by: free of markup, and in no other option.

    The whole text where no such part stands in this option alone.
    """
    parts = sorted(
        (
            part.strip()
            for part in re.split(
                r"[\\`*_\[\]<>$#"
                r"|~{}&\n]+",
                option,
            )
        ),
        key=len,
        reverse=True,
    )
    listed = list(options)
    for part in parts[:1]:
        if len(part) > 1 and sum(part in one for one in listed) == 1:
            return part
    return option
