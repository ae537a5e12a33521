"""Cards and entries that nothing was found for, and that read alike: the author has to say what they are.

Likeness moves no review: "World War I ended in" and "World War II ended in" are nearly the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from verideck.packaging import card_texts, likeness
from verideck.packaging.before_after import before_after
from verideck.packaging.directive_hints import consent, directive, fresh_id, where
from verideck.packaging.promises import needs_consent
from verideck.problems import Problem, error
from verideck.reading.directive import NEW, REWORDED

if TYPE_CHECKING:
    from verideck.packaging.entry import Entry
    from verideck.packaging.source_cards import Found


def find(
    cards: Sequence[Found], entries: Sequence[Entry], known: Sequence[Entry], taken: set[str]
) -> Iterator[Problem]:
    """Ask for each card that reads like the card of a missing entry whether it is that one.

    `known` are all entries: what many of their texts have tells little. `taken` are ids that new cards
    cannot have.
    """
    pairs = [
        *_same_heading(cards, entries),
        *likeness.pairs(
            [_text(card.texts.question, card.texts.answer) for card in cards],
            [_text(entry.question, entry.answer) for entry in entries],
            [_text(entry.question, entry.answer) for entry in known if entry.live],
        ),
    ]
    owner: dict[int, int] = {}  # by entry, the card that is asked about it
    asked: dict[int, int] = {}  # by card, the entry that it is asked about
    for pair in pairs:
        if pair.left not in asked and pair.right not in owner:
            asked[pair.left], owner[pair.right] = pair.right, pair.left
    for pair in pairs:
        if pair.left not in asked:
            asked[pair.left] = pair.right
    for place, other in sorted(asked.items(), key=lambda item: cards[item[0]].place):
        rival = cards[owner[other]] if owner[other] != place else None
        yield _question(cards[place], entries[other], rival, taken)


def _same_heading(cards: Sequence[Found], entries: Sequence[Entry]) -> Iterator[likeness.Pair]:
    """Pair cards with the entries that had their heading in their file, whatever else they say."""
    places = {
        (entry.file, card_texts.heading_of(entry.question)): place for place, entry in enumerate(entries)
    }
    for place, card in enumerate(cards):
        other = places.get((card.file, card_texts.heading_of(card.texts.question)))
        if other is not None:
            yield likeness.Pair(place, other, 1.0)


def _question(card: Found, entry: Entry, rival: Found | None, taken: set[str]) -> Problem:
    """Ask about one pair. Its entry may be another card's more likely: then that `rival` is named."""
    new = directive(card, card.card.id or fresh_id(card, taken), NEW)
    there = where(card)
    if entry.note_type != card.note_type:
        kinds = f"is a {card.card.kind} card, and was a {entry.kind} card"
        message = f"the card {card.title} {kinds} if it is `{entry.id}`, which is missing"
        hint = f"Anki keeps no reviews over that: {there} {new}, and the old card is retired"
        return error(card.card.location, message + before_after(entry, card), hint)
    message = f"cannot tell whether the card {card.title} is `{entry.id}`, which is missing, or a new one"
    words = [consent(REWORDED, entry)] if needs_consent(entry, card) else []
    keep = directive(card, entry.id, *words, entry=entry)
    place = f" instead of in line {rival.card.location.line} of {rival.card.location.path}" if rival else ""
    hint = (
        f"if it is `{entry.id}`, and its reviews go on, {there}{place} {keep}\n"
        f"          if it is a new card, and `{entry.id}` is retired, {there} {new}"
    )
    return error(card.card.location, message + before_after(entry, card), hint)


def _text(question: str, answer: str) -> str:
    return f"{question}\n{answer}"
