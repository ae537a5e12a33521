"""The member of a package that only the add-on reads."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from verideck.packaging.entry import Entry, Lock, State

if TYPE_CHECKING:
    from tests.conftest import Anki

Pack = Callable[..., bytes]
Make = Callable[..., Any]


def manifest(package: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        read: dict[str, Any] = json.loads(archive.read("verideck.json"))
    return read


def lock(*entries: Entry) -> Lock:
    return Lock("4d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11", entries)


def test_it_says_whose_the_notes_are_and_where_they_live(pack: Pack, note: Make) -> None:
    said = manifest(pack([note(2, mod=70), note(1, mod=90, deck="Deck::20 More")], lock=lock()))
    assert said.pop("verideck")
    assert said == {
        "format": 1,
        "namespace": "4d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11",
        "title": "A deck",
        "version": "0.1.0",
        "date": 90,
        "placements": {"guid000000000001": "Deck::20 More", "guid000000000002": "Deck::10 Basics"},
        "retired": {},
        "superseded": [],
    }


def test_it_lists_what_the_deck_has_no_longer(pack: Pack, note: Make) -> None:
    known = lock(
        Entry("guid000000000001", "card-1", media=("new.svg",), media_before=("old.svg", "shared.svg")),
        Entry("guid000000000002", "card-2", media=("shared.svg",)),
        Entry("z", "gone", state=State.RETIRED, media=("gone.svg", "new.svg"), media_before=("older.svg",)),
    )
    said = manifest(pack([note(1, media={"new.svg": b"<svg/>"})], lock=known))
    assert said["retired"] == {"z": "gone"}
    assert said["superseded"] == ["gone.svg", "old.svg", "older.svg"]


def test_without_a_lock_it_does_not_claim_to_know(pack: Pack, note: Make) -> None:
    said = manifest(pack([note(1)]))
    assert "retired" not in said
    assert "superseded" not in said


def test_the_same_notes_in_any_order_give_the_same_bytes(pack: Pack, note: Make) -> None:
    entries = [Entry(guid, guid, state=State.RETIRED) for guid in "cab"]
    first = pack([note(1), note(2)], lock=lock(*entries))
    assert first == pack([note(2), note(1)], lock=lock(*reversed(entries)))


def test_anki_imports_the_package_as_if_it_were_not_there(pack: Pack, note: Make, anki: Anki) -> None:
    package = pack([note(1, media={"a.svg": b"<svg/>"}, fields={"Answer": '<img src="a.svg">'}), note(2)])
    assert "verideck.json" in zipfile.ZipFile(io.BytesIO(package)).namelist()
    assert anki.load(package) == {"new": 2}
    assert anki.load(package) == {"duplicate": 2}
    assert list(anki.col.media.check().unused) == []
    anki.check()
