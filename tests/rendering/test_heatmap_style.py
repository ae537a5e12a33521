"""A heatmap's styles: what light pictures keep, dark plates, logarithmic scales, numbers, room."""

from __future__ import annotations

import hashlib
import math
import random
import re
import sys
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rendering.test_heatmap import SVG, cells, parse, pixels, spec, texts

from verideck.rendering import heatmap
from verideck.rendering.heatmap import DARK, LIGHT, SCALES, Style
from verideck.rendering.heatmap.cells import palette
from verideck.rendering.heatmap.style import luminance, rgb

STYLES = [replace(plate, scale=scale) for plate in (LIGHT, DARK) for scale in SCALES]


def row(*weights: float, **more: Any) -> dict[str, Any]:
    return {
        "weights": [[list(weights)]],
        "queries": ["q"],
        "keys": [f"k{i}" for i in range(len(weights))],
        "alt": "One row.",
        **more,
    }


def numbers(drawn: str) -> list[str]:
    return [tspan.text or "" for tspan in parse(drawn).iter(f"{SVG}tspan")]


def colour(drawn: str) -> list[int]:
    """Give the step of each cell, from the colours alone."""
    steps = {tint: step for step, tint in enumerate(palette())}
    return [steps[tint] for line in cells(drawn) for tint in line if tint]


def frozen(size: int, seed: int) -> dict[str, Any]:
    """Weights of every kind, in a table of every part."""
    draw = random.Random(seed)  # noqa: S311  nothing secret
    weights = [[[draw.gauss(0, 3) for _ in range(size)] for _ in range(size)] for _ in range(seed)]
    if seed % 2:
        weights = [[[abs(cell) / sum(map(abs, line)) for cell in line] for line in m] for m in weights]
    return {
        "weights": weights,
        "queries": [f"query {i}" for i in range(size)],
        "keys": ["schlüssel <" + "x" * i for i in range(size)],
        "heads": [f"head {i}" for i in range(seed)] if seed > 2 else [],
        "masked": [[j > i for j in range(size)] for i in range(size)] if seed > 1 else [],
        "alt": "Weights & scores",
        "words": {"query": "requête"} if seed == 3 else {},
    }


@pytest.mark.parametrize(
    ("size", "seed", "covered", "kept"),
    [
        (1, 1, False, "f29b5784222461f4"),
        (5, 1, False, "eed329c5295c879a"),
        (10, 2, False, "f555fbbf045d130f"),
        (10, 2, True, "58f92c883a795ac7"),
        (24, 3, False, "1066bb70b745b3bc"),
        (64, 4, False, "ba1e4bc64116b714"),
    ],
)
def test_light_pictures_stay_as_they_were_released(size: int, seed: int, covered: bool, kept: str) -> None:
    # Of the PNG its pixels and colours: compressed bytes differ between builds of zlib.
    drawn = heatmap.drawn(frozen(size, seed), covered=covered)
    bare = re.sub(r"data:image/png;base64,[^\"]+", lambda _: repr(pixels(drawn.svg)), drawn.svg)
    assert hashlib.sha256(f"{bare}{drawn.grid}".encode()).hexdigest()[:16] == kept


def test_what_is_not_said_is_light() -> None:
    assert heatmap.svg(spec(4)) == heatmap.svg(spec(4), style=LIGHT) == heatmap.svg(spec(4), style=Style())
    assert (LIGHT.dark, DARK.dark) == (False, True)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: f"{style.scale}-{style.dark}")
def test_every_style_is_well_formed_and_wears_its_own_colours(style: Style) -> None:
    drawn = heatmap.svg(frozen(6, 3), style=style)
    parse(drawn)
    for part in (style.plate, style.ink, style.soft, style.faint, style.hatched, style.hatching):
        assert f'"{part}"' in drawn
    used = {tint for line in cells(drawn) for tint in line if tint}
    assert used <= set(palette(style))
    others = {LIGHT, DARK} - {replace(style, scale="indigo")}
    assert not any(re.search(f"{other.plate}|{other.soft}|{other.hatched}", drawn) for other in others)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: f"{style.scale}-{style.dark}")
def test_every_style_covers_with_its_own_cover(style: Style) -> None:
    drawn = heatmap.drawn(frozen(6, 3), covered=True, style=style)
    assert {tint for line in cells(drawn.svg) for tint in line} == {None, rgb(style.cover)}
    assert drawn.grid == heatmap.drawn(frozen(6, 3), style=style).grid


@pytest.mark.parametrize("scale", ["indigo", "grey"])
def test_nothing_lies_near_the_plate_with_scales_that_begin_there(scale: str) -> None:
    for style in (replace(LIGHT, scale=scale), replace(DARK, scale=scale)):
        plate = luminance(rgb(style.plate))
        low, high = (abs(luminance(end) - plate) for end in (palette(style)[0], palette(style)[-1]))
        assert low < high / 5


@pytest.mark.parametrize("scale", ["viridis", "cividis", "magma"])
def test_known_scales_are_bright_where_there_is_much_on_any_plate(scale: str) -> None:
    assert palette(replace(LIGHT, scale=scale)) == palette(replace(DARK, scale=scale))
    assert luminance(palette(replace(LIGHT, scale=scale))[-1]) > 0.6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scale": "jet"}, "no scale `jet`"),
        ({"digits": 7}, "0 to 6 digits"),
        ({"digits": -1}, "0 to 6 digits"),
        ({"plate": "red"}, "`plate` is not a colour"),
        ({"ink": '#23232b"/><script>'}, "`ink` is not a colour"),
        ({"cover": "#FFFFFF"}, "`cover` is not a colour"),
    ],
)
def test_a_style_that_cannot_be_drawn_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(LIGHT, **change)


def test_numbers_can_be_left_out_and_their_digits_be_fixed() -> None:
    assert numbers(heatmap.svg(row(0.25, 0.75))) == [".25", ".75"]
    assert numbers(heatmap.svg(row(0.25, 0.75), style=Style(numbers=False))) == []
    assert numbers(heatmap.svg(row(0.25, 0.75), style=Style(digits=1))) == [".2", ".8"]
    assert numbers(heatmap.svg(row(0.25, 0.75), style=Style(digits=4))) == [".2500", ".7500"]
    assert numbers(heatmap.svg(row(0, 3), style=Style(digits=2))) == ["0", "3.00"]
    assert numbers(heatmap.svg(spec(10), style=Style(digits=6))) == []  # they find no room


@pytest.mark.parametrize("heads", [1, 8])
@pytest.mark.parametrize("size", [3, 10, 24, 64])
def test_cells_take_the_room_they_are_given(size: int, heads: int) -> None:
    given = spec(size, heads=heads)
    pictures = [heatmap.drawn(given, style=Style(room=room)) for room in (200, 330, 500, 800, 1200)]
    widths = [drawn.grid[2] for drawn in pictures]
    assert all(a < b for a, b in pairwise(widths))
    for drawn in pictures:
        root = parse(drawn.svg)
        assert (root.get("width"), root.get("height")) == (str(drawn.width), str(drawn.height))
        left, top, width, height, across, aside, below = drawn.grid
        assert left + (min(heads, across) - 1) * aside + size * width <= drawn.width
        assert top + (math.ceil(heads / across) - 1) * below + size * height <= drawn.height


@pytest.mark.parametrize(("room", "pixels_high"), [(200, 11), (330, 11), (495, 16.5), (1200, 16.5)])
def test_texts_never_shrink_and_grow_a_little_with_the_room(room: int, pixels_high: float) -> None:
    root = parse(heatmap.svg(spec(10), style=Style(room=room)))
    _, _, wide, _ = map(float, root.attrib["viewBox"].split())
    grown = float(root.attrib["width"]) / wide
    assert float(root.attrib["font-size"]) * grown == pytest.approx(pixels_high, abs=0.01)


def test_room_beyond_the_ends_counts_as_these() -> None:
    given = spec(10)
    for room, end in ((-5, 200), (0, 200), (10**9, 1200)):
        assert heatmap.svg(given, style=Style(room=room)) == heatmap.svg(given, style=Style(room=end))


def ticks(given: dict[str, Any]) -> list[str]:
    """Give the numbers under the colour bar of a logarithmic scale, after its name."""
    found = texts(heatmap.svg(given, style=Style(log=True)))
    return found[next(i for i, text in enumerate(found) if text.endswith(", log")) + 1 :]


@pytest.mark.parametrize(
    ("weights", "shown"),
    [
        ([1, 0.1, 0.01, 0.001, 0.0001], ["10⁻⁴", "0.01", "1"]),
        ([1, 1e-9], ["10⁻⁴", "0.01", "1"]),  # four powers of ten at most
        ([0.9, 0.1], ["0.1", "1"]),
        ([0.95, 0.05], ["0.05", "0.1", "1"]),
        ([0.5, 0.3, 0.2, 0], ["0.2", "0.5"]),
        ([3e-6, 2e-5], ["2·10⁻⁶", "2·10⁻⁵"]),  # a third one would touch its neighbour
        ([300, 12000], ["200", "1000", "2·10⁴"]),
        ([0.5, 0.5], ["0.05", "0.1", "0.5"]),
        ([0, 0], ["0.1", "1"]),
        ([1e-280, 0], ["10⁻²⁸¹", "10⁻²⁸⁰"]),
    ],
)
def test_a_logarithmic_scale_runs_over_magnitudes(weights: list[float], shown: list[str]) -> None:
    assert ticks(row(*weights)) == shown


def test_a_logarithmic_scale_says_so_in_the_deck_s_words() -> None:
    given = row(0.5, 0.5, words={"weight": "Gewicht"})
    assert "Gewicht, log" in texts(heatmap.svg(given, style=Style(log=True)))


def test_each_power_of_ten_is_as_far_from_the_next_and_zero_is_lowest() -> None:
    drawn = heatmap.svg(row(1, 0.1, 0.01, 0.001, 0.0001, 0, 1e-12), style=Style(log=True))
    assert colour(drawn) == [254, 190, 127, 64, 0, 0, 0]


def test_masked_weights_have_no_say_in_a_logarithmic_scale() -> None:
    given = row(0.1, -5, 1, 1e-30, masked=[[False, True, False, True]])
    drawn = heatmap.svg(given, style=Style(log=True))
    assert colour(drawn) == [0, 254]
    assert cells(drawn)[0][1] is None


def test_numbers_tell_magnitudes_where_the_scale_does() -> None:
    weights = (0.9, 0.0712, 0.0149, 0.00234, 0.00049, 1.23e-7, 0)
    shown = ["0", ".90", ".07", ".01", ".002", "5e-4", "1e-7"]
    assert sorted(numbers(heatmap.svg(row(*weights), style=Style(log=True)))) == sorted(shown)
    assert sorted(numbers(heatmap.svg(row(5, 34, 120, 4e7), style=Style(log=True, digits=0)))) == sorted(
        ["5", "34", "120", "4e+07"]
    )
    assert numbers(heatmap.svg(row(1, 10), style=Style(log=True))) == ["1", "10"]


@pytest.mark.parametrize("log", [False, True])
def test_a_masked_weight_may_be_as_large_as_it_likes(log: bool) -> None:
    given = row(1e-280, 3e-280, 1e30, -1e30, masked=[[False, False, True, True]])
    assert len(colour(heatmap.svg(given, style=Style(log=log, numbers=False)))) == 2


@pytest.mark.parametrize("weights", [(0.5, math.nan, 0.5), (0.5, math.inf), (0.5, -math.inf, 1), (0, 1e31)])
def test_what_is_not_finite_is_found_wherever_it_stands(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="not finite"):
        heatmap.svg(row(*weights))


def test_a_logarithmic_scale_refuses_negative_weights() -> None:
    with pytest.raises(ValueError, match="a logarithmic scale needs weights that are not negative"):
        heatmap.svg(row(0.5, -0.5), style=Style(log=True))


@pytest.mark.parametrize("log", [False, True])
@given(weights=st.lists(st.floats(0, 1e30) | st.sampled_from([0.0, sys.float_info.min, 5e-324]), min_size=1))
def test_any_weights_can_be_drawn(log: bool, weights: list[float]) -> None:
    drawn = heatmap.svg(row(*weights), style=Style(log=log, numbers=False))
    steps = colour(drawn)
    ordered = [step for _, step in sorted(zip(weights, steps, strict=True))]
    assert ordered == sorted(steps)


@pytest.mark.parametrize("part", ["alt", "queries", "keys", "heads", "words"])
def test_a_text_that_is_a_list_is_refused_before_it_is_written_out(part: str) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    given = row(0.5, 0.5, heads=["h"])
    given[part] = {"query": deep} if part == "words" else deep if part == "alt" else [deep] * len(given[part])
    with pytest.raises(ValueError, match=f"`{part}` holds a list or a table"):
        heatmap.svg(given)


def test_the_plate_reaches_every_edge_when_a_picture_has_grown() -> None:
    root = parse(heatmap.svg(spec(7), style=Style(room=777)))
    plate = root.find(f"{SVG}rect")
    assert isinstance(plate, ElementTree.Element)
    assert root.attrib["viewBox"] == f"0 0 {plate.get('width')} {plate.get('height')}"
