"""Finds the files to import, and reads each into a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from verideck.cards import Location
from verideck.disk.paths import resolve_named, shown
from verideck.disk.refusals import RefusedError, SpecialFileError, TooLargeError
from verideck.disk.tree import Tree
from verideck.problems import Problem, error
from verideck.reading import formats, front_matter, pages
from verideck.reading.items import Page
from verideck.reading.passages import Line
from verideck.sources import PAGES

# What a folder is searched for; a file that is named itself may end in anything.
SUFFIXES = tuple(sorted((*PAGES, ".md")))
MOST_BYTES = 500_000_000
_LONGEST_HEAD = 20_000  # characters in which front matter is looked for


@dataclass(frozen=True, slots=True)
class Found:
    """A file to import; `root` is the folder it was found through, or the file itself where it was named.

    Reading it does not leave `tree`; without one that is the root, or the folder of a file that was named.
    """

    path: Path
    root: Path
    tree: Path | None = None

    @property
    def name(self) -> str:
        """Give its path as a person at this folder would write it."""
        return shown(self.path)


def find(paths: Sequence[Path]) -> tuple[Found, ...]:
    """List the files that `paths`, files and folders, name: each once, a folder's in order of their names."""
    found: dict[Path, Found] = {}
    for path in paths:
        for real, one in _below(path.absolute()):
            known = found.get(real)
            if known is None or (one.path == real != known.path):
                found[real] = one
    return tuple(found.values())


def _below(path: Path) -> Iterator[tuple[Path, Found]]:
    """List the files that a path names, each with where it leads."""
    if not path.is_dir():
        yield resolve_named(path), Found(path, path)
        return
    tree = Tree(path)
    for member in tree.members(tree.root):
        below = path / member.path.relative_to(tree.root)
        wanted = below.suffix.lower() in SUFFIXES and not _passed_over(tree, member.path)
        if member.refused or wanted:  # that a link leaves the folder is told when it is read
            yield member.real, Found(below, path)


def _passed_over(tree: Tree, path: Path) -> bool:
    """Tell whether a file in a folder is Verideck's own Markdown, or a README for a folder's readers."""
    if path.stem.casefold() == "readme":
        return True
    if path.suffix.lower() != ".md":
        return False
    try:
        return is_source(tree.read(path, _LONGEST_HEAD, cut=True))
    except (OSError, RefusedError):
        return False


def is_source(data: bytes) -> bool:
    """Tell whether a file is Markdown in the source format: it names a deck in its front matter."""
    text = data[:_LONGEST_HEAD].decode("utf-8", errors="replace").removeprefix("\ufeff")
    lines = [Line(line, number) for number, line in enumerate(text.splitlines(), start=1)]
    matter, _, _ = front_matter.read(lines, "")
    return bool(matter.deck)


def read(found: Found) -> Page:
    """Read a file; what cannot be read is a page that holds one problem."""
    try:
        data = _bytes(found)
    except TooLargeError as refused:
        return unread(found.name, f"a file of {refused.size:,} bytes", f"a page has at most {MOST_BYTES:,}")
    except SpecialFileError as refused:
        return unread(found.name, refused.message, "name a saved page, or a folder of them")
    except RefusedError as refused:
        return unread(found.name, refused.message, refused.hint)
    except OSError as fault:
        reason = (fault.strerror or str(fault)).lower()
        return unread(found.name, f"cannot read the file: {reason}", "let it be read, or name another")
    if found.path.suffix.lower() == ".md" and is_source(data):
        hint = f"it can be built: `verideck check {found.name}`"
        return unread(found.name, "this is a source already, not a page", hint)
    return formats.read(data, found.name) or pages.read(data, found.name)


def _bytes(found: Found) -> bytes:
    if found.tree is not None:
        return Tree(found.tree).read(found.path, MOST_BYTES)
    above = found.root if found.root != found.path else found.path.parent
    return Tree(above).read(found.path.relative_to(above), MOST_BYTES)


def unread(name: str, message: str, hint: str) -> Page:
    """Give the page of a file that was not read."""
    return Page(name, "", "", (), (error(Location(name), message, hint),))


def date(path: Path, epoch: str | None) -> str:
    """Give the day on which a file was saved, or the one that SOURCE_DATE_EPOCH sets."""
    try:
        seconds = float(int(epoch)) if epoch else path.stat().st_mtime
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OSError, OverflowError, ValueError):
        return "of unknown date"


def problems(read_pages: Iterable[Page]) -> tuple[Problem, ...]:
    """Collect what readers found wrong."""
    return tuple(problem for page in read_pages for problem in page.problems)
