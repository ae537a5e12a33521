"""What a package's collection may hold: looked at before Anki opens it, for Anki itself limits nothing.

Anki brings an older collection up to date before it reads it. What the file computes on its own account, in
columns, views, triggers or conditions, would run then, in as much memory as there is.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_COLLECTION = 300_000_000  # bytes
MAX_GROWTH = 100  # times its size in the package, beyond MIN_LIMIT: collections shrink to a thirtieth at most
MIN_LIMIT = 16_000_000  # bytes
MAX_STEPS = 200_000_000  # of SQLite's machine
MAX_VALUE = 32_000_000  # bytes of one value
MAX_OBJECTS = 1_000  # tables and indexes
_STEP = 10_000
_PIECE = 1 << 20  # bytes that are unpacked at a time

_OLD = ("collection.anki2", "collection.anki21")
_READ = ("col", "notes", "cards")
_CALL = re.compile(r"([\w\"'`\]]+)\s*\(")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_BEFORE_BRACKETS = frozenset(("key", "unique"))
_FOREIGN = "The package's collection is not as Anki makes them: {}."
_TOO_LARGE = "The package's collection is too large to be a deck."


def check(path: Path, folder: Path) -> None:
    """Look at a package's older collections, unpacked into `folder` for a moment.

    One that is compressed by itself is Anki's alone to read: Python has had no reader for it before 3.14.

    Raises ValueError with a message for the user if one of them could fill the memory, or never end.
    """
    with zipfile.ZipFile(path) as archive:
        for name in _OLD:
            if name in archive.NameToInfo:
                _check_member(archive, archive.getinfo(name), folder / "looked-at.anki2")


def _check_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    most = min(MAX_COLLECTION, max(MIN_LIMIT, MAX_GROWTH * entry.compress_size))
    try:
        with archive.open(entry) as member, target.open("wb") as file:
            _write(_pieces(member), file, most)
        _check_database(target)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as fault:
        raise ValueError("The package is damaged.") from fault
    finally:
        target.unlink(missing_ok=True)


def _pieces(member: IO[bytes]) -> Iterator[bytes]:
    while piece := member.read(_PIECE):
        yield piece


def _write(pieces: Iterable[bytes], file: IO[bytes], most: int) -> None:
    written = 0
    for piece in pieces:
        written += len(piece)
        if written > most:
            raise ValueError(_TOO_LARGE)
        file.write(piece)


def _check_database(path: Path) -> None:
    steps = 0

    def is_over() -> bool:
        nonlocal steps
        steps += _STEP
        return steps > MAX_STEPS

    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
        database.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        database.set_progress_handler(is_over, _STEP)
        if sys.version_info >= (3, 11):
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        try:
            database.execute("PRAGMA trusted_schema = OFF")
            _check_schema(database)
            for table in _READ:  # finds pages that refer to each other, which would be read again and again
                if database.execute(f"PRAGMA quick_check({table})").fetchone() != ("ok",):
                    raise ValueError(_FOREIGN.format("it is damaged"))
        except (sqlite3.Error, OverflowError, UnicodeError) as fault:
            raise ValueError(_FOREIGN.format(str(fault)[:100])) from fault


def _check_schema(database: sqlite3.Connection) -> None:
    """Refuse all but tables and indexes that say what they hold, and compute nothing."""
    query = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master LIMIT ?"
    found = database.execute(query, (MAX_OBJECTS + 1,)).fetchall()
    if len(found) > MAX_OBJECTS:
        raise ValueError(_FOREIGN.format(f"it has over {MAX_OBJECTS:,} tables"))
    for kind, name, table, page, sql in found:
        if kind not in ("table", "index") or not page:
            raise ValueError(_FOREIGN.format(f"it has a {kind} “{str(name)[:50]}”"))
        calls = {word.strip("\"'`]").lower() for word in _CALL.findall(_COMMENT.sub(" ", str(sql or "")))}
        computed = calls - _BEFORE_BRACKETS - {str(name).lower(), str(table).lower()}
        if kind == "table":
            quoted = str(name).replace("'", "''")
            columns = database.execute(f"PRAGMA table_xinfo('{quoted}')").fetchall()
            computed |= {column[1] for column in columns if column[-1]}
        if computed:
            raise ValueError(_FOREIGN.format(f"its {kind} “{str(name)[:50]}” computes something"))
    if not {"col", "notes", "cards"} <= {name for kind, name, *_ in found if kind == "table"}:
        raise ValueError(_FOREIGN.format("it has no notes"))
