from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from verideck.cards import (
    Card,
    Checked,
    Citation,
    HeatmapValues,
    Identity,
    Image,
    Kind,
    Location,
    Note,
    Option,
    Step,
    Verdict,
)
from verideck.problems import Problem
from verideck.rendering import notes
from verideck.rendering.note_types import FIELD_NAMES

if TYPE_CHECKING:
    from verideck.project import Project

HERE = Location("deck.md", 7, 1)
MakeCard = Callable[..., Card]
Rendered = Callable[..., tuple[Note, tuple[Problem, ...]]]
OPTIONS = (
    Option("`a`", True, HERE),
    Option("$b$", False, HERE, "Because *b*."),
    Option("c", False, HERE),
    Option("d", False, HERE),
)


def order(text: str) -> list[str]:
    return re.findall(r'data-option="(\d+)"', text)


def test_the_fields_come_in_the_note_type_s_order(make_card: MakeCard, rendered: Rendered) -> None:
    note, problems = rendered(make_card(answer="x"))
    assert tuple(note.fields) == FIELD_NAMES
    assert not problems
    assert note.note_type == "Verideck"
    assert note.deck == "A::B"
    assert note.fields["ID"] == "0123abcd/a-card"
    assert note.fields["Question"] == '<p class="heading">A question</p>'


def test_each_kind_fills_its_own_fields(make_card: MakeCard, rendered: Rendered) -> None:
    def filled(card: Card) -> set[str]:
        return {name for name, text in rendered(card)[0].fields.items() if text} - {
            "ID",
            "Source",
            "Data",
            "Meta",
        }

    assert filled(make_card(answer="x")) == {"Question", "Answer"}
    assert filled(make_card(Kind.CHOICE, options=OPTIONS)) == {"Question", "Options", "Answer"}
    assert filled(make_card(Kind.TYPED, accepted=("1",))) == {"Question", "Answer", "Typed"}
    assert filled(make_card(Kind.CLOZE, body="{{c1::x}}")) == {"Question"}
    assert rendered(make_card(Kind.CLOZE, body="{{c1::x}}"))[0].note_type == "Verideck Cloze"


def test_a_choice_card_s_answer_is_complete_without_script(make_card: MakeCard, rendered: Rendered) -> None:
    note, _ = rendered(make_card(Kind.CHOICE, options=OPTIONS))
    front, back = note.fields["Options"], note.fields["Answer"]
    assert order(front) == order(back)
    assert sorted(order(front)) == ["1", "2", "3", "4"]
    assert "right" not in front
    assert back.count('class="right"') == 1
    right = back[back.index('<li class="right"') :].partition("</li>")[0]
    assert "<code>a</code>" in right
    assert 'aria-label="right">✓' in right
    assert "<p>Because <em>b</em>.</p>" in back
    assert "Because" not in front


def test_options_stand_still_while_others_change(make_card: MakeCard, project: Project) -> None:
    def placed(options: tuple[Option, ...], card_id: str = "a-card", **given: Any) -> list[str]:
        card = make_card(Kind.CHOICE, options=options, **given)
        note, _ = notes.render(Checked(card, Verdict.UNCHECKED), Identity("g", card_id, 1, 1, 1), project, {})
        return re.findall(r"<div>(.*?)</div>", note.fields["Options"])

    before = placed(OPTIONS)
    after = placed((*OPTIONS[:2], replace(OPTIONS[2], text="edited"), OPTIONS[3]))
    assert [text for text in before if text != "c"] == [text for text in after if text != "edited"]
    assert len({tuple(placed(OPTIONS, f"card-{n}")) for n in range(40)}) > 10
    assert placed(OPTIONS, keep_order=True) == ["<code>a</code>", r"\(b\)", "c", "d"]


def test_the_right_option_stands_anywhere(make_card: MakeCard, project: Project) -> None:
    card = make_card(Kind.CHOICE, options=OPTIONS)
    places = []
    for n in range(200):
        note, _ = notes.render(Checked(card, Verdict.UNCHECKED), Identity("g", f"c{n}", 1, 1, 1), project, {})
        places.append(order(note.fields["Options"]).index("1"))
    assert all(30 <= places.count(place) <= 75 for place in range(4))


def test_select_all_says_so(make_card: MakeCard, rendered: Rendered) -> None:
    assert (
        "Select all"
        in rendered(make_card(Kind.CHOICE, options=OPTIONS, select_all=True))[0].fields["Options"]
    )
    assert "Select all" not in rendered(make_card(Kind.CHOICE, options=OPTIONS))[0].fields["Options"]


def test_a_typed_answer_is_what_anki_compares(
    make_card: MakeCard, rendered: Rendered, added: Callable[[Note], Any], collection: Any
) -> None:
    note, _ = rendered(make_card(Kind.TYPED, accepted=('`x[i] < "y" & {{z}}`', "`b`")))
    assert "<code>b</code>" in note.fields["Answer"]
    made = added(note)
    (card,) = made.cards()
    assert "[[type:Typed]]" in card.render_output().question_text
    typed = 'x[i] < "y" & {{z}}'
    same = collection.compare_answer(made["Typed"], typed)
    assert "typeBad" not in same
    assert "typeMissed" not in same
    assert html.unescape(re.sub(r"<[^>]*>", "", same)) == typed
    assert "typeBad" in collection.compare_answer(made["Typed"], "something else")


def test_sections_carry_labels_and_stay_empty_otherwise(make_card: MakeCard, rendered: Rendered) -> None:
    note, _ = rendered(make_card(explanation="w", mistake="m", takeaway="t", hint="h"))
    assert note.fields["Why"] == '<h3 class="label">Why</h3>\n<p>w</p>'
    assert note.fields["Mistake"].startswith('<h3 class="label">Common mistake</h3>')
    assert note.fields["Takeaway"].startswith('<h3 class="label">Remember</h3>')
    assert note.fields["Hint"].startswith("<details><summary>Hint</summary>")
    bare, _ = rendered(make_card())
    assert not any(bare.fields[name] for name in ("Why", "Mistake", "Takeaway", "Hint", "Steps"))


@pytest.mark.parametrize(
    ("language", "word"), [("de", "Warum"), ("fr-CA", "Pourquoi"), ("xx", "Why"), ("ja", "理由")]
)
def test_labels_speak_the_deck_s_language(
    language: str, word: str, make_card: MakeCard, project: Project
) -> None:
    card = Checked(make_card(explanation="w"), Verdict.UNCHECKED)
    identity = Identity("g", "c", 1, 1, 1)
    note, _ = notes.render(card, identity, replace(project, language=language), {})
    assert f">{word}<" in note.fields["Why"]
    own = replace(project, language=language, labels=MappingProxyType({"why": "<Because>", "other": "x"}))
    assert ">&lt;Because&gt;<" in notes.render(card, identity, own, {})[0].fields["Why"]


def test_the_level_follows_the_question(make_card: MakeCard, rendered: Rendered) -> None:
    question = rendered(make_card(level="advanced", body="b"))[0].fields["Question"]
    assert question.startswith('<p class="heading">')  # what Anki's browser sorts and shows
    assert question.endswith('<p class="level level-3">advanced</p>')


def test_evidence_is_shown_as_a_worked_solution(make_card: MakeCard, rendered: Rendered) -> None:
    card = make_card(Kind.CHOICE, options=OPTIONS)
    steps = (Step("a < b", "tensor([[0.5, 0.5]])"), Step("w", "1\n2"))
    checked = Checked(card, Verdict.VERIFIED, options_proven=3, steps=steps)
    shown = rendered(checked)[0].fields["Steps"]
    assert '<span class="badge verified">recomputed</span>' in shown
    assert "3 of 4 options proven" in shown
    assert "<dt>a &lt; b</dt>" in shown
    assert "tensor([[0.5, 0.5]])" in shown
    assert "Worked solution" in shown


@pytest.mark.parametrize(
    "verdict", [Verdict.UNCHECKED, Verdict.REFUTED, Verdict.IMPRECISE, Verdict.NOT_EVALUATED]
)
def test_only_what_holds_carries_a_badge(verdict: Verdict, make_card: MakeCard, rendered: Rendered) -> None:
    assert not rendered(Checked(make_card(), verdict, steps=(Step("a", "1"),)))[0].fields["Steps"]


def test_the_source_names_works_with_links_and_the_licence(make_card: MakeCard, rendered: Rendered) -> None:
    card = make_card(source=("A [book](https://ok.test)",))
    shown = rendered(Checked(card, Verdict.CITED, citations=(Citation("paper", "section 3"),)))[0].fields[
        "Source"
    ]
    assert (
        '<a href="https://papers.test/1" rel="noopener noreferrer">Doe &amp; Roe 2020: On &lt;weights&gt;</a>'
        in shown
    )
    assert ", section 3;" in shown
    assert '<a href="https://ok.test" rel="noopener noreferrer">book</a>' in shown
    assert ">CC BY 4.0</a>" in shown


def test_a_link_that_is_none_is_text(make_card: MakeCard, project: Project) -> None:
    project = replace(project, license_url='javascript:alert("x")')
    note, _ = notes.render(Checked(make_card(), Verdict.UNCHECKED), Identity("g", "c", 1, 1, 1), project, {})
    assert "javascript" not in note.fields["Source"]


def test_heatmaps_become_media_that_anki_imports(
    make_card: MakeCard, rendered: Rendered, causal: HeatmapValues
) -> None:
    card = make_card(answer="```python heatmap causal\nweights = 1\n```")
    note, problems = rendered(Checked(card, Verdict.VERIFIED, heatmaps=(causal,)))
    assert not problems
    (file,) = note.media
    assert f'src="{file.name}" alt="Each row is even over its past."' in note.fields["Answer"]
    assert note.fields["Media"] == f'<img src="{file.name}">'
    assert file.name in note.fields["Data"]


def test_a_heatmap_that_cannot_be_drawn_is_a_problem(
    make_card: MakeCard, rendered: Rendered, causal: HeatmapValues
) -> None:
    _, (problem,) = rendered(
        Checked(make_card(), Verdict.VERIFIED, heatmaps=(replace(causal, queries=("the",)),))
    )
    assert "causal" in problem.message
    assert problem.line == 7


def test_images_are_shipped_once_and_faults_stand_at_their_place(
    make_card: MakeCard, rendered: Rendered
) -> None:
    png = b"\x89PNG\r\n\x1a\n"
    listed = (Image("a.png", HERE), Image("b.png", HERE.down(4)))
    card = make_card(answer="![a](a.png) ![a](a.png) ![b](b.png)", images=listed)
    note, (problem,) = rendered(card, images={"a.png": png, "b.png": b"no"})
    assert [file.data for file in note.media] == [png]
    assert (problem.path, problem.line) == ("deck.md", 11)
    assert "b.png" in problem.message


def test_a_reverse_card_exists_where_asked_for(
    make_card: MakeCard, rendered: Rendered, added: Callable[[Note], Any]
) -> None:
    plain, both = make_card(answer="x"), make_card(answer="y", reverse=True)
    assert [card.ord for card in added(rendered(plain)[0]).cards()] == [0]
    cards = added(rendered(both)[0]).cards()
    assert [card.ord for card in cards] == [0, 1]
    assert "y" in cards[1].render_output().question_text
    assert "A question" not in cards[1].render_output().question_text.rpartition("</style>")[2]


def test_every_side_renders_in_anki(
    make_card: MakeCard, rendered: Rendered, added: Callable[[Note], Any], causal: HeatmapValues
) -> None:
    parts = {"explanation": "w", "mistake": "m", "takeaway": "t", "hint": "h", "level": "expert"}
    cards = [
        make_card(answer="a", reverse=True, **parts),
        make_card(Kind.CHOICE, options=OPTIONS, **parts),
        make_card(Kind.TYPED, accepted=("`1`",), **parts),
        make_card(Kind.CLOZE, body="{{c1::x}} ![](heatmap:causal)", **parts),
    ]
    for number, card in enumerate(cards):
        checked = Checked(
            replace(card, heading=f"Q{number}"), Verdict.VERIFIED, steps=(Step("s", "v"),), heatmaps=(causal,)
        )
        for made in added(rendered(checked)[0]).cards():
            output = made.render_output()
            answer = output.answer_text.rpartition("</style>")[2]
            for label in ("Why", "Common mistake", "Remember", "Hint", "recomputed", "CC BY 4.0"):
                assert label in answer, label
            front = output.question_text.rpartition("</style>")[2]
            assert "Why" not in front
            assert '<hr id="answer">' in answer


DRIVER = """
from verideck.cards import *
from verideck.project import Project
from verideck.rendering import notes
here = Location("a.md")
project = Project(namespace="0123abcd", title="t", slug="t", license="x")
options = tuple(Option(f"`{n}` $x_{n}$", n == 1, here, f"because {n}") for n in range(6))
weights = (tuple(tuple(1 / (i + j + 1) for j in range(12)) for i in range(12)),)
names = tuple(f"t{i}" for i in range(12))
for kind in Kind:
    card = Card(kind, here, heading="h {{c1::x}}", deck="d", body="```python\\nimport torch\\nx = {}\\n```",
                accepted=("1", "2"), options=options, tags=("b", "a"), answer="a", level="expert",
                reverse=True)
    checked = Checked(card, Verdict.VERIFIED, heatmaps=(HeatmapValues("m", weights, names, names, "alt"),))
    note, problems = notes.render(checked, Identity("g", "c", 1, 1, 1), project, {})
    print(repr((dict(note.fields), note.tags, note.media, problems)))
"""


def test_the_hash_seed_changes_nothing(tmp_path: Path) -> None:
    script = tmp_path / "driver.py"
    script.write_text(DRIVER, encoding="utf-8")
    printed = {
        subprocess.run(
            [sys.executable, str(script)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(printed) == 1
    assert "verideck-" in printed.pop()
