"""Heatmaps of many notes in a real collection: one step of undo, nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import Collection
from anki.decks import DeckId

from addon.browser import operation
from addon.browser.operation import MAKE_STATIC, REDRAW
from addon.drawing import static
from addon.heatmap import LIGHT

if TYPE_CHECKING:
    from anki.notes import Note

MAGMA = replace(LIGHT, scale="magma")
BLOCK = '[attention]{"weights": [[1, 0], [%s, 0.5]]}[/attention]'


@pytest.fixture
def col(tmp_path: Path) -> Iterator[Collection]:
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def add(col: Collection, front: str, back: str = "", tags: str = "") -> Note:
    notetype = col.models.by_name("Basic")
    assert notetype is not None
    note = col.new_note(notetype)
    note.fields = [front, back]
    note.set_tags_from_str(tags)
    col.add_note(note, DeckId(1))
    return note


def always(_number: int, _count: int) -> bool:
    return True


def state(col: Collection) -> tuple[object, ...]:
    assert col.db is not None
    rows = col.db.all("select id, mod, usn, tags, flds from notes order by id")
    cards = col.db.all("select id, mod, usn from cards order by id")
    return rows, cards, sorted(path.name for path in Path(col.media.dir()).iterdir())


def spec_of(weight: float) -> dict[str, Any]:
    return {"weights": [[[weight, 1 - weight]]], "queries": ["a"], "keys": ["b", "c"], "alt": "x"}


def picture(col: Collection, weight: float) -> str:
    spec = spec_of(weight)
    name, data = static.picture(spec)
    return static.html(col.media.write_data(name, data), spec)


def test_pictures_are_drawn_anew_in_one_step(col: Collection) -> None:
    first = add(col, "x" + picture(col, 0.25), picture(col, 0.5), "mine marked")
    second = add(col, picture(col, 0.25))
    bystander = add(col, "no heatmap", "[attention]")
    before = state(col)
    assert col.db is not None
    col.db.execute("update notes set mod = 1000, usn = 7")
    outcome = operation.run(col, REDRAW, [first.id, bystander.id], MAGMA, always)
    assert (outcome.done, outcome.notes, outcome.failed) == (2, 1, [])
    assert outcome.changes.note_text
    assert col.undo_status().undo == REDRAW.name
    first.load()
    assert first.fields[0].startswith('x<img class="attention-heatmap" src="attention-')
    assert first.tags == ["marked", "mine"]
    names = col.media.files_in_str(first.mid, "".join(first.fields))
    assert len(names) == 2
    assert all((Path(col.media.dir()) / name).is_file() for name in names)
    untouched = col.db.all("select mod, usn from notes where id != ?", first.id)
    assert untouched == [[1000, 7]] * 2
    col.undo()
    assert [row[4] for row in state(col)[0]] == [row[4] for row in before[0]]  # type: ignore[attr-defined]
    assert col.undo_status().undo != REDRAW.name
    second.load()
    assert second.fields[0] == picture(col, 0.25)


def test_blocks_of_all_notes_become_pictures(col: Collection) -> None:
    add(col, BLOCK % 0.5)
    add(col, "plain")
    broken = add(col, BLOCK % "oops", BLOCK.replace("attention", "ATTENTION") % 0.5)
    outcome = operation.run(col, MAKE_STATIC, None, LIGHT, always)
    assert (outcome.done, outcome.notes) == (2, 2)
    assert [nid for nid, _ in outcome.failed] == [broken.id]
    broken.load()
    assert broken.fields[0] == BLOCK % "oops"
    assert "<img" in broken.fields[1]
    report = col.media.check()
    assert not report.missing
    assert not report.unused


def test_a_second_time_changes_nothing(col: Collection) -> None:
    add(col, picture(col, 0.25))
    operation.run(col, REDRAW, None, MAGMA, always)
    before, undo = state(col), col.undo_status().last_step
    outcome = operation.run(col, REDRAW, None, MAGMA, always)
    assert (outcome.done, outcome.unchanged) == (0, 1)
    assert state(col) == before
    assert col.undo_status().last_step == undo


@pytest.mark.parametrize("after", range(4))
def test_cancelled_it_leaves_everything_as_it_was(col: Collection, after: int) -> None:
    for weight in (0.125, 0.25, 0.5):
        add(col, picture(col, weight))
    before, undo = state(col), col.undo_status().last_step
    outcome = operation.run(col, REDRAW, None, MAGMA, lambda number, _count: number < after)
    assert outcome.cancelled
    assert state(col) == before
    assert col.undo_status().last_step == undo


def test_where_the_media_cannot_be_written_nothing_changes(col: Collection) -> None:
    for weight in (0.125, 0.25):
        add(col, picture(col, weight))
    before = state(col)
    last = max(renamed(weight) for weight in (0.125, 0.25))
    obstacle = Path(col.media.dir()) / last

    def put(number: int, count: int) -> bool:
        if number == count:  # all is drawn: the first file can be written, the second cannot
            obstacle.mkdir()
        return True

    with pytest.raises(Exception, match=r"(?i)directory|read|open|file"):
        operation.run(col, REDRAW, None, MAGMA, put)
    obstacle.rmdir()
    assert state(col) == before


def test_a_name_that_is_taken_gives_way(col: Collection) -> None:
    note = add(col, picture(col, 0.25))
    col.media.write_data(renamed(0.25), b"something else")
    operation.run(col, REDRAW, None, MAGMA, always)
    note.load()
    (name,) = col.media.files_in_str(note.mid, note.fields[0])
    assert name != renamed(0.25)
    assert b"<metadata>" in (Path(col.media.dir()) / name).read_bytes()


def renamed(weight: float) -> str:
    return static.picture(spec_of(weight), MAGMA)[0]
