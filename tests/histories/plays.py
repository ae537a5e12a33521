"""Histories: steps that are drawn from a seed, played, and cut down to the few that break a promise."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from anki.collection import Collection

from tests.histories import branches, edits, processes
from tests.histories.edits import EDITS, Memory
from tests.histories.learner import Learner
from tests.histories.model import Violation, hold
from tests.histories.player import Author
from verideck import building

STEPS = 12
WAYS = ("full", "full", "full", "full", "part", "ids", "killed", "twice", "copied")


@dataclass(frozen=True, slots=True)
class Step:
    """Some edits, each with a seed of its own, then a build, then what learners do."""

    seed: int
    edits: tuple[tuple[str, int], ...]
    way: str = "full"
    ours: tuple[Step, ...] = ()
    theirs: tuple[Step, ...] = ()

    def __str__(self) -> str:
        done = ", ".join(f"{name} ({seed})" for name, seed in self.edits)
        branches = f"; ours [{_listed(self.ours)}], theirs [{_listed(self.theirs)}]" if self.theirs else ""
        return f"{self.way} ({self.seed}): {done or 'nothing'}{branches}"


def _listed(steps: Sequence[Step]) -> str:
    return " / ".join(map(str, steps))


History = tuple[Step, ...]


def drawn(seed: int, length: int = STEPS) -> History:
    """Return the history of a seed."""
    chance = random.Random(seed)
    return tuple(_step(chance, branches=chance.random() < 0.15) for _ in range(length))


def _step(chance: random.Random, *, branches: bool) -> Step:
    count = chance.choice((0, 1, 1, 1, 2, 2, 3))
    done = tuple((chance.choice(tuple(EDITS)), chance.randrange(10**6)) for _ in range(count))
    if not branches:
        return Step(chance.randrange(10**6), done, chance.choice(WAYS))
    sides = [
        tuple(replace(_step(chance, branches=False), way="full") for _ in range(chance.choice((1, 1, 2))))
        for _ in range(2)
    ]
    return Step(chance.randrange(10**6), done, "merge", *sides)


class Play:
    """One history as it is played: an author, and the learners who follow."""

    def __init__(self, seed: int, folder: Path) -> None:
        chance = random.Random(seed)
        self.folder = folder
        memory = Memory()
        self.author = Author(folder / "author", edits.start(chance, memory), memory)
        empty = folder / "collection.anki2"
        Collection(str(empty)).close()
        self.learners = [Learner(folder / "learner", empty)]
        self._ship("", chance, set())

    def close(self) -> None:
        for learner in self.learners:
            learner.close()

    def step(self, step: Step) -> None:
        """Play a step."""
        chance = random.Random(step.seed)
        self.author.log.append(str(step))
        for name, seed in step.edits:
            self.author.tree = edits.apply(name, self.author.tree, random.Random(seed), self.author.memory)
        if step.theirs:
            self._ship("", chance, set())
            self._merge(step, chance)
            return
        part = chance.choice(sorted(self.author.tree.files)) if step.way == "part" else ""
        before = _BEFORE.get(step.way)
        if before:
            before(self.author, chance)
        self._ship(part, chance, set())

    def _ship(self, part: str, chance: random.Random, touched: set[int]) -> None:
        """Build, hold the package against what is meant, and let the learners import and study it."""
        shipped = self.author.accept(self.author.build(part))
        if not part and chance.random() < 0.3:
            self.author.check_bytes(shipped, chance)
        for learner in self.learners:
            if touched or chance.random() < 0.85:
                learner.load(shipped, touched)
                if chance.random() < 0.7:
                    learner.study(chance, self.author.clock)

    def _merge(self, step: Step, chance: random.Random) -> None:
        """Play two branches, and merge one into the other."""
        repository = branches.Repository(self.author, chance)
        main, twin = self.learners[0], None
        if chance.random() < 0.5:
            twin = main.twin(self.folder / f"twin{len(self.author.log)}")
            self.learners = [twin]
        else:
            self.learners = []
        repository.branch(lambda: [self.step(one) for one in step.theirs])
        self.learners = [main]
        repository.stay(lambda: [self.step(one) for one in step.ours])
        touched = repository.merge()
        self.learners = [main, *([twin] if twin else [])]
        self._ship("", chance, touched | {-1})
        if twin:
            twin.check()
            twin.close()
        self.learners = [main]


def _killed(author: Author, chance: random.Random) -> None:
    processes.killed(author, chance.randrange(1, 30))


def _twice(author: Author, chance: random.Random) -> None:
    processes.twice(author)


def _copied(author: Author, chance: random.Random) -> None:
    """Leave a copy of a file beside it, as a synchronised folder does; a build must not take it for new cards."""
    author.write()
    name = chance.choice(sorted(author.tree.files))
    copy = author.sources / f"{name.removesuffix('.md')} (conflicted copy).md"
    shutil.copy(author.sources / name, copy)
    refused = author.attempt()
    hold("copies", f"cards of {name} were built twice", kept=not isinstance(refused, building.Built))
    copy.unlink()


_BEFORE: Mapping[str, Callable[[Author, random.Random], None]] = {
    "ids": lambda author, _: author.write_ids(),
    "killed": _killed,
    "twice": _twice,
    "copied": _copied,
}


def play(history: History, seed: int) -> Violation | None:
    """Play a history; return the promise that it broke, if any."""
    folder = Path(tempfile.mkdtemp())
    played: Play | None = None
    done = -1
    try:
        played = Play(seed, folder)
        for done, step in enumerate(history):
            played.step(step)
        played.learners[0].check()
    except Violation as broken:
        broken.steps = done + 1
        broken.log = tuple(played.author.log if played else ())
        return broken
    finally:
        if played:
            played.close()
        shutil.rmtree(folder)
    return None


def shortest(history: History, seed: int, broken: Violation, tries: int = 150) -> tuple[History, Violation]:
    """Return the shortest history found that breaks the same promise."""
    history = history[: broken.steps]
    candidates = _shorter(history)
    for _ in range(tries):
        shorter = next(candidates, None)
        if shorter is None:
            break
        found = play(shorter, seed)
        if found and found.promise == broken.promise:
            history, broken = shorter[: found.steps], found
            candidates = _shorter(history)
    return history, broken


def _shorter(history: History) -> Iterator[History]:
    """Yield histories with something less: a step, an edit, a branch's step, the way of a build."""
    for place in reversed(range(len(history))):
        before, step, after = history[:place], history[place], history[place + 1 :]
        yield (*before, *after)
        if step.theirs:
            yield from ((*before, *side, *after) for side in (step.ours, step.theirs))
        yield from ((*before, less, *after) for less in _less(step))


def _less(step: Step) -> Iterator[Step]:
    for place in range(len(step.edits)):
        yield replace(step, edits=step.edits[:place] + step.edits[place + 1 :])
    if step.theirs:
        yield replace(step, ours=(), theirs=(), way="full")
    for name in ("ours", "theirs"):
        side: History = getattr(step, name)
        if len(side) > (name == "theirs"):
            yield from (replace(step, **{name: less}) for less in _shorter(side))
    if not step.theirs and step.way != "full":
        yield replace(step, way="full")


def report(seed: int, history: History, broken: Violation) -> str:
    """Say what broke, how to play it again, and what was done and refused on the way."""
    steps = [f"  {number}. {step}" for number, step in enumerate(history, 1)]
    return "\n".join([f"seed {seed}: {broken}", "shortest history:", *steps, "what happened:", *broken.log])
