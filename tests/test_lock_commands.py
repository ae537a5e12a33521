"""`verideck lock` and what a build says of a lock that is missing, damaged, or of another format."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from verideck.cli import main
from verideck.packaging.lock import load
from verideck.verifying import evidence

if TYPE_CHECKING:
    from tests.conftest import Anki

pytestmark = pytest.mark.usefixtures("children_stay")

CARDS = """\
---
deck: Sums::10 Small
---

## What does the softmax of two equal scores give?
<!-- card: #even -->

- [x] `[0.5, 0.5]`
- [ ] `[1.0, 1.0]`

Equal scores share evenly.

```python check
answer == softmax([2, 2])
```

## What is a query?

The vector that asks.

## Softmax
<!-- card: #cloze -->

The {{c1::exponentials}} are divided by their {{c2::sum}}, $x^2$.

## Query
<!-- card: #back reverse -->

The *vector* that asks `now`.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the current folder, with a deck in `cards` that was built once."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cards").mkdir()
    write(tmp_path, CARDS)
    assert run("build", "cards").exit_code == 0
    return tmp_path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert "Traceback" not in result.stderr
    return result


def write(folder: Path, text: str) -> None:
    (folder / "cards" / "sums.md").write_text(text, encoding="utf-8")


def lock(folder: Path) -> list[dict[str, object]]:
    lines = (folder / "cards" / "deck.lock").read_text(encoding="utf-8").splitlines()[1:]
    return [json.loads(line) for line in lines]


def package(folder: Path) -> bytes:
    return (folder / "build" / "cards.apkg").read_bytes()


def hinted(result: Result, option: str) -> list[str]:
    """Give the arguments of a command that a hint names."""
    found = re.search(rf"`verideck (lock {option}[^`]*)`", result.stderr)
    assert found, result.stderr
    return found[1].split()


def test_a_missing_lock_stops_a_build_and_writes_nothing(folder: Path) -> None:
    (folder / "cards" / "deck.lock").unlink()
    before = package(folder)
    write(folder, CARDS.replace("The vector that asks.", "It asks."))
    result = run("build", "cards")
    assert result.exit_code == 1
    assert "cards/deck.lock:1:1: error: the file is missing, and deck.toml is there" in result.stderr
    assert "restore the file from version control" in result.stderr
    assert not (folder / "cards" / "deck.lock").exists()
    assert package(folder) == before
    assert run("gallery", "cards").exit_code == 1


def test_what_writes_nothing_only_warns_of_a_missing_lock(folder: Path) -> None:
    (folder / "cards" / "deck.lock").unlink()
    result = run("check", "cards")
    assert result.exit_code == 0
    assert "cards/deck.lock:1:1: warning: the file is missing" in result.stderr


def test_the_hint_for_a_deck_that_nobody_has_begins_it(folder: Path) -> None:
    (folder / "cards" / "deck.lock").unlink()
    result = run(*hinted(run("build", "cards"), "--new"))
    assert result.exit_code == 0
    assert "cards/deck.lock: a lock without cards" in result.stdout
    assert "4 new" in run("build", "cards").stdout


def test_a_lost_lock_comes_back_from_the_package(folder: Path) -> None:
    path = folder / "cards" / "deck.lock"
    before, built = path.read_bytes(), package(folder)
    path.unlink()
    arguments = hinted(run("build", "cards"), "--from")
    result = run(*[word.replace("OLD.apkg", "build/cards.apkg") for word in arguments])
    assert result.exit_code == 0, result.stderr
    assert (
        "the identities of 4 notes; 4 are equal to one of the 4 cards in the sources, 0 differ"
        in result.stdout
    )
    assert "4 unchanged" in run("build", "cards").stdout
    assert path.read_bytes() == before
    assert package(folder) == built


def test_edits_since_the_package_keep_their_history(folder: Path) -> None:
    path = folder / "cards" / "deck.lock"
    known = {line["id"]: line["guid"] for line in lock(folder)}
    path.unlink()
    edited = CARDS.replace("Equal scores share", "Two equal scores share").replace("`now`", "`then`")
    edited = edited.replace("The vector that asks.", "A vector that asks.").replace(
        "are divided", "get divided"
    )
    write(folder, edited)
    result = run("lock", "--from", "build/cards.apkg", "cards")
    assert "4 notes; 0 are equal to one of the 4 cards in the sources, 4 differ" in result.stdout
    built = run("build", "cards")
    assert "1 changed, 3 reworded since" in built.stdout
    assert {line["id"]: line["guid"] for line in lock(folder)} == known


def test_setting_an_author_does_not_make_a_package_differ(folder: Path) -> None:
    (folder / "cards" / "deck.lock").unlink()
    with (folder / "cards" / "deck.toml").open("a", encoding="utf-8") as config:
        config.write('author = "Somebody"\nlicense = "CC0"\n')
    assert "4 notes; 4 are equal" in run("lock", "--from", "build/cards.apkg", "cards").stdout
    assert "4 unchanged" in run("build", "cards").stdout


def test_retired_cards_and_earlier_media_come_back_too(folder: Path) -> None:
    write(folder, CARDS.replace("## What is a query?\n\nThe vector that asks.\n\n", ""))
    run("build", "cards")
    before, built = lock(folder), package(folder)
    (folder / "cards" / "deck.lock").unlink()
    assert run("lock", "--from", "build/cards.apkg", "cards").exit_code == 0
    assert "3 unchanged" in run("build", "cards").stdout
    states = [
        [(line["guid"], line["id"], line["state"]) for line in lines] for lines in (before, lock(folder))
    ]
    assert states[0] == states[1]
    assert package(folder) == built


def test_a_package_that_anki_wrote_serves_as_well(folder: Path, anki: Anki) -> None:
    from anki.collection import DeckIdLimit, ExportAnkiPackageOptions

    known = {line["id"]: line["guid"] for line in lock(folder)}
    anki.load(package(folder))
    anki.answer(3, "Sums")
    deck = anki.col.decks.id_for_name("Sums")
    assert deck
    options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=False)
    anki.col.export_anki_package(out_path=str(folder / "mine.apkg"), options=options, limit=DeckIdLimit(deck))
    (folder / "cards" / "deck.lock").unlink()
    assert "4 notes; 4 are equal" in run("lock", "--from", "mine.apkg", "cards").stdout
    assert "4 unchanged" in run("build", "cards").stdout
    assert {line["id"]: line["guid"] for line in lock(folder)} == known


@pytest.mark.parametrize("option", ["--new", "--from"])
def test_a_lock_that_is_there_is_not_written_over(folder: Path, option: str) -> None:
    before = (folder / "cards" / "deck.lock").read_bytes()
    words = ["--new"] if option == "--new" else ["--from", "build/cards.apkg"]
    result = run("lock", *words, "cards")
    assert result.exit_code == 1
    assert "cards/deck.lock:1:1: error: the deck has a lock already" in result.stderr
    assert (folder / "cards" / "deck.lock").read_bytes() == before


def test_a_package_of_another_deck_is_refused(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "x.md").write_text(CARDS, encoding="utf-8")
    run("build", "other")
    (folder / "other" / "deck.lock").unlink()
    for name, told in (
        ("build/cards.apkg", "the package is of another deck"),
        ("cards/sums.md", "not an Anki package"),
    ):
        result = run("lock", "--from", name, "other")
        assert result.exit_code == 1
        assert f"{name}:1:1: error: {told}" in result.stderr
        assert "hint: " in result.stderr
    assert not (folder / "other" / "deck.lock").exists()


def test_a_fork_has_identities_of_its_own(folder: Path, anki: Anki) -> None:
    before, first = lock(folder), package(folder)
    config = folder / "cards" / "deck.toml"
    text = config.read_text(encoding="utf-8") + '\n# mine\n[decks]\nsmall = "Sums::10 Small"\n'
    config.write_text(text, encoding="utf-8")
    run("build", "cards")
    result = run("lock", "--fork", "cards")
    assert result.exit_code == 0
    after, forked = config.read_text(encoding="utf-8"), tomllib.loads(config.read_text(encoding="utf-8"))
    changed = [pair for pair in zip(text.split("\n"), after.split("\n"), strict=True) if pair[0] != pair[1]]
    assert [old.partition("=")[0] for old, _ in changed] == ["namespace "]
    assert forked["namespace"] in result.stdout
    built = run("build", "cards")
    assert "4 unchanged" in built.stdout
    new = lock(folder)
    assert [line["id"] for line in sorted(new, key=lambda line: str(line["id"]))] == [
        line["id"] for line in sorted(before, key=lambda line: str(line["id"]))
    ]
    for key in ("guid", "note_id"):
        assert not {line[key] for line in before} & {line[key] for line in new}
    assert anki.load(first) == {"new": 4}
    assert anki.load(package(folder)) == {"new": 4}


@pytest.mark.parametrize("spelling", ["'{}'", '"{}"  # kept'])
def test_a_fork_keeps_the_spelling_of_the_line(folder: Path, spelling: str) -> None:
    config = folder / "cards" / "deck.toml"
    old = tomllib.loads(config.read_text(encoding="utf-8"))["namespace"]
    text = config.read_text(encoding="utf-8").replace(f'"{old}"', spelling.format(old))
    config.write_text(text, encoding="utf-8")
    assert run("lock", "--fork", "cards").exit_code == 0
    new = tomllib.loads(config.read_text(encoding="utf-8"))["namespace"]
    assert config.read_text(encoding="utf-8") == text.replace(old, new)


def test_a_namespace_that_is_written_oddly_is_told_and_nothing_written(folder: Path) -> None:
    config = folder / "cards" / "deck.toml"
    text = config.read_text(encoding="utf-8").replace("namespace =", '"namespace" =')
    config.write_text(text, encoding="utf-8")
    before = (folder / "cards" / "deck.lock").read_bytes()
    result = run("lock", "--fork", "cards")
    assert result.exit_code == 1
    assert "cannot find the namespace" in result.stderr
    assert (config.read_text(encoding="utf-8"), (folder / "cards" / "deck.lock").read_bytes()) == (
        text,
        before,
    )


@pytest.mark.parametrize("option", ["--new", "--fork"])
def test_a_deck_that_was_never_built_is_told_to_be_built(folder: Path, option: str) -> None:
    (folder / "new").mkdir()
    (folder / "new" / "x.md").write_text(CARDS, encoding="utf-8")
    result = run("lock", option, "new")
    assert result.exit_code == 1
    assert "the deck has no deck.toml yet" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--new", "--fork"], ["--new", "nowhere"]])
def test_wrong_usage(folder: Path, arguments: list[str]) -> None:
    assert run("lock", *arguments).exit_code == 2


def versions(folder: Path, name: str) -> list[str]:
    """Write the file as three versions, and give their paths."""
    text = (folder / "cards" / name).read_text(encoding="utf-8")
    paths = [folder / f".merge_file_{letter}" for letter in "abc"]
    for path in paths:
        path.write_text(text, encoding="utf-8")
    return [path.name for path in paths]


def test_the_merge_driver_writes_ours(folder: Path) -> None:
    base, ours, theirs = versions(folder, "deck.lock")
    write(folder, CARDS + "\n## New?\n\nyes\n")
    run("build", "cards")
    (folder / theirs).write_bytes((folder / "cards" / "deck.lock").read_bytes())
    result = run("lock", "--merge", base, ours, theirs)
    assert (result.exit_code, result.output) == (0, "")
    assert (folder / ours).read_bytes() == (folder / theirs).read_bytes()


def test_the_merge_driver_merges_evidence(folder: Path) -> None:
    base, ours, theirs = versions(folder, "evidence.json")
    extra = CARDS + "\n## More?\n<!-- card: #more -->\n\n3\n\n```python check\nanswer == 1 + 2\n```\n"
    write(folder, extra)
    run("build", "cards")
    (folder / theirs).write_bytes((folder / "cards" / "evidence.json").read_bytes())
    (folder / ours).write_text("[]\n", encoding="utf-8")  # ours needs none of them
    assert run("lock", "--merge", base, ours, theirs).exit_code == 0
    records, problems = evidence.load((folder / ours).read_text(encoding="utf-8"), "e")
    assert not problems
    assert [record.code.strip() for record in records.records.values()] == ["answer == 1 + 2"]


def test_a_merge_that_cannot_be_made_leaves_ours(folder: Path) -> None:
    base, ours, theirs = versions(folder, "deck.lock")
    before = (folder / ours).read_bytes()
    text = (folder / theirs).read_text(encoding="utf-8")
    for damaged in (text[:-40], text.replace('"namespace": "', '"namespace": "0'), "\xff"):
        (folder / theirs).write_text(damaged, encoding="latin-1" if damaged == "\xff" else "utf-8")
        result = run("lock", "--merge", base, ours, theirs)
        assert result.exit_code == 1
        assert "error: " in result.stderr
        assert (folder / ours).read_bytes() == before


def test_a_lock_of_another_namespace_says_how_to_fork(folder: Path) -> None:
    config = folder / "cards" / "deck.toml"
    old = tomllib.loads(config.read_text(encoding="utf-8"))["namespace"]
    other = "7e6d1a6e-0000-4000-8000-000000000000"
    config.write_text(config.read_text(encoding="utf-8").replace(old, other), encoding="utf-8")
    result = run("build", "cards")
    assert result.exit_code == 1
    assert f'namespace = "{old}"' in result.stderr
    config.write_text(config.read_text(encoding="utf-8").replace(other, old), encoding="utf-8")
    assert run(*hinted(result, "--fork")).exit_code == 0
    assert run("build", "cards").exit_code == 0


def test_the_new_lock_is_one_that_a_build_reads(folder: Path) -> None:
    text = (folder / "cards" / "deck.lock").read_text(encoding="utf-8")
    namespace = json.loads(text.split("\n")[0])["namespace"]
    known, problems = load(text, "deck.lock", namespace, 1 << 40)
    assert not problems
    assert {entry.id: (entry.question, entry.answer) for entry in known.entries} == {
        "even": ("What does the softmax of two equal scores give?", "`[0.5, 0.5]`"),
        "what-is-a-query": ("What is a query?", "The vector that asks."),
        "cloze": (
            "Softmax\nThe {{c1}} are divided by their {{c2}}, $x^2$.",
            "exponentials\nsum",
        ),
        "back": ("Query", "The *vector* that asks `now`."),
    }
