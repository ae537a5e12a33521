"""Heatmaps to predict, as a note carries them, and what a build says of heatmaps' words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from verideck.cards import (
    Card,
    Checked,
    Fence,
    Heatmap,
    HeatmapValues,
    Identity,
    Kind,
    Location,
    Note,
    Variant,
    Verdict,
)
from verideck.rendering import alternatives, heatmap, media, notes
from verideck.rendering.labels import LANGUAGES

if TYPE_CHECKING:
    from verideck.problems import Problem

MakeCard = Callable[..., Card]
Rendered = Callable[..., tuple[Note, tuple["Problem", ...]]]
FENCE = "```python heatmap causal predict\nweights = 1\n```"
PREDICTED = Heatmap("causal", Fence('weights = 1\nalt = "…"', Location("deck.md", 10)), predict=True)
SOURCES = Path(__file__).parents[2] / "sources"


@pytest.fixture
def checked(make_card: MakeCard, causal: HeatmapValues) -> Callable[..., Checked]:
    def make(shown: Heatmap = PREDICTED, values: HeatmapValues = causal, **parts: Any) -> Checked:
        card = make_card(**{"body": FENCE, "answer": "x", **parts}, heatmaps=(shown,))
        return Checked(card, Verdict.UNCHECKED, heatmaps=(values,))

    return make


def pictures(text: str) -> dict[str, str]:
    """Give the file of each picture that a text shows, by its classes."""
    return dict(re.findall(r'<img class="([a-z ]+)" src="([^"]+)"', text))


def test_a_question_has_both_pictures_and_the_note_both_files(
    checked: Callable[..., Checked], rendered: Rendered, causal: HeatmapValues
) -> None:
    note, problems = rendered(checked())
    assert not problems
    shown = pictures(note.fields["Question"])
    assert list(shown) == ["heatmap covered", "heatmap whole"]
    files = {file.name: file.data.decode() for file in note.media}
    assert set(files) == set(shown.values())
    assert all(f'<img src="{name}">' in note.fields["Media"] for name in files)
    (entry,) = json.loads(note.fields["Data"])["heatmaps"]
    assert (entry["file"], entry["covered"]) == (shown["heatmap whole"], shown["heatmap covered"])
    assert "image/png" in files[entry["file"]]
    assert causal.alt in files[entry["file"]]
    assert causal.alt not in files[entry["covered"]]
    assert "tspan" not in files[entry["covered"]]


def test_data_tells_where_the_cells_are(checked: Callable[..., Checked], rendered: Rendered) -> None:
    note, _ = rendered(checked())
    (entry,) = json.loads(note.fields["Data"])["heatmaps"]
    whole = next(file.data.decode() for file in note.media if file.name == entry["file"])
    left, top, width, height, *_ = entry["grid"]
    assert f'translate({left} {top})"><rect width="{3 * width}" height="{3 * height}"' in whole


def test_without_the_word_nothing_is_covered(checked: Callable[..., Checked], rendered: Rendered) -> None:
    note, _ = rendered(checked(replace(PREDICTED, predict=False)))
    assert list(pictures(note.fields["Question"])) == ["heatmap"]
    assert len(note.media) == 1
    assert not {"covered", "grid"} & set(json.loads(note.fields["Data"])["heatmaps"][0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_beside_a_covered_heatmap_are_the_deck_s(
    language: str, checked: Callable[..., Checked], rendered: Rendered, project: Any, causal: HeatmapValues
) -> None:
    words = LANGUAGES[language]
    note, _ = notes.render(checked(), Identity("g", "c", 1, 1, 1), replace(project, language=language), {})
    question = note.fields["Question"]
    assert f'alt="{words["covered_map"]}"' in question
    assert f'data-predict="{words["predict"]}"' in question.replace("&#39;", "'")
    assert f'data-masked="{words["masked"]}"' in question
    assert causal.alt in question  # of the whole picture, which a front hides


def test_each_variant_has_its_own_two_pictures(
    make_card: MakeCard, rendered: Rendered, causal: HeatmapValues
) -> None:
    other = replace(causal, weights=(((1.0, 0.0, 0.0), (0.1, 0.9, 0.0), (0.2, 0.2, 0.6)),), alt="Another.")
    drawn = tuple(Variant({"n": str(n)}, heatmaps=(values,)) for n, values in enumerate((causal, other)))
    card = make_card(body=FENCE, answer="«n»", heatmaps=(PREDICTED,))
    note, _ = rendered(Checked(card, Verdict.UNCHECKED, heatmaps=(causal,), variants=drawn))
    data = json.loads(note.fields["Data"])
    assert len(note.media) == len({file.name for file in note.media}) == 4
    assert all(f'<img src="{file.name}">' in note.fields["Media"] for file in note.media)
    row = dict(zip(data["vary"]["names"], data["vary"]["rows"][1], strict=True))
    assert (row["~causal.src"], row["~causal.covered.src"]) == tuple(
        data["heatmaps"][1][part] for part in ("file", "covered")
    )
    assert 'data-v-src="«~causal.covered.src»"' in note.fields["Question"]


@pytest.mark.parametrize("slot", ["answer", "explanation", "hint"])
def test_a_heatmap_to_predict_that_no_front_shows_is_warned_of(
    slot: str, checked: Callable[..., Checked], rendered: Rendered
) -> None:
    _, (problem,) = rendered(checked(body="", **{slot: FENCE}))
    assert problem.severity == "warning"
    assert problem.line == 9
    assert "no front shows it" in problem.message
    _, problems = rendered(checked(replace(PREDICTED, shared=True), body="", **{slot: FENCE}))
    assert not problems  # another card may show it on its front


def test_a_cloze_card_may_hold_one(checked: Callable[..., Checked], rendered: Rendered) -> None:
    note, problems = rendered(checked(kind=Kind.CLOZE, body=f"{{{{c1::hidden}}}}\n\n{FENCE}"))
    assert not problems
    assert len(pictures(note.fields["Question"])) == 2


LISTS_CELLS = (
    "0.1, 0.2, 0.3, 0.4",
    "Weights [[1, 0], [0, 1]].",
    "The rows are .25 .25 .5 0 in this order.",
    "The gives 1.00, cat gives 0.50 and 0.50, sat gives 0.33, 0.33 and 0.34.",
    "10% 20% 30% 40%",
)
SAYS_NOTHING = ("A heatmap", "attention weights", "Heatmap of the attention weights.", "The matrix", "…")
SAYS_IT = (
    "Each row is even over its past.",
    "Key two gets 0.73, and key one 0.27.",
    "A causal matrix of 8 tokens: 36 cells hold a weight, the 28 above the diagonal are masked.",
    "Heads 1, 2 and 3 look at the word before.",
    "The mask forms a triangle.",
    "每一行都均匀地分布在过去的词上。",
)


@pytest.mark.parametrize("alt", LISTS_CELLS)
def test_an_alternative_text_that_reads_cells_out_is_found(alt: str) -> None:
    assert "reads the cells out" in str(alternatives.fault(alt))


@pytest.mark.parametrize("alt", SAYS_NOTHING)
def test_an_alternative_text_that_says_nothing_is_found(alt: str) -> None:
    assert "no more than" in str(alternatives.fault(alt))


@pytest.mark.parametrize("alt", SAYS_IT)
def test_an_alternative_text_that_states_the_point_is_good(alt: str) -> None:
    assert alternatives.fault(alt) is None


def test_the_deck_s_alternative_texts_state_the_point() -> None:
    texts = [
        text
        for path in SOURCES.glob("[0-9]*.md")
        for text in re.findall(r'^alt = "(.*)"$|!\[(.*)\]\(heatmap:', path.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(texts) > 20
    assert not [text for pair in texts for text in pair if text and alternatives.fault(text)]


def test_a_poor_alternative_text_is_warned_of_at_its_line(
    checked: Callable[..., Checked], rendered: Rendered, causal: HeatmapValues
) -> None:
    _, (problem,) = rendered(checked(values=replace(causal, alt="A heatmap")))
    assert (problem.severity, problem.line) == ("warning", 11)
    _, (problem,) = rendered(checked(body=FENCE, answer="![1, 0, 0, 0.5, 0.5](heatmap:causal)"))
    assert (problem.severity, problem.line) == ("warning", 7)
    assert "reads the cells out" in problem.message


def test_ten_predicted_heatmaps_of_ten_tokens_fit_their_data(
    checked: Callable[..., Checked], rendered: Rendered
) -> None:
    tokens = tuple(f"token{i}" for i in range(10))
    weights = tuple(tuple(1 / (i + j + 1) for j in range(10)) for i in range(10))
    values = HeatmapValues("causal", (weights,) * 10, tokens, tokens, "Falls from the corner.")
    note, _ = rendered(checked(values=values))
    (entry,) = json.loads(note.fields["Data"])["heatmaps"]
    assert len(entry["weights"]) == 10
    assert entry["grid"] == list(heatmap.drawn(media.specification(values, LANGUAGES["en"])).grid)
