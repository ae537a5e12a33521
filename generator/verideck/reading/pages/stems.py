"""Where a graded question's stem ends and its options begin, and options that a scan has fused.

Marks in front of options would tell, but scans lose them; the words decide together with what marks are left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from verideck.reading.items import ItemOption, Mark
from verideck.reading.pages import codelike, option_marks

_ENDS = re.compile(r"[.?!:…][\"')\]”’$]*\Z")
_ASKS = re.compile(r"\?[\"')\]*”’ ]*\Z")
_LONG = 50  # characters from which a line may have been wrapped
_BEHIND_QUESTION = re.compile(r"\?[\"')\]”’*]*(?:\s+(?=\S)|(?=[A-Z$]))")
_INSTRUCTION = re.compile(
    r"\W*(?:select|choose|check|pick|mark|tick|assume|suppose|note|hint|recall|remember|consider"
    r"|you (?:may|can|should|are|must)"
    r"|give|use|enter|round|answer|write|type|please|for example|e\.g\.|i\.e\.|here|where|all|one|two"
    r"|three|multiple|there (?:may|can)"
    r"|that is|in other words|ignore|do not|don't|only|why\b|refer|see|hover|take|let)\b|\W*\(|\W*\Z",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\]$][.!?])\s+(?=[A-Z$])")
_GOES_ON = re.compile(
    r"(?:instead|however|therefore|thus|hence|otherwise|so|then|but|and|or|also|moreover|that|this|these"
    r"|those|for|in|as|because|such"
    r"|since|while|rather|consequently|if|when|similarly|finally|note)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?:it|they|we|he|she|you|its|their)\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_INNER_MARK = re.compile(r"\s(?=[○◯☐□●◉⦿☑◻▢]\s*\S)")
_MOST_IN_A_LINE = 8
_FUSED_BY_TAB = re.compile(r"\S[ ]*\t[ \t]*\S")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line behind a question's first one, its option mark taken off."""

    line: int
    text: str
    mark: Mark = Mark.NONE
    box: bool = False
    verdict: str = ""  # the grading word that the whole line is
    points: bool = False  # it held the remains of the points
    indented: str = ""  # the line as it stands, for code


@dataclass(frozen=True, slots=True)
class Stem:
    """A question's text line by line, its code, and the option that the text has swallowed."""

    texts: tuple[str, ...]
    code: tuple[Entry, ...] = ()
    swallowed: str = ""


def narrow(text: str) -> str:
    """Make one space or tab of each run of them, so that no pattern has to look far."""
    return _SPACES.sub(lambda run: "\t" if "\t" in run[0] else " ", text.strip())


def divide(first: str, entries: Sequence[Entry]) -> tuple[Stem, Sequence[Entry]]:
    """Give a question's stem, and the entries behind it."""
    texts, rest = [first], list(entries)
    if not first and rest:
        texts, rest = [rest[0].text], rest[1:]
    while rest and _continues(texts[-1], rest):
        texts[-1] = f"{texts[-1]} {rest.pop(0).text}".strip()
    if not _ASKS.search(texts[-1]):
        count = _through(rest, _ASKS.search) or _through(rest, lambda text: text.endswith(":"))
        texts += [entry.text for entry in rest[:count]]
        rest = rest[count:]
    code = _code(rest)
    last, swallowed = _swallowed(texts[-1]) if rest else (texts[-1], "")
    return Stem((*texts[:-1], last), tuple(rest[:code]), swallowed), rest[code:]


def _plain(entries: Sequence[Entry]) -> int:
    """Count the entries before the first one that has a mark or is a grading word."""
    marked = (index for index, entry in enumerate(entries) if entry.mark != Mark.NONE or entry.verdict)
    return next(marked, len(entries))


def _options_in(entries: Sequence[Entry]) -> int:
    return sum(not entry.verdict for entry in entries)


def _continues(stem: str, rest: Sequence[Entry]) -> bool:
    """Tell whether the next line goes on with a stem that has no end, by the points' remains or its words."""
    entry, behind = rest[0], rest[1:]
    if entry.mark != Mark.NONE or entry.verdict or _ENDS.search(stem):
        return False
    if entry.points:
        return True
    if not entry.text[:1].islower() or len(stem) < _LONG or _options_in(behind) < 2:
        return False
    return any(not one.text[:1].islower() for one in behind if not one.verdict)


def _through(rest: Sequence[Entry], asks: object) -> int:
    """Count the entries up to the last unmarked one that asks, if two options are left behind it."""
    plain = _plain(rest)
    for count in range(plain, 0, -1):
        if callable(asks) and asks(rest[count - 1].text):
            return count if _options_in(rest[count:]) >= 2 else 0
    return 0


def _code(rest: Sequence[Entry]) -> int:
    """Count the lines of code between a stem and its options."""
    count = codelike.code_length([entry.indented for entry in rest[: _plain(rest)]])
    return count if count and _options_in(rest[count:]) >= 2 else 0


def _swallowed(stem: str) -> tuple[str, str]:
    """Part the text behind a stem's question mark: an option, unless it goes on asking or instructing."""
    found = _BEHIND_QUESTION.search(stem)
    if found is None:
        return stem, ""
    behind = stem[found.end() :].strip()
    if not behind or behind[0].islower() or "?" in behind or _INSTRUCTION.match(behind):
        return stem, ""
    return stem[: found.end()].strip(), behind


def options(entries: Sequence[Entry]) -> list[ItemOption]:
    """Make options of entries: lines that go on are joined, lines that hold a second mark are parted."""
    made: list[ItemOption] = []
    capitals = sum(not entry.text[:1].islower() for entry in entries) > len(entries) / 2
    for entry in entries:
        if made and capitals and _goes_on(made[-1], entry):
            made[-1] = replace(made[-1], text=f"{made[-1].text} {entry.text}")
            continue
        first, *others = _INNER_MARK.split(entry.text, maxsplit=_MOST_IN_A_LINE)
        made.append(_option(first, entry.mark, entry.line))
        made += [
            _option(marked.text, marked.mark, entry.line) for marked in map(option_marks.strip_mark, others)
        ]
    return _lettered(made)


def _lettered(made: list[ItemOption]) -> list[ItemOption]:
    """Part the letters from the options where each option has one and they follow each other."""
    parted = [option_marks.letter(option.text) for option in made]
    if [letter for letter, _ in parted] != [*"ABCDEFGH"[: len(made)]]:
        return made
    return [
        replace(option, letter=letter, text=text) for option, (letter, text) in zip(made, parted, strict=True)
    ]


def _goes_on(before: ItemOption, entry: Entry) -> bool:
    wrapped = (
        not before.blank and not before.fused and not _ENDS.search(before.text) and len(before.text) > 20
    )
    return wrapped and entry.mark == Mark.NONE and entry.text[:1].islower()


def _option(text: str, mark: Mark, line: int) -> ItemOption:
    if option_marks.is_blank(text):
        return ItemOption("", line, mark=mark, blank=True)
    fused = _FUSED_BY_TAB.search(text) is not None
    return ItemOption(" ".join(text.split()), line, mark=mark, fused=fused)


def tell_fused(options: Sequence[ItemOption], whole: Sequence[ItemOption]) -> tuple[ItemOption, ...]:
    """Mark the option that holds two sentences where all of the `whole` ones hold one."""
    counts = [len(_SENTENCE_END.split(option.text)) for option in whole if not option.blank]
    alone = counts.count(1) == len(counts) - 1 and len(counts) >= 3
    return tuple(
        replace(option, fused=option.fused or (alone and _two_in_one(option, whole))) for option in options
    )


def _two_in_one(option: ItemOption, whole: Sequence[ItemOption]) -> bool:
    sentences = _SENTENCE_END.split(option.text)
    if len(sentences) != 2 or _GOES_ON.match(sentences[1]):
        return False
    if not _PRONOUN.match(sentences[1]):
        return True
    openings = [sentences[0], *(other.text for other in whole if other is not option)]
    return any(opening.split()[:1] == sentences[1].split()[:1] for opening in openings)
