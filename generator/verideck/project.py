"""`deck.toml` to a Project: what a folder of sources is called, whose it is, and what it cites."""

from __future__ import annotations

import re
import tomllib
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from verideck.cards import Location
from verideck.problems import Problem, error, nearest

CONFIG = "deck.toml"
SEPARATOR = "::"  # between the levels of a deck's name


@dataclass(frozen=True, slots=True)
class Work:
    """A work that checks may cite."""

    key: str
    title: str
    authors: str = ""
    year: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of sources. `decks` maps frozen keys to deck names, in the order of `deck.toml`."""

    namespace: str
    title: str
    slug: str
    author: str = ""
    license: str = ""
    license_url: str = ""
    homepage: str = ""
    description: str = ""
    language: str = "en"
    version: str = "0.1.0"
    decks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    works: Mapping[str, Work] = field(default_factory=lambda: MappingProxyType({}))
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def short(self) -> str:
        """Give the namespace's first eight characters, the head of every card's ID field."""
        return self.namespace[:8]

    def deck_key(self, name: str) -> str:
        """Give the frozen key of a deck's name; the part below a listed deck is added to its key."""
        for key, known in sorted(self.decks.items(), key=lambda item: -len(item[1])):
            if name == known or name.startswith(known + SEPARATOR):
                return key + name[len(known) :]
        return name


# What `deck.toml` may hold at its top level, and of which type; the first two must be there.
_TEXTS = (
    "namespace", "title", "slug", "author", "license", "license_url", "homepage", "description",
    "language", "version",
)  # fmt: skip
_TABLES = ("decks", "works", "labels")
_WORK_TEXTS = ("title", "authors", "year", "url")

Place = Callable[..., Location]  # keys from the outside in -> the line that sets the last


def slugify(text: str) -> str:
    """Make a name for files: lowercase ASCII, digits and single hyphens; `deck` where none are left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "deck"


def unnamed(folder: str) -> Project:
    """Make the project of sources that have no `deck.toml` yet, with a namespace of its own."""
    title = folder.replace("-", " ").replace("_", " ").strip().capitalize() or "Deck"
    return Project(namespace=str(uuid.uuid4()), title=title, slug=slugify(title))


def new_config(project: Project) -> str:
    """Write the `deck.toml` of a project that has none."""
    title = "".join(character if character.isprintable() else " " for character in project.title)
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return (
        "# The namespace makes these cards yours: keep it for ever, and take a new one for a fork.\n"
        f'namespace = "{project.namespace}"\n'
        f'title = "{quoted}"\n'
    )


def load(text: str, path: str) -> tuple[Project | None, tuple[Problem, ...]]:
    """Read a `deck.toml`; `path` is how a person knows it.

    Gives no project where one of the problems is an error.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        return None, (_syntax_problem(fault, path),)
    problems = tuple(_problems(data, text, path))
    if problems:
        return None, problems
    texts = {name: data[name] for name in _TEXTS if name in data}
    texts.setdefault("slug", slugify(data["title"]))
    works = {key: Work(key, **work) for key, work in data.get("works", {}).items()}
    project = Project(
        **texts,
        decks=MappingProxyType(data.get("decks", {})),
        works=MappingProxyType(works),
        labels=MappingProxyType(data.get("labels", {})),
    )
    return project, ()


def _syntax_problem(fault: tomllib.TOMLDecodeError, path: str) -> Problem:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(fault))
    line, column = (int(found[1]), int(found[2])) if found else (1, 1)
    message = re.sub(r" \(at .*\)$", "", str(fault))
    return error(Location(path, line, column), f"not TOML: {message[:1].lower()}{message[1:]}")


def _problems(data: Mapping[str, Any], text: str, path: str) -> Iterator[Problem]:
    def at(*keys: str) -> Location:
        # tomllib keeps no positions; the line that sets the last key after those before it is near enough.
        place = 0
        for key in keys:
            found = re.compile(rf"^[ \t]*\[?(?:[\w.-]+\.)?\"?{re.escape(key)}\"?[ \t]*[\]=]", re.MULTILINE)
            place = match.start() if (match := found.search(text, place)) else place
        return Location(path, text.count("\n", 0, place) + 1)

    for key in ("namespace", "title"):
        if key not in data:
            yield error(Location(path), f"`{key}` is missing", f'add a line such as `{key} = "…"`')
    for key, value in data.items():
        if key in _TEXTS and not isinstance(value, str):
            yield error(at(key), f"`{key}` must be a text", f'write `{key} = "…"`')
        elif key in _TABLES and not isinstance(value, dict):
            yield error(at(key), f"`{key}` must be a table", f"open it with `[{key}]`")
        elif key not in _TEXTS + _TABLES:
            yield error(at(key), f"unknown key `{key}`", nearest(key, _TEXTS + _TABLES))
    yield from _namespace_problems(data.get("namespace"), at)
    if isinstance(slug := data.get("slug"), str) and slug != slugify(slug):
        yield error(at("slug"), f"`{slug}` is not a file name", f"write `{slugify(slug)}`")
    yield from _text_table_problems(data, "labels", at)
    yield from _text_table_problems(data, "decks", at)
    yield from _deck_problems(data.get("decks"), at)
    yield from _work_problems(data.get("works"), at)


def _namespace_problems(namespace: object, at: Place) -> Iterator[Problem]:
    if not isinstance(namespace, str):
        return
    try:
        plain = str(uuid.UUID(namespace)) == namespace
    except ValueError:
        plain = False
    if not plain:
        hint = f'a new one is `"{uuid.uuid4()}"`; a deck that was shared must keep its own'
        yield error(at("namespace"), "the namespace must be a UUID in lowercase", hint)


def _text_table_problems(data: Mapping[str, Any], table: str, at: Place) -> Iterator[Problem]:
    entries = data.get(table)
    for key, value in entries.items() if isinstance(entries, dict) else ():
        if not isinstance(value, str):
            yield error(at(table, key), f"`{table}.{key}` must be a text", f'write `{key} = "…"`')


def _deck_problems(decks: object, at: Place) -> Iterator[Problem]:
    names: dict[str, str] = {}
    spellings: dict[str, str] = {}
    for key, name in decks.items() if isinstance(decks, dict) else ():
        if not isinstance(name, str):
            continue
        if fault := deck_name_fault(name):
            yield error(at("decks", key), f"deck `{name}`: {fault}")
        if name in names:
            yield error(
                at(key), f"deck `{name}` has two keys, `{names[name]}` and `{key}`", "keep the older key"
            )
        elif other := spellings.get(name.casefold()):
            message = f"deck `{name}` differs only in case from `{other}`: Anki takes both for one deck"
            yield error(at("decks", key), message, f"write `{other}`, or give one of them another name")
        names[name] = key
        spellings.setdefault(name.casefold(), name)


def deck_name_fault(name: str) -> str:
    """Say what is wrong with a deck's name; empty where nothing is.

    Anki reads an empty part as a deck of its own, and treats `Default` specially.
    """
    parts = name.split(SEPARATOR)
    if any(part != part.strip() or not part for part in parts):
        return "a part of the name is empty or has spaces around it"
    if parts[0].casefold() == "default":
        return "`Default` is Anki's own deck"
    if any(character < " " or character == '"' for character in name):
        return 'a name holds no `"` and no control characters'
    return ""


def _work_problems(works: object, at: Place) -> Iterator[Problem]:
    for key, work in works.items() if isinstance(works, dict) else ():
        if not isinstance(work, dict):
            yield error(at(key), f"work `{key}` must be a table", f"open it with `[works.{key}]`")
            continue
        if "title" not in work:
            yield error(at(key), f"work `{key}` has no title", 'add `title = "…"`')
        for name, value in work.items():
            if name not in _WORK_TEXTS:
                yield error(at(key, name), f"work `{key}`: unknown key `{name}`", nearest(name, _WORK_TEXTS))
            elif not isinstance(value, str):
                yield error(at(key, name), f"work `{key}`: `{name}` must be a text", f'write `{name} = "…"`')
