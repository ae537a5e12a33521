"""The numbers of clozes: each is a card in Anki with its own reviews, so a number stays with its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from verideck.packaging import card_texts, likeness
from verideck.packaging.before_after import before_after
from verideck.packaging.directive_hints import consent, directive, has_consent, where
from verideck.problems import Problem, error
from verideck.reading import clozes
from verideck.reading.directive import RENUMBERED

if TYPE_CHECKING:
    from verideck.packaging.entry import Entry
    from verideck.packaging.source_cards import Found

_ALIKE = 0.4  # from here on a text that was edited is still known
_MAX_COMPARED = 30  # numbers of one card whose edited texts are compared


def broken(card: Found, entry: Entry) -> Iterator[Problem]:
    """Report the numbers of a cloze card that moved, that are gone, or that an earlier text had."""
    found = [] if has_consent(card, RENUMBERED, entry) else faults(card, entry)
    if found:
        message = f"the cloze numbers of `{entry.id}` moved: {'; '.join(found)}"
        yield error(card.card.location, message + before_after(entry, card), _hint(card, entry))


def faults(card: Found, entry: Entry) -> list[str]:
    """Say what became of the numbers that do not keep their reviews."""
    homes = _homes(entry, card)
    moved = sorted((home, number) for number, home in homes.items() if home != number)
    return [
        *(f"what c{home} hid is c{number} now" for home, number in moved),
        *(f"c{number} is gone" for number in _gone(entry, homes)),
        *(f"c{number} hid another text before" for number in _again(entry, card)),
    ]


def _gone(entry: Entry, homes: Mapping[int, int]) -> list[int]:
    return [number for number, _ in entry.clozes if number not in homes.values()]


def _again(entry: Entry, card: Found) -> list[int]:
    """Return the numbers that come back with another text than they had when they vanished."""
    now, was = dict(card.texts.clozes), dict(entry.clozes)
    return [
        number
        for number, text in entry.clozes_before
        if number in now and number not in was and now[number] != text
    ]


def _hint(card: Found, entry: Entry) -> str:
    """Give the lines that keep the reviews, and the word that gives them up."""
    homes = _homes(entry, card)
    numbers = _numbers(card, entry, homes)
    lines = [
        f"\n          {new}"
        for text in (card.card.heading, card.card.body)
        for old, new in zip(text.split("\n"), _renumbered(text, numbers).split("\n"), strict=True)
        if old != new
    ]
    agree = directive(card, card.card.id, consent(RENUMBERED, entry), entry=entry)
    there = where(card)
    named = ", ".join(f"c{number}" for number in _gone(entry, homes))
    parts = [f"to keep the reviews, write{''.join(lines)}"] if lines else []
    if named:
        parts.append(
            f"{named} hides nothing now: write its text again; to give up its reviews, {there} {agree}"
        )
    else:
        parts.append(f"to give up the reviews of the numbers that moved, {there} {agree}")
    return "\n          ".join(parts)


def _homes(entry: Entry, card: Found) -> Mapping[int, int]:
    """Return, for numbers that hide what a number hid before, that one.

    If the texts are the same in the same order, their places say it. Otherwise a text is known by itself, and
    one that was edited by its likeness, unless it is still where it was.
    """
    before, after = card_texts.numbers(entry.question), card_texts.numbers(card.texts.question)
    places = set(zip(after, before, strict=False))
    if (
        entry.answer == card.texts.answer
        and len(before) == len(after)
        and len(places) == len(set(after)) == len(set(before))
    ):
        return dict(places)
    was, now = dict(entry.clozes), dict(card.texts.clozes)
    homes = {number: number for number in now if now[number] == was.get(number)}
    left = [number for number in now if number not in homes]
    free = [number for number in was if number not in homes]
    scores = sorted(
        (
            (_score(was[home], now[number]), home == number, -number, home)
            for number in left[:_MAX_COMPARED]
            for home in free[:_MAX_COMPARED]
        ),
        reverse=True,
    )
    for score, same, number, home in scores:
        if -number not in homes and home not in homes.values() and (score >= _ALIKE or same):
            homes[-number] = home
    return homes


def _score(before: str, after: str) -> float:
    return 1.0 if before == after else likeness.score(before, after)


def _numbers(card: Found, entry: Entry, homes: Mapping[int, int]) -> Mapping[int, int]:
    """Return the number that each of the card's clozes should have."""
    numbers = dict(homes)
    used = {*dict(entry.clozes), *dict(entry.clozes_before), *numbers.values()}
    free = (number for number in range(1, 1 << 20) if number not in used)
    for number, _ in card.texts.clozes:
        if number in numbers:
            continue
        keeps = number not in used
        numbers[number] = number if keeps else next(free)
        used.add(numbers[number])
    return numbers


def _renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """Return a text whose clozes have these numbers."""
    parts, done = list[str](), 0
    for cloze in clozes.find(text):
        digits = cloze.start + len("{{c")
        parts += (text[done:digits], str(numbers.get(cloze.number, cloze.number)))
        done = text.index("::", digits)
    return "".join((*parts, text[done:]))
