"""Names and numbers for new cards: guids, ids, note ids, deck ids. Made once, then kept in the lock."""

from __future__ import annotations

import hashlib
import json
import string
import unicodedata
from collections.abc import Collection

from verideck.packaging.entry import CARDS_PER_NOTE
from verideck.reading import names

_PLAIN = string.digits + string.ascii_uppercase + string.ascii_lowercase
_GUID_LENGTH = 16  # 62^16, about 95 bits
_ID_LENGTH = 48


def guid(namespace: str, content: str, taken: Collection[str]) -> str:
    """Mint a guid of letters and digits from the namespace and a card's content.

    Two branches that add the same card mint the same guid, and two that add different cards do not, whatever
    their ids. A guid stays with its card when the content changes, so one that is taken is passed over.
    """
    for attempt in range(len(taken) + 1):
        made = _letters(f"{namespace}\n{content}\n{attempt}" if attempt else f"{namespace}\n{content}")
        if made not in taken:
            return made
    raise AssertionError("unreachable: one attempt more than there are guids")


def content(note_type: str, question: str, answer: str) -> str:
    """Return the content from which a card's guid is minted."""
    return json.dumps([note_type, question, answer], ensure_ascii=False)


def _letters(seed: str) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    letters = []
    for _ in range(_GUID_LENGTH):
        number, place = divmod(number, len(_PLAIN))
        letters.append(_PLAIN[place])
    return "".join(letters)


def card_id(heading: str, taken: Collection[str]) -> str:
    """Make an id from a heading: lowercase words of any script joined by hyphens, numbered if it is taken."""
    plain = unicodedata.normalize("NFKC", heading).lower()
    kept = "".join(letter if names.is_letter(letter) else " " for letter in plain)
    words = unicodedata.normalize("NFC", "-".join(kept.split()))
    if len(words) > _ID_LENGTH:
        words = words[: _ID_LENGTH + 1].rpartition("-")[0] or words[:_ID_LENGTH]
    words = words if names.is_id(words) else "card"
    made, number = words, 1
    while made in taken:
        number += 1
        made = f"{words}-{number}"
    return made


def note_ids(count: int, now: int, taken: Collection[int]) -> tuple[int, ...]:
    """Mint note ids in rising order: milliseconds just before `now` (seconds), never after it.

    Each keeps room for its cards' ids, which are the note's id plus the card's ordinal.
    """
    used = {note_id // CARDS_PER_NOTE for note_id in taken}
    slot = now * 1000 // CARDS_PER_NOTE
    free: list[int] = []
    while len(free) < count:
        slot -= 1
        if slot not in used:
            free.append(slot * CARDS_PER_NOTE)
    return tuple(reversed(free))


def deck_id(namespace: str, key: str) -> int:
    """Give the id of a deck, the same for ever: a date in milliseconds between 2001 and 2020."""
    digest = hashlib.sha256(f"deck\n{namespace}\n{key}".encode()).digest()
    return 1_000_000_000_000 + int.from_bytes(digest[:8], "big") % 600_000_000_000
