"""The lines around a graded page's questions, and what is glued to the others: numbers and points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.reading.pages import option_marks

if TYPE_CHECKING:
    from verideck.reading.items import Line

# Whole lines, in any case, that a grading page shows around its questions and can show among them.
FURNITURE = re.compile(
    r"congratulations!? you passed!?|you (?:passed|did not pass)[.!]?|grade received.{0,120}"
    r"|(?:latest )?submission grade.{0,60}"
    r"|your grade:?.{0,60}|\*{0,2}to pass\*{0,2}.{0,60}|total points:? ?\d*|go to next item|next item"
    r"|try again[.!]?"
    r"|retake (?:quiz|assignment).{0,60}|resubmit|keep learning|submit your assignment|submit assignment"
    r"|receive grade"
    r"|report an issue|view (?:your )?(?:submission|feedback)|status: ?\[object object\]|chatbot"
    r"|ask (?:the )?(?:chatbot|coach)",
    re.IGNORECASE,
)
# What it shows only above the first question or below the last; among options such words may be an option.
BUTTONS = re.compile(
    r"congratulations.{0,80}|coach|back|done|continue|due:? .{0,60}|attempts?:? .{0,60}|submit|like"
    r"|dislike|save|help|help center"
    r"|(?:graded|practice) (?:quiz|assignment|assessment).{0,80}|quiz\W{0,4}\d+ ?(?:min"
    r"|questions?).{0,60}|\d{1,3}(?:\.\d+)?%|english"
    r"|honor code.{0,60}|(?:week|module) \d{1,2}|\d{1,3} (?:questions?|min(?:utes)?)",
    re.IGNORECASE,
)
BEGINS = re.compile(r"grade received|(?:latest )?submission grade|your grade|total points", re.IGNORECASE)
_POINTS = re.compile(
    r"\(?(?P<got>\d{1,3}(?:\.\d{1,2})?|[_lI|])[ ]?/[ _]{0,3}(?P<of>\d{1,3}(?:\.\d{1,2})?"
    r"|[_lI|])?[ ]{0,2}(?P<word>[Pp][A-Za-z]{0,7})\.?\)?\Z"
)
_WORTH = re.compile(r"(?:(?<=\t)|^|(?<=\())\d{1,3} points?\)?\Z", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?P<word>(?:Question"
    r"|Q)[ .]?)?(?P<number>\d{1,3})[ ]?(?:[ ]of[ ]\d{1,3})?(?P<stop>[.):])?(?!\d)\s*(?P<text>.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a question begins: the lines from `first` to `index`, its number, the text without the points."""

    first: int
    index: int
    number: int
    text: str


def without_points(text: str) -> tuple[str, bool]:
    """Part the points at a line's end (`1 / 1 point`, `_/ _ po`) from its text; true where there were any."""
    stripped = text.rstrip()
    head, tail = stripped[:-40], stripped[-40:]
    if worth := _WORTH.search(tail):
        return (head + tail[: worth.start()]).rstrip(" \t("), True
    found = _POINTS.search(tail)
    if found is None or not _means_points(found["word"]):
        return text, False
    kept = _glued_digits(found["got"], found["of"] or "1")
    return (head + tail[: found.start("got")] + kept).rstrip(" \t("), True


def _means_points(word: str) -> bool:
    lower = word.casefold()
    return "points".startswith(lower) or lower in ("pt", "pts") or option_marks.distance(lower, "point") <= 2


def _glued_digits(got: str, total: str) -> str:
    """Give the digits of `got` that belong to the text: of `11/1 point` the first, as nobody gets 11 of 1."""
    if not (got.isdigit() and total.replace(".", "").isdigit()) or float(got) <= float(total):
        return ""
    return next((got[:cut] for cut in range(1, len(got)) if float(got[cut:]) <= float(total)), "")


def starts(lines: Sequence[Line]) -> list[Start]:
    """Find the lines at which questions begin: by points, by the word `Question`, or by the next number."""
    found: list[Start] = []
    listed = 0  # the number of a numbered line just above that begins no question: one of a list of options
    for index, line in enumerate(lines):
        if not line.text.strip():
            continue
        opening = _opening(line.text, index)
        if opening is None:
            listed = 0
            continue
        start, sure = opening
        expected = found[-1].number + 1 if found else 1
        again = (
            found and start.number == found[-1].number and index - found[-1].index < 4 and not found[-1].text
        )
        plain = start.number == expected and not line.text[0].isspace() and listed != start.number - 1
        if again:
            found[-1] = Start(found[-1].first, index, start.number, start.text)
        elif (
            sure or plain or (not found and not listed and not line.text[0].isspace() and start.number < 100)
        ):
            found.append(start)
            listed = 0
        else:
            listed = start.number
    return found


def _opening(text: str, index: int) -> tuple[Start, bool] | None:
    """Read a line as a question's first; true with it where its points or its first word make that sure."""
    found = _NUMBERED.fullmatch(text.strip())
    if found is None or not (found["word"] or found["stop"]):
        return None
    rest, points = without_points(found["text"])
    return Start(index, index, int(found["number"]), rest.strip()), points or bool(found["word"])


def is_furniture(text: str) -> bool:
    """Tell whether a line is blank, furniture or nothing but points."""
    return not text or FURNITURE.fullmatch(text) is not None or without_points(text) == ("", True)


def without_tail(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    """Part the furniture and the buttons at a page's end from the lines above them."""
    end = len(lines)
    while end and (is_furniture(text := lines[end - 1].text.strip()) or BUTTONS.fullmatch(text)):
        end -= 1
    return lines[:end], lines[end:]


def is_sure_start(text: str) -> bool:
    """Tell whether a line is a numbered question with its points: `3. Which …? 1 / 1 point`."""
    opening = _opening(text, 0) if len(text) < 5_000 else None
    return opening is not None and opening[1] and bool(opening[0].text) and without_points(text)[1]
