"""The package's tables through genanki, each of its faults worked round in a subclass.

genanki stamps every note with the package's time, numbers notes and cards itself, leaves `due` at 0,
finds templates' needs with a renderer that does not know Anki's filters, misses nested clozes, and
searches fields with an expression whose time is quadratic in their `<`.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import genanki

from verideck.packaging import clozes
from verideck.packaging.entry import CARDS_PER_NOTE

if TYPE_CHECKING:
    import sqlite3

    from verideck.cards import Identity
    from verideck.rendering.note_types import NoteType

_CLOZE_FIELD = re.compile(r"\{\{(?:[^{}:]*:)*cloze:(?:[^{}:]*:)*([^{}:]+)\}\}")


class Model(genanki.Model):
    """A note type whose stamp is its own, and whose JSON depends on nothing else."""

    def __init__(self, note_type: NoteType, mod: int) -> None:
        super().__init__(
            model_id=note_type.id,
            name=note_type.name,
            fields=[
                {
                    "name": field.name,
                    "id": field.id,
                    "plainText": field.plain_text,
                    "collapsed": field.collapsed,
                    "excludeFromSearch": field.exclude_from_search,
                }
                for field in note_type.fields
            ],
            templates=[
                {"name": template.name, "id": template.id, "qfmt": template.front, "afmt": template.back}
                for template in note_type.templates
            ],
            css=note_type.css,
            model_type=self.CLOZE if note_type.cloze else self.FRONT_BACK,
            sort_field_index=note_type.sort_field,
        )
        self.mod = mod
        self.names = tuple(field.name for field in note_type.fields)
        self.cloze_fields = frozenset(
            name.strip() for template in note_type.templates for name in _CLOZE_FIELD.findall(template.front)
        )

    @property
    def _req(self) -> list[list[Any]]:
        """Say which fields each template needs; only clients from before 2021 read it."""
        sort_field = self.sort_field_index
        return [[ordinal, "any", [sort_field]] for ordinal in range(len(self.templates))]

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:  # noqa: ARG002 - genanki's signature
        """Give Anki's JSON; neither the package's time nor its decks show in it."""
        written: dict[str, Any] = copy.deepcopy(super().to_json(self.mod, None))
        return written

    def ordinals(self, fields: Mapping[str, str]) -> Sequence[int]:
        """Say which cards a note has: one for each cloze number, or the card and its reverse."""
        if self.model_type == self.CLOZE:
            found = (clozes.ordinals(fields.get(name, "")) for name in self.cloze_fields)
            return sorted(frozenset().union(*found))
        reverse = len(self.templates) > 1 and fields.get("Reverse", "").strip()
        return (0, 1) if reverse else (0,)


class Note(genanki.Note):
    """A note with a stamp, an id and a position of its own, whose cards follow it."""

    def __init__(
        self, model: Model, fields: Mapping[str, str], tags: Sequence[str], identity: Identity
    ) -> None:
        super().__init__(
            model=model,
            fields=[fields.get(name, "") for name in model.names],
            tags=tags,
            guid=identity.guid,
            due=identity.due,
        )
        self.identity = identity
        self.ordinals = model.ordinals(fields)

    @property
    def cards(self) -> list[genanki.Card]:
        """Give the note's cards by our own rule."""
        return [genanki.Card(ordinal) for ordinal in self.ordinals]

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Leave fields alone: they come out of a renderer, and the check's time is quadratic in `<`."""

    def write_to_db(
        self,
        cursor: sqlite3.Cursor,
        timestamp: float,  # noqa: ARG002 - genanki's signature
        deck_id: int,
        id_gen: Iterable[int],  # noqa: ARG002 - genanki's signature
    ) -> None:
        """Write the note and its cards under the ids that the lock gives them."""
        first = self.identity.note_id
        ids = iter((first, *(first + ordinal for ordinal in self.ordinals)))
        super().write_to_db(cursor, self.identity.mod, deck_id, ids)


class Deck(genanki.Deck):
    """A deck; its description is Markdown."""

    def to_json(self) -> dict[str, Any]:
        """Give Anki's JSON. `conf` 1 is every learner's own preset, which an import leaves as it is."""
        return {**super().to_json(), "md": True}


class Package(genanki.Package):
    """The collection's tables, with stamps that come from its notes."""

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterable[int]) -> None:
        """Write all tables; the JSON that genanki doubles keys in is written once more, sorted."""
        super().write_to_db(cursor, timestamp, id_gen)
        models, decks = cursor.execute("SELECT models, decks FROM col").fetchone()
        moment = int(timestamp)
        cursor.execute(
            "UPDATE col SET crt = ?, mod = ?, scm = ?, models = ?, decks = ?",
            (moment, moment * 1000, moment * 1000, _sorted(models), _sorted(decks)),
        )


def room(ordinals: Sequence[int]) -> bool:
    """Tell whether the ids of a note's cards stay within the room that the note has."""
    return all(ordinal < CARDS_PER_NOTE for ordinal in ordinals)


def _sorted(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True)
