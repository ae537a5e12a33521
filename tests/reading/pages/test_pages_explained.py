"""Explained pages: fixtures that a person can read, small cases, hostile pages, a page as it was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verideck.cards import Kind
from verideck.reading import pages
from verideck.reading.items import Fate, Line, Lost, Page
from verideck.reading.pages import codelike, explained, tokens

FIXTURES = Path(__file__).parent / "fixtures" / "explained"
PAGES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".txt", ".html"))
SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_is_read_as_expected(page: Path, told: Callable[[Page], str]) -> None:
    expected = page.with_suffix(".expected").read_text(encoding="utf-8")
    assert told(pages.read(page.read_bytes(), page.name)) == expected


def seed(number: str) -> Page:
    """Read a page as it was really saved, where there is one."""
    found = sorted(SEEDS.glob(f"{number}_*")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("the saved pages are not here")
    return pages.read(found[0].read_bytes(), found[0].name)


def of(text: str) -> Page:
    return pages.read(text.encode(), "page.txt")


def test_the_saved_page_is_read_as_it_is() -> None:
    page = seed("002")
    assert page.layout == "explained"
    assert [item.kind for item in page.items] == [Kind.CHOICE] * 5
    assert all(item.lost == (Lost.OPTIONS, Lost.KEY) and not item.options for item in page.items)
    assert all(item.hint and item.explanation for item in page.items)
    assert [bool(item.code) for item in page.items] == [False, True, False, False, False]
    assert page.items[1].joined
    assert page.items[1].code.splitlines()[-1] == "output.shape"
    assert len(page.problems) == 5
    assert set(page.fates) == {Fate.CARD}


@pytest.mark.parametrize(
    "line",
    [
        "import torch",
        "from torch import nn",
        "import torch x = torch.zeros(2) print(x)",
        "x = 3",
        "x, y = f(1), 2",
        "rows[0] = 3",
        "total += n * 2",
        "print(rows)",
        "model.fit(x, y)",
        "for row in rows:",
        "def mean(values):",
        "class Net(nn.Module):",
        "if n == 3: print(n)",
        "@torch.no_grad()",
        "SELECT name FROM towns;",
    ],
)
def test_code_is_known_by_its_look(line: str) -> None:
    assert codelike.looks_like_code(line)


@pytest.mark.parametrize(
    "line",
    [
        "Think about print(x) and what it shows for an empty list of rows.",
        "If the loss falls, what does it mean?",
        "For each of the rows one weight is kept:",
        "While training goes on, the loss falls.",
        "Print shows the value.",
        "Import duties were high.",
        "$x = y + 1$",
        "It returns (2, 3).",
        "Softmax(x) sums to one, so each of its rows does as well.",
        "What does f(x) = 2 mean?",
        "",
    ],
)
def test_prose_is_no_code(line: str) -> None:
    assert not codelike.looks_like_code(line)


@pytest.mark.parametrize(
    "text",
    [
        "What is rain?\nWater that falls.\nWhat is snow?\nRain that froze.\n",
        "It rains.\nThink of it.\nIt snows.\n",
        "To do\n- buy bread\n- buy milk\n",
        "What is rain?\n",
        "And so on.\n" * 20 + "What is new?\nThink of me.\nYours.\n",
        "",
    ],
)
def test_a_page_without_whole_groups_is_unknown(text: str) -> None:
    page = of(text)
    assert not page.items
    assert page.layout == ""


def test_a_hint_may_stand_in_its_place_without_a_hint_s_word() -> None:
    page = of(
        "Why does it rain?\nThink of warm air.\nIt rises and cools.\n"
        "Why does it snow?\nWater freezes at zero.\nThe drops freeze on the way.\n"
    )
    assert [item.hint for item in page.items] == ["Think of warm air.", "Water freezes at zero."]


def test_options_that_are_kept_are_read_and_the_key_is_lost() -> None:
    page = of(
        "Why does it rain?\nAIt is cold\nBAir rises\nCIt is late\nThink of warm air.\nIt rises and cools.\n"
    )
    (item,) = page.items
    assert [(option.letter, option.text) for option in item.options] == [
        ("A", "It is cold"),
        ("B", "Air rises"),
        ("C", "It is late"),
    ]
    assert item.lost == (Lost.KEY,)


def test_an_explanation_that_is_lost_is_told() -> None:
    page = of(
        "Why does it rain?\nThink of warm air.\nWhy does it snow?\nThink of cold air.\nThe drops freeze.\n"
    )
    assert [(item.hint, item.explanation) for item in page.items] == [
        ("Think of warm air.", ""),
        ("Think of cold air.", "The drops freeze."),
    ]
    assert "the explanation is lost" in [problem.message for problem in page.problems]


def test_the_name_that_ends_a_program_belongs_to_it() -> None:
    assert codelike.code_length(["x = f(1)", "", "y = x", "y", "Think of x."]) == 4


@pytest.mark.parametrize(
    ("code", "language"),
    [("x = 1if y else 2", "python"), ("SELECT 1 FROM towns", "sql"), ("let x = 1;", ""), ("(" * 5_000, "")],
)
def test_the_language_of_code_is_told_in_silence(
    code: str, language: str, recwarn: pytest.WarningsRecorder
) -> None:
    assert codelike.language(code) == language
    assert not recwarn.list


LINES = sorted({line for page in PAGES for line in page.read_text(encoding="utf-8").split("\n")})


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=60)), max_size=40))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_of_any_text_has_one_fate(texts: list[str]) -> None:
    lines = tuple(Line(number, plain.replace("\n", " ")) for number, plain in enumerate(texts, start=1))
    found = explained.read(tokens.tokenise(lines), "page.txt")
    assert all(found.fates.get(line.number, Fate.NOISE) is not Fate.UNACCOUNTED for line in lines)
    assert (
        {line.number for line in lines if line.text.strip()}
        <= set(found.fates)
        <= {*range(1, len(lines) + 1)}
    )


HOSTILE = {
    "questions": "What is this?\n" * 10_000,
    "groups": "What is this?\nThink of it.\nIt is that.\n" * 5_000,
    "code": "What?\n" + "x = f(1)\n" * 20_000,
    "joined code": "What is it?\n" + "x = f(1) " * 50_000 + "\nThink.\nIt is.\n",
    "brackets": "What?\n" + "x = (\n  y\n" * 10_000,
    "marks": "What" + "?" * 300_000 + "\nThink of it.\nIt is.\n",
    "letters": "What?\n" + "A is\nB is\n" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_no_more_than_its_length(name: str) -> None:
    """A pattern that looked at each pair of places would not come to an end here."""
    text = HOSTILE[name]
    lines = tuple(Line(number, line) for number, line in enumerate(text.split("\n"), start=1))
    found = explained.read(tokens.tokenise(lines), "page.txt")
    assert {line.number for line in lines if line.text.strip()} <= set(found.fates)
