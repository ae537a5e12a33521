"""What an update finds: changed, new, moved, retired and revived notes. Reads only."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from . import comparing
from .installed import SUSPENDED, Installed, InstalledNote
from .plan import RETIRED, ChangedNote, Decision, MovedNote, NewNote, RetiredNote, RevivedNote

if TYPE_CHECKING:
    from .looking import Pair
    from .packages import Package

_QUESTION = 300  # characters
_READ = 4_000  # of a field, for them
_CLOZE = re.compile(r"\{\{c\d+::([^{}]*)\}\}")
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
# The level that a deck puts below a question: a badge, and no part of what is asked.
_LEVEL = re.compile(r"""<p class=["']?level\b[^>]*>[^<]*(?:</p>)?""", re.IGNORECASE)


def question(fields: Mapping[str, str]) -> str:
    """Give a note's question as plain text on one line."""
    text = _UNSEEN.sub(" ", fields.get("Question", "")[:_READ])
    text = _LEVEL.sub(" ", text)
    text = _CLOZE.sub(lambda found: found[1].partition("::")[0], text)
    text = html.unescape(re.sub(r"<[^<>]*>", " ", text))
    return " ".join(text.split())[:_QUESTION] or fields.get("ID", "")[:_QUESTION]


def sorted_out(
    pairs: list[Pair], emptied: Mapping[int, tuple[int, ...]]
) -> tuple[list[ChangedNote], list[ChangedNote], list[ChangedNote], list[int]]:
    """Sort notes that both have: changed, in conflict, edited; last those in which programs alone see it."""
    changed: list[ChangedNote] = []
    conflicts: list[ChangedNote] = []
    edited: list[ChangedNote] = []
    silent: list[int] = []
    for pair in pairs:
        outcome = pair.compared
        note = ChangedNote(
            pair.mine.id,
            pair.mine.guid,
            question(pair.mine.fields),
            outcome.fields,
            outcome.tags_added,
            outcome.tags_removed,
            outcome.holds,
            emptied.get(pair.mine.id, ()),
        )
        if note.conflicts:
            conflicts.append(note)
        elif note.taken or note.tags_added or note.tags_removed:
            changed.append(note)
        else:
            if note.kept:
                edited.append(note)
            if outcome.silent or pair.mine.fields.get("Meta", "") != pair.meta:
                silent.append(note.note_id)
    return changed, conflicts, edited, silent


def new(here: Installed, package: Package, blocked: frozenset[int]) -> Iterator[NewNote]:
    """Find the notes that the collection lacks."""
    for theirs in package.notes.values():
        if theirs.guid in here.notes or theirs.note_type in blocked:
            continue
        shown = (
            (name, text) for name, text in theirs.fields.items() if name not in comparing.MACHINE and text
        )
        deck = here.homes.of(theirs.home)
        yield NewNote(theirs.guid, question(theirs.fields), deck, tuple(shown), theirs.id in here.deleted)


def moved(here: Installed, pairs: list[Pair]) -> Iterator[MovedNote]:
    """Find the cards whose home is another now, and that are where their home was."""
    for pair in pairs:
        if pair.mine.shipped is None or pair.mine.shipped.deck == pair.theirs.home:
            continue
        before, after = here.homes.of(pair.mine.shipped.deck), here.homes.of(pair.theirs.home)
        if before == after:
            continue
        cards = tuple(card.id for card in pair.mine.cards if here.decks.get(card.deck) == before)
        if cards:
            yield MovedNote(pair.mine.id, pair.mine.guid, question(pair.mine.fields), cards, before, after)


def retired(here: Installed, package: Package) -> Iterator[RetiredNote]:
    """Find what the deck no longer has; one that was retired before is left as the learner has it since."""
    for guid in sorted(package.retired):
        mine = here.notes.get(guid)
        if mine is None or mine.foreign or _is_retired(mine):
            continue
        cards = tuple(card.id for card in mine.cards if card.queue != SUSPENDED)
        yield RetiredNote(mine.id, guid, question(mine.fields), cards, _untouched(mine))


def _untouched(mine: InstalledNote) -> bool:
    if any(card.reviewed for card in mine.cards) or mine.shipped is None:
        return False
    own = set(comparing.clean(mine.tags)) - set(comparing.clean(mine.shipped.tags))
    edited = (
        comparing.decision(text, "", mine.shipped.fields.get(name, "")) not in (None, Decision.TAKE)
        for name, text in mine.fields.items()
        if name not in comparing.MACHINE
    )
    return not own and not any(edited)


def revived(pairs: list[Pair]) -> Iterator[RevivedNote]:
    """Find retired notes that the deck has again, with the cards that retiring suspended."""
    for pair in pairs:
        if not _is_retired(pair.mine):
            continue
        suspended = pair.mine.shipped.retired if pair.mine.shipped else None
        cards = tuple(
            card.id
            for card in pair.mine.cards
            if RETIRED in pair.mine.tags and card.queue == SUSPENDED and card.ordinal in (suspended or ())
        )
        yield RevivedNote(pair.mine.id, pair.mine.guid, question(pair.mine.fields), cards)


def _is_retired(mine: InstalledNote) -> bool:
    return RETIRED in mine.tags or (mine.shipped is not None and mine.shipped.retired is not None)
