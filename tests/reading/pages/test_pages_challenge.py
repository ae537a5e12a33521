"""Challenge pages: fixtures that a person can read, small cases, hostile pages, a page as it was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verideck.cards import Kind
from verideck.reading import pages
from verideck.reading.items import Fate, Item, Line, Lost, Page
from verideck.reading.pages import choices

FIXTURES = Path(__file__).parent / "fixtures" / "challenge"
PAGES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".txt", ".html"))
SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"
HEADER = "Challenge - 1 Problems\n🧠 Conceptual\nbeginner\n2:00remaining\n"


def of(text: str) -> Page:
    return pages.read(text.encode(), "page.txt")


def only(text: str) -> Item:
    """Read the one problem of a page whose header is there."""
    (item,) = of(HEADER + text).items
    return item


def texts(item: Item) -> list[str]:
    return [f"{option.letter}:{option.text}" for option in item.options]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_is_read_as_expected(page: Path, told: Callable[[Page], str]) -> None:
    expected = page.with_suffix(".expected").read_text(encoding="utf-8")
    assert told(pages.read(page.read_bytes(), page.name)) == expected


def test_the_saved_page_is_read_as_it_is() -> None:
    found = sorted(SEEDS.glob("000_*")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("the saved pages are not here")
    page = pages.read(found[0].read_bytes(), found[0].name)
    assert page.layout == "challenge"
    assert [item.kind for item in page.items] == [Kind.CHOICE] * 5
    assert all(item.lost == (Lost.KEY,) and item.hint and item.title for item in page.items)
    assert [[option.letter for option in item.options] for item in page.items] == [list("ABCD")] * 5
    assert [bool(item.code) for item in page.items] == [False, True, False, False, False]
    assert [item.level for item in page.items] == ["intermediate"] * 2 + ["advanced"] * 2 + ["expert"]
    assert [problem.line for problem in page.problems] == [item.line for item in page.items]
    assert set(page.fates) == {Fate.CARD, Fate.NOISE}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("AOne\nBTwo", ["A:One", "B:Two"]),
        ("A. One\nB. Two\nC. Three", ["A:One", "B:Two", "C:Three"]),
        ("A) one\nB) two", ["A:one", "B:two"]),
        ("(a) one\n(b) two", ["A:one", "B:two"]),
        ("a. one\nb. two", ["A:one", "B:two"]),
        ("Option A: One\nOption B: Two", ["A:One", "B:Two"]),
        ("Atrue\nBfalse", ["A:true", "B:false"]),
        ("A A dam\nB A weir", ["A:A dam", "B:A weir"]),
        ("A\nOne\nB\nTwo", ["A:One", "B:Two"]),
        ("AOne\n\nBTwo\n\nCThree", ["A:One", "B:Two", "C:Three"]),
        ("○ AOne\n● BTwo", ["A:One", "B:Two"]),
        ("AAnd so\nBBut no\nCCan it be\nDDo so", ["A:And so", "B:But no", "C:Can it be", "D:Do so"]),
        ("Aaccuracy\nBrecall\nCloss", ["A:accuracy", "B:recall", "C:loss"]),
        ("Aself.x\nBself.y\nCx.self", ["A:self.x", "B:self.y", "C:x.self"]),
        ("AOne\nthat is wrapped\nBTwo", ["A:One that is wrapped", "B:Two"]),
        ("Aif x:\n    y\nBz = 1\nCz(2)", ["A:if x:\n    y", "B:z = 1", "C:z(2)"]),
        ("A0.5\nB[1, 2]\nC(3, 4)\nD'x'\nE-1", ["A:0.5", "B:[1, 2]", "C:(3, 4)", "D:'x'", "E:-1"]),
        ("AIt growsBIt shrinksCIt stays", ["A:It grows", "B:It shrinks", "C:It stays"]),
        ("ARNN\nBCNN\nCMLP", ["A:RNN", "B:CNN", "C:MLP"]),
    ],
)
def test_options_stand_behind_letters(lines: str, expected: list[str]) -> None:
    item = only(f"Streams\n\nWhich one?\n\n{lines}\n")
    assert texts(item) == expected
    assert item.question == "Which one?"


@pytest.mark.parametrize(
    "question",
    [
        "Attention is a weighted mean. Both keys weigh alike. Can it be?",
        "A river bends. Which bank wears?",
        "AI is used. Does it help?",
        "B cells and C fibres: which one?",
        "All is said\nBut why\nAnd how?",
        "A = 3 and B = 4, what is A * B?",
    ],
)
def test_a_question_that_begins_with_a_letter_is_no_option(question: str) -> None:
    item = only(f"{question}\nAOne\nBTwo\nCThree\n")
    assert texts(item) == ["A:One", "B:Two", "C:Three"]
    said = f"{item.title} {item.question} {item.body}".split()
    assert set(question.split()) <= set(said)


@pytest.mark.parametrize(
    "text",
    ["Attention is asked for.\nBoth eyes help.\n", "A bay.\nBut where?\n", "All\n", "A\n", "C\n", "AOne\n"],
)
def test_prose_holds_no_options(text: str) -> None:
    assert choices.runs([Line(n, line) for n, line in enumerate(text.split("\n"), start=1)]) == ()


def test_a_letter_that_lacks_is_a_lost_option() -> None:
    page = of(HEADER + "Which?\nAOne\nCThree\nDFour\n")
    assert page.items[0].lost == (Lost.OPTIONS, Lost.KEY)
    assert "option B is lost" in [problem.message for problem in page.problems]
    assert only("Which?\nBTwo\nCThree\nDFour\n").lost == (Lost.OPTIONS, Lost.KEY)


def test_a_key_that_the_page_states_is_ticked_and_residue_is_not() -> None:
    keyed = only("Which?\nAOne\nBTwo\nCorrect answer: B\n")
    assert [option.ticked for option in keyed.options] == [False, True]
    assert keyed.lost == ()
    residue = only("Which?\nAOne\nBTwo\n✓ Correct\nSo it is.\n")
    assert not any(option.ticked for option in residue.options)
    assert (residue.lost, residue.explanation) == ((Lost.KEY,), "So it is.")
    elsewhere = only("Which?\nAOne\nBTwo\nAnswer: C\n")
    assert elsewhere.lost == (Lost.KEY,)


@pytest.mark.parametrize(
    "header",
    [
        "🧠 Conceptual\nintermediate\n2:00remaining\n",
        "Conceptual\nintermediate\n2:00remaining\n",
        "Conceptualintermediate2:00remaining\n",
        "Conceptual\nintermediate2:00remaining\n",
        "🌱 Soil Science\nintermediate\n2:00 remaining\n",
        "Conceptual\n\nintermediate\n\n2:00\n",
        "Conceptual\n2:00remaining\nmedium\n",
        "Conceptual\nintermediate\n",
        "?? Conceptual\nintermediate\n",
        "intermediate\n2:00remaining\n",
    ],
)
def test_a_header_can_be_glued_or_lack_a_part(header: str) -> None:
    page = of(
        f"Challenge - 2 Problems\n{header}Rain\nWhy?\nAOne\nBTwo\n💡 Hint\nThink.\n"
        f"{header}Snow\nHow?\nAIt\nBSo\n"
    )
    assert [(item.level, item.title, item.question) for item in page.items] == [
        ("intermediate", "Rain", "Why?"),
        ("intermediate", "Snow", "How?"),
    ]
    assert Fate.PROBLEM not in page.fates


def test_a_page_without_its_heading_is_known_by_its_headers() -> None:
    assert of("Conceptual\nbeginner\n2:00remaining\nWhy?\nAOne\nBTwo\n").layout == "challenge"
    assert of("Conceptual\nA walk\n").layout == ""


@pytest.mark.parametrize("header", ["Tradeoff\nexpert\n", "🧠 Tradeoff\n", "expert\n2:00remaining\n"])
def test_a_header_needs_no_end_above_it(header: str) -> None:
    page = of(f"{HEADER}Rain\nWhy?\nAOne\nBTwo\n{header}Snow\nHow?\nAIt\nBSo\n")
    assert [item.title for item in page.items] == ["Rain", "Snow"]


@pytest.mark.parametrize("language", ["Python", "SQL", "Zig", ""])
def test_code_stands_under_a_language_line_or_is_known_by_its_look(language: str) -> None:
    item = only(f"Sums\nWhat is shown?\n{language}\nx = f(1)\nprint(x)\nA1\nB2\n")
    assert item.code == "x = f(1)\nprint(x)"
    assert (item.question, item.language) == ("What is shown?", language)


def test_a_language_glued_to_its_code_and_a_question_behind_it() -> None:
    item = only("Sums\nLook at this.\nPythonimport math\nprint(math.pi)\nWhat is shown here?\nA1\nB2\n")
    assert item.code == "import math\nprint(math.pi)"
    assert (item.question, item.body) == ("Look at this.", "What is shown here?")


def test_what_belongs_to_nothing_is_told() -> None:
    page = of(
        "A stray line about boats.\n" + HEADER + "Why?\nAOne\nBTwo\n💡 Hint\nThink.\n\nRelated: boats\n"
    )
    told = [(problem.line, problem.message) for problem in page.problems if "belongs" in problem.message]
    assert told == [
        (1, "`A stray line about boats.` belongs to no question"),
        (12, "`Related: boats` belongs to no question"),
    ]
    assert [page.fates[0], page.fates[11]] == [Fate.PROBLEM] * 2


@pytest.mark.parametrize("hint", ["Think of\nrain.", "a. one\nb. two", "AOne\nBTwo", ""])
def test_a_page_can_end_in_a_hint(hint: str) -> None:
    page = of(HEADER + f"Why?\nAOne\nBTwo\n💡 Hint\n{hint}")
    assert page.items[0].question == "Why?"
    assert Fate.UNACCOUNTED not in page.fates


PIECES = (
    *HEADER.splitlines(),
    "Attempts:",
    "2 left",
    "💡 Hint",
    "✗ Incorrect",
    "Explanation:",
    "Correct answer: B",
    "AOne",
    "BTwo",
    "CThree",
    "DFour BFive",
    "A",
    "B",
    "Attention is it?",
    "Python",
    "import math",
    "x = 1 # y = 2 print(x)",
    "",
    "",
    "0",
    "Recall & Review",
    "Click to reveal answer",
    "You got /5 concepts.",
    "Why?",
    "It rains.",
    "  indented",
    "```",
    "Model Pipeline - X",
    "Grade received 100%",
    "1. Why?\t1 / 1 point",
)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=40), st.booleans())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_has_one_fate_whatever_the_text(lines: list[str], glued: bool) -> None:
    text = "Challenge - 5 Problems\n" + ("" if glued else "\n").join(lines)
    page = pages.read(text.encode("utf-8", errors="replace"), "page.txt")
    assert len(page.fates) == len(page.lines)
    assert Fate.UNACCOUNTED not in page.fates
    numbers = {line.number for line in page.lines}
    for item in page.items:
        assert item.line in numbers
        assert {option.line for option in item.options} <= numbers
    assert {problem.line for problem in page.problems} <= {*numbers, 1, len(page.lines) + 1}


def test_many_options_take_a_pass() -> None:
    """Count what is looked at, not the time: each line yields its candidates once."""
    lines = [Line(n + 1, f"{'ABCDEFGHIJ'[n % 10]}Some text") for n in range(20_000)]
    found = choices.runs(lines)
    assert len(found) == 2_000
    assert all(len(run.options) == 10 for run in found)
