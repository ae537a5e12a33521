"""Where an import writes: which pages go to which file, what stands there, and what is written."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from verideck import project as projects
from verideck.cards import Location
from verideck.importing import gathering, naming
from verideck.importing.composing import compose
from verideck.packaging import files
from verideck.problems import Problem, error
from verideck.reading.files import decode
from verideck.sources import SourcesError

if TYPE_CHECKING:
    from verideck.importing.flow import ImportedPage
    from verideck.importing.merging import Merged

_ID = re.compile(r"^<!--\s*card:\s*#(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Placed:
    """One file's text after the import; `path` is None for standard output."""

    path: Path | None
    pages: tuple[ImportedPage, ...]
    merged: Merged
    before: bytes = b""


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
        groups = [(output, list(range(len(kept))))] if kept else []
        deck = naming.deck("", output.name.replace("-", " ").capitalize()) if len(kept) > 1 else ""
    else:
        names = naming.file_names([page.found.path for page in kept], [page.found.root for page in kept])
        groups = [(output / name, [n]) for n, name in enumerate(names)]
        deck = ""
    return _composed(groups, kept, dates, deck, overwrite=overwrite)


def _composed(
    groups: Sequence[tuple[Path, list[int]]],
    pages: Sequence[ImportedPage],
    dates: Sequence[str],
    deck: str,
    *,
    overwrite: bool,
) -> tuple[tuple[Placed, ...], tuple[Problem, ...]]:
    placed: list[Placed] = []
    problems: list[Problem] = []
    targets = {path.resolve() for path, _ in groups}
    taken = _ids(groups[0][0] if groups else Path(), targets)
    existing = []
    for path, _ in groups:
        before, text, told = _standing(path)
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
        placed.append(Placed(path, tuple(chosen), merged, before))
    return tuple(placed), tuple(problems)


def write(placed: Sequence[Placed]) -> None:
    """Write the files, all of them or none. Raises WriteError."""
    targets: dict[Path, bytes] = {}
    for one in placed:
        if one.path is None:
            continue
        ending = "\r\n" if b"\r\n" in one.before else "\n"
        targets[one.path] = one.merged.text.replace("\n", ending).encode("utf-8", "replace")
        targets.update(_media(one, one.path.parent))
    for folder in dict.fromkeys(path.parent for path in targets):
        files.make_folder(folder)
    files.replace_all(list(targets.items()))


def _media(placed: Placed, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Give the images that came with a page, by their place beside the source; none may leave its folder."""
    for page in placed.pages:
        for name, data in page.page.media:
            pure = PurePosixPath(name)
            if not pure.is_absolute() and ".." not in pure.parts and pure.suffix and "\\" not in name:
                yield folder / name, data


def _standing(path: Path) -> tuple[bytes, str | None, tuple[Problem, ...]]:
    """Read the file that is to be merged into; no text where it cannot be, with the reason."""
    name = path.as_posix()
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return b"", "", ()
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


def _ids(target: Path, targets: set[Path]) -> Counter[str]:
    """Collect the ids of the deck's other sources."""
    folder = target.resolve().parent
    root = next((one for one in (folder, *folder.parents) if (one / projects.CONFIG).is_file()), folder)
    found: Counter[str] = Counter()
    for path in sorted(root.rglob("*.md")) if root.is_dir() else ():
        if path.resolve() not in targets and path.is_file():
            try:
                found.update(_ID.findall(path.read_text(encoding="utf-8", errors="replace")))
            except OSError:
                continue  # the build will say so
    return found
