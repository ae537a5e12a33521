"""`verideck fmt`: one form, no other card, ids that a build knows already."""

from __future__ import annotations

import stat
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from verideck import building, cli
from verideck.reading import canonical_form

if TYPE_CHECKING:
    from tests.conftest import Anki

UNTIDY = "\ufeff---\ndeck: D\n---\n## Capital of Peru?\n<!--card:  .t -->\nLima  \n\n\n## 猫\ncat".replace(
    "\n", "\r\n"
)
TIDY = "---\ndeck: D\n---\n\n## Capital of Peru?\n<!-- card: .t -->\n\nLima\n\n## 猫\n\ncat\n"

KINDS = """\
---
deck: D::10 Kinds
---
## Query
<!-- card: reverse -->
The vector that asks.
## Which one?

- [x] this
- [ ] that

## Softmax
The {{c1::exponentials}} are divided by their {{c2::sum}}.
## How many?
<!-- card:  typed -->
4
## собака
dog
## кошка
cat
## Written
<!-- card: #own -->
by hand
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["fmt", *arguments])


def build(folder: Path, ago: int = 0) -> building.Built:
    built = building.build([folder], folder / "build", now=int(time.time()) - ago)
    assert isinstance(built, building.Built), [str(problem) for problem in built]
    return built


def test_a_source_is_brought_into_its_form_once(folder: Path) -> None:
    source = folder / "a.md"
    source.write_bytes(UNTIDY.encode())
    made = run()
    assert made.exit_code == 0, made.output
    assert made.stdout == "a.md: formatted\n1 of 1 file changed\n"
    assert source.read_bytes() == TIDY.encode()
    assert run().stdout == "0 of 1 file changed\n"


def test_check_names_the_files_and_writes_nothing(folder: Path) -> None:
    (folder / "a.md").write_bytes(UNTIDY.encode())
    (folder / "b.md").write_text(TIDY.replace("Peru", "Chile").replace("猫", "犬"), encoding="utf-8")
    made = run("--check")
    assert (made.exit_code, made.stdout) == (1, "a.md: would be formatted\n1 of 2 files would change\n")
    assert (folder / "a.md").read_bytes() == UNTIDY.encode()
    assert run("--check", "b.md").exit_code == 0
    assert run("--check", "--ids", "b.md").stdout.startswith("b.md: would be formatted, 2 ids added\n")


@pytest.mark.parametrize(
    "untidy", [UNTIDY, UNTIDY.replace("\r\n", "\n"), TIDY.removesuffix("\n"), TIDY + "\n"]
)
def test_a_diff_turns_the_file_into_its_form(folder: Path, untidy: str) -> None:
    source = folder / "a.md"
    source.write_bytes(untidy.encode())
    made = run("--diff")
    assert made.exit_code == 0
    assert source.read_bytes() == untidy.encode()
    assert run("--diff", "--check").exit_code == 1
    patch = ["git", "apply", "--unsafe-paths", "-p0"]
    subprocess.run(patch, input=made.stdout_bytes, cwd=folder, check=True)
    assert source.read_bytes() == TIDY.encode()


def test_a_file_with_an_error_stays_and_the_others_are_done(folder: Path) -> None:
    (folder / "a.md").write_bytes(UNTIDY.encode())
    (folder / "b.md").write_text("---\ndeck: D\n---\n## A\n- [] x\n", encoding="utf-8")
    (folder / "c.md").write_bytes(b"---\ndeck: D\n---\n\xff")
    (folder / "d.md").write_text("no front matter\n", encoding="utf-8")
    before = {name: (folder / name).read_bytes() for name in ("b.md", "c.md", "d.md")}
    made = run("--ids")
    assert made.exit_code == 1
    assert made.stdout == "a.md: formatted, 2 ids added\n1 of 1 file changed\n"
    assert "b.md:5:1: error: not quite an option" in made.stderr
    assert "c.md:4:1: error: not UTF-8" in made.stderr
    assert "d.md:1:1: error:" in made.stderr
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_what_is_no_source_is_told(folder: Path) -> None:
    assert "no sources in this folder" in run().stderr
    (folder / "page.txt").write_text("1. Which?\n", encoding="utf-8")
    made = run("page.txt")
    assert made.exit_code == 1
    assert "page.txt:1:1: error: no reader for `.txt` files" in made.stderr
    assert run("nowhere.md").exit_code == 2


def test_links_and_permissions_stay(folder: Path) -> None:
    deck = folder / "deck"
    deck.mkdir()
    real = deck / "kept" / "real.md"
    real.parent.mkdir()
    real.write_bytes(UNTIDY.encode())
    (deck / "a.md").symlink_to("kept/real.md")
    real.chmod(0o640)
    assert run("deck/a.md").exit_code == 0
    assert (deck / "a.md").is_symlink()
    assert real.read_bytes() == TIDY.encode()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "directive",
    ["#query levle=beginner", "#a b", "level=zzz", "#q .t x=", 'lost="zzz"', "#-x", "#q new=", '"', "#\x07"],
)
def test_what_cannot_be_read_is_not_dropped(directive: str, folder: Path) -> None:
    text = f"---\ndeck: D\n---\n\n\n## Q?\n<!-- card: {directive} -->\n\nAn answer.\n"
    (folder / "a.md").write_text(text, encoding="utf-8")
    for options in ((), ("--ids",)):
        made = run(*options)
        assert made.exit_code == 1
        assert "a.md:7:" in made.stderr
        assert (folder / "a.md").read_text(encoding="utf-8") == text


def test_a_file_outside_the_deck_is_not_formatted(folder: Path) -> None:
    deck = folder / "deck"
    deck.mkdir()
    (folder / "real.md").write_bytes(UNTIDY.encode())
    (deck / "a.md").symlink_to(folder / "real.md")
    made = run("deck/a.md")
    assert made.exit_code == 1
    assert "deck/a.md:1:1: error: " in made.stderr
    assert (folder / "real.md").read_bytes() == UNTIDY.encode()


def test_a_change_of_a_card_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.md").write_bytes(UNTIDY.encode())
    monkeypatch.setattr(canonical_form, "rewrite", lambda *_: TIDY.replace("Lima", "Quito"))
    made = run()
    assert made.exit_code == 1
    assert "a.md:1:1: error: formatting would change a card of this file" in made.stderr
    assert (folder / "a.md").read_bytes() == UNTIDY.encode()


def test_ids_change_no_card_of_a_deck_that_is_studied(folder: Path, anki: Anki) -> None:
    deck = folder / "deck"
    deck.mkdir()
    (deck / "kinds.md").write_text(KINDS, encoding="utf-8")
    first = build(deck, ago=9000)
    assert anki.load(first.package.read_bytes()) == {"new": 7}
    anki.answer(5, "D::10 Kinds")
    known = {identity.guid: identity for _, identity in first.examined.notes}
    before = anki.rows("select id, nid, ord, due, reps from cards order by id"), first.package.read_bytes()

    assert run("--ids", "deck").stdout == "deck/kinds.md: formatted, 6 ids added\n1 of 1 file changed\n"
    ids = [card.id for card in building.examine([deck], now=int(time.time())).sources.cards]
    assert sorted(filter(None, ids)) == sorted(identity.card_id for identity in known.values())
    second = build(deck)
    changes = second.examined.changes
    assert (len(changes.unchanged), changes.retired, changes.new) == (7, (), ())
    assert {identity.guid: identity for _, identity in second.examined.notes} == known
    assert second.package.read_bytes() == before[1]
    assert anki.load(second.package.read_bytes()) == {"duplicate": 7}
    assert anki.rows("select id, nid, ord, due, reps from cards order by id") == before[0]
    anki.check()
    # From now on both texts may change.
    text = (deck / "kinds.md").read_text(encoding="utf-8")
    (deck / "kinds.md").write_text(text.replace("dog", "hound"), encoding="utf-8")
    assert run("--ids", "deck").stdout == "0 of 1 file changed\n"
    assert [change.card for change in build(deck).examined.changes.reworded] == [ids[4]]


def test_ids_are_unique_in_the_deck_whatever_is_named(folder: Path) -> None:
    (folder / "a.md").write_text("---\ndeck: D\n---\n\n## One\n\n1\n", encoding="utf-8")
    build(folder)
    (folder / "b.md").write_text("---\ndeck: D\n---\n\n## One\n\n2\n\n## One\n\n3\n", encoding="utf-8")
    (folder / "c.md").write_text("---\ndeck: D\n---\n\n## X\n<!-- card: #one-2 -->\n\n4\n", encoding="utf-8")
    made = run("--ids", "b.md")
    assert made.exit_code == 0, made.output
    assert "<!-- card: #one-3 -->" in (folder / "b.md").read_text(encoding="utf-8")
    assert "<!-- card: #one-4 -->" in (folder / "b.md").read_text(encoding="utf-8")
    assert run("--ids").stdout == "a.md: formatted, 1 id added\n1 of 3 files changed\n"
    assert "<!-- card: #one -->" in (folder / "a.md").read_text(encoding="utf-8")
    assert len(build(folder).examined.changes.unchanged) == 1


def test_a_retired_id_is_not_used_again(folder: Path) -> None:
    (folder / "a.md").write_text("---\ndeck: D\n---\n\n## One\n\n1\n", encoding="utf-8")
    build(folder)
    (folder / "a.md").write_text("---\ndeck: D\n---\n\n## Two\n\n2\n", encoding="utf-8")
    build(folder)
    (folder / "b.md").write_text("---\ndeck: D\n---\n\n## One\n\nanother\n", encoding="utf-8")
    assert run("--ids").exit_code == 0
    assert "#one-2" in (folder / "b.md").read_text(encoding="utf-8")


def test_an_id_is_all_that_a_varying_card_lacked(folder: Path) -> None:
    card = "## How many?\n\n«n»\n\n```python vary 2\nn = [1, 2]\n```\n"
    (folder / "a.md").write_text(f"---\ndeck: D\n---\n\n{card}", encoding="utf-8")
    assert run().exit_code == 1
    assert run("--ids").exit_code == 0
    assert "<!-- card: #how-many -->" in (folder / "a.md").read_text(encoding="utf-8")


def test_an_uncertain_card_gets_no_id_and_its_file_stays(folder: Path) -> None:
    for name in ("a.md", "b.md"):
        text = f"---\ndeck: D\n---\n## {name}\n<!-- card: #one -->\nx\n"
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "c.md").write_text("---\ndeck: D\n---\n## One\nx\n", encoding="utf-8")
    before = (folder / "b.md").read_bytes()
    made = run("--ids")
    assert made.exit_code == 1
    assert "b.md:4:1: error: two cards with the id `#one`" in made.stderr
    assert "c.md: formatted, 1 id added" in made.stdout
    assert (folder / "b.md").read_bytes() == before


def test_a_damaged_lock_stops_ids_and_nothing_else(folder: Path) -> None:
    (folder / "a.md").write_bytes(UNTIDY.encode())
    build(folder)
    with (folder / "deck.lock").open("a", encoding="utf-8") as file:
        file.write("{\n")
    made = run("--ids")
    assert made.exit_code == 1
    assert "deck.lock:4:2: error: damaged line" in made.stderr
    assert (folder / "a.md").read_bytes() == UNTIDY.encode()
    assert run().exit_code == 0
    (folder / "deck.toml").unlink()
    assert "deck.toml:1:1: error: the file is missing" in run("--ids").stderr
