"""Varying values on a card: what a client without script shows, and what the script finds."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from anki.card_rendering_pb2 import StripHtmlRequest

from verideck.cards import Card, Checked, HeatmapValues, Kind, Note, Option, Step, Variant, Verdict
from verideck.packaging import fingerprint
from verideck.rendering import markup, variants

if TYPE_CHECKING:
    from anki.notes import Note as AnkiNote

    from verideck.problems import Problem
    from verideck.project import Project
    from verideck.rendering.context import Context

    Rendered = Callable[..., tuple[Note, tuple[Problem, ...]]]
    Added = Callable[[Note], AnkiNote]

MakeCard = Callable[..., Card]
VALUES = (
    {"n": "4", "w:.2f": "0.25", "d": "64", "s": "a"},
    {"n": "8", "w:.2f": "0.12", "d": "64", "s": '<b>&"\\(x\\)'},
)


def varied(values: Sequence[dict[str, str]] = VALUES) -> tuple[Variant, ...]:
    return tuple(Variant(MappingProxyType(one)) for one in values)


@pytest.fixture
def varying(context: Context) -> Context:
    return replace(context, varying=variants.of(varied()))


N = '<span class="v tex2jax_ignore" data-v="n">4</span>'


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Over «n» keys", f"<p>Over {N} keys</p>"),
        ("**«n»**, *«n»* and ~~«n»~~", f"<p><strong>{N}</strong>, <em>{N}</em> and <del>{N}</del></p>"),
        ("`f(«n»)`", f"<p><code>f({N})</code></p>"),
        ("«w:.2f»", '<p><span class="v tex2jax_ignore" data-v="w:.2f">0.25</span></p>'),
        ("what never varies: «d», $«d»$", r"<p>what never varies: 64, \(64\)</p>"),
        ("«unknown»", "<p>«unknown»</p>"),
        (
            "$\\frac{1}{«n»}$",
            r'<p><span data-tex="&#92;frac&#123;1&#125;&#123;«n»&#125;">\(\frac{1}{4}\)</span></p>',
        ),
        ("$$x < «n»$$", r'<p><span class="maths" data-tex="x &lt; «n»">\[x &lt; 4\]</span></p>'),
        ("```math\n«n»^2\n```", r'<div class="maths" data-tex="«n»^2">\[4^2\]</div>'),
        ("| a |\n|-|\n| «n» |", f"<td>{N}</td>"),
        ('<abbr title="over «n»">x</abbr>', '<abbr title="over 4" data-v-title="over «n»">x</abbr>'),
    ],
)
def test_a_value_stands_where_the_script_finds_it(markdown: str, expected: str, varying: Context) -> None:
    assert expected in markup.html(markdown, varying)
    assert not varying.problems


def test_values_in_code_are_coloured_as_what_they_are(varying: Context) -> None:
    shown = markup.html("```python\nx = «n»  # over «n»\nprint('«n»')\n```", varying)
    assert f'<span class="m">{N}</span>' in shown
    assert f'<span class="c"># over {N}</span>' in shown
    assert f"<span class=\"s\">'{N}'</span>" in shown


def test_percent_and_other_signs_are_escaped_in_formulas(context: Context) -> None:
    share = replace(
        context, varying=variants.of(varied([{"p:.0%": "25%", "t": "a_b"}, {"p:.0%": "50%", "t": "c&d"}]))
    )
    shown = markup.html("$«p:.0%» «t»$", share)
    assert r"\(25\% a\_b\)" in shown
    assert 'data-tex="«p:.0%» «t»"' in shown


def test_hostile_values_stay_text(context: Context) -> None:
    turned = varied((VALUES[1], VALUES[0]))
    shown = markup.html("«s» `«s»` $«s»$", replace(context, varying=variants.of(turned)))
    assert "<b>" not in shown
    assert shown.count("&lt;b&gt;") == 3
    text = re.sub(r"<span data-tex.*?</span>", "", shown)
    assert "\\(" not in text


def test_a_link_has_one_address(varying: Context) -> None:
    markup.html('[«n» keys](https://a.test/x "over «n»")', varying)
    assert not varying.problems
    markup.html("[keys](https://a.test/«n»)", varying)
    assert [problem.message for problem in varying.problems] == ["a varying value in a link's address"]


def test_a_source_cannot_write_what_stands_for_a_value(varying: Context) -> None:
    assert markup.html("\U000f1000 \U000f1fff", varying) == "<p>\ufffd \ufffd</p>"


def test_a_cloze_may_hold_a_varying_value_or_a_whole_formula(varying: Context) -> None:
    shown = markup.html("{{c1::«n»}} and {{c2::$\\frac{a}{«n»}$}}", varying, cloze=True)
    assert "{{c1::" + N + "}}" in shown
    assert "{{c2::<span data-tex=" in shown
    assert not varying.problems


def test_a_cloze_inside_a_varying_formula_is_a_problem(varying: Context) -> None:
    shown = markup.html("$x + {{c1::y}} = «n»$", varying, cloze=True)
    assert [problem.message for problem in varying.problems] == ["a cloze and a varying value in one formula"]
    assert "data-tex" not in shown


def test_a_cloze_beside_what_never_varies_in_a_formula_is_none(varying: Context) -> None:
    markup.html("$x + {{c1::y}} = «d»$", varying, cloze=True)
    assert not varying.problems


def picture(count: int) -> HeatmapValues:
    row = tuple(1 / count for _ in range(count))
    return HeatmapValues("row", ((row,),), ("q",), tuple("k" * count), f"{count} even weights.")


def checked_card(make_card: MakeCard, counts: Sequence[int] = (2, 3)) -> Checked:
    card = make_card(
        Kind.CHOICE,
        heading="What is 1/«n»?",
        body="```python heatmap row\nweights\n```",
        options=(
            Option("`«w:.2f»`", True, make_card().location),
            Option("`«n»`", False, make_card().location, "That is «n» itself."),
        ),
        explanation="$1/«n»$ ![Again «n»](heatmap:row)",
        hint="Divide by «n».",
        id="vary",
    )
    made = tuple(
        Variant(
            {"n": str(n), "w:.2f": f"{1 / n:.2f}"},
            (
                Step("given", "1"),
                Step("1 / n", f"{1 / n:.4f}"),
                Step("more" if n > 2 else "", "x" if n > 2 else ""),
            ),
            (picture(n),),
        )
        for n in counts
    )
    return Checked(
        card,
        Verdict.VERIFIED,
        options_proven=2,
        steps=made[0].steps,
        heatmaps=made[0].heatmaps,
        variants=made,
    )


def test_every_text_that_differs_stands_in_data_for_every_variant(
    make_card: MakeCard, rendered: Rendered
) -> None:
    note, problems = rendered(checked_card(make_card))
    assert not problems
    vary = json.loads(note.fields["Data"])["vary"]
    rows = [dict(zip(vary["names"], row, strict=True)) for row in vary["rows"]]
    assert [row["n"] for row in rows] == ["2", "3"]
    assert [row["w:.2f"] for row in rows] == ["0.50", "0.33"]
    assert [row["~1.value"] for row in rows] == ["0.5000", "0.3333"]
    assert [row["~2.value"] for row in rows] == ["", "x"]
    assert "~0.value" not in rows[0]
    assert [row["~row.alt"] for row in rows] == ["2 even weights.", "3 even weights."]
    names = [media.name for media in note.media]
    assert sorted(row["~row.src"] for row in rows) == names
    assert all(f'<img src="{name}">' in note.fields["Media"] for name in names)
    assert note.fields["Data"].isascii()


def test_what_stands_on_the_card_is_the_first_variant_whole(make_card: MakeCard, rendered: Rendered) -> None:
    checked = checked_card(make_card)
    note, _ = rendered(checked)
    everything = " ".join(
        note.fields[name] for name in ("Question", "Options", "Answer", "Hint", "Why", "Steps")
    )
    text = html.unescape(re.sub(r"<[^>]*>", "", everything))
    assert "«" not in text
    for part in ("What is 1/2?", "0.50", "That is 2 itself.", r"\(1/2\)", "Divide by 2.", "0.5000"):
        assert part in text
    assert 'data-v-src="«~row.src»"' in note.fields["Question"]
    assert 'alt="2 even weights."' in note.fields["Question"]
    assert 'alt="Again 2" ' in note.fields["Why"]
    assert 'data-v-alt="Again «n»"' in note.fields["Why"]
    assert "<div hidden><dt>" in note.fields["Steps"]


def test_a_card_that_does_not_vary_has_no_trace_of_it(make_card: MakeCard, rendered: Rendered) -> None:
    checked = checked_card(make_card)
    note, _ = rendered(replace(checked, variants=(), card=replace(checked.card, heading="What is «n»?")))
    assert "vary" not in json.loads(note.fields["Data"])
    assert not any("data-v" in text or "data-tex" in text for text in note.fields.values())
    assert "«n»" in note.fields["Question"]


def test_a_typed_answer_that_varies_is_known_to_the_script(make_card: MakeCard, rendered: Rendered) -> None:
    card = make_card(Kind.TYPED, heading="1/«n»?", accepted=("`«s»`", "«w:.2f»"))
    note, problems = rendered(Checked(card, Verdict.VERIFIED, variants=varied()))
    assert not problems
    assert note.fields["Typed"] == "a"
    vary = json.loads(note.fields["Data"])["vary"]
    assert [row[vary["names"].index("~typed.0")] for row in vary["rows"]] == [one["s"] for one in VALUES]


def test_no_more_pictures_than_a_card_can_bear(make_card: MakeCard, rendered: Rendered) -> None:
    assert rendered(checked_card(make_card, range(2, 10)))[1] == ()
    _, problems = rendered(checked_card(make_card, range(2, 11)))
    (problem,) = problems
    assert problem.message == "heatmap `row` has 9 pictures, one for each variant that differs"


def test_what_does_not_fit_into_data_is_a_problem_and_heatmaps_weights_go_first(
    make_card: MakeCard, rendered: Rendered
) -> None:
    checked = checked_card(make_card)
    long = tuple(
        replace(one, values={**one.values, "t": str(place) * 14_000})
        for place, one in enumerate(checked.variants)
    )
    note, problems = rendered(replace(checked, variants=long, card=replace(checked.card, hint="«t»")))
    assert not problems
    assert len(note.fields["Data"]) < 32_000
    longer = tuple(
        replace(one, values={**one.values, "t": str(place) * 17_000})
        for place, one in enumerate(checked.variants)
    )
    _, problems = rendered(replace(checked, variants=longer, card=replace(checked.card, hint="«t»")))
    (problem,) = problems
    assert re.fullmatch(r"the variants take 3\d,\d{3} bytes, and a note has 32,000 for them", problem.message)


def test_anki_shows_the_first_variant_and_hands_the_others_to_the_script(
    make_card: MakeCard, rendered: Rendered, added: Added
) -> None:
    note, _ = rendered(checked_card(make_card))
    (card,) = added(note).cards()
    output = card.render_output()
    for side in (output.question_text, output.answer_text):
        data = re.findall(
            r'<script class="verideck-data" type="application/json" data-card="[^"]+ Card">(.*?)</script>',
            side,
        )
        assert [json.loads(one)["vary"]["rows"][1][0] for one in data] == ["3"]
        assert '<span class="v tex2jax_ignore" data-v="n">2</span>' in side


def test_data_ends_no_script(make_card: MakeCard, rendered: Rendered, added: Added) -> None:
    hostile = varied([{"n": "</script><script>alert(1)</script>"}, {"n": "<!--<script>"}])
    note, _ = rendered(Checked(make_card(heading="«n»", answer="x"), Verdict.UNCHECKED, variants=hostile))
    (card,) = added(note).cards()
    shown = card.render_output().question_text
    assert shown.count("</script>") == 2
    assert "alert(1)</script>" not in shown


def test_browsers_and_speech_do_not_read_the_data(
    make_card: MakeCard, rendered: Rendered, added: Added
) -> None:
    note, _ = rendered(checked_card(make_card))
    (card,) = added(note).cards()
    assert '"vary"' in card.question()
    assert '"vary"' not in card.col._backend.strip_html(text=card.question(), mode=StripHtmlRequest.NORMAL)


def test_new_values_are_a_new_card_for_learners(make_card: MakeCard, project: Project) -> None:
    one = checked_card(make_card)

    def printed(checked: Checked) -> str:
        return fingerprint.fingerprint(checked, "vary", project, 1, {})

    assert printed(one) == printed(checked_card(make_card))
    assert printed(one) != printed(checked_card(make_card, (2, 4)))
    assert printed(one) != printed(replace(one, variants=one.variants[:1]))


def test_what_a_program_prints_may_vary_over_several_lines(make_card: MakeCard, rendered: Rendered) -> None:
    card = make_card(answer="```text output\n«~printed»\n```")
    printed = varied([{"~printed": "2\n<done>"}, {"~printed": "4\n<done>"}])
    note, problems = rendered(Checked(card, Verdict.VERIFIED, variants=printed))
    assert not problems
    assert (
        '<span class="v tex2jax_ignore" data-v="~printed">2\n&lt;done&gt;</span></code>'
        in note.fields["Answer"]
    )
    assert json.loads(note.fields["Data"])["vary"]["rows"] == [["2\n<done>"], ["4\n<done>"]]
