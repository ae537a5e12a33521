from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import Collection

from verideck.cards import Card, Checked, HeatmapValues, Identity, Kind, Location, Note, Verdict
from verideck.project import Project, Work
from verideck.rendering import labels, notes
from verideck.rendering.context import Context
from verideck.rendering.note_types import NOTE_TYPES

if TYPE_CHECKING:
    from anki.notes import Note as AnkiNote

    from verideck.problems import Problem

HERE = Location("deck.md", 7, 1)
MakeCard = Callable[..., Card]


@pytest.fixture
def project() -> Project:
    return Project(
        namespace="0123abcd-f38f-45e0-b9ef-85d6cc28dd15",
        title="A deck",
        slug="a-deck",
        author="An author",
        license="CC BY 4.0",
        license_url="https://creativecommons.org/licenses/by/4.0/",
        works=MappingProxyType(
            {"paper": Work("paper", "On <weights>", "Doe & Roe", "2020", "https://papers.test/1")}
        ),
    )


@pytest.fixture
def context(project: Project) -> Context:
    return Context(HERE, labels.of(project))


@pytest.fixture
def make_card() -> MakeCard:
    def make(kind: Kind = Kind.RECALL, **given: Any) -> Card:
        return Card(**{"kind": kind, "location": HERE, "heading": "A question", "deck": "A::B", **given})

    return make


@pytest.fixture
def causal() -> HeatmapValues:
    return HeatmapValues(
        name="causal",
        weights=(((1.0, 0.0, 0.0), (0.5, 0.5, 0.0), (1 / 3, 1 / 3, 1 / 3)),),
        queries=("the", "cat", "sat"),
        keys=("the", "cat", "sat"),
        alt="Each row is even over its past.",
        masked=((False, True, True), (False, False, True), (False, False, False)),
    )


@pytest.fixture
def rendered(project: Project) -> Callable[..., tuple[Note, tuple[Problem, ...]]]:
    def render(card: Card | Checked, **images: Any) -> tuple[Note, tuple[Problem, ...]]:
        checked = card if isinstance(card, Checked) else Checked(card, Verdict.UNCHECKED)
        return notes.render(checked, Identity("guid", "a-card", 1, 1, 1), project, images.get("images", {}))

    return render


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """The real Anki with both note types in it."""
    collection = Collection(str(tmp_path / "collection.anki2"))
    for note_type in NOTE_TYPES.values():
        made = collection.models.new(note_type.name)
        made["type"], made["css"] = int(note_type.cloze), note_type.css
        for field in note_type.fields:
            collection.models.add_field(made, collection.models.new_field(field.name))
        for template in note_type.templates:
            card = collection.models.new_template(template.name)
            card["qfmt"], card["afmt"] = template.front, template.back
            collection.models.add_template(made, card)
        collection.models.add(made)
    yield collection
    collection.close()


@pytest.fixture
def added(collection: Collection) -> Callable[[Note], AnkiNote]:
    """Put a rendered note into the collection."""

    def add(note: Note) -> AnkiNote:
        note_type = collection.models.by_name(note.note_type)
        assert note_type is not None
        made = collection.new_note(note_type)
        for name, value in note.fields.items():
            made[name] = value
        collection.add_note(made, collection.decks.id_for_name("Default"))  # type: ignore[arg-type]  # it exists
        return made

    return add
