"""Cards that come and go with a note's fields, and the decks that they live in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.addon.updating.conftest import Author, Learner


def decks(learner: Learner) -> list[str]:
    return sorted(one.name for one in learner.col.decks.all_names_and_ids() if one.name != "Default")


def homes(learner: Learner, author: Author, card: str) -> list[str]:
    """Give the decks that a note's cards are in, or go home to."""
    found = learner.note(author, card).cards()
    return [learner.col.decks.name(one.odid or one.did) for one in found]


def lend(learner: Learner, name: str, search: str) -> None:
    lent: Any = learner.col.sched.get_or_create_filtered_deck(0)  # type: ignore[arg-type]
    lent.name = name
    lent.config.search_terms[0].search = search
    learner.col.sched.add_or_update_filtered_deck(lent)


def test_a_deck_that_is_new_to_cards_old_and_new_is_made_once(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    author.later().change("five", deck="Sums::30 New")
    author.add("seven", deck="Sums::30 New")
    learner.update(author.build())
    assert homes(learner, author, "five") == homes(learner, author, "seven") == ["Sums::30 New"]
    assert decks(learner) == ["Sums", "Sums::10 Weights", "Sums::20 Shapes", "Sums::30 New"]


def test_a_deck_is_known_however_its_letters_are_written(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.col.decks.rename(learner.col.decks.id_for_name("Sums"), "Study")  # type: ignore[arg-type]
    learner.col.decks.id("Study::30 NEW")
    before = decks(learner)
    author.later().change("five", deck="Sums::30 New")
    learner.update(author.build())
    assert homes(learner, author, "five") == ["Study::30 NEW"]
    assert decks(learner) == before


def test_a_card_that_a_note_gains_goes_where_its_sisters_go(author: Author, learner: Learner) -> None:
    author.add("cloze", "The {{c1::query}} and the key.", cloze=True)
    learner.anki.load(author.build())
    lend(learner, "Cram", f"nid:{learner.note(author, 'two').id}")
    before = learner.scheduling()
    author.later()
    for card, fields in (
        ("one", {"Reverse": "1"}),
        ("two", {"Reverse": "1"}),
        ("cloze", {"Question": "The {{c1::query}} and the {{c2::key}}."}),
    ):
        author.change(card, deck="Sums::30 New", **fields)
    learner.update(author.build())
    for card in ("one", "two", "cloze"):
        assert homes(learner, author, card) == ["Sums::30 New"] * 2
    assert [row for row in learner.scheduling() if row in before] == before
    assert learner.deck_of(author, "three") == "Sums::10 Weights"


def test_a_filtered_deck_of_the_same_name_is_nobodys_home(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    lend(learner, "Sums::30 New", f"nid:{learner.note(author, 'one').id}")
    before = learner.everything()
    author.later().change("five", deck="Sums::30 New")
    author.change("six", deck="Sums::30 New::Below")
    author.add("seven", deck="Sums::30 New")
    plan, _ = learner.update(author.build())
    assert {one.after for one in plan.moved} == {"Sums::30 New+", "Sums::30 New+::Below"}
    assert homes(learner, author, "five") == homes(learner, author, "seven") == ["Sums::30 New+"]
    assert homes(learner, author, "six") == ["Sums::30 New+::Below"]
    assert learner.plan(author.build()).empty  # a home it is from now on
    learner.col.undo()
    assert learner.everything() == before
