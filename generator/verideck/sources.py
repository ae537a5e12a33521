"""Finds and reads the files of a deck: its sources, `deck.toml`, lock, evidence and images."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from verideck import project as projects
from verideck.cards import Card, Location
from verideck.disk.folder import open_folder
from verideck.disk.images import read_images
from verideck.disk.paths import (
    SourcesError,
    choose_sources,
    common_root,
    report_refusal,
    resolve_named,
    shown,
)
from verideck.disk.refusals import RefusedError, TooLargeError
from verideck.disk.tree import Tree
from verideck.problems import Problem, error, has_errors, nearest
from verideck.reading import READERS, deck_names, duplicates, files

if TYPE_CHECKING:
    from verideck.project import Project

__all__ = [
    "EVIDENCE", "LOCK", "PAGES", "PageCards", "Sources", "SourcesError", "common_root", "gather", "images",
    "own_text", "parse", "report_refusal", "shown",
]  # fmt: skip

LOCK = "deck.lock"
EVIDENCE = "evidence.json"

# maximum bytes of what a build wrote; 100,000 cards take about 52 million and 325 million
_MAX_BYTES = {LOCK: 128_000_000, EVIDENCE: 512_000_000}
MAX_OWN_BYTES = max(_MAX_BYTES.values())  # of either

_RESTORE = {
    LOCK: "take the file from an earlier commit; without it, retired cards and releases are forgotten",
    EVIDENCE: "delete the file: all of it is computed again",
}


# What a saved page's name may end in; Markdown is a source.
PAGES = (".aiken", ".apkg", ".colpkg", ".csv", ".gift", ".htm", ".html", ".tsv", ".txt", ".xhtml")


@dataclass(frozen=True, slots=True)
class PageCards:
    """The cards of a page that is built without a source of its own."""

    title: str
    cards: tuple[Card, ...]
    problems: tuple[Problem, ...]


ImportPages = Callable[[Sequence[Path], Path], Sequence[PageCards]]  # of files below a root
Parse = Callable[[bytes, str, str], tuple[tuple[Card, ...], tuple[Problem, ...]]]


@dataclass(frozen=True, slots=True)
class Sources:
    """One deck as it lies on disk.

    `files` maps each file read, as shown to a person, to its name below `root`; `present` names all
    sources there are, read or not; `whole` tells that all of them were read. Where a `deck.toml` is
    needed and cannot be read, there are problems and no cards.

    `others` are the cards of the other Markdown sources, and `seen` maps those files like `files`: a part of
    a deck is built with a look at all of it, so that a card that was moved out of another file is known.
    """

    root: Path
    config: Path
    project: Project | None
    files: Mapping[str, str]
    present: frozenset[str]
    whole: bool
    cards: tuple[Card, ...]
    problems: tuple[Problem, ...]
    title: str = ""  # of the one page that was read, where there is no Markdown
    others: tuple[Card, ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)


def parse(data: bytes, name: str, suffix: str) -> tuple[tuple[Card, ...], tuple[Problem, ...]]:
    """Give what a source of one of the known suffixes holds; `name` is how a person knows it."""
    text, problems = files.decode(data, name)
    if text is None:
        return (), problems
    reading = READERS[suffix](text, name)
    return reading.cards, (*problems, *reading.problems)


def gather(
    paths: Sequence[Path],
    import_pages: ImportPages | None = None,
    parse: Parse = parse,
    output: Path | None = None,
) -> Sources:
    """Read every source that `paths` (files or folders of one deck) name.

    `import_pages` reads saved pages; in a folder they are looked for where it holds no Markdown. Whoever
    reads a deck again and again gives a `parse` that remembers. A link that leaves the deck is a problem,
    unless it is the folder `output`, which the user has named.
    Raises SourcesError where the paths name two decks or none.
    """
    tree = Tree(common_root(paths))
    read, refused = _choose(paths, tree, pages=import_pages is not None)
    pages = [path for path in read if import_pages and path.suffix.lower() in PAGES]
    imported = dict(zip(pages, import_pages(pages, tree.root), strict=True)) if import_pages and pages else {}
    problems = [report_refusal(one) for one in refused if output is None or not _is_same(one.path, output)]
    cards: list[Card] = []
    for path in read:
        found, told = (
            (imported[path].cards, imported[path].problems) if path in imported else _read(tree, path, parse)
        )
        cards += found
        problems += told
    if not read:
        hint = f"a source ends in {', '.join(sorted(READERS))}"
        problems.append(error(Location(shown(tree.root)), "no sources in this folder", hint))
    others, seen = _others(tree, read, parse)
    problems += _duplicates(cards, others, {shown(path) for path in read})
    config = tree.root / projects.CONFIG
    project, told = _project(tree, config)
    problems += deck_names.find(cards, project.decks.values() if project else ())
    if project:
        problems += _deck_problems(cards, project, shown(config))
    elif told:  # without its names and works every card would seem wrong
        cards = []
    present, whole = _present(tree, read, pages=bool(pages))
    return Sources(
        root=tree.root,
        config=config,
        project=project,
        files={shown(path): _name(path, tree.root) for path in read},
        present=present,
        whole=whole,
        cards=tuple(cards),
        problems=(*problems, *told),
        title=imported[pages[0]].title if len(read) == 1 and pages else "",
        others=others if cards else (),
        seen=seen,
    )


def _choose(paths: Iterable[Path], tree: Tree, *, pages: bool) -> tuple[list[Path], list[RefusedError]]:
    """Choose the files to read, and give what in the named folders must not be read."""
    read: set[Path] = set()
    refused: list[RefusedError] = []
    for path in map(resolve_named, paths):
        if not path.is_dir():
            read.add(path)
            continue
        members = tree.members(path)
        sources = choose_sources(members, path, tree.root, READERS.keys())
        read.update(sources or (choose_sources(members, path, tree.root, PAGES) if pages else ()))
        refused += (member.refused for member in members if member.refused)
    return sorted(read), refused


def _present(tree: Tree, read: Collection[Path], *, pages: bool) -> tuple[frozenset[str], bool]:
    """Name all sources of a deck, and tell whether all of them were read."""
    members = tree.members(tree.root)
    every = choose_sources(members, tree.root, tree.root, READERS.keys())
    # A page that is not read this time keeps the cards that an earlier build made of it.
    every_page = choose_sources(members, tree.root, tree.root, PAGES)
    whole = set(every) <= set(read) and (not pages or set(every_page) <= set(read))
    return frozenset(_name(path, tree.root) for path in (*every, *every_page)), whole


def _is_same(path: Path, output: Path) -> bool:
    """Return whether a path without links is the output, which may be a link itself."""
    return path == Path(os.path.realpath(output.parent)) / output.name


def _others(tree: Tree, read: Collection[Path], parse: Parse) -> tuple[tuple[Card, ...], Mapping[str, str]]:
    """Read the sources that are not built; one with an error in it counts as not read."""
    cards: list[Card] = []
    seen: dict[str, str] = {}
    for path in choose_sources(tree.members(tree.root), tree.root, tree.root, READERS.keys()):
        if path not in read:
            found, problems = _read(tree, path, parse)
            if not has_errors(problems):
                cards += found
                seen[shown(path)] = _name(path, tree.root)
    return tuple(cards), seen


def _duplicates(cards: Iterable[Card], others: Iterable[Card], read: Collection[str]) -> Iterable[Problem]:
    """Report ids that two cards have, if one of them is built."""
    return (problem for problem in duplicates.find((*others, *cards)) if problem.path in read)


def own_text(path: Path) -> tuple[str, tuple[Problem, ...]]:
    """Read a file that a build wrote; no text where there is none yet, or where it cannot be read.

    It may not be a link, not even one inside the deck: a build replaces it.
    """
    tree = Tree(path.parent)
    try:
        tree.resolve(path)
        with open_folder(tree.root) as folder:
            data = folder.read(path.name, _MAX_BYTES[path.name])
        text = data.decode("utf-8")
    except FileNotFoundError:
        return "", ()
    except RefusedError as refused:
        hint = _RESTORE[path.name] if isinstance(refused, TooLargeError) else refused.hint
        return "", (error(Location(shown(path)), refused.message, hint),)
    except OSError as fault:
        return "", (error(Location(shown(path)), f"cannot read the file: {fault.strerror}"),)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        message = f"not UTF-8: byte 0x{data[fault.start]:02x} at offset {fault.start}"
        return "", (error(Location(shown(path), line), message, _RESTORE[path.name]),)
    if not text.strip():
        return "", (error(Location(shown(path)), "the file is empty", _RESTORE[path.name]),)
    return text, ()


def images(
    card: Card, sources: Sources, limit: int = 5_000_000
) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """Read the images that a card names, each of at most `limit` bytes, by the path as written."""
    if not card.images:
        return {}, ()
    folder = (sources.root / sources.files[card.location.path]).parent
    return read_images(card, Tree(sources.root), folder, limit)


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _read(tree: Tree, path: Path, parse: Parse) -> tuple[tuple[Card, ...], tuple[Problem, ...]]:
    name = shown(path)
    if path.suffix not in READERS:
        hint = f"a source ends in {', '.join(sorted(READERS))}"
        return (), (error(Location(name), f"no reader for `{path.suffix or path.name}` files", hint),)
    data, problems = _bytes(tree, path)
    return parse(data, name, path.suffix) if data is not None else ((), problems)


def _bytes(tree: Tree, path: Path) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Read a text that an author writes, or give the reason why it cannot be."""
    try:
        return tree.read(path, files.MOST_BYTES), ()
    except TooLargeError as refused:
        return None, (files.too_large(refused.size, shown(path)),)
    except RefusedError as refused:
        return None, (report_refusal(refused),)
    except OSError as fault:
        return None, (error(Location(shown(path)), f"cannot read the file: {fault.strerror}"),)


def read_project(config: Path) -> tuple[Project | None, tuple[Problem, ...]]:
    """Read a `deck.toml`; no project, and why, if it cannot be read; neither if there is none to be read."""
    return _project(Tree(config.parent), config)


def _project(tree: Tree, config: Path) -> tuple[Project | None, tuple[Problem, ...]]:
    if not os.path.lexists(config):
        if not os.path.lexists(config.with_name(LOCK)):
            return None, ()
        hint = f"take it from an earlier commit, or begin one with the namespace that {LOCK} names"
        return None, (error(Location(shown(config)), f"the file is missing, and {LOCK} is there", hint),)
    data, problems = _bytes(tree, config)
    text, unread = files.decode(data, shown(config)) if data is not None else (None, problems)
    if text is None:
        return None, unread
    return projects.load(text, shown(config))


def _deck_problems(cards: Iterable[Card], project: Project, config: str) -> Iterable[Problem]:
    """Hold the cards' decks against the list in `deck.toml`, once a file and name."""
    told: set[tuple[str, str]] = set()
    for card in cards:
        known = project.deck_key(card.deck) != card.deck or card.deck in project.decks
        if not project.decks or known or (card.location.path, card.deck) in told:
            continue
        told.add((card.location.path, card.deck))
        hint = f"add it to [decks] in {config} under a key that will stay, or use one that is listed"
        near = nearest(card.deck, project.decks.values())
        yield error(card.location, f"deck `{card.deck}` is not listed", near or hint)
