"""The local record: the hash of every line of evidence that was computed on this machine.

It lives in the user's state folder, never in a deck, so that no deck can say of itself that it was computed
here. It only ever saves work: if it is lost, damaged or cannot be written, evidence is computed again.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from verideck.cards import Location
from verideck.problems import Problem, warning
from verideck.verifying.evidence import Evidence, hash_line, write_line

if TYPE_CHECKING:
    from verideck.verifying.records import Record

MAX_HASHES = 250_000  # at most; about 12 MB. The oldest are forgotten first
BATCH = 500  # hashes that are asked for at once
BUSY = 10.0  # seconds to wait while another build writes

# `build` counts the builds that added something: no clock says which hashes are the oldest.
_TABLE = "CREATE TABLE IF NOT EXISTS computed (hash BLOB PRIMARY KEY, build INTEGER NOT NULL) WITHOUT ROWID"
# What SQLite says of a file that is damaged, or that is another program's.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def default_path() -> Path | None:
    """Return the record's file in the user's state folder; None if no absolute path is known for it.

    A relative path would lead into the current folder, which may be a stranger's deck.
    """
    folder = platformdirs.user_state_path("verideck", appauthor=False)
    return folder / "computed.sqlite3" if folder.is_absolute() else None


def mark(evidence: Evidence) -> tuple[Evidence, tuple[Problem, ...]]:
    """Mark the lines of evidence that were computed on this machine.

    A record that cannot be read knows no line: that is a warning, never an error.
    """
    path = default_path()
    if path is None or not evidence.hashes:
        return evidence, ()
    try:
        known = _find(path, evidence.hashes.values())
    except (sqlite3.Error, OSError) as fault:
        return evidence, (_begin_again(path, fault) if _is_damaged(fault) else _describe_fault(path, fault),)
    here = {key for key in evidence.records if evidence.hashes.get(key) in known}
    return replace(evidence, here=evidence.here | here), ()


def remember(records: Sequence[Record]) -> tuple[Problem, ...]:
    """Keep the hashes of records that were computed on this machine; a warning if they cannot be kept."""
    path = default_path()
    if not records:
        return ()
    if path is None:
        message = "the record of what was computed on this machine has no folder"
        hint = "set XDG_STATE_HOME or HOME to an absolute path"
        return (warning(Location("evidence.json"), message, hint),)
    try:
        _add(path, [hash_line(write_line(record)) for record in records])
    except (sqlite3.Error, OSError) as fault:
        return (_describe_fault(path, fault),)
    return ()


def _find(path: Path, hashes: Collection[bytes]) -> Collection[bytes]:
    """Return those of some hashes that are in the record."""
    if not path.exists() or not path.stat().st_size:  # another build is about to begin it
        return ()
    asked, found = list(hashes), set[bytes]()
    with closing(_open(path)) as record:
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            marks = ",".join("?" * len(batch))
            rows = record.execute(f"SELECT hash FROM computed WHERE hash IN ({marks})", batch)  # noqa: S608  only marks
            found.update(one for (one,) in rows)
    return found


def _add(path: Path, hashes: Iterable[bytes]) -> None:
    """Add hashes, all or none; begin the record again if it is damaged."""
    try:
        _insert(path, hashes)
    except sqlite3.Error as fault:
        if not _is_damaged(fault):
            raise
        _delete(path)
        _insert(path, hashes)


def _insert(path: Path, hashes: Iterable[bytes]) -> None:
    for folder in (*reversed(path.parent.parents), path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    with contextlib.suppress(FileExistsError):  # SQLite itself would make it readable for everyone
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(_open(path)) as record:
        record.execute("BEGIN IMMEDIATE")
        record.execute(_TABLE)
        (build,) = record.execute("SELECT ifnull(max(build), 0) + 1 FROM computed").fetchone()
        record.executemany("INSERT OR IGNORE INTO computed VALUES (?, ?)", ((one, build) for one in hashes))
        (count,) = record.execute("SELECT count(*) FROM computed").fetchone()
        record.execute(
            "DELETE FROM computed WHERE hash IN (SELECT hash FROM computed ORDER BY build LIMIT ?)",
            (max(0, count - MAX_HASHES),),
        )
        record.execute("COMMIT")


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", BUSY, uri=True, isolation_level=None)


def _delete(path: Path) -> None:
    """Delete the record, and what a killed build left beside it."""
    for name in (path, path.with_name(f"{path.name}-journal")):
        name.unlink(missing_ok=True)


def _is_damaged(fault: Exception) -> bool:
    return getattr(fault, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def _begin_again(path: Path, damage: Exception) -> Problem:
    """Delete a damaged record, and warn of it."""
    try:
        _delete(path)
    except OSError as fault:
        return _describe_fault(path, fault)
    message = f"the record of what was computed on this machine was damaged and is begun again: {damage}"
    return warning(Location(str(path)), message, "evidence is computed again, once")


def _describe_fault(path: Path, fault: Exception) -> Problem:
    """Warn that the record cannot be read or written."""
    why = (fault.strerror if isinstance(fault, OSError) else None) or str(fault)
    message = f"the record of what was computed on this machine cannot be used: {why}"
    return warning(Location(str(path)), message, "without it, evidence is computed again at each build")
