"""A page imported again: what its author wrote stays, what nobody touched is renewed."""

from __future__ import annotations

import pytest

from verideck.importing.merging import identities, merge
from verideck.importing.sections import divide, join

HEAD = """\
---
deck: Tides
---

<!-- imported: tides.txt, 2024-03-01 -->
"""


def card(identity: str, question: str, answer: str, line: int = 1) -> str:
    return f"""
## {question}
<!-- card: #{identity} -->
<!-- import: from tides.txt:{line} -->

{answer}
"""


MOON = card("moon", "What pulls the tides?", "The moon.", 3)
SPRING = card("spring", "When is a spring tide?", "At new and full moon.", 7)
NEAP = card("neap", "When is a neap tide?", "At half moon.", 11)
PAGES = {"tides.txt"}


def first(*cards: str) -> str:
    return merge("", HEAD + "".join(cards), PAGES).text


def test_a_first_import_stamps_every_card() -> None:
    text = first(MOON, SPRING)
    sections = divide(text).sections
    assert [section.id for section in sections] == ["moon", "spring"]
    assert all(section.untouched for section in sections)
    assert text.count("<!-- import: from tides.txt:3, ") == 1


def test_an_unchanged_page_changes_no_byte() -> None:
    text = first(MOON, SPRING)
    merged = merge(text, HEAD + MOON + SPRING, PAGES)
    assert merged.text == text
    assert (merged.unchanged, merged.added, merged.renewed, merged.kept) == (2, 0, 0, 0)


def test_a_new_card_stands_behind_the_one_it_follows_on_the_page() -> None:
    merged = merge(first(MOON, NEAP), HEAD + MOON + SPRING + NEAP, PAGES)
    assert [section.id for section in divide(merged.text).sections] == ["moon", "spring", "neap"]
    assert merged.added == 1
    assert merged.text == first(MOON, SPRING, NEAP)


def test_a_new_first_card_stands_first() -> None:
    merged = merge(first(SPRING), HEAD + MOON + SPRING, PAGES)
    assert [section.id for section in divide(merged.text).sections] == ["moon", "spring"]


def test_an_untouched_card_is_renewed() -> None:
    changed = MOON.replace("The moon.", "The moon and the sun.")
    merged = merge(first(MOON), HEAD + changed, PAGES)
    assert merged.text == first(changed)
    assert (merged.renewed, merged.differences) == (1, ())


def test_an_edited_card_is_kept_and_nothing_is_said_while_its_page_stays_the_same() -> None:
    edited = first(MOON).replace("The moon.", "The moon, mostly.")
    merged = merge(edited, HEAD + MOON, PAGES)
    assert merged.text == edited
    assert (merged.kept, merged.differences) == (1, ())


def test_what_a_changed_page_would_change_in_an_edited_card_is_shown() -> None:
    edited = first(MOON, SPRING).replace("The moon.", "The moon, mostly.")
    merged = merge(edited, HEAD + MOON.replace("The moon.", "The sun.") + SPRING, PAGES)
    assert merged.text == edited
    (difference,) = merged.differences
    assert (difference.id, difference.line) == ("moon", 7)
    assert "-The moon, mostly." in difference.lines
    assert "+The sun." in difference.lines
    assert not any("from tides.txt" in line for line in difference.lines)


def test_overwriting_takes_the_text_of_the_page_and_still_shows_the_difference() -> None:
    edited = first(MOON).replace("The moon.", "The moon, mostly.")
    merged = merge(edited, HEAD + MOON.replace("The moon.", "The sun."), PAGES, overwrite=True)
    assert "The sun." in merged.text
    assert "mostly" not in merged.text
    assert "-The moon, mostly." in merged.differences[0].lines


def test_overwriting_takes_the_text_of_a_page_that_did_not_change() -> None:
    edited = first(MOON, SPRING).replace("The moon.", "The moon, mostly.")
    merged = merge(edited, HEAD + MOON + SPRING, PAGES, overwrite=True)
    assert merged.text == first(MOON, SPRING)
    assert (merged.renewed, merged.unchanged, len(merged.differences)) == (1, 1, 1)


def test_far_changes_of_one_card_are_parted_by_dots() -> None:
    long = card("long", "What are tides?", "\n".join(f"Line {n}." for n in range(20)))
    edited = first(long).replace("Line 1.", "One.").replace("Line 18.", "Eighteen.")
    (difference,) = merge(edited, HEAD + long.replace("Line 9.", "Nine."), PAGES).differences
    assert difference.lines.count("…") == 2
    assert "-One." in difference.lines


def test_a_card_that_is_gone_from_its_page_is_kept_and_named() -> None:
    text = first(MOON, SPRING)
    merged = merge(text, HEAD + MOON, PAGES)
    assert merged.text == text
    assert [section.id for section in merged.gone] == ["spring"]


@pytest.mark.parametrize(
    "own", ["## My own question?\n\nMine.\n", "## What else?\n<!-- card: #own -->\n\nMine.\n"]
)
def test_a_card_that_an_author_added_is_theirs(own: str) -> None:
    text = first(MOON) + "\n" + own
    merged = merge(text, HEAD + MOON, PAGES)
    assert merged.text == text
    assert merged.gone == ()


def test_a_card_without_its_comment_counts_as_edited() -> None:
    bare = "\n".join(line for line in first(MOON).split("\n") if "from tides.txt" not in line)
    merged = merge(bare, HEAD + MOON.replace("The moon.", "The sun."), PAGES)
    assert merged.text == bare
    assert len(merged.differences) == 1


def test_a_card_whose_id_was_changed_is_found_by_its_question_and_keeps_its_id() -> None:
    text = first(MOON).replace("#moon", "#pull")
    changed = HEAD + MOON.replace("The moon.", "The sun.")
    assert merge(text, changed, PAGES).text == text
    taken = merge(text, changed, PAGES, overwrite=True).text
    assert "#pull" in taken
    assert "The sun." in taken


def test_a_question_that_its_author_reworded_is_found_by_its_id() -> None:
    text = first(MOON).replace("What pulls the tides?", "Who pulls the tides?")
    assert merge(text, HEAD + MOON, PAGES).text == text


def test_what_the_author_changed_above_the_cards_stays() -> None:
    text = (
        first(MOON)
        .replace("deck: Tides", "deck: Sea::Tides\ntags: [sea]")
        .replace("\n## ", "\n# Tides\n\nFor readers.\n\n## ", 1)
    )
    renewed = HEAD.replace("2024-03-01 -->", "2024-05-09 -->\n<!-- import: line 2: cut off -->")
    merged = merge(text, renewed + MOON, PAGES)
    expected = text.replace("2024-03-01 -->", "2024-05-09 -->\n<!-- import: line 2: cut off -->")
    assert merged.text == expected
    assert merge(merged.text, HEAD + MOON, PAGES).text == text


def test_headings_in_code_open_no_card() -> None:
    fenced = card("code", "What is a comment?", "```python\n## not a card\n# nor this\n```")
    assert len(divide(first(fenced, MOON)).sections) == 2


def test_text_between_cards_stays_where_it_is() -> None:
    text = first(MOON) + "\n# Part two\n\nFor readers.\n" + SPRING + "\n# End\n\nAsk us.\n"
    assert join(divide(text)) == text
    merged = merge(text, HEAD + MOON + NEAP + SPRING, PAGES)
    assert [section.lines[-1] for section in divide(text).sections] == ["The moon.", "At new and full moon."]
    order = [merged.text.index(part) for part in ("#moon", "#neap", "# Part two", "#spring", "# End")]
    assert order == sorted(order)


def test_two_pages_in_one_file_keep_their_cards_apart() -> None:
    other = HEAD.replace("tides.txt", "waves.txt") + card("wave", "What is a wave?", "Water.").replace(
        "tides.txt", "waves.txt"
    )
    both = merge(first(MOON), other, {"waves.txt"})
    assert [section.id for section in divide(both.text).sections] == ["moon", "wave"]
    assert both.gone == ()
    assert both.text.count("<!-- imported: ") == 2


QUESTIONS = ["What pulls the tides?", "What pulls the tides?", "When is low water?"]


def test_ids_come_from_the_words_of_the_question_and_are_unique() -> None:
    assert identities(QUESTIONS, (), ()) == ("pulls-tides", "pulls-tides-2", "low-water")
    assert identities(QUESTIONS[2:], (), {"low-water"}) == ("low-water-2",)


def test_ids_are_kept_by_question_then_by_the_words_of_the_page() -> None:
    known = divide(
        first(card("kept", "What pulls the tides?", "x"), card("low-water", "When is it low?", "y"))
    )
    taken = {"kept", "low-water"}
    assert identities(QUESTIONS[1:], known.sections, taken) == ("kept", "low-water")
    own = divide(HEAD + "\n## Mine?\n<!-- card: #low-water -->\n\nz\n")  # never imported: another's id
    assert identities(QUESTIONS[2:], own.sections, taken) == ("low-water-2",)


def test_a_source_is_put_together_as_it_was_cut() -> None:
    for text in (HEAD, HEAD + MOON, HEAD + MOON + SPRING + "\n# End\n\nText.\n"):
        assert join(divide(text)) == text
