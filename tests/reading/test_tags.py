from __future__ import annotations

import pytest

from verideck.reading import tags
from verideck.rendering import sanitise


def told(text: str) -> list[tuple[int, str]]:
    return [(fault.offset, fault.message) for fault in tags.faults(text)]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("the <mask> token", 4),
        ("List<int> of it", 4),
        ("i<j and j>k", 1),
        ("a </pad> b", 2),
        ("<nobr>rest", 0),
        ("x <!-- y --> z", 2),
        ('<b onclick="x()">y</b>', 0),
        ('<span style="color: red">y</span>', 0),
        ("two\nlines <pad\nclass=x>", 10),
        (r"\\<mask>", 2),
    ],
)
def test_what_a_card_would_drop_is_told(text: str, offset: int) -> None:
    assert [place for place, _ in told(text)] == [offset]


@pytest.mark.parametrize(
    "text",
    [
        "a < b and b > c",
        "`<mask>` and ``<pad>``",
        "$a<b$ and $$c<d>e$$",
        r"the \<mask> token",
        "<https://example.org> and <me@example.org>",
        'H<sub>2</sub>O, <kbd>Ctrl</kbd>, <br/>, <abbr title="x y">z</abbr>, <B lang=de>W</B>',
        '<img src="a.png" alt="A">',
        "a<b, c>d",
        "```html\n<mask>\n```",
        "5 <6> 7",
        "<title>a block, which the scanner refuses",
    ],
)
def test_what_a_card_shows_is_let_be(text: str) -> None:
    assert told(text) == []


def test_the_sanitiser_lets_through_what_the_reader_promises() -> None:
    assert set(tags.INLINE) <= sanitise.TAGS
    for name, attributes in tags.INLINE.items():
        for attribute in attributes | tags.EVERYWHERE:
            value = "https://example.org" if attribute in {"href", "src"} else "x"
            assert f"{attribute}=" in sanitise.clean(f'<{name} {attribute}="{value}">y')


def test_long_runs_are_read_once() -> None:
    assert told("<a " * 100_000 + "<" * 100_000 + "<b" + " c" * 200_000) == []
