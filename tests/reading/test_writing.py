"""Writing is the exact inverse of reading: whatever the reader makes of a source comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from verideck.cards import LEVELS, Card, Fence, Heatmap, Image, Kind, Location, Option
from verideck.problems import has_errors
from verideck.reading import canonical_form, dividing, markdown, writing
from verideck.reading.front_matter import FrontMatter

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "sources").glob("*.md") if path.stem != "README")
FIXTURES = (Path(__file__).parent / "fixtures" / "cards.txt").read_text(encoding="utf-8")
NOWHERE = Location("")


def placeless(value: object) -> object:
    """Give a value without the places in it."""
    if isinstance(value, Location):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(placeless(getattr(value, one.name)) for one in fields(value)))
    return tuple(map(placeless, value)) if isinstance(value, tuple) else value


def comes_back(cards: tuple[Card, ...]) -> list[str]:
    """Assert that cards come back from what is written of them, and give the sources."""
    sources = []
    for part in dividing.files(cards):
        chosen = [cards[index] for index in part.cards]
        source = writing.write(chosen, part.front)
        reading = markdown.read(source, "p")
        assert reading.problems == (), source
        assert [placeless(card) for card in reading.cards] == [placeless(card) for card in chosen], source
        assert writing.write(reading.cards, writing.front(reading.cards)) == source
        assert canonical_form.rewrite(source, "p") == source
        sources.append(source)
    return sources


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.stem))
def test_the_deck_comes_back(path: Path) -> None:
    reading = markdown.read(path.read_text(encoding="utf-8"), "p")
    [source] = comes_back(reading.cards)
    assert markdown.read(source, "p").cards[0].location.line > 1


def test_the_fixtures_come_back() -> None:
    sources = FIXTURES.split("\n.\n")[1::3]
    read = [
        markdown.read(one if one.startswith("---") else f"---\ndeck: D\n---\n{one}", "p") for one in sources
    ]
    assert sum(len(reading.cards) for reading in read) >= 8
    for reading in read:
        comes_back(reading.cards)


# --- Cards of every kind ---


@dataclass(frozen=True)
class Piece:
    """A stretch of Markdown and what a card knows of it."""

    text: str
    runs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    heatmaps: tuple[tuple[str, str, bool], ...] = ()
    images: tuple[str, ...] = ()


LINES = (
    "a line",
    "`code` and $x_1 + x_2$",
    "$$y = x$$",
    "two  spaces, a tab\tinside",
    "ends in spaces  ",
    "ends in \\",
    "naïve 東京 🧠 e\u0301 \u00a0x",
    "\\# no heading",
    "\\- no item",
    "\\--- no rule",
    "1\\. not first",
    "\\[x] no box",
    "***",
    "**bold *and* more**",
    "a < b && c > d",
    "<kbd>Ctrl</kbd> &amp; \\<pad>",
    "«words»",
    "\\{\\{c1::no cloze}}",
    "-5 is below 0",
    "`{{c1::code}}`",
    "x ## y ##",
    "\u3000wide",
    "   three spaces first",
    "www.example.org/_a_",
)
BLOCKS = (
    "* item\n  - nested\n    1. deeper\n\n  more of it\n+ another",
    "1. one\n2. two",
    "| a | b |\n|---|---|\n| `|` | 2 |",
    "```\n## no heading\n- [x] no box\n---\n```",
    "````text\n```python run\nprint(1)\n```\n````",
    "~~~\n```\n  \n\t\n~~~",
    "```math\nx_1 \\\\\ny_2\n```",
    "> quoted\n> > twice\n>\n> - item",
    "> [!NOTE]\n> a box",
    "### A heading ###",
    "```python\nimport torch\n\n\nx = 1\n```",
    "    indented code",
    "a\nb\nc",
    "``` \n```",
    "a\n\n\n\nb\n   \nc",
)
PLAIN = st.sampled_from([*LINES, *BLOCKS]).map(Piece)
CODE = st.sampled_from(
    ["print(1)", "x = 1\n\nprint(x)", "print('```')", "\nprint(2)  \n", "```\n````", "a = '«words»'"]
)
NAMES = st.sampled_from(["even", "past", "a-b_c"])


def run(code: str) -> Piece:
    return Piece(f"`````python run\n{code}\n`````", runs=(code,))


def output(code: str) -> Piece:
    return Piece(f"~~~text output\n{code}\n~~~", outputs=(code,))


def image(name: str) -> Piece:
    return Piece(f"See ![what it shows]({name}.png).", images=(f"{name}.png",))


def own(name: str) -> Piece:
    return Piece(
        f"```python heatmap own-{name}{' predict' if predicted(name) else ''}\nweights = {name}\n```",
        heatmaps=((f"own-{name}", f"weights = {name}", False),),
    )


def predicted(name: str) -> bool:
    """Some heatmaps are covered at first, by any rule that a name can tell."""
    return len(name) % 2 == 1


def placed(name: str) -> Piece:
    return Piece(f"![alt](heatmap:{name})", heatmaps=((name, f"weights = {name}", True),))


SHOWN = st.one_of(PLAIN, PLAIN, NAMES.map(image), NAMES.map(placed))
FENCED = st.one_of(PLAIN, SHOWN, SHOWN, CODE.map(run), NAMES.map(own))


@st.composite
def passages(draw: st.DrawFn, piece: st.SearchStrategy[Piece], least: int = 0) -> Piece:
    """Give pieces under each other, as a slot holds them."""
    found = draw(st.lists(piece, min_size=least, max_size=3))
    text = "\n\n".join(one.text for one in found).rstrip(" \t\n")
    return Piece(
        text,
        *(
            tuple(chain.from_iterable(getattr(one, name) for one in found))
            for name in ("runs", "outputs", "heatmaps", "images")
        ),
    )


def in_option(line: Piece) -> bool:
    """Tell whether an option may hold a line: it begins with a letter, and Markdown takes it for text."""
    return "\n" not in line.text and line.text[0].isalnum()


def quotable(block: Piece) -> bool:
    """Tell whether an alert may hold a block: the reader refuses what looks like structure inside a quote."""
    return not re.search(r"\[x\] no|\[!|python run|^\t", block.text, re.MULTILINE)


def indentable(line: Piece) -> bool:
    """Tell whether a reason may hold a line: an indented rule is refused."""
    return line.text != "***"


INLINE = st.one_of(st.sampled_from(LINES).map(Piece), NAMES.map(image), NAMES.map(placed))
HEADINGS = st.sampled_from(
    ["What is it?", "A `# b #`", "#", "a #", "## x", "C\\#", "*x* $y$", "- x", "1. x", "\\"]
)
TAGS = st.lists(
    st.sampled_from(["a", "b::c", "no", "d=e", "東", "'", "x-->y", "#z", ".w"]), unique=True, max_size=4
).map(tuple)
DECKS = st.sampled_from(["A", "A::B", "A::B: c", "A::20 [x], 'y' #z", "C", "A::B::-->", "A::\\n", "0::no"])
SOURCES_NAMED = st.sampled_from([(), ("Lecture 4",), ("a: b", "-", "1 #2", "\\", '"q"', " x ")])
LOST: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.RECALL: (("answer",), ("text",), ("answer", "text")),
    Kind.TYPED: (("answer",), ("text", "answer")),
    Kind.CHOICE: (("options", "key"), ("key",), ("options",), ("key", "text", "options")),
    Kind.CLOZE: (("answer",), ("text",)),
}
SHORT = st.sampled_from(
    ["4", "- x", "## no", "> q", ">q", "`(2, 5)`", "|", "1. a", "***", "a\tb", "[a]: b", "# ", "---", "x"]
)


def heatmaps(found: list[Piece]) -> tuple[Heatmap, ...]:
    """Give a card's heatmaps as the reader orders them: its own, then those it places."""
    named = dict.fromkeys(chain.from_iterable(one.heatmaps for one in found))
    return tuple(
        Heatmap(name, Fence(code, NOWHERE), shared, predicted(name.removeprefix("own-")))
        for name, code, shared in sorted(named, key=lambda one: one[2])
    )


@st.composite
def cards(draw: st.DrawFn, number: int = 0) -> Card:
    """Give a card of any kind that a reader could have made."""
    kind = draw(st.sampled_from(Kind))
    lost = draw(st.one_of(st.just(()), st.just(()), st.sampled_from(LOST[kind])))
    body, explanation = draw(passages(FENCED)), draw(passages(FENCED))
    alerts = [draw(st.one_of(st.just(Piece("")), passages(SHOWN.filter(quotable), 1))) for _ in range(3)]
    vary = (
        draw(st.one_of(st.none(), st.just(Fence("n = [1, 2]\nwords = [3]", NOWHERE))))
        if kind is not Kind.CLOZE
        else None
    )
    heading = Piece(f"{number} {draw(HEADINGS)}")
    own_ones = [one[0] for one in (*body.heatmaps, *explanation.heatmaps) if not one[2]]
    assume(len(set(own_ones)) == len(own_ones))
    card = Card(
        kind,
        NOWHERE,
        heading.text,
        draw(DECKS),
        id=draw(st.sampled_from([None, f"id-{number}"])),
        tags=draw(TAGS),
        level=draw(st.sampled_from(["", *LEVELS])),
        source=draw(SOURCES_NAMED),
        lost=lost,
        hint=alerts[0].text,
        mistake=alerts[1].text,
        takeaway=alerts[2].text,
        vary=vary,
        vary_count=3 if vary else 0,
        checks=tuple(Fence(code, NOWHERE) for code in draw(st.lists(CODE, max_size=2))),
        body=body.text,
        explanation=explanation.text,
    )
    card, found = draw(KINDS[kind](card, body, explanation))
    found = [heading, *found, *alerts]
    if vary is not None:
        card = replace(card, id=f"id-{number}", hint=f"{card.hint}\n\n«n:.2f»".strip())
    return replace(
        card,
        runs=tuple(Fence(code, NOWHERE) for one in found for code in one.runs),
        outputs=tuple(Fence(code, NOWHERE) for one in found for code in one.outputs),
        heatmaps=heatmaps(found),
        images=tuple(Image(name, NOWHERE) for one in found for name in one.images),
    )


Kinded = tuple[Card, list[Piece]]


@st.composite
def recall(draw: st.DrawFn, card: Card, body: Piece, explanation: Piece) -> Kinded:
    """Give a recall card; its answer may be left to its program, or be lost."""
    may_lack = "answer" in card.lost or (body.runs and body.text)
    answer = draw(passages(FENCED, 0 if may_lack else 1))
    names = [one[0] for piece in (body, answer, explanation) for one in piece.heatmaps if not one[2]]
    assume(answer.text or may_lack)
    assume(len(set(names)) == len(names))
    made = replace(card, answer=answer.text, reverse=draw(st.booleans()))
    return made, [body, answer, explanation]


@st.composite
def typed(draw: st.DrawFn, card: Card, body: Piece, explanation: Piece) -> Kinded:
    """Give a typed card, with one answer or several."""
    may_lack = "answer" in card.lost or (body.runs and body.text)
    accepted = draw(st.lists(SHORT, min_size=0 if may_lack else 1, max_size=3, unique=True))
    return replace(card, accepted=tuple(text.rstrip() for text in accepted)), [body, explanation]


@st.composite
def choice(draw: st.DrawFn, card: Card, body: Piece, explanation: Piece) -> Kinded:
    """Give a choice card, with options and reasons of several lines and blocks."""
    least = 0 if "options" in card.lost else 2
    texts = draw(
        st.lists(st.lists(INLINE.filter(in_option), min_size=1, max_size=2), min_size=least, max_size=4)
    )
    options, found = list[Option](), list[Piece]()
    for number, lines in enumerate(texts):
        reason = draw(st.one_of(st.just(Piece("")), passages(INLINE.filter(indentable), 1)))
        text = "\n".join([f"{number}", *(line.text for line in lines)]).rstrip(" \t")
        options.append(Option(text, draw(st.booleans()), NOWHERE, reason.text))
        found += [*lines, reason]
    if len([option for option in options if option.ticked]) != 1 and "key" not in card.lost:
        options = [replace(option, ticked=not number) for number, option in enumerate(options)]
    if len([option for option in options if option.ticked]) > 1:
        card = replace(card, select_all=True)
    assume(any(option.ticked for option in options) or "key" in card.lost or not options)
    assume(options or "options" in card.lost)
    assume(not explanation.text.startswith(" ") or not options)
    made = replace(card, options=tuple(options), keep_order=draw(st.booleans()))
    return made, [body, *found, explanation]


@st.composite
def cloze(draw: st.DrawFn, card: Card, body: Piece, explanation: Piece) -> Kinded:
    """Give a cloze card, with its cloze in the heading or the text."""
    hidden = draw(st.sampled_from(["{{c1::a}}", "{{c2::$x_{1}$::hint}} {{c1::`b`}}"]))
    if draw(st.booleans()):
        return replace(card, heading=f"{card.heading} {hidden}"), [body, explanation]
    return replace(card, body=f"{body.text}\n\n{hidden}".strip("\n")), [body, explanation]


KINDS: dict[Kind, Callable[[Card, Piece, Piece], st.SearchStrategy[Kinded]]] = {
    Kind.RECALL: recall,
    Kind.TYPED: typed,
    Kind.CHOICE: choice,
    Kind.CLOZE: cloze,
}


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_cards_of_every_kind_come_back(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 4))
    comes_back(tuple(data.draw(cards(number)) for number in range(count)))


# --- Sources of every sort ---

FRAGMENTS = (
    "",
    "",
    "",
    "text",
    "  reason",
    "   three",
    "    code",
    "\tx",
    "a  ",
    "- item",
    "* item",
    "---",
    "---",
    "***",
    "...",
    "- [x] a",
    "- [ ] b",
    "- [ ] c\n  more",
    "- [X] d\n\n  why\n\n      code",
    "- [ ] …",
    "## Q",
    "## R ##",
    "# T",
    "### s",
    "<!-- card: #id typed -->",
    "<!-- card: lost=key .t -->",
    '<!-- card: deck="::S" lost="options key" -->',
    "{{c1::a}}",
    "<!-- import: x -->",
    "<!-- other -->",
    "> quote",
    "> [!TIP]\n> hint",
    "> [!TIP]\n>   ![a](x.png)",
    "> [!NOTE]\n> box",
    "> [!WARNING]\n> ![a](b.png)",
    "> [!IMPORTANT]\n>x",
    "```python check\nanswer == 1\n```",
    "```python run\nprint(1)\n```",
    "```text output\n1\n```",
    "```python vary 2\nn = [1, 2]\n```",
    "```python heatmap h\nx\n```",
    "![a](heatmap:h)",
    "~~~\n```\n~~~",
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14), st.booleans())
def test_what_is_read_of_any_source_comes_back(fragments: list[str], spaced: bool) -> None:
    body = ("\n\n" if spaced else "\n").join(fragments)
    reading = markdown.read(f"---\ndeck: D\ntags: [t]\n---\n\n## First\n{body}\n", "p")
    if not has_errors(reading.problems):
        comes_back(reading.cards)


@pytest.mark.parametrize(
    ("between", "kept"),
    [
        ("- item\n\n> [!TIP]\n> x\n\n- [x] a\n- [ ] b", "body"),
        ("- [x] a\n- [ ] b\n\n> [!TIP]\n> x\n\n- item", "explanation"),
        ("- [x] a\n- [ ] b\n\n```python check\nanswer == 1\n```\n   indented", "explanation"),
        (
            "- i\n\n> [!TIP]\n> x\n\n- [x] a\n- [ ] b\n\n```python check\nanswer == 1\n```\n\n- j",
            "explanation",
        ),
        ("\n---\n\nan answer below an empty question", "answer"),
        ("> [!WARNING]\n> ![a](b.png)\n\n> [!TIP]\n> ![a](c.png)\n\nx", "images"),
    ],
)
def test_what_stood_between_two_blocks_keeps_them_apart(between: str, kept: str) -> None:
    reading = markdown.read(f"---\ndeck: D\n---\n\n## Q\n{between}\n", "p")
    assert reading.problems == ()
    assert getattr(reading.cards[0], kept)
    comes_back(reading.cards)


CANONICAL = """---
deck: D
tags: [a, b]
level: expert
source: [Lecture, "a: b"]
---

## Q # ##
<!-- card: #q select-all -->

Body.

- [x] one
  and more

  why

- [ ] two

- [x] three

Why.

> [!TIP]
> hint
>
> more

> [!WARNING]
> no

> [!IMPORTANT]
> yes

```python vary 2
n = [1, 2]
```

```python check
answer == n
```
"""


def test_the_canonical_form() -> None:
    assert comes_back(markdown.read(CANONICAL, "p").cards) == [CANONICAL]


def test_what_is_written_otherwise_becomes_canonical() -> None:
    blocks = CANONICAL.split("\n\n")
    at = blocks.index("Why.")
    shuffled = [*blocks[:at], *reversed(blocks[at + 1 : at + 4]), blocks[at], *blocks[at + 4 :]]
    source = "\n\n".join(shuffled).replace("tags: [a, b]", 'tags:\n  - "a"').replace("#q ", "#q  .b  ")
    assert source != CANONICAL
    assert comes_back(markdown.read(source, "p").cards) == [CANONICAL]


CARD = Card(Kind.RECALL, NOWHERE, "Q", "A::B", answer="x")


@pytest.mark.parametrize(
    ("card", "front", "reason"),
    [
        (CARD, FrontMatter("A::C"), "does not lie below `A::C`"),
        (CARD, FrontMatter("A::B::C"), "does not lie below"),
        (replace(CARD, deck="A::BC"), FrontMatter("A::B"), "does not lie below"),
        (CARD, FrontMatter(), "in one with all the others"),
        (CARD, FrontMatter("A", tags=("t",)), "lacks tags"),
        (CARD, FrontMatter("A", level="expert"), "has no level"),
        (CARD, FrontMatter("A", source=("x",)), "another source"),
        (replace(CARD, tags=("-->",)), FrontMatter("A"), "only front matter can hold"),
        (replace(CARD, deck="A::-->"), FrontMatter("A"), "only front matter can hold"),
    ],
)
def test_front_matter_says_nothing_untrue(card: Card, front: FrontMatter, reason: str) -> None:
    with pytest.raises(writing.UnfitError, match=re.escape(reason)):
        writing.write([card], front)


def test_front_matter_holds_what_is_common() -> None:
    cards = (
        replace(CARD, tags=("a", "b"), level="expert"),
        replace(CARD, heading="R", deck="A::C", tags=("a", "c"), level="expert"),
        replace(CARD, heading="S", deck="A::B::D", tags=("a",), level="beginner"),
    )
    assert writing.front(cards) == FrontMatter("A", ("a",), "expert", ())
    [source] = comes_back(cards)
    assert source.count("level=") == 1
    assert '<!-- card: level=beginner deck="::B::D" -->' in source


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (replace(CARD, heading="R", deck="A::C"), 1),
        (replace(CARD, heading="R", deck="AB"), 2),
        (replace(CARD, heading="R", source=("x",)), 2),
        (replace(CARD, heading="R", level="expert"), 2),
        (CARD, 2),
        (replace(CARD, id="q"), 1),
        (replace(CARD, heading="R", tags=("-->",)), 2),
    ],
)
def test_cards_that_have_too_little_in_common_are_divided(other: Card, count: int) -> None:
    assert len(comes_back((CARD, other))) == count
    assert len(dividing.write_files((CARD, other), {1: ["a remark"]})) == count
    assert "<!-- import: a remark -->" in dividing.write_files((CARD, other), {1: ["a remark"]})[-1]


def test_heatmaps_of_one_name_are_divided() -> None:
    def showing(name: str, code: str, *, shared: bool) -> Card:
        text = f"![a](heatmap:{name})" if shared else f"```python heatmap {name}\n{code}\n```"
        return replace(
            CARD, heading=code, answer=text, heatmaps=(Heatmap(name, Fence(code, NOWHERE), shared),)
        )

    cards = (showing("h", "x", shared=True), showing("h", "y", shared=True), showing("h", "z", shared=False))
    assert len(comes_back(cards)) == 3
    assert len(comes_back((showing("h", "x", shared=False), showing("h", "y", shared=False)))) == 1
