"""A preview of a cloned deck: it shows, serves and watches what is in the deck's folder, and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    Preview = Any  # the class of conftest.py

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")

SECRET = "the vault is 4711"  # noqa: S105  a word to look for
PICTURE = f'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><title>{SECRET}</title></svg>'


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Give a folder that is no part of the deck."""
    outside = tmp_path / "outside"
    (outside / "notes").mkdir(parents=True)
    (outside / "notes" / "diary.md").write_text(
        f"---\ndeck: Mine\n---\n\n## What?\n<!-- card: #x -->\n\n{SECRET}\n"
    )
    (outside / "photo.svg").write_text(PICTURE)
    return outside


def add(deck: Path, text: str) -> None:
    with (deck / "words.md").open("a", encoding="utf-8") as file:
        file.write(text)


def test_links_that_leave_are_told_and_not_shown(
    preview: Callable[..., Preview], deck: Path, outside: Path
) -> None:
    (deck / "more.md").symlink_to(outside / "notes" / "diary.md")
    (deck / "more").symlink_to(outside)
    (deck / "photo.svg").symlink_to(outside / "photo.svg")
    (deck / "deck.lock").symlink_to(outside / "photo.svg")
    (deck / "evidence.json").symlink_to(outside / "photo.svg")
    os.mkfifo(deck / "pipe.md")
    add(deck, "\n## A photo?\n<!-- card: #photo -->\n\n![A photo](photo.svg)\n")
    page = preview()
    told = next(page.events())
    places = {problem["place"].rpartition("/")[2]: problem["message"] for problem in told["problems"]}
    for name in ("more.md", "more", "photo.svg", "deck.lock", "evidence.json"):
        assert places[f"{name}:1"].startswith("this link leaves the folder `deck`: it points outside")
    assert places["pipe.md:1"] == "cannot read the file: it is a named pipe"
    assert {"photo", "query"} <= {card["key"] for card in told["cards"]}
    assert SECRET not in str(told)
    status, _, body = page.ask("cards/photo")
    assert status == 200
    assert SECRET.encode() not in body
    for path in ("frame/photo.svg", "frame/more.md", "frame/..%2Foutside%2Fphoto.svg"):
        status, _, body = page.ask(path)
        assert status == 404
        assert SECRET.encode() not in body


def test_folders_outside_are_not_watched(preview: Callable[..., Preview], deck: Path, outside: Path) -> None:
    """A link to a whole disk would take all watches that the system has."""
    if not Path("/proc/self/fdinfo").is_dir():
        pytest.skip("no /proc on this system")
    (deck / ".more").symlink_to(outside)
    (deck / "inner" / "deep").mkdir(parents=True)
    page = preview()
    events = page.events()
    next(events)
    add(deck, "\n## Is this followed?\n<!-- card: #followed -->\n\nYes.\n")
    while not any(card["key"] == "followed" for card in next(events)["cards"]):
        pass
    watched = {
        int(inode, 16)
        for info in Path(f"/proc/{page.process.pid}/fdinfo").iterdir()
        for inode in re.findall(r"^inotify .*?\bino:([0-9a-f]+)", info.read_text(), re.MULTILINE)
    }
    assert {path.stat().st_ino for path in (deck, deck / "inner", deck / "inner" / "deep")} <= watched
    assert not {path.stat().st_ino for path in (outside, outside / "notes")} & watched


def test_a_folder_that_comes_later_is_followed_too(preview: Callable[..., Preview], deck: Path) -> None:
    events = preview().events()
    next(events)
    for name in ("new", "newer"):
        (deck / name).mkdir()
        text = f"---\ndeck: Words\n---\n\n## What is {name}?\n<!-- card: #{name} -->\n\nThis.\n"
        (deck / name / "cards.md").write_text(text, encoding="utf-8")
        while not any(card["key"] == name for card in next(events)["cards"]):
            pass
    (deck / "new" / "cards.md").write_text(text.replace("#newer", "#newest").replace("newer", "newest"))
    while not any(card["name"] == "newest" for card in next(events)["cards"]):
        pass
