"""Formula 1 of a line of the lock: the hashes that format 1 kept in place of texts."""

from __future__ import annotations

from verideck.cards import Card, Kind
from verideck.packaging.card_texts import Texts, answer_parts, find_clozes, question_parts, spaced
from verideck.packaging.digest import digest

_QUESTION_LENGTH = 200


def texts(card: Card) -> Texts:
    """Return what a line of formula 1 says of a card: a heading, and hashes of all else."""
    return Texts(_question(card), _answer(card), _clozes(card))


def _question(card: Card) -> str:
    heading, body = question_parts(card)
    if len(heading) > _QUESTION_LENGTH:
        heading = f"{heading[:_QUESTION_LENGTH]}… {digest(heading)[:16]}"
    return f"{heading}\n{digest(body)[:16]}" if body else heading


def _answer(card: Card) -> str:
    parts = answer_parts(card)
    return digest([card.kind is Kind.CLOZE, *parts])[:16] if any(parts) else ""


def _clozes(card: Card) -> tuple[tuple[int, str], ...]:
    hidden: dict[int, list[str]] = {}
    for cloze in find_clozes(card):
        hidden.setdefault(cloze.number, []).append(spaced(cloze.text))
    return tuple((number, digest(parts)[:16]) for number, parts in sorted(hidden.items()))
