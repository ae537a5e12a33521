"""Packages of a stranger: each is refused with a sentence or read, and nothing is written beside it."""

from __future__ import annotations

import contextlib
import io
import json
import random
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from addon.updating import manifest, package_check
from addon.updating.packages import read_package

if TYPE_CHECKING:
    from tests.addon.updating.conftest import Author

Damage = Callable[[bytes], bytes]


def packed(package: bytes, **changed: bytes | None) -> bytes:
    """Write a package again with other members; the names' dots are written as `__` here."""
    members = {name.replace("__", "."): data for name, data in changed.items()}
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, data in members.items():
            if data is not None:
                new.writestr(name, data, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def said(**changed: object) -> bytes:
    """Write a manifest in which things are otherwise."""
    good = {"format": 1, "namespace": "x", "title": "t", "placements": {}, "retired": {}, "superseded": []}
    return json.dumps({**good, **changed}).encode()


BOMB = b"0" * (manifest.MOST_BYTES + 1)
MANIFESTS = {
    "empty": b"",
    "no JSON": b"\xff\xfe{",
    "a list": b"[]",
    "nested": b"[" * 200_000,
    "a huge number": b'{"format": ' + b"9" * 10_000 + b"}",
    "not a number": said(date=float("nan")),
    "infinite": said(date=float("inf"), format=1),
    "wrong types": said(namespace=[], title={}, placements=[1], retired="all", superseded=7),
    "wrong parts": said(placements={"a": 1, "b": None}, retired={"c": []}, superseded=[None, {}, "../x"]),
    "a million placements": said(placements={f"g{n}": "A::B" for n in range(10**6)}),
    "a format to come": said(format=10**9),
    "a bomb": BOMB,
}


@pytest.fixture
def package(author: Author) -> bytes:
    return author.build()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder for a package; what is unpacked goes beside it, and has gone in the end."""
    temporary = tmp_path / "a" / "temporary"
    temporary.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    yield tmp_path
    assert list(temporary.iterdir()) == []
    assert sorted(tmp_path.rglob("*evil*")) == []


def opened(room: Path, data: bytes) -> str:
    """Offer a package: empty where it can be read, else what a person is told."""
    path = room / "offered.apkg"
    path.write_bytes(data)
    try:
        with read_package(path) as package:
            return "" if package.notes else "nothing"
    except ValueError as reason:
        text = str(reason)
        assert text.endswith((".", "usual")) or "Anki cannot read" in text, text
        assert "Traceback" not in text
        return text


def test_the_package_as_it_is_can_be_read(room: Path, package: bytes) -> None:
    assert opened(room, package) == ""


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_hostile_manifest_is_refused_or_read_for_what_it_is(room: Path, package: bytes, name: str) -> None:
    opened(room, packed(package, verideck__json=MANIFESTS[name]))


@pytest.mark.parametrize("name", ["empty", "no JSON", "a list", "nested", "a bomb"])
def test_a_manifest_that_cannot_be_read_is_said(room: Path, package: bytes, name: str) -> None:
    assert opened(room, packed(package, verideck__json=MANIFESTS[name])) != ""


def test_a_package_that_was_cut_anywhere_is_refused(room: Path, package: bytes) -> None:
    for length in range(0, len(package), max(1, len(package) // 60)):
        assert opened(room, package[:length]) != ""


def test_damaged_bytes_never_raise_anything_else(room: Path, package: bytes) -> None:
    chance = random.Random(3)  # noqa: S311  nothing secret
    for _ in range(60):
        damaged = bytearray(package)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        opened(room, bytes(damaged))


def test_members_that_lead_out_of_the_package_write_nothing(room: Path, package: bytes) -> None:
    media = json.dumps({"0": "../../evil.txt", "1": str(room / "evil.txt"), "2": "a/../../evil"}).encode()
    extra: dict[str, bytes | None] = {"../evil.py": b"x", "0": b"evil", "1": b"evil", "2": b"evil"}
    opened(room, packed(package, media=media, **extra))


@pytest.mark.parametrize("collection", [b"", b"SQLite format 3\0" + b"\0" * 4096, b"x" * 100_000])
def test_a_collection_that_is_none_is_refused(room: Path, package: bytes, collection: bytes) -> None:
    assert opened(room, packed(package, collection__anki2=collection)) != ""


def test_a_size_that_is_a_lie_is_refused_before_anything_is_unpacked(room: Path, package: bytes) -> None:
    into = io.BytesIO(packed(package, verideck__json=said()))
    with zipfile.ZipFile(into, "a") as archive:
        archive.getinfo("collection.anki2").file_size = manifest.MOST_UNPACKED + 1
        archive.writestr("more", b"")  # so that the list of members is written again
    assert opened(room, into.getvalue()) == "The package is too large to be a deck."


@pytest.mark.parametrize("data", [b"", b"PK", b"\0" * 1000, b"%PDF-1.7", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_package_is_not_taken_for_one(room: Path, data: bytes) -> None:
    path = room / "other.apkg"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="not a package of Anki"):
        read_package(path)


def changed(package: bytes, room: Path, change: Callable[[sqlite3.Connection], object]) -> bytes:
    """Change the collection of a package; the schema can be written, too."""
    path = room / "changed.anki2"
    path.write_bytes(zipfile.ZipFile(io.BytesIO(package)).read("collection.anki2"))
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA writable_schema = ON")
        change(database)
        database.commit()
    return packed(package, collection__anki2=path.read_bytes())


def rewritten(table: str, old: str, new: str) -> Callable[[sqlite3.Connection], object]:
    """Let a table say of itself that it was made otherwise."""

    def change(database: sqlite3.Connection) -> None:
        (sql,) = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        assert re.search(old, sql)
        sql = re.sub(old, new, sql, count=1)
        database.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, table))

    return change


def script(text: str) -> Callable[[sqlite3.Connection], object]:
    return lambda database: database.executescript(text)


def circular(database: sqlite3.Connection) -> None:
    """Let two tables have one page."""
    database.execute(
        "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'notes') "
        "WHERE name = 'cards'"
    )


COLLECTIONS: dict[str, tuple[Callable[[sqlite3.Connection], object], str]] = {
    "a column that is computed": (
        rewritten("notes", r"data\s+text not null", "data as (hex(zeroblob(400000000)))"),
        "its table “notes” computes something",
    ),
    "a column of itself": (
        rewritten("notes", r"data\s+text not null", "data as (flds || flds || flds)"),
        "its table “notes” computes something",
    ),
    "a condition": (
        rewritten("cards", r"data\s+text not null", "data check (length(hex(zeroblob(400000000))) > 1)"),
        "its table “cards” computes something",
    ),
    "a trigger": (
        script("CREATE TRIGGER t AFTER UPDATE ON col BEGIN SELECT hex(zeroblob(400000000)); END"),
        "it has a trigger “t”",
    ),
    "a view": (script("CREATE VIEW v AS SELECT hex(zeroblob(400000000)) AS a"), "it has a view “v”"),
    "an index": (script("CREATE INDEX i ON notes (substr(flds, 2))"), "its index “i” computes something"),
    "a virtual table": (
        script(
            "INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING fts5(a)')"
        ),
        "it has a table “v”",
    ),
    "pages of two tables": (circular, "it is damaged"),
    "no notes": (script("DROP TABLE notes"), "it has no notes"),
    "many tables": (
        script("".join(f"CREATE TABLE t{n}(a);" for n in range(1001))),
        "it has over 1,000 tables",
    ),
}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_that_computes_never_reaches_anki(
    room: Path, package: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addon.updating.anki_import.plainly", lambda *_: pytest.fail("Anki was asked"))
    change, expected = COLLECTIONS[name]
    said = opened(room, changed(package, room, change))
    assert said == f"The package's collection is not as Anki makes them: {expected}."


def test_a_collection_that_grows_is_not_unpacked(
    room: Path, package: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    write = package_check._write
    monkeypatch.setattr(package_check, "_PIECE", 1_000_000)

    def counted(pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            written.append(len(piece))
            yield piece

    monkeypatch.setattr(
        package_check, "_write", lambda pieces, file, most: write(counted(pieces), file, most)
    )
    bomb = packed(package, collection__anki2=bytes(200_000_000))
    assert opened(room, bomb) == "The package's collection is too large to be a deck."
    assert sum(written) <= max(package_check.MIN_LIMIT, package_check.MAX_GROWTH * len(bomb)) + 1_000_000


def test_an_old_collection_beside_the_new_one_is_looked_at_as_well(room: Path, package: bytes) -> None:
    zeros = packed(package, collection__anki21=b"SQLite format 3\0" + bytes(100))
    assert opened(room, zeros).startswith("The package's collection is not as Anki makes them")
