"""What is shown without Anki, held against what Anki itself renders of the same package."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verideck import building
from verideck.publishing import showing
from verideck.verifying.provenance import TRUST

if TYPE_CHECKING:
    Anki = Any  # the class of tests/conftest.py

NOW = 4_000_000_000  # after whatever lock
SOURCES = Path(__file__).parents[2] / "sources"

CARDS = """---
deck: Shown
---

## What is $1 + 1$?

$2$

## Which is even?

- [x] `2`
- [ ] `3`

  Odd.

> [!TIP]
> Halve it.

## Shape?
<!-- card: typed -->

---

`(2, 5)`

## A query
<!-- card: reverse -->

What a position looks for.

## Attention

$\\operatorname{softmax}({{c1::QK^\\top}})V$ mixes {{c2::values::what?}}, {{c1::`a::b`}} and {{c2::$x$}}.
"""


def plain(side: str) -> str:
    """Give a side as Anki renders it, without what the reviewer adds: styling, and the box to type in."""
    side = re.sub(r"\[\[type:[^\]]*\]\]|<input[^>]*>|<code id=\"typeans\">.*?</code>", "[typed]", side)
    side = re.sub(r'data-cloze="([^"]*)"', lambda found: f"data-cloze={html.unescape(found[1])!r}", side)
    return side.rpartition("</style>")[2]


def compared(sources: Path, output: Path, anki: Anki) -> int:
    """Hold every side of a deck against Anki's, and give how many cards there are."""
    built = building.build([sources], output, now=NOW, policy=TRUST)
    assert isinstance(built, building.Built)
    anki.load(built.package.read_bytes())
    expected = {}
    for card_id in anki.col.find_cards(""):
        card = anki.col.get_card(card_id)
        rendered = card.render_output()
        expected[card.note()["ID"], card.ord] = (plain(rendered.question_text), plain(rendered.answer_text))
    found = {
        (note.fields["ID"], shown.ordinal): (plain(shown.front), plain(shown.back))
        for note, _ in built.examined.notes
        for shown in showing.sides(note)
    }
    assert found == expected
    return len(found)


def test_cards_of_every_kind_are_as_anki_renders_them(tmp_path: Path, anki: Anki) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "cards.md").write_text(CARDS, encoding="utf-8")
    assert compared(tmp_path / "cards", tmp_path, anki) == 7


def test_the_deck_is_as_anki_renders_it(tmp_path: Path, anki: Anki) -> None:
    shutil.copytree(SOURCES, tmp_path / "sources")
    assert compared(tmp_path / "sources", tmp_path, anki) > 238
