"""Items to cards: Markdown that can be read at once, with nothing made up and nothing dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.cards import Card, Kind, Location, Verdict
from verideck.importing import carding, checks
from verideck.importing.deciding import Decision
from verideck.problems import Problem, Severity
from verideck.reading import markdown
from verideck.reading.items import Item, ItemOption, Lost, Mark, Markup
from verideck.reading.writing import Front, write

OPTIONS = (ItemOption("The moon", 5, "A"), ItemOption("The wind", 6, "B"))


def item(kind: Kind = Kind.CHOICE, **more: Any) -> Item:
    given: dict[str, Any] = {"question": "What pulls the tides?"}
    given |= {"options": OPTIONS} if kind is Kind.CHOICE else {"answer": "The moon."}
    return Item("recall", 4, kind, **(given | more))


def decision(verdict: Verdict = Verdict.UNCHECKED, **more: Any) -> Decision:
    given: dict[str, Any] = {
        "subject": None, "computed": "", "claims": (), "ticks": (), "checks": (), "run": False,
        "offered": "", "problems": (), "lost": (),
    }  # fmt: skip
    return Decision(verdict=verdict, **(given | more))


def written(one: Item, decided: Decision) -> str:
    card = carding.card(one, decided, "Tides", "tides.txt", "tide")
    return write([card], Front(deck="Tides"), {0: carding.remarks(one, decided, decided.problems)})


def placeless(card: Card) -> Card:
    """Take out of a card where it stands."""
    at = Location("")
    return replace(
        card,
        location=at,
        options=tuple(replace(option, location=at) for option in card.options),
        checks=tuple(replace(fence, location=at) for fence in card.checks),
        runs=tuple(replace(fence, location=at) for fence in card.runs),
        outputs=tuple(replace(fence, location=at) for fence in card.outputs),
    )


CODE = "import torch\n# ## not a card\nprint(torch.zeros(2))"

CASES = {
    "a stated key": (item(options=(OPTIONS[0], replace(OPTIONS[1], ticked=True))), decision()),
    "a found key": (
        item(),
        decision(Verdict.KEY_FOUND, ticks=(2,), checks=("answer == softmax([1, 1])",), computed="[0.5, 0.5]"),
    ),
    "a lost key": (item(level="beginner", hint="Look up."), decision(lost=(Lost.KEY,))),
    "lost options": (
        item(options=(), explanation="Its pull is the nearest.", code=CODE, language="PyTorch"),
        decision(lost=(Lost.OPTIONS, Lost.KEY)),
    ),
    "blank options": (
        item(options=(*OPTIONS, ItemOption("", 7, blank=True), ItemOption("", 8, blank=True))),
        decision(lost=(Lost.OPTIONS, Lost.KEY)),
    ),
    "a program that runs": (
        item(options=(ItemOption("tensor([0., 0.])", 5), ItemOption("0", 6)), code=CODE, language="python"),
        decision(Verdict.KEY_FOUND, ticks=(1,), run=True),
    ),
    "what a program printed": (
        item(Kind.RECALL, answer="tensor([0., 0.])", code=CODE, language="py", output="tensor([0., 0.])\n"),
        decision(Verdict.VERIFIED, run=True),
    ),
    "several ticked": (
        item(options=tuple(replace(option, ticked=True) for option in OPTIONS)),
        decision(),
    ),
    "a recall card": (
        item(Kind.RECALL, body="On Earth.\n\nAt sea.", hint="Up.", explanation="Near."),
        decision(),
    ),
    "a lost answer": (item(Kind.RECALL, answer=""), decision(lost=(Lost.ANSWER,))),
    "a typed card": (
        item(Kind.TYPED, answer="", accepted=("1 x 10", "(1, 10)"), explanation="- so\n- there"),
        decision(Verdict.VERIFIED, checks=("answer == (1, 10)",)),
    ),
    "a lost question": (item(Kind.RECALL, question="", body="Fig. 3"), decision(lost=(Lost.TEXT,))),
    "reasons": (
        item(options=(replace(OPTIONS[0], ticked=True, reason="It is\n\nnear."), OPTIONS[1])),
        decision(),
    ),
    "a cloze card": (
        item(Kind.CLOZE, question="Tides", answer="", body="The {{c1::moon}} pulls.", markup=Markup.MARKDOWN),
        decision(),
    ),
    "markup in plain text": (
        item(
            Kind.RECALL,
            question="# What does *p* <b> & {{c1::x}} `y` --> mean?",
            answer="---\n## not a heading\n- [x] not a box\n```\n> [!TIP]",
            code="```\n````md\n```",
            language="markdown",
        ),
        decision(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_card_reads_as_it_was_made(name: str) -> None:
    one, decided = CASES[name]
    text = written(one, decided)
    reading = markdown.read(text, "tides.txt")
    assert reading.problems == (), text
    made = carding.card(one, decided, "Tides", "tides.txt", "tide")
    assert [placeless(card) for card in reading.cards] == [placeless(made)]


def test_what_a_page_had_no_card_slot_for_stands_in_a_comment() -> None:
    one = item(title="The sea", level="tricky", joined=True, code="x = 1")
    text = written(one, decision(lost=(Lost.KEY,)))
    assert "<!-- import: the page's title for it: The sea -->" in text
    assert "<!-- import: the page's level for it: tricky -->" in text
    assert "its lines are put back" in text
    assert 'tick the right one, and take `lost="key"` out' in text


def test_a_problem_stands_beside_its_card() -> None:
    problem = Problem("tides.txt", 9, 1, Severity.ERROR, "the explanation is false", "mend it")
    assert "<!-- import: error: the explanation is false; mend it -->" in written(
        item(), decision(problems=(problem,), lost=(Lost.KEY,))
    )


def test_a_found_key_is_ticked_and_its_comment_says_how_it_was_found() -> None:
    text = written(item(code=CODE), decision(ticks=(2,), run=True, computed="0.5"))
    assert "- [ ] The moon\n- [x] The wind" in text
    assert "<!-- import: the key was found by running the program: 0.5 -->" in text


def test_a_stated_key_is_not_called_found() -> None:
    one = item(options=(replace(OPTIONS[0], ticked=True), OPTIONS[1]))
    assert "was found" not in written(one, decision(ticks=(1,)))


def test_the_marks_of_a_scan_are_told_and_tick_nothing() -> None:
    text = written(
        item(options=(OPTIONS[0], replace(OPTIONS[1], mark=Mark.TICKED))), decision(lost=(Lost.KEY,))
    )
    assert "[x] The" not in text
    assert "a tick at option 2" in text


def test_an_option_that_a_page_holds_twice_is_written_once() -> None:
    one = item(options=(*OPTIONS, ItemOption("The moon", 7)))
    for tick in (1, 3):
        text = written(one, decision(ticks=(tick,)))
        assert text.count("The moon") == 1
        assert "- [x] The moon" in text


def test_one_option_alone_has_lost_the_others() -> None:
    text = written(item(options=OPTIONS[:1]), decision(lost=(Lost.KEY,)))
    assert 'lost="options key"' in text
    assert markdown.read(text, "tides.txt").problems == ()


@pytest.mark.parametrize(
    ("bare", "lost"),
    [
        (item(question=" ", options=(replace(OPTIONS[0], ticked=True), OPTIONS[1])), "text"),
        (item(Kind.RECALL, answer=" "), "answer"),
        (item(Kind.TYPED, answer=""), "answer"),
        (item(options=()), "options key"),
    ],
)
def test_what_is_not_there_is_called_lost_whatever_a_reader_says(bare: Item, lost: str) -> None:
    text = written(bare, decision(lost=(Lost.KEY,) if not bare.options and bare.kind is Kind.CHOICE else ()))
    assert f'lost="{lost}"' in text
    assert markdown.read(text, "tides.txt").problems == ()


def test_an_offered_option_is_not_added_but_named() -> None:
    text = written(item(), decision(Verdict.NO_OPTION, offered="$x_2 = y_2 - F(y_1)$", lost=(Lost.KEY,)))
    assert "<!-- import: an option to add: - [x] $x_2 = y_2 - F(y_1)$ -->" in text
    assert "\n- [x]" not in text


def test_a_card_without_a_right_option_is_an_error_until_it_has_one() -> None:
    text = written(item(), decision(Verdict.NO_OPTION, lost=(Lost.KEY,)))
    assert "lost=" not in text
    assert "to complete it: add the right option, and tick it -->" in text
    (problem,) = markdown.read(text, "tides.txt").problems
    assert (problem.severity, problem.message) == (Severity.ERROR, "a choice card with no ticked box")
    assert markdown.read(text.replace("- [ ] The wind", "- [x] The sun"), "tides.txt").problems == ()


def test_what_was_computed_is_said_where_no_option_is_left_to_hold_it() -> None:
    lost = (Lost.OPTIONS, Lost.KEY)
    text = written(item(options=(), code=CODE), decision(lost=lost, run=True, computed="(2, 5)"))
    assert "<!-- import: what comes of running the program: (2, 5) -->" in text


def test_claims_that_compute_with_the_same_names_stand_in_one_check() -> None:
    few = "few = 2  # rounds\nmany = 8"
    codes = (
        f'{few}\noption("a", few < many)',
        f'{few}\noption("b", many < few)',
        "answer == 3",
        "answer == 4",
    )
    assert checks.together(codes) == (
        f'{few}\noption("a", few < many)\noption("b", many < few)',
        "answer == 3",
        "answer == 4",
    )
    assert checks.together(("x = 1\nanswer == x", "not python at all", "x = 1\nsays(\n    '1', x)")) == (
        "x = 1\nanswer == x",
        "not python at all",
        "x = 1\nsays(\n    '1', x)",
    )


def test_a_level_and_tags_that_the_format_does_not_know_are_left_out() -> None:
    card = carding.card(item(level="tricky", tags=("sea", "two words")), decision(), "Tides", "tides.txt")
    assert (card.level, card.tags, card.id) == ("", ("sea",), None)


TEXT = st.text(st.sampled_from("ab `*_#>-=<&!|[](){}:$\\1.\n\t~«»x+é"), max_size=30)


@settings(max_examples=50, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT, st.lists(TEXT, min_size=2, max_size=4))
def test_whatever_a_page_says_is_read_as_one_card(
    question: str, body: str, answer: str, hint: str, options: list[str]
) -> None:
    choice = tuple(ItemOption(text, 5 + n, ticked=not n) for n, text in enumerate(options))
    for one in (
        item(
            Kind.RECALL, question=f"q{question}", body=body, answer=f"{answer} a", hint=hint, explanation=body
        ),
        item(question=f"q{question}", body=body, options=choice, explanation=answer, hint=hint),
    ):
        lost = (Lost.OPTIONS, Lost.KEY) if one.options else ()
        reading = markdown.read(written(one, decision(lost=lost)), "tides.txt")
        assert reading.problems == ()
        made = carding.card(one, decision(lost=lost), "Tides", "tides.txt", "tide")
        assert [placeless(card) for card in reading.cards] == [placeless(made)]
