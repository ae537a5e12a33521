"""Escaping: plain text becomes Markdown that the reader takes as it is and a card shows as that text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from verideck.cards import Card, Kind, Location, Option
from verideck.importing import safe_formulas
from verideck.reading import escaping, front_matter, markdown, writing
from verideck.rendering import markup
from verideck.rendering.context import Context

NOWHERE = Location("")
FRONT = front_matter.FrontMatter("D")
PIECES = st.sampled_from(
    [
        *"\\`*_{}[]()<>#+-.!|~$&;:='\"/^%@ab1 \t\n",
        *(
            "\n\n",
            "  ",
            "---",
            "===",
            "- ",
            "* ",
            "+ ",
            "1. ",
            "2) ",
            "# ",
            "## x",
            "#x",
            "> ",
            "> [!TIP]",
            "```",
            "~~~",
        ),
        *(
            "- [x] a",
            "[x] ",
            "-[ ]b",
            "1.[x]",
            "{{c1::a}}",
            "{{c1::",
            "}}",
            "{{ C2 :",
            "{{1::",
            "«a»",
            "«a:.2f»",
            "«",
            "»",
        ),
        *(
            "<b>",
            "</p>",
            "<!-- x -->",
            "<!-- card: #a -->",
            "<!-- import: a -->",
            "<?",
            "<a@b.c>",
            "<http://a>",
            "<img src=x>",
        ),
        *(
            "&amp;",
            "&#42;",
            "&nbsp;",
            "&x",
            "[a](b)",
            "![a](b)",
            "[a]: b",
            "![a][b]",
            "[^1]",
            "**",
            "__init__",
            "d_model",
        ),
        *(
            "| a | b |",
            "|---|---|",
            "---|---",
            ":-:",
            "http://a.b/c_d*e",
            "www.x.yz/_a_",
            "a@b.cd",
            "5 * 3",
            "-0.5",
            "~20",
            "~~",
        ),
        *(
            "[0.5, 0.5]",
            "tensor([[1., 2.]])",
            "(2, 5)",
            "\\(x\\)",
            "\\n",
            "C:\\",
            "\x00",
            "\u202e",
            "\u2028",
            "\r",
            "\ufeff",
        ),
        *(
            "東",
            "e\u0301",
            "\u00a0",
            "🧠",
            "\u3000",
            "\U000e0001",
            "heatmap:x",
            "`code`",
            "import: x",
            "***",
            "* * *",
            "_ _ _",
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
DOLLARS = st.lists(st.one_of(PIECES, st.sampled_from(["$", "$5", "$x$", "$$", "$a_1$ "])), max_size=12).map(
    "".join
)
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def shown(source: str) -> str:
    """Give the text that a card shows of some Markdown, formulas as TeX between dollars."""
    context = Context(NOWHERE, {"note": "", "output": ""})
    written = markup.html(source, context)
    assert context.problems == []
    text = re.sub(r"(?s)<!--.*?-->", "", written)
    text = re.sub(r"(?s)</p>|<br>", "\n", text)
    return folded(html.unescape(re.sub(r"(?s)<[^>]*>", "", text)))


def folded(text: str) -> str:
    """Fold white space as a browser does, and letters as a card holds them."""
    lines = (" ".join(re.split(r"[ \t]+", line.strip(" \t"))) for line in text.split("\n"))
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line)).strip()


def plain(text: str) -> str:
    """Give the text that a card should show of a page's text: without what no source may hold."""
    return folded(_UNWANTED.sub("", re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)))


@settings(max_examples=50, deadline=None)
@given(TEXTS.map(lambda text: text.replace("$", "")))
@example("- a\n2) b\n---\n# x\n> q\n===\n```\n~~~\n<div>\n[a]: b\n* * *\n_ _ _\n| a |\n|---|\n    code\n\tx")
@example("http://a.b/*c* www.a.bc/_d_ https://a.b/c_d http://a.b/x\\\\http://c.d/e*")
@example("**a** *b* _c_ ~~d~~ `e` [f](g) ![h](i) <b> &amp; {{c1::j}} \\* \\")
def test_a_card_shows_the_text(text: str) -> None:
    assert shown(escaping.escape(text)) == plain(text)


def read_back(cards: Sequence[Card]) -> tuple[Card, ...]:
    source = writing.write(cards, FRONT)
    reading = markdown.read(source, "p")
    assert reading.problems == (), source
    return reading.cards


@settings(max_examples=50, deadline=None)
@given(DOLLARS)
@example("«a:.2f» «b» $«c:.1f» {{c1::x}}$")
def test_the_reader_finds_nothing_wrong_and_nothing_else(text: str) -> None:
    written = escaping.escape(text), escaping.one_line(text)
    block, line = map(safe_formulas.keep, written)
    if not line:
        return
    cards = (
        Card(Kind.RECALL, NOWHERE, line, "D", body=block, answer=block, explanation=block, hint=block),
        Card(Kind.TYPED, NOWHERE, "2", "D", body=block, accepted=(line,), takeaway=line),
        Card(
            Kind.CHOICE,
            NOWHERE,
            "3",
            "D",
            body=block,
            options=(Option(line, True, NOWHERE, block), Option(f"no {line}", False, NOWHERE)),
            explanation=block,
        ),
    )
    read = read_back(cards)
    for name in ("kind", "heading", "body", "answer", "accepted", "explanation", "hint", "takeaway"):
        assert [getattr(one, name) for one in read] == [getattr(one, name) for one in cards]
    assert [(one.text, one.reason) for one in read[2].options] == [
        (one.text, one.reason) for one in cards[2].options
    ]
    assert all(not one.checks and not one.images and one.vary is None for one in read)


@pytest.mark.parametrize(
    "text",
    [
        "d_model",
        "2 * 3",
        "2*3",
        "-0.5",
        "-x",
        "[0.5, 0.5]",
        "[[1., 2.], [3., 4.]]",
        "tensor([0.5000, 0.5000])",
        "a < b",
        "torch.Size([2, 5, 64])",
        "(2, 5, 64)",
        "1 x 10 x 64",
        "~20 minutes",
        "R & D",
        "a: b",
        "50%",
        "x = y",
        "{a}",
        "3.5",
        "$x_2 = y_2 - G(y_1)$",
        "$a$ and $$b$$",
        "the $n$th",
        "$5$",
        "$3 \\times 4$",
        "$QK^\\top/\\sqrt{d_k}$",
        "«mots»",
    ],
)
def test_what_does_not_act_stays_as_it_is(text: str) -> None:
    assert escaping.escape(text) == text


def test_an_alert_s_mark_is_text() -> None:
    assert escaping.escape("[!TIP] Look up.") == r"\[!TIP] Look up."
    quoted = f"deck: A\n---\n\n## B\n\nC\n\n> [!TIP]\n> {escaping.escape('[!NOTE]')}\n"
    assert not markdown.read(f"---\n{quoted}", "a.md").problems


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$5", "\\$5"),
        ("costs $5 and $10", "costs \\$5 and \\$10"),
        ("$5 or about 6$ a month", "\\$5 or about 6\\$ a month"),
        ("between $20k and US$30k", "between \\$20k and US\\$30k"),
        ("a $x +\ny$ b", "a $x + y$ b"),
        ("\\$x$", "\\\\\\$x\\$"),
        ("$x$ costs $5", "$x$ costs \\$5"),
        ("$$", "\\$\\$"),
        ("$ x $", "\\$ x \\$"),
        ("$${{c1::x}}$$", "$${ {c1::x}}$$"),
        ("  a  \n\n\n\tb \n c", "a\n\nb\nc"),
        ("", ""),
        (" \n", ""),
    ],
)
def test_dollars_and_lines(text: str, wanted: str) -> None:
    assert escaping.escape(text) == wanted


def test_one_line() -> None:
    assert escaping.one_line("- a\n\n  b\t*c*") == "\\- a b \\*c\\*"


@pytest.mark.parametrize(
    "text",
    [
        "_" * 100_000,
        "*" * 100_000,
        "-" * 100_000,
        "$a\\$" * 30_000,
        "$" * 100_001,
        "{{c" + " " * 100_000,
        "[" * 100_000,
        "$1 a" * 30_000,
        "`" * 100_000,
        "|" * 100_000 + "x",
        "a\n" * 50_000,
        "\\" * 100_001,
        "«" * 100_000,
        "<a" * 50_000,
    ],
    ids=lambda text: text[:6].strip(),
)
def test_long_texts_take_linear_time(text: str) -> None:
    """Were it quadratic, this test would take minutes."""
    assert len(escaping.escape(text)) <= 3 * len(text)
