"""Remarks of an import: they stand beside cards and enter none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.cards import Card, Kind, Location, Option
from verideck.reading import front_matter, markdown, remarks, writing

FRONT = front_matter.FrontMatter("D")
NOWHERE = Location("")
RECALL = Card(Kind.RECALL, NOWHERE, "Q", "D", answer="An answer.\n\n```\ncode\n```", id="q")
CHOICE = Card(
    Kind.CHOICE, NOWHERE, "R", "D", body="More.", explanation="Why.",
    options=(Option("a\nb", True, NOWHERE, "since"), Option("c", False, NOWHERE)),
)  # fmt: skip


def texts(cards: tuple[Card, ...]) -> list[tuple[object, ...]]:
    """Give what is written in cards."""
    return [
        (card.kind, card.heading, card.id, card.body, card.answer, card.explanation,
         [(option.text, option.reason, option.ticked) for option in card.options])
        for card in cards
    ]  # fmt: skip


def test_remarks_stand_below_the_directive() -> None:
    source = writing.write(
        [RECALL, CHOICE], FRONT, {0: ["one", "two"], 1: ["three"]}, ["page.txt, 2026-01-02"]
    )
    head, q, r = source.split("## ")
    assert head == "---\ndeck: D\n---\n\n<!-- imported: page.txt, 2026-01-02 -->\n\n"
    assert q.startswith("Q\n<!-- card: #q -->\n<!-- import: one -->\n<!-- import: two -->\n\nAn answer.")
    assert r.startswith("R\n<!-- import: three -->\n\nMore.")
    reading = markdown.read(source, "p")
    assert reading.problems == ()
    assert texts(reading.cards) == texts((RECALL, CHOICE))


def test_a_remark_may_stand_wherever_a_blank_line_may() -> None:
    plain = writing.write([RECALL, CHOICE], FRONT)
    lines = plain.split("\n")
    blank = [number for number, line in enumerate(lines) if not line]
    assert len(blank) > 8
    for number in blank:
        remarked = [*lines[: number + 1], "<!-- import: a remark -->", *lines[number + 1 :]]
        reading = markdown.read("\n".join(remarked), "p")
        assert reading.problems == ()
        assert texts(reading.cards) == texts((RECALL, CHOICE))
        lines_alone = [*lines[:number], "<!-- import: a remark -->", *lines[number + 1 :]]
        assert texts(markdown.read("\n".join(lines_alone), "p").cards) == texts((RECALL, CHOICE))


def test_a_remark_in_code_is_code() -> None:
    source = writing.write([replace(RECALL, answer="```\n<!-- import: x -->\n```")], FRONT)
    assert markdown.read(source, "p").cards[0].answer == "```\n<!-- import: x -->\n```"
    assert remarks.find(source) == ()


@pytest.mark.parametrize(
    "line", ["<!-- important: x -->", "<!-- import x -->", "<!-- imports: x -->", " <!-- import: x -->"]
)
def test_other_comments_are_still_refused(line: str) -> None:
    assert markdown.read(f"---\ndeck: D\n---\n\n## Q\n\n{line}\n\nx\n", "p").problems


def test_a_remark_between_heading_and_directive_is_told() -> None:
    source = "---\ndeck: D\n---\n\n## Q\n<!-- import: x -->\n<!-- card: #q -->\n\nx\n"
    [problem] = markdown.read(source, "p").problems
    assert problem.message == "a directive that does not stand directly below its heading"


@pytest.mark.parametrize(
    "text", ["a -- b", "-->", "--", "-\\-", "<!-- x -->", "a--", "-", "--\\--->", "\\", ""]
)
def test_dashes_come_back(text: str) -> None:
    line = remarks.comment(text)
    assert "--" not in line.removeprefix("<!--").removesuffix("-->")
    found = remarks.read(line)
    assert found is not None
    assert found.text == text


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="-\\>< ab\n\t\x00:!"))
def test_any_text_makes_one_remark(text: str) -> None:
    source = writing.write([RECALL], FRONT, {0: [text]}, [text])
    reading = markdown.read(source, "p")
    assert reading.problems == ()
    assert texts(reading.cards) == texts((RECALL,))
    wanted = " ".join(text.replace("\0", " ").split())
    assert [(one.word, one.text) for one in remarks.find(source)] == [
        ("imported", wanted),
        ("import", wanted),
    ]


def test_a_remark_that_is_one_already_is_kept() -> None:
    assert remarks.comment("<!-- import: x -->") == "<!-- import: x -->"
    assert remarks.comment("x", remarks.IMPORTED) == "<!-- imported: x -->"
