"""A deck as a static site: an index, one page a deck, the pictures, the package. No server, no other host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verideck import building
from verideck.publishing import claiming, decks, pages, showing
from verideck.verifying import executors, run

if TYPE_CHECKING:
    from verideck.building import Examined
    from verideck.packaging.changes import Changes
    from verideck.problems import Problem

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Published:
    """A gallery that was written: how many cards and pages it has, its size in bytes, what is to be told."""

    index: Path
    title: str
    cards: int
    pages: int
    size: int
    changes: Changes
    problems: tuple[Problem, ...]


def publish(
    paths: Sequence[Path],
    output: Path,
    *,
    now: int,
    locked: bool = False,
    progress: run.Progress = run.silent,
    compute: run.Compute = executors.compute_all,
) -> Published | tuple[Problem, ...]:
    """Build a deck and write its gallery; gives the problems alone where one of them is an error.

    Evidence, lock and site are written when all else has succeeded. Raises what `building.build` raises, and
    WriteError where a file that no gallery wrote is in the way.
    """
    made: dict[str, bytes] = {}

    def products(examined: Examined, package: bytes) -> Sequence[tuple[Path, bytes]]:
        made.update(site(examined, package))
        return claiming.targets(output, made)

    built = building.build(
        paths, output, now=now, locked=locked, progress=progress, compute=compute, products=products
    )
    if not isinstance(built, building.Built):
        return built
    kept = claiming.sweep(output, made)
    return Published(
        output / INDEX,
        built.examined.project.title,
        sum(len(showing.sides(note)) for note, _ in built.examined.notes),
        sum(1 for name in made if name.endswith(".html")),
        sum(map(len, made.values())),
        built.examined.changes,
        (*built.problems, *kept),
    )


def site(examined: Examined, package: bytes) -> Mapping[str, bytes]:
    """Give every file of a deck's gallery by its path; the same deck gives the same bytes."""
    maker = pages.maker(examined, len(package))
    written = {INDEX: maker.index()}
    places = [node for node in decks.walked(maker.tree) if node.page]
    for place, node in enumerate(places):
        before = places[place - 1] if place else None
        after = places[place + 1] if place + 1 < len(places) else None
        written[node.page] = maker.deck(node, before, after)
    media = {f"{decks.FOLDER}/{file.name}": file.data for note, _ in examined.notes for file in note.media}
    named = {f"{examined.project.slug}.apkg": package}
    return {**media, **named, **{name: page.encode() for name, page in written.items()}}
