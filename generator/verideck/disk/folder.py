"""Open folders. What is done in one stays in it, even if its path comes to lead elsewhere meanwhile.

Each name is looked up in the folder's own handle and no link is followed, so that nobody can exchange a
part of a path between a check and its use. Windows knows no such look-ups: there every part of the path is
checked again right before each use.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from verideck.disk.refusals import LinkError, TooLargeError, check_file, is_link

# Whether names can be looked up in an open folder.
HAS_HANDLES = {os.open, os.stat, os.unlink, os.rename, os.mkdir, os.readlink, os.access} <= os.supports_dir_fd

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
# A named pipe without a writer would keep us waiting, and a terminal would become ours.
_READ = os.O_RDONLY | _NO_LINK | _BINARY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY
_CHUNK = 1 << 20  # bytes


class Folder:
    """An open folder; `path` is for the user. Every method takes the name of something in it."""

    def __init__(self, path: Path, handle: int | None, below: Sequence[Path] = ()) -> None:
        self.path = path
        self._handle = handle
        self._below = below  # without handles: the paths that must still be folders at each use

    def __enter__(self) -> Folder:
        """Return the folder itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the folder."""
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def names(self) -> list[str]:
        """List what is in the folder, in the order of names."""
        return sorted(os.listdir(self._at() if self._handle is None else self._handle))  # noqa: PTH208  a handle

    def entries(self) -> list[tuple[str, os.stat_result]]:
        """List what is in the folder, each with its status."""
        found = []
        for name in self.names():
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                found.append((name, self.status(name)))
        return found

    def status(self, name: str) -> os.stat_result:
        """Return a status without following a link."""
        return os.stat(self._at(name), dir_fd=self._handle, follow_symlinks=False)

    def target(self, name: str) -> str:
        """Return where a link points."""
        return os.readlink(self._at(name), dir_fd=self._handle)

    def enter(self, name: str) -> Folder:
        """Open a folder in this one. Raises LinkError for a link."""
        path = self.path / name
        self._refuse_link(name)
        if not stat.S_ISDIR(self.status(name).st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if self._handle is None:
            return Folder(path, None, (*self._below, path))
        return Folder(path, os.open(name, _FOLDER | _NO_LINK, dir_fd=self._handle))

    def read(self, name: str, limit: int, *, cut: bool = False) -> bytes:
        """Read a regular file of at most `limit` bytes, or with `cut` the first bytes of a larger one.

        Raises:
            RefusedError: for a link, for anything that is not a regular file, and for a file that is larger.

        """
        self.check(name)
        with os.fdopen(os.open(self._at(name), _READ, dir_fd=self._handle), "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            check_file(self.path / name, status)
            if self._handle is None:
                self.check(name)
            if status.st_size > limit and not cut:
                raise TooLargeError(self.path / name, status.st_size, limit)
            data = bytearray()
            while more := file.read(min(_CHUNK, limit + 1 - len(data))):
                data += more
        if len(data) > limit and not cut:  # it has grown meanwhile
            raise TooLargeError(self.path / name, len(data), limit)
        return bytes(memoryview(data)[:limit])

    def check(self, name: str) -> os.stat_result:
        """Return the status of a regular file. Raises RefusedError for a link and for anything else."""
        self._refuse_link(name)
        status = self.status(name)
        check_file(self.path / name, status)
        return status

    def create(self, name: str) -> int:
        """Create a file and return its descriptor. Raises FileExistsError for whatever has the name."""
        return os.open(self._at(name), _CREATE, 0o666, dir_fd=self._handle)

    def replace(self, name: str, other: str) -> None:
        """Rename a file to `other`, in place of the file, or the link itself, that has this name."""
        os.replace(self._at(name), self._at(other), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def remove(self, name: str) -> None:
        """Remove a file, or a link itself."""
        os.unlink(self._at(name), dir_fd=self._handle)

    def make(self, name: str) -> None:
        """Make a folder; one that is there already stays."""
        with contextlib.suppress(FileExistsError):
            os.mkdir(self._at(name), dir_fd=self._handle)

    def is_writable(self, name: str) -> bool:
        """Return whether a file may be written to."""
        return os.access(self._at(name), os.W_OK, dir_fd=self._handle)

    def settle(self) -> None:
        """See renames through to the disk; some systems cannot and need not."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.fsync(self._handle)

    def _at(self, name: str = "") -> str:
        if self._handle is not None:
            return name
        for path in self._below:
            if is_link(path.lstat()):
                raise LinkError(path, str(path.readlink()))
        return str(self.path / name)

    def _refuse_link(self, name: str) -> None:
        if is_link(self.status(name)):
            raise LinkError(self.path / name, self.target(name))


def open_folder(path: Path, below: Sequence[str] = ()) -> Folder:
    """Open a folder that the user named, whatever it is called by, and in it those `below`, one in the other.

    Raises LinkError if one of those below is a link.
    """
    handle = os.open(path, _FOLDER) if HAS_HANDLES else None
    if handle is None and not stat.S_ISDIR(path.stat().st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    folder = Folder(path, handle)
    for name in below:
        with folder:
            folder = folder.enter(name)
    return folder
