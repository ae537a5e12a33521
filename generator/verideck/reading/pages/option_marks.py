"""Marks that a scan leaves in front of options, and the words of a grading page, in whatever spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass

from verideck.reading.items import Mark

# What stands in front of an option, and what it was before the scan. A box or circle with nothing in it is
# unticked; one that no longer tells (`⊘`, a `$\bigcirc$` that lost its backslash and its b) is unreadable.
MARKS: dict[str, Mark] = {
    "✓": Mark.TICKED, "✔": Mark.TICKED, "✅": Mark.TICKED, "☑": Mark.TICKED, "☒": Mark.TICKED,
    "●": Mark.TICKED,
    "◉": Mark.TICKED, "⦿": Mark.TICKED, "🔘": Mark.TICKED, "■": Mark.TICKED, "◼": Mark.TICKED,
    "⬤": Mark.TICKED,
    "☐": Mark.UNTICKED, "□": Mark.UNTICKED, "◻": Mark.UNTICKED, "▢": Mark.UNTICKED, "❏": Mark.UNTICKED,
    "❑": Mark.UNTICKED,
    "○": Mark.UNTICKED, "◯": Mark.UNTICKED, "⚪": Mark.UNTICKED, "⭕": Mark.UNTICKED, "〇": Mark.UNTICKED,
    "◦": Mark.UNTICKED,
    "⊘": Mark.UNREADABLE, "⊗": Mark.UNREADABLE, "⊙": Mark.UNREADABLE, "⊖": Mark.UNREADABLE,
    "Ⓧ": Mark.UNREADABLE,
    "✗": Mark.UNREADABLE, "✘": Mark.UNREADABLE, "×": Mark.UNREADABLE, "•": Mark.UNREADABLE,
    "·": Mark.UNREADABLE, "�": Mark.UNREADABLE,
}  # fmt: skip
BOXES = frozenset("☐□◻▢❏❑☑☒")

_SIGN = re.compile(f"[{''.join(MARKS)}]\ufe0f?")
_LETTER_CIRCLE = re.compile(r"[Oo0©@](?=[ \t]+[^\s(])")
_BRACKETED = re.compile(r"\[(?P<box>[ xX✓_]?)\]|\((?P<round>[ xXoO•●*_]?)\)(?=\s)|\( \)")
_MATHS = re.compile(
    r"(?:\$\s*)?\\?(?P<name>(?:big)?circ|igcirc|[bl]igcirc|square|Box|ox|checkmark|heckmark|odot|oslash"
    r"|bigodot|boxtimes)"
    r"(?![A-Za-z])"
)
_UNTICKED_NAMES = frozenset({"bigcirc", "circ", "square", "Box"})
_BLANK = re.compile(r"(?:\\[ ,;:!]|\\q?quad|\\\\|[\s$~_.·…-]|\\hspace\{[^}]{0,20}\}|&nbsp;)*")
_LETTER = re.compile(r"(?:option\s+)?\(?([A-Ha-h])[.)](?:\s+|(?=\S))", re.IGNORECASE)
_NEAR_VERDICTS = frozenset(
    {
        "collect",
        "connect",
        "corrupt",
        "correctly",
        "corrected",
        "corrector",
        "convert",
        "confect",
        "convect",
        "forrest",
    }
)
_VERDICTS = (
    "correct",
    "incorrect",
    "partially correct",
    "this should be selected",
    "this should not be selected",
)
_LONGEST_VERDICT = 32


@dataclass(frozen=True, slots=True)
class Marked:
    """What an option's line holds: its mark, its text, and whether the mark was a box."""

    mark: Mark
    text: str
    box: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is left of the text but spaces, also those of maths."""
        return is_blank(self.text)


def circled(line: str) -> bool:
    """Tell whether a line begins with a letter, a zero or a sign that a scan may have made of a circle."""
    return _LETTER_CIRCLE.match(line.strip()) is not None


def strip_mark(line: str, circles: str = "O") -> Marked:
    """Part the mark in front of an option from its text; of what looks like a circle only `circles` count."""
    text = line.strip()
    if (sign := _SIGN.match(text)) and not (text[0] in "×·" and text[1:2].isdigit()):
        return Marked(MARKS[sign[0][0]], text[sign.end() :].strip(), sign[0][0] in BOXES)
    if bracket := _BRACKETED.match(text):
        inside = bracket["box"] if bracket["box"] is not None else bracket["round"] or ""
        mark = Mark.TICKED if inside.strip(" _") else Mark.UNTICKED
        return Marked(mark, text[bracket.end() :].strip(), bracket["box"] is not None)
    if text[:1] in circles and circled(text):
        return Marked(Mark.UNTICKED if text[0] in "Oo0" else Mark.UNREADABLE, text[1:].strip())
    return _maths_mark(text) or Marked(Mark.NONE, text)


def _maths_mark(text: str) -> Marked | None:
    r"""Take a mark that a scan has written as maths: `$\\bigcirc$ text`, or `$igcirc x = y$`."""
    found = _MATHS.match(text)
    if found is None or not (text.startswith(("$", "\\")) or found["name"].startswith(("big", "igc"))):
        return None
    rest = text[found.end() :].strip()
    if text.startswith("$"):
        rest = rest.removeprefix("$").strip() if rest.startswith("$") else f"${rest}"
    whole = "\\" in found[0] and found["name"] in _UNTICKED_NAMES
    box = found["name"] in ("square", "Box", "ox", "boxtimes")
    return Marked(Mark.UNTICKED if whole else Mark.UNREADABLE, rest, box)


def is_blank(text: str) -> bool:
    """Tell whether a text shows nothing: spaces, and the spaces that maths writes with backslashes."""
    return len(text) < 2_000 and _BLANK.fullmatch(text) is not None


def letter(text: str) -> tuple[str, str]:
    """Part an option's letter (`a)`, `B.`) from its text; the letter is empty where there is none."""
    found = _LETTER.match(text)
    return (found[1].upper(), text[found.end() :]) if found else ("", text)


def verdict(line: str) -> str:
    """Give the grading word that a whole line is, `correct` for `⊘ Coffect.`; empty where it is none."""
    text = strip_mark(line).text.strip(" .!:,;*_-").casefold()
    if not text or len(text) > _LONGEST_VERDICT or text in _NEAR_VERDICTS:
        return ""
    near = [(distance(text, word), word) for word in _VERDICTS if abs(len(text) - len(word)) <= _typos(word)]
    wrong, word = min(near, default=(len(text), ""))
    return word if word and wrong <= _typos(word) else ""


def _typos(word: str) -> int:
    """Give how many letters of a word a scan may have changed: two of seven, three of twelve."""
    return 2 if len(word) < 12 else 3


def distance(one: str, two: str) -> int:
    """Give the edit distance of two short texts."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        above, row = row, [i]
        for j, b in enumerate(two, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
    return row[-1]
