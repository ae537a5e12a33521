"""Graded pages: fixtures that a person can read, small cases, hostile pages, a page as it was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verideck.cards import Kind
from verideck.reading import pages
from verideck.reading.items import Fate, Item, Line, Lost, Mark, Page
from verideck.reading.pages import graded, grading, option_marks, stems, tokens

FIXTURES = Path(__file__).parent / "fixtures" / "graded"
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


def only(text: str) -> Item:
    """Read a page of one question."""
    (item,) = of(f"Grade received 50%\n{text}").items
    return item


def test_the_saved_page_is_read_as_it_is() -> None:
    page = seed("004")
    assert page.layout == "graded"
    assert [item.kind for item in page.items] == [Kind.CHOICE] * 10
    assert [len(item.options) for item in page.items] == [3, 3, 4, 4, 3, 4, 4, 4, 2, 2]
    assert all(
        Lost.KEY in item.lost and not any(option.ticked for option in item.options) for item in page.items
    )
    assert [n for n, item in enumerate(page.items, 1) if Lost.OPTIONS in item.lost] == [1, 2]
    assert [option.blank for option in page.items[0].options] == [False, True, False]
    assert [option.fused for option in page.items[1].options] == [True, False, False]
    assert page.items[2].options[0].line == page.items[2].line, "the stem had swallowed it"
    assert page.items[4].question.endswith("x_2?")
    assert page.items[4].body.count("$") == 10
    assert all(option.text.startswith("$x_2") for option in page.items[4].options)
    assert [n for n, item in enumerate(page.items, 1) if item.select_all] == [1, 3, 6]
    assert len(page.problems) == 10 + 3
    assert Fate.UNACCOUNTED not in page.fates


@pytest.mark.parametrize(
    ("line", "mark", "text"),
    [
        ("✓ Rain", Mark.TICKED, "Rain"),
        ("☑ Rain", Mark.TICKED, "Rain"),
        ("● Rain", Mark.TICKED, "Rain"),
        ("[x] Rain", Mark.TICKED, "Rain"),
        ("(•) Rain", Mark.TICKED, "Rain"),
        ("☐ Rain", Mark.UNTICKED, "Rain"),
        ("□ Rain", Mark.UNTICKED, "Rain"),
        ("O Rain", Mark.UNTICKED, "Rain"),
        ("○ Rain", Mark.UNTICKED, "Rain"),
        ("◯Rain", Mark.UNTICKED, "Rain"),
        ("[ ] Rain", Mark.UNTICKED, "Rain"),
        ("( ) Rain", Mark.UNTICKED, "Rain"),
        ("$\\bigcirc$ Rain", Mark.UNTICKED, "Rain"),
        ("$\\bigcirc a = b$", Mark.UNTICKED, "$a = b$"),
        ("⊘ Rain", Mark.UNREADABLE, "Rain"),
        ("$igcirc$ $a = b$", Mark.UNREADABLE, "$a = b$"),
        ("$igcirc a = b$", Mark.UNREADABLE, "$a = b$"),
        ("igcirc Rain", Mark.UNREADABLE, "Rain"),
        ("Only rain", Mark.NONE, "Only rain"),
        ("O(n) rain", Mark.NONE, "O(n) rain"),
        ("0 days", Mark.NONE, "0 days"),
        ("[0, 1]", Mark.NONE, "[0, 1]"),
        ("$x \\circ y$", Mark.NONE, "$x \\circ y$"),
        ("circles", Mark.NONE, "circles"),
    ],
)
def test_a_mark_is_parted_from_its_option(line: str, mark: Mark, text: str) -> None:
    found = option_marks.strip_mark(line)
    assert (found.mark, found.text) == (mark, text)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("Correct", "correct"),
        ("⊘ Coffect.", "correct"),
        ("Corect", "correct"),
        ("lncorrect!", "incorrect"),
        ("○ In correct", "incorrect"),
        ("Partially correct", "partially correct"),
        ("Collect", ""),
        ("Connect", ""),
        ("Perfect", ""),
        ("Correct the sail", ""),
        ("", ""),
    ],
)
def test_a_grading_word_is_known_by_a_whole_line(line: str, word: str) -> None:
    assert option_marks.verdict(line) == word


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Which wind?\t1 / 1 point", "Which wind?"),
        ("Which wind?1/1 point", "Which wind?"),
        ("Which wind?\t0.75/1 points", "Which wind?"),
        ("Which wind?\t1/1 polnt", "Which wind?"),
        ("of the last years.\t_/ _ po", "of the last years."),
        ("it blows from 11/1 point", "it blows from 1"),
        ("Which wind? (1 point)", "Which wind?"),
        ("It was 3/4 past noon", None),
        ("Name one point", None),
        ("half of 1/2 pies", None),
    ],
)
def test_points_are_parted_from_the_text(line: str, rest: str | None) -> None:
    assert grading.without_points(line) == ((line, False) if rest is None else (rest, True))


@pytest.mark.parametrize(
    ("stem", "swallowed"),
    [
        ("Why does it rain? Warm air rises. It cools.", "Warm air rises. It cools."),
        ("Why does it rain?Warm air rises.", "Warm air rises."),
        ("What is z? $z = 2$", "$z = 2$"),
        ("Which are right? Select all that apply.", ""),
        ("Which are right? (Choose two)", ""),
        ("What is z? Assume that x is 2.", ""),
        ("Does it rain? Why does it?", ""),
        ("Does it rain? Warm air rises. Does it cool?", ""),
        ("Is “why?” a question of one word", ""),
    ],
)
def test_text_behind_a_question_is_its_first_option_unless_it_instructs(stem: str, swallowed: str) -> None:
    entries = [stems.Entry(2, "Wind"), stems.Entry(3, "Snow")]
    assert stems.divide(stem, entries)[0].swallowed == swallowed


@pytest.mark.parametrize(
    ("options", "fused"),
    [
        (("It falls. It melts.", "It stays.", "It flies."), 0),
        (("It falls", "Snow melts. Ice stays", "It flies"), 1),
        (("It falls. Therefore it melts.", "It stays.", "It flies."), None),
        (("It falls. It melts.", "It stays. It grows.", "It flies."), None),
        (("It falls. It melts.", "It stays."), None),
        (("Snow falls. It melts.", "Rain stays.", "Wind blows."), None),
        (("About 3.5 mm", "About 4. 5 mm", "None"), None),
    ],
)
def test_an_option_of_two_sentences_among_single_ones_is_fused(
    options: tuple[str, ...], fused: int | None
) -> None:
    shown = "".join(f"\tO {option}\n" for option in options)
    item = only(f"1.\tWhat of snow?\t1 / 1 point\n{shown}")
    assert [n for n, option in enumerate(item.options) if option.fused] == ([] if fused is None else [fused])
    assert (Lost.OPTIONS in item.lost) is (fused is not None)


def test_equations_before_the_question_that_asks_are_its_body() -> None:
    item = only(
        "1. Given:\t1/1 point\n\t$a = b + 1$\n\t$c = a$\n\tWhat is b?\n\t$b = a - 1$\n\t$b = c$\n\tCorrect"
    )
    assert (item.question, item.body) == ("What is b?", "Given:\n\n$a = b + 1$\n\n$c = a$")
    assert [option.text for option in item.options] == ["$b = a - 1$", "$b = c$"]


def test_options_that_ask_stay_options() -> None:
    item = only("1. Which asks for a reason:\t1/1 point\n\tWhy does it rain?\n\tWhere does it rain?\n")
    assert [option.text for option in item.options] == ["Why does it rain?", "Where does it rain?"]


def test_a_word_of_the_page_s_buttons_can_be_an_option() -> None:
    item = only("1. Which word ends a letter?\t1/1 point\n\tSave\n\tDone\n\tYours\n\tCorrect\nBack\n")
    assert [option.text for option in item.options] == ["Save", "Done", "Yours"]


def test_a_grade_of_everything_ticks_nothing() -> None:
    page = of("Grade received 100%\n1. Rain?\t1/1 point\n\t✓ Yes\n\t☐ No\n\tCorrect\n")
    assert not any(option.ticked for option in page.items[0].options)
    assert page.items[0].lost == (Lost.KEY,)


@pytest.mark.parametrize("data", ["Grade received 100%\n", "Total points 3\n\n\n", "Total points 3\n1.\n"])
def test_a_page_without_questions_has_every_line_s_fate(data: str) -> None:
    assert Fate.UNACCOUNTED not in of(data).fates


def test_an_unmarked_line_behind_a_doubled_grading_word_is_an_option() -> None:
    item = only("1. Select all.\t1/1 point\n\t✓ Rain\n\t☐ Wind\n\tCorrect\n\tCorrect.\n\tSnow\n")
    assert [option.text for option in item.options] == ["Rain", "Wind", "Snow"]


def test_the_remains_of_the_points_show_that_a_line_goes_on() -> None:
    item = only("1. Rain falls because of\t1/1 point\n\tCold air.\t_/ _ po\n\tTrue\n\tFalse\n")
    assert item.question == "Rain falls because of Cold air."


def test_numbered_options_begin_no_questions() -> None:
    item = only("1. What comes first?\t1/1 point\n1. Rain\n2. Snow\n3. Wind\n")
    assert [option.text for option in item.options] == ["1. Rain", "2. Snow", "3. Wind"]


LINES = sorted({line for page in PAGES for line in page.read_text(encoding="utf-8").split("\n")})


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=60)), max_size=40))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_of_any_text_has_one_fate(texts: list[str]) -> None:
    lines = tuple(Line(number, plain.replace("\n", " ")) for number, plain in enumerate(texts, start=1))
    found = graded.read(tokens.tokenise(lines), "page.txt")
    assert all(found.fates.get(line.number, Fate.NOISE) is not Fate.UNACCOUNTED for line in lines)
    assert (
        {line.number for line in lines if line.text.strip()}
        <= set(found.fates)
        <= {*range(1, len(lines) + 1)}
    )


HOSTILE = {
    "options": "1. What?\t1 / 1 point\n" + "O rain\n" * 20_000,
    "one line": "1. What? 1 / 1 point " + "a b? " * 100_000,
    "spaces": "1. What? 1 / 1 point\n\tO a" + " " * 300_000 + "b\n\tO c\n",
    "marks": "1. What? 1 / 1 point\n\t" + "O a ○ b ☐ " * 50_000,
    "numbers": "\n".join(f"{number}." for number in range(20_000)),
    "maths": "1. What? 1 / 1 point\n\t" + "$\\ " * 100_000,
    "grades": "1. What? 1 / 1 point\n" + "Correct\nwhy\n" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_no_more_than_its_length(name: str) -> None:
    """A pattern that looked at each pair of places would not come to an end here."""
    text = HOSTILE[name]
    lines = tuple(Line(number, line) for number, line in enumerate(text.split("\n"), start=1))
    found = graded.read(tokens.tokenise(lines), "page.txt")
    assert {line.number for line in lines if line.text.strip()} <= set(found.fates)
