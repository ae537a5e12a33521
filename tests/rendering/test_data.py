from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from verideck.cards import Card, Checked, HeatmapValues, Identity, Kind, Location, Note, Option, Verdict
from verideck.rendering import data, notes
from verideck.rendering import heatmap as renderer

if TYPE_CHECKING:
    from verideck.project import Project

HERE = Location("deck.md")
Rendered = Callable[..., tuple[Note, object]]
HOSTILE = [
    "[sound:x.mp3]",
    "[latex]x[/latex]",
    "[[type:Typed]]",
    "[anki:tts lang=en]x",
    "</script><script>alert(1)</script>",
    "<img src='x.png'>",
    "{{c1::x}}",
    '&amp;"\\',
    "\u2028 \u2066 é 東京 😀",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_strings_come_back_and_nothing_in_them_acts(text: str) -> None:
    written = data.encode({"tokens": [text, [text]]})
    assert written.isascii()
    assert not set("<>&") & set(written)
    assert "[sound" not in written
    assert "[latex" not in written
    assert "{{" not in written
    assert "type:" not in written.replace('"', "") or "[[type" not in written
    assert json.loads(written) == {"tokens": [text, [text]]}


def test_text_is_normalised_and_control_characters_go() -> None:
    assert json.loads(data.encode("e\u0301\x1f\ud800\r\n")) == "é\ufffd\ufffd\n"


def test_numbers_that_json_lacks_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        data.encode(float("nan"))


def heatmap(size: int, heads: int = 1, token: str = "token") -> HeatmapValues:  # noqa: S107  a word, no secret
    draw = random.Random(size)  # noqa: S311  nothing secret
    weights = tuple(
        tuple(tuple(draw.random() for _ in range(size)) for _ in range(size)) for _ in range(heads)
    )
    labels = tuple(f"{token}{i}" for i in range(size))
    return HeatmapValues("map", weights, labels, labels, "What it shows.")


def checked(card: Card, *heatmaps: HeatmapValues) -> Checked:
    return Checked(card, Verdict.UNCHECKED, heatmaps=heatmaps)


def field(rendered: Rendered, card: Card, *heatmaps: HeatmapValues) -> dict[str, Any]:
    note, _ = rendered(checked(card, *heatmaps))
    text = note.fields["Data"]
    assert text.isascii()
    assert len(text) <= 32_000
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_choice_card_tells_its_options(make_card: Callable[..., Card], rendered: Rendered) -> None:
    options = (Option("a", False, HERE), Option("b", True, HERE), Option("c", True, HERE))
    card = make_card(Kind.CHOICE, options=options, select_all=True, level="expert")
    assert field(rendered, card) == {
        "v": 1,
        "kind": "choice",
        "level": "expert",
        "correct": [2, 3],
        "select_all": True,
        "keep_order": False,
    }


def test_a_heatmap_s_weights_have_three_digits(
    make_card: Callable[..., Card], rendered: Rendered, causal: HeatmapValues
) -> None:
    (entry,) = field(rendered, make_card(), causal)["heatmaps"]
    assert entry["weights"] == [[[1, 0, 0], [0.5, 0.5, 0], [0.333, 0.333, 0.333]]]
    assert entry["masked"] == ["011", "001", "000"]
    assert entry["queries"] == ["the", "cat", "sat"]
    assert entry["alt"] == "Each row is even over its past."
    assert entry["shape"] == [1, 3, 3]


@pytest.mark.parametrize(
    ("heatmaps", "kept"),
    [
        ((heatmap(40),), [True]),
        ((heatmap(128),), [False]),
        ((heatmap(30), heatmap(128)), [True, False]),
        ((heatmap(128, token="x" * 400),), [False]),
        (tuple(heatmap(60 + i, token="y" * 200) for i in range(6)), [False] * 6),
    ],
)
def test_data_keeps_to_its_cap(
    heatmaps: tuple[HeatmapValues, ...], kept: list[bool], make_card: Callable[..., Card], rendered: Rendered
) -> None:
    found = field(rendered, make_card(), *heatmaps)
    assert ["weights" in entry for entry in found["heatmaps"]] == kept
    assert all(entry["file"].endswith(".svg") for entry in found["heatmaps"])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", None),
        ("xx", None),  # a language without words has the English ones
        (
            "fr",
            {
                "query": "requête",
                "key": "clé",
                "masked": "masqué",
                "weight": "poids",
                "score": "score",
                "value": "valeur",
            },
        ),
        ("nl", {"masked": "gemaskeerd", "weight": "gewicht", "value": "waarde"}),
    ],
)
def test_a_heatmap_keeps_the_words_of_a_deck_that_is_not_english(
    language: str,
    words: dict[str, str] | None,
    make_card: Callable[..., Card],
    project: Project,
    causal: HeatmapValues,
) -> None:
    identity = Identity("guid", "a-card", 1, 1, 1)
    note, _ = notes.render(checked(make_card(), causal), identity, replace(project, language=language), {})
    (entry,) = json.loads(note.fields["Data"])["heatmaps"]
    kept = entry.get("words")
    assert kept == (words and {name: word for name, word in words.items() if word != name})
    # Drawn anew from Data the picture says what the deck's own says.
    again = {**entry, "masked": [[cell == "1" for cell in row] for row in entry["masked"]]}
    (picture,) = (media for media in note.media if media.name == entry["file"])
    spoken = re.findall(r">([^<>]+)<", picture.data.decode())
    assert re.findall(r">([^<>]+)<", renderer.svg(again)) == spoken


def test_meta_hashes_what_was_shipped(make_card: Callable[..., Card], rendered: Rendered) -> None:
    note, _ = rendered(make_card(answer="a", tags=("b", "a")))
    meta = json.loads(note.fields["Meta"])
    assert meta["namespace"] == "0123abcd-f38f-45e0-b9ef-85d6cc28dd15"
    assert meta["deck"] == "A::B"
    assert meta["tags"] == ["a", "b"]
    filled = {name for name, text in note.fields.items() if text} - {"Meta"}
    assert set(meta["fields"]) == filled
    assert all(meta["fields"][name] == data.digest(note.fields[name]) for name in filled)


def test_a_changed_field_changes_its_hash_alone(make_card: Callable[..., Card], rendered: Rendered) -> None:
    one = json.loads(rendered(make_card(answer="a"))[0].fields["Meta"])["fields"]
    other = json.loads(rendered(make_card(answer="b"))[0].fields["Meta"])["fields"]
    assert {name for name in one if one[name] != other[name]} == {"Answer"}
