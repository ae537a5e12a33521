"""What the terminal shows of very many problems, and where all of them are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verideck import terminal
from verideck.cards import Location
from verideck.cli import main
from verideck.packaging import lock
from verideck.problems import MAX_LINE_PROBLEMS, LineProblems, Problem, Severity, error, warning
from verideck.verifying import evidence

NAMESPACE = "3a0f6a52-0c5b-4b58-9f5e-2c1f7f0a6c11"
CARDS = "---\ndeck: Words\n---\n\n## What is a query?\n<!-- card: #query -->\n\nThe vector that asks.\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "words.md").write_text(CARDS, encoding="utf-8")
    (tmp_path / "cards" / "deck.toml").write_text(
        f'namespace = "{NAMESPACE}"\ntitle = "Words"\n', encoding="utf-8"
    )
    (tmp_path / "cards" / "deck.lock").write_text(lock.dump(lock.Lock(NAMESPACE)), encoding="utf-8")
    return tmp_path


def warnings(count: int) -> list[Problem]:
    return [warning(Location("a.md", line), f"number {line}") for line in range(1, count + 1)]


def told(problems: Sequence[Problem], capsys: pytest.CaptureFixture[str]) -> list[str]:
    terminal.tell(problems)
    return capsys.readouterr().err.splitlines()


def test_fifty_problems_are_shown_and_the_rest_counted(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(warnings(50), capsys)
    assert (len(lines), lines[-1]) == (51, "50 warnings")
    lines = told(warnings(200_000), capsys)
    assert len(lines) == 52
    assert lines[49] == "a.md:50:1: warning: number 50"
    assert lines[50:] == ["… and 199,950 more; `--format json` shows all", "200,000 warnings"]


def test_what_stops_the_build_is_always_seen(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [*warnings(3000), error(Location("z.md", 7), "this one")]
    lines = told(problems, capsys)
    assert lines[0] == "z.md:7:1: error: this one"
    assert lines[1] == "a.md:1:1: warning: number 1"
    assert lines[-1] == "1 error, 3,000 warnings"


def test_very_many_damaged_lines_neither_flood_the_terminal_nor_hide_an_error(folder: Path) -> None:
    (folder / "cards" / "evidence.json").write_text("[\n" + "{1\n" * 20_000 + "]\n", encoding="utf-8")
    path = folder / "cards" / "words.md"
    path.write_text(CARDS.replace("#query", "#query levle=beginner"), encoding="utf-8")
    result = run("build", "cards")
    lines = result.stderr.splitlines()
    assert result.exit_code == 1
    assert lines[0].startswith("cards/words.md:6:19: error: ")
    assert len([line for line in lines if ": warning: " in line]) == terminal.MAX_SHOWN - 1
    assert lines[-2:] == ["… and 952 more; `--format json` shows all", "1 error, 1,001 warnings"]
    for command in ("check", "build", "gallery"):
        problems = json.loads(run(command, "cards", "--format", "json").stdout)["problems"]
        assert len(problems) == 1002
        assert problems[1000]["message"] == "19,000 more problems in this file"


def test_an_import_tells_all_problems_to_programs(folder: Path) -> None:
    (folder / "page.txt").write_text("".join(f"line {n} of no quiz\n" for n in range(3)), encoding="utf-8")
    result = run("import", "page.txt", "-o", "cards/words.md", "--format", "json")
    told = json.loads(result.stdout)
    shown = [line for line in result.stderr.splitlines() if ": error: " in line or ": warning: " in line]
    assert told["problems"]
    assert [f"{one['path']}:{one['line']}:{one['column']}" for one in told["problems"]] == [
        line.split(": ")[0] for line in shown
    ]


def test_evidence_keeps_a_thousand_problems_and_counts_the_rest() -> None:
    found, problems = evidence.load("{1\n" * 5000, "e.json")
    assert not found.records
    assert len(problems) == MAX_LINE_PROBLEMS + 1
    last = problems[-1]
    assert (last.path, last.line, last.severity) == ("e.json", 1001, Severity.WARNING)
    assert last.message == "4,000 more problems in this file"
    assert len(evidence.load("{1\n" * 1000, "e.json")[1]) == 1000
    assert evidence.load("{1\n" * 1001, "e.json")[1][-1].message == "1 more problem in this file"


def test_a_lock_keeps_a_thousand_problems_and_counts_the_rest() -> None:
    header = f'{{"format": 1, "namespace": "{NAMESPACE}"}}\n'
    for line in ("{1", "[]", "9" * 5000, '{"guid": 1}', "<<<<<<< ours", '{"a": 1, "a": 1}'):
        _, problems = lock.load(header + f"{line}\n" * 5000, "deck.lock", NAMESPACE, 0)
        assert len(problems) == MAX_LINE_PROBLEMS + 1, line
        assert problems[-1].severity is Severity.ERROR
        assert problems[-1].message.endswith(" more problems in this file")


def test_an_error_among_what_is_only_counted_still_stops_the_build() -> None:
    problems = LineProblems()
    problems.add(warnings(MAX_LINE_PROBLEMS + 5))
    problems.add([error(Location("a.md", 9000), "this one")])
    *_, last = problems.closed("mend it")
    assert (last.severity, last.message) == (Severity.ERROR, "6 more problems in this file")


def test_what_a_terminal_would_obey_is_spelled_out(folder: Path) -> None:
    bad = "\x1b]0;mine\x07\x1b[2J\x9b8m"
    (folder / "cards" / f"a{bad}.md").write_text(CARDS.replace("#query", "#a b"), encoding="utf-8")
    (folder / "cards" / "words.md").write_text(CARDS.replace("asks", f"asks{bad}"), encoding="utf-8")
    for command in (("build", "cards"), ("check", "cards"), ("explain", "cards", "query"), ("fmt", "cards")):
        result = run(*command)
        assert not {"\x1b", "\x07", "\x9b"} & set(result.stdout + result.stderr), command
    assert "a\\x1b]0;mine\\x07\\x1b[2J\\x9b8m.md" in run("build", "cards").stderr


def test_our_own_colours_are_left(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say("\x1b[31mred\x1b[0m \x1b[8mhidden\x1b[30m")
    assert capsys.readouterr().out in (
        "red \\x1b[8mhidden\\x1b[30m\n",
        "\x1b[31mred\x1b[0m \\x1b[8mhidden\\x1b[30m\n",
    )
