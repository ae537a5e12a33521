"""What a build says that it changed: every card, or a count and a file; and for whom every review is kept."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verideck import change_report
from verideck.cli import main
from verideck.packaging.changes import Change, Changes

pytestmark = pytest.mark.usefixtures("children_stay")

HEAD = "---\ndeck: Sums::10 Small\n---\n\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cards").mkdir()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def cards(folder: Path, text: str, name: str = "a.md", head: str = HEAD) -> None:
    (folder / "cards" / name).write_text(head + text, encoding="utf-8")


def many(count: int) -> str:
    return "".join(f"## Question {n}?\n<!-- card: #q{n} -->\n\nanswer {n}\n\n" for n in range(1, count + 1))


def listed(result: Result) -> list[str]:
    """Give the lines below "changes", as far as the next row."""
    assert result.exit_code == 0, result.stderr
    rest = result.stdout.partition("  changes   ")[2].split("\n")
    return [rest[0], *(line.strip() for line in rest[1:] if line.startswith(" " * 12))]


def test_every_sort_of_change_is_listed_card_by_card(folder: Path) -> None:
    cards(
        folder,
        "## A?\n<!-- card: #a -->\n\none\n\n## B?\n\nthe second one\n\n## C?\n<!-- card: #c -->\n\nthree\n\n"
        "## D?\n<!-- card: #d -->\n\nfour\n\n## E?\n\nthe fifth one\n\n## F?\n<!-- card: #f -->\n\nsix\n",
    )
    assert listed(run("build", "cards"))[0] == "6 new since deck.lock"
    cards(
        folder,
        "## A?\n<!-- card: #a -->\n\none, reworded\n\n## B?\n<!-- card: #bee -->\n\nthe second one\n\n"
        '## C?\n<!-- card: #c deck="::Sub" -->\n\nthree\n\n## E, reworded?\n\nthe fifth one\n\n'
        "## F?\n<!-- card: #f .tag -->\n\nsix\n\n## G?\n\nseven\n",
    )
    assert listed(run("build", "cards")) == [
        "1 new, 2 changed, 2 reworded, 1 renamed, 1 retired, 1 moved since deck.lock",
        "reworded a: another answer to the same question",
        'reworded e: was "E?"',
        "renamed bee: was `b`",
        "moved c: from Sums::10 Small to Sums::10 Small::Sub",
        "retired d: gone from a.md",
        "changed c",
        "changed f",
        "new g",
        "cards that moved stay in their old deck with Anki's own import; the add-on moves them",
    ]


def test_a_long_list_is_folded_and_a_file_has_all_of_it(folder: Path) -> None:
    cards(folder, many(30))
    found = listed(run("build", "cards"))
    assert found[0] == "30 new since deck.lock"
    assert found[1:21] == [f"new q{n}" for n in range(1, 21)]
    assert found[21:] == ["and 10 more: all are listed in build/cards.changes.md"]
    text = (folder / "build" / "cards.changes.md").read_text(encoding="utf-8")
    assert text.startswith("# Cards 0.1.0: 30 new since deck.lock\n\n## 30 new\n\n- q1\n")
    assert text.count("\n- ") == 30
    assert listed(run("build", "cards")) == ["30 unchanged since deck.lock"]


def test_a_short_list_needs_no_file(folder: Path) -> None:
    cards(folder, many(20))
    assert len(listed(run("build", "cards"))) == 21
    assert sorted(path.name for path in (folder / "build").iterdir()) == ["cards.apkg"]


def test_a_gallery_lists_what_changed_too(folder: Path) -> None:
    cards(folder, many(2))
    assert "\n2 new since deck.lock\nnew q1\nnew q2\n" in run("gallery", "cards").stdout


def test_programs_get_all_lists(folder: Path) -> None:
    cards(folder, many(30))
    told = json.loads(run("check", "cards", "--format", "json").stdout)
    assert len(told["changes"]["new"]) == 30
    built = json.loads(run("build", "cards", "--format", "json").stdout)
    assert (len(built["changes"]["new"]), built["package"]) == (30, "build/cards.apkg")
    cards(folder, many(30).replace("answer 7\n", "another answer\n"))
    built = json.loads(run("build", "cards", "--format", "json").stdout)
    assert set(built["changes"]) == {
        "new", "changed", "reworded", "renamed", "retired", "revived", "unchanged", "moved",
    }  # fmt: skip
    assert built["changes"]["reworded"] == [
        {"card": "q7", "text": "another answer to the same question", "keeps_reviews": True}
    ]


def test_a_build_that_fails_is_json_as_well(folder: Path) -> None:
    cards(folder, "## No answer?\n")
    result = run("build", "cards", "--format", "json")
    assert result.exit_code == 1
    assert [problem["severity"] for problem in json.loads(result.stdout)["problems"]] == ["error"]


def test_reviews_are_said_to_be_kept_for_the_cards_for_which_it_holds() -> None:
    one = (Change("a"),)
    assert change_report.reviews(Changes(new=one)) == [
        "Importing a later build again updates these notes in place."
    ]
    lost = Change("b", "reviews of c2 are given up", keeps=False)
    found = change_report.reviews(Changes(new=one, unchanged=one * 3, reworded=(lost,), retired=one * 2))
    assert found == [
        "Importing it over an earlier build keeps every review of 3 cards.",
        "1 card gave up reviews by consent: see the list above.",
        "2 cards retired: learners keep what they have of them.",
    ]


def test_every_review_is_not_promised_to_a_first_build(folder: Path) -> None:
    cards(folder, many(1))
    assert "every review" not in run("build", "cards").stdout
    assert "keeps every review of 1 card." in run("build", "cards").stdout


@pytest.mark.skipif(not hasattr(pty, "openpty"), reason="needs a terminal")
def test_a_directive_to_paste_is_whole_in_a_narrow_terminal(folder: Path) -> None:
    cards(folder, "## What is the captial of France, which is in Europe?\n\nParis\n")
    run("build", "cards")
    cards(folder, "## What is the capital of France, which is in Europe?\n<!-- card: .t -->\n\nParis\n")
    master, slave = pty.openpty()
    env = {**os.environ, "COLUMNS": "40", "TERM": "xterm"}
    done = subprocess.Popen(
        [sys.executable, "-m", "verideck", "build", "cards"], stdout=slave, stderr=slave, env=env
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert done.wait() == 1
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode())
    assert "<!-- card: #what-is-the-captial-of-france-which-is-in-europe .t -->" in text
    assert "<!-- card: #what-is-the-capital-of-france-which-is-in-europe new .t -->" in text


DECKS = ("Biology::Cells", "biology::Plants", "Biology::cells")


def test_decks_that_differ_only_in_case_are_told_with_both_places(folder: Path) -> None:
    for number, deck in enumerate(DECKS):
        cards(folder, f"## Q{number}?\n\nanswer\n", f"{number}.md", f"---\ndeck: {deck}\n---\n\n")
    result = run("build", "cards")
    assert result.exit_code == 1
    errors = [line for line in result.stderr.split("\n") if ": error: " in line]
    assert errors == [
        f"cards/{place}: error: deck `{deck}` differs only in case from `{other}` (cards/0.md:5):"
        " Anki takes both for one deck"
        for place, deck, other in (
            ("1.md:5:1", "biology", "Biology"),
            ("2.md:5:1", "Biology::cells", "Biology::Cells"),
        )
    ]
    for path in (folder / "cards").glob("*.md"):  # as the hints say
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("biology", "Biology").replace("::cells", "::Cells"), encoding="utf-8")
    assert run("build", "cards").exit_code == 0


def test_the_list_in_deck_toml_has_the_spelling(folder: Path) -> None:
    cards(folder, many(1))
    run("build", "cards")
    with (folder / "cards" / "deck.toml").open("a", encoding="utf-8") as config:
        config.write('[decks]\nsmall = "sums::10 Small"\n')
    result = run("check", "cards")
    assert "deck `Sums` differs only in case from `sums` (deck.toml)" in result.stderr
    with (folder / "cards" / "deck.toml").open("a", encoding="utf-8") as config:
        config.write('other = "Sums::10 small"\n')
    result = run("check", "cards")
    assert "deck `Sums::10 small` differs only in case from `sums::10 Small`" in result.stderr
