"""Graded pages: numbered questions with points, options behind marks that a scan has scrambled.

What the page says was right is not read as a key: its marks may stand at other options than they did, and a
grade of 100 % tells nothing of one option. Marks are kept with the options, as evidence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from verideck.cards import Kind, Location
from verideck.problems import Problem, warning
from verideck.reading.items import Fate, Item, ItemOption, Line, Lost, Mark
from verideck.reading.pages import codelike, grading, joined, option_marks, stems
from verideck.reading.pages.layouts import Found
from verideck.reading.pages.stems import Entry
from verideck.reading.pages.tokens import Token, TokenKind, lines_of

MARKS = ("`Grade received`", "`Total points`", "`1 / 1 point` behind a numbered question")

_SEVERAL = re.compile(
    r"\b(?:select|choose|check|pick|mark|tick)\b.{0,40}\b(?:all|two|three|four|five|[2-9]|multiple|every"
    r"|each)\b|\ball that apply\b"
    r"|\bwhich (?:two|three|four)\b",
    re.IGNORECASE,
)
_FEEDBACK = re.compile(r"\W{0,3}(?P<word>[A-Za-z]{4,12})\s?(?:[.!:,]|[-–—] )\s*(?P<text>\S.{8,})", re.DOTALL)
_MATHS_END = re.compile(r"(?<!\s)\s*\\\\\s*\$")
_FURNITURE = frozenset({TokenKind.NOISE, TokenKind.TITLE})
_MOST_LINES = 200  # behind one question's first line; more are no question's


@dataclass(frozen=True, slots=True, order=True)
class _Said:
    """What the page said to an answer."""

    line: int
    text: str


@dataclass(slots=True)
class _Reading:
    """What has been found so far."""

    path: str
    noise: set[int]  # lines that are noise where no option can stand
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fates: dict[int, Fate] = field(default_factory=dict)
    title: str = ""

    def warn(self, line: int, message: str, hint: str) -> None:
        self.problems.append(warning(Location(self.path, line), message, hint))


def find(tokens: Sequence[Token]) -> Sequence[int]:
    """Give the lines where graded pages begin: at their furniture, or at a question with its points."""
    found: list[int] = []
    asked = True  # whether a question stands between this line and the last beginning
    top = 0  # the first line of the furniture just above, 0 where there is none
    for line in lines_of(tokens):
        text = line.text.strip()
        furniture = grading.is_furniture(text) or grading.BUTTONS.fullmatch(text) is not None
        question = not furniture and grading.is_sure_start(text)
        begins = grading.BEGINS.match(text) is not None or (question and not found)
        top = (top or line.number) if furniture and text else top if furniture else 0
        if begins and asked:
            found.append(top or line.number)
        asked = (asked and not begins) or question
    return found


def read(tokens: Sequence[Token], path: str) -> Found:
    """Read a graded page's questions; every line gets its fate."""
    lines, tail = grading.without_tail(lines_of(tokens))
    reading = _Reading(
        path, noise={token.line for token in tokens if token.whole and token.kind in _FURNITURE}
    )
    reading.fates.update({line.number: Fate.NOISE for line in tail})
    starts = grading.starts(lines)
    ends = [*(start.first for start in starts), len(lines)][1:]
    _outside(reading, lines[: starts[0].first] if starts else lines)
    for start, end in zip(starts, ends, strict=True):
        for line in lines[start.first : start.index]:
            reading.fates[line.number] = Fate.NOISE
        _question(reading, start, lines[start.index], lines[start.index + 1 : end])
    _missing(reading, lines, starts)
    return Found(tuple(reading.items), tuple(reading.problems), reading.fates, reading.title)


def _outside(reading: _Reading, lines: Sequence[Line]) -> None:
    """Give the lines above the first question their fate: furniture, one title, or nobody's."""
    for line in lines:
        text = line.text.strip()
        noise = line.number in reading.noise or grading.BUTTONS.fullmatch(text)
        if noise or grading.is_furniture(text):
            reading.fates[line.number] = Fate.NOISE
        elif not reading.title and len(text) < 100 and not text.endswith((".", "?")):
            reading.title = text
            reading.fates[line.number] = Fate.NOISE
        else:
            reading.fates[line.number] = Fate.PROBLEM
            reading.warn(
                line.number, "this line belongs to no question", "write it into the question it belongs to"
            )


def _missing(reading: _Reading, lines: Sequence[Line], starts: Sequence[grading.Start]) -> None:
    """Name the numbers that the page's count leaves out."""
    for before, after in itertools.pairwise(starts):
        if 1 < after.number - before.number <= 100:
            missing = [f"`{number}`" for number in range(before.number + 1, after.number)]
            said = (
                f"question {missing[0]} is"
                if len(missing) == 1
                else f"questions {missing[0]} to {missing[-1]} are"
            )
            reading.warn(
                lines[after.first].number, f"{said} lost before this one", "add it from the original page"
            )


def _question(reading: _Reading, start: grading.Start, first: Line, behind: Sequence[Line]) -> None:
    """Read one question: its stem, its options, what the page said to an answer."""
    reading.fates[first.number] = Fate.CARD
    entries, feedback = _entries(reading, behind)
    stem, rest = stems.divide(stems.narrow(start.text), entries)
    rest = _options_called_correct(rest)
    feedback = _told(rest, feedback)
    feedback_lines = {said.line for said in feedback}
    shown = [entry for entry in rest if not entry.verdict and entry.line not in feedback_lines]
    shown_lines = {entry.line for entry in shown}
    for entry in entries:
        residue = entry.verdict and entry.line not in shown_lines
        reading.fates[entry.line] = Fate.NOISE if residue else Fate.CARD
    question, body = _asked(stem.texts)
    whole = stems.options(shown)
    restored = [ItemOption(_tidy(stem.swallowed), first.number)] if stem.swallowed else []
    options = (*restored, *stems.tell_fused(whole, whole))
    several = _several(" ".join(stem.texts), shown)
    options, explanation = _with_feedback(options, feedback, several)
    item = Item(
        layout="graded",
        line=first.number,
        kind=Kind.CHOICE,
        question=question,
        body=body,
        options=tuple(replace(option, text=_tidy(option.text)) for option in options),
        select_all=several,
        explanation=explanation,
        explanation_line=feedback[0].line if explanation else 0,
        lost=_lost(question, options),
    )
    reading.items.append(_with_code(reading, item, stem.code))
    _tell(reading, item, bool(restored))


def _entries(reading: _Reading, behind: Sequence[Line]) -> tuple[list[Entry], list[_Said]]:
    """Make entries of a question's lines; feedback that begins with a grading word is parted from them."""
    entries: list[Entry] = []
    feedback: list[_Said] = []
    zeros = sum(option_marks.circled(line.text) for line in behind[:_MOST_LINES]) > 1
    for line in behind:
        text = line.text.strip()
        if grading.is_furniture(text):
            reading.fates[line.number] = Fate.NOISE
            continue
        if len(entries) >= _MOST_LINES:
            reading.fates[line.number] = Fate.PROBLEM
            if len(entries) == _MOST_LINES:
                reading.warn(
                    line.number, "from here on the lines are too many for one question", "part the questions"
                )
            continue
        said = _FEEDBACK.fullmatch(text)
        if said and option_marks.verdict(said["word"]):
            feedback.append(_Said(line.number, said["text"].strip()))
            reading.fates[line.number] = Fate.CARD
            continue
        entries.append(_entry(line, "Oo0©@" if zeros else "O"))
    return entries, feedback


def _entry(line: Line, circles: str) -> Entry:
    text, points = grading.without_points(line.text)
    shown = stems.narrow(text)
    marked = option_marks.strip_mark(shown, circles)
    verdict = option_marks.verdict(text)
    return Entry(line.number, marked.text, marked.mark, marked.box, verdict, points, text.removeprefix("\t"))


def _options_called_correct(rest: Sequence[Entry]) -> list[Entry]:
    """Read `Correct` and `Incorrect` as options where a question has no others and both of them once."""
    others = [entry for entry in rest if not entry.verdict]
    words = [entry.verdict for entry in rest if entry.verdict]
    if others or len(set(words)) < 2:
        return list(rest)
    firsts = {words.index(word) for word in set(words)}
    return [replace(entry, verdict="") if index in firsts else entry for index, entry in enumerate(rest)]


def _told(rest: Sequence[Entry], feedback: list[_Said]) -> list[_Said]:
    """Add the lines behind grading words that say why: unmarked where options are marked, or the last."""
    behind = [index for index in range(1, len(rest)) if _may_say_why(rest, index)]
    options = [entry for index, entry in enumerate(rest) if not entry.verdict and index not in behind]
    marked = sum(entry.mark != Mark.NONE for entry in options)
    if len(options) < 2 or not behind:
        return feedback
    if marked < len(options):
        last = rest[-1]
        told = marked * 2 > len(options) or _unlike(last, options)
        behind = behind if told and behind == [len(rest) - 1] else []
    return sorted([*feedback, *(_Said(rest[index].line, rest[index].text) for index in behind)])


def _may_say_why(rest: Sequence[Entry], index: int) -> bool:
    """Tell whether an entry stands behind an option's grading word that follows up no other."""
    entry, before = rest[index], rest[index - 1]
    if entry.verdict or entry.mark != Mark.NONE or not before.verdict:
        return False
    return index > 1 and not rest[index - 2].verdict


def _unlike(entry: Entry, options: Sequence[Entry]) -> bool:
    """Tell whether a line is a sentence or long where the options are none or short."""
    ends = entry.text.endswith(".") and not any(option.text.endswith(".") for option in options)
    return ends or len(entry.text) > 1.5 * max(len(option.text) for option in options)


def _with_feedback(
    options: tuple[ItemOption, ...], feedback: Sequence[_Said], several: bool
) -> tuple[tuple[ItemOption, ...], str]:
    """Give feedback to the option above it where several may be right, else to the explanation."""
    reasons: dict[int, str] = {}
    loose = []
    for said in feedback:
        above = [index for index, option in enumerate(options) if option.line < said.line]
        if several and above:
            reasons[above[-1]] = f"{reasons.get(above[-1], '')} {said.text}".strip()
        else:
            loose.append(said.text)
    changed = (replace(option, reason=reasons.get(index, "")) for index, option in enumerate(options))
    return tuple(changed), "\n\n".join(loose)


def _asked(texts: Sequence[str]) -> tuple[str, str]:
    """Make the line that asks the question, and the lines before it its body."""
    return _tidy(texts[-1]), "\n\n".join(_tidy(text) for text in texts[:-1])


def _tidy(text: str) -> str:
    """Take a line break's residue out of maths, and spaces before a question mark."""
    return re.sub(r"(?<=\w)\s+\?", "?", _MATHS_END.sub("$", text)).strip()


def _several(stem: str, shown: Sequence[Entry]) -> bool:
    """Tell whether several options may be right: the words say so, or marks are boxes and none a circle."""
    boxes = any(entry.box for entry in shown)
    circles = any(entry.mark in (Mark.UNTICKED, Mark.UNREADABLE) and not entry.box for entry in shown)
    marked = sum(entry.mark != Mark.NONE for entry in shown)
    return _SEVERAL.search(stem[:2_000]) is not None or (boxes and marked > 1 and not circles)


def _lost(question: str, options: Sequence[ItemOption]) -> tuple[Lost, ...]:
    spoilt = len(options) < 2 or any(option.blank or option.fused for option in options)
    return tuple(
        lost
        for lost, really in ((Lost.TEXT, not question), (Lost.OPTIONS, spoilt), (Lost.KEY, True))
        if really
    )


def _with_code(reading: _Reading, item: Item, code: Sequence[Entry]) -> Item:
    if not code:
        return item
    restored = joined.restore("\n".join(entry.indented for entry in code))
    for said in restored.ambiguous:
        reading.warn(
            code[0].line, f"the joined code can be read in two ways: {said}", "look at its line breaks"
        )
    return replace(
        item,
        code=restored.code,
        joined=restored.joined,
        readings=restored.readings,
        code_line=code[0].line,
        language=codelike.language(restored.code),
    )


def _tell(reading: _Reading, item: Item, restored: bool) -> None:
    """Report what the page lost of a question, each at its line."""
    if Lost.TEXT in item.lost:
        reading.warn(item.line, "the question's text is lost", "write it above the options")
    if restored:
        hint = "compare it with the original page"
        reading.warn(item.line, "the question had swallowed its first option, which is put back", hint)
    for option in item.options:
        if option.blank:
            reading.fates[option.line] = Fate.PROBLEM
            reading.warn(option.line, "an option's text is lost", "write the option, or take it out")
        if option.fused:
            reading.warn(
                option.line,
                "this option holds the text of two",
                "part it where one ends and the other begins",
            )
    if len(item.options) < 2:
        said = "all options but one" if item.options else "the options"
        reading.warn(item.line, f"{said} and the key are lost", "write the options and tick the right one")
        return
    hint = "tick the right option: the marks on the page are not read as a key, as a scan may have moved them"
    reading.warn(item.line, "the key is lost", hint)
