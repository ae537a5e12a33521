"""The folder of a deck, found from what the user named, and which of its files are sources."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from verideck.cards import Location
from verideck.disk.refusals import RefusedError
from verideck.disk.tree import Member, Tree
from verideck.problems import Problem, error
from verideck.project import CONFIG


class SourcesError(Exception):
    """The paths on the command line do not name one deck."""


def shown(path: Path) -> str:
    """Return a path as the user in this folder would write it, with forward slashes."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def report_refusal(refused: RefusedError) -> Problem:
    """Return the problem of a path that was refused, at that path."""
    return error(Location(shown(refused.path)), refused.message, refused.hint)


def common_root(paths: Sequence[Path]) -> Path:
    """Return the folder of the deck that all paths belong to.

    Raises SourcesError if they belong to several.
    """
    roots = {root_of(resolve_named(path)) for path in paths}
    if len(roots) != 1:
        names = ", ".join(sorted(shown(root) for root in roots))
        raise SourcesError(f"these sources belong to different decks: {names}; build one deck at a time")
    return roots.pop()


def root_of(path: Path) -> Path:
    """Return the folder of a path's deck: the nearest one with a `deck.toml`, or else its own."""
    folder = path if path.is_dir() else path.parent
    for candidate in (folder, *folder.parents):
        if os.path.lexists(candidate / CONFIG):
            return candidate
    return folder


def resolve_named(path: Path) -> Path:
    """Return a path that the user named, without links.

    A folder may be a link. A file may be one only inside its deck, for a pattern such as `*.md` names all
    there are; one that leaves the deck stays as it is, and reading it is refused.
    """
    if path.is_dir():
        return Path(os.path.realpath(path))
    folder = Path(os.path.realpath(path.parent))
    try:
        return Tree(root_of(folder)).resolve(folder / path.name)
    except (RefusedError, OSError, ValueError):
        return folder / path.name


def choose_sources(
    members: Iterable[Member], folder: Path, root: Path, suffixes: Collection[str]
) -> list[Path]:
    """Choose the sources among the files below a folder of a deck, each file once, in order.

    Hidden files and a README are for other readers. A link counts if its own name does; where it leads to
    is read under the name that it has there, if that is a source's, too.
    """
    found: dict[Path, Path] = {}
    for member in members:
        if member.refused is None and _is_source(member.path, folder, suffixes):
            above = folder if member.real.is_relative_to(folder) else root
            canonical = _is_source(member.real, above, suffixes)
            found.setdefault(member.real, member.real if canonical else member.path)
    return sorted(found.values())


def _is_source(path: Path, folder: Path, suffixes: Collection[str]) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.suffix in suffixes and path.stem.casefold() != "readme" and not hidden
