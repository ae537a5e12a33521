"""Blocks are found where a browser shows text, whatever editors made of them; a reason says what is wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html import escape
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon import heatmap
from addon.reading import blocks as reading
from addon.reading.blocks import blocks, replaced
from addon.reading.limits import MOST_BLOCKS, MOST_TEXT

REASONS = (Path(__file__).parent / "reasons.txt").read_text("utf-8").strip().split("\n\n")
GOOD = '{"tokens": ["a", "b"], "weights": [[1, 0], [0.5, 0.5]]}'
SPEC = {
    "weights": [[[1, 0], [0.5, 0.5]]],
    "queries": ["a", "b"],
    "keys": ["a", "b"],
    "heads": [],
    "masked": [],
    "alt": "",
}


def only(html: str) -> reading.Block:
    (block,) = blocks(html)
    return block


def resolved(html: str) -> dict[str, Any]:
    block = only(html)
    assert block.spec, block.reason
    return reading.resolved(block.spec)


@pytest.mark.parametrize("case", REASONS, ids=lambda case: case.split("\n")[0])
def test_what_is_wrong_is_told(case: str) -> None:
    _, html, reason = case.split("\n")
    block = only(html)
    assert (block.spec, block.reason) == (None, reason.removeprefix("> "))


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        escape(GOOD),
        GOOD.replace(" ", "&nbsp;"),
        GOOD.replace(" ", "\u00a0"),
        GOOD.replace(" ", "<br>"),
        GOOD.replace(", ", ",</div><div>"),
        GOOD.replace("0.5", '<span style="color: red">0.5</span>'),
        GOOD.replace("1", "<b>1</b>"),
        f"<!-- {{ -->{GOOD}",
        f"<p>\n{GOOD}\n</p>",
        f"\ufeff\u200b{GOOD}",
        GOOD.replace('"', "“", 1).replace('"', "”", 1).translate({34: "“"}),
        GOOD.replace('"', "&#34;"),
        GOOD.replace('"', "&#x22;"),
    ],
)
def test_what_editors_do_to_a_block_is_undone(written: str) -> None:
    html = f"before [attention]{written}[/attention] after"
    assert resolved(html) == SPEC
    block = only(html)
    assert html[: block.start] == "before "
    assert html[block.end :] == " after"


def test_a_phone_may_have_written_a_capital() -> None:
    assert resolved(f"[Attention]{GOOD}[/ATTENTION]") == SPEC


def test_letters_of_html_stay_letters() -> None:
    html = '[attention]{"tokens": ["&lt;s&gt;", "&amp;amp;"], "weights": [[1, 0], [0, 1]]}[/attention]'
    assert resolved(html)["queries"] == ["<s>", "&amp;"]


@pytest.mark.parametrize(
    "html",
    [
        '<b title="[attention]{}[/attention]">x</b>',
        "<b title='[attention]{}[/attention]'>x</b>",
        "<b title=[attention]{}[/attention]>x</b>",
        "<b data-a='>' title='[attention]{}[/attention]'>x</b>",
        "<!-- [attention]{}[/attention] -->",
        "<!doctype [attention]{}[/attention]>",
        "<script>'[attention]{}[/attention]'</script>",
        "<style>/* [attention]{}[/attention] */</style>",
        "<textarea>[attention]{}[/attention]</textarea>",
        "<TITLE>[attention]{}[/attention]</TITLE>",
        "<script>[attention]{}[/attention]",
        "<b title='[attention]{}[/attention]",
        "[attentions]{}[/attentions]",
        "",
    ],
)
def test_what_is_not_shown_as_text_is_no_block(html: str) -> None:
    assert blocks(html) == []
    assert replaced(html, lambda block: "X") == html


@pytest.mark.parametrize(
    "before",
    [
        "<!-->",
        "<!--->",
        "<!-- a --!>",
        "</>",
        "a < b ",
        "<b title=it's>",
        '<b a=">">',
        "<br/>",
        "<script></SCRIPT>",
        "<p a = b>",
        "<?x?>",
    ],
)
def test_blocks_behind_odd_markup_are_found(before: str) -> None:
    assert only(f"{before}[attention]{GOOD}[/attention]").spec


def test_a_block_in_a_block() -> None:
    html = f"[attention]{{[attention]{GOOD}[/attention]}}[/attention]"
    first, second = blocks(html)
    assert (html[first.start : first.end], first.reason) == ("[attention]", "[attention] has no [/attention]")
    assert second.spec


def test_what_is_around_keeps_its_form() -> None:
    html = f"<div class=card><div>x [attention]</div><div>{GOOD}<br><i>[/attention] y</i></div></div>"
    assert (
        replaced(html, lambda block: "BLOCK")
        == "<div class=card><div>x BLOCK</div><div><i> y</i></div></div>"
    )


def test_elements_within_a_block_go_with_it() -> None:
    html = f"<p>[attention]<b><i>{GOOD}</b></i><br>[/attention]</p>"
    assert replaced(html, lambda block: "BLOCK") == "<p>BLOCK</i></p>"  # a stray end, as it was


def test_a_card_has_a_bounded_number_of_blocks() -> None:
    found = blocks(f"[attention]{GOOD}[/attention]" * 10_000)
    assert len(found) == 10_000
    assert all(block.spec for block in found[:MOST_BLOCKS])
    assert {block.reason for block in found[MOST_BLOCKS:]} == {
        "a card may have 50 blocks, and this is one more"
    }


def test_a_card_has_a_bounded_number_of_letters_in_blocks() -> None:
    long = f"[attention]{GOOD}{' ' * (MOST_TEXT // 2)}[/attention]"
    assert [bool(block.spec) for block in blocks(long * 2)] == [True, False]


def test_equal_texts_have_one_identity_and_others_another() -> None:
    one, two, three = blocks(f"[attention]{GOOD}[/attention]" * 2 + f"[attention]{GOOD} [/attention]")
    names = [block.spec.identity for block in (one, two, three) if block.spec]
    assert names[0] == names[1] != names[2]


MARKUP = st.sampled_from(
    [
        *(
            "<b>",
            "</b>",
            "<br>",
            "<div>",
            "</div>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<",
            ">",
            "'",
            '"',
            "=",
        ),
        *(
            "[attention]",
            "[/attention]",
            GOOD,
            escape(GOOD),
            "&nbsp;",
            "&",
            "a",
            " ",
            "<a b='",
            "<p ",
            "<textarea>",
        ),
    ]
)


@given(st.lists(MARKUP, max_size=12).map("".join))
def test_any_markup(html: str) -> None:
    found = blocks(html)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for block in found:
        assert html[block.start :].startswith("[attention]")
        assert bool(block.spec) != bool(block.reason)
        if block.spec:
            assert html[: block.end].endswith("[/attention]")
            heatmap.drawn(reading.resolved(block.spec))
    tags = re.compile(r"</?(?:b|div)>")
    assert len(tags.findall(replaced(html, lambda block: ""))) <= len(tags.findall(html))


@given(st.text())
def test_any_text(text: str) -> None:
    block = only(f"[attention]{escape(text)}[/attention]")
    assert block.spec is None
    assert block.reason.isprintable()


ATTRIBUTE = "x='y' "


def steps(work: Callable[[], object]) -> int:
    """Count calls, of Python's functions and of those in C."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "thing",
    [
        *(
            "[attention]",
            "[attention]{}[/attention]",
            "<b>",
            "<i></b>",
            "<!---->",
            "<script></script>",
            "<a b='c'>",
        ),
        *(
            "<a ",
            '<a "',
            "<!--",
            "<script>",
            "&amp;",
            "&copy;",
            "[",
            "{",
            '"',
            '\\"',
            "0,",
            "[],",
            '"",',
            "x='y' ",
        ),
    ],
)
def test_work_grows_as_the_text_does_and_ends(thing: str) -> None:
    few, many, most = (worked(thing, count) for count in (500, 1_000, 100_000))
    assert many <= 2.2 * few + 100
    assert most <= 800_000  # some 20 ms


def worked(thing: str, count: int) -> int:
    html = f"[attention]{'<p ' if thing == ATTRIBUTE else ''}{thing * count}[/attention]"
    return steps(lambda: blocks(html))
