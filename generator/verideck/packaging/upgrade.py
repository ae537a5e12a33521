"""Lines of formula 1, which have hashes in place of texts: their texts, as far as today's cards tell them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from verideck.packaging import first_formula
from verideck.packaging.entry import Entry, Lock
from verideck.packaging.source_cards import Found, content_of

if TYPE_CHECKING:
    from verideck.packaging.matching import Matching


def with_texts(lock: Lock, cards: Sequence[Found]) -> Lock:
    """Return a lock whose lines of formula 1 have texts in place of the hashes of today's texts.

    A hash that is left differs from every text, as it should: no card has what it stands for.
    """
    if all(entry.formula > 1 for entry in lock.entries):
        return lock
    questions: dict[str, str] = {}
    answers: dict[str, str] = {}
    hidden: dict[str, str] = {}
    for card in cards:
        before = first_formula.texts(card.card)
        questions[before.question] = card.texts.question
        answers[before.answer] = card.texts.answer
        for (_, known), (_, text) in zip(before.clozes, card.texts.clozes, strict=True):
            hidden[known] = text

    def told(entry: Entry) -> Entry:
        if entry.formula > 1:
            return entry
        return dataclasses.replace(
            entry,
            question=questions.get(entry.question, entry.question),
            answer=answers.get(entry.answer, entry.answer),
            clozes=tuple((number, hidden.get(known, known)) for number, known in entry.clozes),
        )

    versions = tuple(tuple(map(told, group)) for group in lock.versions)
    return Lock(lock.namespace, tuple(map(told, lock.entries)), versions)


def uncompared(cards: Iterable[Found], matched: Matching) -> tuple[Entry, ...]:
    """Return the entries whose cards were edited since a line of formula 1 was written."""
    edited = [
        entry
        for card in cards
        if (entry := matched.entries.get(card.index))
        and entry.formula == 1
        and content_of(entry) != card.content
    ]
    return (*edited, *(entry for entry in matched.left_entries if entry.formula == 1))
