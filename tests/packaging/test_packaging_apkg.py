"""The package as a file: the same bytes for the same notes, and nothing that Anki would take amiss."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from verideck.packaging import apkg, archive, minting, ordering
from verideck.packaging.apkg import PackageError, clean_tags

Pack = Callable[..., bytes]
Make = Callable[..., Any]

# Builds a package with everything in it that could depend on the process: sets, hashes, clocks, folders.
DRIVER = """
import sys
from verideck.cards import Identity, Media, Note
from verideck.packaging import apkg
from verideck.project import Project
from verideck.rendering.note_types import FIELD_NAMES
notes = []
for n in range(30):
    cloze = n % 3 == 0
    fields = dict.fromkeys(FIELD_NAMES, "") | {
        "ID": f"x/{n}", "Question": "{{c3::a}} {{c1::b}} {{c17::c}}" if cloze else f"Q {n}"
    }
    note = Note(
        "Verideck Cloze" if cloze else "Verideck",
        f"Deck::{n % 4} Part::Sub {n % 2}",
        fields,
        ("zeta", "alpha", f"t{n}"),
        tuple(Media(f"m{n}-{k}.svg", b"<svg/>" * k) for k in range(1, 4)),
    )
    start = 1_700_000_000
    notes.append((note, Identity(f"guid{n:04}", f"card-{n}", start * 1000 + n * 100, n, start + n)))
project = Project("space", "T", "t", description="d")
sys.stdout.buffer.write(apkg.package(notes, project))
"""


def member(package: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read(name)


def rows(package: bytes, tmp_path: Path, sql: str) -> list[Any]:
    path = tmp_path / "rows.anki2"
    path.write_bytes(member(package, "collection.anki2"))
    connection = sqlite3.connect(path)
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


def made(**environment: str) -> bytes:
    run = subprocess.run(
        [sys.executable, "-c", DRIVER],
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
    )
    return run.stdout


def test_the_same_notes_give_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    packages = {
        made(PYTHONHASHSEED="1", TZ="UTC"),
        made(PYTHONHASHSEED="2", TZ="Asia/Tokyo", TMPDIR=str(other)),
    }
    assert len(packages) == 1
    assert list(other.iterdir()) == []  # nothing is left behind


def test_source_date_epoch_sets_the_dates_inside_and_nothing_of_the_notes(tmp_path: Path) -> None:
    plain, dated = made(), made(SOURCE_DATE_EPOCH="1600000000")
    assert dated == made(SOURCE_DATE_EPOCH="1600000000") != plain
    for package, date in ((plain, 1_700_000_029), (dated, 1_600_000_000)):
        assert rows(package, tmp_path, "select crt, mod, scm from col") == [(date, date * 1000, date * 1000)]
        with zipfile.ZipFile(io.BytesIO(package)) as zipped:
            moments = {info.date_time for info in zipped.infolist()}
        year, month, day, hour, minute, second = time.gmtime(date)[:6]
        assert moments == {(year, month, day, hour, minute, second - second % 2)}
    sql = "select id, guid, mid, mod, flds from notes order by id"
    assert rows(plain, tmp_path, sql) == rows(dated, tmp_path, sql)
    kinds = [
        json.loads(rows(package, tmp_path, "select models from col")[0][0]) for package in (plain, dated)
    ]
    assert kinds[0] == kinds[1]


def test_a_source_date_that_is_no_number_is_refused(pack: Pack, note: Make, monkeypatch: Any) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(PackageError, match="SOURCE_DATE_EPOCH must be seconds since 1970, not `yesterday`"):
        pack([note(1)])


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
@pytest.mark.parametrize("limit", [9000, 0])
def test_no_room_for_temporary_files_is_told(limit: int, tmp_path: Path) -> None:
    """The system refuses the collection's bytes half-way, or any byte at all."""
    code = (
        "import resource, signal;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    )
    run = subprocess.run(
        [sys.executable, "-B", "-c", code + DRIVER],  # bytecode would be cut off at the limit, and kept
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"WriteError: {tmp_path}: cannot write temporary files: " in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_order_in_which_notes_are_given_does_not_matter(pack: Pack, note: Make) -> None:
    notes = [note(n, media={f"m{n}.svg": b"<svg/>"}) for n in (1, 2, 3)]
    assert pack(notes) == pack(notes[::-1])


def test_members_are_sorted_deflated_and_the_sqlite_version_is_blank(pack: Pack, note: Make) -> None:
    media = {f"m{n:02}.svg": b"<svg>" + b"x" * 1000 for n in range(12)}
    package = pack([note(1, media=media)])
    with zipfile.ZipFile(io.BytesIO(package)) as zipped:
        infos = zipped.infolist()
        names = [info.filename for info in infos]
        assert names == sorted(names)
        assert {info.compress_type for info in infos} == {zipfile.ZIP_DEFLATED}
        assert {(info.create_system, info.external_attr) for info in infos} == {(3, 0o644 << 16)}
        index = json.loads(zipped.read("media"))
        assert index == {str(place): name for place, name in enumerate(sorted(media))}
        assert zipped.read("collection.anki2")[96:100] == bytes(4)
    assert len(package) < 6000


def test_every_row_has_its_own_stamp_ids_and_position(
    pack: Pack, note: Make, now: int, tmp_path: Path
) -> None:
    package = pack([note(1, now - 9), note(2, now, cloze="{{c2::x}} {{c4::y}}")])
    first, second = note(1)[1].note_id, note(2)[1].note_id
    assert rows(package, tmp_path, "select id, mod from notes order by id") == [
        (first, now - 9),
        (second, now),
    ]
    assert rows(package, tmp_path, "select id, nid, ord, due, mod from cards order by id") == [
        (first, first, 0, 10, now - 9),
        (second + 1, second, 1, 20, now),
        (second + 3, second, 3, 20, now),
    ]


def test_note_types_carry_their_own_stamp_and_nothing_of_the_decks(
    pack: Pack, note: Make, now: int, tmp_path: Path
) -> None:
    one, two = (
        json.loads(rows(package, tmp_path, "select models from col")[0][0])
        for package in (pack([note(1)]), pack([note(1, deck="Other"), note(2, now + 99)]))
    )
    assert one == two
    assert {kind["mod"] for kind in one.values()} == {now - 1000}


def test_the_json_names_no_key_twice(pack: Pack, note: Make, tmp_path: Path) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs)
        return dict(pairs)

    package = pack([note(1), note(2, deck="Deck::20 More"), note(3, deck="Another")])
    for text in rows(package, tmp_path, "select models, decks from col")[0]:
        json.loads(text, object_pairs_hook=once)


def test_deck_ids_follow_the_key_and_not_the_name(
    pack: Pack, note: Make, project: Any, tmp_path: Path
) -> None:
    renamed = dataclasses.replace(project, decks={**project.decks, "basics": "Deck::15 Basics"})

    def ids(package: bytes) -> dict[str, int]:
        decks = json.loads(rows(package, tmp_path, "select decks from col")[0][0])
        return {deck["name"]: deck["id"] for deck in decks.values()}

    before = ids(pack([note(1)]))
    after = ids(pack([note(1, deck="Deck::15 Basics")], project=renamed))
    assert before["Deck::10 Basics"] == after["Deck::15 Basics"]
    assert before["Deck"] == after["Deck"]
    assert len(set(before.values())) == len(before)


def test_a_field_of_nothing_but_angle_brackets_costs_no_more_than_another(pack: Pack, note: Make) -> None:
    # The expression of genanki would take minutes over this.
    assert pack([note(1, fields={"Answer": "<" * 300_000})])


def test_tags_lose_their_spaces(pack: Pack, note: Make, tmp_path: Path) -> None:
    tags = ("b", "two words", "a\ttab", "line\nbreak", "", "b")
    assert clean_tags(tags) == ("a_tab", "b", "line_break", "two_words")
    assert rows(pack([note(1, tags=tags)]), tmp_path, "select tags from notes") == [
        (" a_tab b line_break two_words ",)
    ]


FAULTS: dict[str, tuple[Callable[[Make], list[Any]], str]] = {
    "guid": (lambda note: [note(1), note(2, guid="guid000000000001")], "two notes with the guid"),
    "note id": (lambda note: [note(1), note(2, note_id=note(1)[1].note_id)], "two notes with the note id"),
    "card id": (lambda note: [note(1), note(2, card_id="card-1")], "two notes with the card id `card-1`"),
    "media": (
        lambda note: [note(1, media={"a.svg": b"1"}), note(2, media={"a.svg": b"2"})],
        "two media files with the name `a.svg`",
    ),
    "media name": (
        lambda note: [note(1, media={"../a.svg": b"1"})],
        "`../a.svg` is no name for a media file",
    ),
    "capital media": (lambda note: [note(1, media={"A.svg": b"1"})], "is no name for a media file"),
    "separator": (lambda note: [note(1, fields={"Answer": "a\x1fb"})], "card `card-1`: a control character"),
    "no cloze": (lambda note: [note(1, cloze="no cloze at all")], "no cloze"),
    "far cloze": (lambda note: [note(1, cloze="{{c101::x}}")], "numbered over 100"),
    "first field": (lambda note: [note(1, fields={"ID": " "})], "its first field, ID, is empty"),
    "field": (lambda note: [note(1, fields={"Answr": "x"})], "no field is called `Answr`"),
    "deck": (lambda note: [note(1, deck="A::")], "a part of the name is empty"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_anki_would_take_amiss_is_refused(name: str, pack: Pack, note: Make) -> None:
    make, message = FAULTS[name]
    with pytest.raises(PackageError, match=message.replace(".", r"\.")):
        pack(make(note))


def test_an_unknown_note_type_is_refused(pack: Pack, note: Make) -> None:
    made, identity = note(1)
    with pytest.raises(PackageError, match="no note type is called `Basic`"):
        pack([(dataclasses.replace(made, note_type="Basic"), identity)])


def test_a_file_of_two_notes_is_one_file(pack: Pack, note: Make) -> None:
    package = pack([note(n, media={"same.svg": b"<svg/>"}) for n in (1, 2)])
    assert json.loads(member(package, "media")) == {"0": "same.svg"}


def test_an_empty_deck_is_a_package_all_the_same(pack: Pack) -> None:
    assert pack([])


def test_dates_beyond_what_a_zip_knows_are_brought_near(pack: Pack, note: Make) -> None:
    for date in (0, 1 << 40):
        assert zipfile.ZipFile(io.BytesIO(archive.zipped(bytes(200), {}, date))).testzip() is None


def test_guids_pass_over_those_that_are_taken() -> None:
    first = minting.guid("space", "a", ())
    second = minting.guid("space", "a", {first})
    assert len({first, second, minting.guid("space", "a", {first, second})}) == 3
    assert minting.guid("space", "a", {second}) == first


def test_guids_are_pinned() -> None:
    """Whoever loses the lock gets these again: the way they are made may never change."""
    assert minting.guid("4d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11", "even", ()) == "OIEceXRkM5pO6kqv"
    assert minting.deck_id("4d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11", "basics") == 1_309_874_598_178


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], []),
        ([None, None], [10, 20]),
        ([10, None, 20], [10, 15, 20]),
        ([None, 10, 20], [5, 10, 20]),
        ([10, 20, None], [10, 20, 30]),
        ([10, None, 11], [10, 20, 30]),  # no room: all anew
        ([20, 30, 10], [20, 30, 40]),  # the last one moved down
        ([30, 10, 20], [5, 10, 20]),  # the first one moved up
        ([10, 10], [5, 10]),  # two branches gave one position
        ([999_999, None], [10, 20]),
        ([10, None, None, None, 20], [10, 12, 15, 17, 20]),
    ],
)
def test_positions(known: list[int | None], expected: list[int]) -> None:
    assert ordering.positions(known) == expected


def test_positions_stay_below_the_limit_and_rise_as_long_as_they_can() -> None:
    many = ordering.positions([None] * 300_000)
    assert many == sorted(set(many))
    assert many[-1] < 1_000_000


def test_the_real_note_types_make_a_package(note: Make, project: Any) -> None:
    """The renderer's own note types, as `package` takes them when it is given none."""
    made, identity = note(1)
    fields = {"ID": "x/1", "Question": "Q", "Answer": "A"}
    assert apkg.package([(dataclasses.replace(made, note_type="Verideck", fields=fields), identity)], project)
