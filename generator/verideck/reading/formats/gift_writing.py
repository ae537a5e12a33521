r"""Cards to Moodle's GIFT; what it cannot carry is said card by card.

Texts are written as Moodle's Markdown. A formula goes as `\(…\)`, which Moodle's MathJax shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Card, Kind
from verideck.problems import Problem, warning
from verideck.reading import inline, marks
from verideck.reading.formats import foreign

if TYPE_CHECKING:
    from verideck.project import Project

_RESERVED = re.compile(r"[\\~=#{}:]")
_MARKED = re.compile(r"[\\`*_{}\[\]()#+.!|:~-]")
_PARTS = {
    1: "100",
    2: "50",
    3: "33.33333",
    4: "25",
    5: "20",
    6: "16.66667",
    7: "14.28571",
    8: "12.5",
    9: "11.11111",
}
_SMALLEST = "10"  # of ten right options or more, each counts as much
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
RULE = "\n\n***\n\n"  # between answer and explanation of an essay
_WITHOUT_NAME = 250  # characters of a question's name


@dataclass(frozen=True, slots=True)
class Written:
    """A file's text, how many cards it holds, and what of the cards it lacks."""

    text: str
    count: int
    problems: tuple[Problem, ...]


def write(cards: Sequence[Card], project: Project) -> Written:
    """Write cards as a GIFT file, a category for each deck."""
    parts = [f"// {_comment(project.title)}: written by Verideck"]
    problems: list[Problem] = []
    deck, count = "", 0
    for card in cards:
        if reason := _refused(card):
            problems.append(warning(card.location, f"not exported: {reason}", "GIFT has nothing like it"))
            continue
        problems += _lacking(card)
        if card.deck != deck:
            deck = card.deck
            parts.append(f"$CATEGORY: {_category(deck)}")
        parts.append("\n".join(_question(card)))
        count += 1
    return Written("\n\n".join(parts) + "\n", count, tuple(problems))


def _refused(card: Card) -> str:
    """Say why a card cannot go into the file at all; empty where it can."""
    if card.kind is Kind.CLOZE:
        return "a cloze card"
    if card.vary is not None:
        return "a card whose values vary"
    if card.heatmaps:
        return "a card with a heatmap"
    if card.lost:
        return f"its source has lost {' and '.join(card.lost)}"
    if card.kind is Kind.TYPED and not card.accepted:
        return "a typed card whose answer is not filled in"
    if card.kind is Kind.TYPED and any("->" in text for text in card.accepted):
        return "a typed answer with `->`, which stands between the parts of a pair there"
    return ""


def _lacking(card: Card) -> Iterator[Problem]:
    """Say what of a card is left out."""
    if card.hint:
        yield warning(card.location, "its hint is not exported", "GIFT has none: add it in Moodle")
    if card.images:
        names = ", ".join(f"`{image.path}`" for image in card.images)
        yield warning(card.location, f"its pictures are not exported: {names}", "add them in Moodle")


def _comment(text: str) -> str:
    return " ".join(text.split())


def _category(deck: str) -> str:
    return "/".join(part.replace("/", "//") for part in deck.split("::"))


def _question(card: Card) -> Iterator[str]:
    said = [f"[id:{card.id}]"] if card.id else []
    said += [f"[tag:{_bracketed(tag)}]" for tag in card.tags]
    if said:
        yield f"// {' '.join(said)}"
    name = escaped(foreign.plain(card.heading)[:_WITHOUT_NAME])
    asked = _moodle("\n\n".join(part for part in (card.heading, card.body) if part))
    answers = _ANSWERS[card.kind](card)
    general = [text for text in (card.explanation, card.mistake, card.takeaway) if text]
    if card.kind is Kind.RECALL:
        general = [RULE.join(part for part in (card.answer, "\n\n".join(general)) if part)]
    below = _written("\n\n".join(general))
    told = f"####{below}" if below else ""
    yield f"::{name}::[markdown]{escaped(asked)} {{{answers}{told}}}"


def _bracketed(text: str) -> str:
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text)


def escaped(text: str) -> str:
    """Escape what GIFT reads as structure; a question has no line ends of its own."""
    return _RESERVED.sub(r"\\\g<0>", text).replace("\n", "\\n")


def _written(markdown: str) -> str:
    """Write a text behind a mark; one that begins like a weight or a format gets a format of its own."""
    own = "[markdown]" if markdown[:1] in "%[" else ""
    return f"{own}{escaped(_moodle(markdown))}"


def _feedback(markdown: str) -> str:
    return f"#{_written(markdown)}" if markdown else ""


def _choice(card: Card) -> str:
    """Write options; in `select all`, a wrong one takes away what all right ones give."""
    if [option.text for option in card.options] == ["True", "False"] and not card.select_all:
        right, wrong = sorted(card.options, key=lambda option: not option.ticked)
        first = _feedback(wrong.reason) or ("#" if right.reason else "")  # what a wrong answer is told
        return f"{right.text[0]}{first}{_feedback(right.reason)}"
    right_ones = sum(option.ticked for option in card.options)
    weight = f"~%{_PARTS.get(right_ones, _SMALLEST)}%" if card.select_all else "="
    none = "~%-100%" if card.select_all else "~"
    return (
        "".join(
            f"\n  {weight if option.ticked else none}{_written(option.text)}{_feedback(option.reason)}"
            for option in card.options
        )
        + "\n"
    )


def _typed(card: Card) -> str:
    plain = [foreign.plain(text) for text in card.accepted]
    if all(map(_NUMBER.fullmatch, plain)):
        return f"#{plain[0]}" if len(plain) == 1 else "#" + "".join(f" ={number}" for number in plain)
    return "".join(f"\n  ={escaped(text.replace('*', chr(92) + '*'))}" for text in plain) + "\n"


def _essay(_card: Card) -> str:
    return ""


_ANSWERS = {Kind.CHOICE: _choice, Kind.TYPED: _typed, Kind.RECALL: _essay}


def _moodle(markdown: str) -> str:
    r"""Write a slot's Markdown as Moodle's: its formulas in `\(…\)`, its fences without a meaning."""
    parts: list[str] = []
    done = 0
    for paragraph in inline.paragraphs(markdown):
        for start, end in paragraph.maths:
            parts += (_fences(markdown[done:start]), _formula(markdown[start:end]))
            done = end
    return "".join((*parts, _fences(markdown[done:])))


def _formula(text: str) -> str:
    width = 2 if text.startswith("$$") else 1
    inner = _MARKED.sub(r"\\\g<0>", text[width:-width]).replace("<", "&lt;")
    return f"\\\\\\[{inner}\\\\\\]" if width == 2 else f"\\\\({inner}\\\\)"


_INFO = re.compile(r"(`{3,}|~{3,})(\S*)[^\n`]*")


def _fences(text: str) -> str:
    """Take the meaning off fences; one of maths becomes a formula."""
    written: list[str] = []
    fence: list[str] = []  # the lines of one that is open
    run = ""  # its marks
    for line in text.split("\n"):
        if fence:
            fence.append(line)
            if marks.closes(line, run):
                written += _fence(fence)
                fence = []
        elif found := marks.FENCE.fullmatch(line):
            fence, run = [line], found[1] or found[3]
        else:
            written.append(line)
    return "\n".join((*written, *fence))


def _fence(lines: Sequence[str]) -> list[str]:
    found = _INFO.fullmatch(lines[0])
    if found is None:
        return list(lines)
    if found[2] == "math":
        return [_formula(f"$${' '.join(' '.join(lines[1:-1]).split())}$$")]
    return [f"{found[1]}{found[2]}", *lines[1:]]
