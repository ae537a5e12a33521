from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from verideck.rendering import heatmap, labels, media
from verideck.rendering.labels import LANGUAGES

if TYPE_CHECKING:
    from verideck.cards import HeatmapValues

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'


@pytest.mark.parametrize(
    ("path", "data", "ending"),
    [
        ("a.png", PNG, ".png"),
        ("A Picture.PNG", PNG, ".png"),
        ("a.jpeg", b"\xff\xd8\xff1", ".jpg"),
        ("a.gif", b"GIF89a1", ".gif"),
        ("a.webp", b"RIFF1234WEBP", ".webp"),
        ("a.svg", SVG, ".svg"),
        ("a.svg", b'<?xml version="1.0"?>\n' + SVG, ".svg"),
    ],
)
def test_images_are_named_by_their_contents(path: str, data: bytes, ending: str) -> None:
    made = media.image(path, data)
    assert re.fullmatch(r"verideck-[0-9a-f]{20}" + re.escape(ending), made.name)
    assert made.data == data
    assert made == media.image("other" + path, data)


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("a.bmp", b"BM", "is not one of"),
        ("a", b"", "is not one of"),
        ("a.png", b"GIF89a", "does not hold"),
        ("a.png", b"", "does not hold"),
        ("a.png", PNG + b"x" * media.MOST_BYTES, "more than 5,000,000"),
        ("a.svg", b"<svg", "not well-formed"),
        ("a.svg", SVG.replace(b"<circle", b"<script>1</script><circle"), "<script>"),
        ("a.svg", SVG.replace(b"<circle", b"<circle onclick='a()'"), "onclick"),
        ("a.svg", SVG.replace(b"<circle", b"<image href='https://evil.test/x.png'/><circle"), "elsewhere"),
    ],
)
def test_what_is_no_image_to_ship_says_why(path: str, data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        media.image(path, data)


def test_a_heatmap_is_named_by_its_specification(
    causal: HeatmapValues, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = media.specification(causal, LANGUAGES["en"])
    picture, file = media.picture(spec)
    assert re.fullmatch(r"verideck-[0-9a-f]{20}\.svg", file.name)
    assert file.data.decode() == heatmap.svg(spec)
    assert f'width="{picture.width}" height="{picture.height}"' in file.data.decode()
    assert picture.alt == causal.alt
    german, _ = media.picture(media.specification(causal, LANGUAGES["de"]))
    assert german.name != file.name
    monkeypatch.setattr(media, "RENDER_EPOCH", 99)
    assert media.picture(spec)[0].name != file.name


def test_every_language_has_every_word() -> None:
    assert all(set(words) == labels.NAMES for words in LANGUAGES.values())
    assert all(word.strip() == word and word for words in LANGUAGES.values() for word in words.values())
    assert all(
        "{proven}" in words["proven"] and "{options}" in words["proven"] and "{left}" in words["next_step"]
        for words in LANGUAGES.values()
    )
