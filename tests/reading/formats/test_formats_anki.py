"""What the real Anki exports, read back: packages in both formats, notes and cards as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions

from verideck.cards import Kind
from verideck.reading import formats
from verideck.reading.items import Fate, Item, Lost, Page

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60)


def _add(col: Collection, kind: str, fields: dict[str, str], deck: str = "Sea::Birds", tags: str = "") -> Any:
    model = col.models.by_name(kind)
    assert model is not None
    note = col.new_note(model)
    for name, text in fields.items():
        note[name] = text
    note.tags = tags.split()
    number = col.decks.id(deck)
    assert number is not None
    col.add_note(note, number)
    return note


def _own_type(col: Collection, name: str, fields: list[str], front: str, back: str) -> None:
    model = col.models.new(name)
    for field in fields:
        col.models.add_field(model, col.models.new_field(field))
    template = col.models.new_template("Card 1")
    template["qfmt"], template["afmt"] = front, back
    col.models.add_template(model, template)
    col.models.add(model)


@pytest.fixture
def col(tmp_path: Path) -> Iterator[Collection]:
    """A collection with a note of each of Anki's kinds, and of kinds that people make."""
    made = Collection(str(tmp_path / "collection.anki2"))
    name = made.media.write_data("gull one.png", PICTURE)
    front = f'What <b>bird</b> is this?<br><img src="{name}">'
    _add(made, "Basic", {"Front": front, "Back": r"A gull: \(x_1\) [sound:cry.mp3]"}, tags="white sea::near")
    _add(made, "Basic (and reversed card)", {"Front": "tern", "Back": "Sterna"})
    _add(made, "Basic (optional reversed card)", {"Front": "auk", "Back": "Alca"})
    _add(made, "Basic (type in the answer)", {"Front": "2 &lt; ?", "Back": "3"})
    _add(
        made, "Cloze", {"Text": "A {{c1::puffin::which?}} eats {{c2::<i>fish</i>}}.", "Back Extra": "Often."}
    )
    _add(made, "Image Occlusion", {"Occlusion": "{{c1::image-occlusion:rect:left=.1}}", "Image": "x"})
    _add(made, "Basic", {"Front": "No answer?", "Back": ""}, deck="Default")
    _own_type(
        made, "Exam", ["Stem", "A", "B", "C", "Key", "Explanation"], "{{Stem}}{{A}}{{B}}{{C}}", "{{Key}}"
    )
    _add(
        made,
        "Exam",
        {"Stem": "Largest?", "A": "wren", "B": "swan", "C": "", "Key": "B", "Explanation": "Ten kg."},
    )
    _own_type(
        made, "Wörter", ["Wort", "Bild", "Übersetzung"], "{{Wort}}", "{{FrontSide}}{{Übersetzung}}{{Bild}}"
    )
    _add(made, "Wörter", {"Wort": "Möwe", "Übersetzung": "gull"})
    resting = _add(made, "Basic", {"Front": "Asleep?", "Back": "Yes."})
    made.sched.suspend_cards([card.id for card in resting.cards()])
    yield made
    made.close()


Export = Callable[..., Page]


@pytest.fixture
def package(col: Collection, tmp_path: Path) -> Export:
    def export(*, legacy: bool) -> Page:
        path = tmp_path / "deck.apkg"
        options = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=False, with_media=True, legacy=legacy
        )
        col.export_anki_package(out_path=str(path), options=options, limit=None)
        page = formats.read(path.read_bytes(), "deck.apkg")
        assert page is not None
        return page

    return export


@pytest.mark.parametrize("legacy", [True, False], ids=["before 2022", "since 2022"])
def test_a_package(package: Export, *, legacy: bool) -> None:
    page = package(legacy=legacy)
    items = {item.question: item for item in page.items}
    assert list(items) == [
        "What **bird** is this?", "tern", "auk", "2 < ?",
        "A {{c1::puffin::which?}} eats {{c2::*fish*}}.", "No answer?", "Largest?", "Möwe", "Asleep?",
    ]  # fmt: skip
    gull = items["What **bird** is this?"]
    assert (gull.kind, gull.body, gull.answer) == (
        Kind.RECALL,
        "![gull one](<gull one.png>)",
        "A gull: $x_1$",
    )
    assert (gull.deck, gull.tags, gull.line) == ("Sea::Birds", ("sea::near", "white"), 1)
    assert page.media == (("gull one.png", PICTURE),)
    assert [items[name].reverse for name in ("tern", "auk")] == [True, False]
    assert (items["2 < ?"].kind, items["2 < ?"].accepted) == (Kind.TYPED, ("3",))
    assert items["A {{c1::puffin::which?}} eats {{c2::*fish*}}."].explanation == "Often."
    assert (items["No answer?"].lost, items["No answer?"].deck) == ((Lost.ANSWER,), "")
    largest = items["Largest?"]
    assert [(one.text, one.ticked) for one in largest.options] == [("wren", False), ("swan", True)]
    assert largest.explanation == "Ten kg."
    assert items["Möwe"].answer == "gull"
    assert items["Asleep?"].tags == ("suspended",)
    assert len({item.id for item in page.items}) == 9
    assert len(page.lines) == 10
    assert page.fates.count(Fate.CARD) == 9
    assert [problem.message for problem in page.problems] == [
        "a sound is left out",
        "an image occlusion: what it asks is drawn on its picture",
        "a note without an answer",
    ]


def test_a_note_edited_in_anki_keeps_its_id(col: Collection, package: Export) -> None:
    before = {item.question: item.id for item in package(legacy=False).items}
    note = col.get_note(col.find_notes("tern")[0])
    note["Front"] = "Which bird is the tern?"
    col.update_note(note)
    after = {item.question: item.id for item in package(legacy=False).items}
    assert after["Which bird is the tern?"] == before["tern"]


def test_a_whole_collection(col: Collection, package: Export, tmp_path: Path) -> None:
    path = tmp_path / "all.colpkg"
    col.export_collection_package(str(path), include_media=True, legacy=False)
    page = formats.read(path.read_bytes(), "all.colpkg")
    assert page is not None
    assert len(page.items) == 9
    col.reopen()


def _read(text: bytes) -> dict[str, Item]:
    page = formats.read(text, "notes.txt")
    assert page is not None
    assert Fate.UNACCOUNTED not in page.fates
    return {item.question: item for item in page.items}


def test_notes_as_text(col: Collection, package: Export, tmp_path: Path) -> None:
    """The ids are those of the package: a deck may come either way."""
    packed = {item.question: item for item in package(legacy=False).items}
    path = tmp_path / "notes.txt"
    parts = dict.fromkeys(("with_html", "with_tags", "with_deck", "with_notetype", "with_guid"), True)
    col.export_note_csv(out_path=str(path), limit=None, **parts)
    items = _read(path.read_bytes())
    assert set(packed) - {"Largest?", "Möwe"} <= set(items)
    for question in ("What **bird** is this?", "tern", "2 < ?"):
        one, other = items[question], packed[question]
        assert (one.id, one.kind, one.answer, one.accepted, one.reverse, one.deck, one.tags) == (
            other.id, other.kind, other.answer, other.accepted, other.reverse, other.deck, other.tags
        )  # fmt: skip
    assert items["A {{c1::puffin::which?}} eats {{c2::*fish*}}."].kind is Kind.CLOZE


def test_notes_as_text_without_html(col: Collection, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    parts = dict.fromkeys(("with_html", "with_tags", "with_deck", "with_notetype", "with_guid"), False)
    col.export_note_csv(out_path=str(path), limit=None, **parts)
    items = _read(path.read_bytes())
    assert items["2 < ?"].answer == "3"
    assert items["A {{c1::puffin::which?}} eats {{c2::fish}}."].kind is Kind.CLOZE


def test_cards_as_text(col: Collection, tmp_path: Path) -> None:
    path = tmp_path / "cards.txt"
    col.export_card_csv(out_path=str(path), limit=None, with_html=True)
    items = _read(path.read_bytes())
    assert items["tern"].answer == "Sterna"
    assert items["Sterna"].answer == "tern"
