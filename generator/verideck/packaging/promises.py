"""What a build must not do to cards that learners have, told before it does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from verideck.packaging.entry import CARDS_PER_NOTE, Entry
from verideck.problems import Problem, error, warning

if TYPE_CHECKING:
    from verideck.packaging.matching import Found


def broken(found: Sequence[Found], before: Mapping[int, Entry]) -> Iterator[Problem]:
    """Find what would cost a learner reviews; `before` holds the entries of the cards known so far."""
    for card in found:
        entry = before.get(card.index)
        yield from _too_many_clozes(card)
        if entry and entry.released:
            yield from _unwritten(card, entry)
            if entry.note_type == card.note_type:
                yield from _moved_clozes(card, entry)
                yield from _gone_reverse(card, entry)


def _too_many_clozes(card: Found) -> Iterator[Problem]:
    for number, _ in card.clozes:
        if number > CARDS_PER_NOTE:  # the reader tells of 0
            message = f"a cloze number {number}; they go from 1 to {CARDS_PER_NOTE}"
            yield error(card.card.location, message, "number them from 1 on, or split the card")


def _unwritten(card: Found, entry: Entry) -> Iterator[Problem]:
    """Ask for the id of a released card: with both its texts edited it would be lost otherwise."""
    if card.card.id is None:
        directive = f"`<!-- card: #{entry.id} -->`"
        hint = f"write {directive} under its heading, or add `#{entry.id}` to the directive there"
        yield warning(card.card.location, f"the released card {card.title} has no id in its source", hint)


def _moved_clozes(card: Found, entry: Entry) -> Iterator[Problem]:
    """Hold the cloze numbers of a released card: each is a card in Anki with reviews of its own."""
    was, now = dict(entry.clozes), dict(card.clozes)
    faults = [f"c{number} is gone" for number in was if number not in now]
    for number, text in was.items():
        to = [
            other
            for other, other_text in now.items()
            if other_text == text and other != number and was.get(other) != text
        ]
        if to and now.get(number, "") != text:
            faults.append(f"what c{number} hid is c{to[0]} now")
    if faults:
        message = f"the cloze numbers of the released card `{entry.id}` moved: {'; '.join(faults)}"
        hint = (
            "give the numbers back (new clozes take new numbers), or split the card: leave this one as it"
            " was and write the new text under a heading and an id of its own"
        )
        yield error(card.card.location, message, hint)


def _gone_reverse(card: Found, entry: Entry) -> Iterator[Problem]:
    """Hold the reversed card of a released one: without it learners are left with an empty card."""
    if entry.reverse and not card.card.reverse:
        message = f"the released card `{entry.id}` is no longer asked in reverse, which leaves an empty card"
        hint = "write `reverse` again, or give the card as it is now an id of its own"
        yield error(card.card.location, message, hint)
