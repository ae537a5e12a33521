"""Packages in the real Anki: what an import and an update do to a learner's collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Pack = Callable[..., bytes]
Make = Callable[..., Any]


def test_first_import_gives_as_many_new_notes_as_cards_promise(anki: Any, pack: Pack, note: Make) -> None:
    notes = [note(1), note(2, fields={"Reverse": "1"}), note(3, cloze="{{c1::a}} {{c2::b}} {{c2::c}}")]
    assert anki.load(pack(notes)) == {"new": 3}
    cards = anki.rows(
        "select n.guid, c.ord, c.id - n.id from cards c join notes n on n.id = c.nid order by 1, 2"
    )
    assert cards == [
        ["guid000000000001", 0, 0],
        ["guid000000000002", 0, 0],
        ["guid000000000002", 1, 1],
        ["guid000000000003", 0, 0],
        ["guid000000000003", 1, 1],
    ]
    assert anki.rows("select id from notes order by 1") == [[notes[n][1].note_id] for n in range(3)]
    anki.check()
