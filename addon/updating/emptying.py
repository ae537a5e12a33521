"""Cards that their deck asks no more: an update leaves them, empty, and tells of them. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from . import looks
from .plan import Decision

if TYPE_CHECKING:
    from anki.collection import Collection

    from .installed import Installed
    from .looking import Pair
    from .packages import Package

_CLOZE = 1  # Anki's number for such note types


def asking(note_type: Mapping[str, object]) -> str:
    """Name the field that decides which cards a note has: that with the clozes, or the mark for a reverse."""
    return "Question" if note_type["type"] == _CLOZE else "Reverse"


def emptied(
    col: Collection, here: Installed, package: Package, pairs: list[Pair]
) -> Mapping[int, tuple[int, ...]]:
    """Give, by note, the cards that will be empty once the deck's texts have arrived, and are not yet."""
    found = dict(_losing(here, package, pairs))
    if not found:
        return {}
    before = {card for note in col.get_empty_cards().notes for card in note.card_ids}
    left = {note: tuple(card for card in cards if card not in before) for note, cards in found.items()}
    return {note: cards for note, cards in left.items() if cards}


def _losing(here: Installed, package: Package, pairs: list[Pair]) -> Iterator[tuple[int, tuple[int, ...]]]:
    alike = looks.importable(here, package)
    for pair in pairs:
        kind = pair.mine.note_type
        if kind != pair.theirs.note_type or kind not in alike:
            continue
        field = asking(package.note_types[kind])
        if any(one.name == field and one.decision is not Decision.KEEP for one in pair.compared.fields):
            yield (
                pair.mine.id,
                tuple(card.id for card in pair.mine.cards if card.ordinal not in pair.theirs.cards),
            )
