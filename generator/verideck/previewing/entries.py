"""What the page lists: each card with its verdict, its note and its problems, under a key that stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from verideck.previewing import matching
from verideck.previewing.matching import Place
from verideck.previewing.places import moved_problems
from verideck.previewing.sections import owner

if TYPE_CHECKING:
    from verideck.building import Examined
    from verideck.cards import Card, Checked, Note
    from verideck.previewing.sections import Section
    from verideck.problems import Problem

Sections = Mapping[str, Sequence["Section"]]  # of each file


class State(StrEnum):
    """How far what is shown of a card can be trusted."""

    CURRENT = "current"
    COMPUTING = "computing"  # its verdict is to come
    STALE = "stale"  # its source is broken: this is how it last was


@dataclass(frozen=True, slots=True)
class Entry:
    """One card of the sources. Lines, those of its problems too, count from the card's first as 1."""

    key: str
    name: str  # its id, or the one that it was given
    checked: Checked
    note: Note | None  # none of a card that has lost a part
    state: State
    problems: tuple[Problem, ...] = ()
    elsewhere: int = 0  # of its computations were done elsewhere and are trusted


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry, the line on which it stands now, and a number that grows as it changes."""

    entry: Entry
    line: int
    version: int = 1

    @property
    def path(self) -> str:
        """Give the file."""
        return self.entry.checked.card.location.path


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A deck as the page shows it; `problems` are all there are, each with the key of its card, or none."""

    title: str = ""
    entries: tuple[Placed, ...] = ()
    problems: tuple[tuple[Problem, str], ...] = ()
    language: str = "en"
    notice: str = ""  # what keeps the deck from being read at all
    number: int = 0  # grows with each change; 0 before the first look

    def find(self, key: str) -> Placed | None:
        """Give the entry with a key."""
        return next((one for one in self.entries if one.entry.key == key), None)

    def media(self, name: str) -> bytes | None:
        """Give a file that one of the cards shows."""
        notes = (one.entry.note for one in self.entries)
        return next((file.data for note in notes if note for file in note.media if file.name == name), None)


@dataclass(frozen=True, slots=True)
class _Made:
    """A card of the sources with what the stages made of it, as if it began on line 1."""

    checked: Checked
    note: Note | None
    name: str
    elsewhere: int


At = tuple[str, int]  # a file, and the line of a card in it


def snapshot(
    examined: Examined,
    ground: Callable[[Checked], Checked],
    waiting: Iterable[Card],
    sections: Sections,
    before: Snapshot,
) -> Snapshot:
    """Make what the page shows of a deck; cards keep their keys, and broken ones what they last were.

    `ground` gives a card as if it began on line 1; `waiting` are those that wait for a verdict.
    """
    made = dict(_made(examined, ground))
    places = [
        Place(path, line, one.name, one.checked.card.heading, whole=True)
        for (path, line), one in made.items()
    ]
    for path, own in sections.items():
        broken = (one for one in own if one.level == 2 and (path, one.line) not in made)
        places += [Place(path, one.line, one.id, one.title, whole=False) for one in broken]
    was = {one.entry.key: Place(one.path, one.line, one.entry.name, _heading(one)) for one in before.entries}
    unreadable = {path for path, own in sections.items() if not own}
    keys = matching.keys(sorted(places), was, unreadable)
    told = _told(examined.problems, sections, made)
    entries = tuple(_placed(keys, made, told, frozenset(waiting), before))
    by_place = {(one.path, one.line): one.entry.key for one in entries}
    return Snapshot(
        examined.project.title,
        entries,
        tuple((one, by_place.get(_owner(one, sections, made), "")) for one in examined.problems),
        examined.project.language,
        number=before.number,
    )


def _heading(placed: Placed) -> str:
    return placed.entry.checked.card.heading


def _made(examined: Examined, ground: Callable[[Checked], Checked]) -> Iterator[tuple[At, _Made]]:
    notes = iter(examined.notes)
    for one, keys in zip(examined.checked, examined.verification.elsewhere, strict=True):
        at = one.card.location.path, one.card.location.line
        if one.card.lost:
            yield at, _Made(ground(one), None, one.card.id or "", len(keys))
        else:
            note, identity = next(notes)
            yield at, _Made(ground(one), note, identity.card_id, len(keys))


def _owner(problem: Problem, sections: Sections, made: Mapping[At, _Made]) -> At:
    """Give the place of the card that a problem is about."""
    if (problem.path, problem.line) in made:
        return problem.path, problem.line
    found = owner(sections.get(problem.path, ()), problem.line)
    return problem.path, found.line if found else 0


def _told(
    problems: Iterable[Problem], sections: Sections, made: Mapping[At, _Made]
) -> Mapping[At, tuple[Problem, ...]]:
    """Sort problems by the card that they are about, with lines as if that began on line 1."""
    found: dict[At, tuple[Problem, ...]] = {}
    for problem in problems:
        place = _owner(problem, sections, made)
        found[place] = (*found.get(place, ()), *moved_problems((problem,), 1 - place[1]))
    return found


def _placed(
    keys: Iterable[tuple[Place, str]],
    made: Mapping[At, _Made],
    told: Mapping[At, tuple[Problem, ...]],
    waiting: frozenset[Card],
    before: Snapshot,
) -> Iterator[Placed]:
    earlier = {one.entry.key: one for one in before.entries}
    for place, key in keys:
        last, at = earlier.get(key), (place.path, place.line)
        problems = told.get(at, ())
        if one := made.get(at):
            state = State.COMPUTING if one.checked.card in waiting else State.CURRENT
            entry = Entry(key, one.name, one.checked, one.note, state, problems, one.elsewhere)
        elif last:
            entry = replace(last.entry, state=State.STALE, problems=problems)
        else:
            continue
        if last is None:
            yield Placed(entry, place.line)
        else:
            yield Placed(entry, place.line, last.version + (last.entry != entry))
