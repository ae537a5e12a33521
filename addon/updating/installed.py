"""What a collection has of a deck: its notes, their cards, the decks that they are in. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import meta, note_types, standing
from .homes import Homes
from .packages import Package, db

if TYPE_CHECKING:
    from anki.collection import Collection

    from .meta import Shipped
    from .note_types import NoteType

SUSPENDED = -1
_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class InstalledCard:
    """A card: `deck` is its home, in a filtered deck as well."""

    id: int
    ordinal: int
    deck: int
    filtered: bool
    queue: int
    reviewed: bool


@dataclass(frozen=True, slots=True)
class InstalledNote:
    """A note: its fields by the deck's names for them. `foreign`: it is a note of another deck."""

    id: int
    guid: str
    note_type: int
    mod: int
    tags: tuple[str, ...]
    fields: Mapping[str, str]
    shipped: Shipped | None  # None where Meta is damaged
    foreign: bool
    cards: list[InstalledCard] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Installed:
    """The notes of the collection that are a deck's, by guid, and where its decks are."""

    notes: Mapping[str, InstalledNote]
    doubled: int  # notes whose guid another has as well
    decks: Mapping[int, str]
    homes: Homes
    note_types: Mapping[int, NoteType]
    deleted: frozenset[int]  # ids of notes that the learner deleted


def installed(col: Collection, package: Package) -> Installed:
    """Read what the collection has of a package's deck."""
    known = note_types.ids(package.note_types.values())
    kinds: dict[int, NoteType] = {one["id"]: one for one in col.models.all()}
    places = {key: note_types.roles(one, known) for key, one in kinds.items()}
    wanted = {*package.notes, *package.retired}
    found: dict[str, InstalledNote] = {}
    doubled = 0
    for row in _rows(col, [key for key, roles in places.items() if "Meta" in roles], package):
        note = _note(row, places[row[2]], package.manifest.namespace)
        if note is None or (note.foreign and note.guid not in wanted):
            continue
        if note.guid in found:
            doubled += 1
        found.setdefault(note.guid, note)
    by_id = {note.id: note for note in found.values()}
    for note_id, card in _cards(col, list(by_id)):
        by_id[note_id].cards.append(card)
    decks = {int(deck.id): str(deck.name) for deck in col.decks.all_names_and_ids()}
    lived = (
        (note.shipped.deck, decks[card.deck])
        for note in found.values()
        if note.shipped and not note.foreign
        for card in note.cards
        if card.deck in decks
    )
    graves = frozenset(db(col).list("select oid from graves where type = 1"))
    graves -= standing.deleted(col, package.manifest.namespace)
    plain = {int(deck.id) for deck in col.decks.all_names_and_ids(include_filtered=False)}
    homes = Homes(lived, decks.values(), (name for key, name in decks.items() if key not in plain))
    return Installed(found, doubled, decks, homes, kinds, graves)


def _rows(col: Collection, kinds: Sequence[int], package: Package) -> Iterable[Sequence[Any]]:
    """Give the rows of notes with a Meta, and of those that have a guid of the package."""
    columns = "select id, guid, mid, mod, tags, flds from notes"
    if kinds:
        yield from db(col).execute(f"{columns} where mid in {_ids(kinds)} order by id")
    others = f"select id, guid from notes where mid not in {_ids(kinds)}"  # noqa: S608 - numbers
    strays = [note_id for note_id, guid in db(col).execute(others) if guid in package.notes]
    for chunk in _chunks(strays):
        yield from db(col).execute(f"{columns} where id in {_ids(chunk)} order by id")


def _note(row: Sequence[Any], roles: Mapping[str, int], namespace: str) -> InstalledNote | None:
    note_id, guid, kind, mod, tags, flds = row
    texts = flds.split("\x1f")
    fields = {name: texts[place] for name, place in roles.items() if place < len(texts)}
    text = fields.get("Meta", "")
    shipped = meta.read(text)
    foreign = shipped is not None and shipped.namespace != namespace
    # A damaged Meta leaves the ID, whose head is that of the namespace.
    own = not foreign and (shipped is not None or fields.get("ID", "").startswith(f"{namespace[:8]}/"))
    return InstalledNote(
        note_id, guid, kind, mod, tuple(tags.split()), fields, None if foreign else shipped, not own
    )


def _cards(col: Collection, notes: Sequence[int]) -> Iterable[tuple[int, InstalledCard]]:
    reviewed = "exists (select 1 from revlog where revlog.cid = cards.id)"
    columns = f"select nid, id, ord, did, odid, queue, reps, {reviewed} from cards"  # noqa: S608 - constants
    for chunk in _chunks(notes):
        rows = db(col).execute(f"{columns} where nid in {_ids(chunk)} order by id")
        for nid, cid, ordinal, did, odid, queue, reps, seen in rows:
            card = InstalledCard(cid, ordinal, odid or did, bool(odid), queue, bool(reps or seen))
            yield nid, card


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _ids(ids: Iterable[int]) -> str:
    """Write ids for SQL: they are numbers, so nothing in them acts."""
    return f"({','.join(str(int(one)) for one in ids)})"
