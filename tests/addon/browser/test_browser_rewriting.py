"""Fields with heatmaps drawn anew or made static: nothing else changes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.browser import rewriting, tags
from addon.drawing import static
from addon.heatmap import LIGHT
from addon.reading.pictures import spec_of

SPEC: dict[str, Any] = {
    "weights": [[[1.0, 0.0], [0.25, 0.75]]],
    "queries": ["the", "cat"],
    "keys": ["the", "cat"],
    "alt": "a “point” & more",
}
MAGMA = replace(LIGHT, scale="magma", room=600)
NAME, DATA = static.picture(SPEC)
HTML = static.html(NAME, SPEC)
BLOCK = '[attention]{"tokens": ["a", "b"], "weights": [[1, 0], [0.5, 0.5]]}[/attention]'


def media(name: str) -> bytes:
    files = {
        NAME: DATA,
        "o.svg": DATA,
        "plain.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "bad.svg": b"<svg <metadata>",
    }
    if name not in files:
        raise ValueError("its file is missing from the media folder")
    return files[name]


def test_a_picture_is_drawn_anew_and_nothing_else_changes() -> None:
    before, after = "<b>x</b> &amp; <IMG src='other.svg'>\u200b", "<br>\n<img class=heatmap src=a.svg>"
    made = rewriting.redrawn(before + HTML + after, media, MAGMA)
    (name,) = made.files
    assert (made.done, made.unchanged, made.faults) == (1, 0, [])
    assert made.html.startswith(before)
    assert made.html.endswith(after)
    tag = made.html[len(before) : -len(after)]
    assert tag == static.html(name, SPEC, MAGMA)  # its size, too, for it had its own
    assert spec_of(made.files[name])["weights"] == SPEC["weights"]


def test_a_size_of_a_persons_own_stays() -> None:
    html = re.sub('width="[0-9]+"', 'width="99"', HTML)
    made = rewriting.redrawn(html, media, MAGMA)
    assert 'width="99"' in made.html
    assert re.findall('height="[^"]+"', made.html) == re.findall('height="[^"]+"', HTML)


def test_several_pictures_and_what_they_carry_beside() -> None:
    revealed = HTML[:-1] + " data-reveal=''>"
    made = rewriting.redrawn(HTML + "–" + revealed + "[sound:a.mp3]" + HTML, media, MAGMA)
    assert made.done == 3
    assert len(made.files) == 1
    assert made.html.count(next(iter(made.files))) == 3
    assert "data-reveal=''>[sound:a.mp3]" in made.html


def test_the_same_style_leaves_the_field_as_it_is() -> None:
    made = rewriting.redrawn(HTML, media, LIGHT)
    assert (made.html, made.files, made.done, made.unchanged) == (HTML, {}, 0, 1)


@pytest.mark.parametrize(
    ("src", "reason"),
    [
        ("plain.svg", rewriting.NOT_OURS),
        ("bad.svg", "well-formed"),
        ("gone.svg", "missing"),
        ("../../secret", "missing"),
        ("", "a picture without a file"),
    ],
)
def test_what_cannot_be_drawn_stays_and_has_a_reason(src: str, reason: str) -> None:
    html = f"a{HTML.replace(NAME, src)}b"
    made = rewriting.redrawn(html + HTML, media, MAGMA)
    assert made.html.startswith(html)
    assert made.done == 1
    assert reason in made.faults[0]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "attention-heatmap",
        "<img class='attention-heatmap'",
        "<!-- " + HTML + " -->",
        "<textarea>" + HTML + "</textarea>",
        f'<div title="{HTML.replace(chr(34), chr(39))}">x</div>',
        '<img class="attention-heatmaps" src="x.svg">',
        "<img alt=\"class='attention-heatmap'\" src=x.svg>",
    ],
)
def test_what_is_no_picture_of_ours_stays(html: str) -> None:
    made = rewriting.redrawn(html, media, MAGMA)
    assert (made.html, made.done, made.faults) == (html, 0, [])


def test_a_file_name_with_an_entity_or_an_escape_is_understood() -> None:
    (tag,) = tags.pictures('<img src="a%20b&amp;c.svg" class="x attention-heatmap">')
    assert tag.file == "a b&c.svg"


def test_a_block_becomes_a_picture() -> None:
    made = rewriting.made_static(f"before {BLOCK} <i>after</i>", media, LIGHT)
    (name,) = made.files
    assert made.done == 1
    alt = "Attention, 2 × 2: “a” looks most at “a” (1)."
    assert f'before <img class="attention-heatmap" src="{name}" alt="{alt}"' in made.html
    assert made.html.endswith("> <i>after</i>")
    assert spec_of(made.files[name])["weights"] == [[[1, 0], [0.5, 0.5]]]


def test_what_a_block_says_beside_its_weights_is_kept() -> None:
    said = {"reveal": True, "view": {"heads": "mean", "rows": True}, "weights": [[[1, 0]], [[0, 1]]]}
    made = rewriting.made_static(f"[attention]{json.dumps(said)}[/attention]", media, LIGHT)
    assert 'data-reveal=""' in made.html
    assert 'data-view="{&quot;rows&quot;: true, &quot;heads&quot;: &quot;mean&quot;}"' in made.html


def test_tags_that_a_block_runs_across_stay() -> None:
    made = rewriting.made_static(
        "<div>a [attention]{&quot;weights&quot;:</div><div>[[1]]}[/attention] b</div>", media, LIGHT
    )
    assert re.sub("<img[^>]*>", "IMG", made.html) == "<div>a IMG</div><div> b</div>"


def test_attributes_change_whatever_their_order() -> None:
    image = re.sub(r'(src="[^"]*") (alt="[^"]*") (width="[^"]*") (height="[^"]*")', r"\4 \1 \3 \2", HTML)
    made = rewriting.redrawn(image.replace(NAME, "o.svg"), media, MAGMA)
    (name,) = made.files
    anew = static.html(name, SPEC, MAGMA)
    assert sorted(re.findall(r'\w+="[^"]*"', made.html)) == sorted(re.findall(r'\w+="[^"]*"', anew))


def test_a_malformed_block_stays_and_has_a_reason() -> None:
    wrong = "<b>[attention]{oops}[/attention]</b> and [attention]"
    made = rewriting.made_static(wrong + BLOCK, media, LIGHT)
    assert made.html.startswith("<b>[attention]{oops}[/attention]</b> and ")
    assert made.done <= 1
    assert made.faults


@given(st.text(st.sampled_from("<>img class=\"'attention-heatmap src/[]{}a&;!-"), max_size=200))
def test_nothing_is_raised_and_nothing_changes_without_heatmaps(html: str) -> None:
    for rewrite in (rewriting.redrawn, rewriting.made_static):
        made = rewrite(html, media, LIGHT)
        if not made.done:
            assert made.html == html
