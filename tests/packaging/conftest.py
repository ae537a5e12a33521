"""What the tests of this folder share: cards, a project, small note types."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from verideck.cards import Card, Checked, Identity, Kind, Location, Media, Note, Option, Verdict
from verideck.packaging import apkg
from verideck.packaging.lock import Lock, Plan, Scope, plan
from verideck.project import Project
from verideck.rendering.note_types import Field, NoteType, Template

NOW = 1_790_000_000  # 2026-09-21
NAMESPACE = "4d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11"


@pytest.fixture
def now() -> int:
    return NOW


@pytest.fixture
def project() -> Project:
    return Project(
        NAMESPACE,
        "A deck",
        "a-deck",
        description="What the *deck* is about.",
        decks=MappingProxyType({"basics": "Deck::10 Basics", "more": "Deck::20 More"}),
    )


def card(heading: str, line: int = 1, path: str = "a.md", **parts: Any) -> Checked:
    """Make a checked card; a recall card unless its parts say otherwise."""
    parts.setdefault("kind", Kind.RECALL)
    parts.setdefault("deck", "Deck::10 Basics")
    if parts["kind"] is Kind.RECALL:
        parts.setdefault("answer", f"answer to {heading}")
    place = Location(f"sources/{path}", line)
    options = tuple(Option(text, ticked, place) for text, ticked in parts.pop("choices", ()))
    if options:
        parts |= {"kind": Kind.CHOICE, "options": options, "answer": ""}
    return Checked(Card(location=place, heading=heading, **parts), Verdict.UNCHECKED)


@pytest.fixture(name="card")
def card_maker() -> Callable[..., Checked]:
    return card


@pytest.fixture
def build(project: Project) -> Callable[..., Plan]:
    """Plan a build of cards in `a.md` and other files; the whole folder unless told otherwise."""

    def run(
        lock: Lock | None,
        cards: Sequence[Checked],
        now: int = NOW,
        *,
        read: Sequence[str] = ("a.md",),
        present: Sequence[str] | None = None,
        whole: bool = True,
        **more: Any,
    ) -> Plan:
        names = {*read, *(item.card.location.path.removeprefix("sources/") for item in cards)}
        scope = Scope({f"sources/{name}": name for name in names}, frozenset(present or names), whole)
        return plan(lock or Lock(NAMESPACE), cards, more.pop("project", project), scope, now, epoch=1, **more)

    return run


FIELDS = ("ID", "Question", "Options", "Answer", "Data", "Reverse")


def small_type(*, cloze: bool) -> NoteType:
    front = "{{cloze:Question}}" if cloze else "{{Question}}{{#Options}}<hr>{{Options}}{{/Options}}"
    templates = [Template("Card", 9101, front, front + "<hr id=answer>{{Answer}}")]
    if not cloze:
        templates.append(Template("Reverse", 9102, "{{#Reverse}}{{Answer}}{{/Reverse}}", "{{Question}}"))
    return NoteType(
        name="Small Cloze" if cloze else "Small",
        id=1_700_000_000_002 if cloze else 1_700_000_000_001,
        cloze=cloze,
        fields=tuple(
            Field(name, 9000 + place, plain_text=name == "Data", exclude_from_search=name == "Data")
            for place, name in enumerate(FIELDS)
        ),
        templates=tuple(templates),
        css=".card { color: black }",
    )


NOTE_TYPES: Mapping[str, NoteType] = MappingProxyType(
    {"Small": small_type(cloze=False), "Small Cloze": small_type(cloze=True)}
)


@pytest.fixture
def pack(project: Project) -> Callable[..., bytes]:
    """Make a package with two small note types."""

    def run(notes: Sequence[tuple[Note, Identity]], **options: Any) -> bytes:
        options.setdefault("note_types", NOTE_TYPES)
        options.setdefault("note_types_mod", NOW - 1000)
        return apkg.package(notes, options.pop("project", project), **options)

    return run


def note(number: int, mod: int = NOW, **parts: Any) -> tuple[Note, Identity]:
    """Make the `number`th note and its identity."""
    cloze = parts.pop("cloze", None)
    fields = {
        "ID": f"4d0c9f5e/card-{number}",
        "Question": cloze or f"Question {number}?",
        "Answer": f"Answer {number}",
        **parts.pop("fields", {}),
    }
    media = tuple(Media(name, data) for name, data in parts.pop("media", {}).items())
    made = Note(
        "Small Cloze" if cloze else "Small",
        parts.pop("deck", "Deck::10 Basics"),
        MappingProxyType(fields),
        parts.pop("tags", ("attention",)),
        media,
    )
    identity = Identity(
        f"guid{number:012}", f"card-{number}", (NOW - 5000) * 1000 + number * 100, number * 10, mod
    )
    return made, dataclasses.replace(identity, **parts)


@pytest.fixture(name="note")
def note_maker() -> Callable[..., tuple[Note, Identity]]:
    return note


@pytest.fixture
def note_types() -> Mapping[str, NoteType]:
    return NOTE_TYPES


@pytest.fixture
def as_notes() -> Callable[[Plan], Sequence[tuple[Note, Identity]]]:
    """Stand in for the renderer: notes whose fields change when their entry's fingerprint does."""

    def run(planned: Plan) -> Sequence[tuple[Note, Identity]]:
        entries = {entry.guid: entry for entry in planned.lock.entries}
        return [
            (note(0, fields={"ID": made.card_id, "Answer": entries[made.guid].fingerprint})[0], made)
            for made in planned.identities
        ]

    return run
