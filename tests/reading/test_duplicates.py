"""Two cards with one id, in one file or in two."""

from __future__ import annotations

from verideck.reading import READERS, duplicates

HEAD = "---\ndeck: D\n---\n\n"


def test_the_second_and_third_card_of_an_id_are_reported() -> None:
    card = "## {0}\n<!-- card: #{1} -->\n\nAnswer\n\n"
    read = READERS[".md"]
    first = read(HEAD + card.format("A", "x") + card.format("B", "x") + card.format("C", "y"), "one.md")
    second = read(HEAD + card.format("A", "x"), "two.md")
    found = duplicates.find((*first.cards, *second.cards))
    assert [(one.path, one.line, one.message) for one in found] == [
        ("one.md", 10, "two cards with the id `#x`"),
        ("two.md", 5, "two cards with the id `#x`"),
    ]
    assert "one.md:5" in found[0].hint
