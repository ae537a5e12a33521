"""Finds and reads the files of a deck: its sources, `deck.toml`, lock, evidence and images."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from verideck import project as projects
from verideck.cards import Card, Location
from verideck.problems import Problem, error, has_errors, nearest
from verideck.reading import READERS, deck_names, duplicates, files

if TYPE_CHECKING:
    from verideck.project import Project

LOCK = "deck.lock"
EVIDENCE = "evidence.json"

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


ImportPages = Callable[[Sequence[Path]], Sequence[PageCards]]
Parse = Callable[[bytes, str, str], tuple[tuple[Card, ...], tuple[Problem, ...]]]


class SourcesError(Exception):
    """The paths on the command line do not name one deck."""


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


def gather(paths: Sequence[Path], import_pages: ImportPages | None = None, parse: Parse = parse) -> Sources:
    """Read every source that `paths` (files or folders of one deck) name.

    `import_pages` reads saved pages; in a folder they are looked for where it holds no Markdown. Whoever
    reads a deck again and again gives a `parse` that remembers.
    Raises SourcesError where the paths name two decks or none.
    """
    root = common_root(paths)
    everything = _below(root)
    read = sorted({found for path in paths for found in _named(path, pages=import_pages is not None)})
    pages = [path for path in read if import_pages and path.suffix.lower() in PAGES]
    imported = dict(zip(pages, import_pages(pages), strict=True)) if import_pages and pages else {}
    problems: list[Problem] = []
    cards: list[Card] = []
    for path in read:
        found, told = (
            (imported[path].cards, imported[path].problems) if path in imported else _read(path, parse)
        )
        cards += found
        problems += told
    if not read:
        hint = f"a source ends in {', '.join(sorted(READERS))}"
        problems.append(error(Location(shown(root)), "no sources in this folder", hint))
    others, seen = _others(everything, read, root, parse)
    problems += _duplicates(cards, others, {shown(path) for path in read})
    config = root / projects.CONFIG
    project, told = read_project(config)
    problems += deck_names.find(cards, project.decks.values() if project else ())
    if project:
        problems += _deck_problems(cards, project, shown(config))
    elif told:  # without its names and works every card would seem wrong
        cards = []
    return Sources(
        root=root,
        config=config,
        project=project,
        files={shown(path): _name(path, root) for path in read},
        # A page that is not read this time keeps the cards that an earlier build made of it.
        present=frozenset(_name(path, root) for path in (*everything, *_below(root, PAGES))),
        whole=set(everything) <= set(read) and (not pages or set(_below(root, PAGES)) <= set(read)),
        cards=tuple(cards),
        problems=(*problems, *told),
        title=imported[pages[0]].title if len(read) == 1 and pages else "",
        others=others if cards else (),
        seen=seen,
    )


def _others(
    everything: Sequence[Path], read: Collection[Path], root: Path, parse: Parse
) -> tuple[tuple[Card, ...], Mapping[str, str]]:
    """Read the sources that are not built; one with an error in it counts as not read."""
    cards: list[Card] = []
    seen: dict[str, str] = {}
    for path in everything:
        if path not in read:
            found, problems = _read(path, parse)
            if not has_errors(problems):
                cards += found
                seen[shown(path)] = _name(path, root)
    return tuple(cards), seen


def _duplicates(cards: Iterable[Card], others: Iterable[Card], read: Collection[str]) -> Iterable[Problem]:
    """Report ids that two cards have, if one of them is built."""
    return (problem for problem in duplicates.find((*others, *cards)) if problem.path in read)


def shown(path: Path) -> str:
    """Give a path as a person at this folder would write it, with forward slashes."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def own_text(path: Path) -> tuple[str, tuple[Problem, ...]]:
    """Read a file that a build wrote; no text where there is none yet, or where it cannot be read."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except FileNotFoundError:
        return "", ()
    except OSError as fault:
        return "", (error(Location(shown(path)), f"cannot read the file: {fault.strerror}"),)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        message = f"not UTF-8: byte 0x{data[fault.start]:02x} at offset {fault.start}"
        return "", (error(Location(shown(path), line), message, _RESTORE[path.name]),)
    if not text.strip():
        return "", (error(Location(shown(path)), "the file is empty", _RESTORE[path.name]),)
    return text, ()


def common_root(paths: Sequence[Path]) -> Path:
    """Give the folder of the deck that all paths belong to. Raises SourcesError where they do to several."""
    roots = {_root_of(path.resolve()) for path in paths}
    if len(roots) != 1:
        names = ", ".join(sorted(shown(root) for root in roots))
        raise SourcesError(f"these sources belong to different decks: {names}; build one deck at a time")
    return roots.pop()


def _root_of(path: Path) -> Path:
    folder = path if path.is_dir() else path.parent
    for candidate in (folder, *folder.parents):
        if (candidate / projects.CONFIG).is_file():
            return candidate
    return folder


def _named(path: Path, *, pages: bool) -> Iterable[Path]:
    path = path.resolve()
    if not path.is_dir():
        return (path,)
    return _below(path) or (_below(path, PAGES) if pages else ())


def _below(folder: Path, suffixes: Collection[str] = READERS.keys()) -> list[Path]:
    """List the sources in a folder; hidden ones and a README are for other readers."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in suffixes
        and path.is_file()
        and path.stem.casefold() != "readme"
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _read(path: Path, parse: Parse) -> tuple[tuple[Card, ...], tuple[Problem, ...]]:
    name = shown(path)
    if path.suffix not in READERS:
        hint = f"a source ends in {', '.join(sorted(READERS))}"
        return (), (error(Location(name), f"no reader for `{path.suffix or path.name}` files", hint),)
    try:
        data = path.read_bytes()
    except OSError as fault:
        return (), (error(Location(name), f"cannot read the file: {fault.strerror}"),)
    return parse(data, name, path.suffix)


def read_project(config: Path) -> tuple[Project | None, tuple[Problem, ...]]:
    """Read a `deck.toml`; no project, and why, if it cannot be read; neither if there is none to be read."""
    try:
        data = config.read_bytes()
    except FileNotFoundError:
        if not config.with_name(LOCK).exists():
            return None, ()
        hint = f"take it from an earlier commit, or begin one with the namespace that {LOCK} names"
        return None, (error(Location(shown(config)), f"the file is missing, and {LOCK} is there", hint),)
    except OSError as fault:
        return None, (error(Location(shown(config)), f"cannot read the file: {fault.strerror}"),)
    text, problems = files.decode(data, shown(config))
    if text is None:
        return None, problems
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


def images(
    card: Card, sources: Sources, limit: int = 5_000_000
) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """Read the images that a card names, by the path as written.

    Paths stand relative to the card's file and cannot leave the sources folder; an image has at most
    `limit` bytes.
    """
    folder = (sources.root / sources.files[card.location.path]).parent
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for image in card.images:
        try:
            held = _image(folder / image.path, sources.root, folder, limit)
        except (OSError, RuntimeError, ValueError) as fault:
            # No permission, a name too long, links in a circle, a name this system cannot spell.
            reason = fault.strerror if isinstance(fault, OSError) else "its path leads nowhere"
            held = (f"cannot be read: {reason}", "mend the path, or let the file be read")
        if isinstance(held, bytes):
            found[image.path] = held
        else:
            message, hint = held
            problems.append(error(image.location, f"image `{image.path}` {message}", hint))
    return found, tuple(problems)


def _image(path: Path, root: Path, folder: Path, limit: int) -> bytes | tuple[str, str]:
    """Read an image, or say what is wrong with its path and how to mend it."""
    path = path.resolve()
    if not path.is_relative_to(root):
        return "lies outside the sources", "copy it into the sources folder and name it relative to this file"
    if path.is_dir():
        return "is a folder", "name a file in it"
    if not path.is_file():
        return "is missing", _near(path, folder)
    if path.stat().st_size > limit:
        return f"has over {limit:,} bytes", "phones carry every image of a deck: make it smaller"
    return path.read_bytes()


def _near(path: Path, folder: Path) -> str:
    names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    for name in names:
        if name.casefold() == path.name.casefold():
            return f"did you mean `{name}`? Large and small letters count"
    return nearest(path.name, names) or f"put the file there, or mend the path from {shown(folder)}"
