"""The notes of a package that Verideck built, read back to make a lost lock again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verideck.cards import Card, Kind, Location, Option
from verideck.packaging import card_texts, manifest
from verideck.reading.formats import anki_archive, anki_collection, verideck_notes
from verideck.reading.formats.anki_archive import ArchiveError
from verideck.reading.formats.anki_collection import CollectionError, Row
from verideck.reading.formats.anki_types import NoteType
from verideck.reading.formats.ledger import Ledger
from verideck.rendering.note_types import FIELD_NAMES, NOTE_TYPES

if TYPE_CHECKING:
    from verideck.packaging.card_texts import Texts
    from verideck.reading.items import Item

_MAX_MANIFEST = 50_000_000  # bytes


class OldPackageError(ValueError):
    """A package that no lock can be made from; the message and the hint are for the user."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True, slots=True)
class OldNote:
    """A note of the package. Its texts come from HTML: only texts that were read alike can be compared."""

    row: Row
    card_id: str
    kind: Kind
    texts: Texts
    reverse: bool

    @property
    def fields(self) -> Mapping[str, str]:
        """Return the note's fields by name."""
        return dict(zip(self.row.kind.fields, self.row.fields, strict=False))


@dataclass(frozen=True, slots=True)
class OldPackage:
    """A package's notes, and what its manifest says of the past: retired cards by guid, names of media."""

    notes: tuple[OldNote, ...]
    retired: Mapping[str, str]
    superseded: tuple[str, ...]


def read(data: bytes, namespace: str) -> OldPackage:
    """Read a package of the deck with this namespace. Raises OldPackageError."""
    try:
        archive = anki_archive.unpack(data)
        rows = anki_collection.read(archive.collection)
    except ArchiveError as fault:
        raise OldPackageError(fault.message, fault.hint) from fault
    except CollectionError as fault:
        raise OldPackageError(f"cannot read the collection: {fault}", "use another package") from fault
    ours = [row for row in rows if verideck_notes.is_ours(row.kind.fields)]
    notes = [note for row in ours if _namespace(row) == namespace and (note := _note(row))]
    if not notes:
        others = sorted({other for row in ours if (other := _namespace(row))})
        raise OldPackageError(*_nothing(namespace, others))
    past = _object(archive.other(manifest.NAME, _MAX_MANIFEST))
    retired, superseded = past.get("retired"), past.get("superseded")
    cards = retired.items() if isinstance(retired, dict) else ()
    files = superseded if isinstance(superseded, list) else ()
    return OldPackage(
        tuple(notes),
        {guid: name for guid, name in cards if _is_name(guid) and _is_name(name)},
        tuple(name for name in files if _is_name(name)),
    )


def texts(note_type: str, fields: Mapping[str, str]) -> Texts | None:
    """Return the texts of a note that is rendered now, read like those of a package."""
    kind = NoteType(note_type, FIELD_NAMES, (), NOTE_TYPES[note_type].cloze)
    item = _item([fields.get(name, "") for name in FIELD_NAMES], kind)
    return _texts(item) if item else None


def _note(row: Row) -> OldNote | None:
    item = _item(row.fields, row.kind)
    if item is None or not item.id or not _is_name(row.guid) or row.note_id < 1:
        return None
    return OldNote(row, item.id, item.kind, _texts(item), item.reverse)


def _item(fields: Sequence[str], kind: NoteType) -> Item | None:
    return verideck_notes.item(fields, kind, 1, Ledger(["note"], "", ""))


def _texts(item: Item) -> Texts:
    place = Location("")
    options = tuple(Option(option.text, option.ticked, place) for option in item.options)
    card = Card(item.kind, place, item.question, "", item.body, item.answer, item.accepted, options)
    return card_texts.texts(card)


def _namespace(row: Row) -> str:
    """Return the namespace that a note's Meta field names."""
    fields = dict(zip(row.kind.fields, row.fields, strict=False))
    named = _object(fields.get("Meta", "")).get("namespace")
    return named if isinstance(named, str) else ""


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and value != ""


def _nothing(namespace: str, others: Sequence[str]) -> tuple[str, str]:
    if others:
        message = f"the package is of another deck: its namespace is `{others[0][:80]}`, not `{namespace}`"
        return message, "use a package of this deck, or write its namespace in deck.toml"
    return "the package has no notes that Verideck made", "use a package that `verideck build` wrote"
