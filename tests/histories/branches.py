"""Two branches of a deck in a real repository, and their merge."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.histories.model import Card, File, Tree, merge
from tests.histories.player import NAMESPACE, Author

from verideck.packaging import lock as locks

_NOBODY = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
_NAMED = {
    f"GIT_{who}_{what}": "nobody@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}
DRIVER = f"{sys.executable} -m verideck lock --merge %O %A %B"
STRATEGIES: Mapping[str, str] = {
    "union": "deck.lock merge=union\n",
    "driver": "deck.lock merge=verideck\n",
    "none": "",
}


class Repository:
    """The repository of an author's sources."""

    def __init__(self, author: Author, chance: random.Random) -> None:
        self.author = author
        self.chance = chance
        self.base = author.tree
        self.theirs: Any = None
        if not (author.sources / ".git").exists():
            self.git("init", "--quiet", "--initial-branch=main")
            self.git("config", "merge.verideck.driver", DRIVER)
        self.strategy = chance.choice(sorted(STRATEGIES))
        (author.sources / ".gitattributes").write_text(STRATEGIES[self.strategy], encoding="utf-8")
        author.log.append(f"  merging by {self.strategy}")
        self.commit()
        self.start = self._state()

    def git(self, *arguments: str, may_fail: bool = False) -> bool:
        """Run git; return whether it went well."""
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 - found by its name everywhere
            cwd=self.author.sources,
            env={**os.environ, **_NOBODY, **_NAMED},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=not may_fail,
        )
        return done.returncode == 0

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=step")

    def branch(self, play: Callable[[], object]) -> None:
        """Play what happens on the other branch."""
        self.git("checkout", "--quiet", "-B", "side")
        play()
        self.author.write()
        self.commit()
        self.theirs, self.their_mods = self._state(), self._mods()
        self.git("checkout", "--quiet", "main")
        self._enter(self.start)

    def stay(self, play: Callable[[], object]) -> None:
        """Play what happens on this branch meanwhile."""
        play()
        self.author.write()
        self.commit()

    def merge(self) -> set[int]:
        """Merge, in one of both directions; return the cards that differed."""
        ours, theirs = self._state(), self.theirs
        mods = self._mods(), self.their_mods
        if self.chance.random() < 0.5:
            self.git("checkout", "--quiet", "side")
            ours, theirs = theirs, ours
            other = "main"
        else:
            other = "side"
        is_clean = self.git("merge", "--quiet", "--no-edit", other, may_fail=True)
        self.author.log.append(f"  merged {other} {'cleanly' if is_clean else 'with conflicts'}")
        self._enter(ours)
        tree = merge(self.base, ours[0], theirs[0])
        self.author.tree = (is_clean and self._as_merged(tree)) or tree
        self.author.take_over(theirs[1:])
        self.author.write()
        self.commit()
        self.git("checkout", "--quiet", "-B", "main")
        cards, others = _seen(ours[0]), _seen(theirs[0])
        edited = {key for key in {**cards, **others} if cards.get(key) != others.get(key)}
        # One that was edited and then was again what it had been is newer, too.
        guids = {guid for guid in {**mods[0], **mods[1]} if mods[0].get(guid) != mods[1].get(guid)}
        return edited | {key for key, guid in self.author.guids.items() if guid in guids}

    def _as_merged(self, meant: Tree) -> Tree | None:
        """Return the tree in git's order of cards; None if git made something else of the sources."""
        texts = {str(card): card for _, card in meant}
        files: dict[str, File] = {}
        for path in self.author.sources.glob("*.md"):
            head, *parts = path.read_text(encoding="utf-8").split("\n\n## ")
            cards = [texts.pop(f"## {part}".rstrip("\n"), None) for part in parts]
            if None in cards:
                return None
            files[path.name] = File(head.splitlines()[1].removeprefix("deck: "), tuple(filter(None, cards)))
        return None if texts else replace(meant, files=files)

    def _mods(self) -> dict[str, int]:
        text = (self.author.sources / "deck.lock").read_text(encoding="utf-8")
        lock, _ = locks.load(text, "deck.lock", NAMESPACE, self.author.clock)
        return {entry.guid: entry.mod for entry in lock.entries}

    def _state(self) -> Any:
        author = self.author
        return (author.tree, dict(author.guids), dict(author.built), set(author.live))

    def _enter(self, state: Any) -> None:
        author = self.author
        author.tree, author.guids, author.built, author.live = (
            state[0], dict(state[1]), dict(state[2]), set(state[3]),
        )  # fmt: skip


def _seen(tree: Tree) -> dict[int, tuple[Card, str]]:
    """Return each card with its deck."""
    return {key: (card, tree.files[tree.places[key]].deck) for key, card in tree.cards.items()}
