from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from verideck.rendering import media, svg
from verideck.rendering.svg import allowed, styles

_SPEC = importlib.util.spec_from_file_location("svg_pictures", Path(__file__).with_name("pictures.py"))
assert _SPEC
assert _SPEC.loader
pictures: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pictures)


@pytest.mark.parametrize("name", pictures.REFUSED)
def test_what_acts_or_loads_is_refused_with_the_reason(name: str) -> None:
    data, said = pictures.REFUSED[name]
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        svg.clean_svg(data)


@pytest.mark.parametrize("name", pictures.CLEANED)
def test_what_a_picture_can_do_without_is_dropped(name: str) -> None:
    data, said, left, gone = pictures.CLEANED[name]
    clean = svg.clean_svg(data)
    text = clean.data.decode("utf-8")
    assert clean.dropped == said
    assert left in text
    assert gone not in text
    assert svg.clean_svg(clean.data) == svg.CleanPicture(clean.data)


@pytest.mark.parametrize("name", pictures.TOOLS)
def test_what_drawing_programs_write_is_packed(name: str) -> None:
    data, said = pictures.TOOLS[name]
    clean = svg.clean_svg(data)
    assert clean.dropped == said
    shapes = {"rect", "path", "polygon", "ellipse", "use", "text"}

    def drawn(source: bytes) -> int:
        root = etree.fromstring(source, etree.XMLParser(load_dtd=False, no_network=True))
        return sum(etree.QName(one).localname in shapes for one in root.iter("{*}*"))

    assert drawn(clean.data) == drawn(data)
    assert b"DOCTYPE" not in clean.data
    assert svg.clean_svg(clean.data) == svg.CleanPicture(clean.data)


def test_a_clean_picture_keeps_its_bytes() -> None:
    plain = pictures.svg(
        "<!-- drawn by hand --><style>.a { fill : red }</style>"
        '<rect class="a" style=" fill:url(#b) ; stroke: blue"/>'
        f'<image href="data:image/png;base64,{pictures.PNG}"/><text xml:space="preserve"> a </text>'
    )
    assert svg.clean_svg(plain) == svg.CleanPicture(plain)
    declared = b'<?xml version="1.0" encoding="UTF-8"?>\n' + plain
    assert svg.clean_svg(declared).data == declared


def test_an_image_says_what_it_lost() -> None:
    data, said = pictures.TOOLS["draw.io"]
    dropped: list[str] = []
    made = media.image("a.svg", data, dropped)
    assert tuple(dropped) == said
    assert made.data == svg.clean_svg(data).data
    assert svg.describe(said) == "<foreignObject>, for which it has a replacement and the link <a>"
    assert svg.describe(tuple("abcdefg")) == "a, b, c, d, e and 2 more"


def test_styles_in_brackets_without_end_are_read_in_bounds() -> None:
    told: list[str] = []
    assert styles.clean_declarations("fill:" + "rgb(" * 5_000, told.append) == ""
    assert styles.clean_sheet("a{" * 5_000, told.append) == ""
    assert told == ["a style with too many brackets", "a style sheet with too many brackets"]
    assert not styles.is_safe_value("url(" * 5_000)


@given(st.text(alphabet="url(#)'\"\\75 :;/*ab{}@,-\n", max_size=60))
def test_no_style_that_is_kept_loads_anything(text: str) -> None:
    kept = styles.clean_declarations(f"fill:{text}", lambda _: None)
    assert styles.clean_declarations(kept, lambda _: None) == kept
    again = styles.clean_declarations(f"fill:{text};stroke:red", lambda _: None)
    assert "url(" not in again.replace("url(#", "").replace('url("#', "").replace("\\", "")


def test_tables_do_not_contradict_each_other() -> None:
    assert not allowed.ELEMENTS & (allowed.ACTING | allowed.UNWRAPPED | allowed.SILENT)
    assert not any(name.startswith("on") for name in allowed.ATTRIBUTES)
    assert not {"href", "src"} & allowed.ATTRIBUTES
