"""Recall pages: fixtures that a person can read, small cases, hostile pages, a page as it was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verideck.cards import Kind
from verideck.reading import pages
from verideck.reading.items import Fate, Lost, Page

FIXTURES = Path(__file__).parent / "fixtures" / "recall"
PAGES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".txt", ".html"))
SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"
REVEAL = "Click to reveal answer\n"


def of(text: str) -> Page:
    return pages.read(("Recall & Review\n" + text).encode(), "page.txt")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_is_read_as_expected(page: Path, told: Callable[[Page], str]) -> None:
    expected = page.with_suffix(".expected").read_text(encoding="utf-8")
    assert told(pages.read(page.read_bytes(), page.name)) == expected


def test_the_saved_page_is_read_as_it_is() -> None:
    found = sorted(SEEDS.glob("001_*")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("the saved pages are not here")
    page = pages.read(found[0].read_bytes(), found[0].name)
    assert page.layout == "recall"
    assert [item.kind for item in page.items] == [Kind.RECALL] * 5 + [Kind.CHOICE] * 5 + [Kind.RECALL] * 2
    answered, quiz, prompts = page.items[:5], page.items[5:10], page.items[10:]
    assert all(item.answer and item.level and not item.lost for item in answered)
    assert all(item.explanation and item.lost == (Lost.OPTIONS, Lost.KEY) for item in quiz)
    assert all(item.hint and item.lost == (Lost.ANSWER,) for item in prompts)
    assert [problem.line for problem in page.problems] == [item.line for item in page.items[5:]]
    assert set(page.fates) == {Fate.CARD, Fate.NOISE}


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("What is dew?\nWater.\n", "What is dew?", "Water."),
        ("What is dew?Water.\n", "What is dew?", "Water."),
        ("What is\ndew?\nWater.\n", "What is dew?", "Water."),
        ("Define dew.\nWater.\n\nIt falls at night.\n", "Define dew.", "Water.\n\nIt falls at night."),
        ("How much is it?\n42\n", "How much is it?", "42"),
        ("How is it?\nhard\n", "How is it?", "hard"),
        ("Who does it?\n1. Tom\n2. Ann\n", "Who does it?", "1. Tom\n2. Ann"),
    ],
)
def test_a_question_is_parted_from_its_answer(text: str, question: str, answer: str) -> None:
    (item,) = of(f"beginner\n{text}{REVEAL}").items
    assert (item.question, item.answer, item.lost) == (question, answer, ())


def test_a_quiz_gives_each_explanation_to_the_question_above_it() -> None:
    page = of("What is 1?\n✗ Incorrect\nOne.\nWhat is 2?\n✗ Incorrect\nWhat is 3?\n✗ Incorrect\nThree.\n")
    assert [(item.question, item.explanation) for item in page.items] == [
        ("What is 1?", "One."), ("What is 2?", ""), ("What is 3?", "Three."),
    ]  # fmt: skip


def test_an_explanation_can_ask_back() -> None:
    page = of("What is 1?\n✗ Incorrect\nWho would doubt it?\nWhat is 2?\n✗ Incorrect\nTwo.\n")
    assert [(item.question, item.explanation) for item in page.items] == [
        ("What is 1?", "Who would doubt it?"),
        ("What is 2?", "Two."),
    ]


def test_residue_is_no_key_and_a_stated_key_is() -> None:
    page = of("Why?\nAOne\nBTwo\n✓ Correct\nSo.\nHow?\nAOne\nBTwo\nCorrect answer: A\n✗ Incorrect\nSo.\n")
    assert [[option.ticked for option in item.options] for item in page.items] == [[False] * 2, [True, False]]
    assert [item.lost for item in page.items] == [(Lost.KEY,), ()]


def test_a_page_without_its_heading_is_known_by_its_marks() -> None:
    page = pages.read(b"beginner\nWhat is dew?\nWater.\nClick to reveal answer\n", "page.txt")
    assert (page.layout, len(page.items)) == ("recall", 1)
    assert pages.read(b"Describe dew.\nThink.\nYou got /3 concepts.\n", "page.txt").layout == "recall"
    assert pages.read(b"What is dew?\nWater.\n", "page.txt").layout == ""


PIECES = (
    "beginner",
    "expert",
    "What is dew?",
    "Water.",
    "Click to reveal answer",
    "✗ Incorrect",
    "✓ Correct",
    "Explanation:",
    "AOne",
    "BTwo",
    "CThree",
    "Correct answer: B",
    "Describe it.",
    "💡 Hint",
    "Think.",
    "You got /5 concepts.",
    "",
    "0",
    "42",
    "Recall & Review",
    "Python",
    "x = 1",
    "print(x)",
    "Given this:",
    "Why?So.",
    "Challenge - 5 Problems",
    "2:00remaining",
    "Tides - Quick Recall",
    "- a list",
    "wrapped on",
    "Key Insight",
    "1/1 point",
)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=40), st.booleans())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_has_one_fate_whatever_the_text(lines: list[str], glued: bool) -> None:
    page = of(("" if glued else "\n").join(lines).encode("utf-8", errors="replace").decode())
    assert len(page.fates) == len(page.lines)
    assert Fate.UNACCOUNTED not in page.fates
    numbers = {line.number for line in page.lines}
    for item in page.items:
        assert item.line in numbers
        assert not item.explanation or item.explanation_line in numbers
    assert {problem.line for problem in page.problems} <= {*numbers, 1, len(page.lines) + 1}


def test_two_runs_of_options_without_a_question_between_are_two_questions() -> None:
    text = "Recall & Review\nA The sun\nB Sirius\n\ta) the orders\n\tb) the customers\n"
    items = pages.read(text.encode(), "page.txt").items
    assert [[option.text for option in item.options] for item in items] == [
        ["The sun", "Sirius"],
        ["the orders", "the customers"],
    ]
