"""An Anki collection's notes: SQLite opened from memory, read only, with limits on what it may take."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verideck.reading.formats import anki_types, protobuf
from verideck.reading.formats.anki_types import NoteType

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_NOTES = 200_000
_MOST_STEPS = 500_000_000  # of SQLite's machine, for all queries together
_STEP = 100_000
_DIVIDER = "\x1f"  # between fields, and since schema 15 between the parts of a deck's name
_OCCLUSION = 6  # Anki's own number for the kind of note type


class CollectionError(Exception):
    """A collection that cannot be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A note; `deck` is that of its first card, and it is `suspended` where all its cards are.

    `note_id` and `mod` are Anki's numbers; `due` is the position of its first card if that is new, else 0.
    """

    kind: NoteType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    guid: str
    deck: str
    suspended: bool
    note_id: int = 0
    mod: int = 0
    due: int = 0


def read(data: bytes) -> tuple[Row, ...]:
    """Read all notes in the order in which they were made. Raises CollectionError."""
    with _opened(data) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"col", "notes", "cards"} <= tables:
            raise CollectionError("its tables are not those of a collection")
        new = "notetypes" in tables
        kinds = _new_kinds(database) if new else _old_kinds(database)
        decks = _new_decks(database) if new else _old_decks(database)
        placed = _placed(database, decks)
        rows: list[Row] = []
        for number, guid, kind, tags, fields, mod in database.execute(
            "SELECT id, guid, mid, tags, flds, mod FROM notes ORDER BY id LIMIT ?", (MOST_NOTES + 1,)
        ):
            values = tuple(_text(fields).split(_DIVIDER))
            known = kinds.get(kind)
            if known is None or not known.fields:
                known = NoteType("", tuple(f"Field {n}" for n in range(1, len(values) + 1)))
            deck, suspended, due = placed.get(number, ("", False, 0))
            words = tuple(_text(tags).split())
            numbers = (_number(number), _number(mod), due)
            rows.append(Row(known, values, words, _text(guid), deck, suspended, *numbers))
        if len(rows) > MOST_NOTES:
            raise CollectionError(f"it holds over {MOST_NOTES:,} notes")
        return tuple(rows)


@contextmanager
def _opened(data: bytes) -> Iterator[sqlite3.Connection]:
    """Open a database that may be hostile: no writing, no functions of its schema's, bounded work."""
    if not data.startswith(b"SQLite format 3\0") or len(data) < 100:
        raise CollectionError("it is no SQLite database")
    image = bytearray(data)
    image[18:20] = b"\x01\x01"  # a write-ahead log cannot be opened in memory, and none is in the package
    steps = 0

    def bounded() -> int:
        nonlocal steps
        steps += _STEP
        return steps > _MOST_STEPS

    with closing(sqlite3.connect(":memory:")) as database:
        database.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        database.create_collation(
            "unicase", lambda a, b: (a.casefold() > b.casefold()) - (a.casefold() < b.casefold())
        )
        database.set_progress_handler(bounded, _STEP)
        try:
            database.deserialize(bytes(image))
            for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
                database.execute(f"PRAGMA {pragma}")
            yield database
        except (sqlite3.Error, sqlite3.Warning, UnicodeError, OverflowError, MemoryError) as fault:
            raise CollectionError("its database is damaged, or takes too long to read") from fault


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)[:100_000]


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _placed(database: sqlite3.Connection, decks: dict[int, str]) -> dict[int, tuple[str, bool, int]]:
    """Give each note's deck (its home if that is a filtered one), whether it is suspended, and its `due`."""
    placed: dict[int, tuple[str, bool, int]] = {}
    query = "SELECT nid, did, odid, queue, type, due FROM cards ORDER BY nid, ord LIMIT ?"
    for note, deck, home, queue, kind, due in database.execute(query, (MOST_NOTES * 10,)):
        position = _number(due) if kind == 0 else 0
        name, suspended, position = placed.get(note, (decks.get(home or deck, ""), True, position))
        placed[note] = (name, suspended and queue == -1, position)
    return placed


def _object(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(_text(text))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _old_kinds(database: sqlite3.Connection) -> dict[int, NoteType]:
    row = database.execute("SELECT models FROM col").fetchone()
    found: dict[int, NoteType] = {}
    for key, model in _object(row[0] if row else "").items():
        if isinstance(model, dict) and key.lstrip("-").isdigit() and len(key) < 20:
            fields = _list(model.get("flds"))
            templates = _list(model.get("tmpls"))
            found[int(key)] = NoteType(
                _text(model.get("name")),
                tuple(_text(one.get("name")) for one in fields),
                tuple(
                    anki_types.template(_text(one.get("qfmt")), _text(one.get("afmt"))) for one in templates
                ),
                model.get("type") == 1,
                model.get("originalStockKind") == _OCCLUSION,
            )
    return found


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _old_decks(database: sqlite3.Connection) -> dict[int, str]:
    row = database.execute("SELECT decks FROM col").fetchone()
    return {
        int(key): _text(deck.get("name"))
        for key, deck in _object(row[0] if row else "").items()
        if isinstance(deck, dict) and key.isdigit() and len(key) < 20
    }


def _new_kinds(database: sqlite3.Connection) -> dict[int, NoteType]:
    """Read schema 15 and later: a table each, their settings in protobuf messages."""
    fields: dict[int, list[str]] = {}
    for kind, name in database.execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        fields.setdefault(kind, []).append(_text(name))
    templates: dict[int, list[anki_types.Template]] = {}
    for kind, config in database.execute("SELECT ntid, config FROM templates ORDER BY ntid, ord"):
        message = protobuf.read(config if isinstance(config, bytes) else b"")
        made = anki_types.template(protobuf.text(message, 1), protobuf.text(message, 2))
        templates.setdefault(kind, []).append(made)
    found: dict[int, NoteType] = {}
    for number, name, config in database.execute("SELECT id, name, config FROM notetypes"):
        message = protobuf.read(config if isinstance(config, bytes) else b"")
        cloze = protobuf.integer(message, 1) == 1
        occlusion = any("anki.imageOcclusion" in text for text in _values(message))
        found[number] = NoteType(
            _text(name), tuple(fields.get(number, ())), tuple(templates.get(number, ())), cloze, occlusion
        )
    return found


def _values(message: dict[int, list[int | bytes]]) -> Iterator[str]:
    for values in message.values():
        yield from (value.decode("utf-8", errors="replace") for value in values if isinstance(value, bytes))


def _new_decks(database: sqlite3.Connection) -> dict[int, str]:
    return {
        number: _text(name).replace(_DIVIDER, "::")
        for number, name in database.execute("SELECT id, name FROM decks")
    }
