"""The stages with a memory: what was read, verified and rendered once is not done again.

A memory is a value, keyed by the values that its contents follow from. Each look at the deck takes one and
gives the next, which holds what this look needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from verideck import project as projects
from verideck import sources as disk
from verideck.cards import Checked, Verdict
from verideck.previewing import sections
from verideck.previewing.places import grounded, moved_checked, moved_problems
from verideck.rendering import notes
from verideck.verifying import evidence as kept
from verideck.verifying import run
from verideck.verifying.evidence import Evidence
from verideck.verifying.provenance import RECOMPUTE, Policy

if TYPE_CHECKING:
    from verideck.cards import Card, Identity, Note
    from verideck.previewing.sections import Section
    from verideck.problems import Problem
    from verideck.project import Project, Work
    from verideck.verifying.records import Outcome, Record
    from verideck.verifying.worker import Job

Problems = tuple["Problem", ...]


class Decided(NamedTuple):
    """A card's verdict and problems as if it began on line 1, and its evidence from elsewhere (keys)."""

    checked: Checked
    problems: Problems
    elsewhere: frozenset[str] = frozenset()  # trusted
    unconfirmed: frozenset[str] = frozenset()  # not to be computed here, for want of torch


@dataclass(frozen=True, slots=True)
class Parsed:
    """A source as it was read; `grounds` are its cards as if each began on line 1."""

    cards: tuple[Card, ...]
    problems: Problems
    sections: tuple[Section, ...]
    grounds: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A note, and what it was made of."""

    checked: Checked
    card_id: str
    images: Mapping[str, bytes]
    note: Note
    problems: Problems


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a deck by the values that it follows from; cards in it begin on line 1.

    `stood` has each checked card as it began on line 1, and in its place; `last` the last verdict of a card,
    by file and name; `computed` evidence that no file has yet, `text` what the file has; `unnamed` the
    projects of folders without a `deck.toml`; `forgotten` says why what was computed is not remembered.
    `waiting` are the cards for which the evidence with the keys `here` was not enough.
    """

    parsed: Mapping[tuple[str, bytes], Parsed] = field(default_factory=dict)
    decided: Mapping[Card, Decided] = field(default_factory=dict)
    stood: Mapping[Card, tuple[Checked, Checked]] = field(default_factory=dict)
    rendered: Mapping[Card, Rendered] = field(default_factory=dict)
    last: Mapping[tuple[str, str], Checked] = field(default_factory=dict)
    computed: Mapping[str, Record] = field(default_factory=dict)
    text: str = ""
    evidence: tuple[Evidence, Problems] = (Evidence(), ())
    project: Project | None = None
    unnamed: Mapping[str, Project] = field(default_factory=dict)
    forgotten: Problems = ()
    waiting: frozenset[Card] = frozenset()
    here: frozenset[str] = frozenset()

    def learn(
        self, card: Card, decided: Decided, records: Mapping[str, Record], forgotten: Problems = ()
    ) -> Memory:
        """Take in what was computed of a card."""
        return replace(
            self,
            decided={**self.decided, card: decided},
            computed={**self.computed, **records},
            forgotten=forgotten or self.forgotten,
        )


class PostponedError(Exception):
    """Something must be computed first."""


def postpone(_: Sequence[Job], __: run.Progress) -> Sequence[Outcome]:
    """Compute nothing now.

    Raises:
        PostponedError: always.

    """
    raise PostponedError


class Look:
    """One look at a deck: the stages for `building.examine_sources`, and what is remembered of them."""

    def __init__(self, memory: Memory, policy: Policy = RECOMPUTE) -> None:
        self.before = memory
        self.policy = policy
        self.waiting: list[Card] = []  # to be computed
        self._parsed: dict[tuple[str, bytes], Parsed] = {}
        self._decided: dict[Card, Decided] = {}
        self._stood: dict[Card, tuple[Checked, Checked]] = {}
        self._rendered: dict[Card, Rendered] = {}
        # By the identity of values that this look holds: the same from line 1 on.
        self._cards: dict[int, Card] = {}
        self._checked: dict[int, Checked] = {}
        self._last: dict[tuple[str, str], Checked] = {}
        self._text = ""
        self._evidence: tuple[Evidence, Problems] = (Evidence(), ())
        self._here: frozenset[str] = frozenset()
        self._project: Project | None = None
        self._unnamed: dict[str, Project] = {}

    @property
    def memory(self) -> Memory:
        """Give what the next look may use."""
        return Memory(
            self._parsed,
            self._decided,
            self._stood,
            self._rendered,
            {**self.before.last, **self._last},
            self.before.computed,
            self._text,
            self._evidence,
            self._project,
            {**self.before.unnamed, **self._unnamed},
            self.before.forgotten,
            frozenset(self.waiting),
            self._here,
        )

    @property
    def sections(self) -> Mapping[str, Sequence[Section]]:
        """Give the sections of each source that was read."""
        return {name: found.sections for (name, _), found in self._parsed.items()}

    def parse(self, data: bytes, name: str, suffix: str) -> tuple[tuple[Card, ...], Problems]:
        """Read a source, as `sources.parse` does."""
        key = (name, data)
        known = self.before.parsed.get(key) or _parsed(data, name, suffix)
        self._parsed[key] = known
        self._cards |= {id(card): ground for card, ground in zip(known.cards, known.grounds, strict=True)}
        return known.cards, known.problems

    def ground(self, checked: Checked) -> Checked:
        """Give a card that `verify` gave as if it began on line 1."""
        return self._checked.get(id(checked)) or moved_checked(checked, 1 - checked.card.location.line)

    def unnamed(self, folder: str) -> Project:
        """Make a project as `project.unnamed` does, once: its namespace is a new one each time."""
        self._unnamed[folder] = self.before.unnamed.get(folder) or projects.unnamed(folder)
        return self._unnamed[folder]

    def evidence(self, text: str, path: str) -> tuple[Evidence, Problems]:
        """Load evidence, as `evidence.load` does."""
        before, problems = self.before.evidence
        known = text == self.before.text and path == before.path
        self._text = text
        self._evidence = (before, problems) if known else kept.load(text, path)
        return self._evidence

    def verify(
        self, cards: Sequence[Card], project: Project, evidence: Evidence, **_: object
    ) -> run.Verification:
        """Verify cards as `run.verify` does; those that need computing wait, with what is known of them."""
        self._project, self._here = project, evidence.here
        decided = self.before.decided if self._holds(project, evidence) else {}
        waiting = self.before.waiting if self._is_same(evidence) else ()
        evidence = evidence.with_records(self.before.computed.values())
        checked: list[Checked] = []
        problems: list[Problem] = [*self.before.forgotten]
        found: list[Decided] = []
        for card in cards:
            ground = self._cards.get(id(card)) or grounded(card)
            known = decided.get(ground)
            if known is None and ground not in waiting:
                known = _decided(ground, project, evidence, self.policy)
            if known is None:
                self.waiting.append(ground)
                known = Decided(self._meanwhile(ground), ())
            else:
                self._decided[ground] = known
                self._last[_name(ground)] = known.checked
            found.append(known)
            checked.append(self._placed(ground, known.checked, card.location.line))
            problems += moved_problems(known.problems, card.location.line - 1)
        return run.Verification(
            tuple(checked),
            evidence,
            tuple(problems),
            elsewhere=tuple(known.elsewhere for known in found),
            unconfirmed=frozenset().union(*(known.unconfirmed for known in found)),
        )

    def _placed(self, ground: Card, checked: Checked, line: int) -> Checked:
        """Move a checked card to where it stands, unless it stood there the last time."""
        was, there = self.before.stood.get(ground, (None, checked))
        if was is not checked or there.card.location.line != line:
            there = moved_checked(checked, line - 1)
        self._stood[ground] = checked, there
        self._checked[id(there)] = checked
        return there

    def _holds(self, project: Project, evidence: Evidence) -> bool:
        """Tell whether the verdicts still follow: from the same works, and from evidence that only grew."""
        works: Mapping[str, Work] = self.before.project.works if self.before.project else {}
        before = self.before.evidence[0].records
        same = before is evidence.records or all(
            evidence.records.get(key, record) == record for key, record in before.items()
        )
        return works == project.works and same

    def _is_same(self, evidence: Evidence) -> bool:
        """Tell whether evidence is what it was: then what waits for more of it still does."""
        return evidence.records is self.before.evidence[0].records and evidence.here == self.before.here

    def _meanwhile(self, card: Card) -> Checked:
        """Show a card that waits with the pictures and numbers that it had, where it still has as many."""
        last = self.before.last.get(_name(card))
        if last is None or not _alike(last.card, card):
            return Checked(card, Verdict.UNCHECKED)
        return Checked(
            card, Verdict.UNCHECKED, steps=last.steps, heatmaps=last.heatmaps, variants=last.variants
        )

    def render(
        self, checked: Checked, identity: Identity, project: Project, images: Mapping[str, bytes]
    ) -> tuple[Note, Problems]:
        """Render a card, as `notes.render` does."""
        lines = checked.card.location.line - 1
        ground = self.ground(checked)
        known = self.before.rendered.get(ground.card) if project == self.before.project else None
        made_of = (ground, identity.card_id, dict(images))
        if known is None or (known.checked, known.card_id, known.images) != made_of:
            known = Rendered(*made_of, *notes.render(ground, identity, project, images))
        self._rendered[ground.card] = known
        return known.note, moved_problems(known.problems, lines)


def compute(
    card: Card,
    project: Project,
    evidence: Evidence,
    run_job: Callable[[Job], Outcome],
    policy: Policy = RECOMPUTE,
) -> tuple[Decided, Mapping[str, Record]]:
    """Verify a card that begins on line 1, computing what `evidence` lacks; gives that, too."""

    def computed(jobs: Sequence[Job], _: run.Progress) -> Sequence[Outcome]:
        return [run_job(job) for job in jobs]

    verified = run.verify([card], project, evidence, policy=policy, compute=computed)
    records = {record.key: record for record in verified.evidence.computed_since(evidence)}
    return _of(verified), records


def _parsed(data: bytes, name: str, suffix: str) -> Parsed:
    cards, problems = disk.parse(data, name, suffix)
    return Parsed(cards, problems, sections.find(data, name), tuple(map(grounded, cards)))


def _decided(card: Card, project: Project, evidence: Evidence, policy: Policy) -> Decided | None:
    """Verify a card with the evidence there is; None where that is not enough."""
    try:
        return _of(run.verify([card], project, evidence, policy=policy, compute=postpone))
    except PostponedError:
        return None


def _of(verified: run.Verification) -> Decided:
    """Take what was found of the one card that was verified."""
    return Decided(verified.checked[0], verified.problems, verified.elsewhere[0], verified.unconfirmed)


def _name(card: Card) -> tuple[str, str]:
    return card.location.path, card.id or card.heading


def _alike(one: Card, other: Card) -> bool:
    """Tell whether two cards place the same heatmaps and vary as often."""
    names = [[heatmap.name for heatmap in card.heatmaps] for card in (one, other)]
    return names[0] == names[1] and one.vary_count == other.vary_count
