"""Rules for the names an author gives: decks, tags, levels, ids, heatmaps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from verideck.cards import LEVELS
from verideck.problems import nearest
from verideck.reading import characters

HEATMAP = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")

Fault = tuple[str, str]
"""What is wrong, and how to mend it."""


MOST_KNOWN = 50
_LONGEST_ID = 80
_MARKS = frozenset("._-")
# Letters and marks that nobody sees: two ids that differ in them look alike.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_LONGEST_SHOWN = 60


def shown(text: str) -> str:
    """Give a text as a message quotes it, cut where it is long."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def meant(word: str, known: Sequence[str]) -> str:
    """Suggest the nearest of the known names; a few of them are compared, as comparing takes long."""
    return nearest(word[:_LONGEST_SHOWN], known[:MOST_KNOWN])


def deck_fault(name: str) -> Fault | None:
    """Say what is wrong with a deck's full name: Anki renames the parts it does not like."""
    if fault := _invisible(name):
        return fault
    parts = name.split("::")
    if any(not part.strip() for part in parts):
        return (
            f"an empty part in the deck name `{shown(name)}`",
            "write `Deck::Part`, with a name on both sides of `::`",
        )
    if any(part != part.strip() or part.startswith(":") or part.endswith(":") for part in parts):
        return f"spaces or colons around `::` in the deck name `{shown(name)}`", "write `Deck::Part`"
    if parts[0].lower() == "default":
        return "a deck named `Default`", "Anki keeps that name for its own deck; choose another"
    if '"' in name:
        return f"a quotation mark in the deck name `{shown(name)}`", "Anki drops it; leave it out"
    return None


def tag_fault(tag: str) -> Fault | None:
    """Say what is wrong with a tag."""
    if not tag:
        return "an empty tag", "write a word, or leave the tag out"
    if fault := _invisible(tag):
        return fault
    if re.search(r"[\s\"*]", tag):
        return f"a tag that is not one word: `{shown(tag)}`", "Anki ends tags at spaces; write `two-words`"
    return None


def level_fault(level: str) -> Fault | None:
    """Say what is wrong with a level."""
    if level in LEVELS:
        return None
    hint = meant(level.lower(), LEVELS) or f"the levels are {', '.join(LEVELS)}"
    return f"an unknown level `{shown(level)}`", hint


def id_fault(identity: str) -> Fault | None:
    """Say what is wrong with a card's id."""
    if is_id(identity):
        return None
    hint = (
        f"an id is at most {_LONGEST_ID} letters, digits, `-`, `_` and `.`, and begins with a letter or digit"
    )
    return f"not an id: `#{shown(identity)}`", hint


def is_id(text: str) -> bool:
    """Return whether a text can be a card's id: letters and digits of any script, `.`, `_` and `-`."""
    return (
        0 < len(text) <= _LONGEST_ID
        and is_letter(text[0])
        and not unicodedata.category(text[0]).startswith("M")
        and all(letter in _MARKS or is_letter(letter) for letter in text)
    )


def is_letter(letter: str) -> bool:
    """Return whether a character belongs to words: a letter or digit, or what is set above or below one."""
    return unicodedata.category(letter)[0] in "LMN" and not _INVISIBLE.match(letter)


def source_fault(source: str) -> Fault | None:
    """Say what is wrong with the name of a source."""
    return ("an empty source", "name the work, or leave `source` out") if not source else _invisible(source)


def _invisible(name: str) -> Fault | None:
    if "\n" in name or "\t" in name:
        return "a name over several lines", "write it on one line"
    if found := characters.UNWANTED.search(name):
        return characters.explain(found.group())
    return None
