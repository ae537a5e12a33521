"""An author who builds packages of a small deck, and a learner's real collection that has them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from addon.updating.applying import apply
from addon.updating.packages import read_package
from addon.updating.plan import Choices, Plan, Report
from addon.updating.planning import planned
from verideck.cards import Identity, Media, Note
from verideck.packaging import apkg, minting
from verideck.packaging.entry import Entry, Lock, State
from verideck.project import Project
from verideck.rendering import data
from verideck.rendering.note_types import FIELD_NAMES, NOTE_TYPES

if TYPE_CHECKING:
    from anki.notes import Note as AnkiNote
    from tests.conftest import Anki

NAMESPACE = "3c9e3c3e-7d5b-4f0e-9a44-0d9f1f8f2b11"
START = 1_780_000_000


@dataclasses.dataclass
class Draft:
    """A card as its author has it."""

    guid: str
    number: int
    mod: int
    fields: dict[str, str]
    deck: str = "Sums::10 Weights"
    tags: tuple[str, ...] = ("sums",)
    media: dict[str, bytes] = dataclasses.field(default_factory=dict)
    cloze: bool = False
    live: bool = True
    media_before: set[str] = dataclasses.field(default_factory=set)


class Author:
    """Writes cards, changes them, builds."""

    def __init__(self, namespace: str = NAMESPACE, title: str = "Sums") -> None:
        self.namespace, self.title, self.version = namespace, title, "1.0.0"
        self.cards: dict[str, Draft] = {}
        self.now = START
        self.ever: set[str] = set()  # tags that any card ever had
        self.note_types: Mapping[str, Any] | None = None
        self.note_types_mod: int | None = None

    def add(self, card: str, question: str = "", answer: str = "", **parts: Any) -> Draft:
        number = len(self.cards)
        fields = {"Question": question or f"What is {card}?", "Answer": answer or f"It is {card}."}
        fields |= parts.pop("fields", {})
        guid = minting.guid(self.namespace, card, ())
        draft = Draft(guid, number, self.now, fields, **parts)
        self.cards[card] = draft
        return draft

    def change(self, card: str, **parts: Any) -> None:
        """Change fields, or `deck`, `tags`, `live`, `media`."""
        draft = self.cards[card]
        for name in ("deck", "tags", "live"):
            if name in parts:
                setattr(draft, name, parts.pop(name))
        if "media" in parts:
            draft.media_before |= set(draft.media)
            draft.media = parts.pop("media")
        self.ever |= set(draft.tags)
        draft.fields |= parts
        draft.mod = self.now

    def later(self, seconds: int = 86_400, version: str = "") -> Author:
        self.now += seconds
        self.version = version or self.version
        return self

    def build(self, *, lock: bool = True, only: Callable[[Draft], bool] = lambda draft: True) -> bytes:
        notes = []
        for card, draft in self.cards.items():
            if draft.live and only(draft):
                fields = {"ID": f"{self.namespace[:8]}/{card}", **draft.fields}
                fields["Data"] = draft.fields.get("Data", data.encode({"v": 1, "kind": "recall"}))
                fields["Media"] = "".join(f'<img src="{name}">' for name in sorted(draft.media))
                fields["Meta"] = data.meta(self.namespace, draft.deck, draft.tags, fields)
                made = Note(
                    "Verideck Cloze" if draft.cloze else "Verideck",
                    draft.deck,
                    MappingProxyType({name: fields.get(name, "") for name in FIELD_NAMES}),
                    draft.tags,
                    tuple(Media(name, content) for name, content in draft.media.items()),
                )
                identity = Identity(
                    draft.guid, card, START * 1000 + draft.number * 100, draft.number * 10 + 10, draft.mod
                )
                notes.append((made, identity))
        entries = tuple(
            Entry(
                draft.guid,
                card,
                state=State.LIVE if draft.live else State.RETIRED,
                media=tuple(draft.media),
                media_before=tuple(draft.media_before),
            )
            for card, draft in self.cards.items()
        )
        return apkg.package(
            notes,
            Project(self.namespace, self.title, "sums", version=self.version, description="About *sums*."),
            note_types=self.note_types or NOTE_TYPES,
            note_types_mod=self.note_types_mod or START - 1000,
            lock=Lock(self.namespace, entries) if lock else None,
        )


class Learner:
    """A learner with the add-on."""

    def __init__(self, anki: Anki, folder: Path) -> None:
        self.anki, self.col, self.path = anki, anki.col, folder / "update.apkg"
        assert self.col.db
        self.col.db.execute("update col set ls = scm")  # as after a first synchronisation

    def plan(self, package: bytes) -> Plan:
        self.path.write_bytes(package)
        with read_package(self.path) as opened:
            return planned(self.col, opened)

    def update(
        self, package: bytes, choose: Callable[[Plan], Choices] = Choices.usual
    ) -> tuple[Plan, Report]:
        self.path.write_bytes(package)
        with read_package(self.path) as opened:
            plan = planned(self.col, opened)
            report = apply(self.col, opened, plan, choose(plan))
        assert not self.col.schema_changed()
        return plan, report

    def note(self, author: Author, card: str) -> AnkiNote:
        (found,) = self.anki.rows("select id from notes where guid = ?", author.cards[card].guid)
        return self.col.get_note(found[0])

    def has(self, author: Author, card: str) -> bool:
        return bool(self.anki.rows("select id from notes where guid = ?", author.cards[card].guid))

    def edit(self, author: Author, card: str, **fields: str) -> None:
        note = self.note(author, card)
        for name, text in fields.items():
            note[name] = text
        self.col.update_note(note)

    def tag(self, author: Author, card: str, *tags: str) -> None:
        note = self.note(author, card)
        note.tags = [*note.tags, *tags]
        self.col.update_note(note)

    def deck_of(self, author: Author, card: str) -> str:
        (deck,) = {card.did for card in self.note(author, card).cards()}
        return self.col.decks.name(deck)

    def scheduling(self) -> list[Any]:
        """Give what an update never touches: each card's schedule, and every review."""
        cards = (
            "select id, nid, ord, type, queue, due, ivl, factor, reps, lapses, left, flags, data from cards"
        )
        return [
            *self.anki.rows(f"{cards} order by id"),
            *self.anki.rows("select * from revlog order by id"),
        ]

    def everything(self) -> dict[str, list[Any]]:
        """Give all that a collection holds, but for the stamps that undoing sets anew."""
        return {
            "notes": self.anki.rows("select id, guid, mid, tags, flds from notes order by id"),
            "cards": self.anki.rows(
                "select id, nid, did, ord, type, queue, due, ivl, reps, odid, odue, flags from cards"
                " order by id"
            ),
            "decks": self.anki.rows("select id, name, kind from decks order by id"),
            "types": self.anki.rows("select id, name, config from notetypes order by id"),
            "templates": self.anki.rows("select ntid, ord, name, config from templates order by ntid, ord"),
            "revlog": self.anki.rows("select * from revlog order by id"),
            "config": self.anki.rows("select key, val from config order by key"),
        }


@pytest.fixture
def author() -> Author:
    author = Author()
    for card in ("one", "two", "three", "four"):
        author.add(card)
    author.add("five", deck="Sums::20 Shapes")
    author.add("six", deck="Sums::20 Shapes", fields={"Hint": "A hint."})
    return author


@pytest.fixture
def other_author() -> Callable[..., Author]:
    return Author


@pytest.fixture
def learner(anki: Anki, tmp_path: Path) -> Learner:
    return Learner(anki, tmp_path)
