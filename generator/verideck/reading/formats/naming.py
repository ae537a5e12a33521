"""Other programs' names for decks, tags and levels, made into ones that a source may hold."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from verideck.cards import LEVELS
from verideck.reading import characters, names

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACES = re.compile(r"\s+")
_LEVELS = {
    "easy": "beginner",
    "basic": "beginner",
    "medium": "intermediate",
    "hard": "advanced",
    "difficult": "advanced",
}


def _visible(text: str) -> str:
    return _SPACES.sub(" ", characters.UNWANTED.sub(" ", text)).strip()


def deck(parts: Iterable[str]) -> str:
    """Join the parts of a deck's name; empty where nothing but Anki's own `Default` is left."""
    kept = [part.replace('"', "'").replace("::", ":").strip(" :") for part in map(_visible, parts)]
    kept = [part for part in kept if part]
    if kept and kept[0].lower() == "default":
        kept = kept[1:]
    name = "::".join(kept)
    return "" if not name or names.deck_fault(name) else name


def tags(written: Iterable[str]) -> tuple[str, ...]:
    """Make tags of words: no spaces, no quotation marks, each once."""
    made = (re.sub(r'["*]', "", _visible(word).replace(" ", "-")) for word in written)
    return tuple(dict.fromkeys(word for word in made if word and not names.tag_fault(word)))


def level(written: str) -> str:
    """Give a level's name; empty where it is none."""
    word = _visible(written).lower()
    word = _LEVELS.get(word, word)
    return word if word in LEVELS else ""


def from_guid(guid: str) -> str:
    """Make a card's id of an Anki note's guid, so that an edited note is the same card when read again."""
    return f"anki-{hashlib.sha256(guid.encode('utf-8', errors='replace')).hexdigest()[:10]}"


def title(path: str) -> str:
    """Make a title of a file's name."""
    stem = PurePath(path).stem.replace("_", " ")
    return _visible(stem) or "Deck"


def identity(written: str) -> str | None:
    """Give a card's id; None where it cannot be one."""
    return written if names.is_id(written) else None
