"""Whole or not at all: whatever fails, and whenever the process dies, the collection is as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import Collection

from addon.updating import adding, applying, packages, writing
from addon.updating.plan import Cancelled, Choices, UpdateError
from addon.updating.planning import planned

if TYPE_CHECKING:
    from tests.addon.updating.conftest import Author, Learner

DRIVER = Path(__file__).with_name("kill_driver.py")


def busy(author: Author, learner: Learner) -> bytes:
    """Make an update that does all that one can do, over a collection with reviews and edits."""
    old, new = (f"verideck-{letter * 20}.svg" for letter in "ab")
    author.change("one", Why=f'<img src="{old}">', media={old: b"<svg>old</svg>"})
    learner.anki.load(author.build())
    learner.anki.answer(3, "Sums::10 Weights")
    learner.edit(author, "two", Answer="Mine.")
    learner.tag(author, "five", "exam")
    author.later(version="2").change("one", Why=f'<img src="{new}">', media={new: b"<svg>new</svg>"})
    author.change("two", Question="Other?")
    author.change("three", live=False)
    author.change("five", deck="Sums::30 New")
    author.add("seven")
    author.add("eight", deck="Sums::40 Newer")
    return author.build()


STATE = (
    "select * from notes order by id",
    "select * from cards order by id",
    "select * from revlog order by id",
    "select * from decks order by id",
    "select * from notetypes order by id",
    "select * from graves",
    "select key, val from config order by key",
    "select crt, mod, scm, usn, ls from col",
)


def state(col: Collection) -> list[Any]:
    assert col.db
    return [col.db.all(sql) for sql in STATE]


def copied(learner: Learner, folder: Path) -> Path:
    """Copy a closed collection; gives the copy's file."""
    folder.mkdir()
    for path in learner.anki.folder.glob("collection*"):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
    return folder / "collection.anki2"


def as_it_was_or_whole(place: Path, before: list[Any], after: list[Any]) -> bool:
    """Open a collection again, and tell whether it is the updated one."""
    opened = Collection(str(place))
    now = state(opened)
    updated: bool = now[0] != before[0]
    if updated:
        assert [len(rows) for rows in now[:5]] == [len(rows) for rows in after[:5]]
    else:
        assert now == before
    assert opened.fix_integrity() == ("Database rebuilt and optimized.", True)
    opened.close()
    return updated


def test_a_fault_or_a_death_at_any_moment_leaves_all_as_it_was(
    author: Author, learner: Learner, tmp_path: Path
) -> None:
    package = tmp_path / "busy.apkg"
    package.write_bytes(busy(author, learner))
    before = state(learner.col)
    learner.col.close()

    def killed(at: int) -> tuple[subprocess.CompletedProcess[str], Path]:
        place = copied(learner, tmp_path / f"killed-{at}")
        command = [sys.executable, str(DRIVER), str(place), str(package), str(at)]
        room = {**os.environ, "TMPDIR": str(tmp_path)}  # what the dead leave behind goes with the test
        return subprocess.run(command, capture_output=True, text=True, check=False, env=room), place

    done, place = killed(10**6)
    assert done.returncode == 0, done.stderr
    words = int(done.stdout)
    finished = Collection(str(place))
    after = state(finished)
    finished.close()

    for at in range(1, words + 1):
        place = copied(learner, tmp_path / f"failed-{at}")
        failed = failing(place, package, at)
        assert as_it_was_or_whole(place, before, after) != failed, at
    outcomes = []
    for at in {*range(1, words, max(1, words // 8)), *range(words - 5, words + 1)}:
        done, place = killed(at)
        assert done.returncode == -9, done.stderr
        outcomes.append(as_it_was_or_whole(place, before, after))
    assert not any(outcomes)  # the last word is the one that keeps everything
    learner.col.reopen()


def failing(place: Path, package: Path, at: int) -> bool:
    """Update with Anki refusing the `at`th word; tell whether the update said that it failed."""
    col = Collection(str(place))
    words = 0

    def counted(call: Any) -> Any:
        def run(*args: Any, **options: Any) -> Any:
            nonlocal words
            words += 1
            if words == at:
                raise RuntimeError("the disk is full")
            return call(*args, **options)

        return run

    failed = False
    backend: Any = col._backend
    with packages.read_package(package) as opened:
        plan = planned(col, opened)
        for name in ("_run_command", "_db_command"):
            setattr(backend, name, counted(getattr(backend, name)))
        try:
            applying.apply(col, opened, plan, Choices.usual(plan))
        except UpdateError as fault:
            assert "disk is full" in str(fault)  # noqa: PT017 - not every word is one that must succeed
            failed = True
        finally:
            for name in ("_run_command", "_db_command"):
                delattr(backend, name)
    if failed:  # nothing of it can be undone, or done again
        assert not col.undo_status().undo
        rows = state(col)
        if col.undo_status().redo:
            col.redo()
        assert state(col)[:4] == rows[:4]
        changed = col.db.scalar("select mod from col") if col.db else 0
        assert changed
    col.close()
    return failed


@pytest.mark.parametrize(
    ("module", "part"),
    [(writing, "notes"), (writing, "move"), (writing, "retire"), (applying, "_record")],
)
def test_a_fault_is_told_and_nothing_of_the_update_can_be_done_again(
    author: Author, learner: Learner, module: ModuleType, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = busy(author, learner)
    learner.tag(author, "six", "own")
    assert learner.col.undo_status().undo == "Update Note"
    before = state(learner.col)
    media = sorted(path.name for path in Path(learner.col.media.dir()).iterdir())
    real = getattr(module, part)

    def failing(*given: Any) -> None:
        real(*given)
        raise RuntimeError("no room")

    monkeypatch.setattr(module, part, failing)
    with pytest.raises(UpdateError, match="The update failed: no room"):
        learner.update(package)
    assert state(learner.col) == before
    assert sorted(path.name for path in Path(learner.col.media.dir()).iterdir()) == media
    assert learner.col.undo_status().undo == "Update Note"
    if learner.col.undo_status().redo:
        learner.col.redo()
        assert state(learner.col)[:4] == before[:4]
    learner.col.undo()
    learner.col.undo()
    assert "own" not in learner.note(author, "six").tags
    monkeypatch.undo()
    learner.update(package)
    assert learner.has(author, "seven")
    assert learner.col.fix_integrity()[1]


def test_cancelling_writes_nothing(author: Author, learner: Learner) -> None:
    package = busy(author, learner)
    learner.path.write_bytes(package)
    before = state(learner.col)
    with packages.read_package(learner.path) as opened:
        with pytest.raises(Cancelled):
            planned(learner.col, opened, lambda what, done, of: False)
        plan = planned(learner.col, opened)
        with pytest.raises(Cancelled):
            applying.apply(learner.col, opened, plan, Choices.usual(plan), lambda what, done, of: False)
    assert state(learner.col) == before


def test_a_collection_that_has_changed_is_looked_at_again(author: Author, learner: Learner) -> None:
    learner.path.write_bytes(busy(author, learner))
    with packages.read_package(learner.path) as opened:
        plan = planned(learner.col, opened)
        learner.tag(author, "six", "own")
        before = state(learner.col)
        with pytest.raises(UpdateError, match="Look again"):
            applying.apply(learner.col, opened, plan, Choices.usual(plan))
        assert state(learner.col) == before
        plan = planned(learner.col, opened)
        applying.apply(learner.col, opened, plan, Choices.usual(plan))
    assert "own" in learner.note(author, "six").tags


def test_an_import_that_adds_other_notes_is_taken_back(
    author: Author, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = busy(author, learner)
    before = state(learner.col)
    real = adding.prepare

    def fewer(*given: Any) -> adding.Arriving:
        made = real(*given)
        return adding.Arriving(made.package, made.guids[1:], made.by_hand, made.texts, made.folder)

    monkeypatch.setattr(adding, "prepare", fewer)
    with pytest.raises(UpdateError, match="other notes"):
        learner.update(package)
    assert state(learner.col) == before
