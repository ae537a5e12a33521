"""Notes and their identities to an Anki package, byte for byte the same for the same notes."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from verideck.cards import Location
from verideck.packaging import archive, manifest, minting
from verideck.packaging.files import WriteError
from verideck.packaging.tables import Deck, Model, Note, Package, room
from verideck.problems import error
from verideck.project import deck_name_fault

if TYPE_CHECKING:
    from verideck.cards import Identity
    from verideck.cards import Note as Rendered
    from verideck.packaging.entry import Lock
    from verideck.project import Project
    from verideck.rendering.note_types import NoteType

_MEDIA_NAME = re.compile(r"[a-z0-9_][a-z0-9._-]{0,99}")


class PackageError(ValueError):
    """Notes that Anki would take amiss. The stages before keep these out."""


def package(
    notes: Sequence[tuple[Rendered, Identity]],
    project: Project,
    *,
    note_types: Mapping[str, NoteType] | None = None,
    note_types_mod: int | None = None,
    date: int | None = None,
    lock: Lock | None = None,
) -> bytes:
    """Make the `.apkg` of some notes.

    `date`, in seconds since 1970, is the time inside the file: SOURCE_DATE_EPOCH if set, else that of
    the newest note. The note types are the renderer's unless given. `lock` is what the package's manifest
    says of cards that the deck had before.
    Raises WriteError where there is no room for temporary files; PackageError for a guid, note id or
    media name used twice, and for what Anki cannot import.
    """
    if note_types is None or note_types_mod is None:
        from verideck.rendering import note_types as rendered

        note_types, note_types_mod = rendered.NOTE_TYPES, rendered.MOD
    if date is None:
        date = _date(identity.mod for _, identity in notes)
    _check_unique(notes)
    models = {name: Model(note_type, note_types_mod) for name, note_type in note_types.items()}
    decks = _decks(notes, project)
    for note, identity in sorted(notes, key=lambda pair: pair[1].note_id):
        decks[_name(note.deck)].add_note(_note(note, identity, models))
    collection = _collection(Package([decks[name] for name in sorted(decks)]), date)
    extra = {manifest.NAME: manifest.manifest(notes, project, lock)}
    return archive.zipped(collection, _media(notes), date, extra)


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Give tags as Anki keeps them: sorted, each once, none with a space in it."""
    spaceless = {"_".join(unicodedata.normalize("NFC", tag).split()) for tag in tags}
    return tuple(sorted(spaceless - {""}))


def _date(mods: Iterable[int]) -> int:
    if chosen := os.environ.get("SOURCE_DATE_EPOCH"):
        if not re.fullmatch(r"[0-9]{1,11}", chosen):
            raise PackageError(f"SOURCE_DATE_EPOCH must be seconds since 1970, not `{chosen}`")
        return int(chosen)
    return max(mods, default=0)


def _check_unique(notes: Sequence[tuple[Rendered, Identity]]) -> None:
    """Anki would import both notes of one guid without a word."""
    for what in ("guid", "note_id", "card_id"):
        seen: set[object] = set()
        for _, identity in notes:
            value = getattr(identity, what)
            if value in seen:
                raise PackageError(f"two notes with the {what.replace('_', ' ')} `{value}`")
            seen.add(value)


def _note(note: Rendered, identity: Identity, models: Mapping[str, Model]) -> Note:
    model = models.get(note.note_type)
    if model is None:
        raise PackageError(f"card `{identity.card_id}`: no note type is called `{note.note_type}`")
    if unknown := sorted(set(note.fields) - set(model.names)):
        raise PackageError(f"card `{identity.card_id}`: no field is called `{unknown[0]}`")
    for name, text in note.fields.items():
        if "\x1f" in text or "\x00" in text:
            raise PackageError(f"card `{identity.card_id}`: a control character in the field {name}")
    fields = {name: unicodedata.normalize("NFC", text) for name, text in note.fields.items()}
    if not fields.get(model.names[0], "").strip():
        raise PackageError(f"card `{identity.card_id}`: its first field, {model.names[0]}, is empty")
    made = Note(model, fields, clean_tags(note.tags), identity)
    if not made.ordinals or not room(made.ordinals):
        raise PackageError(f"card `{identity.card_id}`: no cloze, or one numbered over 100")
    return made


def _decks(notes: Sequence[tuple[Rendered, Identity]], project: Project) -> Mapping[str, Deck]:
    """Make the decks of the notes and those above them; the description goes on the top ones."""
    names: set[str] = set()
    for note, identity in notes:
        if fault := deck_name_fault(note.deck):
            raise PackageError(f"card `{identity.card_id}`: deck `{note.deck}`: {fault}")
        parts = _name(note.deck).split("::")
        names |= {"::".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return {
        name: Deck(
            minting.deck_id(project.namespace, project.deck_key(name)),
            name,
            "" if "::" in name else project.description,
        )
        for name in names
    }


def _name(deck: str) -> str:
    return unicodedata.normalize("NFC", deck)


def _media(notes: Sequence[tuple[Rendered, Identity]]) -> Mapping[str, bytes]:
    media: dict[str, bytes] = {}
    for note, identity in notes:
        for file in note.media:
            if not _MEDIA_NAME.fullmatch(file.name):
                message = f"`{file.name}` is no name for a media file"
                raise PackageError(f"card `{identity.card_id}`: {message}")
            if media.setdefault(file.name, file.data) != file.data:
                raise PackageError(f"two media files with the name `{file.name}`")
    return media


def _collection(tables: Package, date: int) -> bytes:
    """Write the tables to an SQLite file and give its bytes; nothing stays on disk."""
    try:
        with tempfile.TemporaryDirectory(prefix="verideck-") as folder:
            path = Path(folder) / "collection.anki2"
            with contextlib.closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA page_size = 4096")
                connection.execute("PRAGMA synchronous = OFF")
                tables.write_to_db(connection.cursor(), date, iter(()))
                connection.commit()
            return path.read_bytes()
    except (sqlite3.OperationalError, OSError) as fault:
        # `gettempdir` would fail again where the disk is so full that no folder will do.
        place = Location(tempfile.tempdir or os.environ.get("TMPDIR") or "temporary folder")
        hint = "make room, or let TMPDIR name another folder"
        raise WriteError(error(place, f"cannot write temporary files: {fault}", hint)) from fault
