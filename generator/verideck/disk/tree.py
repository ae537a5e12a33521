"""A folder that is read: files at any depth, and links as long as they stay in it.

Where a path leads is found out link by link, and nothing outside the folder is looked at for that. What it
leads to is then opened without following any link.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from verideck.disk.folder import Folder, open_folder
from verideck.disk.refusals import (
    BrokenLinkError,
    LeavingLinkError,
    OutsideError,
    RefusedError,
    SpecialFileError,
    is_link,
)

MAX_LINKS = 40  # links on the way to one file, as Linux has it
MAX_DEPTH = 64  # levels of nested folders


@dataclass(frozen=True, slots=True)
class Member:
    """A file below a folder: its path, where that leads without links, and why it is not to be read."""

    path: Path
    real: Path
    refused: RefusedError | None = None


class Tree:
    """All that is below one folder. The folder's own path may have links: the user has named it."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))

    def resolve(self, path: Path) -> Path:
        """Return where a path, relative ones begin at the root, leads without links.

        Raises:
            RefusedError: if it, or a link on its way, leaves the root, or a link leads back to itself.

        """
        top = self.root.parts
        found: list[str] = []
        left = [*reversed((self.root / path).parts)]
        links: list[tuple[Path, str]] = []
        while left:
            part = left.pop()
            if part == "..":
                del found[max(1, len(found) - 1) :]
            elif len(found) < len(top):  # outside there is only the way back, and nothing is looked at
                if os.path.normcase(part) != os.path.normcase(top[len(found)]):
                    raise LeavingLinkError(*links[-1], self.root) if links else OutsideError(path)
                found.append(top[len(found)])
            elif (target := _target(here := Path(*found, part))) is None:
                found.append(part)
            else:
                links.append((here, target))
                if len(links) > MAX_LINKS:
                    raise BrokenLinkError(*links[0])
                if PurePath(target).anchor:
                    found.clear()
                left += reversed(PurePath(target).parts)
        if len(found) < len(top):
            raise LeavingLinkError(*links[-1], self.root) if links else OutsideError(path)
        return Path(*found)

    def read(self, path: Path, limit: int, *, cut: bool = False) -> bytes:
        """Read a file of at most `limit` bytes, or with `cut` the first bytes of a larger one.

        Raises:
            RefusedError: if the path leads outside, or to anything but a regular file of this size.

        """
        real = self.resolve(path)
        if real == self.root:
            raise SpecialFileError(real, stat.S_IFDIR)
        try:
            with self._open(real.parent) as folder:
                return folder.read(real.name, limit, cut=cut)
        except FileNotFoundError:
            if target := _target(self.root / path):
                raise BrokenLinkError(self.root / path, target) from None
            raise

    def names(self, folder: Path) -> list[str]:
        """List what is in a folder; nothing if it cannot be listed."""
        try:
            with self._open(self.resolve(folder)) as opened:
                return opened.names()
        except (OSError, RefusedError):
            return []

    def members(self, folder: Path) -> list[Member]:
        """List all files below a folder of the tree, except hidden ones, in order.

        Links are followed as long as they stay in the tree, each folder once. A link that does not stay is
        listed with the reason, as is a folder that cannot be listed. What is not a folder counts as a file.
        """
        found: list[Member] = []
        left, linked, seen = [Member(folder, folder)], list[Member](), set[Path]()
        while left or linked:
            here = left.pop() if left else linked.pop()  # first by their own names
            if here.real in seen:
                continue
            seen.add(here.real)
            for member, is_folder in self._inner(here):
                if not is_folder:
                    found.append(member)
                else:
                    (left if member.path == member.real else linked).append(member)
        return sorted(found, key=lambda member: member.path)

    def folders(self, skip: Collection[str] = ()) -> list[Path]:
        """List the root and all folders below it but those called as in `skip`; no link is followed."""
        found, left = [], [self.root]
        while left:
            path = left.pop()
            try:
                with self._open(path) as folder:
                    inner = [name for name, status in folder.entries() if stat.S_ISDIR(status.st_mode)]
            except (OSError, RefusedError):  # it is gone, or not ours to read
                continue
            found.append(path)
            if len(path.parts) - len(self.root.parts) < MAX_DEPTH:
                left += (path / name for name in inner if name not in skip)
        return found

    def _inner(self, here: Member) -> Iterator[tuple[Member, bool]]:
        """List what is in a folder, each with whether it is a folder itself."""
        if len(here.real.parts) - len(self.root.parts) > MAX_DEPTH:
            message = f"folders are nested more than {MAX_DEPTH} levels deep"
            yield replace(here, refused=RefusedError(here.path, message, "move the folder up")), False
            return
        try:
            with self._open(here.real) as folder:
                entries = folder.entries()
        except FileNotFoundError:  # removed meanwhile
            return
        except RefusedError as refused:
            yield replace(here, refused=refused), False
            return
        except OSError as fault:
            message = f"cannot list this folder: {fault.strerror}"
            wrong = RefusedError(here.path, message, "check the folder's permissions")
            yield replace(here, refused=wrong), False
            return
        for name, status in entries:
            if not name.startswith("."):
                member = Member(here.path / name, here.real / name)
                yield self._followed(member) if is_link(status) else (member, stat.S_ISDIR(status.st_mode))

    def _followed(self, link: Member) -> tuple[Member, bool]:
        """Return what a link leads to, and whether that is a folder."""
        try:
            real = self.resolve(link.real)
            return Member(link.path, real), stat.S_ISDIR(real.lstat().st_mode)
        except LeavingLinkError as refused:
            return replace(link, refused=refused), False
        except (BrokenLinkError, OSError):  # reported when it is read
            return link, False

    def _open(self, real: Path) -> Folder:
        return open_folder(self.root, real.relative_to(self.root).parts)


def _target(path: Path) -> str | None:
    """Return where a link points, None for anything else."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return str(path.readlink()).removeprefix("\\\\?\\") if is_link(status) else None
