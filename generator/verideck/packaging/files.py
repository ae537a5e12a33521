"""Files on disk, replaced completely or not at all, and never through a link.

A build replaces the evidence, then the lock, then the package. Killed in between, it leaves the new lock
beside the old package: consistent, for the next build gives, from the same sources and that lock, the
package that the lock describes. The other way round a package would be out whose identities no lock knows.

A cloned deck may have links where a command writes. Below a *base*, a folder that the user has named or the
deck's own, every folder is opened without following links, and the new file is made and renamed in the
folder that was opened: a link that takes a name meanwhile is replaced itself, never what it points to.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from verideck.cards import Location
from verideck.disk.folder import Folder, open_folder
from verideck.disk.refusals import LinkError, RefusedError, SpecialFileError
from verideck.problems import Problem, error

_MARK = ".verideck-new"
_LEFT = re.compile(rf"\.(?P<name>.+)\.[0-9a-f]{{8}}{re.escape(_MARK)}", re.DOTALL)

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
    errno.ELOOP: ("a link took the place of its folder", "remove the link"),
    errno.ENAMETOOLONG: ("its name is too long", "choose a shorter one"),
}


class WriteError(Exception):
    """A file that could not be written; `problem` says it to a person."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.path}: {problem.message}; {problem.hint}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A new file, complete, that waits for its name."""

    path: Path
    folder: Folder
    name: str


def replace_all(targets: Sequence[tuple[Path, bytes]], bases: Collection[Path] = ()) -> None:
    """Replace files, in the order given, once all of the new ones are safe on disk.

    Each file is at every moment either the old or the new one. One that has these bytes already is kept. No
    target may be a link, nor any folder between it and the nearest of `bases` above it; without such a base
    its folder counts as named by the user.
    Raises WriteError; unless a folder or file was exchanged meanwhile, all files are then the old ones.
    """
    ready: list[_Fresh] = []
    with contextlib.ExitStack() as opened:
        try:
            folders: dict[Path, Folder] = {}
            for path, data in targets:
                with _told(path):
                    if path.parent not in folders:
                        folders[path.parent] = opened.enter_context(_open(path.parent, bases))
                        _sweep(
                            folders[path.parent],
                            {one.name for one, _ in targets if one.parent == path.parent},
                        )
                    _prepare(folders[path.parent], path, data, ready)
            for fresh in ready:
                with _told(fresh.path):
                    _old(fresh.folder, fresh.path.name)
                    fresh.folder.replace(fresh.name, fresh.path.name)
                    fresh.folder.settle()
        finally:
            for fresh in ready:
                with contextlib.suppress(OSError, RefusedError):
                    fresh.folder.remove(fresh.name)


def make_folder(path: Path, base: Path | None = None) -> None:
    """Make a folder and those above it; without `base` the user has named it. Raises WriteError.

    Between `base` and the folder no link is followed.
    """
    named, below = _split(path, [base] if base else [])
    with _told(path):
        named.mkdir(parents=True, exist_ok=True)
        folder = open_folder(named)
        for name in below:
            with folder:
                folder.make(name)
                folder = folder.enter(name)
        folder.close()


def check_folder(path: Path, base: Path | None = None) -> None:
    """Raise WriteError if a folder that is to be made or written to has a link between `base` and itself."""
    with _told(path), contextlib.suppress(FileNotFoundError):
        _open(path, [base] if base else []).close()


def check_file(path: Path) -> None:
    """Raise WriteError if a file that is to be written is a link, or no file."""
    with _told(path), contextlib.suppress(FileNotFoundError), _open(path.parent, ()) as folder:
        _old(folder, path.name)


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
    with _told(folder):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
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


def _split(folder: Path, bases: Collection[Path]) -> tuple[Path, Sequence[str]]:
    """Return the nearest base of a folder, and the names from there down to it."""
    above = [base for base in bases if folder.is_relative_to(base)]
    base = max(above, key=lambda base: len(base.parts), default=folder)
    return base, folder.relative_to(base).parts


def _open(folder: Path, bases: Collection[Path]) -> Folder:
    return open_folder(*_split(folder, bases))


def _prepare(folder: Folder, path: Path, data: bytes, ready: list[_Fresh]) -> None:
    """Write a file beside its target and see it through to the disk, unless the target has its bytes."""
    old = _old(folder, path.name)
    if old and old.st_size == len(data) and _holds(folder, path.name, data):
        return
    name = f".{path.name}.{secrets.token_hex(4)}{_MARK}"
    handle = folder.create(name)
    ready.append(_Fresh(path, folder, name))
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        if old and hasattr(os, "fchmod"):  # Windows has no permissions that matter here
            os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode) & 0o777)
        os.fsync(file.fileno())


def _old(folder: Folder, name: str) -> os.stat_result | None:
    """Return the status of the file to replace, None if there is none; refuse a link or a protected one."""
    try:
        status = folder.check(name)
    except FileNotFoundError:
        return None
    except SpecialFileError as refused:
        if refused.is_folder:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)) from refused
        raise
    if not folder.is_writable(name):  # a rename would not ask
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return status


def _holds(folder: Folder, name: str, data: bytes) -> bool:
    try:
        return folder.read(name, len(data)) == data
    except (OSError, RefusedError):
        return False


def _sweep(folder: Folder, targets: Collection[str]) -> None:
    """Remove what a killed build left beside the targets; a link of such a name is not ours."""
    for name in folder.names():
        if (left := _LEFT.fullmatch(name)) and left["name"] in targets:
            with contextlib.suppress(OSError, RefusedError):
                folder.check(name)
                folder.remove(name)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn the system's error, or a refusal, into words."""
    try:
        yield
    except RefusedError as refused:
        place, hint = Location(str(refused.path)), "remove it, or write to another place"
        if isinstance(refused, LinkError):
            message = f"cannot write here: this is a link, to `{refused.target}`"
        elif isinstance(refused, SpecialFileError):
            message = f"cannot write this file: {refused.kind} has its name"
        else:
            message = f"cannot write this file: {refused.message}"
        raise WriteError(error(place, message, hint)) from refused
    except OSError as fault:
        said = fault.strerror or str(fault)
        reason, hint = _REASONS.get(
            fault.errno or 0, (said[:1].lower() + said[1:], "see to the disk and build again")
        )
        problem = error(Location(str(path)), f"cannot write this file: {reason}", hint)
        raise WriteError(problem) from fault
