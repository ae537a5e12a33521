"""Cards that come and go with a note's fields, and the decks that they live in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addon.updating.finding import question
from addon.updating.plan import Choices, Retire

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


def test_a_card_that_the_deck_asks_no_more_is_told(author: Author, learner: Learner) -> None:
    author.change("one", Reverse="1")
    author.change("two", Reverse="1")
    author.add("cloze", "The {{c1::query}} and the {{c2::key}}.", cloze=True)
    learner.anki.load(author.build())
    learner.edit(author, "three", Reverse="1")  # a card of the learner's own making
    note = learner.note(author, "one")
    before = learner.scheduling()
    author.later().change("one", Reverse="")
    author.change("three", Answer="Other.")
    author.change("cloze", Question="The {{c1::query}} and the key.")
    plan, report = learner.update(author.build())
    emptied = {one.question: one.emptied for one in plan.changed if one.emptied}
    cloze = learner.note(author, "cloze")
    assert emptied == {
        "What is one?": (note.card_ids()[1],),
        "The query and the key.": (cloze.card_ids()[1],),
    }
    assert report.emptied == (note.id, cloze.id)
    assert learner.scheduling() == before  # to delete them is the learner's to decide
    author.later().change("one", Answer="Once more.")
    plan, report = learner.update(author.build())
    assert plan.changed[0].emptied == report.emptied == ()  # told once


def test_a_card_stays_full_where_the_learners_text_stays(author: Author, learner: Learner) -> None:
    author.add("cloze", "The {{c1::query}} and the {{c2::key}}.", cloze=True)
    learner.anki.load(author.build())
    learner.edit(author, "cloze", Question="My {{c1::query}} and my {{c2::key}}.")
    author.later().change("cloze", Question="The {{c1::query}} and the key.")
    mine = learner.note(author, "cloze").id
    plan, report = learner.update(author.build())
    assert [len(one.emptied) for one in plan.conflicts] == [1]
    assert report.emptied == ()
    learner.col.undo()
    _, report = learner.update(author.build(), lambda plan: Choices(take=frozenset({(mine, "Question")})))
    assert report.emptied == (mine,)


def test_the_level_is_no_part_of_a_question() -> None:
    text = '<p class="heading">Why?</p>\nSee <b>it</b>.<p class="level level-2">advanced</p>'
    assert question({"Question": text}) == "Why? See it ."
    assert question({"Question": text.replace('"', "")}) == "Why? See it ."


def test_a_renamed_deck_keeps_the_options_that_the_learner_chose(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    own = learner.col.decks.add_config_returning_id("Mine")
    deck = learner.col.decks.by_name("Sums::20 Shapes")
    assert deck
    deck["conf"] = own
    learner.col.decks.save(deck)
    author.later()
    for card in ("five", "six"):
        author.change(card, deck="Sums::20 Forms")
    author.add("seven", deck="Sums::20 Forms")
    learner.update(author.build())
    renamed = learner.col.decks.by_name("Sums::20 Forms")
    assert renamed
    assert renamed["conf"] == own


def test_what_an_update_deleted_is_not_called_the_learners_doing(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    author.later().change("one", live=False)
    _, report = learner.update(author.build(), lambda plan: Choices(retire=Retire.DELETE))
    assert len(report.deleted) == 1
    learner.col.remove_notes([learner.note(author, "two").id])
    author.later().change("one", live=True)
    plan, _ = learner.update(author.build())
    assert [(one.question, one.deleted) for one in plan.new] == [
        ("What is one?", False),
        ("What is two?", True),
    ]
    assert learner.has(author, "one")
    learner.col.remove_notes([learner.note(author, "one").id])  # this time it is
    plan = learner.plan(author.later().build())
    assert [one.deleted for one in plan.new] == [True, True]
