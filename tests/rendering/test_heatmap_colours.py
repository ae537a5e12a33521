from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from verideck.rendering.heatmap import DARK, LIGHT, SCALES, Style
from verideck.rendering.heatmap.cells import is_dark, palette
from verideck.rendering.heatmap.style import rgb

Colour = tuple[float, float, float]

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear light.
SEEN_WITH = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
SIXTEENTH = 16  # steps of 255
STYLES = [replace(plate, scale=scale) for plate in (LIGHT, DARK) for scale in SCALES]
NAMES = [f"{style.scale} on {'dark' if style.dark else 'light'}" for style in STYLES]
NOTICED = 2.3  # the difference in CIELAB that people just notice


def linear(colour: tuple[int, int, int]) -> list[float]:
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]


def luminance(colour: tuple[int, int, int]) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: tuple[int, int, int], seen_with: str) -> Colour:
    """CIELAB under D65 of a colour as such eyes see it."""
    light = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(part * of for part, of in zip(row, light, strict=True))))
        for row in SEEN_WITH[seen_with]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("seen_with", SEEN_WITH)
def test_the_scale_falls_in_lightness_and_every_sixteenth_of_it_is_told_from_the_next(seen_with: str) -> None:
    seen = [lab(colour, seen_with) for colour in palette()]
    steps = list(zip(seen, seen[SIXTEENTH:], strict=False))
    assert min(low[0] - high[0] for low, high in steps) > 3
    assert max(low[0] - high[0] for low, high in steps) < 7
    assert min(math.dist(low, high) for low, high in steps) > 1.5 * NOTICED
    assert seen[0][0] > 95
    assert seen[-1][0] < 16


@pytest.mark.parametrize("seen_with", SEEN_WITH)
@pytest.mark.parametrize("scale", SCALES)
def test_every_sixteenth_of_any_scale_is_told_from_the_next(scale: str, seen_with: str) -> None:
    seen = [lab(colour, seen_with) for colour in palette(Style(scale=scale))]
    steps = list(zip(seen, seen[SIXTEENTH:], strict=False))
    assert min(abs(low[0] - high[0]) for low, high in steps) > 1.5
    assert min(math.dist(low, high) for low, high in steps) > NOTICED


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_every_step_has_a_colour_of_its_own_and_lightness_never_turns(style: Style) -> None:
    colours = palette(style)
    assert len(set(colours)) == len(colours) == 255
    lightness = [lab(colour, "all cones")[0] for colour in colours]
    rising = lightness[-1] > lightness[0]
    assert all((later > sooner) is rising for sooner, later in pairwise(lightness))


@pytest.mark.parametrize("seen_with", SEEN_WITH)
@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_a_cover_is_taken_for_no_weight(style: Style, seen_with: str) -> None:
    cover = lab(rgb(style.cover), seen_with)
    assert min(math.dist(cover, lab(colour, seen_with)) for colour in palette(style)) > NOTICED


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_numbers_stand_out_from_their_cells(style: Style) -> None:
    for index, colour in enumerate(palette(style), 1):
        assert contrast(luminance(colour), 1.0 if is_dark(index, style) else 0.0) >= 4.5, index


@pytest.mark.parametrize("style", [LIGHT, DARK], ids=["light", "dark"])
def test_labels_stand_out_from_the_plate(style: Style) -> None:
    for ink in (style.ink, style.soft):
        assert contrast(luminance(rgb(ink)), luminance(rgb(style.plate))) >= 4.5


@pytest.mark.parametrize("seen_with", SEEN_WITH)
@pytest.mark.parametrize("style", [LIGHT, DARK], ids=["light", "dark"])
def test_hatching_shows_on_its_ground(style: Style, seen_with: str) -> None:
    ground, lines = (lab(rgb(colour), seen_with) for colour in (style.hatched, style.hatching))
    assert math.dist(ground, lines) > 5 * NOTICED
