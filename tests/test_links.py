"""A cloned deck full of links and pipes: no command reads or writes outside it, and each is told."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verideck.cli import main
from verideck.packaging.files import WriteError, replace_all

pytestmark = [
    pytest.mark.usefixtures("no_wait"),
    pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them"),
]

SECRET = "the key to the vault is 4711"  # noqa: S105  a word to look for
CONFIG = 'namespace = "3a0f6a52-0c5b-4b58-9f5e-2c1f7f0a6c11"\ntitle = "Cards"\n'
LOCK = '{"format": 2, "namespace": "3a0f6a52-0c5b-4b58-9f5e-2c1f7f0a6c11"}\n'
SOURCE = """\
---
deck: Cards
---

## What runs in `$(touch owned)`?
<!-- card: #runs -->

A command of the author's.
"""
PICTURE = b"\x89PNG\r\n\x1a\n" + SECRET.encode()
PAGE = """\
Recall & Review
beginner
What is a harbour?
A place where ships lie safe from the swell.
Click to reveal answer
"""
READERS = ("build", "check", "explain", "export", "gallery")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give what nobody but its owner is to read or write."""
    home = tmp_path / "home"
    (home / "notes").mkdir(parents=True)
    (home / ".profile").write_text(f"# {SECRET}\n")
    (home / "notes" / "diary.md").write_text(SOURCE.replace("A command", SECRET).replace("#runs", "#diary"))
    (home / "notes" / "diary.txt").write_text(PAGE.replace("A place", SECRET))
    (home / "photo.png").write_bytes(PICTURE)
    return home


@pytest.fixture
def clone(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a deck as it was cloned, as the current folder; its owner's home is as it was after the test."""
    clone = tmp_path / "clone"
    (clone / "cards").mkdir(parents=True)
    (clone / "cards" / "deck.toml").write_text(CONFIG)
    (clone / "cards" / "deck.lock").write_text(LOCK)
    (clone / "cards" / "cards.md").write_text(SOURCE)
    monkeypatch.chdir(clone)
    before = state(home)
    yield clone
    assert state(home) == before
    assert not (clone / "owned").exists()


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Give everything in a folder: its kind and permissions, its contents."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


def run(command: str, *more: str, sources: str = "cards") -> Result:
    """Run a command as a person types it."""
    arguments = {
        "build": ("build", sources),
        "check": ("check", sources),
        "explain": ("explain", "runs", sources),
        "export": ("export", sources, "--format", "gift", "-o", "out.gift"),
        "gallery": ("gallery", sources),
    }[command]
    return CliRunner().invoke(main, [*arguments, *more], catch_exceptions=False)


def refuses(command: str, *said: str, sources: str = "cards") -> None:
    """Run a command that has to fail with words, write nothing and tell nothing."""
    before = state(Path())
    result = run(command, sources=sources)
    assert result.exit_code != 0, result.output
    for words in said:
        assert words in result.output
    assert state(Path()) == before
    assert SECRET not in result.output
    assert "Traceback" not in result.output


# The attack as it was found.


def test_a_lock_that_is_a_startup_file_runs_no_command_of_the_authors(clone: Path, home: Path) -> None:
    profile = home / ".profile"
    profile.write_text("")
    (clone / "cards" / "deck.lock").unlink()
    (clone / "cards" / "deck.lock").symlink_to(profile)
    result = run("build")
    assert profile.read_text() == ""
    subprocess.run(["/bin/sh", str(profile)], cwd=clone, check=False, capture_output=True)
    assert not (clone / "owned").exists()
    assert result.exit_code == 1
    assert (
        f"cards/deck.lock:1:1: error: this link leaves the folder `cards`: it points outside, to `{profile}`"
        in (result.stderr)
    )
    assert "hint: replace the link with a copy of what it points to" in result.stderr
    profile.write_text(f"# {SECRET}\n")
    assert not (clone / "build").exists()


@pytest.mark.parametrize("there", [True, False], ids=["there", "not there yet"])
@pytest.mark.parametrize("how", ["absolute", "relative", "through a link", "through the root of a process"])
@pytest.mark.parametrize("name", ["deck.toml", "deck.lock", "evidence.json"])
def test_an_own_file_that_is_a_link_is_refused(
    name: str, how: str, there: bool, clone: Path, home: Path
) -> None:
    target = home / (".profile" if there else ".login")
    path = clone / "cards" / name
    path.unlink(missing_ok=True)
    if how == "through a link":
        (clone / "cards" / "way").symlink_to("../..")
        path.symlink_to(f"way/home/{target.name}")
    else:
        told = {
            "absolute": str(target),
            "relative": f"../../home/{target.name}",
            "through the root of a process": f"/proc/self/root{target}",
        }
        path.symlink_to(told[how])
    for command in READERS:
        blamed = "way" if how == "through a link" else name
        refuses(command, f"cards/{blamed}:1:1: error: this link leaves the folder `cards`: it points outside")


@pytest.mark.parametrize("option", ["--new", "--fork"])
@pytest.mark.parametrize("name", ["deck.toml", "deck.lock"])
def test_the_commands_of_the_lock_follow_no_link(name: str, option: str, clone: Path, home: Path) -> None:
    path = clone / "cards" / name
    path.unlink()
    if option == "--new" and name == "deck.toml":
        (clone / "cards" / "deck.lock").unlink()
    path.symlink_to(home / ".profile")
    before = state(Path())
    result = CliRunner().invoke(main, ["lock", "cards", option])
    assert result.exit_code == 1, result.output
    assert f"cards/{name}:1:1: error: " in result.stderr
    assert SECRET not in result.output
    assert state(Path()) == before


def test_a_merge_reads_no_link(clone: Path, home: Path) -> None:
    (clone / "theirs").symlink_to(home / ".profile")
    lock = str(clone / "cards" / "deck.lock")
    result = CliRunner().invoke(main, ["lock", "--merge", lock, lock, "theirs"])
    assert result.exit_code == 1, result.output
    assert "theirs:1:1: error: this link leaves the folder" in result.stderr
    assert (clone / "cards" / "deck.lock").read_text() == LOCK


LINKS: dict[str, tuple[str, str]] = {
    "a source": ("more.md", "notes/diary.md"),
    "a source that is not there": ("more.md", "notes/none.md"),
    "a folder": ("more", "notes"),
    "a folder called like a source": ("more.md", "notes"),
    "the home": ("more", ""),
}


def test_the_config_above_a_named_part_is_held_to_the_same(clone: Path, home: Path) -> None:
    cards = clone / "cards"
    (cards / "part").mkdir()
    (cards / "cards.md").rename(cards / "part" / "cards.md")
    (cards / "deck.toml").unlink()
    for make in (lambda path: path.symlink_to(home / ".profile"), pipe):
        make(cards / "deck.toml")
        refuses("build", "cards/deck.toml:1:1: error: ", sources="cards/part")
        refuses("build", "cards/deck.toml:1:1: error: ", sources="cards/part/cards.md")
        (cards / "deck.toml").unlink()


def test_a_link_obeys_no_terminal(clone: Path) -> None:
    (clone / "cards" / "more.md").symlink_to("/\x1b]0;owned\x07\ncards/cards.md:1:1: error: " + "x" * 900)
    result = run("check")
    assert "to `/\\x1b]0;owned\\x07\\ncards/cards.md:1:1: error: xxx" in result.stderr
    assert not {"\x1b", "\x07"} & set(result.stderr)
    assert "x" * 300 not in result.stderr


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("command", READERS)
def test_a_link_that_leaves_the_deck_is_an_error_that_names_it(
    command: str, name: str, clone: Path, home: Path
) -> None:
    link, target = LINKS[name]
    (clone / "cards" / link).symlink_to(home / target)
    refuses(
        command,
        f"cards/{link}:1:1: error: this link leaves the folder `cards`",
        f"it points outside, to `{home / target}`",
        "hint: replace the link with a copy of what it points to",
    )


@pytest.mark.parametrize("command", ["build", "check", "export", "gallery"])
def test_every_link_is_named_in_one_run(command: str, clone: Path, home: Path) -> None:
    cards = clone / "cards"
    (cards / "more.md").symlink_to(home / "notes" / "diary.md")
    (cards / "deck.lock").unlink()
    (cards / "deck.lock").symlink_to(home / ".profile")
    (cards / "evidence.json").symlink_to(home / ".profile")
    (cards / "cards.md").write_text(SOURCE + "\n![x](photo.png)\n")
    (cards / "photo.png").symlink_to(home / "photo.png")
    result = run(command)
    assert result.exit_code == 1
    places = [line.partition(": ")[0] for line in result.stderr.splitlines() if ": error: " in line]
    assert places == [
        "cards/cards.md:10:1",
        "cards/deck.lock:1:1",
        "cards/evidence.json:1:1",
        "cards/more.md:1:1",
        "cards/photo.png:1:1",
    ]


@pytest.mark.parametrize("command", ["build", "check", "export", "gallery"])
def test_a_picture_that_is_a_link_is_not_packed(command: str, clone: Path, home: Path) -> None:
    (clone / "cards" / ".in").mkdir()
    (clone / "cards" / ".in" / "photo.png").symlink_to(home / "photo.png")
    (clone / "cards" / "cards.md").write_text(SOURCE + "\n![x](.in/photo.png)\n")
    refuses(
        command,
        "cards/cards.md:10:1: error: image `.in/photo.png` cannot be read: `cards/.in/photo.png`: ",
        "this link leaves the folder `cards`: it points outside, to ",
    )


def test_a_picture_behind_a_linked_folder_is_not_packed(clone: Path, home: Path) -> None:
    (clone / "cards" / ".in").symlink_to(home)
    (clone / "cards" / "cards.md").write_text(SOURCE + "\n![x](.in/photo.png)\n")
    refuses("build", "image `.in/photo.png` cannot be read: `cards/.in`: this link leaves the folder `cards`")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../../home/photo.png", "lies outside the sources"),
        ("/etc/passwd", "lies outside the sources"),
        ("/proc/self/environ", "lies outside the sources"),
        ("..", "lies outside the sources"),
        (".", "is a folder"),
        ("../cards", "is a folder"),
        ("cards.md/x.png", "is missing"),
        ("../cards/none.png", "is missing"),
    ],
)
def test_a_picture_that_is_none_is_told(path: str, said: str, clone: Path) -> None:
    (clone / "cards" / "cards.md").write_text(f"{SOURCE}\n![x]({path})\n")
    refuses("build", f"cards/cards.md:10:1: error: image `{path}` {said}")


def test_pages_that_are_links_are_not_built(clone: Path, home: Path) -> None:
    cards = clone / "cards"
    (cards / "cards.md").unlink()
    (cards / "page.txt").write_text(PAGE)
    assert run("check").exit_code == 0
    (cards / "more.txt").symlink_to(home / "notes" / "diary.txt")
    refuses("build", "cards/more.txt:1:1: error: this link leaves the folder `cards`")
    refuses("build", "cards/more.txt:1:1: error: this link leaves", sources="cards/more.txt")


def test_a_file_that_is_named_itself_may_not_leave_either(clone: Path, home: Path) -> None:
    """A pattern such as `*.md` names all there are."""
    (clone / "cards" / "more.md").symlink_to(home / "notes" / "diary.md")
    for command in READERS:
        refuses(command, "cards/more.md:1:1: error: this link leaves", sources="cards/more.md")
    assert sorted(path.name for path in (home / "notes").iterdir()) == ["diary.md", "diary.txt"]


def test_only_what_the_user_names_may_be_a_link(clone: Path, tmp_path: Path) -> None:
    """The folder of the sources, the folder of the package; not the one that is taken when none is named."""
    link, out = tmp_path / "my-cards", tmp_path / "my-packages"
    link.symlink_to(clone / "cards")
    (tmp_path / "disk").mkdir()
    out.symlink_to(tmp_path / "disk")
    assert run("build", "-o", str(out), sources=str(link)).exit_code == 0
    assert (tmp_path / "disk" / "cards.apkg").is_file()
    assert run("check", sources=str(link / "cards.md")).exit_code == 0
    assert run("gallery", "-o", str(out), sources=str(link)).exit_code == 0
    assert out.is_symlink()
    (clone / "sources").symlink_to(tmp_path / "home" / "notes")
    result = CliRunner().invoke(main, ["build"])
    assert result.exit_code == 2
    assert "`sources` is a link" in result.stderr


def test_the_output_that_the_user_names_may_be_a_link_in_the_deck_itself(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (clone / "cards" / "out").symlink_to(tmp_path / "disk")
    assert run("build", "-o", "cards/out").exit_code == 0
    assert (tmp_path / "disk" / "cards.apkg").is_file()
    refuses("build", "cards/out:1:1: error: this link leaves the folder `cards`")


# Links that stay.


def test_links_that_stay_in_the_deck_are_read_and_no_file_twice(clone: Path) -> None:
    cards = clone / "cards"
    (cards / "inner" / "deep").mkdir(parents=True)
    (cards / "inner" / "two.md").write_text(SOURCE.replace("#runs", "#two").replace("runs", "stays"))
    (cards / "again.md").symlink_to("cards.md")
    (cards / "absolute.md").symlink_to(cards / "inner" / "two.md")
    (cards / "there-and-back.md").symlink_to("../cards/cards.md")
    (cards / "folder").symlink_to("inner")
    (cards / "inner" / "deep" / "circle").symlink_to("../..")
    (cards / "inner" / "self").symlink_to(".")
    result = run("check", "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert [(card["id"], card["path"]) for card in json.loads(result.stdout)["cards"]] == [
        ("runs", "cards/cards.md"),
        ("two", "cards/inner/two.md"),
    ]
    assert run("build").exit_code == 0


def test_a_part_of_the_deck_may_link_to_another_part(clone: Path) -> None:
    cards = clone / "cards"
    (cards / "part").mkdir()
    (cards / "part" / "linked.md").symlink_to("../cards.md")
    (cards / "part" / ".pool").mkdir()
    (cards / "part" / ".pool" / "kept").write_text(SOURCE.replace("#runs", "#kept").replace("runs", "stays"))
    (cards / "part" / "kept.md").symlink_to(".pool/kept")
    result = run("check", "--format", "json", sources="cards/part")
    assert [(card["id"], card["path"]) for card in json.loads(result.stdout)["cards"]] == [
        ("runs", "cards/cards.md"),
        ("kept", "cards/part/kept.md"),
    ]


def test_a_picture_may_be_a_link_inside_the_deck(clone: Path) -> None:
    cards = clone / "cards"
    (cards / "pool").mkdir()
    (cards / "pool" / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (cards / "dot.png").symlink_to("pool/dot.png")
    (cards / "cards.md").write_text(SOURCE + "\n![x](dot.png)\n")
    assert run("build").exit_code == 0


def test_the_config_may_be_a_link_inside_the_deck_and_what_a_build_writes_may_not(clone: Path) -> None:
    cards = clone / "cards"
    (cards / "deck.toml").rename(cards / ".settings")
    (cards / "deck.toml").symlink_to(".settings")
    assert run("build").exit_code == 0
    assert (cards / "deck.toml").is_symlink()
    for name in ("deck.lock", "evidence.json"):
        (cards / name).rename(cards / ".kept")
        (cards / name).symlink_to(".kept")
        refuses("build", f"cards/{name}:1:1: error: this is a link, to `.kept`, which is not followed here")
        refuses("check", f"cards/{name}:1:1: error: this is a link")
        (cards / ".kept").replace(cards / name)


@pytest.mark.parametrize("target", ["nowhere.md", "again.md", "../cards/again.md"])
def test_a_link_that_leads_nowhere_is_an_error(target: str, clone: Path) -> None:
    (clone / "cards" / "again.md").symlink_to(target)
    for command in READERS:
        refuses(command, f"cards/again.md:1:1: error: this link leads to no file: it points to `{target}`")


def test_hidden_links_and_links_outside_the_named_part_concern_nobody(clone: Path, home: Path) -> None:
    (clone / "cards" / ".#cards.md").symlink_to("me@machine.1234")  # as Emacs locks a file
    (clone / "cards" / ".venv").symlink_to(home)
    assert run("check").exit_code == 0
    (clone / "more").symlink_to(home)
    assert run("check").exit_code == 0


# What is no file.


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as held:
        held.bind(os.path.relpath(path))  # a socket's path is short


def link_to_pipe(path: Path) -> None:
    os.mkfifo(path.with_name(".pipe"))
    path.symlink_to(".pipe")


def device(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only the superuser makes devices")
    try:
        os.mknod(path, 0o020666, os.makedev(1, 5))  # /dev/zero never ends
    except PermissionError:
        pytest.skip("no devices in this container")


SPECIAL: dict[str, tuple[Callable[[Path], None], str]] = {
    "a pipe": (pipe, "a named pipe"),
    "a socket": (listening, "a socket"),
    "a link to a pipe": (link_to_pipe, "a named pipe"),
    "a device": (device, "a device"),
}


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("name", ["cards.md", "deck.toml", "deck.lock", "evidence.json"])
def test_what_is_no_file_is_an_error_and_no_wait(name: str, kind: str, clone: Path) -> None:
    make, said = SPECIAL[kind]
    path = clone / "cards" / name
    path.unlink(missing_ok=True)
    make(path)
    own_link = kind == "a link to a pipe" and name in ("deck.lock", "evidence.json")
    told = "this is a link" if own_link else f"cannot read the file: it is {said}"
    blamed = ".pipe" if kind == "a link to a pipe" and not own_link else name
    for command in READERS:
        refuses(command, f"cards/{blamed}:1:1: error: {told}")


@pytest.mark.parametrize("kind", SPECIAL)
def test_a_picture_that_is_no_file_is_an_error_and_no_wait(kind: str, clone: Path) -> None:
    make, said = SPECIAL[kind]
    make(clone / "cards" / "photo.png")
    (clone / "cards" / "cards.md").write_text(SOURCE + "\n![x](photo.png)\n")
    refuses("check", f"cards/cards.md:10:1: error: image `photo.png` is {said}")


def test_a_file_is_not_read_beyond_its_limit(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without an end of its own, as it grows while it is read, costs the limit and no more."""
    with (clone / "cards" / "cards.md").open("r+b") as file:
        file.truncate(600_000_000)
    with (clone / "cards" / "deck.lock").open("w+b") as file:
        file.truncate(600_000_000)
    with (clone / "cards" / "evidence.json").open("w+b") as file:
        file.truncate(600_000_000)
    result = run("check")
    assert "cards/cards.md:1:1: error: a file of 600,000,000 bytes" in result.stderr
    assert "cards/deck.lock:1:1: error: a file of 600,000,000 bytes, expected at most" in result.stderr
    assert "cards/evidence.json:1:1: error: a file of 600,000,000 bytes, expected at most" in result.stderr


# Where commands write.


def test_the_default_output_may_not_be_a_link(clone: Path, home: Path) -> None:
    (clone / "build").symlink_to(home)
    for command in ("build", "gallery"):
        result = run(command)
        assert result.exit_code == 1
        assert f"build:1:1: error: cannot write here: this is a link, to `{home}`" in result.stderr
    result = CliRunner().invoke(main, ["addon"])
    assert result.exit_code == 1
    assert f"build:1:1: error: cannot write here: this is a link, to `{home}`" in result.stderr
    assert run("build", "-o", "build").exit_code == 0  # it is named now
    (home / "cards.apkg").unlink()


def test_no_part_of_the_default_gallery_may_be_a_link(clone: Path, home: Path) -> None:
    (clone / "build").mkdir()
    (clone / "build" / "gallery").symlink_to(home)
    result = run("gallery")
    assert result.exit_code == 1
    assert "build/gallery:1:1: error: cannot write here: this is a link" in result.stderr
    (clone / "build" / "gallery").unlink()
    (clone / "build" / "gallery").mkdir()
    (clone / "build" / "gallery" / "decks").symlink_to(home)
    result = run("gallery")
    assert result.exit_code == 1
    assert "build/gallery/decks:1:1: error: " in result.stderr


@pytest.mark.parametrize("inside", [True, False])
def test_the_files_in_an_output_may_not_be_links(inside: bool, clone: Path, home: Path) -> None:
    (clone / "build").mkdir()
    (clone / "build" / "kept").write_text("kept")
    target = clone / "build" / "kept" if inside else home / ".profile"
    (clone / "build" / "cards.apkg").symlink_to(target)
    result = run("build")
    assert result.exit_code == 1
    assert f"build/cards.apkg:1:1: error: cannot write here: this is a link, to `{target}`" in result.stderr
    assert (clone / "cards" / "deck.lock").read_text() == LOCK
    result = run("build", "-o", "build")
    assert result.exit_code == 1
    (clone / "build" / "attention-heatmaps.ankiaddon").symlink_to(target)
    for more in ((), ("-o", "build/attention-heatmaps.ankiaddon")):
        result = CliRunner().invoke(main, ["addon", *more])
        assert result.exit_code == 1
        assert (
            "build/attention-heatmaps.ankiaddon:1:1: error: cannot write here: this is a link"
            in result.stderr
        )
    assert (clone / "build" / "kept").read_text() == "kept"


GALLERY_LINKS = ["index.html", "gallery.json", "cards.apkg", "decks", "decks/cards.html"]


@pytest.mark.parametrize("name", GALLERY_LINKS)
@pytest.mark.parametrize("owned", [True, False])
def test_the_files_of_a_gallery_may_not_be_links(name: str, owned: bool, clone: Path, home: Path) -> None:
    """Not even those that a list claims for a gallery."""
    site = clone / "site"
    assert run("gallery", "-o", "site").exit_code == 0
    listed = (site / "gallery.json").read_bytes()
    shutil.rmtree(site)
    (site / name).parent.mkdir(parents=True)
    if owned and name != "gallery.json":
        (site / "gallery.json").write_bytes(listed)
    (site / name).symlink_to(home / ("notes" if name == "decks" else ".profile"))
    result = run("gallery", "-o", "site")
    assert result.exit_code == 1
    assert f"site/{name}" in result.stderr
    assert ":1:1: error: " in result.stderr


def test_a_list_of_a_clone_removes_nothing_but_what_a_gallery_writes(clone: Path) -> None:
    site = clone / "build" / "gallery"
    (site / "decks").mkdir(parents=True)
    victims = ["notes.md", "Makefile", "decks/notes.md", "src/main.html", "x.apkg.bak", "index.htm"]
    for name in victims:
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_bytes(b"mine")
    digest = hashlib.sha256(b"mine").hexdigest()
    (site / "gallery.json").write_text(json.dumps({"files": dict.fromkeys(victims, digest)}))
    assert run("gallery").exit_code == 0
    assert [(site / name).read_bytes() for name in victims] == [b"mine"] * len(victims)


def test_a_list_that_is_a_link_claims_nothing(clone: Path, home: Path) -> None:
    site = clone / "build" / "gallery"
    site.mkdir(parents=True)
    (home / "list").write_text(json.dumps({"files": {"old.apkg": hashlib.sha256(b"mine").hexdigest()}}))
    (site / "old.apkg").write_bytes(b"mine")
    (site / "gallery.json").symlink_to(home / "list")
    assert run("gallery").exit_code == 1
    assert (site / "old.apkg").read_bytes() == b"mine"
    (home / "list").unlink()


def test_an_export_is_not_written_through_a_link(clone: Path, home: Path) -> None:
    (clone / "out.gift").symlink_to(home / ".profile")
    result = run("export")
    assert result.exit_code == 1
    assert "out.gift:1:1: error: cannot write here: this is a link" in result.stderr
    (clone / "out.gift").unlink()
    os.mkfifo(clone / "out.gift")
    result = run("export")
    assert result.exit_code == 1
    assert "out.gift:1:1: error: cannot write this file: a named pipe has its name" in result.stderr


# Links that come while a command is at work.


def exchanged(monkeypatch: pytest.MonkeyPatch, exchange: Callable[[], None], name: str = "replace") -> None:
    """Exchange something right before the first file is renamed."""
    real = getattr(os, name)
    done: list[None] = []

    def hooked(*arguments: object, **options: object) -> object:
        if not done:
            done.append(None)
            exchange()
        return real(*arguments, **options)

    monkeypatch.setattr(os, name, hooked)


def test_a_link_that_comes_at_the_last_moment_is_not_followed(
    clone: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is replaced itself: a rename follows none."""

    def exchange() -> None:
        for path in (clone / "cards" / "evidence.json", clone / "cards" / "deck.lock"):
            path.unlink(missing_ok=True)
            path.symlink_to(home / ".profile")

    exchanged(monkeypatch, exchange)
    result = run("build")
    assert (home / ".profile").read_text() == f"# {SECRET}\n"
    assert result.exit_code == 1  # the lock was looked at again
    assert not (clone / "cards" / "evidence.json").is_symlink()


@pytest.mark.parametrize("moment", ["replace", "fsync"])
def test_a_folder_that_becomes_a_link_takes_no_file(
    moment: str, clone: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was opened is written to, wherever it is now."""
    (clone / "build").mkdir()

    def exchange() -> None:
        (clone / "build").rename(clone / "was-build")
        (clone / "build").symlink_to(home)

    exchanged(monkeypatch, exchange, moment)
    result = run("build")
    assert sorted(path.name for path in home.iterdir()) == [".profile", "notes", "photo.png"]
    if moment == "replace":
        assert (clone / "was-build" / "cards.apkg").is_file()
    else:  # it was not open yet
        assert "build:1:1: error: cannot write here: this is a link" in result.stderr
        assert (clone / "cards" / "deck.lock").read_text() == LOCK


def test_a_source_that_becomes_a_link_while_it_is_read_is_not_followed(
    clone: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, real = clone / "cards" / "cards.md", os.open

    def hooked(path: object, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "cards.md" and not source.is_symlink():
            source.unlink()
            source.symlink_to(home / "notes" / "diary.md")
        return real(path, flags, mode, dir_fd=dir_fd)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", hooked)
    result = run("check")
    assert result.exit_code == 1
    assert "cards/cards.md:1:1: error: cannot read the file: " in result.stderr
    assert SECRET not in result.output


# Importing.


def imported(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["import", *arguments], catch_exceptions=False)


@pytest.fixture
def pages(clone: Path) -> Path:
    """Give a folder of saved pages, as somebody sent it."""
    folder = clone / "pages"
    folder.mkdir()
    (folder / "harbours.txt").write_text(PAGE)
    return folder


def test_an_import_of_a_folder_reads_nothing_outside_it(pages: Path, home: Path) -> None:
    (pages / "more.txt").symlink_to(home / "notes" / "diary.txt")
    (pages / "all").symlink_to(home / "notes")
    (pages / "again.txt").symlink_to("harbours.txt")
    os.mkfifo(pages / "pipe.html")
    for more in (("--format", "json"), ("--explain",), ("-o", "quiz")):
        result = imported("pages", *more)
        assert result.exit_code == 1
        for name in ("more.txt", "all"):
            assert f"pages/{name}:1:1: error: this link leaves" in result.stderr
        assert "pages/pipe.html:1:1: error: cannot read the file: it is a named pipe" in result.stderr
        assert SECRET not in result.output
    assert [path.name for path in Path("quiz").iterdir()] == ["harbours.md"]


def test_an_import_of_a_page_that_is_a_link_does_not_follow_it(pages: Path, home: Path) -> None:
    (pages / "more.txt").symlink_to(home / "notes" / "diary.txt")
    result = imported("pages/more.txt")
    assert result.exit_code == 1
    assert "pages/more.txt:1:1: error: this link leaves" in result.stderr
    assert SECRET not in result.output


def test_a_folder_of_pages_that_the_user_names_may_be_a_link(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").symlink_to(pages)
    assert imported(str(tmp_path / "mine"), "-o", "quiz").exit_code == 0
    assert imported(str(tmp_path / "mine" / "harbours.txt"), "-o", "quiz").exit_code == 0


def test_a_folder_to_import_to_that_the_user_names_may_be_a_link(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    Path("quiz").symlink_to(tmp_path / "disk")
    assert imported("pages", "-o", "quiz").exit_code == 0
    assert imported("pages", "-o", "quiz/one.md").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "disk").iterdir()) == ["harbours.md", "one.md"]


def test_an_import_merges_into_no_link(pages: Path, home: Path) -> None:
    target = home / "notes" / "diary.md"
    Path("quiz").mkdir()
    Path("quiz/harbours.md").symlink_to(target)
    result = imported("pages", "-o", "quiz")
    assert result.exit_code == 1
    assert "quiz/harbours.md:1:1: error: this is a link" in result.stderr
    assert SECRET not in result.output
    result = imported("pages/harbours.txt", "-o", "quiz/harbours.md")
    assert result.exit_code == 1
    assert "quiz/harbours.md:1:1: error: cannot write here: this is a link" in result.stderr
    Path("quiz/harbours.md").unlink()
    os.mkfifo("quiz/harbours.md")
    result = imported("pages", "-o", "quiz")
    assert "quiz/harbours.md:1:1: error: cannot read the file: it is a named pipe" in result.stderr


def test_an_import_writes_into_no_linked_folder(pages: Path, home: Path) -> None:
    (pages / "deep").mkdir()
    (pages / "deep" / "moles.txt").write_text(PAGE.replace("harbour", "mole"))
    Path("quiz").mkdir()
    Path("quiz/deep").symlink_to(home)
    result = imported("pages", "-o", "quiz")
    assert result.exit_code == 1
    assert "quiz/deep:1:1: error: this is a link" in result.stderr
    assert sorted(path.name for path in home.iterdir()) == [".profile", "notes", "photo.png"]


def test_an_import_learns_no_id_from_outside_the_deck(pages: Path, clone: Path, home: Path) -> None:
    """The ids of a deck's other sources are taken; what a link leads to is not read for them."""
    (home / "notes" / "diary.md").write_text(SOURCE.replace("#runs", "#harbour"))
    (clone / "cards" / "more.md").symlink_to(home / "notes" / "diary.md")
    os.mkfifo(clone / "cards" / "pipe.md")
    assert imported("pages", "-o", "cards").exit_code == 0
    assert "<!-- card: #harbour level=beginner -->" in (clone / "cards" / "harbours.md").read_text()
    (home / "notes" / "diary.md").write_text(SOURCE.replace("A command", SECRET).replace("#runs", "#diary"))


# What the pieces promise.


def test_leftovers_that_are_links_are_not_swept(clone: Path, home: Path) -> None:
    link = clone / "cards" / ".deck.lock.0000aaaa.verideck-new"
    link.symlink_to(home / ".profile")
    assert run("build").exit_code == 0
    assert link.is_symlink()


def test_permissions_are_kept_and_no_more_than_those(clone: Path) -> None:
    path = clone / "cards" / "deck.lock"
    assert run("build").exit_code == 0
    path.chmod(0o6640)
    path.write_bytes(path.read_bytes() + b"\n")
    path.chmod(0o6640)
    (clone / "cards" / "cards.md").write_text(SOURCE.replace("A command", "A script"))
    assert run("build").exit_code == 0
    assert path.stat().st_mode & 0o7777 == 0o640


def test_below_a_base_no_folder_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real" / "in").mkdir(parents=True)
    (tmp_path / "base").symlink_to("real")
    replace_all([(tmp_path / "base" / "in" / "a", b"a")], bases=[tmp_path / "base"])
    assert (tmp_path / "real" / "in" / "a").read_bytes() == b"a"
    (tmp_path / "real" / "out").symlink_to("in")
    with pytest.raises(WriteError, match="base/out: cannot write here: this is a link"):
        replace_all([(tmp_path / "base" / "out" / "a", b"b")], bases=[tmp_path / "base"])
    assert (tmp_path / "real" / "in" / "a").read_bytes() == b"a"


def test_a_package_has_only_what_the_deck_has(clone: Path) -> None:
    assert run("build").exit_code == 0
    with zipfile.ZipFile(clone / "build" / "cards.apkg") as archive:
        assert all(SECRET.encode() not in archive.read(name) for name in archive.namelist())
