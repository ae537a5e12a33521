"""The paths that no command follows and the files that none reads, each with a reason for the user."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


_MAX_TARGET = 200  # characters of where a link points that are shown


class RefusedError(Exception):
    """A path that is refused. `path` is to blame, `message` says what it is, `hint` how to fix it."""

    def __init__(self, path: Path, message: str, hint: str) -> None:
        super().__init__(f"{path}: {message}; {hint}")
        self.path = path
        self.message = message
        self.hint = hint


class OutsideError(RefusedError):
    """A path that leads out of its folder as it is written, without a link."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "this path leaves its folder", "copy the file into the folder")


class LinkError(RefusedError):
    """A link that is not followed."""

    def __init__(self, path: Path, target: str) -> None:
        self.target = _printable(target)
        message = f"this is a link, to `{self.target}`, which is not followed here"
        super().__init__(path, message, "replace the link with a copy of the file")


class LeavingLinkError(RefusedError):
    """A link that leaves the folder `root`."""

    def __init__(self, path: Path, target: str, root: Path) -> None:
        name = _printable(root.name or str(root))
        message = f"this link leaves the folder `{name}`: it points outside, to `{_printable(target)}`"
        super().__init__(path, message, "replace the link with a copy of what it points to")


class BrokenLinkError(RefusedError):
    """A link that leads to nothing, or back to itself."""

    def __init__(self, path: Path, target: str) -> None:
        message = f"this link leads to no file: it points to `{_printable(target)}`"
        super().__init__(path, message, "fix the link, or remove it")


class SpecialFileError(RefusedError):
    """A name in the place of a file that belongs to something else."""

    def __init__(self, path: Path, mode: int) -> None:
        self.is_folder = stat.S_ISDIR(mode)
        self.kind = _KINDS.get(stat.S_IFMT(mode), "not a regular file")
        hint = "remove it, or put a regular file in its place"
        super().__init__(path, f"cannot read the file: it is {self.kind}", hint)


class TooLargeError(RefusedError):
    """A file with more bytes than are read."""

    def __init__(self, path: Path, size: int, limit: int) -> None:
        message = f"a file of {size:,} bytes, expected at most {limit:,}"
        super().__init__(path, message, "make the file smaller")
        self.size = size


def _printable(target: str) -> str:
    """Return where a link points, without what a terminal would obey."""
    plain = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in target)
    return plain if len(plain) <= _MAX_TARGET else f"{plain[:_MAX_TARGET]}…"


def is_link(status: os.stat_result) -> bool:
    """Return whether a status that followed no link is a link's, or on Windows a junction's."""
    junction = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
    return stat.S_ISLNK(status.st_mode) or (
        junction is not None and getattr(status, "st_reparse_tag", 0) == junction
    )


def check_file(path: Path, status: os.stat_result) -> None:
    """Raise SpecialFileError unless a status is a regular file's."""
    if not stat.S_ISREG(status.st_mode):
        raise SpecialFileError(path, status.st_mode)
