"""Packages in the real Anki: what an import and an update do to a learner's collection."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from verideck.packaging import clozes

if TYPE_CHECKING:
    from verideck.rendering.note_types import NoteType

Pack = Callable[..., bytes]
Make = Callable[..., Any]


def test_a_first_import_gives_the_notes_and_cards_that_were_meant(anki: Any, pack: Pack, note: Make) -> None:
    notes = [
        note(1),
        note(2, fields={"Reverse": "1"}),
        note(3, cloze="{{c1::a}} {{c2::b}} {{c2::c}}"),
        note(4, cloze="{{c3::outer {{c2::inner}} end}}"),
    ]
    assert anki.load(pack(notes)) == {"new": 4}
    sql = "select n.guid, c.ord, c.id - n.id from cards c join notes n on n.id = c.nid order by 1, 2"
    assert anki.rows(sql) == [
        ["guid000000000001", 0, 0],
        ["guid000000000002", 0, 0],
        ["guid000000000002", 1, 1],
        ["guid000000000003", 0, 0],
        ["guid000000000003", 1, 1],
        ["guid000000000004", 1, 1],
        ["guid000000000004", 2, 2],
    ]
    assert anki.rows("select id from notes order by 1") == [[made.note_id] for _, made in notes]
    anki.check()


def test_the_same_file_again_touches_nothing(anki: Any, pack: Pack, note: Make) -> None:
    package = pack([note(1), note(2), note(3, cloze="{{c1::a}}")])
    anki.load(package)
    before = anki.rows("select * from notes") + anki.rows("select * from cards")
    assert anki.load(package) == {"duplicate": 3}
    assert anki.rows("select * from notes") + anki.rows("select * from cards") == before
    anki.check()


def test_an_edited_note_is_updated_and_its_reviews_are_kept(
    anki: Any, pack: Pack, note: Make, now: int
) -> None:
    anki.load(pack([note(1), note(2), note(3)]))
    anki.answer(2)
    reviews, cards = anki.rows("select * from revlog"), anki.rows("select * from cards order by id")
    assert len(reviews) == 2
    edited = note(1, now + 50, fields={"Answer": "better"}, tags=("new-tag",))
    assert anki.load(pack([edited, note(2), note(3)])) == {"updated": 1, "duplicate": 2}
    fields, tags = anki.rows("select flds, tags from notes where guid = 'guid000000000001'")[0]
    assert ("better" in fields, tags) == (True, " new-tag ")
    assert anki.rows("select * from revlog") == reviews
    assert anki.rows("select * from cards order by id") == cards
    anki.check()


def test_flags_and_suspensions_are_kept_over_an_update(anki: Any, pack: Pack, note: Make, now: int) -> None:
    anki.load(pack([note(1), note(2)]))
    first, second = (row[0] for row in anki.rows("select id from cards order by id"))
    anki.col.set_user_flag_for_cards(4, [first])
    anki.col.sched.suspend_cards([second])
    changed = [note(n, now + 9, fields={"Answer": "other"}) for n in (1, 2)]
    assert anki.load(pack(changed)) == {"updated": 2}
    assert anki.rows("select flags & 7, queue from cards order by id") == [[4, 0], [0, -1]]


def test_a_learners_edit_of_an_untouched_note_survives(anki: Any, pack: Pack, note: Make, now: int) -> None:
    anki.load(pack([note(1), note(2)]))
    mine = anki.col.get_note(note(1)[1].note_id)
    mine["Answer"] = "in my own words"
    anki.col.update_note(mine)
    assert anki.load(pack([note(1), note(2, now + 9, fields={"Answer": "x"})])) == {
        "duplicate": 1,
        "updated": 1,
    }
    assert anki.col.get_note(mine.id)["Answer"] == "in my own words"


def test_a_card_in_another_deck_keeps_its_history_where_it_was(
    anki: Any, pack: Pack, note: Make, now: int
) -> None:
    anki.load(pack([note(1), note(2)]))
    anki.answer(1)
    cards = anki.rows("select * from cards order by id")
    moved = note(1, now + 9, deck="Deck::20 More")
    assert anki.load(pack([moved, note(2), note(3, deck="Deck::20 More")])) == {
        "updated": 1,
        "duplicate": 1,
        "new": 1,
    }
    assert anki.rows("select * from cards order by id limit 2") == cards
    assert [deck.name for deck in anki.col.decks.all_names_and_ids()] == [
        "Deck",
        "Deck::10 Basics",
        "Deck::20 More",
        "Default",
    ]
    anki.check()


def test_recall_becomes_choice_within_one_note_type(anki: Any, pack: Pack, note: Make, now: int) -> None:
    anki.load(pack([note(1)]))
    anki.answer(1)
    cards = anki.rows("select * from cards")
    assert anki.load(pack([note(1, now + 9, fields={"Options": "<ul><li>a</ul>"})])) == {"updated": 1}
    assert anki.rows("select * from cards") == cards
    shown = anki.col.get_card(cards[0][0]).render_output().question_text
    assert "<li>a" in shown
    anki.check()


def test_a_learners_styling_is_kept(anki: Any, pack: Pack, note: Make, now: int) -> None:
    anki.load(pack([note(1)]))
    kind = anki.col.models.by_name("Small")
    kind["css"] = ".card { color: teal }"
    anki.col.models.update_dict(kind)
    anki.load(pack([note(1, now + 9, fields={"Answer": "x"})]))
    assert anki.col.models.by_name("Small")["css"] == ".card { color: teal }"
    anki.check()


def test_field_and_template_ids_and_flags_arrive(anki: Any, pack: Pack, note: Make) -> None:
    anki.load(pack([note(1)]))
    kind = anki.col.models.by_name("Small")
    assert [field["id"] for field in kind["flds"]] == [9000, 9001, 9002, 9003, 9004, 9005]
    assert [template["id"] for template in kind["tmpls"]] == [9101, 9102]
    data = kind["flds"][4]
    assert (data["plainText"], data["excludeFromSearch"], data["collapsed"]) == (True, True, False)
    assert kind["sortf"] == 1
    assert kind["id"] == 1_700_000_000_001


def test_a_renamed_field_and_a_new_template_text_arrive_cleanly(
    anki: Any, pack: Pack, note: Make, now: int, note_types: Mapping[str, NoteType]
) -> None:
    anki.load(pack([note(1)]))
    small = note_types["Small"]
    front = dataclasses.replace(small.templates[0], front="<b>{{Question}}</b>")
    newer = {**note_types, "Small": dataclasses.replace(small, templates=(front, small.templates[1]))}
    update = pack([note(1)], note_types=newer, note_types_mod=now)
    assert anki.load(update) == {"duplicate": 1}
    shown = anki.col.get_card(anki.rows("select id from cards")[0][0]).render_output().question_text
    assert "<b>" in shown
    anki.check()


def test_new_cards_come_by_deck_and_then_in_the_order_of_the_lock(anki: Any, pack: Pack, note: Make) -> None:
    order = [(4, 10), (2, 20), (3, 30), (1, 40)]
    notes = [note(number, due=due) for number, due in order]
    notes.append(note(5, due=5, deck="Deck::20 More"))
    anki.load(pack(notes))
    anki.col.decks.select(anki.col.decks.id_for_name("Deck"))
    queue = anki.col.sched.get_queued_cards(fetch_limit=10).cards
    shown = [anki.col.get_card(item.card.id).note()["ID"][-1] for item in queue]
    assert shown == ["4", "2", "3", "1", "5"]


def test_the_description_goes_on_the_top_deck_and_the_preset_is_left_alone(
    anki: Any, pack: Pack, note: Make
) -> None:
    preset = anki.col.decks.get_config(1)
    preset["new"]["perDay"] = 7
    anki.col.decks.update_config(preset)
    anki.load(pack([note(1)]))
    assert anki.col.decks.get_config(1)["new"]["perDay"] == 7
    assert len(anki.col.decks.all_config()) == 1
    decks = {deck["name"]: deck for deck in anki.col.decks.all()}
    assert decks["Deck"]["desc"] == "What the *deck* is about."
    assert decks["Deck"]["md"]
    assert decks["Deck::10 Basics"]["desc"] == ""


def test_media_arrive_under_their_names(anki: Any, pack: Pack, note: Make) -> None:
    files = {"map-1f.svg": b"<svg/>", "a-2e.png": b"\x89PNG"}
    fields = {"Answer": '<img src="map-1f.svg"><img src="a-2e.png">'}
    anki.load(pack([note(1, fields=fields, media=files), note(2, fields=fields, media=files)]))
    assert sorted(path.name for path in (anki.folder / "collection.media").iterdir()) == sorted(files)
    anki.check()


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::a}}",
        "{{c2::a {{c1::b}} c}} {{c3::d}}",
        "{{c1::open {{c2::shut}}",
        "{{c1::a}} }} {{c2::b}}",
        "{{c1,3::both}} {{c2::x::hint}}",
        "{{c1::\\frac{a}{b} }} {{c2::y}}",
        "".join(f"{{{{c{n}::" for n in range(1, 12)) + "deep" + "}}" * 11,
        "{{c0::nought}} {{c1::one}}",
        "{{c01::leading}}",
        "{{c7::<b>a</b>\n\nb}}",
        "{{c1::}} {{c2::x}}",
        "{{C1::x}} {{c2:: x }}",
        "<!-- {{c1::x}} --> {{c2::y}}",
        "{{c100::far}}",
    ],
)
def test_cloze_ordinals_are_those_that_anki_itself_finds(
    text: str, anki: Any, pack: Pack, note: Make
) -> None:
    anki.load(pack([note(1, cloze="{{c1::x}}")]))
    mine = anki.col.new_note(anki.col.models.by_name("Small Cloze"))
    mine["ID"], mine["Question"] = "mine", text
    anki.col.add_note(mine, 1)
    made = {ordinal for (ordinal,) in anki.rows("select ord from cards where nid = ?", mine.id)}
    # A note without a cloze gets one card in Anki; a package must not hold such a note.
    assert clozes.ordinals(text) == made or (not clozes.ordinals(text) and made == {0})


def test_anki_takes_decks_that_differ_in_case_for_one(anki: Any, pack: Pack, note: Make) -> None:
    anki.load(pack([note(1, deck="Biology::Cells"), note(2, deck="biology::cells")]))
    names = {deck.name for deck in anki.col.decks.all_names_and_ids()}
    assert len({name for name in names if name.casefold() == "biology::cells"}) == 1


def test_planned_builds_update_a_collection_exactly(
    anki: Any, pack: Pack, build: Any, card: Make, now: int, as_notes: Make
) -> None:
    first = build(None, [card("A?", 1), card("B?", 5), card("C?", 9), card("D?", 12, id="d")])
    anki.load(pack(as_notes(first)))
    anki.answer(3)
    reviews = anki.rows("select * from revlog")
    again = [
        card("A? Edited", 1, answer="answer to A?"),
        card("New?", 3),
        card("B?", 5),
        card("D?", 20, id="d", choices=[("yes", True), ("no", False)]),
    ]
    second = build(first.lock, again, now + 500)
    assert not second.problems
    assert anki.load(pack(as_notes(second))) == {"updated": 2, "new": 1, "duplicate": 1}
    assert anki.rows("select * from revlog") == reviews
    assert len(anki.rows("select * from notes")) == 5  # the retired one stays with the learner
    anki.check()
