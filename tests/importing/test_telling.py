"""What an import tells: JSON for a program, a page with each line's fate for a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from verideck.cards import Kind, Subject, Verdict
from verideck.importing import margin, telling
from verideck.importing.deciding import Decision
from verideck.importing.flow import Entry, ImportedPage
from verideck.importing.gathering import Found
from verideck.importing.owning import owners
from verideck.problems import Problem, Severity
from verideck.reading.items import Fate, Item, ItemOption, Line, Lost, Page

TEXT = """\
Harbours
2 days ago
beginner
Which wind blows along the coast?
AThe trade wind
BThe sea breeze
Attempts:
Hint
Think of the afternoon.
beginner
What is a mole?
A wall of stones in the sea.
It keeps the swell out.
And one line too many"""

FATES = {2: Fate.NOISE, 7: Fate.NOISE, 8: Fate.NOISE, 14: Fate.PROBLEM}

CHOICE = Item(
    "challenge",
    4,
    Kind.CHOICE,
    "Which wind blows along the coast?",
    level="beginner",
    options=(ItemOption("The trade wind", 5, "A"), ItemOption("The sea breeze", 6, "B")),
    hint="Think of the afternoon.",
)
RECALL = Item(
    "recall",
    11,
    Kind.RECALL,
    "What is a mole?",
    answer="A wall of stones in the sea.\nIt keeps the swell out.",
    lost=(Lost.TEXT,),
)
TROUBLE = Problem("p.txt", 14, 1, Severity.WARNING, "a line too many", "leave it out, if it says nothing")


def decision(verdict: Verdict, **more: Any) -> Decision:
    given: dict[str, Any] = {
        "subject": None, "computed": "", "claims": (), "ticks": (), "checks": (), "run": False,
        "offered": "", "problems": (), "lost": (),
    }  # fmt: skip
    return Decision(verdict=verdict, **(given | more))


@pytest.fixture
def page() -> ImportedPage:
    lines = tuple(Line(number, text) for number, text in enumerate(TEXT.split("\n"), start=1))
    fates = tuple(FATES.get(line.number, Fate.CARD) for line in lines)
    held = Page("p.txt", "challenge", "Harbours", (CHOICE, RECALL), (TROUBLE,), lines, fates)
    found = decision(Verdict.KEY_FOUND, ticks=(2,), subject=Subject.OPTION, computed="18:00")
    entries = (Entry(CHOICE, found, ()), Entry(RECALL, decision(Verdict.UNCHECKED), (TROUBLE,)))
    return ImportedPage(Found(Path("p.txt"), Path("p.txt")), held, "Harbours", entries, (), owners(held))


def test_lines_between_two_items_go_to_the_one_that_holds_them(page: ImportedPage) -> None:
    assert page.owners == {1: 0, 3: 0, 4: 0, 5: 0, 6: 0, 9: 0, 10: 1, 11: 1, 12: 1, 13: 1, 14: 1}


def test_a_page_without_items_owns_nothing() -> None:
    assert owners(Page("p", "", "", (), (), (Line(1, "x"),), (Fate.PROBLEM,))) == {}


def test_json_says_what_it_promises(page: ImportedPage) -> None:
    (told,) = json.loads(telling.as_json([page]))["pages"]
    first, second = told["cards"]
    assert (
        first
        | {
            "kind": "choice",
            "question": "Which wind blows along the coast?",
            "options": ["The trade wind", "The sea breeze"],
            "answer": "The sea breeze",
            "hint": "Think of the afternoon.",
            "explanation": "",
            "code": "",
            "verdict": "key-found",
            "subject": "option",
            "computed": "18:00",
            "line": 4,
        }
        == first
    )
    assert [one["ticked"] for one in first["option_details"]] == [False, True]
    assert (second["subject"], second["computed"]) == (None, None)
    assert second["answer"] == "A wall of stones in the sea.\nIt keeps the swell out."
    assert (told["path"], told["layout"]) == ("p.txt", "challenge")
    assert told["lines"] == {"card": 10, "problem": 1, "noise": 3, "unaccounted": 0}
    (problem,) = told["problems"]
    assert (problem["line"], problem["severity"]) == (14, "warning")
    assert "fates" not in told


def test_json_names_the_fate_of_each_line_when_asked(page: ImportedPage) -> None:
    fates = json.loads(telling.as_json([page], lines=True))["pages"][0]["fates"]
    assert fates[1] == {"line": 2, "fate": "noise", "card": None}
    assert fates[10] == {"line": 11, "fate": "card", "card": 2}


def test_a_line_without_a_fate_is_counted(page: ImportedPage) -> None:
    short = Page("p", "", "", (), (), page.page.lines, page.page.fates[:-2])
    cut = ImportedPage(page.found, short, "", (), (), {})
    assert telling.fates(cut)["unaccounted"] == 2


def plain(text: str, **_: Any) -> str:
    return text


EXPLAINED = """\
p.txt: challenge

 1 card 1  │ Harbours
 2 noise   │ 2 days ago
 3 card 1  │ beginner
 4 card 1  │ Which wind blows along the coast?
 5 card 1  │ AThe trade wind
 6 card 1  │ BThe sea breeze
 7 noise   │ Attempts:
 8 noise   │ Hint
 9 card 1  │ Think of the afternoon.
10 card 2  │ beginner
11 card 2  │ What is a mole?
12 card 2  │ A wall of stones in the sea.
13 card 2  │ It keeps the swell out.
14 problem │ And one line too many
           ╰ warning: a line too many
             hint: leave it out, if it says nothing

card 1  key-found  choice, 18:00
card 2  unchecked  recall

lines: 10 card, 1 problem, 3 noise, 0 unaccounted"""


def test_a_page_is_explained_with_its_fates_in_the_margin(page: ImportedPage) -> None:
    assert margin.explained(page, plain) == EXPLAINED


def test_long_lines_are_folded_behind_the_margin(page: ImportedPage) -> None:
    lines = margin.explained(page, plain, width=40).split("\n")
    at = lines.index(" 4 card 1  │ Which wind blows along the")
    assert lines[at + 1] == "           │ coast?"
    assert max(map(len, lines[: lines.index("")])) <= 40


def test_colours_are_asked_of_the_style(page: ImportedPage) -> None:
    asked: list[Mapping[str, Any]] = []

    def style(text: str, **looks: Any) -> str:
        asked.append(looks)
        return text

    margin.explained(page, style)
    assert {"dim": True} in asked
    assert {"fg": "yellow"} in asked
