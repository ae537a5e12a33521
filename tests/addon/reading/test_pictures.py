"""A picture gives back what it was drawn from: exactly where it carries data, else to half a step."""

from __future__ import annotations

import base64
import json
import re
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.addon.hostile import png_picture

from addon import heatmap
from addon.drawing import static
from addon.heatmap.style import DARK, Style
from addon.reading.limits import MOST_FILE
from addon.reading.pictures import spec_of

SPEC: dict[str, Any] = {
    "weights": [[[1.0, 0.0], [0.25, 0.75]]],
    "queries": ["the", "<s>"],
    "keys": ["the", "cat & dog"],
    "heads": [],
    "masked": [[False, True], [False, False]],
    "alt": "A < B",
}
LETTERS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=6)


@st.composite
def specs(draw: st.DrawFn, most: int = 7) -> dict[str, Any]:
    heads, queries, keys = (draw(st.integers(1, most)) for _ in range(3))
    low, high = draw(st.sampled_from([(0, 1), (0, 0.001), (-3, 2), (0, 1e6), (-1e-5, 0)]))
    number = st.floats(low, high)
    matrices = st.lists(
        st.lists(st.lists(number, min_size=keys, max_size=keys), min_size=queries, max_size=queries),
        min_size=heads,
        max_size=heads,
    )
    hidden = st.lists(
        st.lists(st.booleans(), min_size=keys, max_size=keys), min_size=queries, max_size=queries
    )
    named = {
        name: draw(st.lists(LETTERS, min_size=count, max_size=count))
        for name, count in (("queries", queries), ("keys", keys), ("heads", heads))
    }
    return {"weights": draw(matrices), "masked": draw(st.just([]) | hidden), "alt": draw(LETTERS), **named}


@given(specs())
def test_cells_are_read_to_half_a_step(spec: dict[str, Any]) -> None:
    found = spec_of(heatmap.svg(spec).encode())
    chart = heatmap.read(spec)
    half = (chart.high - chart.low) / 254 / 2 + 1e-5 * max(abs(chart.low), abs(chart.high))
    hidden = spec["masked"]
    for matrix, back in zip(spec["weights"], found["weights"], strict=True):
        for i, (row, read) in enumerate(zip(matrix, back, strict=True)):
            for j, (weight, value) in enumerate(zip(row, read, strict=True)):
                assert value == 0 if hidden and hidden[i][j] else abs(value - weight) <= half
    assert found["masked"] == (hidden if any(map(any, hidden)) else [])
    assert found["exact"] is False
    # A label is as the picture shows it: blanks visible, what is long cut; numbers where some are left out.
    for name, shown in (("queries", chart.queries), ("keys", chart.keys)):
        assert found[name] in (list(shown), [str(n) for n in range(1, len(shown) + 1)])
    assert found["alt"] == chart.alt
    heatmap.drawn(found)


def test_all_labels_of_a_small_picture_are_read() -> None:
    found = spec_of(heatmap.svg(SPEC).encode())
    assert (found["queries"], found["keys"]) == (SPEC["queries"], SPEC["keys"])


def test_names_of_heads_are_read_and_numbers_are_none() -> None:
    spec = {**SPEC, "weights": SPEC["weights"] * 2}
    assert spec_of(heatmap.svg(spec).encode())["heads"] == []
    assert spec_of(heatmap.svg({**spec, "heads": ["near", "far"]}).encode())["heads"] == ["near", "far"]


def test_labels_that_a_picture_leaves_out_are_numbers() -> None:
    side = 40
    spec = {
        "weights": [[[0.5] * side] * side],
        "queries": ["x"] * side,
        "keys": ["x"] * side,
        "alt": "",
    }
    found = spec_of(heatmap.svg(spec).encode())
    assert found["queries"] == found["keys"] == [str(n) for n in range(1, side + 1)]


def test_the_words_of_a_deck_in_another_language_are_read() -> None:
    words = {"query": "Frage", "key": "Schlüssel", "masked": "verdeckt", "weight": "Gewicht"}
    found = spec_of(heatmap.svg({**SPEC, "words": words}).encode())["words"]
    assert {name: found[name] for name in words} == words
    assert "words" not in spec_of(heatmap.svg(SPEC).encode())


@given(specs(), st.sampled_from([Style(), Style(scale="magma"), DARK]))
def test_carried_data_are_exact(spec: dict[str, Any], style: Style) -> None:
    _, svg = static.picture(spec, style)
    found = spec_of(svg)
    assert "exact" not in found
    assert found["weights"] == spec["weights"]
    assert [found[name] for name in ("queries", "keys", "heads", "alt")] == [
        spec[name] for name in ("queries", "keys", "heads", "alt")
    ]
    assert found["masked"] == (spec["masked"] if any(map(any, spec["masked"])) else [])


def test_what_was_read_from_cells_stays_inexact_when_it_is_drawn_anew() -> None:
    traced = spec_of(heatmap.svg(SPEC).encode())
    _, svg = static.picture(traced)
    assert spec_of(svg) == traced
    assert traced["exact"] is False


def test_a_covered_picture_tells_nothing() -> None:
    with pytest.raises(ValueError, match="covered"):
        spec_of(heatmap.drawn(SPEC, covered=True).svg.encode())


SVG = heatmap.svg(SPEC)


@pytest.mark.parametrize(
    ("svg", "reason"),
    [
        (b"", "no element found"),
        (b"\xff", "not UTF-8"),
        (SVG.encode("utf-16"), "not UTF-8"),
        (b"<svg>", "not well-formed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not one of a heatmap"),
        (b"<!DOCTYPE svg>" + SVG.encode(), "document type"),
        (b"<!-- -->" + SVG.encode(), "comments"),
        (b" " * (MOST_FILE + 1), "more than"),
        (b"<g/>" * 100_000, "too many elements"),
        (SVG.replace("data:image/png;base64,", "https://example.org/").encode(), "no cells"),
        (SVG.replace("base64,iVBOR", "base64,aaaaa").encode(), "not a PNG"),
        (SVG.replace("base64,", "base64,!").encode(), "damaged"),
        (re.sub(r'(base64,[^"]{120})....', r"\1AAAA", SVG).encode(), "damaged"),
        (SVG.replace(">1</text></g>", ">10⁻²</text></g>").encode(), "scale"),
        (SVG.replace(">1</text></g>", ">nan</text></g>").encode(), "scale"),
        (SVG.replace(">0.5</text>", ">0.7</text>").encode(), "scale"),
        (SVG.replace("</title>", "</title><metadata>[]</metadata>").encode(), "not an object"),
        (SVG.replace("</title>", "</title><metadata/>").encode(), "ends too early"),
        (SVG.replace("</title>", '</title><metadata>{"weights": [[1]]}</metadata>').encode(), "no heads"),
        (png_picture(9, 9, b"\0" * 91), "more or fewer"),
        (png_picture(9, 9, b"\0" * 89), "more or fewer"),
        (png_picture(9, 9, b"\1" * 90), "filtered"),
        (png_picture(9, 9, (b"\0" + b"\2" * 9) * 9), "beyond the palette"),
        (png_picture(1 << 16, 1 << 15, b""), "more than the"),
        (png_picture(0, 9, b""), "more than the"),
        (png_picture(9, 9, b"\0" * 90, panels=2), "not of one height"),
    ],
)
def test_what_is_wrong_with_a_picture_is_told(svg: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        spec_of(svg)


def test_a_picture_of_cells_alone_is_read() -> None:
    assert spec_of(png_picture(2, 1, b"\0\0\1"))["weights"] == [[[0.0, 0.0]]]


def test_what_unpacks_without_end_is_not_unpacked() -> None:
    bomb = png_picture(9, 9, b"\0" * 200_000_000)
    tracemalloc.start()
    with pytest.raises(ValueError, match="more or fewer"):
        spec_of(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_deep_picture_is_no_trouble() -> None:
    with pytest.raises(ValueError, match="not one of"):
        spec_of(b"<g>" * 39_000 + b"</g>" * 39_000)


Chunks = list[tuple[bytes, bytes]]


def rewritten(change: Callable[[Chunks], Chunks]) -> bytes:
    """Give the picture with other parts in its PNG, the checksums made good."""
    image = base64.b64decode(SVG.split("base64,")[1].split('"')[0])
    chunks: Chunks = []
    at = 8
    while at < len(image):
        length, kind = struct.unpack(">I4s", image[at : at + 8])
        chunks.append((kind, image[at + 8 : at + 8 + length]))
        at += 12 + length
    made = image[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in change(chunks)
    )
    return SVG.replace(base64.b64encode(image).decode(), base64.b64encode(made).decode()).encode()


def other(kind: bytes, change: Callable[[bytes], bytes]) -> Callable[[Chunks], Chunks]:
    return lambda chunks: [(name, change(body) if name == kind else body) for name, body in chunks]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (other(b"IHDR", lambda body: body[:8] + b"\4" + body[9:]), "not an indexed PNG"),
        (other(b"IHDR", lambda body: body[:12] + b"\1"), "not an indexed PNG"),
        (other(b"IHDR", lambda body: body + b"\0"), "damaged"),
        (other(b"PLTE", lambda body: body[:-1]), "damaged"),
        (other(b"IDAT", lambda body: body[:-4]), "more or fewer"),
        (other(b"IDAT", lambda _: b"no zlib"), "cannot be unpacked"),
        (lambda chunks: chunks[:1] + chunks, "twice"),
        (lambda chunks: [chunk for chunk in chunks if chunk[0] != b"PLTE"], "lacks a part"),
        (lambda chunks: chunks[:-1], "lacks a part"),
    ],
)
def test_other_kinds_of_png_are_refused(change: Callable[[Chunks], Chunks], reason: str) -> None:
    assert spec_of(rewritten(lambda chunks: chunks))
    with pytest.raises(ValueError, match=reason):
        spec_of(rewritten(change))


def test_colours_of_no_scale_are_refused() -> None:
    colour = bytes.fromhex("251b52")  # of the weight 1
    assert spec_of(SVG.encode())["weights"][0][0][0] == 1
    with pytest.raises(ValueError, match="colours of its own"):
        spec_of(rewritten(other(b"PLTE", lambda body: body.replace(colour, b"\1\2\3"))))


@given(st.data())
def test_a_damaged_picture_gives_a_specification_or_a_reason(draw: st.DataObject) -> None:
    _, carried = static.picture(SPEC)
    svg = bytearray(draw.draw(st.sampled_from([SVG.encode(), carried])))
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(svg) - 1))
        svg[at : at + draw.draw(st.integers(0, 9))] = draw.draw(st.binary(max_size=4))
    try:
        found = spec_of(bytes(svg))
    except ValueError as fault:
        found = {"reason": str(fault)}
    else:
        heatmap.drawn(found)
    assert json.dumps(found, allow_nan=False) != "{}"
