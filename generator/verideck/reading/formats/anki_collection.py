"""An Anki collection's notes, with the note types and decks that they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verideck.reading.formats import anki_database, anki_json, anki_types, protobuf
from verideck.reading.formats.anki_database import CollectionError, Database
from verideck.reading.formats.anki_types import MAX_FIELDS, MAX_TEMPLATES, NoteType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_SETTINGS = 300  # values in the settings of one note type or template
_BEYOND = 1 << 63  # after every ordinal
_DIVIDER = "\x1f"  # between fields, and since schema 15 between the parts of a deck's name
_OCCLUSION = 6  # Anki's own number for the kind of note type
_NUMBER = re.compile(r"-?[0-9]{1,19}")


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
    with anki_database.opened(data) as database:
        new = "notetypes" in database.names
        kinds = _new_kinds(database) if new else _old_kinds(database)
        decks = _new_decks(database) if new else _old_decks(database)
        placed = _placed(database, decks)
        notes = sorted(database.rows("notes"), key=lambda row: _integer(row[0]))
    return tuple(_row(note, kinds, placed) for note in notes)


def _row(
    note: tuple[Any, ...], kinds: Mapping[int, NoteType], placed: Mapping[int, tuple[int, str, bool, int]]
) -> Row:
    number, guid, kind, tags, fields, mod = note
    # One more than there can be is enough to report that there are too many.
    values = tuple(_text(fields).split(_DIVIDER, MAX_FIELDS))
    known = kinds.get(kind)
    if known is None or not known.fields:
        known = NoteType("", tuple(f"Field {n}" for n in range(1, len(values) + 1)))
    _, deck, suspended, due = placed.get(number, (0, "", False, 0))
    numbers = (_integer(number), _integer(mod), due)
    return Row(known, values, tuple(_text(tags).split()), _text(guid), deck, suspended, *numbers)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return value if isinstance(value, str) else "" if value is None else str(value)


def _integer(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _placed(database: Database, decks: Mapping[int, str]) -> dict[int, tuple[int, str, bool, int]]:
    """Return each note's first card, its deck (its home if that is a filtered one), suspension and `due`."""
    placed: dict[int, tuple[int, str, bool, int]] = {}
    for note, ordinal, deck, home, queue, kind, due in database.rows("cards"):
        place, name, suspended, position = placed.get(note, (_BEYOND, "", True, 0))
        if (own := _integer(ordinal)) < place:
            place, name = own, decks.get(home or deck, "")
            position = _integer(due) if kind == 0 else 0
        placed[note] = (place, name, suspended and queue == -1, position)
    return placed


def _expect_few(what: str, found: int, most: int) -> None:
    if found > most:
        raise CollectionError(f"a note type has {found:,} {what}, expected at most {most:,}")


def _settings(database: Database, place: int) -> dict[Any, Any]:
    """Read a table that older collections keep as JSON in a column; empty if it is damaged."""
    row = next(database.rows("col"), ("", ""))
    try:
        found = anki_json.read(_text(row[place]))
    except anki_json.JsonLimitError as fault:
        raise CollectionError(f"its settings have {fault}") from fault
    return found if isinstance(found, dict) else {}


def _old_kinds(database: Database) -> dict[int, NoteType]:
    found: dict[int, NoteType] = {}
    for key, model in _settings(database, 0).items():
        if isinstance(model, dict) and _NUMBER.fullmatch(key):
            fields, templates = _list(model.get("flds")), _list(model.get("tmpls"))
            _expect_few("fields", len(fields), MAX_FIELDS)
            _expect_few("templates", len(templates), MAX_TEMPLATES)
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


def _old_decks(database: Database) -> dict[int, str]:
    return {
        int(key): _text(deck.get("name"))
        for key, deck in _settings(database, 1).items()
        if isinstance(deck, dict) and _NUMBER.fullmatch(key)
    }


def _new_kinds(database: Database) -> dict[int, NoteType]:
    """Read schema 15 and later: a table each, their settings in protobuf messages."""
    fields = _parts(database.rows("fields"), "fields", MAX_FIELDS)
    templates = _parts(database.rows("templates"), "templates", MAX_TEMPLATES)
    found: dict[int, NoteType] = {}
    for number, name, config in database.rows("notetypes"):
        message = _message(config)
        cloze = protobuf.integer(message, 1) == 1
        occlusion = any("anki.imageOcclusion" in text for text in _values(message))
        found[number] = NoteType(
            _text(name),
            tuple(_text(name) for name in fields.get(number, ())),
            tuple(_template(config) for config in templates.get(number, ())),
            cloze,
            occlusion,
        )
    return found


def _parts(rows: Iterable[tuple[Any, ...]], what: str, most: int) -> dict[int, list[Any]]:
    """Group the parts of note types, each in its own order."""
    grouped: dict[int, list[tuple[int, Any]]] = {}
    for kind, ordinal, value in rows:
        grouped.setdefault(kind, []).append((_integer(ordinal), value))
        _expect_few(what, len(grouped[kind]), most)
    return {
        kind: [value for _, value in sorted(parts, key=lambda part: part[0])]
        for kind, parts in grouped.items()
    }


def _template(config: Any) -> anki_types.Template:
    message = _message(config)
    return anki_types.template(protobuf.text(message, 1), protobuf.text(message, 2))


def _message(config: Any) -> dict[int, list[int | bytes]]:
    try:
        return protobuf.read(config if isinstance(config, bytes) else b"", MAX_SETTINGS)
    except protobuf.TooManyValuesError as fault:
        raise CollectionError(f"the settings of a note type have {fault}") from fault


def _values(message: dict[int, list[int | bytes]]) -> Iterator[str]:
    for values in message.values():
        yield from (value.decode("utf-8", errors="replace") for value in values if isinstance(value, bytes))


def _new_decks(database: Database) -> dict[int, str]:
    return {number: _text(name).replace(_DIVIDER, "::") for number, name in database.rows("decks")}
