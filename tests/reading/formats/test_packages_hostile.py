"""Packages that were made to fill a memory or to never end: refused with a message, within bounds of both."""

# ruff: noqa: S608 - the statements are put together of our own words

from __future__ import annotations

import io
import json
import sqlite3
import struct
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from backports import zstd
from tests.reading.bounded import Outcome, read_each

from verideck.reading import formats
from verideck.reading.formats import anki_archive, anki_database, anki_json, protobuf

if TYPE_CHECKING:
    from verideck.reading.items import Page

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are the kernel's")

MB = 1_000_000
PAGE = 4096
COL = "CREATE TABLE col (id INTEGER PRIMARY KEY, models, decks); INSERT INTO col VALUES (1, '{}', '{}');"
CARDS = "CREATE TABLE cards (id INTEGER PRIMARY KEY, nid, ord, did, odid, queue, type, due);"
NOTES = "CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, tags, flds, mod);"
NOTE = "INSERT INTO notes VALUES (1, 'g', 1, '', 'question' || char(31) || 'answer', 0);"
GOOD = COL + CARDS + NOTES + NOTE
ONE = "INSERT INTO notes (id) VALUES (1);"
NEW = """
CREATE TABLE notetypes (id INTEGER PRIMARY KEY, name, config);
CREATE TABLE fields (ntid, ord, name);
CREATE TABLE templates (ntid, ord, config);
CREATE TABLE decks (id INTEGER PRIMARY KEY, name);
"""
COUNTED = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT {})"


def database(script: str, *, change: Callable[[sqlite3.Connection], None] | None = None) -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(f"PRAGMA page_size = {PAGE}; {script}")
        if change:
            made.execute("PRAGMA writable_schema = ON")
            change(made)
        made.commit()
        return made.serialize()


def rewritten(script: str, table: str, sql: str, page: int | None = None) -> bytes:
    """Make a database whose schema says something else of a table than it was made with."""

    def change(made: sqlite3.Connection) -> None:
        made.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, table))
        if page is not None:
            made.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = ?", (page, table))

    return database(script, change=change)


def many_tables(made: sqlite3.Connection) -> None:
    made.execute(
        f"{COUNTED.format(100_000)} INSERT INTO sqlite_master "
        "SELECT 'table', 't' || x, 't' || x, 2, 'CREATE TABLE t' || x || '(a)' FROM n"
    )


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def old(collection: bytes, media: bytes = b"{}", **members: bytes) -> bytes:
    return zipped({"collection.anki2": collection, "media": media, **members})


def new(collection: bytes, media: bytes = b"", **members: bytes) -> bytes:
    packed = {"collection.anki21b": zstd.compress(collection), "media": zstd.compress(media)}
    return zipped({**packed, **members}, zipfile.ZIP_STORED)


def text(number: int, data: bytes) -> bytes:
    """Write one field of a protobuf message."""
    size = len(data)
    length = b""
    while size > 0x7F:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + data


def circular() -> bytes:
    """Make notes whose root refers 500 times to one page, and that 500 times to another, which has a note."""
    data = bytearray(database(COL + CARDS + NOTES + NOTE.replace("question", "q" * 3000)))
    with closing(sqlite3.connect(":memory:")) as read:
        read.deserialize(bytes(data))
        root = read.execute("SELECT rootpage FROM sqlite_master WHERE name = 'notes'").fetchone()[0]
    pages = len(data) // PAGE
    leaf = data[(root - 1) * PAGE : root * PAGE]
    data[(root - 1) * PAGE : root * PAGE] = interior(pages + 1)
    data += interior(pages + 2) + leaf
    data[28:32] = struct.pack(">I", pages + 2)
    return bytes(data)


def interior(child: int, count: int = 500) -> bytes:
    cells = b"".join(struct.pack(">IB", child, 1) for _ in range(count))
    start = PAGE - len(cells)
    head = struct.pack(">BHHHBI", 5, 0, count, start, 0, child)
    places = b"".join(struct.pack(">H", start + 5 * number) for number in range(count))
    return (head + places).ljust(start, b"\0") + cells


def listing(count: int) -> bytes:
    """Make a zip with many empty members, by hand: Python's own writer takes seconds."""
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack(
        "<4s4H2IH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(entry) * count, len(local), 0
    )
    return local + entry * count + end


COMPUTED = "its table `notes` has a column that is computed"
ORDINARY = "`notes` is not an ordinary table"
ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "generated column": (
        lambda: old(
            database(COL + CARDS + NOTES.replace("flds", "flds AS (hex(zeroblob(400000000)))") + ONE)
        ),
        COMPUTED,
    ),
    "stored column": (
        lambda: old(database(COL + CARDS + NOTES.replace("flds", "flds, x AS (hex(zeroblob(9))) STORED"))),
        COMPUTED,
    ),
    "view that never ends": (
        lambda: old(
            database(
                f"{COL}{CARDS} CREATE VIEW notes AS {COUNTED.format(-1)} "
                "SELECT x AS id, '' AS guid, 1 AS mid, '' AS tags, hex(zeroblob(9000000)) AS flds FROM n;"
            )
        ),
        ORDINARY,
    ),
    "virtual table": (
        lambda: old(rewritten(GOOD, "notes", "CREATE VIRTUAL TABLE notes USING fts5(id, flds)", 0)),
        ORDINARY,
    ),
    "table of no page": (lambda: old(rewritten(GOOD, "notes", NOTES[:-1], 0)), ORDINARY),
    "long default": (
        lambda: old(
            rewritten(
                f"{COL}{CARDS}{NOTES.replace(', mod', '')} {COUNTED.format(100_000)} "
                "INSERT INTO notes SELECT x, 'g', 1, '', 'q' FROM n;",
                "notes",
                NOTES[:-2] + f" DEFAULT '{'d' * 50_000}')",
            )
        ),
        "they hold more than the file has",
    ),
    "circular pages": (lambda: old(circular()), "they hold more than the file has"),
    "many tables": (
        lambda: old(database(GOOD, change=many_tables)),
        "reading what tables it has takes over 100,000 steps",
    ),
    "huge statement": (
        lambda: old(rewritten(GOOD, "notes", NOTES[:-2] + f" DEFAULT '{'d' * 2_000_000}')")),
        "cannot read the collection",
    ),
    "many fields": (
        lambda: old(
            database(GOOD.replace("'{}'", "'" + json.dumps({"1": {"flds": [{"name": "a"}] * 5000}}) + "'", 1))
        ),
        "a note type has 5,000 fields, expected at most 1,000",
    ),
    "many settings": (
        lambda: old(database(GOOD.replace("'{}'", "'" + "[" + "[]," * 2_000_000 + "[]]'", 1))),
        "values of JSON, expected at most 3,000,000",
    ),
    "many values in a template": (
        lambda: new(
            database(
                f"{GOOD}{NEW} INSERT INTO notetypes VALUES (1, 'N', x''); "
                f"INSERT INTO templates VALUES (1, 0, x'{'0a00' * 5000}');"
            )
        ),
        "the settings of a note type have over 300 values",
    ),
    "list of empty media": (lambda: new(database(GOOD), b"\x0a\x00" * 7 * MB), "has over 100,000 values"),
    "long list of media": (
        lambda: new(database(GOOD), b"\x0a\x00" * 25 * MB),
        "`media` in the package unpacks to over 16,000,000 bytes",
    ),
    "list of a million media": (
        lambda: old(database(GOOD), b"{" + b",".join(b'"%d":"a%d.png"' % (n, n) for n in range(MB)) + b"}"),
        "the package's list of media has",
    ),
    "nested list of media": (lambda: old(database(GOOD), b"[" * MB), ""),
    "zeros": (lambda: old(bytes(400 * MB)), "unpacks to over"),
    "zeros in zstd": (
        lambda: zipped({"collection.anki21b": zstd.compress(bytes(400 * MB)), "media": b""}),
        "unpacks to over 16,000,000 bytes",
    ),
    "zstd in deflate": (
        lambda: zipped({"collection.anki21b": zstd.compress(bytes(400 * MB), 1), "media": b""}),
        "unpacks to over 16,000,000 bytes",
    ),
    "half a frame": (
        lambda: zipped({"collection.anki21b": zstd.compress(database(GOOD))[:-20]}),
        "is damaged",
    ),
    "window of 2 GB": (
        lambda: zipped({"collection.anki21b": b"\x28\xb5\x2f\xfd\x00\xa8" + bytes(100)}),
        "is damaged",
    ),
    "bzip2": (lambda: zipped({"collection.anki2": bytes(100 * MB)}, zipfile.ZIP_BZIP2), "as Anki does not"),
    "lzma": (lambda: zipped({"collection.anki2": bytes(100 * MB)}, zipfile.ZIP_LZMA), "as Anki does not"),
    "many members": (lambda: listing(3 * MB), "a package of 3,000,000 files, expected at most 100,000 files"),
    "zip in a zip": (lambda: old(old(bytes(10 * MB))), "it is not an SQLite database"),
}


@cache
def images(count: int) -> bytes:
    """Make notes that name many images, all of them one member, which unpacks to more than an image has."""
    names = "".join(f'<img src="{number}.png">' for number in range(count))
    notes = GOOD.replace("question", "question" + names.replace("'", ""))
    media = json.dumps({"0": "0.png"} | {f"x{n}": f"{n}.png" for n in range(count)}).encode()
    made = io.BytesIO(old(database(notes), media))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"x{number}", bytes(5 * MB + 1))
    return made.getvalue()


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of all packages."""
    folder = tmp_path_factory.mktemp("packages")
    for name, (make, _) in ATTACKS.items():
        (folder / f"{name}.apkg").write_bytes(make())
    (folder / "good.apkg").write_bytes(old(database(GOOD)))
    (folder / "images.apkg").write_bytes(images(120))
    return folder


@pytest.fixture(scope="module")
def outcomes(sizes: Path) -> dict[str, Outcome]:
    return read_each(sizes)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_one_problem_and_takes_little(
    name: str, outcomes: dict[str, Outcome], sizes: Path
) -> None:
    found, good = outcomes[f"{name}.apkg"], outcomes["good.apkg"]
    assert not found.signal
    assert not found.raised
    expected = ATTACKS[name][1]
    if expected:
        assert found.items == 0
        assert len(found.messages) == 1
        assert expected in found.messages[0]
    assert found.rows <= 100_000
    most = max(anki_archive.MIN_LIMIT, anki_archive.MAX_GROWTH * (sizes / f"{name}.apkg").stat().st_size)
    assert found.inflated <= most + 2 * MB
    assert found.peak - good.peak < 150 * MB


def test_a_good_package_is_read(outcomes: dict[str, Outcome]) -> None:
    found = outcomes["good.apkg"]
    assert (found.items, found.messages, found.signal) == (1, (), 0)


def test_images_that_are_refused_count_as_well(outcomes: dict[str, Outcome]) -> None:
    """Each unpacks to 5 MB before it is known to be too large; 200 MB of all of them are enough."""
    found = outcomes["images.apkg"]
    assert found.items == 1
    assert any("the package's images have over 200,000,000 bytes" in message for message in found.messages)
    assert found.inflated < anki_archive.MAX_IMAGES + 20 * MB


def read(data: bytes) -> Page:
    page = formats.read(data, "a.apkg")
    assert page is not None
    return page


@pytest.fixture
def without_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the first layer away: whatever the schema says is taken for an ordinary table."""
    monkeypatch.setattr(anki_database.Database, "_check", lambda *_: None)


@pytest.mark.usefixtures("without_check")
@pytest.mark.parametrize(
    "name", ["generated column", "view that never ends", "virtual table", "long default"]
)
def test_the_other_layers_hold_without_the_first(name: str) -> None:
    page = read(ATTACKS[name][0]())
    assert not page.items
    assert "cannot read the collection" in page.problems[0].message


@pytest.mark.usefixtures("without_check")
def test_a_computed_column_is_limited_without_the_authorizer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki_database, "_authorize", lambda *_: sqlite3.SQLITE_OK)
    page = read(ATTACKS["generated column"][0]())
    assert "it has a value of over 32,000,000 bytes" in page.problems[0].message


@pytest.mark.parametrize(("table", "most"), [("notes", 3), ("cards", 5), ("col", 0)])
def test_rows_are_limited(table: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    known = anki_database.TABLES[table]
    limited = {**anki_database.TABLES, table: anki_database.Table(known.columns, most)}
    monkeypatch.setattr(anki_database, "TABLES", limited)
    rows = "".join(
        f"INSERT INTO notes (flds) VALUES ('a'); INSERT INTO cards (nid) VALUES ({n});" for n in range(9)
    )
    page = read(old(database(COL + CARDS + NOTES + rows)))
    assert [one.message for one in page.problems] == [
        f"cannot read the collection: its table `{table}` has over {most} rows"
    ]


def test_a_note_with_too_many_fields_is_left_out_alone() -> None:
    many = NOTE.replace("(1,", "(2,").replace("'question'", "'" + "x\x1f" * 2000 + "'")
    page = read(old(database(GOOD + many)))
    assert [item.question for item in page.items] == ["question"]
    assert [(one.line, one.message) for one in page.problems] == [
        (2, "a note with over 1,000 fields, expected at most 1,000")
    ]


def test_triggers_views_and_indexes_beside_the_tables_change_nothing() -> None:
    more = """
    CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT hex(zeroblob(900000000)); END;
    CREATE VIEW v AS SELECT hex(zeroblob(900000000));
    CREATE INDEX i ON notes (hex(id));
    """
    assert len(read(old(database(GOOD + more))).items) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 50,
        b"\x0a\xff\xff\xff\xff\x0f",
        b"\x0a\x05ab",
        b"\x0b" * 9,
        b"\x09abc",
        b"\x08" + b"\x80" * 20,
    ],
)
def test_a_damaged_message_gives_what_stands_before_the_fault(data: bytes) -> None:
    assert protobuf.text(protobuf.read(text(1, b"good") + data, 10), 1) in {"good", "ab"}


def test_a_message_inside_others_is_not_looked_into() -> None:
    message = b"x"
    for _ in range(5000):
        message = text(1, message)
    assert list(protobuf.read(message, 10)) == [1]


def test_json_is_limited_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki_json, "MAX_LENGTH", 100)
    assert anki_json.read('{"a": [1, 2]}', 10) == {"a": [1, 2]}
    assert anki_json.read('{"a": ') is None
    for damaged in ("[" + "1," * 20 + "1]", "[" + " " * 200 + "]"):
        with pytest.raises(anki_json.JsonLimitError, match="expected at most"):
            anki_json.read(damaged, 10)
