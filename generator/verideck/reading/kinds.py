"""The four kinds of card: which one a card is, and how its parts become that kind's slots."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from verideck.cards import Card, Kind, Location, Option
from verideck.problems import Problem, error
from verideck.reading import clozes
from verideck.reading.blocks import Blank, Block, Box
from verideck.reading.items import Lost
from verideck.reading.passages import Line, Passage, passage

if TYPE_CHECKING:
    from verideck.reading.slots import Slots

BLANK = "…"  # stands for the text of an option that is lost
_OF_A_CHOICE = frozenset({Lost.OPTIONS.value, Lost.KEY.value})
_ITEM = re.compile(r"[-*+] +(\S.*)", re.DOTALL)
_BLOCK = re.compile(r"[-*+>][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|`{3}|~{3}|\|")


@dataclass(frozen=True, slots=True)
class Draft:
    """A card's sorted blocks, and what its directive asks of its kind."""

    path: str
    location: Location
    title: Line
    slots: Slots
    flags: Mapping[str, Location]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """A card with its kind's slots filled, and the passages they came from, for further checks."""

    card: Card
    passages: tuple[Passage, ...]
    complete: bool = True
    problems: tuple[Problem, ...] = ()


def kind(draft: Draft) -> Kind:
    """Tell which kind of card a draft is."""
    first = draft.slots.parts[0]
    if any(isinstance(block, Box) for block in first) or not _OF_A_CHOICE.isdisjoint(draft.lost):
        return Kind.CHOICE
    if "typed" in draft.flags:
        return Kind.TYPED
    if clozes.find(draft.title.text) or clozes.find(_text(first).text):
        return Kind.CLOZE
    return Kind.RECALL


def fill(card: Card, draft: Draft) -> Filled:
    """Fill the slots of the card's kind from the draft's parts, and report what does not fit the kind."""
    filled = _FILL[card.kind](card, draft)
    found = (*filled.problems, *_flag_problems(card.kind, draft), *_part_problems(card.kind, draft))
    return replace(filled, problems=found)


def _text(blocks: Sequence[Block]) -> Passage:
    return passage(line for block in blocks for line in block.lines)


_MOST_PARTS = {Kind.RECALL: 3, Kind.TYPED: 3, Kind.CHOICE: 1, Kind.CLOZE: 2}
_TOO_MANY = {
    Kind.RECALL: ("more than two `---` in a card", "they separate question, answer and explanation"),
    Kind.TYPED: ("more than two `---` in a card", "they separate question, answer and explanation"),
    Kind.CHOICE: ("a `---` in a choice card", "what stands below the options is the explanation"),
    Kind.CLOZE: ("more than one `---` in a cloze card", "it separates text and explanation"),
}


def _part_problems(kind: Kind, draft: Draft) -> Iterator[Problem]:
    """Report separators that separate nothing, or too much, and boxes below one."""
    slots = draft.slots
    most = 2 if kind is Kind.CHOICE and _without_options(draft) else _MOST_PARTS[kind]
    if len(slots.parts) > most:
        message, hint = _TOO_MANY[kind]
        yield error(slots.separators[most - 1], message, f"{hint}; a decorative rule is `***`")
    elif (
        len(slots.parts) > 1
        and not _text(slots.parts[-1]).lines
        and not (len(slots.parts) == 2 and _awaits_answer(kind, draft))
    ):
        yield error(
            slots.separators[-1], "nothing below a `---`", "leave the `---` out, or write what belongs there"
        )
    for part in slots.parts[1:]:
        box = next((block for block in part if isinstance(block, Box)), None)
        if box is not None:
            hint = "options stand above the first `---`; an ordinary list begins with `-` alone"
            yield error(box.first.at(draft.path), "an option below a `---`", hint)


def _awaits_answer(kind: Kind, draft: Draft) -> bool:
    """Tell whether a card's answer is what its snippet prints, or is lost."""
    if kind not in {Kind.RECALL, Kind.TYPED}:
        return False
    return Lost.ANSWER in draft.lost or (bool(draft.slots.runs) and len(draft.slots.parts) > 1)


def _without_options(draft: Draft) -> bool:
    """Tell whether a choice card has lost all of its options; a `---` may stand in their place."""
    boxes = any(isinstance(block, Box) for block in draft.slots.parts[0])
    return Lost.OPTIONS in draft.lost and not boxes


_FLAG_KINDS = {
    "typed": (Kind.TYPED,),
    "select-all": (Kind.CHOICE,),
    "keep-order": (Kind.CHOICE,),
    "reverse": (Kind.RECALL,),
}


def _flag_problems(kind: Kind, draft: Draft) -> Iterator[Problem]:
    for flag, at in draft.flags.items():
        if kind not in _FLAG_KINDS[flag]:
            hint = f"only a {_FLAG_KINDS[flag][0]} card takes it; leave the word out"
            yield error(at, f"`{flag}` on a {kind} card", hint)


def _sections(draft: Draft) -> tuple[Passage, Passage, Passage]:
    """Give question, answer and explanation; without any `---` the body is the answer."""
    parts = [_text(part) for part in draft.slots.parts]
    if len(parts) == 1:
        return Passage(), parts[0], Passage()
    return parts[0], parts[1], parts[2] if len(parts) > 2 else Passage()


def _no_answer(draft: Draft) -> Problem:
    hint = "write the answer below the heading, or below a `---` under the question"
    return error(draft.location, "a card without an answer", hint)


def _recall(card: Card, draft: Draft) -> Filled:
    body, answer, explanation = _sections(draft)
    complete = bool(answer.lines) or _awaits_answer(Kind.RECALL, draft)
    made = replace(card, body=body.text, answer=answer.text, explanation=explanation.text)
    return Filled(made, (body, answer, explanation), complete, () if complete else (_no_answer(draft),))


def _typed(card: Card, draft: Draft) -> Filled:
    body, answer, explanation = _sections(draft)
    accepted, fault = _accepted(answer, draft)
    complete = bool(accepted) or _awaits_answer(Kind.TYPED, draft)
    if fault is None and not complete:
        fault = _no_answer(draft)
    texts = tuple(line.text.rstrip(" \t") for line in accepted)
    places = (line.at(draft.path) for line in accepted)
    equal = _equal(zip(texts, places, strict=True), "two equal accepted answers")
    made = replace(card, body=body.text, accepted=texts, explanation=explanation.text)
    return Filled(made, (body, answer, explanation), complete, (*equal, *([fault] if fault else [])))


def _accepted(answer: Passage, draft: Draft) -> tuple[list[Line], Problem | None]:
    """Read a typed card's answer: one line, or a list of accepted ones."""
    lines = [line for line in answer.lines if not line.blank]
    items = [_ITEM.fullmatch(line.text) for line in lines]
    if all(items):
        return [line.cut(item.start(1)) for line, item in zip(lines, items, strict=True) if item], None
    if len(lines) == 1 and not _BLOCK.match(lines[0].text):
        return [lines[0].cut(lines[0].indent)], None
    wrong = next(line for line, item in zip(lines, items, strict=True) if item is None or not items[0])
    hint = "write it on one line, or list the accepted ones, each after `- `; explain below a `---`"
    return [], error(wrong.at(draft.path), "a typed answer that is not one line", hint)


def _cloze(card: Card, draft: Draft) -> Filled:
    parts = [_text(part) for part in draft.slots.parts]
    explanation = parts[1] if len(parts) > 1 else Passage()
    return Filled(replace(card, body=parts[0].text, explanation=explanation.text), (parts[0], explanation))


def _choice(card: Card, draft: Draft) -> Filled:
    card = replace(card, select_all="select-all" in draft.flags, keep_order="keep-order" in draft.flags)
    if not any(isinstance(block, Box) for block in draft.slots.parts[0]):
        return _choice_without_options(card, draft)
    blocks = [block for part in draft.slots.parts for block in (*part, *_gap(part))]
    where = [index for index, block in enumerate(blocks) if isinstance(block, Box)]
    boxes = [block for block in blocks if isinstance(block, Box)]
    options = tuple(_option(box, draft.path) for box in boxes)
    body = _text(blocks[: where[0]])
    explanation = _text([block for block in blocks[where[0] :] if not isinstance(block, Box)])
    faults = tuple(_tick_problems(options, draft, select_all=card.select_all))
    legible = [option for option in options if Lost.OPTIONS not in draft.lost or option.text != BLANK]
    equal = _equal([(option.text, option.location) for option in legible], "two equal options")
    made = replace(card, body=body.text, options=options, explanation=explanation.text)
    inside = [part for box in boxes for part in (passage(box.text), passage(box.reason))]
    found = (*_scattered(blocks, where, draft.path), *faults, *equal)
    return Filled(made, (body, *inside, explanation), not faults, found)


def _choice_without_options(card: Card, draft: Draft) -> Filled:
    """Fill a choice card that has lost its options: above a `---` the question, below it the explanation."""
    parts = [_text(part) for part in draft.slots.parts]
    explanation = parts[1] if len(parts) > 1 else Passage()
    made = replace(card, body=parts[0].text, explanation=explanation.text)
    hint = 'write them, or name them as lost, too: `lost="options key"`'
    faults = (
        () if Lost.OPTIONS in draft.lost else (error(draft.location, "a choice card without options", hint),)
    )
    return Filled(made, (parts[0], explanation), not faults, faults)


def _scattered(blocks: Sequence[Block], where: Sequence[int], path: str) -> Iterator[Problem]:
    """Report options with something between them."""
    for index, following in pairwise(where):
        if any(not isinstance(block, Blank) for block in blocks[index + 1 : following]):
            hint = "keep the options together: above them stands the question, below them the explanation"
            yield error(blocks[following].first.at(path), "a second list of options", hint)


def _gap(part: list[Block]) -> list[Block]:
    """Give the blank line that keeps a part from running into the next."""
    return [Blank((Line("", part[-1].lines[-1].number),))] if part else []


def _option(box: Box, path: str) -> Option:
    return Option(passage(box.text).text, box.ticked, box.first.at(path), passage(box.reason).text)


def _tick_problems(options: Sequence[Option], draft: Draft, *, select_all: bool) -> Iterator[Problem]:
    ticked = [option for option in options if option.ticked]
    if len(options) < 2 and Lost.OPTIONS not in draft.lost:
        yield error(options[0].location, "a choice card with one option", "write at least two")
    if not ticked and Lost.KEY not in draft.lost:
        yield error(draft.location, "a choice card with no ticked box", "tick the right option: `- [x] text`")
    elif len(ticked) > 1 and not select_all:
        hint = "tick one, or write `<!-- card: select-all -->` below the heading"
        yield error(ticked[1].location, f"a choice card with {len(ticked)} ticked boxes", hint)


def starts_block(text: str) -> bool:
    """Tell whether a typed answer on a line by itself would be a list, a heading or the like."""
    return _BLOCK.match(text) is not None


def plain(text: str) -> str:
    """Give a text as it is compared: equal letters encoded equally, white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _equal(written: Iterable[tuple[str, Location]], message: str) -> Iterator[Problem]:
    seen: dict[str, Location] = {}
    for text, at in written:
        first = seen.setdefault(plain(text), at)
        if first is not at:
            yield error(at, message, f"the same stands on line {first.line}")


_FILL: Mapping[Kind, Callable[[Card, Draft], Filled]] = {
    Kind.RECALL: _recall,
    Kind.CHOICE: _choice,
    Kind.TYPED: _typed,
    Kind.CLOZE: _cloze,
}
