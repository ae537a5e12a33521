"""An author at work: writes the sources that are meant, builds them, and follows a refusal's hints."""

from __future__ import annotations

import difflib
import itertools
import random
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.histories.model import Card, File, Tree, Violation, hold

from verideck import building, format_sources
from verideck.packaging import lock as locks
from verideck.problems import Problem, Severity
from verideck.reading import markdown

if TYPE_CHECKING:
    from tests.histories.edits import Memory

    from verideck.cards import Identity, Note

NAMESPACE = "6b1f9a52-0c1e-4c67-9f0e-3d2a7a5c9e10"
START = 1_750_000_000  # seconds since 1970: the clock of a history, which nobody waits for
HOUR = 3600
MAX_ROUNDS = 12  # of refusals and hints before one build
ALIKE = 0.6  # from here on two texts resemble each other to a person

_DIRECTIVE = re.compile(r"<!-- card: ([^>]*?) -->")
_WORD = re.compile(r"\w+")
_ANY_NAME = re.compile(r"<!-- card: #name -->|give this card another id")
_FLAGS = ("typed", "reverse")
_CLOZE = re.compile(r"\{\{c(\d+)::([^{}]*?)(?:::[^{}]*)?\}\}")


@dataclass(frozen=True)
class Shipped:
    """A package, and which note in it is which card."""

    data: bytes
    notes: Mapping[int, tuple[Note, Identity]]
    cards: Mapping[int, Card]
    decks: Mapping[int, str]
    time: int


class Together(Exception):
    """A hint that asks to build all files together."""


class Author:
    """A folder of sources with what is meant by them, and what earlier builds said of each card."""

    def __init__(self, folder: Path, tree: Tree, memory: Memory) -> None:
        self.folder = folder
        self.sources = folder / "sources"
        self.tree = tree
        self.memory = memory
        self.clock = START
        self.guids: dict[int, str] = {}
        self.built: dict[int, tuple[Card, str]] = {}  # as the last build of their file saw them
        self.live: set[int] = set()  # as deck.lock has them
        self.is_listed = True  # whether the next build lists what is new and retired
        self.log: list[str] = []
        self._names = itertools.count(1)
        self.sources.mkdir(parents=True)
        (self.sources / "deck.lock").write_text(locks.dump(locks.Lock(NAMESPACE)), encoding="utf-8")

    # Writing.

    def write(self) -> None:
        """Bring the files on disk to what is meant."""
        config = f'namespace = "{NAMESPACE}"\ntitle = "Plays"\n' + f'author = "{self.tree.author}"\n' * bool(
            self.tree.author
        )
        wanted = {"deck.toml": config} | {name: str(file) for name, file in self.tree.files.items()}
        for path in self.sources.glob("*.md"):
            if path.name not in wanted:
                path.unlink()
        for name, text in wanted.items():
            (self.sources / name).write_text(text, encoding="utf-8")

    def write_ids(self) -> None:
        """Let the real command write an id for each card that has none."""
        self.write()
        formatting = format_sources.format_sources([self.sources], now=self.clock, with_ids=True)
        errors = [problem for problem in formatting.problems if problem.severity is Severity.ERROR]
        if errors:  # told by the next build, too
            return
        format_sources.write_sources(formatting)
        for name, file in self.tree.files.items():
            read = markdown.read((self.sources / name).read_text(encoding="utf-8"), name)
            cards = [
                replace(card, id=other.id or "") for card, other in zip(file.cards, read.cards, strict=True)
            ]
            self.tree = self.tree.with_file(name, replace(file, cards=tuple(cards)))

    # Building.

    def build(self, part: str = "") -> building.Built:
        """Build all sources, or one, as often as the hints of a refusal ask for something."""
        last: tuple[Problem, ...] = ()
        for _ in range(MAX_ROUNDS):
            self.write()
            self.clock += HOUR
            result = self.attempt(part)
            if isinstance(result, building.Built):
                return result
            last = result
            try:
                self._follow_all(result)
            except Together:
                part = ""
        raise Violation("hints", f"{MAX_ROUNDS} rounds of hints did not settle it: {last[0]}")

    def _follow_all(self, problems: Sequence[Problem]) -> None:
        """Follow one hint for each card; what else is told of it may have the same cause. Raises Together."""
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        self.log += [f"  refused: {problem}" for problem in errors]
        if any("build all files together" in problem.hint for problem in errors):
            raise Together
        before = self.tree, (self.sources / "deck.lock").read_bytes()
        lines = {name: headings(file) for name, file in self.tree.files.items()}
        answered: dict[int, Violation | None] = {}
        for problem in errors:
            if problem.path.endswith("deck.lock") and "conflict marker" in problem.message:
                self._keep_both_sides()
                continue
            key = lines.get(Path(problem.path).name, {}).get(problem.line)
            if key is None:
                raise Violation("hints", f"a refusal that no card can answer: {problem}")
            if answered.get(key, True):
                answered[key] = self._follow(problem, key)
        for unanswered in filter(None, answered.values()):
            raise unanswered
        after = self.tree, (self.sources / "deck.lock").read_bytes()
        hold("hints", f"followed, and nothing changed: {errors[0]}", kept=after != before)

    def attempt(self, part: str = "") -> building.Built | tuple[Problem, ...]:
        """Build what is on disk, once."""
        paths = [self.sources / part] if part else [self.sources]
        return building.build(paths, self.folder / "build", now=self.clock)

    # Hints.

    def _follow(self, problem: Problem, key: int) -> Violation | None:
        """Do what the hint of a refusal says, in the reading that is meant; return why it cannot be done."""
        card = self.tree.cards[key]
        try:
            self.tree = self.tree.put(_with_line(card, problem.hint) or self._with_directive(card, problem))
        except Violation as unanswered:
            return unanswered
        return None

    def _with_directive(self, card: Card, problem: Problem) -> Card:
        """Paste the directive that says what is meant, word for word."""
        ids = self.lock_ids()
        own, known = ids.get(self.guids.get(card.key, "")), set(ids.values())
        if _ANY_NAME.search(problem.hint):
            return replace(card, id=f"named-{card.key}-{next(self._names)}")
        for offered in _DIRECTIVE.findall(problem.hint):
            words = offered.split()
            named = next((word[1:] for word in words if word.startswith("#")), "")
            is_same = named in {own, card.id if card.id in ("", own) else own} and "new" not in words
            is_other = named not in known and (own is None or "new" not in words)
            if (is_same if own and (named in known or not named) else is_other) and (
                "reverse" in words
            ) == card.is_reversed:
                consents = tuple(word for word in words if word[0] not in "#." and word not in _FLAGS)
                return replace(card, id=named, words=consents)
        meant = f"`{own}`" if own else "a new card"
        raise Violation("hints", f"no directive for {meant}: {problem}")

    def _keep_both_sides(self) -> None:
        path = self.sources / "deck.lock"
        lines = path.read_text(encoding="utf-8").split("\n")
        kept = [line for line in lines if not line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||"))]
        path.write_text("\n".join(kept), encoding="utf-8")

    def lock_ids(self) -> dict[str, str]:
        """Return the ids of the lock's cards by their guids."""
        path = self.sources / "deck.lock"
        if not path.exists():
            return {}
        lock, _ = locks.load(path.read_text(encoding="utf-8"), str(path), NAMESPACE, self.clock)
        return {entry.guid: entry.id for entry in lock.entries}

    # Success.

    def accept(self, built: building.Built) -> Shipped:
        """Hold a build against what is meant; return its package."""
        examined = built.examined
        notes: dict[int, tuple[Note, Identity]] = {}
        names = examined.sources.files
        lines = {name: headings(file) for name, file in self.tree.files.items()}
        for one, made in zip(examined.checked, examined.notes, strict=True):
            name = names[one.card.location.path]
            notes[lines[name][one.card.location.line]] = made
        read = set(names.values())
        lost = self._check_guids(notes)
        self._check_lists(built, notes, read, lost)
        for key in lost:
            notes[self._begin_again(key)] = notes.pop(key)
        places, cards = self.tree.places, self.tree.cards
        self.is_listed = self.is_listed or examined.sources.whole
        gone = {key for key in self.live if key not in self.tree.cards and self.built[key][1] in read}
        self.live = set(notes) if examined.sources.whole else self.live.union(notes) - gone
        for key, (_, identity) in notes.items():
            self.guids[key] = identity.guid
            self.built[key] = cards[key], places[key]
        decks = {key: self.tree.files[places[key]].deck for key in notes}
        return Shipped(
            built.package.read_bytes(), notes, {key: cards[key] for key in notes}, decks, self.clock
        )

    def _check_guids(self, notes: Mapping[int, tuple[Note, Identity]]) -> list[int]:
        """Hold each card's guid against the one it had; return the cards that begin again, as was told."""
        owners = {guid: key for key, guid in self.guids.items()}
        lost = []
        for key, (_, identity) in notes.items():
            owner = owners.get(identity.guid, key)
            hold("moved", f"{self.named(key)} has the note of {self.named(owner)}", kept=owner == key)
            if self.guids.get(key, identity.guid) != identity.guid:
                hold("kept", f"{self.named(key)} begins again", kept=self._may_begin_again(key))
                lost.append(key)
        return lost

    def _may_begin_again(self, key: int) -> bool:
        """Return whether a list of changes is enough: nothing of a card resembles what it was.

        Nor is a retired card known that comes back and was edited at once.
        """
        card, (before, _) = self.tree.cards[key], self.built[key]
        if self.is_listed and key not in self.live and card.texts != before.texts:
            return True
        (asked, answered), (asked_before, answered_before) = card.texts, before.texts
        telling = [word for word in _WORD.findall(answered_before) if len(word) > 3]
        is_weak = len(telling) < 2 or any(
            other.answer == before.answer for key_, (other, _) in self.built.items() if key_ != key
        )
        return not _alike(asked, asked_before) and (is_weak or not _alike(answered, answered_before))

    def _check_lists(
        self,
        built: building.Built,
        notes: Mapping[int, tuple[Note, Identity]],
        read: set[str],
        lost: Sequence[int],
    ) -> None:
        """Hold what the build lists as new and retired against what is so."""
        if not self.is_listed:
            return
        changes = built.examined.changes
        new = {notes[key][1].card_id for key in notes if key not in self.guids or key in lost}
        listed = {change.card for change in changes.new}
        hold("lists", f"new are {sorted(new)}, and listed {sorted(listed)}", kept=new == listed)
        if built.examined.sources.whole:
            gone = {self.guids[key] for key in self.live if key not in notes or key in lost}
            ids = {self.lock_ids()[guid] for guid in gone}
            listed = {change.card for change in changes.retired}
            hold("lists", f"gone are {sorted(ids)}, and listed {sorted(listed)}", kept=listed == ids)

    def _begin_again(self, key: int) -> int:
        """Take a card for another one from now on: its author was told, and left it at that."""
        card, name = self.tree.cards[key], self.tree.places[key]
        self.memory.gone[key] = self.built[key]
        other = replace(card, key=next(self.memory.keys))
        place = self.tree.files[name].cards.index(card)
        self.tree = self.tree.drop(key).add(other, name, place)
        self.memory.texts[other.texts] = other.key
        return other.key

    def take_over(self, theirs: tuple[dict[int, str], dict[int, tuple[Card, str]], set[int]]) -> None:
        """Add what was built on another branch."""
        guids, built, _ = theirs
        cards = self.tree.cards
        self.guids = {**guids, **self.guids}
        for key, (card, name) in built.items():
            if key not in self.built or (key in cards and card.texts == cards[key].texts):
                self.built[key] = card, name
        self.live = set()  # what a union of both locks holds is for the next build to say
        self.is_listed = False

    def named(self, key: int) -> str:
        """Name a card in a message."""
        card = self.tree.cards.get(key) or self.memory.gone[key][0]
        return f"card {key} ({' | '.join(card.texts)})"

    def check_bytes(self, shipped: Shipped, chance: random.Random) -> None:
        """Build the same sources and lock elsewhere and later: no byte may differ."""
        elsewhere = self.folder / f"copy{chance.randrange(100)}"
        shutil.copytree(self.sources, elsewhere / "deck")
        again = building.build([elsewhere / "deck"], elsewhere, now=self.clock + chance.randrange(99999))
        hold("bytes", f"refused elsewhere: {again}", kept=isinstance(again, building.Built))
        assert isinstance(again, building.Built)
        hold("bytes", "another package elsewhere", kept=again.package.read_bytes() == shipped.data)
        same = (elsewhere / "deck" / "deck.lock").read_bytes() == (self.sources / "deck.lock").read_bytes()
        hold("bytes", "another lock elsewhere", kept=same)
        shutil.rmtree(elsewhere)


def headings(file: File) -> dict[int, int]:
    """Return the card of each heading's line."""
    found, line = {}, 5
    for card in file.cards:
        found[line] = card.key
        line += str(card).count("\n") + 2
    return found


def _with_line(card: Card, hint: str) -> Card | None:
    """Take the cloze numbers that a hint gives; None if it gives none, or the present ones."""
    for line in hint.split("\n"):
        numbers = {text: int(number) for number, text in _CLOZE.findall(line)}
        if card.blanks and all(blank.text in numbers for blank in card.blanks):
            blanks = tuple(replace(blank, number=numbers[blank.text]) for blank in card.blanks)
            return replace(card, blanks=blanks) if blanks != card.blanks else None
    return None


def _alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio() >= ALIKE
