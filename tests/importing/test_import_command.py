"""`verideck import` as a person types it, and pages given to `build` and `check` directly."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verideck.cli import main
from verideck.importing import placing
from verideck.importing.flow import ImportedPage
from verideck.importing.gathering import Found
from verideck.importing.merging import Merged
from verideck.reading import markdown
from verideck.reading.items import Page

RECALL = """\
Recall & Review
beginner
What is a harbour?
A place where ships lie safe from the swell.
Click to reveal answer
intermediate
What is a mole?
A wall of stones that keeps the swell out.
Click to reveal answer
"""

CHALLENGE = """\
0
0
Numberslab~10 mins

Even scores - Challenge Your Understanding

Challenge - 2 Problems
Test your skills under time pressure!
Predict Output
beginner
2:00remaining
Softmax of equal scores

What does this program print?

PyTorch
import torch
scores = torch.tensor([2., 2., 2., 2.])
print(torch.softmax(scores, dim=0))
Atensor([1., 1., 1., 1.])
Btensor([0.2500, 0.2500, 0.2500, 0.2500])
Ctensor([2., 2., 2., 2.])
Attempts:
2 left
💡 Hint

Equal scores share evenly.

Conceptual
advanced
2:00remaining
Ships

Which harbour is the oldest of these three?

AThe northern one
BThe southern one
CThe one in the bay
Attempts:
2 left
💡 Hint

Think of the bay.
"""

EPOCH = "1700000000"  # 2023-11-14


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with two saved pages, as the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    (tmp_path / "pages").mkdir()
    write("pages/harbours.txt", RECALL)
    write("pages/even.txt", CHALLENGE)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def text(name: str) -> str:
    return Path(name).read_text(encoding="utf-8")


def edit(name: str, old: str, new: str) -> None:
    assert old in text(name)
    write(name, text(name).replace(old, new, 1))


def test_one_page_becomes_markdown_on_standard_output(folder: Path) -> None:
    result = run("import", "pages/harbours.txt")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(
        "---\ndeck: harbours\n---\n\n<!-- imported: harbours.txt, 2023-11-14 -->\n"
    )
    reading = markdown.read(result.stdout, "x.md")
    assert reading.problems == ()
    assert [card.heading for card in reading.cards] == ["What is a harbour?", "What is a mole?"]
    assert [card.level for card in reading.cards] == ["beginner", "intermediate"]
    assert not Path("harbours.md").exists()


def test_what_a_page_has_lost_is_said_beside_its_card_and_on_standard_error(folder: Path) -> None:
    result = run("import", "pages/even.txt")
    assert result.exit_code == 0
    line = CHALLENGE.split("\n").index("Ships") + 1
    assert f"pages/even.txt:{line}:1: warning: " in result.stderr
    assert 'lost="key" -->' in result.stdout
    assert "tick the right one" in result.stdout
    assert "deck: Even scores" in result.stdout


def test_a_key_that_a_program_gives_is_ticked(folder: Path) -> None:
    result = run("import", "pages/even.txt")
    assert "```python run\nimport torch\n" in result.stdout
    assert "- [x] tensor([0.2500, 0.2500, 0.2500, 0.2500])" in result.stdout
    assert "<!-- import: the key was found by running the program" in result.stdout
    assert result.stdout.count("the key is lost") == 1  # of the other card
    assert "1 warning\n" in result.stderr


def test_several_pages_need_a_place(folder: Path) -> None:
    result = run("import", "pages")
    assert result.exit_code == 2
    assert "-o" in result.stderr
    assert result.stdout == ""


def test_a_folder_becomes_a_folder_that_can_be_checked_and_built(folder: Path) -> None:
    result = run("import", "pages", "-o", "cards")
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in Path("cards").iterdir()) == ["even.md", "harbours.md"]
    assert "cards/harbours.md: 2 cards: 2 unchecked" in result.stdout
    checked = run("check", "cards")
    assert checked.exit_code == 0, checked.stderr
    assert "1 verified" in checked.stdout
    built = run("build", "cards")
    assert built.exit_code == 0, built.stderr
    assert "3: 2 recall, 1 choice" in built.stdout or "4: 2 recall, 2 choice" in built.stdout


def test_several_pages_in_one_file_are_decks_below_it(folder: Path) -> None:
    assert run("import", "pages/even.txt", "pages/harbours.txt", "-o", "cards/sea-and-sums.md").exit_code == 0
    reading = markdown.read(text("cards/sea-and-sums.md"), "x.md")
    assert reading.problems == ()
    decks = [card.deck.partition("::")[0] for card in reading.cards]
    assert set(decks) == {"Sea and sums"}
    assert reading.cards[-1].deck == "Sea and sums::harbours"
    assert text("cards/sea-and-sums.md").count("<!-- imported: ") == 2


def test_ids_are_unique_over_the_deck(folder: Path) -> None:
    write("pages/more.txt", RECALL)
    run("import", "pages", "-o", "cards")
    assert run("check", "cards").exit_code == 0
    write("pages/again.txt", RECALL)
    run("import", "pages/again.txt", "-o", "cards")
    assert run("check", "cards").exit_code == 0
    before = {path: path.read_bytes() for path in Path("cards").iterdir()}
    run("import", "pages", "-o", "cards")
    assert {path: path.read_bytes() for path in Path("cards").iterdir()} == before


def test_the_id_of_a_card_that_its_author_wrote_is_not_taken(folder: Path) -> None:
    write(
        "cards.md", "---\ndeck: Sea\n---\n\n## Where is it calm?\n<!-- card: #harbour -->\n\nIn a harbour.\n"
    )
    assert run("import", "pages/harbours.txt", "-o", "cards.md").exit_code == 0
    assert [card.id for card in markdown.read(text("cards.md"), "x.md").cards] == [
        "harbour",
        "harbour-2",
        "mole",
    ]
    assert run("check", "cards.md").exit_code == 0


def test_a_page_called_readme_becomes_a_source_that_is_read(folder: Path) -> None:
    Path("pages/harbours.txt").rename("readme.txt")
    run("import", "readme.txt", "-o", "cards")
    assert "2 recall" in run("check", "cards").stdout


def test_importing_again_changes_no_byte(folder: Path) -> None:
    run("import", "pages", "-o", "cards")
    before = {path: path.read_bytes() for path in Path("cards").iterdir()}
    result = run("import", "pages", "-o", "cards")
    assert "2 unchanged" in result.stdout
    assert {path: path.read_bytes() for path in Path("cards").iterdir()} == before


def test_an_edited_card_is_kept_and_the_difference_shown(folder: Path) -> None:
    run("import", "pages/harbours.txt", "-o", "cards")
    edit("cards/harbours.md", "keeps the swell out", "breaks the swell")
    edit("pages/harbours.txt", "stones", "stones and concrete")
    edit("pages/harbours.txt", "ships lie safe", "ships are safe")
    result = run("import", "pages/harbours.txt", "-o", "cards")
    assert result.exit_code == 0
    merged = text("cards/harbours.md")
    assert "breaks the swell" in merged
    assert "concrete" not in merged
    assert "ships are safe" in merged  # nobody had touched that card
    assert "-A wall of stones that breaks the swell." in result.stderr
    assert "+A wall of stones and concrete that keeps the swell out." in result.stderr
    assert "1 renewed, 1 kept as edited" in result.stdout
    taken = run("import", "pages/harbours.txt", "-o", "cards", "--overwrite")
    assert "-A wall of stones that breaks the swell." in taken.stderr
    assert "concrete" in text("cards/harbours.md")


def test_a_card_gone_from_its_page_is_kept_and_named(folder: Path) -> None:
    run("import", "pages/harbours.txt", "-o", "cards")
    write("pages/harbours.txt", RECALL[: RECALL.index("intermediate")])
    result = run("import", "pages/harbours.txt", "-o", "cards")
    assert "What is a mole?" in text("cards/harbours.md")
    assert "no longer on harbours.txt" in result.stderr


def test_windows_line_ends_of_a_source_stay(folder: Path) -> None:
    run("import", "pages/harbours.txt", "-o", "cards")
    path = Path("cards/harbours.md")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    edited = path.read_bytes()
    run("import", "pages/harbours.txt", "-o", "cards")
    assert path.read_bytes() == edited


def test_json_is_all_there_is_on_standard_output(folder: Path) -> None:
    result = run("import", "pages", "--format", "json", "-o", "cards")
    pages = json.loads(result.stdout)["pages"]
    assert [page["layout"] for page in pages] == ["challenge", "recall"]
    assert all(page["lines"]["unaccounted"] == 0 for page in pages)
    assert pages[0]["lines"]["card"] > 10
    first, second = pages[0]["cards"]
    assert (first["verdict"], first["answer"]) == ("key-found", "tensor([0.2500, 0.2500, 0.2500, 0.2500])")
    assert (second["verdict"], second["answer"], second["computed"]) == ("source-lost", "", None)
    assert Path("cards/even.md").exists()
    assert json.loads(run("import", "pages", "--format", "json").stdout)["pages"] == pages


def test_a_page_is_explained_line_by_line(folder: Path) -> None:
    result = run("import", "--explain", "pages")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "3 card 1  │ What is a harbour?" in result.stdout
    assert " 8 noise   │ Test your skills under time pressure!" in result.stdout
    assert result.stdout.count("0 unaccounted") == 2


def test_an_unknown_page_is_an_error_that_names_the_marks(folder: Path) -> None:
    write("pages/letter.txt", "Dear harbour master,\n\nthe mole is broken.\n")
    result = run("import", "pages", "-o", "cards")
    assert result.exit_code == 1
    assert "pages/letter.txt:1:1: error: " in result.stderr
    assert "Recall & Review" in result.stderr
    assert not Path("cards/letter.md").exists()
    assert Path("cards/harbours.md").exists()


BAD = {
    "empty": b"",
    "binary": bytes(range(256)) * 20,
    "half a character": b"Recall & Review\n\xff\xfe\xc3",
    "blank": b"\n \n",
    "nulls": b"\0" * 5000,
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("suffix", [".txt", ".html", ".gift", ".apkg", ".csv", ".md"])
def test_a_file_that_is_no_page_is_an_error_and_no_traceback(folder: Path, name: str, suffix: str) -> None:
    Path(f"bad{suffix}").write_bytes(BAD[name])
    for more in ((), ("--explain",), ("--format", "json"), ("-o", "cards")):
        result = run("import", f"bad{suffix}", *more)
        assert result.exit_code in {0, 1}
        assert result.exit_code == 1 or name == "half a character"
        assert f"bad{suffix}:" in result.stderr


def test_html_without_anything_in_it_is_an_error_and_no_traceback(folder: Path) -> None:
    write("bare.html", "<!DOCTYPE html>")
    result = run("import", "bare.html")
    assert result.exit_code == 1
    assert "bare.html:1:1: error: " in result.stderr


def test_outputs_that_cannot_be_are_refused_before_anything_is_read(folder: Path) -> None:
    write("plain", "x")
    for output in ("cards.txt", "plain"):
        result = run("import", "pages/harbours.txt", "-o", output)
        assert result.exit_code == 2
        assert output in result.stderr
    assert run("import", "nowhere.txt").exit_code == 2
    assert run("import").exit_code == 2
    Path("none").mkdir()
    assert run("import", "none").exit_code == 2


def test_a_folder_that_ends_like_a_file_is_a_folder(folder: Path) -> None:
    Path("cards.md").mkdir()
    assert run("import", "pages/harbours.txt", "-o", "cards.md").exit_code == 0
    assert Path("cards.md/harbours.md").exists()


def test_a_folder_in_the_place_of_a_source_is_said(folder: Path) -> None:
    Path("cards/harbours.md").mkdir(parents=True)
    result = run("import", "pages/harbours.txt", "-o", "cards")
    assert result.exit_code == 1
    assert "cards/harbours.md:1:1: error: " in result.stderr


def test_markdown_that_is_no_source_is_left_alone(folder: Path) -> None:
    write("notes.md", "# My notes\n")
    result = run("import", "pages/harbours.txt", "-o", "notes.md")
    assert result.exit_code == 1
    assert "notes.md:1:1: error: " in result.stderr
    assert text("notes.md") == "# My notes\n"


def test_a_source_is_no_page_and_folders_are_searched_for_pages_only(folder: Path) -> None:
    run("import", "pages", "-o", "pages")
    result = run("import", "pages/harbours.md")
    assert result.exit_code == 1
    assert "a source already" in result.stderr
    write("pages/README.md", "# Pages\n")
    write("pages/.hidden.txt", RECALL)
    again = run("import", "pages", "--format", "json")
    assert len(json.loads(again.stdout)["pages"]) == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything can be read here")
def test_a_file_that_may_not_be_read_is_said(folder: Path) -> None:
    Path("pages/harbours.txt").chmod(0)
    result = run("import", "pages/harbours.txt")
    assert result.exit_code == 1
    assert "cannot read the file" in result.stderr


def test_pages_can_be_built_directly(folder: Path) -> None:
    result = run("build", "pages/even.txt")
    assert result.exit_code == 0, result.stderr
    assert Path("build/even-scores-challenge-your-understanding.apkg").exists() or list(
        Path("build").iterdir()
    )
    assert 'title = "Even scores' in text("pages/deck.toml")
    assert "pages/even.txt:" in result.stderr
    assert "a card that has lost its key is not built" in result.stderr
    assert "`verideck import pages/even.txt -o FILE.md`" in result.stderr
    assert "1 warning\n" in result.stderr
    assert "1 verified" in result.stdout


def test_a_folder_of_pages_is_checked_as_a_deck(folder: Path) -> None:
    result = run("check", "pages")
    assert result.exit_code == 0, result.stderr
    assert "1 verified, 2 unchecked" in result.stdout


def test_building_one_page_after_the_other_retires_no_card(folder: Path) -> None:
    run("build", "pages/even.txt")
    run("build", "pages/harbours.txt")
    result = run("build", "pages")
    assert "unchanged since deck.lock" in result.stdout
    assert "retired" not in result.stdout
    assert "new" not in result.stdout.split("changes")[1].split("\n")[0]


def test_beside_sources_a_text_is_no_page(folder: Path) -> None:
    run("import", "pages", "-o", "pages")
    assert "4 cards" not in run("check", "pages").stderr
    assert run("check", "pages").exit_code == 0
    assert json.loads(run("check", "pages", "--format", "json").stdout)["cards"][0]["path"] == "pages/even.md"


def test_images_of_a_package_stand_beside_the_source_and_nowhere_else(folder: Path) -> None:
    media = tuple(
        (name, b"image") for name in ("a.png", "in/b.png", "../c.png", "/srv/d.png", "e", "..\\f.png")
    )
    page = Page("p.apkg", "anki package", "P", (), (), media=media)
    imported = ImportedPage(Found(Path("p.apkg"), Path("p.apkg")), page, "P", (), (), {})
    placing.write([placing.Placed(Path("cards/p.md"), (imported,), Merged("---\ndeck: P\n---\n"))])
    made = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if path.is_file())
    assert made == ["cards/a.png", "cards/in/b.png", "cards/p.md", "pages/even.txt", "pages/harbours.txt"]
