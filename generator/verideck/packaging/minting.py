"""Names and numbers for new cards: guids, ids, note ids, deck ids. Made once, then kept in the lock."""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from collections.abc import Collection

from verideck.packaging.entry import CARDS_PER_NOTE

_PLAIN = string.digits + string.ascii_uppercase + string.ascii_lowercase
_GUID_LENGTH = 16  # 62^16, about 95 bits
_ID_LENGTH = 48


def guid(namespace: str, card_id: str, taken: Collection[str]) -> str:
    """Mint a guid of letters and digits from the namespace and a card's id.

    A guid once given stays with its card when the id moves on, so one that is taken is passed over.
    """
    for attempt in range(len(taken) + 1):
        made = _letters(f"{namespace}\n{card_id}\n{attempt}" if attempt else f"{namespace}\n{card_id}")
        if made not in taken:
            return made
    raise AssertionError("unreachable: one attempt more than there are guids")


def _letters(seed: str) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    letters = []
    for _ in range(_GUID_LENGTH):
        number, place = divmod(number, len(_PLAIN))
        letters.append(_PLAIN[place])
    return "".join(letters)


def card_id(heading: str, taken: Collection[str]) -> str:
    """Make an id from a heading: lowercase ASCII words joined by hyphens, numbered where it is taken."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > _ID_LENGTH:
        words = words[: _ID_LENGTH + 1].rpartition("-")[0] or words[:_ID_LENGTH]
    words = words or "card"
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
