"""A page that gives its cards ids, as Anki's and Moodle's files do, keeps them through every import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from verideck.cli import main

if TYPE_CHECKING:
    import pytest

NOTES = (
    "#separator:tab\n#html:true\n#guid column:1\none\tWhat is a tern?\ta bird\ntwo\tWhat is a cod?\ta fish\n"
)


def imported(text: str) -> str:
    Path("notes.txt").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["import", "notes.txt", "-o", "notes.md"])
    assert result.exit_code == 0, result.output
    return Path("notes.md").read_text(encoding="utf-8")


def test_a_question_edited_in_anki_is_the_same_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = imported(NOTES)
    assert before.count("card: #anki-") == 2
    after = imported(NOTES.replace("What is a tern?", "Which animal is the tern?"))
    assert after == before.replace("What is a tern?", "Which animal is the tern?").replace(
        _stamp(before), _stamp(after)
    )


def _stamp(text: str) -> str:
    return next(line for line in text.splitlines() if "notes.txt:4" in line)
