"""`lost="…"`: a card may lack what its directive names, and nothing else."""

from __future__ import annotations

import pytest

from verideck.cards import Kind
from verideck.reading import markdown

FRONT = "---\ndeck: D\n---\n\n"


def read(source: str) -> markdown.Reading:
    return markdown.read(FRONT + source, "p")


@pytest.mark.parametrize(
    ("source", "kind", "lost"),
    [
        ('## Q\n<!-- card: lost="options key" -->\n', Kind.CHOICE, ("options", "key")),
        ("## Q\n<!-- card: lost=options -->\n\n- [x] a\n", Kind.CHOICE, ("options",)),
        ('## Q\n<!-- card: lost="key" -->\n\n- [ ] a\n- [ ] b\n', Kind.CHOICE, ("key",)),
        ('## Q\n<!-- card: lost="options" -->\n\n- [x] a\n- [ ] …\n- [ ] …\n', Kind.CHOICE, ("options",)),
        ("## Q\n<!-- card: lost=answer -->\n", Kind.RECALL, ("answer",)),
        ("## Q\n<!-- card: lost=answer -->\n\nMore.\n\n---\n", Kind.RECALL, ("answer",)),
        ("## Q\n<!-- card: typed lost=answer -->\n\nMore.\n\n---\n", Kind.TYPED, ("answer",)),
        ("## Q\n<!-- card: lost=answer -->\n\nMore.\n\n---\n\n---\n\nWhy.\n", Kind.RECALL, ("answer",)),
        ("## Q\n<!-- card: lost=answer -->\n\nA {{c1::cloze}}.\n", Kind.CLOZE, ("answer",)),
        ("##\n<!-- card: lost=text -->\n\nThe answer.\n", Kind.RECALL, ("text",)),
        ("##\n<!-- card: lost=text -->\n\nA\n\n##\n<!-- card: lost=text -->\n\nB.\n", Kind.RECALL, ("text",)),
    ],
)  # fmt: skip
def test_a_card_may_lack_what_it_names(source: str, kind: Kind, lost: tuple[str, ...]) -> None:
    reading = read(source)
    assert reading.problems == ()
    assert {(card.kind, card.lost) for card in reading.cards} == {(kind, lost)}


def test_text_and_explanation_of_a_card_without_options_are_kept() -> None:
    [card] = read('## Q\n<!-- card: lost="options key" -->\n\nMore.\n\n---\n\nWhy.\n').cards
    assert (card.body, card.explanation, card.options) == ("More.", "Why.", ())
    [card] = read('## Q\n<!-- card: lost="key" -->\n\nMore.\n\n- [ ] a\n- [ ] b\n\nWhy.\n').cards
    assert (card.body, card.explanation) == ("More.", "Why.")
    assert [option.text for option in card.options] == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("## Q\n<!-- card: lost=key -->\n", "a choice card without options"),
        ("## Q\n<!-- card: lost=key -->\n\n- [ ] a\n", "a choice card with one option"),
        ("## Q\n<!-- card: lost=options -->\n\n- [ ] a\n", "a choice card with no ticked box"),
        ("## Q\n<!-- card: lost=options -->\n\n- [x] a\n- [ ] a\n", "two equal options"),
        ("## Q\n<!-- card: lost=key -->\n\n- [ ] …\n- [ ] …\n", "two equal options"),
        ("## Q\n<!-- card: lost=options -->\n\n- [x] a\n\n---\n\nWhy.\n", "a `---` in a choice card"),
        ("## Q\n<!-- card: lost=text -->\n", "a card without an answer"),
        ("##\n<!-- card: lost=answer -->\n", "a card without a question"),
        ("## Q\n<!-- card: lost=ticks -->\n\nA.\n", "not a part of a card that can be lost: `ticks`"),
        ('## Q\n<!-- card: lost="" -->\n\nA.\n', "not a part of a card that can be lost: ``"),
        ('## Q\n<!-- card: lost="key key" -->\n\n- [ ] a\n', "a part named twice in `lost`: `key key`"),
        ("## Q\n<!-- card: typed lost=key -->\n\n- [ ] a\n- [ ] b\n", "`typed` on a choice card"),
    ],
)  # fmt: skip
def test_a_card_may_lack_nothing_else(source: str, message: str) -> None:
    assert message in [problem.message for problem in read(source).problems]
