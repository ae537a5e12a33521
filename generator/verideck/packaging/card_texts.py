"""The texts by which a card is known again: its question, its answer, and what each cloze hides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from verideck.cards import Card, Kind
from verideck.packaging.digest import digest
from verideck.reading import clozes

MAX_LENGTH = 2_000  # characters of one text in the lock; a longer one ends in a hash of all of it
_NUMBER = re.compile(r"\{\{c(\d+)\}\}")


@dataclass(frozen=True, slots=True)
class Texts:
    """A card's texts, white space aside.

    `question` is the heading, and below a line break the body. In a cloze card's question a number stands
    for each cloze, `{{c1}}`. `answer` has a line for each right option, accepted answer or cloze.
    """

    question: str
    answer: str
    clozes: tuple[tuple[int, str], ...] = ()


def texts(card: Card) -> Texts:
    """Return the texts of a card, as the lock keeps them."""
    hidden: dict[int, list[str]] = {}
    for cloze in find_clozes(card):
        hidden.setdefault(cloze.number, []).append(spaced(cloze.text))
    return Texts(
        _kept("\n".join(part for part in question_parts(card) if part)),
        _kept("\n".join(parts) if any(parts := answer_parts(card)) else ""),
        tuple((number, _kept("\n".join(parts))) for number, parts in sorted(hidden.items())),
    )


def heading_of(question: str) -> str:
    """Return the heading's part of a question."""
    return question.partition("\n")[0]


def filled(question: str, answer: str) -> str:
    """Return a cloze card's question with what each cloze hides; any other question as it is."""
    hidden = iter(answer.split("\n"))
    return _NUMBER.sub(lambda found: f"{{{{c{found[1]}::{next(hidden, '…')}}}}}", question)


def numbers(question: str) -> tuple[int, ...]:
    """Return the cloze numbers of a question, in the order of the text."""
    return tuple(int(number) for number in _NUMBER.findall(question))


def question_parts(card: Card) -> tuple[str, str]:
    """Return heading and body; without the text of clozes, which is the answer."""
    heading, body = card.heading, card.body
    if card.kind is Kind.CLOZE:
        heading, body = _without_clozes(heading), _without_clozes(body)
    return spaced(heading), spaced(body)


def answer_parts(card: Card) -> list[str]:
    """Return the parts of a card's answer: right options, accepted answers, or texts of clozes."""
    match card.kind:
        case Kind.RECALL:
            parts = [card.answer]
        case Kind.TYPED:
            parts = list(card.accepted)
        case Kind.CHOICE:
            parts = sorted(option.text for option in card.options if option.ticked)
        case Kind.CLOZE:
            parts = [cloze.text for cloze in find_clozes(card)]
    return [spaced(part) for part in parts]


def find_clozes(card: Card) -> tuple[clozes.Cloze, ...]:
    """Return the clozes of a cloze card in the order of its text; none for other kinds."""
    if card.kind is not Kind.CLOZE:
        return ()
    return (*clozes.find(card.heading), *clozes.find(card.body))


def spaced(text: str) -> str:
    """Return a text with each stretch of white space as one space."""
    return " ".join(text.split())


def _without_clozes(text: str) -> str:
    """Return what stays the same when the text of a cloze is edited."""
    parts, done = list[str](), 0
    for cloze in clozes.find(text):
        parts += (text[done : cloze.start], f"{{{{c{cloze.number}}}}}")
        done = cloze.end
    return "".join((*parts, text[done:]))


def _kept(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}… {digest(text)[:16]}"
