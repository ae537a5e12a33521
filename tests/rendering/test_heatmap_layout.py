"""Where things stand in a heatmap: labels, captions, numbers, the scale."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from verideck.rendering import heatmap
from verideck.rendering.heatmap.labels import LONGEST, breadth, clip

SVG = "{http://www.w3.org/2000/svg}"


def spec(rows: int, columns: int | None = None, heads: int = 1, **more: Any) -> dict[str, Any]:
    columns = columns or rows
    return {
        "weights": [[[1 / columns] * columns] * rows] * heads,
        "queries": [f"query{i}" for i in range(rows)],
        "keys": [f"key{i}" for i in range(columns)],
        "alt": "Even weights.",
        **more,
    }


def parse(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314  our own output


def texts(given: dict[str, Any]) -> list[str]:
    return ["".join(element.itertext()) for element in parse(heatmap.svg(given)).iter(f"{SVG}text")]


def labels(given: dict[str, Any], word: str) -> list[int]:
    """Give the numbers of the tokens that have a label."""
    return [int(text.removeprefix(word)) for text in texts(given) if re.fullmatch(word + r"\d+", text)]


@pytest.mark.parametrize("count", [1, 2, 10, 24])
def test_up_to_24_tokens_every_one_has_its_label(count: int) -> None:
    assert labels(spec(count), "key") == labels(spec(count), "query") == list(range(count))


@pytest.mark.parametrize("count", [25, 64, 100, 256])
def test_beyond_24_labels_thin_out_evenly(count: int) -> None:
    for shown in (labels(spec(count), "key"), labels(spec(count), "query")):
        assert 12 <= len(shown) <= 24
        assert len({b - a for a, b in pairwise(shown)}) == 1
        assert shown[0] == 0


@pytest.mark.parametrize(
    ("count", "heads"), [(4, 1), (16, 1), (24, 1), (25, 1), (100, 1), (16, 8), (12, 12), (24, 16)]
)
def test_labels_stand_a_line_apart_and_beside_their_rows(count: int, heads: int) -> None:
    drawn = heatmap.drawn(spec(count, heads=heads))
    _, top, _, height = drawn.grid[:4]
    rows = {
        "".join(text.itertext()): float(text.attrib["y"])
        for group in parse(drawn.svg).iter(f"{SVG}g")
        for text in group.findall(f"{SVG}text")
        if re.fullmatch(r"query\d+", text.text or "") and f" {top:g})" in group.get("transform", "")
    }
    places = list(rows.values())
    assert len(places) >= min(count, 12 if heads == 1 else 4)
    assert all(b - a >= 12 for a, b in pairwise(places))
    for name, y in rows.items():
        assert y - 4 == pytest.approx((int(name.removeprefix("query")) + 0.5) * height, abs=0.51)


@pytest.mark.parametrize(("heads", "tokens"), [(2, 5), (8, 16), (12, 12), (16, 8)])
def test_heads_stand_side_by_side_each_under_its_name(heads: int, tokens: int) -> None:
    drawn = heatmap.drawn(spec(tokens, heads=heads))
    left, top, width, height, across, aside, below = drawn.grid
    boxes = [
        tuple(map(float, re.findall(r"[\d.]+", group.attrib["transform"])))
        for group in parse(drawn.svg).findall(f"{SVG}g[@transform]")
        if group.find(f"{SVG}svg") is not None
    ]
    places = [(left + head % across * aside, top + head // across * below) for head in range(heads)]
    assert boxes == [pytest.approx(place, abs=0.06) for place in places]
    assert aside > width * tokens
    assert below > height * tokens + 11  # room for the name
    assert drawn.width <= 460  # the labels keep a size that can be read on a phone
    assert max(x + width * tokens for x, _ in places) < drawn.width
    names = [f"h{head}" for head in range(heads)]
    named = {**spec(tokens, heads=heads), "heads": names}
    assert [text for text in texts(named) if text[0] == "h"] == names


def test_a_head_s_name_is_cut_where_its_panel_ends() -> None:
    given = {**spec(3, heads=2), "heads": ["a name that is as long as a sentence", "short"]}
    assert next(text for text in texts(given) if text.startswith("a name")).endswith("…")
    assert "short" in texts(given)


def test_the_scale_has_a_name_and_three_ticks() -> None:
    words = {"weight": "Gewicht", "score": "Punktzahl", "value": "Wert"}
    assert texts(spec(2, words=words))[-4:] == ["Gewicht", "0", "0.5", "1"]
    assert texts({**spec(1, 3, words=words), "weights": [[[-3, 0, 12]]]})[-4:] == [
        "Punktzahl",
        "−5",
        "7.5",
        "20",
    ]
    assert texts({**spec(1, 2, words=words), "weights": [[[0.001, 0.002]]]})[-4:] == [
        "Wert",
        "0",
        "0.001",
        "0.002",
    ]


@pytest.mark.parametrize(
    ("weights", "masked", "unit"),
    [
        ([[0.25, 0.75]], None, "weight"),
        ([[0.33, 0.33, 0.33]], None, "weight"),  # rounded by hand
        ([[0.5, 0.5], [1, 1]], None, "value"),
        ([[1.0, 9.0], [0.5, 0.5]], [[False, True], [False, False]], "weight"),
        ([[0.5, 0.5], [0.0, 0.0]], [[False, False], [True, True]], "weight"),
        ([[0.5, 1.5]], None, "score"),
        ([[-0.5, 0.5]], None, "score"),
    ],
)
def test_the_scale_is_named_for_what_the_cells_hold(weights: Any, masked: Any, unit: str) -> None:
    given = spec(len(weights), len(weights[0]), masked=masked)
    assert heatmap.read({**given, "weights": [weights]}).unit == unit


@pytest.mark.parametrize(
    ("weights", "shown"),
    [
        ([[0.25, 0.75]], [".25", ".75"]),
        ([[0, 1]], ["0", "1"]),
        ([[0.004, 0.996]], [".00", "1.00"]),
        ([[0.001, 0.0025]], [".0010", ".0025"]),
        ([[-3, 0.5]], ["−3.00", ".50"]),
        ([[-3.25, 12]], ["−3.2", "12.0"]),
        ([[-120, 12.5]], ["−120", "12"]),
        ([[0, 1e30]], ["0", "1e+30"]),
    ],
)
def test_numbers_have_one_precision_in_a_picture(weights: Any, shown: list[str]) -> None:
    given = {**spec(1, 2), "weights": [weights]}
    assert sorted(str(span.text) for span in parse(heatmap.svg(given)).iter(f"{SVG}tspan")) == sorted(shown)


@pytest.mark.parametrize(
    ("columns", "numbers"), [(2, True), (10, True), (13, True), (14, False), (24, False)]
)
def test_numbers_stand_in_cells_while_they_fit(columns: int, numbers: bool) -> None:
    assert bool(list(parse(heatmap.svg(spec(columns))).iter(f"{SVG}tspan"))) is numbers


@pytest.mark.parametrize("token", ["a", "internationalisation", "WWWWWWWWWWWW", "東京タワーに行きました"])
def test_slanted_labels_stay_inside_the_picture(token: str) -> None:
    drawn = heatmap.drawn({**spec(8), "keys": [token] * 8, "queries": [token] * 8})
    root = parse(drawn.svg)
    left, top, width = drawn.grid[:3]
    assert left >= breadth(clip(token)) + 8
    if "rotate" in drawn.svg:
        assert drawn.width >= left + 7.5 * width + breadth(clip(token)) / 2
        assert top >= breadth(clip(token)) * 0.87
    assert root.get("viewBox") == f"0 0 {drawn.width} {drawn.height}"


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        ("\n", "↵"),
        (" ", "␣"),
        ("", ""),
        ("</text><script>", "</text><scri…"),
        ("a\x00\x1b\ud800b", "ab"),
        ("\u202eevil", "evil"),
        ("a" * 300, "a" * 11 + "…"),
        ("a" * 12, "a" * 12),
        ("e" + "\u0301" * 60, "e\u0301\u0301"),
        ("東京", "東京"),
        ("東京タワーに行きました", "東京タワーに…"),
        ("👩‍👩‍👧‍👦" * 9, "👩‍👩‍👧‍👦" * 4 + "…"),  # no family is torn apart
        ("🇫🇷🇩🇪" * 9, "🇫🇷🇩🇪" * 2 + "…"),
        ("👍🏽" * 9, "👍🏽" * 4 + "…"),
        ("\u200d" * 300, "\u200d" * 10),
        ("नमस्ते", "नमस्ते"),
    ],
)
def test_tokens_become_short_safe_labels(token: str, shown: str) -> None:
    assert clip(token) == shown
    assert breadth(clip(token)) <= LONGEST
    parse(heatmap.svg({**spec(1, 2), "keys": [token, "b"]}))


@pytest.mark.parametrize(
    ("token", "leftward"),
    [("שלום!", True), ("(مرحبا)", True), ("1. שלום", True), ("owl", False), ("42", False)],
)
def test_what_runs_leftwards_says_so_and_ends_where_other_labels_end(token: str, leftward: bool) -> None:
    root = parse(heatmap.svg({**spec(2), "queries": [token, "b"]}))
    (found,) = (text for text in root.iter(f"{SVG}text") if text.text == token)
    assert (found.get("direction"), found.get("text-anchor")) == (
        ("rtl", "start") if leftward else (None, None)
    )
