"""The source format: Markdown with several cards in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from verideck import guard
from verideck.cards import Card, Heatmap, Location
from verideck.problems import Problem, error, ordered, warning
from verideck.reading import building, characters, front_matter, near, scanner, slots
from verideck.reading.blocks import Block, Heading
from verideck.reading.kinds import plain
from verideck.reading.passages import Line

MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: the cards that could be made of it, and what is wrong with it."""

    cards: tuple[Card, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """A second-level heading and the blocks below it."""

    heading: Heading
    blocks: tuple[Block, ...]

    @property
    def lines(self) -> Iterator[int]:
        """Give the numbers of its lines."""
        return (line.number for block in (self.heading, *self.blocks) for line in block.lines)


def read(text: str, path: str) -> Reading:
    r"""Read a source whose lines end in `\n`; nothing it holds makes this raise.

    A card with a problem is still given if enough of it is there, and it is not nested too deep to be shown;
    ids are compared over all files, by `duplicates.find`.
    """
    problems: list[Problem] = []
    reading = guard.read(partial(_reading, text, path), "file", Location(path), problems)
    return reading or Reading((), tuple(problems))


def _reading(text: str, path: str) -> Reading:
    written = text.split("\n")
    if written[-1] == "":
        written.pop()  # the newline that ends the last line
    if not text.strip():
        hint = "begin with `---`, `deck: A deck's name`, `---`, then a card: `## Question` and its answer"
        return Reading((), (error(Location(path), "an empty file", hint),))
    problems = list(characters.problems(written, path))
    lines = [Line(line, number) for number, line in enumerate(written, start=1)]
    matter, above, found = front_matter.read(lines, path)
    problems.extend(found)
    blocks, found = scanner.scan(lines[above:], path)
    problems.extend(found)
    deep = frozenset(problem.line for problem in found if problem.message == near.TOO_DEEP)
    outside, sections = _divided(blocks)
    shared, found = slots.shared_heatmaps(outside, path)
    problems.extend(found)
    cards: list[Card] = []
    for section in sections:
        file = building.File(path, matter, shared)
        if not deep.isdisjoint(section.lines):  # rendering it would take time without bound
            continue
        at = section.heading.first.at(path)
        build = partial(building.build, section.heading, section.blocks, file)
        card, found = guard.read(build, "card", at, problems) or (None, ())
        problems.extend(found)
        if card is not None:
            cards.append(card)
    problems.extend(_file_problems(sections, cards, shared, path))
    return Reading(tuple(cards), _bounded(ordered(problems), len(written), path))


def _divided(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[_Section, ...]]:
    """Divide a file's blocks into the text for its readers and the cards; a `#` heading ends a card."""
    outside: list[Block] = []
    sections: list[tuple[Heading, list[Block]]] = []
    into = outside
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            into = []
            sections.append((block, into))
        elif isinstance(block, Heading) and block.level == 1:
            into = outside
        else:
            into.append(block)
    return tuple(outside), tuple(_Section(heading, tuple(inside)) for heading, inside in sections)


def _file_problems(
    sections: Sequence[_Section], cards: Iterable[Card], shared: dict[str, Heatmap], path: str
) -> Iterator[Problem]:
    """Report what only shows in the whole file."""
    if not sections:
        hint = "a card begins with `## ` and its question"
        yield error(Location(path), "a file without a card", hint)
    placed = {heatmap.name for card in cards for heatmap in card.heatmaps}
    for name, heatmap in shared.items():
        if name not in placed:
            at = Location(path, heatmap.fence.location.line - 1)
            hint = f"place it in a card: `![what it shows](heatmap:{name})`"
            yield warning(at, f"the heatmap `{name}` is placed nowhere", hint)
    yield from _equal_headings(cards)


def _equal_headings(cards: Iterable[Card]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for card in cards:
        if card.id is not None or not card.heading:
            continue
        line = first.setdefault(plain(card.heading), card.location.line)
        if line != card.location.line:
            hint = (
                f"the same stands on line {line}; write `<!-- card: #name -->` below one or change a heading"
            )
            yield error(card.location, "two cards with one heading and no id", hint)


def _bounded(problems: tuple[Problem, ...], lines: int, path: str) -> tuple[Problem, ...]:
    """Keep a file that is no source at all from filling the screen."""
    lines_too_deep = {problem.line for problem in problems if problem.message == near.TOO_DEEP}
    problems = tuple(
        problem
        for problem in problems
        if problem.message != near.TOO_DEEP or problem.line - 1 not in lines_too_deep
    )
    if len(problems) <= MOST_PROBLEMS:
        return problems
    more = len(problems) - MOST_PROBLEMS
    return (*problems[:MOST_PROBLEMS], error(Location(path, lines), f"{more:,} more problems in this file"))
