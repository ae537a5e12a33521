"""An Anki collection's SQLite database, which may be hostile: its own tables only, within limits.

Four layers, each of which holds if the one before it is broken. The schema: only ordinary tables are read,
so that nothing in the file is computed. The authorizer: a query reads the columns of `TABLES` and calls
nothing. The limits: rows, steps and the size of one value, which SQLite checks before it allocates. The sum:
all that is read has at most twice the size of the file, however often its pages refer to each other.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_STEPS = 100_000_000  # of SQLite's machine, for all queries of one database
MAX_SCHEMA_STEPS = 100_000  # to read what tables there are: some 10,000 of them
MAX_VALUE = 32_000_000  # bytes of one value, and of one row
MAX_SQL = 100_000  # bytes of one statement, those of the schema included
_STEP = 1_000  # steps between two counts of them
_HEADER = b"SQLite format 3\0"
_VERSIONS = slice(18, 20)  # the file's bytes that say whether it has a write-ahead log


class CollectionError(Exception):
    """A collection that cannot be read."""


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table that are read, and how many rows it can have."""

    columns: tuple[str, ...]
    most: int


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "col": Table(("models", "decks"), 1),
        "notes": Table(("id", "guid", "mid", "tags", "flds", "mod"), 200_000),
        "cards": Table(("nid", "ord", "did", "odid", "queue", "type", "due"), 1_000_000),
        # Since schema 15; before, `col` holds them as JSON.
        "decks": Table(("id", "name"), 100_000),
        "notetypes": Table(("id", "name", "config"), 5_000),
        "fields": Table(("ntid", "ord", "name"), 100_000),
        "templates": Table(("ntid", "ord", "config"), 20_000),
    }
)
_NEEDED = frozenset(("col", "notes", "cards"))
_LIMITS = (
    (sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, MAX_SQL),
    (sqlite3.SQLITE_LIMIT_COLUMN, 200),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
)
_PRAGMAS = ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON", "temp_store = MEMORY")


class Database:
    """An open database. What is read is counted; what is too much raises CollectionError."""

    def __init__(self, connection: sqlite3.Connection, size: int) -> None:
        self._connection = connection
        self._left = 2 * size  # bytes; twice, for a text in UTF-16 can be longer in UTF-8
        self._steps = 0
        self._most_steps = MAX_SCHEMA_STEPS
        self.names: frozenset[str] = frozenset()  # of the tables that are there

    def read_schema(self) -> None:
        """Read which tables there are; from now on only those in `TABLES` can be read."""
        self._connection.set_progress_handler(self._is_over, _STEP)
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        found = self._connection.execute("SELECT name, type, rootpage FROM sqlite_master").fetchall()
        self._check({name: (kind, page) for name, kind, page in found if kind in {"table", "view"}})
        self.names = frozenset(name for name, _, _ in found) & TABLES.keys()
        self._most_steps = MAX_STEPS
        self._connection.set_authorizer(_authorize)

    def _is_over(self) -> bool:
        self._steps += _STEP
        return self._steps > self._most_steps

    def _check(self, found: Mapping[str, tuple[str, Any]]) -> None:
        """Refuse what is not an ordinary table with ordinary columns: reading it would compute something."""
        if not found.keys() >= _NEEDED:
            raise CollectionError("its tables are not those of a collection")
        for name in found.keys() & TABLES.keys():
            kind, page = found[name]
            if kind != "table" or not page:  # a virtual table has no page of its own
                raise CollectionError(f"`{name}` is not an ordinary table")
            columns = self._connection.execute(f"PRAGMA table_xinfo({name})").fetchall()
            if not {column[1] for column in columns} >= set(TABLES[name].columns):
                raise CollectionError(f"its table `{name}` is not that of a collection")
            if any(column[-1] for column in columns):
                raise CollectionError(f"its table `{name}` has a column that is computed")

    def rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        """Read a table's rows, in the order in which they lie in the file."""
        table = TABLES[name]
        columns = ", ".join(table.columns)
        # An index can hold other values than its table, and sorting would take memory.
        query = f"SELECT {columns} FROM {name} NOT INDEXED LIMIT {table.most + 1}"  # noqa: S608 - names of ours
        for count, row in enumerate(self._connection.execute(query)):
            if count == table.most:
                raise CollectionError(f"its table `{name}` has over {table.most:,} rows")
            self._left -= sum(len(value) for value in row if isinstance(value, str | bytes))
            if self._left < 0:
                raise CollectionError("its pages refer to each other: they hold more than the file has")
            yield row

    def explain(self, fault: Exception) -> str:
        """Return in words why SQLite stopped."""
        said = str(fault)
        if "too big" in said:
            return f"it has a value of over {MAX_VALUE:,} bytes"
        if "interrupted" in said:
            what = "its tables" if self.names else "what tables it has"
            return f"reading {what} takes over {self._most_steps:,} steps"
        if "not authorized" in said or "prohibited" in said:
            return "reading it would compute something"
        return "its database is damaged"


@contextmanager
def opened(data: bytes) -> Iterator[Database]:
    """Open a database in memory, to read only. Raises CollectionError, inside the block as well."""
    if not data.startswith(_HEADER) or len(data) < 100:
        raise CollectionError("it is not an SQLite database")
    if data[_VERSIONS] != b"\1\1":  # a write-ahead log cannot be opened in memory, and none is in the package
        data = b"".join((data[: _VERSIONS.start], b"\1\1", data[_VERSIONS.stop :]))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        for limit, most in _LIMITS:
            connection.setlimit(limit, most)
        database = Database(connection, len(data))
        try:
            connection.deserialize(data)
            database.read_schema()
            yield database
        except (sqlite3.Error, sqlite3.Warning, UnicodeError, OverflowError, MemoryError) as fault:
            raise CollectionError(database.explain(fault)) from fault


def _authorize(
    action: int, table: str | None, column: str | None, _database: str | None, by: str | None
) -> int:
    """Allow a query of ours to read the columns that we read, and nothing else."""
    if action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    known = TABLES.get(table or "")
    allowed = action == sqlite3.SQLITE_READ and known and column in known.columns and by is None
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
