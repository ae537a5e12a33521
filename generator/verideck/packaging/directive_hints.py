"""Directives to paste, as hints give them: each resolves what it is a hint for."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from verideck.packaging import minting
from verideck.reading.directive import CONSENTS
from verideck.sources import PAGES

if TYPE_CHECKING:
    from verideck.packaging.entry import Entry
    from verideck.packaging.source_cards import Found


def directive(card: Found, card_id: str | None, *added: str, entry: Entry | None = None) -> str:
    """Return a card's directive with this id and these words more.

    Words of consent that an earlier build has used, by the card's `entry`, are dropped.
    """
    given = {word.partition("=")[0] for word in added}
    kept = [
        word
        for word in card.directive
        if not word.startswith("#")
        and (key := word.partition("=")[0]) not in given
        and _counts(key, card, entry)
    ]
    named = [f"#{card_id}"] if card_id else []
    return f"`<!-- card: {' '.join((*named, *added, *kept))} -->`"


def _counts(word: str, card: Found, entry: Entry | None) -> bool:
    return word not in CONSENTS or (entry is not None and has_consent(card, word, entry))


def where(card: Found) -> str:
    """Say where a directive belongs; a page has to become a source first."""
    path = card.card.location.path
    if path.lower().endswith(PAGES):
        return f"run `verideck import {shlex.quote(path)} -o FILE.md` and write below the heading there"
    return "write in place of its directive" if card.directive else "write below its heading"


def consent(word: str, entry: Entry | None) -> str:
    """Return a word of consent with the value with which it counts: it must differ from the last one's."""
    was = dict(entry.consents).get(word) if entry else None
    if was is None:
        return word
    return f"{word}={int(was) + 1 if re.fullmatch('[0-9]{1,9}', was) else 2}"


def has_consent(card: Found, word: str, entry: Entry) -> bool:
    """Return whether a card agrees: the word is there, and is not one that an earlier build has used."""
    given = dict(card.card.consents).get(word)
    return given is not None and given != dict(entry.consents).get(word)


def fresh_id(card: Found, taken: set[str]) -> str:
    """Return an id for a new card that nothing has had, and keep it from being given again."""
    made = minting.card_id(card.card.id or card.card.heading, taken)
    taken.add(made)
    return made
