"""What the tests of this folder share: cards, a project, and the real Anki."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

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


class Anki:
    """A learner's collection, and what a learner does with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.col = Collection(str(folder / "collection.anki2"))
        self.schema = self.col.db.scalar("select scm from col") if self.col.db else 0

    def load(self, package: bytes) -> dict[str, int]:
        """Import with the options of the desktop's dialog; count the notes by what became of them."""
        path = self.folder / "deck.apkg"
        path.write_bytes(package)
        options = ImportAnkiPackageOptions(
            merge_notetypes=False, with_scheduling=False, with_deck_configs=False
        )
        log = self.col.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(path), options=options)
        ).log
        self.col.models._clear_cache()  # Anki's own cache is stale after an import
        names = (
            "new",
            "updated",
            "duplicate",
            "conflicting",
            "missing_notetype",
            "missing_deck",
            "empty_first_field",
        )
        return {name: len(found) for name in names if (found := getattr(log, name))}

    def rows(self, sql: str, *values: Any) -> list[Any]:
        assert self.col.db
        return self.col.db.all(sql, *values)

    def answer(self, count: int, deck: str = "Deck") -> None:
        """Review the cards on top of a deck."""
        chosen = self.col.decks.id_for_name(deck)
        assert chosen
        self.col.decks.select(chosen)
        scheduler: Any = self.col.sched  # its types are those of protobuf
        for _ in range(count):
            top = scheduler.get_queued_cards(fetch_limit=1).cards[0]
            shown = self.col.get_card(top.card.id)
            shown.start_timer()
            scheduler.answer_card(scheduler.build_answer(card=shown, states=top.states, rating=3))

    def check(self) -> None:
        """Hold the collection against all that Anki itself can find wrong."""
        report, good = self.col.fix_integrity()
        assert good
        assert "rebuilt" in report or report.strip() == "Database rebuilt and optimized.", report
        media = self.col.media.check()
        assert (list(media.missing), list(media.unused)) == ([], [])
        assert not self.col.get_empty_cards().notes
        assert not [name.name for name in self.col.models.all_names_and_ids() if "+" in name.name]
        assert self.rows("select scm from col") == [[self.schema]]  # else a full sync is due


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    learner = Anki(tmp_path)
    yield learner
    learner.col.close()


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
