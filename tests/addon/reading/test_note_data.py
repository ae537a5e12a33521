"""A note's Data gives back the heatmaps that Verideck put there; whatever else stands there gives none."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon import heatmap
from addon.reading.data import Entry, heatmaps
from verideck.cards import Card, HeatmapValues, Kind, Location
from verideck.rendering import data as written
from verideck.rendering import media

CARD = Card(Kind.RECALL, Location("deck.md"), "A question", "A::B")
CAUSAL = HeatmapValues(
    name="causal",
    weights=(((1.0, 0.0, 0.0), (0.5, 0.5, 0.0), (1 / 3, 1 / 3, 1 / 3)),),
    queries=("the", "<cat>", "sat & slept"),
    keys=("the", "{{cat}}", "[sound:x]"),
    alt='Each row is even over its "past".',
    masked=((False, True, True), (False, False, True), (False, False, False)),
)
ENGLISH = {name: name for name in ("query", "key", "masked", "weight", "score", "value")}
FILE = "verideck-0123456789abcdef0123.svg"


def field(
    *values: HeatmapValues, words: dict[str, str] = ENGLISH, covered: bool = False
) -> tuple[str, list[str]]:
    """Give a Data field and the names of its pictures, as Verideck makes them."""
    pictures = []
    for one in values:
        spec = media.specification(one, words)
        picture, _ = media.picture(spec)
        if covered:
            picture = replace(picture, covered=media.picture(spec, covered=True)[0])
        pictures.append((picture, spec))
    return written.card_data(CARD, pictures), [picture.name for picture, _ in pictures]


def test_what_verideck_writes_is_read() -> None:
    text, (name,) = field(CAUSAL)
    (entry,) = heatmaps(text).values()
    assert heatmaps(text) == {name: entry}
    assert entry.spec == {
        "weights": [[[1, 0, 0], [0.5, 0.5, 0], [0.333, 0.333, 0.333]]],
        "queries": list(CAUSAL.queries),
        "keys": list(CAUSAL.keys),
        "heads": [],
        "masked": [list(row) for row in CAUSAL.masked],
        "alt": CAUSAL.alt,
    }
    assert (entry.covered, entry.reason, entry.grid) == (None, "", ())
    heatmap.drawn(entry.spec)


def test_several_heatmaps_their_heads_and_the_words_of_the_deck() -> None:
    heads = replace(CAUSAL, weights=CAUSAL.weights * 2, heads=("near", "far"), masked=())
    text, names = field(CAUSAL, heads, words={**ENGLISH, "query": "Frage"})
    found = heatmaps(text)
    assert list(found) == names
    spec = found[names[1]].spec
    assert spec
    assert (spec["heads"], spec["words"], spec["masked"]) == (["near", "far"], {"query": "Frage"}, [])


def test_one_to_predict_has_its_covered_picture_and_its_grid() -> None:
    text, (name,) = field(CAUSAL, covered=True)
    entry = heatmaps(text)[name]
    drawn = heatmap.drawn(media.specification(CAUSAL, ENGLISH))
    assert entry.covered not in (None, name)
    assert entry.grid == drawn.grid


def test_weights_beyond_the_cap_are_in_the_picture_alone() -> None:
    side = 128
    large = replace(
        CAUSAL,
        weights=(((1 / 3,) * side,) * side,),
        queries=("q",) * side,
        keys=("k",) * side,
        masked=(),
    )
    text, (name,) = field(large)
    assert heatmaps(text) == {name: Entry(None, None, "the weights are in the picture alone")}


@pytest.mark.parametrize(
    "touch", [escape, lambda text: f"<div>{escape(text)}</div>", lambda text: text + "<br>"]
)
def test_an_editor_may_have_touched_the_field(touch: Any) -> None:
    text, _ = field(CAUSAL)
    assert heatmaps(touch(text)) == heatmaps(text) != {}


ENTRY: dict[str, Any] = {
    "file": FILE,
    "weights": [[[1, 0]]],
    "queries": ["a"],
    "keys": ["a", "b"],
    "alt": "x",
}


def only(**change: Any) -> Entry:
    return heatmaps(json.dumps({"heatmaps": [ENTRY | change]}))[FILE]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"weights": [[1, 0]]}, "`weights` have no heads"),
        ({"weights": None}, "`weights` is null, not a list"),
        ({"weights": [[[1, "0"]]]}, 'holds the text "0" in column 2'),
        ({"queries": ["a", "b"]}, "`queries` has 2 entries, but there is 1 query"),
        ({"keys": "ab"}, "`keys` is the text"),
        ({"heads": ["a", "b"]}, "`heads` has 2 entries, but there is 1 head"),
        ({"masked": ["0"]}, "has 1 entry, but there are 2 keys"),
        ({"masked": ["02"]}, "rows such as 010"),
        ({"masked": [[False, True]]}, "rows such as 010"),
        ({"alt": 1}, "`alt` is the number 1"),
        ({"words": {"x": "y"}}, "`words` knows no `x`"),
    ],
)
def test_what_is_wrong_with_an_entry_is_told(change: dict[str, Any], reason: str) -> None:
    entry = only(**change)
    assert entry.spec is None
    assert reason in entry.reason


@pytest.mark.parametrize(
    "file",
    [
        "../x.svg",
        "/etc/x.svg",
        "a/b.svg",
        "a\\b.svg",
        ".x.svg",
        "x.png",
        "x.svg\n",
        "",
        "x" * 200 + ".svg",
        None,
        1,
        ["x"],
    ],
)
def test_only_names_of_files_are_taken(file: Any) -> None:
    assert heatmaps(json.dumps({"heatmaps": [ENTRY | {"file": file}]})) == {}
    assert only(covered=file).covered is None


@pytest.mark.parametrize("grid", [None, [], [1] * 6, [1] * 8, ["1"] * 7, [-1] * 7, [1e31] * 7, [True] * 7])
def test_a_grid_that_is_none(grid: Any) -> None:
    assert only(covered=FILE, grid=grid).grid == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        '"heatmaps"',
        '["heatmaps"]',
        '{"heatmaps": 1}',
        '{"heatmaps": [1, null, [], "x"]}',
        '{"heatmaps": [{}]}',
        '{"heatmaps": [], "heatmaps": []}',
        '{"heatmaps": ' + "[" * 100_000,
        '{"heatmaps": [{"file": "x.svg", "weights": [[[NaN]]]}]}',
        '{"heatmaps": []' + " " * 300_000 + "}",
    ],
)
def test_what_is_no_data_gives_nothing(text: str) -> None:
    assert heatmaps(text) == {}


def test_a_field_is_measured_with_all_its_markup() -> None:
    text = json.dumps({"heatmaps": [ENTRY]})
    assert heatmaps(f"{text}<!--{' ' * 1_000}-->")
    assert heatmaps(f"{text}<!--{' ' * 300_000}-->") == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(ENTRY)), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from([*ENTRY, "masked", "heads", "words", "grid", "covered"]), JSON))
def test_any_entry(change: dict[str, Any]) -> None:
    for entry in heatmaps(json.dumps({"heatmaps": [ENTRY | change]})).values():
        assert (entry.spec is None) == bool(entry.reason)
        if entry.spec:
            heatmap.drawn(entry.spec)


@given(st.text())
def test_any_text(text: str) -> None:
    assert heatmaps(text + '"heatmaps"') == {}
