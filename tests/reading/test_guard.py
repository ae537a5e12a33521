"""A fault of ours costs one note, question, card, part or file; it has a place, and the others are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from verideck import guard
from verideck.cards import Location
from verideck.importing import carding, deciding, flow, gathering
from verideck.problems import Problem, Severity
from verideck.reading import building, formats, markdown, names, pages
from verideck.reading.formats import aiken, anki_notes, gift_items, html_blocks, html_inline, text2qti
from verideck.reading.pages.layouts import Found, Layout

if TYPE_CHECKING:
    from verideck.reading.items import Page

HINT = "this is a fault of Verideck: report it with this {}; everything else was read"
BAD = "stumbling"  # the word on which the readers fail here


def stumble(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, first: int = 2) -> None:
    """Let a function of ours raise where it is given the word."""
    works: Callable[..., Any] = getattr(where, name)

    def fails(*arguments: Any, **named: Any) -> Any:
        if BAD in str(arguments[:first]):
            raise IndexError("pop from empty list")
        return works(*arguments, **named)

    monkeypatch.setattr(where, name, fails)


def faults(problems: tuple[Problem, ...]) -> list[tuple[int, str]]:
    found = [one for one in problems if "IndexError" in one.message]
    assert all(one.severity is Severity.ERROR for one in found)
    return [(one.line, one.hint) for one in found]


FILES = {
    "a.csv": ("Front,Back\na,b\nstumbling,d\ne,f\n", anki_notes, "_plain", "note", 3),
    "a.gift": ("a{=b ~c}\n\nstumbling{=b ~c}\n\ne{=b ~c}\n", gift_items, "item", "question", 3),
    "a.aiken": (
        "a\nA. b\nB. c\nANSWER: A\n\nstumbling\nA. b\nB. c\nANSWER: A\n\ne\nA. b\nB. c\nANSWER: A\n",
        aiken, "_item", "question", 6,
    ),
    "a.txt": (
        "1. a\n*a) b\nb) c\n\n2. stumbling\n*a) b\nb) c\n\n3. e\n*a) b\nb) c\n",
        text2qti, "_divided", "question", 5,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_question_that_cannot_be_read_costs_no_other(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, where, function, what, line = FILES[name]
    stumble(monkeypatch, where, function)
    page = formats.read(text.encode(), name)
    assert page is not None
    assert [item.question for item in page.items] == ["a", "e"]
    assert faults(page.problems) == [(line, HINT.format(what))]


def test_a_field_that_cannot_be_read_keeps_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    stumble(monkeypatch, html_inline, "marked")
    text = f"#html:true\na\t<i>b</i> <b>{BAD} &amp; c</b>\nd\te\n"
    page = formats.read(text.encode(), "a.tsv")
    assert page is not None
    assert [(item.question, item.answer) for item in page.items] == [("a", f"b {BAD} & c"), ("d", "e")]
    assert [(one.line, one.severity) for one in page.problems] == [(2, Severity.WARNING)]
    message = "left out: its HTML, which cannot be read: IndexError: pop from empty list"
    assert page.problems[0].message.startswith(message)
    assert "report it" in page.problems[0].message


def test_a_card_that_cannot_be_read_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stumble(monkeypatch, building, "build")
    found = markdown.read(f"---\ndeck: D\n---\n\n## a\n\nb\n\n## {BAD}\n\nc\n\n## d\n\ne\n", "p.md")
    assert [card.heading for card in found.cards] == ["a", "d"]
    assert faults(found.problems) == [(9, HINT.format("card"))]


def test_a_part_of_a_page_that_cannot_be_read_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Found:
        raise IndexError("pop from empty list")

    data = (Path(__file__).parent / "pages/fixtures/recall/tides.txt").read_bytes()
    whole = pages.read(data, "p.txt")
    failing = [Layout(one.name, one.marks, one.find, fails, one.last_resort) for one in pages.LAYOUTS]
    monkeypatch.setattr(pages, "LAYOUTS", tuple(failing))
    page = pages.read(data, "p.txt")
    assert whole.items
    assert page.lines == whole.lines
    assert [hint for _, hint in faults(page.problems)] == [HINT.format("part of the page")]


@pytest.mark.parametrize("name", ["a.csv", "a.gift", "a.aiken", "a.apkg"])
def test_a_file_that_cannot_be_read_is_one_problem(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Page:
        raise RecursionError

    form = formats.find(b"", name)
    assert form is not None
    monkeypatch.setattr(formats, "FORMATS", (formats.Format(form.name, form.suffixes, form.looks, fails),))
    page = formats.read(b"", name)
    assert page is not None
    assert [(one.place, one.message) for one in page.problems] == [
        (f"{name}:1:1", "cannot read this file: RecursionError")
    ]


@pytest.mark.parametrize(("where", "name"), [(flow, "recognise"), (deciding, "_decide"), (carding, "card")])
def test_a_question_that_cannot_be_decided_costs_no_other(
    where: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumble(monkeypatch, where, name, first=1)
    path = tmp_path / "a.csv"
    path.write_text(f"Front,Back\na,b\n{BAD},d\ne,f\n", encoding="utf-8")
    (page,) = flow.import_pages([gathering.Found(path, tmp_path)]).pages
    kept = ["a", "e"] if where is carding else ["a", BAD, "e"]
    assert [entry.item.question for entry in page.entries] == kept
    assert faults(page.problems) == [(3, HINT.format("question"))]


def test_blocks_that_cannot_be_written_keep_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> list[str]:
        raise ZeroDivisionError

    monkeypatch.setattr(html_blocks, "blocks", fails)
    page = formats.read(b"#html:true\na<br>b\tc\n", "a.tsv")
    assert page is not None
    assert [(item.question, item.answer) for item in page.items] == [("a b", "c")]


def test_the_message_says_where_it_failed_and_is_short() -> None:
    problems: list[Problem] = []

    def fails() -> None:
        raise ValueError("long " * 1000)

    assert guard.read(fails, "note", Location("p", 3), problems) is None
    (problem,) = problems
    assert problem.place == "p:3:1"
    assert len(problem.message) < 200
    assert guard.read(lambda: 5, "note", Location("p", 3), problems) == 5
    assert len(problems) == 1


def test_the_message_names_the_line_of_ours_that_failed() -> None:
    wrong: Any = 5
    _, said = guard.attempt(lambda: names.shown(wrong))
    assert said is not None
    assert re.fullmatch(r"TypeError: .* \(names\.py:\d+\)", said)


def test_an_interrupt_is_no_fault() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guard.read(interrupted, "note", Location("p"), [])
