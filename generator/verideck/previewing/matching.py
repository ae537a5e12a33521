"""Which card of the last look a card of this one is, so that the page changes it in its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a card stands, and by what it is known; one that is not `whole` could not be read."""

    path: str
    line: int
    name: str = ""
    heading: str = ""
    whole: bool = True


# By what a card is told: its name, in whatever file, else its heading.
_MARKS: tuple[Callable[[Place], tuple[str, str]], ...] = (
    lambda place: (place.name, "" if place.name else place.path),
    lambda place: (place.heading, place.path),
)


def keys(
    places: Sequence[Place], was: Mapping[str, Place], unreadable: Collection[str] = ()
) -> tuple[tuple[Place, str], ...]:
    """Give each place its key: the one it had, told by name, by heading, or by the cards around it.

    `places` and `was` stand in the order of the sources. A place that is new gets a key of its own if it is
    whole, else none. What stood in an `unreadable` file stays there.
    """
    kept = {place: key for key, place in was.items() if place.path in unreadable}
    found: dict[Place, str] = {}
    for mark in _MARKS:
        left = {key: place for key, place in was.items() if key not in {*found.values(), *kept.values()}}
        known = {mark(place): key for key, place in reversed(left.items()) if mark(place)[0]}
        for place in places:
            if place not in found and (key := known.pop(mark(place), "")):
                found[place] = key
    found |= _between(places, was, found, kept.values())
    taken = {*found.values(), *kept.values()}
    for place in places:
        if place not in found and place.whole:
            found[place] = _free(place.name or place.heading, taken)
            taken.add(found[place])
    return tuple(sorted((*found.items(), *kept.items())))


def _between(
    places: Iterable[Place], was: Mapping[str, Place], found: Mapping[Place, str], kept: Collection[str]
) -> dict[Place, str]:
    """Pair what is left between the same two cards, in order."""
    used = {*found.values(), *kept}
    gaps: dict[tuple[str, str], list[str]] = {}
    above: dict[str, str] = {}  # the last known card of each file
    for key, place in was.items():
        if key in used:
            above[place.path] = key
        else:
            gaps.setdefault((place.path, above.get(place.path, "")), []).append(key)
    above = {}
    paired: dict[Place, str] = {}
    for place in places:
        if place in found:
            above[place.path] = found[place]
        elif gap := gaps.get((place.path, above.get(place.path, ""))):
            paired[place] = gap.pop(0)
    return paired


def _free(name: str, taken: Collection[str]) -> str:
    key, number = name, 1
    while key in taken:
        number += 1
        key = f"{name}~{number}"
    return key
