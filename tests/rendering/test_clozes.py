"""Clozes as the real Anki cuts them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from verideck.cards import Kind, Note
from verideck.rendering import markup

if TYPE_CHECKING:
    from anki.notes import Note as AnkiNote

    from verideck.rendering.context import Context

# Markdown; then, for each card of the note: its number, its question, its answer, as text.
CASES = [
    (r"a {{c1::b}} c", {1: ("a [...] c", "a b c")}),
    (r"the {{c2::values::what?}}.", {2: ("the [what?].", "the values.")}),
    (r"$\sqrt{{{c1::d_{k}}}}$", {1: (r"\(\sqrt{[...]}\)", r"\(\sqrt{d_{k}}\)")}),
    (r"{{c1::$\frac{a}{b}$}}", {1: ("[...]", r"\(\frac{a}{b}\)")}),
    (r"${{c1::\frac{a}{b}}}$ x", {1: (r"\([...]\) x", r"\(\frac{a}{b}\) x")}),
    (
        r"$s({{c1::QK^\top/\sqrt{d_{k}}}})V$ and {{c2::v}}",
        {
            1: (r"\(s([...])V\) and v", r"\(s(QK^\top/\sqrt{d_{k}})V\) and v"),
            2: (r"\(s(QK^\top/\sqrt{d_{k}})V\) and [...]", r"\(s(QK^\top/\sqrt{d_{k}})V\) and v"),
        },
    ),
    (r"{{c1::K[::2]}}", {1: ("[...]", "K[::2]")}),
    (r"{{c1::`std::vector{{1}}`::which `a::b`?}}", {1: ("[which a::b?]", "std::vector{{1}}")}),
    (r"{{c1::a:::b}}", {1: ("[:b]", "a")}),
    (r"{{c1:::a}}", {1: ("[...]", ":a")}),
    (r"{{c1::`}}`}} x", {1: ("[...] x", "}} x")}),
    (r"{{c1::**bold** and `code`}}", {1: ("[...]", "bold and code")}),
    (r"{{c1::a}} {{c1::b}} {{c3::c}}", {1: ("[...] [...] c", "a b c"), 3: ("a b [...]", "a b c")}),
    (r"`{{c9::code}}` {{c1::x}}", {1: ("{{c9::code}} [...]", "{{c9::code}} x")}),
    (
        "{{c1::x}}\n\n```python\nd = {{'c2::': {1: {2: 3}}}}\n```",
        {1: ("[...] d = {{'c2::': {1: {2: 3}}}}",) * 1},
    ),
    (r"{{c1::[sound:a.mp3]}} $a<b$", {1: (r"[...] \(a<b\)", r"[sound:a.mp3] \(a<b\)")}),
    (r"{{c1::a<b & c}}", {1: ("[...]", "a<b & c")}),
    (r"| a |" "\n|-|\n" r"| {{c1::x}} |", {1: ("a [...]", "a x")}),
    (r"- {{c1::x}}" "\n- y", {1: ("[...] y", "x y")}),
    (r"\{ {{c1::x}} \}", {1: ("{ [...] }", "{ x }")}),
]


def text(shown: str) -> str:
    """Reduce a side to what a person reads."""
    body = shown.rpartition("</style>")[2].partition('<hr id="answer">')[0]
    body = re.sub(r"<!--.*?-->|<script.*?</script>", "", body, flags=re.DOTALL)
    body = re.sub(r"<[^>]*>", " " if "<td" in body or "<li" in body else "", body)
    return " ".join(html.unescape(body).replace("A question", "").split())


@pytest.mark.parametrize(("markdown", "expected"), CASES)
def test_anki_cuts_where_the_author_did(
    markdown: str,
    expected: dict[int, tuple[str, ...]],
    make_card: Callable[..., object],
    rendered: Callable[..., tuple[Note, object]],
    added: Callable[[Note], AnkiNote],
) -> None:
    note, problems = rendered(make_card(Kind.CLOZE, body=markdown))
    assert not problems
    cards = added(note).cards()
    assert [card.ord + 1 for card in cards] == sorted(expected)
    for card in cards:
        output = card.render_output()
        sides = (text(output.question_text), text(output.answer_text))
        assert sides[: len(expected[card.ord + 1])] == expected[card.ord + 1]


def test_a_cloze_in_the_heading(
    make_card: Callable[..., object],
    rendered: Callable[..., tuple[Note, object]],
    added: Callable[[Note], AnkiNote],
) -> None:
    note, _ = rendered(make_card(Kind.CLOZE, heading="The {{c1::scale}} is $1/\\sqrt{d}$"))
    (card,) = added(note).cards()
    assert text(card.render_output().question_text) == r"The [...] is \(1/\sqrt{d}\)"


def test_other_kinds_and_other_fields_have_no_clozes(
    make_card: Callable[..., object],
    rendered: Callable[..., tuple[Note, object]],
    added: Callable[[Note], AnkiNote],
) -> None:
    card = make_card(
        Kind.RECALL, heading="What is `{{c1::x}}`?", body="{{c2::y}}", answer="{{c3::z}}", hint="{{c4::h}}"
    )
    note, _ = rendered(card)
    assert not any("{{c" in value for value in note.fields.values())
    (made,) = added(note).cards()
    output = made.render_output()
    assert text(output.question_text).startswith("What is {{c1::x}}? {{c2::y}}") or "{{c2::y}}" in text(
        output.question_text
    )


@pytest.mark.parametrize("cutting", ["**{{c1::a** b}}", "{{c1::a *b}} c*", "<b>{{c1::a</b>}}"])
def test_a_cloze_across_the_text_s_structure_is_a_problem(cutting: str, context: Context) -> None:
    markup.html(cutting, context, cloze=True)
    (problem,) = context.problems
    assert "cuts through" in problem.message


def test_a_cloze_in_alt_text_leaves_no_mark_in_the_attribute(context: Context) -> None:
    shown = markup.html('<abbr title="{{c1::x}}">y</abbr>', context, cloze=True)
    assert "{{" not in shown
