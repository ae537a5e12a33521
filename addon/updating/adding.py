"""New notes: imported plainly by Anki from a package of them alone, in which decks have the learner's names.

Where the learner changed a note type, Anki would import into a second one: such notes are added to the
learner's.
"""

from __future__ import annotations

from collections.abc import Collection as Container
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anki.collection import AddNoteRequest, ExportAnkiPackageOptions, NoteIdsLimit
from anki.decks import DeckId
from anki.models import NotetypeId
from anki.notes import NoteId

from . import anki_import, looks, media, note_types
from .packages import Package, PackageNote, db
from .plan import UpdateError

if TYPE_CHECKING:
    from anki.collection import Collection

    from .installed import Installed
    from .transaction import Step


@dataclass(frozen=True, slots=True)
class Arriving:
    """New notes, ready to be added. `package` is None where Anki has nothing to import."""

    package: Path | None
    guids: tuple[str, ...]  # of the notes in it that are new
    by_hand: tuple[tuple[PackageNote, int, str], ...]  # with the learner's note type and deck
    texts: Mapping[str, Mapping[int, str]]  # of those, by guid: the texts by their place
    folder: Path


def prepare(
    package: Package,
    here: Installed,
    blocked: Container[int],
    skip: Container[str],
    room: Path,
) -> Arriving:
    """Make what is to be imported; writes into `room` alone."""
    plain = looks.importable(here, package)
    new = [
        note
        for note in package.notes.values()
        if note.guid not in here.notes and note.guid not in skip and note.note_type not in blocked
    ]
    imported = [note for note in new if note.note_type in plain]
    by_hand = [note for note in new if note.note_type not in plain]
    carriers = [looks.carrier(here, package, key) for key in looks.newer_looks(here, package)]
    path = None
    if imported or any(carriers):
        path = room / "new.apkg"
        homes = {note.id: here.homes.of(note.home) for note in imported}
        for note in carriers:
            if note is not None:
                homes[note.id] = here.decks[here.notes[note.guid].cards[0].deck]
        _export(package, homes, here, path)
    known = note_types.ids(package.note_types.values())
    texts = {}
    for note in by_hand:
        places = note_types.roles(here.note_types[note.note_type], known)
        texts[note.guid] = {places[name]: text for name, text in note.fields.items() if name in places}
    return Arriving(
        path,
        tuple(note.guid for note in imported),
        tuple((note, note.note_type, here.homes.of(note.home)) for note in by_hand),
        texts,
        package.media,
    )


def add(col: Collection, arriving: Arriving, step: Step) -> list[int]:
    """Add the notes; gives their ids."""
    if arriving.package is not None:
        log = anki_import.plainly(col, arriving.package)
        step.merge()
        if len(log.new) != len(arriving.guids) or log.conflicting:
            raise UpdateError("Anki imported other notes than the update holds.")
    _by_hand(col, arriving, step)
    guids = {*arriving.guids, *arriving.texts}
    return [key for key, guid in db(col).execute("select id, guid from notes order by id") if guid in guids]


def deck(col: Collection, name: str, ids: dict[str, int], *, like: int, step: Step) -> int:
    """Give the id of a deck, made where it is missing, with the options of the deck `like`."""
    if name not in ids:
        made = col.decks.new_deck_legacy(False)
        made["name"] = name
        made["conf"] = col.decks.get_legacy(DeckId(like) or DeckId(1)).get("conf", 1)  # type: ignore[union-attr]
        ids[name] = col.decks.add_deck_legacy(made).id
        step.merge()
    return ids[name]


def decks(col: Collection) -> dict[str, int]:
    """Give the ids of all decks by their names, as they are now."""
    return {str(one.name): int(one.id) for one in col.decks.all_names_and_ids()}


def _by_hand(col: Collection, arriving: Arriving, step: Step) -> None:
    """Add notes to a note type that the learner has changed, under the guids that they have for ever."""
    requests = []
    ids = decks(col)
    for theirs, kind, home in arriving.by_hand:
        note_type = col.models.get(NotetypeId(kind))
        if note_type is None:
            raise UpdateError("A note type is gone.")
        note = col.new_note(note_type)
        for place, text in arriving.texts[theirs.guid].items():
            note.fields[place] = text
        note.guid, note.tags = theirs.guid, list(theirs.tags)
        target = deck(col, home, ids, like=1, step=step)
        requests.append(AddNoteRequest(note, DeckId(target)))
    if requests:
        media.add(
            col,
            media.named(text for one in arriving.texts.values() for text in one.values()),
            arriving.folder,
        )
        col.add_notes(requests)
        step.merge()


def _export(package: Package, homes: Mapping[int, str], here: Installed, path: Path) -> None:
    """Write a package of some notes, their cards in decks of the learner's names, without descriptions."""
    ours = set(here.decks.values())
    with package.collection() as col:
        for note_id, name in homes.items():
            target = col.decks.id(name)
            if target is None:
                raise UpdateError(f"No deck can be called “{name}”.")
            cards = col.card_ids_of_note(NoteId(note_id))
            if any(col.get_card(card).did != target for card in cards):
                col.set_deck(cards, target)
        _undescribed(col, ours)
        options = ExportAnkiPackageOptions(
            with_scheduling=False, with_deck_configs=False, with_media=True, legacy=False
        )
        limit = NoteIdsLimit([NoteId(one) for one in homes])
        col.export_anki_package(out_path=str(path), options=options, limit=limit)


def _undescribed(col: Collection, names: Iterable[str]) -> None:
    """Empty the descriptions of decks that the learner has: an import would put them over the learner's."""
    for name in names:
        found = col.decks.id_for_name(name)
        one = col.decks.get_legacy(found) if found else None
        if one is not None and one.get("desc"):
            one["desc"] = ""
            col.decks.update_dict(one)
