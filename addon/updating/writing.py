"""What an update does to notes and cards, each part by itself, in the step to undo that is being made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anki.cards import CardId
from anki.decks import DeckId
from anki.notes import NoteId

from . import adding, comparing, emptying, looking, media, meta, note_types
from .plan import RETIRED, Choices, Plan, Retire

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.notes import Note

    from .installed import Installed
    from .looking import Looked, Pair
    from .packages import Package
    from .plan import RetiredNote
    from .transaction import Step


@dataclass(slots=True)
class Done:
    """What was done so far."""

    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    retired: list[int] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    revived: list[int] = field(default_factory=list)
    emptied: list[int] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)  # media that fields named and name no more


@dataclass(frozen=True, slots=True)
class Writing:
    """An update that is being written: what was planned and chosen, what both sides have, its one step."""

    col: Collection
    package: Package
    plan: Plan
    choices: Choices
    looked: Looked
    step: Step

    @property
    def here(self) -> Installed:
        """Give what the collection has of the deck."""
        return self.looked.here


def _texts(pair: Pair, chosen: frozenset[str]) -> Mapping[str, str]:
    """Give the texts that a note's fields are to have, those that change alone."""
    outcome = pair.compared
    held = comparing.held(chosen, outcome.fields, outcome.holds)
    silent = {name: text for name, text in outcome.silent.items() if name not in held}
    return {**silent, **comparing.deciding(chosen, outcome.fields, outcome.holds), "Meta": pair.meta}


def needed(pairs: list[Pair], choices: Choices) -> frozenset[str]:
    """Name the media of all texts that arrive in notes."""
    taken = _taken(choices)
    texts = (_texts(pair, taken.get(pair.mine.id, frozenset())) for pair in pairs)
    return media.named(text for one in texts for name, text in one.items() if name != "Meta")


def _taken(choices: Choices) -> Mapping[int, frozenset[str]]:
    taken: dict[int, set[str]] = {}
    for note_id, name in choices.take:
        taken.setdefault(note_id, set()).add(name)
    return {note_id: frozenset(names) for note_id, names in taken.items()}


def notes(writing: Writing, done: Done) -> None:
    """Write the notes that differ, all at once."""
    revived = {one.note_id: one for one in writing.plan.revived}
    taken = _taken(writing.choices)
    known = looking.known_fields(writing.package)
    notes: list[Note] = []
    for pair in writing.looked.pairs:
        mine, outcome = pair.mine, pair.compared
        texts = _texts(pair, taken.get(mine.id, frozenset()))
        differing = {name: text for name, text in texts.items() if mine.fields.get(name) != text}
        tags = set(mine.tags) - set(outcome.tags_removed) | set(outcome.tags_added)
        _count(pair, differing, done)
        kind = writing.here.note_types[mine.note_type]
        if mine.id in writing.looked.emptied and emptying.asking(kind) in differing:
            done.emptied.append(mine.id)
        if mine.id in revived:
            tags.discard(RETIRED)
            done.revived.append(mine.id)
        if not differing and tags == set(mine.tags):
            continue
        note = writing.col.get_note(NoteId(mine.id))
        places = note_types.roles(kind, known)
        for name in differing.keys() & places.keys():
            note.fields[places[name]] = differing[name]
        note.tags = sorted(tags)
        notes.append(note)
        after = media.named({**mine.fields, **differing}.values())
        done.dropped |= media.named(mine.fields.values()) - after
    if notes:
        writing.col.update_notes(notes)
        writing.step.merge()
    cards = [CardId(card) for one in revived.values() for card in one.cards]
    if cards:
        writing.col.sched.unsuspend_cards(cards)
        writing.step.merge()


def _count(pair: Pair, differing: Mapping[str, str], done: Done) -> None:
    names = {one.name for one in pair.compared.fields}
    if names - set(differing):
        done.kept.append(pair.mine.id)
    if names & set(differing) or pair.compared.tags_added or pair.compared.tags_removed:
        done.changed.append(pair.mine.id)


def move(writing: Writing, done: Done) -> None:
    """Move cards to their new homes; one in a filtered deck stays there, and goes home to the new one."""
    col = writing.col
    cards = {card.id: card for note in writing.here.notes.values() for card in note.cards}
    by_deck: dict[str, list[int]] = {}
    for one in writing.plan.moved:
        by_deck.setdefault(one.after, []).extend(card for card in one.cards if card in cards)
        done.moved.append(one.note_id)
    ids = adding.decks(col)
    for name, moving in sorted(by_deck.items()):
        target = adding.deck(col, name, ids, like=cards[moving[0]].deck, step=writing.step)
        plain = [CardId(card) for card in moving if not cards[card].filtered]
        if plain:
            col.set_deck(plain, target)
            writing.step.merge()
        lent = [col.get_card(CardId(card)) for card in moving if cards[card].filtered]
        for card in lent:
            card.odid = DeckId(target)
        if lent:
            col.update_cards(lent)
            writing.step.merge()


def retire(writing: Writing, done: Done) -> None:
    """Suspend and tag what the deck no longer has; delete what nobody has touched, if that was chosen."""
    col, choices = writing.col, writing.choices
    if choices.retire is Retire.LEAVE:
        return
    gone: list[RetiredNote] = []
    stay: list[RetiredNote] = []
    for one in writing.plan.retired:
        (gone if one.untouched and choices.retire is Retire.DELETE else stay).append(one)
    known = looking.known_fields(writing.package)
    notes = []
    for one in stay:
        mine = writing.here.notes[one.guid]
        note = col.get_note(NoteId(one.note_id))
        place = note_types.roles(writing.here.note_types[mine.note_type], known).get("Meta")
        if place is not None and mine.shipped is not None:
            suspended = [card.ordinal for card in mine.cards if card.id in one.cards]
            note.fields[place] = meta.write(mine.shipped.gone(suspended))
        note.tags = sorted({*note.tags, RETIRED})
        notes.append(note)
        done.retired.append(one.note_id)
    if notes:
        col.update_notes(notes)
        writing.step.merge()
    cards = [CardId(card) for one in stay for card in one.cards]
    if cards:
        col.sched.suspend_cards(cards)
        writing.step.merge()
    if gone:
        col.remove_notes([NoteId(one.note_id) for one in gone])
        writing.step.merge()
        done.deleted += [one.note_id for one in gone]
