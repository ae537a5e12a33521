"""The tree of a gallery's decks: which card is where, what each deck is called, which page it has."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import LEVELS, Kind, Verdict
from verideck.project import SEPARATOR, slugify

if TYPE_CHECKING:
    from verideck.project import Project
    from verideck.publishing.exhibits import Exhibit

FOLDER = "decks"  # of the pages and of the pictures on them
_NUMBER = re.compile(r"\d+[.)]?\s+(?=\S)")
# Names that Windows keeps for devices, whatever the ending.
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


@dataclass(frozen=True, slots=True)
class Node:
    """A deck: `name` in full, `title` as shown, `page` empty where no card is in it itself."""

    name: str
    title: str
    page: str
    exhibits: tuple[Exhibit, ...]
    children: tuple[Node, ...]

    @property
    def kinds(self) -> Mapping[str, int]:
        """Count its own cards by kind."""
        return counted((one.kind for one in self.exhibits), Kind)

    @property
    def levels(self) -> Mapping[str, int]:
        """Count its own cards by level; those without one are not counted."""
        return counted((one.level for one in self.exhibits if one.level), LEVELS)

    @property
    def verdicts(self) -> Mapping[str, int]:
        """Count its own cards by verdict, the best first."""
        return counted((one.verdict for one in self.exhibits), tuple(reversed(Verdict)))


def counted(values: Iterable[str], order: Iterable[str]) -> Mapping[str, int]:
    """Count values, in a vocabulary's order; what it lacks comes last."""
    found = Counter(map(str, values))
    names = dict.fromkeys([*map(str, order), *sorted(found)])
    return {name: found[name] for name in names if found[name]}


def tree(exhibits: Iterable[Exhibit], project: Project) -> tuple[Node, ...]:
    """Make the tree; a single deck above all others that holds no card is the gallery itself."""
    held: dict[str, list[Exhibit]] = {}
    for one in exhibits:
        held.setdefault(unicodedata.normalize("NFC", one.deck), []).append(one)
    names = {
        SEPARATOR.join(parts[:depth]) for parts in map(_parts, held) for depth in range(1, len(parts) + 1)
    }
    pages = _pages(sorted(held), project)
    top = _nodes("", sorted(names, key=_order), held, pages)
    while len(top) == 1 and not top[0].exhibits:
        top = top[0].children
    return top


def walked(nodes: Sequence[Node]) -> Iterator[Node]:
    """Give every deck, those above before those below."""
    for node in nodes:
        yield node
        yield from walked(node.children)


def path(nodes: Sequence[Node], name: str) -> tuple[Node, ...]:
    """Give the decks from the top down to one."""
    for node in nodes:
        if node.name == name:
            return (node,)
        if name.startswith(node.name + SEPARATOR):
            return (node, *path(node.children, name))
    return ()


def _parts(name: str) -> list[str]:
    return name.split(SEPARATOR)


def _order(name: str) -> tuple[str, str]:
    return name.replace(SEPARATOR, "\x1f").casefold(), name  # as Anki sorts them


def _nodes(
    above: str, names: Sequence[str], held: Mapping[str, Sequence[Exhibit]], pages: Mapping[str, str]
) -> tuple[Node, ...]:
    below = [name for name in names if name.rpartition(SEPARATOR)[0] == above]
    last = [name.rpartition(SEPARATOR)[2] for name in below]
    # Numbers that only order the decks are not shown.
    numbered = len(last) > 1 and all(map(_NUMBER.match, last))
    return tuple(
        Node(
            name,
            _NUMBER.sub("", title, count=1) if numbered else title,
            pages.get(name, ""),
            tuple(held.get(name, ())),
            _nodes(name, names, held, pages),
        )
        for name, title in zip(below, last, strict=True)
    )


def _pages(names: Iterable[str], project: Project) -> Mapping[str, str]:
    """Name each deck's page by its frozen key, so that links to it last."""
    pages: dict[str, str] = {}
    for name in names:
        slug = slugify(project.deck_key(name))
        slug = f"{slug}-deck" if _RESERVED.fullmatch(slug) else slug
        made, number = f"{FOLDER}/{slug}.html", 1
        while made in pages.values():
            number += 1
            made = f"{FOLDER}/{slug}-{number}.html"
        pages[name] = made
    return pages
