"""GIFT: what is written reads as the same cards, in the eyes of a learner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.cards import Card, Fence, Heatmap, Kind, Location, Option
from verideck.project import Project
from verideck.reading import markdown
from verideck.reading.formats import gift, gift_writing
from verideck.reading.items import Fate, Item, Markup
from verideck.rendering import labels, markup
from verideck.rendering.context import Context

ROOT = Path(__file__).parents[3]
SOURCES = sorted(path for path in (ROOT / "sources").glob("*.md") if path.stem != "README")
PROJECT = Project("4d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11", "A deck", "a-deck")
AT = Location("a.md")


def shown(text: str) -> str:
    """Give a slot as a learner sees it, white space and the colours of code aside."""
    context = Context(AT, MappingProxyType(dict.fromkeys(labels.of(PROJECT), "")))
    html = markup.html(
        re.sub(r"^(`{3,})(?:python run|text output)$", r"\1python", text, flags=re.MULTILINE), context
    )
    html = re.sub(r"</?span[^>]*>|</?p>|</?div[^>]*>", " ", html)
    html = html.replace("<strong>", "<b>").replace("</strong>", "</b>").replace("<br />", "<br>")
    return "".join(html.replace("<em>", "<i>").replace("</em>", "</i>").split())


def slots(card: Card | Item) -> Iterator[tuple[str, str]]:
    """Give what a card and an item have in common, slot by slot."""
    yield "question", shown(card.heading if isinstance(card, Card) else card.question)
    yield "body", shown(card.body)
    yield "answer", shown(card.answer)
    explained = [card.explanation, card.mistake, card.takeaway]
    yield "explanation", shown("\n\n".join(part for part in explained if part))
    for option in card.options:
        yield f"option {option.ticked}", shown(option.text)
        yield "reason", shown(option.reason)
    yield (
        "accepted",
        " ".join(shown(one).replace("<code>", "").replace("</code>", "") for one in card.accepted),
    )
    yield "select all", str(card.select_all)
    yield "id", card.id or ""
    yield "tags", " ".join(card.tags)
    yield "deck", card.deck


def comes_back(cards: list[Card]) -> int:
    written = gift_writing.write(cards, PROJECT)
    page = gift.read(written.text.encode(), "a.gift")
    assert Fate.UNACCOUNTED not in page.fates
    assert not page.problems
    refused = {one.line for one in written.problems if one.message.startswith("not exported")}
    kept = [card for card in cards if card.location.line not in refused]
    assert len(page.items) == len(kept) == written.count
    for card, item in zip(kept, page.items, strict=True):
        assert item.kind is card.kind
        assert item.markup is Markup.MARKDOWN
        assert list(slots(item)) == list(slots(card)), card.heading
    return written.count


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.stem))
def test_the_deck_comes_back(path: Path) -> None:
    cards = list(markdown.read(path.read_text(encoding="utf-8"), "a.md").cards)
    assert comes_back(cards) > len(cards) / 4


LINES = (
    "plain text",
    "a = b ~ c # d { e } f: g",
    "`code = {x}` and $x_1^{2} = \\{y\\}$",
    "$$\\frac{a}{b} \\neq \\nabla_\\theta$$",
    "\\*no emphasis\\* and *some*, **much**",
    "C:\\\\new \\\\n",
    "[html] <kbd>Ctrl</kbd> &amp; \\<pad>",
    "a -> b",
    "50 % of 10",
    "«words» 東京 🧠",
    "\\{\\{c1::no cloze}}",
    "1\\. not first",
    "// no comment",
    "::no name::",
    "\\$CATEGORY: none",
    "a < b && c > d",
    "[a link](https://example.org/a_b)",
    "TRUE",
    "//",
)
BLOCKS = (
    "- one\n- two",
    "1. one\n2. two",
    "| a | b |\n| --- | --- |\n| `x` | $y$ |",
    "```python\nif x:\n\n    y = {1: 2}  # =~\n```",
    "```\n$no maths$ \\n\n```",
    "> quoted",
    "```math\nx_1 = 2\n```",
)
LINE = st.sampled_from(LINES)
TEXT = st.lists(st.sampled_from((*LINES, *BLOCKS)), max_size=3).map("\n\n".join)


@st.composite
def choices(draw: st.DrawFn) -> Card:
    texts = draw(st.lists(LINE, min_size=2, max_size=5, unique=True))
    several = draw(st.booleans())
    most = len(texts) if several else 1
    ticked = draw(st.sets(st.integers(0, len(texts) - 1), min_size=1, max_size=most))
    options = [Option(text, place in ticked, AT, draw(TEXT)) for place, text in enumerate(texts)]
    return Card(
        Kind.CHOICE, AT, draw(LINE), "D::Sub / part", draw(TEXT),
        options=tuple(options), explanation=draw(TEXT), select_all=several, id="an-id", tags=("a", "b::c"),
    )  # fmt: skip


@st.composite
def others(draw: st.DrawFn) -> Card:
    if draw(st.booleans()):
        accepted = st.sampled_from(["4", "0.5", "-2.25", "`(2, 5, 64)`", "a * b", "x = {1}", "T", "word"])
        given = tuple(draw(st.lists(accepted, min_size=1, max_size=3, unique=True)))
        return Card(Kind.TYPED, AT, draw(LINE), "D", draw(TEXT), accepted=given, explanation=draw(TEXT))
    answer = draw(TEXT) or "x"
    return Card(Kind.RECALL, AT, draw(LINE), "D", draw(TEXT), answer=answer, explanation=draw(TEXT))


@settings(max_examples=40, deadline=None)
@given(st.lists(choices() | others(), min_size=1, max_size=3))
def test_any_card_comes_back(cards: list[Card]) -> None:
    assert comes_back(cards) == len(cards)


def test_true_and_false_come_back() -> None:
    for right, reasons in ((True, ("a", "")), (False, ("", "b")), (True, ("", "c")), (False, ("d", "e"))):
        options = (Option("True", right, AT, reasons[0]), Option("False", not right, AT, reasons[1]))
        card = Card(Kind.CHOICE, AT, "Is it so?", "D", options=options, keep_order=True)
        assert f"{{{'T' if right else 'F'}" in gift_writing.write([card], PROJECT).text
        comes_back([card])


def test_says_what_cannot_be_carried() -> None:
    fence = Fence("x = 1", AT)
    recall = Card(Kind.RECALL, AT, "Why?", "D", answer="So.")
    cards = [
        Card(Kind.CLOZE, Location("a.md", 1), "{{c1::x}}", "D"),
        Card(Kind.RECALL, Location("a.md", 2), "Q", "D", answer="«x»", vary=fence, vary_count=2),
        Card(Kind.RECALL, Location("a.md", 3), "Q", "D", answer="A", heatmaps=(Heatmap("h", fence),)),
        Card(Kind.RECALL, Location("a.md", 4), "Q", "D", lost=("answer",)),
        Card(Kind.TYPED, Location("a.md", 5), "Q", "D", accepted=("a -> b",)),
        Card(Kind.RECALL, Location("a.md", 6), "Q", "D", answer="A", hint="H"),
        recall,
    ]
    written = gift_writing.write(cards, PROJECT)
    assert [(one.line, one.message) for one in written.problems] == [
        (1, "not exported: a cloze card"),
        (2, "not exported: a card whose values vary"),
        (3, "not exported: a card with a heatmap"),
        (4, "not exported: its source has lost answer"),
        (5, "not exported: a typed answer with `->`, which stands between the parts of a pair there"),
        (6, "its hint is not exported"),
    ]
    assert written.count == 2
    assert written.text.endswith("::Why?::[markdown]Why? {####So.}\n")
