"""Does what was planned and chosen, in one undoable step."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anki.cards import CardId
from anki.decks import DeckId
from anki.notes import NoteId

from . import adding, comparing, emptying, looking, media, meta, note_types, standing, transaction
from .packages import Package, db
from .plan import RETIRED, Cancelled, Choices, Plan, Progress, Report, Retire, UpdateError

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.notes import Note

    from .installed import Installed
    from .looking import Looked, Pair
    from .plan import RetiredNote
    from .transaction import Step

_CHANGED = "The collection has changed since it was looked at. Look again, then update."


@dataclass(slots=True)
class _Done:
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


def apply(
    col: Collection, package: Package, plan: Plan, choices: Choices, progress: Progress | None = None
) -> Report:
    """Update a deck as planned and chosen; one step to undo, called "Update" and the deck's title.

    Raises Cancelled where `progress` says so before anything is written; UpdateError where the collection is
    not the one that was looked at, or Anki fails: it then is as it was.
    """
    try:
        done = _applied(col, package, plan, choices, progress)
    except (UpdateError, Cancelled):
        raise
    except Exception as fault:
        raise UpdateError(f"The update failed: {fault}") from fault
    media.remember(done.dropped)
    return Report(
        added=tuple(done.added),
        changed=tuple(done.changed),
        kept=tuple(done.kept),
        moved=tuple(done.moved),
        retired=tuple(done.retired),
        deleted=tuple(done.deleted),
        revived=tuple(done.revived),
        emptied=tuple(done.emptied),
        media=_clean(col, package, plan, choices),
        problems=plan.problems,
    )


def _applied(
    col: Collection, package: Package, plan: Plan, choices: Choices, progress: Progress | None
) -> _Done:
    if int(col.mod) != plan.stamp:
        raise UpdateError(_CHANGED)
    looked = looking.look(col, package, progress)
    here, pairs = looked.here, looked.pairs
    with package.room() as room:
        arriving = adding.prepare(package, here, looked.lacking, choices.skip, room)
        if progress and not progress("Writing", 0, 1):
            raise Cancelled
        files = media.add(col, _needed(pairs, choices), package.media)
        try:
            return transaction.whole(
                col,
                f"Update {plan.title}",
                lambda step: _written(_Writing(col, package, plan, choices, looked, step), arriving),
            )
        except BaseException:
            if files:
                with contextlib.suppress(Exception):
                    col.media.trash_files(list(files))
            raise


@dataclass(frozen=True, slots=True)
class _Writing:
    """What each part of the writing needs."""

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


def _written(writing: _Writing, arriving: adding.Arriving) -> _Done:
    """Write everything.

    Cards move first: a deck that is new takes the options of the one that they leave, and a card that a note
    gains is born where its sisters are.
    """
    col, done = writing.col, _Done()
    before = _untouchable(col)
    _move(writing, done)
    done.added += adding.add(col, arriving, writing.step)
    _notes(writing, done)
    _retire(writing, done)
    _record(writing, done)
    if _untouchable(col) != before:
        raise UpdateError("Anki would have to synchronise everything anew, or a review would be lost.")
    return done


def _untouchable(col: Collection) -> tuple[object, ...]:
    """Give what no update changes: the schema's stamp, and the reviews."""
    database = db(col)
    return (
        database.scalar("select scm from col"),
        database.first("select count(), total(id), total(ivl), total(ease) from revlog"),
    )


def _texts(pair: Pair, chosen: frozenset[str]) -> Mapping[str, str]:
    """Give the texts that a note's fields are to have, those that change alone."""
    outcome = pair.compared
    held = comparing.held(chosen, outcome.fields, outcome.holds)
    silent = {name: text for name, text in outcome.silent.items() if name not in held}
    return {**silent, **comparing.deciding(chosen, outcome.fields, outcome.holds), "Meta": pair.meta}


def _needed(pairs: list[Pair], choices: Choices) -> frozenset[str]:
    """Name the media of all texts that arrive in notes."""
    taken = _taken(choices)
    texts = (_texts(pair, taken.get(pair.mine.id, frozenset())) for pair in pairs)
    return media.named(text for one in texts for name, text in one.items() if name != "Meta")


def _taken(choices: Choices) -> Mapping[int, frozenset[str]]:
    taken: dict[int, set[str]] = {}
    for note_id, name in choices.take:
        taken.setdefault(note_id, set()).add(name)
    return {note_id: frozenset(names) for note_id, names in taken.items()}


def _notes(writing: _Writing, done: _Done) -> None:
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


def _count(pair: Pair, differing: Mapping[str, str], done: _Done) -> None:
    names = {one.name for one in pair.compared.fields}
    if names - set(differing):
        done.kept.append(pair.mine.id)
    if names & set(differing) or pair.compared.tags_added or pair.compared.tags_removed:
        done.changed.append(pair.mine.id)


def _move(writing: _Writing, done: _Done) -> None:
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


def _retire(writing: _Writing, done: _Done) -> None:
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


def _record(writing: _Writing, done: _Done) -> None:
    """Remember which version the collection has now, and which notes were deleted by updates alone."""
    said = writing.package.manifest
    kept = writing.col.get_config(standing.RECORD, {})
    record = {**(kept if isinstance(kept, dict) else {})}
    entry: dict[str, object] = {"version": said.version, "date": said.date}
    if deleted := {*standing.deleted(writing.col, said.namespace), *done.deleted} - {*done.added}:
        entry["deleted"] = sorted(deleted)
    if record.get(said.namespace) != entry:
        record[said.namespace] = entry
        writing.col.set_config(standing.RECORD, record, undoable=True)
        writing.step.merge()


def _clean(col: Collection, package: Package, plan: Plan, choices: Choices) -> int:
    """Trash media that nothing names; what cannot be trashed is left for the next time."""
    if not choices.clean or not plan.media:
        return 0
    try:
        names = sorted(set(plan.media) & set(media.unused(col, package)))
        col.media.trash_files(names)
    except Exception:  # noqa: BLE001 - the deck is updated; whatever this is, it is not worth a message
        transaction.log.exception("cannot clean media")
        return 0
    return len(names)
