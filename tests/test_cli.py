"""The commands as a person types them: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verideck.cli import main

pytestmark = pytest.mark.usefixtures("children_stay")

GOOD = """\
---
deck: Sums
---

## What does the softmax of two equal scores give?
<!-- card: #even -->

- [x] `[0.5, 0.5]`
- [ ] `[1.0, 1.0]`

```python check
answer == softmax([2, 2])
```

## What is a query?
<!-- card: #query -->

The vector that asks.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with one good source, as the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "sums.md").write_text(GOOD, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "cards" / "sums.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_build_says_what_it_made_and_how_to_import_it(folder: Path) -> None:
    result = run("build", "cards")
    assert result.exit_code == 0, result.stderr
    for told in ("2: 1 recall, 1 choice", "1 verified, 1 unchecked", "2 new", "cards.apkg", "File → Import"):
        assert told in result.stdout
    assert "computing" not in result.stdout
    made = {"cards/deck.toml", "cards/deck.lock", "cards/evidence.json", "build/cards.apkg", "cards/sums.md"}
    assert set(files(folder)) == made


def test_an_unchanged_build_writes_the_same_bytes(folder: Path) -> None:
    run("build", "cards")
    before = files(folder)
    result = run("build", "cards")
    assert "2 unchanged" in result.stdout
    assert files(folder) == before


def test_without_sources_the_folder_of_that_name_is_built(folder: Path) -> None:
    (folder / "cards").rename(folder / "sources")
    assert "sources.apkg" in run("build").stdout


def test_locked_refuses_what_would_change_the_lock(folder: Path) -> None:
    run("build", "cards")
    edit(folder, "The vector that asks.", "What asks.")
    before = files(folder)
    result = run("build", "cards", "--locked")
    assert result.exit_code == 1
    assert "deck.lock:1:1: error: " in result.stderr
    assert files(folder) == before


def test_a_wrong_answer_is_refused_and_nothing_written(folder: Path) -> None:
    edit(folder, "- [x] `[0.5, 0.5]`\n- [ ] `[1.0, 1.0]`", "- [ ] `[0.5, 0.5]`\n- [x] `[1.0, 1.0]`")
    result = run("build", "cards")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "cards/sums.md:12:1: error: " in result.stderr
    assert "0.5" in result.stderr
    assert "hint: " in result.stderr
    assert set(files(folder)) == {"cards/sums.md"}


def test_all_problems_of_all_files_come_in_one_run_sorted(folder: Path) -> None:
    edit(folder, "#query", "#query levle=beginner")
    (folder / "cards" / "bad.md").write_bytes(b"---\ndeck: Sums\n---\n## \xff?\n")
    (folder / "cards" / "empty.md").write_text("", encoding="utf-8")
    result = run("check", "cards")
    assert result.exit_code == 1
    places = [line.split(": ")[0] for line in result.stderr.splitlines() if ": error: " in line]
    assert places == ["cards/bad.md:4:4", "cards/empty.md:1:1", "cards/sums.md:16:19"]


def test_check_tells_of_images_and_markup_too(folder: Path) -> None:
    edit(folder, "The vector that asks.", "![x](none.png) ![y](../../y.png)")
    result = run("check", "cards")
    assert result.exit_code == 1
    assert "cards/sums.md:18:1: error: image `none.png` is missing" in result.stderr
    assert "cards/sums.md:18:16: error: image `../../y.png` lies outside the sources" in result.stderr


def _long_name(folder: Path) -> str:
    return f"{'a' * 300}.png"


def _links_in_a_circle(folder: Path) -> str:
    (folder / "circle.png").symlink_to("circle.png")
    return "circle.png"


def _folder(folder: Path) -> str:
    (folder / "box.png").mkdir()
    return "box.png"


def _other_letters(folder: Path) -> str:
    (folder / "leaf.png").write_bytes(b"")
    return "LEAF.png" if not (folder / "LEAF.png").exists() else "leef.png"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_long_name, "cannot be read: File name too long"),
        (_links_in_a_circle, "cannot be read: "),
        (_folder, "is a folder"),
        (_other_letters, "did you mean `leaf.png`?"),
    ],
)
def test_an_image_that_cannot_be_had_is_told(make: Callable[[Path], str], told: str, folder: Path) -> None:
    edit(folder, "The vector that asks.", f"![x]({make(folder / 'cards')})")
    result = run("check", "cards")
    assert result.exit_code == 1
    assert "cards/sums.md:18:1: error: image `" in result.stderr
    assert told in result.stderr


def test_names_that_the_system_cannot_spell_are_told(folder: Path) -> None:
    edit(folder, "The vector that asks.", "![x](gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n.png)")
    result = subprocess.run(
        [sys.executable, "-m", "verideck", "check", "cards/sums.md"],
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=False,
    )
    assert result.returncode == 1
    assert b"cards/sums.md:18:1: error: image `gr" in result.stderr
    assert b"n.png` cannot be read: its path leads nowhere" in result.stderr
    assert b"Traceback" not in result.stderr


def test_check_as_json_keeps_its_promise(folder: Path) -> None:
    result = run("check", "cards", "--format", "json")
    told = json.loads(result.stdout)
    assert set(told) == {"cards", "problems", "counts", "not_discriminating", "changes"}
    assert told["counts"] == {"verified": 1, "unchecked": 1}
    card = told["cards"][0]
    assert {key: card[key] for key in ("id", "path", "line", "kind", "verdict", "options_proven")} == {
        "id": "even",
        "path": "cards/sums.md",
        "line": 5,
        "kind": "choice",
        "verdict": "verified",
        "options_proven": 2,
    }
    (claim,) = card["claims"]
    assert claim["subject"] == "answer"
    assert claim["options"] == [{"n": 1, "match": True}, {"n": 2, "match": False}]
    assert set(claim["computed"]) == {"text", "shape", "unit"}
    assert not (folder / "cards" / "evidence.json").exists()


def test_a_problem_as_json_has_its_place_and_hint(folder: Path) -> None:
    edit(folder, "#query", "#query levle=beginner")
    told = json.loads(run("check", "cards", "--format", "json").stdout)
    (problem,) = told["problems"]
    assert set(problem) == {"path", "line", "column", "severity", "message", "hint"}
    assert (problem["line"], problem["severity"]) == (16, "error")
    assert "`level" in problem["hint"]


def test_two_decks_in_one_build_are_wrong_usage(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "more.md").write_text(GOOD, encoding="utf-8")
    result = run("build", "cards", "other")
    assert result.exit_code == 2
    assert "different decks" in result.stderr


@pytest.mark.parametrize("arguments", [("build", "nowhere"), ("buidl",), ("check", "--format", "xml")])
def test_wrong_usage_exits_with_2(folder: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_target_that_cannot_be_written_is_told(folder: Path) -> None:
    (folder / "build").write_text("a file where the folder should be", encoding="utf-8")
    result = run("build", "cards")
    assert result.exit_code != 0
    assert "build" in result.stderr
    assert set(files(folder)) == {"cards/sums.md", "build"}


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        ("deck.lock", b"", "deck.lock:1:1: error: the file is empty"),
        ("deck.lock", b'{"format": 1}\n\xff\n', "deck.lock:2:1: error: not UTF-8: byte 0xff at offset 14"),
        ("deck.lock", b"<<<<<<< ours\n", "deck.lock:1:1: error: "),
        ("evidence.json", b"\n", "evidence.json:1:1: error: the file is empty"),
        ("deck.toml", b"title = \n", "deck.toml:1:9: error: not TOML"),
        ("deck.toml", b"title = '\xff'\n", "deck.toml:1:10: error: "),
    ],
)
def test_a_damaged_file_of_our_own_is_told_and_kept(folder: Path, name: str, data: bytes, place: str) -> None:
    run("build", "cards")
    (folder / "cards" / name).write_bytes(data)
    before = files(folder)
    result = run("build", "cards")
    assert result.exit_code == 1
    assert place in result.stderr
    assert files(folder) == before


def test_a_lost_deck_toml_is_told_and_nothing_else(folder: Path) -> None:
    run("build", "cards")
    edit(folder, "answer == softmax([2, 2])", 'cited("work", "page 1")')
    (folder / "cards" / "deck.toml").unlink()
    result = run("build", "cards", "--locked")
    assert result.exit_code == 1
    assert "cards/deck.toml:1:1: error: the file is missing, and deck.lock is there" in result.stderr
    assert result.stderr.endswith("\n1 error\n")


def test_a_broken_deck_toml_does_not_put_the_cards_in_the_wrong(folder: Path) -> None:
    run("build", "cards")
    edit(folder, "answer == softmax([2, 2])", 'cited("work", "page 1")')
    (folder / "cards" / "deck.toml").write_text("title =\n", encoding="utf-8")
    result = run("check", "cards")
    assert result.exit_code == 1
    assert result.stderr.startswith("cards/deck.toml:1:8: error: not TOML")
    assert result.stderr.endswith("\n1 error\n")


def test_a_fault_is_told_once(folder: Path) -> None:
    edit(folder, "#query", "#even")
    assert run("check", "cards").stderr.count("error: ") == 1
    edit(folder, "deck: Sums", "tags: x")
    assert run("check", "cards").stderr.count("error: ") == 2


def test_a_build_names_the_cards_whose_history_it_carried_on(folder: Path) -> None:
    edit(folder, "<!-- card: #query -->", "<!-- card: .word -->")
    run("build", "cards")
    edit(folder, "<!-- card: .word -->", "<!-- card: #query .word -->")
    assert "\n            renamed query: was `what-is-a-query`\n" in run("build", "cards").stdout
    path = folder / "cards" / "sums.md"
    path.write_text(path.read_text(encoding="utf-8").partition("## What is a")[0], encoding="utf-8")
    assert "\n            retired query: gone from sums.md\n" in run("build", "cards").stdout


def test_a_part_of_a_deck_is_called_one(folder: Path) -> None:
    (folder / "cards" / "more.md").write_text("---\ndeck: Sums\n---\n\n## B?\n\nb\n", encoding="utf-8")
    assert "a part of" not in run("build", "cards").stdout
    for command in ("build", "check"):
        assert "sources   1 of 2 files: a part of the deck" in run(command, "cards/more.md").stdout


def test_a_wrong_date_is_wrong_usage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    result = run("build", "cards")
    assert result.exit_code == 2
    assert "SOURCE_DATE_EPOCH" in result.stderr
    assert set(files(folder)) == {"cards/sums.md"}


def test_library_lists_and_explains(folder: Path) -> None:
    listing = run("library").stdout
    for name in ("softmax", "attention_weights", "solve", "lsh_buckets", "saved_bytes"):
        assert f"\n{name} " in f"\n{listing}"
    entry = run("library", "multihead_shapes").stdout
    for told in ("batch_first", "```python check", "answer =="):
        assert told in entry


def test_library_suggests_the_nearest_name(folder: Path) -> None:
    result = run("library", "sofmax")
    assert result.exit_code == 2
    assert "`softmax`" in result.stderr


def modules_of(*arguments: str) -> set[str]:
    program = (
        "import sys\nfrom verideck.cli import main\n"
        f"try: main({list(arguments)!r})\nexcept SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_loads_no_stage() -> None:
    loaded = modules_of("--help")
    assert not loaded & {
        "torch",
        "genanki",
        "jinja2",
        "yaml",
        "comrak",
        "nh3",
        "pygments",
        "verideck.building",
    }


def test_the_library_is_listed_without_torch() -> None:
    assert not modules_of("library") & {"torch", "genanki", "jinja2"}
