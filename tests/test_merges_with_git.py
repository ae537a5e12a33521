"""Two authors on two branches: git merges sources and lock, and every learner keeps every review."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conftest import Anki

from verideck import building, lock_files

if TYPE_CHECKING:
    from collections.abc import Iterator

GIT = shutil.which("git") or ""
pytestmark = pytest.mark.skipif(not GIT, reason="git is not installed")

HEAD = "---\ndeck: Deck\n---\n\n"
DRIVER = f"{sys.executable} -m verideck lock --merge %O %A %B"
CONFIG = 'namespace = "5d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11"\ntitle = "Deck"\n'
WAYS = ("union", "driver")
ORDERS = (("ann", "bob"), ("bob", "ann"))


def card(question: str, answer: str, mark: str, words: str = "") -> str:
    said = f"<!-- card: {words} -->\n" if words else ""
    return f"## {question}\n{said}\n---\n\n{answer}\n\n---\n\n{mark}\n\n"


class Repository:
    """A deck under git. Ann and Bob have a branch and a learner each; both learners have the first build."""

    def __init__(self, folder: Path, way: str, files: Mapping[str, str]) -> None:
        self.folder = folder
        self.time = int(time.time()) - 9_000
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main", ".")
        for name, value in (
            ("user.email", "a@example.org"),
            ("user.name", "A"),
            ("merge.verideck.driver", DRIVER),
            ("merge.verideck.name", "Verideck"),
            ("core.autocrlf", "false"),
        ):
            self.git("config", name, value)
        merge = {"union": "merge=union", "driver": "merge=verideck"}[way]
        (folder / ".gitattributes").write_text(
            f"deck.lock {merge}\nevidence.json {merge}\n", encoding="utf-8"
        )
        (folder / "deck.toml").write_text(CONFIG, encoding="utf-8")
        lock_files.begin([folder])
        self.learners: dict[str, Anki] = {}
        self.write(files)
        self.base = self.commit("base")

    def git(self, *arguments: str) -> None:
        subprocess.run([GIT, *arguments], cwd=self.folder, check=True, capture_output=True)

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).write_text(HEAD + text if text else "", encoding="utf-8")
            if not text:
                (self.folder / name).unlink()

    def commit(self, message: str) -> building.Built:
        """Build and commit."""
        self.time += 600
        built = building.build([self.folder], self.folder.parent / "build", now=self.time)
        assert isinstance(built, building.Built), [str(problem) for problem in built]
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return built

    def branch(self, name: str, files: Mapping[str, str], learner: Anki) -> None:
        """Let an author edit, build and commit on a branch, and a learner review what was built."""
        self.git("checkout", "--quiet", "-b", name, "main")
        learner.load(self.base.package.read_bytes())
        self.write(files)
        learner.load(self.commit(name).package.read_bytes())
        while learner.rows("select 1 from cards where queue = 0"):
            learner.answer(1)
        self.learners[name] = learner

    def merge(self, first: str, second: str) -> building.Built:
        """Merge one branch into the other, build, and let both learners import."""
        self.git("checkout", "--quiet", first)
        self.git("merge", "--quiet", "--no-edit", second)
        built = self.commit("merged")
        for learner in self.learners.values():
            learner.load(built.package.read_bytes())
            learner.check()
        return built


def marks(anki: Anki) -> dict[int, str]:
    rows = anki.rows("select id, flds from notes")
    return {note: " ".join(sorted(set(re.findall(r"\bK\d+\b", fields)))) for note, fields in rows}


@pytest.fixture
def learners(tmp_path: Path) -> Iterator[tuple[Anki, Anki]]:
    folders = [tmp_path / name for name in ("ann", "bob")]
    for folder in folders:
        folder.mkdir()
    both = (Anki(folders[0]), Anki(folders[1]))
    yield both
    for learner in both:
        learner.col.close()


ONE, TWO = card("What is a query?", "The vector that asks", "K1"), card("What is a key?", "It answers", "K2")
BASE = {"a.md": ONE, "b.md": TWO}
EDITS: Mapping[str, tuple[Mapping[str, str], Mapping[str, str], int]] = {
    "cards in a script without ASCII": (
        {"a.md": ONE + card("птица", "bird", "K3")},
        {"b.md": TWO + card("мышь", "mouse", "K4")},
        4,
    ),
    "one question, two answers": (
        {"a.md": ONE + card("die Bank", "the bench", "K3")},
        {"b.md": TWO + card("die Bank", "the bank for money", "K4")},
        4,
    ),
    "the same card": (
        {"c.md": card("New?", "the same new card", "K3")},
        {"c.md": card("New?", "the same new card", "K3")},
        3,
    ),
    "an edit and a new card": (
        {"a.md": ONE.replace("The vector that asks", "A vector that asks")},
        {"b.md": TWO + card("What is a value?", "What is mixed", "K3")},
        3,
    ),
    "an id and an edit of the answer": (
        {"a.md": card("What is a query?", "The vector that asks", "K1", "#query")},
        {"a.md": card("What is a query?", "A vector that asks", "K1")},
        2,
    ),
    "edits of both cards": (
        {"a.md": ONE.replace("The vector", "A vector")},
        {"b.md": TWO.replace("It answers", "It gives the answer")},
        2,
    ),
    "a card is moved, and another edited": (
        {"a.md": card("Other?", "another one", "K3"), "b.md": TWO + ONE},
        {"c.md": card("More?", "one more", "K4")},
        4,
    ),
    "a retired card, and a file renamed": (
        {"b.md": "", "c.md": card("Instead?", "instead of it", "K3")},
        {"a.md": "", "aa.md": ONE},
        2,
    ),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("order", ORDERS)
def test_a_merge_moves_no_review(
    order: tuple[str, str], way: str, name: str, tmp_path: Path, learners: tuple[Anki, Anki]
) -> None:
    ours, theirs, count = EDITS[name]
    repository = Repository(tmp_path / "deck", way, BASE)
    repository.branch("ann", ours, learners[0])
    repository.branch("bob", theirs, learners[1])
    before = [marks(learner) for learner in learners]
    reviews = [learner.rows("select cid, id from revlog order by id") for learner in learners]
    built = repository.merge(*order)
    assert len(built.examined.notes) == count
    for learner, was, logged in zip(learners, before, reviews, strict=True):
        now = marks(learner)
        assert {note: now[note] for note in was} == was
        assert len(set(now.values())) == len(now)  # no card twice
        assert learner.rows("select cid, id from revlog order by id") == logged
    again = repository.commit("again")
    assert again.package.read_bytes() == built.package.read_bytes()


def test_both_orders_and_both_ways_give_the_same_package(tmp_path: Path, learners: tuple[Anki, Anki]) -> None:
    ours, theirs, _ = EDITS["one question, two answers"]
    guids = set()
    for way in WAYS:
        for order in ORDERS:
            repository = Repository(tmp_path / f"{way}-{order[0]}", way, BASE)
            repository.branch("ann", ours, learners[0])
            repository.branch("bob", theirs, learners[1])
            repository.git("checkout", "--quiet", order[0])
            repository.git("merge", "--quiet", "--no-edit", order[1])
            built = repository.commit("merged")
            guids.add(frozenset(made.guid for _, made in built.examined.notes[2:]))
    assert len(guids) == 1
