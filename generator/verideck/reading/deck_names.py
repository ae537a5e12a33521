"""Decks whose names differ only in case: Anki takes them for one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from verideck.problems import Problem, error
from verideck.reading import names

if TYPE_CHECKING:
    from verideck.cards import Card

SEPARATOR = "::"


def find(cards: Iterable[Card], listed: Iterable[str]) -> Iterator[Problem]:
    """Report decks that another spelling of has been seen, once for each file and deck.

    `listed` are the names in `deck.toml`; they count as seen first.
    """
    first: dict[str, tuple[str, str]] = {}  # by what Anki compares: the spelling, and where it is
    for name in listed:
        for part in _parts(name):
            first.setdefault(_key(part), (part, "deck.toml"))
    told: set[tuple[str, str]] = set()
    for card in cards:
        place = (card.location.path, card.deck)
        if place in told:
            continue
        told.add(place)
        for part in _parts(card.deck):
            spelling, where = first.setdefault(_key(part), (part, f"{place[0]}:{card.location.line}"))
            if spelling != part:
                message = (
                    f"deck `{names.shown(part)}` differs only in case from `{names.shown(spelling)}`"
                    f" ({where}): Anki takes both for one deck"
                )
                yield error(card.location, message, f"write `{names.shown(spelling)}` in both")
                break


def _parts(name: str) -> Iterator[str]:
    """Give a deck's name and those of the decks above it, from the top."""
    parts = unicodedata.normalize("NFC", name).split(SEPARATOR)
    return (SEPARATOR.join(parts[:depth]) for depth in range(1, len(parts) + 1))


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())
