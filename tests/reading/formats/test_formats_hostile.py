"""Files that are broken on purpose: problems, never a traceback, and every line has its fate."""

from __future__ import annotations

import io
import json
import random
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.problems import Severity
from verideck.reading import formats
from verideck.reading.formats import anki_archive, anki_database, protobuf
from verideck.reading.items import Fate, Page

FIXTURES = sorted(
    path for path in (Path(__file__).parent / "fixtures").iterdir() if path.suffix != ".expected"
)
NAMES = ("a.gift", "a.csv", "a.tsv", "a.aiken", "a.apkg", "a.txt", "a.md")


def read(data: bytes, name: str) -> Page:
    page = formats.read(data, name)
    assert page is not None
    assert Fate.UNACCOUNTED not in page.fates
    assert len(page.lines) == len(page.fates)
    return page


def told(page: Page) -> list[str]:
    assert not page.items
    assert all(one.severity is Severity.ERROR and one.hint for one in page.problems)
    return [one.message for one in page.problems]


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return made.getvalue()


COL = "CREATE TABLE col (id, models, decks);"
CARDS = "CREATE TABLE cards (id, nid, did, odid, ord, queue, type, due);"
NOTES = "CREATE TABLE notes (id INTEGER, guid, mid, tags, flds, mod);"
MODELS = {"1": {"name": "Basic", "type": 0, "flds": [{"name": "Front"}, {"name": "Back"}], "tmpls": []}}


def database(script: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(script)
        return made.serialize()


def collection(*notes: str, models: object = MODELS, decks: object = None) -> bytes:
    """Make an old collection with notes of two fields."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(COL + CARDS + NOTES)
        made.execute("INSERT INTO col VALUES (1, ?, ?)", (json.dumps(models), json.dumps(decks or {})))
        rows = [(number, f"g{number}", 1, " a ", text) for number, text in enumerate(notes, 1)]
        made.executemany("INSERT INTO notes VALUES (?, ?, ?, ?, ?, 0)", rows)
        made.commit()
        return made.serialize()


def package(*notes: str, media: object = None, **members: bytes) -> bytes:
    listed = json.dumps(media or {}).encode()
    return zipped(collection__anki2=collection(*notes), media=listed, **members)


DAMAGED = {
    "empty": b"",
    "text": b"no zip",
    "half a zip": package("a\x1fb")[:400],
    "no collection": zipped(other=b"x"),
    "no database": zipped(collection__anki2=b"not SQLite"),
    "a header alone": zipped(collection__anki2=b"SQLite format 3\0" + bytes(200)),
    "half a database": zipped(collection__anki2=collection("a\x1fb")[:5000]),
    "other tables": zipped(collection__anki2=database("CREATE TABLE x (y);")),
    "tables without columns": zipped(
        collection__anki2=database("CREATE TABLE col (x); CREATE TABLE notes (x); CREATE TABLE cards (x);")
    ),
    "not compressed": zipped(collection__anki21b=collection("a\x1fb")),
    "half a frame": zipped(collection__anki21b=zstd.compress(collection("a\x1fb"))[:90]),
    "no notes": zipped(collection__anki2=collection()),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_package_is_one_problem(data: bytes) -> None:
    assert len(told(read(data, "a.apkg"))) == 1


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits stand for what is unpacked, whatever the archive says of sizes."""
    monkeypatch.setattr(anki_archive, "MAX_COLLECTION", 1_000_000)
    zeros = bytes(50_000_000)
    expected = "in the package unpacks to over 1,000,000 bytes"
    packed = zstd.compress(zeros)
    assert len(packed) < 10_000
    for name, data in (("anki2", zeros), ("anki21b", packed)):
        bomb = zipped(**{f"collection__{name}": data})
        tracemalloc.start()
        assert told(read(bomb, "a.apkg")) == [f"`collection.{name}` {expected}"]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10_000_000


VIEW = """CREATE VIEW notes AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
SELECT x AS id, '' AS guid, 1 AS mid, '' AS tags, '' AS flds FROM n;"""
MANY_NOTES = """INSERT INTO notes WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
SELECT x, '', 1, '', 'a', 0 FROM n LIMIT 250000;"""


def test_a_query_that_would_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    message = told(read(zipped(collection__anki2=database(COL + CARDS + VIEW)), "a.apkg"))[0]
    assert "`notes` is not an ordinary table" in message
    many = zipped(collection__anki2=database(COL + CARDS + NOTES + MANY_NOTES))
    assert "over 200,000 rows" in told(read(many, "a.apkg"))[0]
    monkeypatch.setattr(anki_database, "MAX_STEPS", 1_000_000)
    assert "takes over 1,000,000 steps" in told(read(many, "a.apkg"))[0]


@pytest.mark.parametrize(
    ("models", "decks"),
    [
        ([], []),
        ({"1": []}, {"1": 3}),
        ({"x": {}}, {"x": {}}),
        ({"1": {"flds": 3, "tmpls": [1]}}, None),
        (5, "x"),
    ],
)
def test_settings_of_any_shape(models: object, decks: object) -> None:
    data = zipped(collection__anki2=collection("a\x1fb", models=models, decks=decks))
    assert [(item.question, item.answer) for item in read(data, "a.apkg").items] == [("a", "b")]


def test_media_cannot_leave_its_folder() -> None:
    names = ["../up.png", "/etc/passwd.png", "..\\up.png", ".hidden.png", "a.html", "C:x.png", "gone.png"]
    notes = [f'q{number} <img src="{name}">\x1fa' for number, name in enumerate([*names, "good.png"])]
    media = {str(number): name for number, name in enumerate([*names[:-1], "good.png"])}
    members = {str(number): b"data" for number in range(len(media))}
    page = read(package(*notes, media=media, **members), "a.apkg")
    assert page.media == (("good.png", b"data"),)
    assert len(page.problems) == len(names)


def test_a_huge_picture_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki_archive, "MAX_IMAGE", 1000)
    data = package('q <img src="a.png">\x1fa', media={"0": "a.png"}, **{"0": bytes(100_000)})
    page = read(data, "a.apkg")
    assert page.media == ()
    assert "unpacks to over 1,000 bytes" in page.problems[0].message


def test_a_package_mutated_anywhere(anki_package: Callable[[], bytes]) -> None:
    """Three hundred packages with a few bytes changed, inside and outside of what is compressed."""
    whole = anki_package()
    inner = zstd.decompress(zipfile.ZipFile(io.BytesIO(whole)).read("collection.anki21b"))
    chance = random.Random(7)  # noqa: S311 - the same changes at each run
    for _ in range(150):
        for data, pack in ((whole, bytes), (inner, _packed)):
            changed = bytearray(data)
            for _ in range(chance.randint(1, 20)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            read(pack(bytes(changed)), "a.apkg")


def _packed(data: bytes) -> bytes:
    return zipped(collection__anki21b=zstd.compress(data, 1))


@pytest.fixture
def anki_package(tmp_path: Path) -> Callable[[], bytes]:
    from anki.collection import Collection, ExportAnkiPackageOptions

    def make() -> bytes:
        col = Collection(str(tmp_path / "collection.anki2"))
        for kind in ("Basic", "Cloze"):
            model = col.models.by_name(kind)
            assert model is not None
            note = col.new_note(model)
            note.fields = ["a {{c1::b}}", "c"]
            number = col.decks.id("D")
            assert number is not None
            col.add_note(note, number)
        path = tmp_path / "a.apkg"
        options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, legacy=False)
        col.export_anki_package(out_path=str(path), options=options, limit=None)
        col.close()
        return path.read_bytes()

    return make


PIECES = st.sampled_from(
    [line for path in FIXTURES for line in path.read_text(encoding="utf-8").splitlines(keepends=True)]
    + [
        "{",
        "}",
        "=",
        "~",
        "#",
        "\\",
        '"',
        "\n",
        "\n\n",
        "\t",
        ";",
        "::",
        "````",
        "\x00",
        "\x1f",
        "é",
        "\ufeff",
        "\r",
    ]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(NAMES))
def test_lines_of_all_formats_mixed(text: str, name: str) -> None:
    if (page := formats.read(text.encode(), name)) is not None:
        assert Fate.UNACCOUNTED not in page.fates


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(NAMES))
def test_any_bytes(data: bytes, name: str) -> None:
    if (page := formats.read(data, name)) is not None:
        assert Fate.UNACCOUNTED not in page.fates


@given(st.binary(max_size=200))
def test_any_bytes_are_some_message(data: bytes) -> None:
    assert isinstance(protobuf.read(data, 300), dict)


MANY = {
    "one line": b"a" * 990_000,
    "open braces": b"a {=b\n" * 30_000,
    "braces": b"{" * 500_000,
    "closed questions": b"a {=b ~c}\n\n" * 30_000,
    "names": b"::" * 400_000,
    "open quotes": b'"a,b\n' * 50_001,
    "quotes": b'"' * 500_001,
    "separators": b",\t;|" * 200_000,
    "options": b"A. a\n" * 50_000,
    "keys": b"ANSWER: A\n" * 30_000,
    "answers": b"1. a\n*a) b\n" * 20_000,
    "fences": b"1. a\n```\n" * 20_000,
    "weights": b"a {" + b"~%50%b" * 100_000 + b"}",
    "escapes": b"\\" * 500_000,
    "formulas": b"a {=\\(b ~" + b"\\(" * 100_000 + b"}",
    "tags": b"q\t" + b"<b>" * 200_000,
}


@pytest.mark.parametrize("name", ["a.gift", "a.csv", "a.aiken", "a.md"])
@pytest.mark.parametrize("data", MANY.values(), ids=MANY)
def test_long_files_take_no_longer_than_their_length(data: bytes, name: str) -> None:
    """The guard is the suite's own time: quadratic work would not end."""
    page = formats.FORMATS[{"a.gift": 1, "a.csv": 2, "a.aiken": 3, "a.md": 4}[name]].read(data, name)
    assert Fate.UNACCOUNTED not in page.fates
    assert len(page.problems) <= 1001
