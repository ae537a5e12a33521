"""Files on disk, replaced whole or not at all.

A build replaces the evidence, then the lock, then the package. Killed in between, it leaves the new lock
beside the old package: consistent, for the next build gives, from the same sources and that lock, the
package that the lock describes. The other way round a package would be out whose identities no lock knows.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from verideck.cards import Location
from verideck.problems import Problem, error

_MARK = ".verideck-new"

_REASONS = {
    errno.ENOSPC: ("the disk is full", "make room and build again"),
    errno.EDQUOT: ("your quota of the disk is used up", "make room and build again"),
    errno.EFBIG: ("the file is larger than this system allows", "raise the limit on file sizes"),
    errno.EACCES: ("no permission to write it", "change the permissions, or choose another folder"),
    errno.EPERM: ("no permission to write it", "change the permissions, or choose another folder"),
    errno.EROFS: ("the disk is read-only", "choose another folder"),
    errno.ENOENT: ("its folder does not exist", "create the folder"),
    errno.ENOTDIR: ("its folder is a file", "choose another folder"),
    errno.EISDIR: ("a folder has its name", "move the folder away"),
    errno.ENAMETOOLONG: ("its name is too long", "choose a shorter one"),
}


class WriteError(Exception):
    """A file that could not be written; `problem` says it to a person."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.path}: {problem.message}; {problem.hint}")
        self.problem = problem


def replace_all(targets: Sequence[tuple[Path, bytes]]) -> None:
    """Replace files, in the order given, once all of the new ones are safe on disk.

    Each file is at every moment either the old or the new one. What stands there already is left alone.
    Raises WriteError; unless a folder vanished meanwhile, all files are then the old ones.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for path, data in targets:
            with _told(path):
                real = Path(os.path.realpath(path))  # a link stays a link
                _sweep(real)
                if not _holds(real, data):
                    fresh = real.with_name(f".{real.name}.{secrets.token_hex(4)}{_MARK}")
                    ready.append((fresh, real))
                    _write(fresh, real, data)
        for fresh, real in ready:
            with _told(real):
                fresh.replace(real)
                _settle(real.parent)
    finally:
        for fresh, _ in ready:
            with contextlib.suppress(OSError):
                fresh.unlink()


def make_folder(path: Path) -> None:
    """Make a folder and those above it. Raises WriteError."""
    with _told(path):
        path.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep a second build of the same sources out for as long as this one lasts.

    Where the system or the disk knows no such lock, nothing is kept out.
    Raises WriteError if another build is at work.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            place = Location(str(folder))
            raise WriteError(error(place, "another build is at work here", "wait until it is done")) from None
        except OSError:  # a network disk without locks
            pass
        yield
    finally:
        os.close(handle)


def _write(fresh: Path, real: Path, data: bytes) -> None:
    """Write a file beside its target and see it through to the disk."""
    mode = _mode(real)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        fresh.chmod(mode)


def _mode(real: Path) -> int | None:
    """Give the permissions of the file to replace, None where there is none; refuse a protected one."""
    try:
        status = real.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not os.access(real, os.W_OK):  # a rename would not ask
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(status.st_mode)


def _holds(real: Path, data: bytes) -> bool:
    try:
        return real.stat().st_size == len(data) and real.read_bytes() == data
    except OSError:
        return False


def _sweep(real: Path) -> None:
    """Clear away what a killed build left beside the target."""
    for left in real.parent.glob(f".*{_MARK}"):
        if left.name.startswith(f".{real.name}."):
            with contextlib.suppress(OSError):
                left.unlink()


def _settle(folder: Path) -> None:
    """See a rename through to the disk before the next one; some systems cannot and need not."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn the system's error into words."""
    try:
        yield
    except OSError as fault:
        said = fault.strerror or str(fault)
        reason, hint = _REASONS.get(
            fault.errno or 0, (said[:1].lower() + said[1:], "see to the disk and build again")
        )
        problem = error(Location(str(path)), f"cannot write this file: {reason}", hint)
        raise WriteError(problem) from fault
