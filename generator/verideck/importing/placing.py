"""Where an import writes: which pages go to which file, what stands there, and what is written."""

from __future__ import annotations

import contextlib
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from verideck.cards import Location
from verideck.disk.folder import open_folder
from verideck.disk.paths import choose_sources, root_of
from verideck.disk.refusals import RefusedError, TooLargeError
from verideck.disk.tree import Tree
from verideck.importing import gathering, naming
from verideck.importing.composing import compose
from verideck.packaging import files
from verideck.problems import Problem, error
from verideck.reading.files import MOST_BYTES, decode, too_large
from verideck.sources import SourcesError

if TYPE_CHECKING:
    from verideck.importing.flow import ImportedPage
    from verideck.importing.merging import Merged

_ID = re.compile(r"^<!--\s*card:\s*#(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Placed:
    """One file's text after the import; `path` is None for standard output.

    `base` is the folder that the user named, its own where it is None: nothing below may be a link.
    """

    path: Path | None
    pages: tuple[ImportedPage, ...]
    merged: Merged
    before: bytes = b""
    base: Path | None = None


def is_file(output: Path) -> bool:
    """Tell whether an output is one file rather than a folder.

    Raises SourcesError where its name is neither a folder's nor a source's.
    """
    if output.is_dir() or not output.suffix:
        if output.is_file():
            raise SourcesError(f"`{output.as_posix()}` is a file without the ending .md")
        return False
    if output.suffix != ".md":
        raise SourcesError(
            f"`{output.as_posix()}` ends in `{output.suffix}`; write a source, FILE.md, or a folder"
        )
    return True


def check(output: Path) -> None:
    """Check an output before the work is done.

    Raises SourcesError as `is_file` does, and WriteError for a file that is a link, or no file.
    """
    if is_file(output):
        files.check_file(output)


def place(
    pages: Sequence[ImportedPage], output: Path | None, *, overwrite: bool = False
) -> tuple[tuple[Placed, ...], tuple[Problem, ...]]:
    """Compose the text of every file; pages without a card get none. Writes nothing."""
    kept = [page for page in pages if page.entries]
    dates = [gathering.date(page.found.path, os.environ.get("SOURCE_DATE_EPOCH")) for page in kept]
    if output is None:
        return tuple(
            Placed(None, (page,), compose([page], [date])) for page, date in zip(kept, dates, strict=True)
        ), ()
    if is_file(output):
        base, groups = output.parent, [(output, list(range(len(kept))))] if kept else []
        deck = naming.deck("", output.name.replace("-", " ").capitalize()) if len(kept) > 1 else ""
    else:
        names = naming.file_names([page.found.path for page in kept], [page.found.root for page in kept])
        base, groups = output, [(output / name, [n]) for n, name in enumerate(names)]
        deck = ""
    return _composed(base, groups, kept, dates, deck, overwrite=overwrite)


def _composed(
    base: Path,
    groups: Sequence[tuple[Path, list[int]]],
    pages: Sequence[ImportedPage],
    dates: Sequence[str],
    deck: str,
    *,
    overwrite: bool,
) -> tuple[tuple[Placed, ...], tuple[Problem, ...]]:
    placed: list[Placed] = []
    problems: list[Problem] = []
    taken = _ids(base, {path.relative_to(base) for path, _ in groups})
    existing = []
    for path, _ in groups:
        before, text, told = _standing(path, base)
        existing.append((before, text))
        problems += told
    held = [Counter(_ID.findall(text or "")) for _, text in existing]
    taken = taken + sum(held, Counter())
    for (path, members), (before, text), own in zip(groups, existing, held, strict=True):
        if text is None:
            continue
        others = taken - own
        chosen = [pages[n] for n in members]
        merged = compose(chosen, [dates[n] for n in members], text, set(others), deck, overwrite=overwrite)
        taken = others + Counter(_ID.findall(merged.text))
        placed.append(Placed(path, tuple(chosen), merged, before, base))
    return tuple(placed), tuple(problems)


def write(placed: Sequence[Placed]) -> None:
    """Write the files, all of them or none. Raises WriteError."""
    targets: dict[Path, bytes] = {}
    bases: dict[Path, None] = {}
    for one in placed:
        if one.path is None:
            continue
        bases[one.base or one.path.parent] = None
        ending = "\r\n" if b"\r\n" in one.before else "\n"
        targets[one.path] = one.merged.text.replace("\n", ending).encode("utf-8", "replace")
        targets.update(_media(one, one.path.parent))
    for folder in dict.fromkeys(path.parent for path in targets):
        files.make_folder(folder, next(base for base in bases if folder.is_relative_to(base)))
    files.replace_all(list(targets.items()), bases)


def _media(placed: Placed, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Give the images that came with a page, by their place beside the source; none may leave its folder."""
    for page in placed.pages:
        for name, data in page.page.media:
            pure = PurePosixPath(name)
            if not pure.is_absolute() and ".." not in pure.parts and pure.suffix and "\\" not in name:
                yield folder / name, data


def _standing(path: Path, base: Path) -> tuple[bytes, str | None, tuple[Problem, ...]]:
    """Read the file that is to be merged into; no text where it cannot be, with the reason.

    Below `base` nothing may be a link: the file is written where it is read.
    """
    name = path.as_posix()
    try:
        with open_folder(base, path.parent.relative_to(base).parts) as folder:
            data = folder.read(path.name, MOST_BYTES)
    except FileNotFoundError:
        return b"", "", ()
    except TooLargeError as refused:
        return b"", None, (too_large(refused.size, name),)
    except RefusedError as refused:
        return b"", None, (error(Location(refused.path.as_posix()), refused.message, refused.hint),)
    except OSError as fault:
        message = f"cannot read the file: {(fault.strerror or str(fault)).lower()}"
        return b"", None, (error(Location(name), message, "let it be read, or write to another file"),)
    if not data.strip():
        return b"", "", ()
    text, problems = decode(data, name)
    if text is not None and not gathering.is_source(data):
        hint = "it names no deck in its front matter; write to another file"
        return data, None, (error(Location(name), "this file is not a source: it is left alone", hint),)
    return data, text, problems


def _ids(base: Path, targets: set[Path]) -> Counter[str]:
    """Collect the ids of the deck's other sources; `targets` are below the folder `base`."""
    folder = Path(os.path.realpath(base))
    own = {folder / target for target in targets}
    tree = Tree(root_of(folder))
    found: Counter[str] = Counter()
    for path in choose_sources(tree.members(tree.root), tree.root, tree.root, (".md",)):
        if path not in own:
            with contextlib.suppress(OSError, RefusedError):  # the build will say so
                found.update(_ID.findall(tree.read(path, MOST_BYTES).decode("utf-8", errors="replace")))
    return found
