from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon import heatmap
from addon.drawing.static import html, picture
from addon.heatmap import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"
ANY = st.text(st.characters())  # lone surrogates and control characters, too
EVIL = '</metadata></title><script>alert(1)</script>]]>&amp;"[sound:x.mp3]{{c1::x}}\x00\ud800'


def spec(**more: Any) -> dict[str, Any]:
    return {
        "weights": [[[0.25, 0.75], [1 / 3, 2 / 3]]],
        "queries": ["the", "cat"],
        "keys": ["the", "cat"],
        "alt": "The cat looks at itself.",
        **more,
    }


def carried(svg: bytes) -> Any:
    root = ElementTree.fromstring(svg)  # noqa: S314  our own output
    title, metadata = root[0], root[1]
    assert (title.tag, metadata.tag) == (f"{SVG}title", f"{SVG}metadata")
    return json.loads(metadata.text or "")


def attributes(image: str) -> dict[str, str | None]:
    found: list[tuple[str, dict[str, str | None]]] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Parser().feed(image)
    ((tag, given),) = found
    assert tag == "img"
    return given


@given(
    st.lists(st.floats(-1e30, 1e30), min_size=4, max_size=4),
    st.lists(ANY, min_size=4, max_size=4),
    ANY,
    st.booleans(),
)
def test_a_picture_s_data_is_read_back_equal(
    weights: list[float], labels: list[str], alt: str, masked: bool
) -> None:
    given = spec(weights=[[weights[:2], weights[2:]]], queries=labels[:2], keys=labels[2:])
    given |= {"alt": alt, "heads": [alt], "words": {"query": alt}}
    if masked:
        given |= {"masked": [[False, True], [True, False]], "exact": False}
    name, svg = picture(given)
    assert carried(svg) == given
    assert re.fullmatch(r"attention-[0-9a-f]{20}\.svg", name)
    assert svg.isascii() or svg.decode()


def test_but_for_its_data_a_picture_is_what_the_renderer_draws() -> None:
    for style in (LIGHT, replace(DARK, scale="magma")):
        _, svg = picture(spec(), style)
        bare = re.sub("<metadata>.*</metadata>", "", svg.decode())
        assert bare == heatmap.svg(spec(), style=style)


def test_what_a_masked_cell_holds_is_carried_and_changes_nothing_that_is_seen() -> None:
    masked = {"masked": [[False, True], [False, False]]}
    pictures = [picture(spec(weights=[[[0.25, hidden], [0.3, 0.7]]], **masked))[1] for hidden in (0.75, -1e9)]
    assert [carried(svg)["weights"][0][0][1] for svg in pictures] == [0.75, -1e9]
    bare = {re.sub("<metadata>.*</metadata>", "", svg.decode()) for svg in pictures}
    assert len(bare) == 1
    assert "−" not in bare.pop()


def test_a_name_depends_on_specification_and_style_and_nothing_else() -> None:
    name, svg = picture(spec())
    assert (name, svg) == picture(dict(reversed(spec().items())))
    assert name == picture(spec(heads=[], masked=None, other=object()))[0]
    others = [
        picture(spec(alt="Another text."))[0],
        picture(spec(weights=[[[0.25, 0.75], [0.5, 0.5]]]))[0],
        picture(spec(), DARK)[0],
        picture(spec(), replace(LIGHT, digits=3))[0],
    ]
    assert len({name, *others}) == 5
    assert name == "attention-6a9bcea29e2767d18bf3.svg"  # stays from release to release


def test_hostile_texts_stay_texts() -> None:
    given = spec(alt=EVIL, queries=[EVIL, "b"], heads=[EVIL])
    name, svg = picture(given)
    assert carried(svg)["queries"][0] == EVIL
    assert b"<script" not in svg
    image = html(name, given)
    assert "<script" not in image
    # An editor writes characters where entities stood.
    alt = attributes(image)["alt"] or ""
    assert not re.search(r"\[sound|\{\{|\}\}|::", alt)
    assert "alert(1)" in alt


@pytest.mark.parametrize("style", [LIGHT, replace(DARK, room=600)])
def test_an_image_has_its_class_its_name_its_text_and_its_size(style: heatmap.Style) -> None:
    drawn = heatmap.drawn(spec(), style=style)
    assert attributes(html("attention-0.svg", spec(), style)) == {
        "class": "attention-heatmap",
        "src": "attention-0.svg",
        "alt": "The cat looks at itself.",
        "width": str(drawn.width),
        "height": str(drawn.height),
    }


def test_where_nothing_was_said_the_text_tells_what_it_is() -> None:
    assert attributes(html("a.svg", spec(alt="")))["alt"] == "Attention heatmap, 2 queries by 2 keys"
    given = spec(alt=" \n ", weights=spec()["weights"] * 3)
    assert attributes(html("a.svg", given))["alt"] == "Attention heatmap, 2 queries by 2 keys, 3 heads"
    assert attributes(html("a.svg", spec(alt="one\n  two")))["alt"] == "one two"


@pytest.mark.parametrize(
    "change", [{"weights": [[[0.5]]]}, {"keys": [{"a": {1, 2}}, "b"]}, {"keys": [b"a", b"b"]}]
)
def test_a_malformed_specification_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"throughout|labels|belongs|JSON"):
        picture(spec(**change))
