"""Planning: which card is which, and what a build does to identities."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any

import pytest

from verideck.cards import Citation, Fence, HeatmapValues, Kind, Location, Step, Verdict
from verideck.packaging import fingerprint
from verideck.packaging.lock import Change, Changes, Entry, Lock, Plan, dump, load, released
from verideck.reading import names

Make = Callable[..., Any]


def ids(changes: Iterable[Change]) -> list[str]:
    return [change.card for change in changes]


def summary(changes: Changes) -> dict[str, list[str]]:
    named = {part.name: ids(getattr(changes, part.name)) for part in dataclasses.fields(changes)}
    return {name: found for name, found in named.items() if found}


def entries(plan: Plan) -> dict[str, Entry]:
    return {entry.id: entry for entry in plan.lock.entries}


def messages(plan: Plan) -> list[str]:
    return [f"{problem.severity}: {problem.message}" for problem in plan.problems]


def test_a_first_build_mints_everything(build: Any, card: Make, now: int) -> None:
    plan = build(None, [card("What is $x$?", 4), card("Why?", 9, id="why")])
    first, second = plan.identities
    assert (first.card_id, second.card_id) == ("what-is-x", "why")
    assert all(re.fullmatch("[0-9A-Za-z]{16}", identity.guid) for identity in plan.identities)
    assert first.mod == second.mod == now
    assert first.note_id + 100 <= second.note_id < now * 1000
    assert (first.due, second.due) == (10, 20)
    assert summary(plan.changes) == {"new": ["what-is-x", "why"]}
    assert not plan.problems


def test_an_unchanged_build_changes_nothing(build: Any, card: Make, now: int) -> None:
    cards = [card("A?", 1), card("B?", 2, id="b"), card("C?", 3, deck="Deck::20 More")]
    first = build(None, cards)
    second = build(first.lock, cards, now + 1000)
    assert second.lock == first.lock
    assert second.identities == first.identities
    assert summary(second.changes) == {"unchanged": ["a", "b", "c"]}


def test_guids_come_from_namespace_and_content(build: Any, card: Make, project: Any, now: int) -> None:
    here = build(None, [card("A?", 1, id="a")]).identities[0].guid
    later = build(None, [card("X", 1), card("A?", 7, id="z", hint="h")], now + 99).identities[1].guid
    fork = dataclasses.replace(project, namespace="7e6d1a6e-0000-4000-8000-000000000000")
    there = build(Lock(fork.namespace), [card("A?", 1, id="a")], project=fork).identities[0].guid
    assert here == later != there
    others = [card("A?", 1, id="a", answer="b"), card("A?", 1, kind=Kind.CLOZE, body="{{c1::answer to A?}}")]
    assert here not in [build(None, [other]).identities[0].guid for other in others]


def test_a_guid_that_an_edited_card_keeps_is_not_minted_for_its_old_content(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1, id="a")])
    both = [card("A?", 1, id="a", answer="edited"), card("A?", 5, id="b")]
    second = build(first.lock, both)
    assert second.identities[0].guid == first.identities[0].guid != second.identities[1].guid


def test_mod_moves_with_what_is_seen_and_with_nothing_else(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1, id="a"), card("B?", 5, id="b")])
    same = [card("B?", 1, id="b", path="b.md"), card("A?", 40, id="a", path="b.md")]
    moved_file = build(first.lock, same, now + 60, read=("a.md", "b.md"))
    assert {entry.mod for entry in moved_file.lock.entries} == {now}
    edited = build(first.lock, [card("A?", 1, id="a", hint="h"), card("B?", 5, id="b")], now + 60)
    assert (entries(edited)["a"].mod, entries(edited)["b"].mod) == (now + 60, now)
    assert summary(edited.changes) == {"changed": ["a"], "unchanged": ["b"]}


def test_a_check_written_otherwise_is_no_change_that_learners_need(build: Any, card: Make, now: int) -> None:
    def checked(code: str) -> Any:
        return card("A?", 1, id="a", checks=(Fence(code, Location("a.md", 4)),))

    first = build(None, [checked("answer == 1")])
    second = build(first.lock, [checked("answer == 2 - 1  # the same")], now + 5)
    assert second.identities[0].mod == now


def test_mod_rises_even_when_the_clock_does_not(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1, id="a")])
    second = build(first.lock, [card("A?", 1, id="a", answer="x")], now - 500)
    assert second.identities[0].mod == now + 1


EDITS: dict[str, Callable[[Any], Any]] = {
    "verdict": lambda item: dataclasses.replace(item, verdict=Verdict.VERIFIED),
    "steps": lambda item: dataclasses.replace(item, steps=(Step("s", "1"),)),
    "citations": lambda item: dataclasses.replace(item, citations=(Citation("w", "p"),)),
    "heatmap": lambda item: dataclasses.replace(
        item, heatmaps=(HeatmapValues("m", (((0.5, 0.5),),), ("a",), ("b", "c"), "alt"),)
    ),
    "deck": lambda item: dataclasses.replace(item, card=dataclasses.replace(item.card, deck="Deck::20 More")),
    "level": lambda item: dataclasses.replace(item, card=dataclasses.replace(item.card, level="expert")),
    "tags": lambda item: dataclasses.replace(item, card=dataclasses.replace(item.card, tags=("t",))),
}


@pytest.mark.parametrize("edit", EDITS)
def test_each_thing_a_learner_sees_counts(edit: str, build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1, id="a")])
    second = build(first.lock, [EDITS[edit](card("A?", 1, id="a"))], now + 5)
    assert second.identities[0].mod == now + 5


def test_labels_title_and_images_count_and_who_made_the_deck_does_not(
    build: Any, card: Make, project: Any, now: int
) -> None:
    cards = [card("A?", 1, id="a")]
    first = build(None, cards, images=[{"x.png": b"1"}])
    again = build(first.lock, cards, now + 5, images=[{"x.png": b"1"}])
    assert again.identities[0].mod == now
    assert build(first.lock, cards, now + 5, images=[{"x.png": b"2"}]).identities[0].mod == now + 5

    def mark(**change: Any) -> str:
        planned = build(None, cards, project=dataclasses.replace(project, **change))
        found: str = planned.lock.entries[0].fingerprint
        return found

    assert len({mark(), mark(labels=MappingProxyType({"Hint": "Tipp"})), mark(title="Other")}) == 3
    assert mark() == mark(author="A", license="CC0", license_url="https://example.org", version="9")


def test_noise_of_floats_does_not_count_and_a_visible_difference_does(build: Any, card: Make) -> None:
    def mark(weight: float) -> str:
        heatmap = HeatmapValues("m", (((weight,),),), ("a",), ("b",), "alt")
        item = dataclasses.replace(card("A?", 1, id="a"), heatmaps=(heatmap,))
        found: str = build(None, [item]).lock.entries[0].fingerprint
        return found

    assert mark(0.3) == mark(0.1 + 0.2) != mark(0.301)


def test_an_edited_question_without_an_id_keeps_its_history(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1), card("B?", 5)])
    edited = card("A, reworded?", 1, answer="answer to A?")
    second = build(first.lock, [edited, card("B?", 5)], now + 9)
    assert second.identities[0] == dataclasses.replace(first.identities[0], mod=now + 9)
    assert summary(second.changes) == {"reworded": ["a"], "unchanged": ["b"]}
    assert str(second.changes.reworded[0]) == 'a: was "A?"'


def test_an_edited_answer_without_an_id_keeps_its_history(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1)])
    second = build(first.lock, [card("A?", 1, answer="better")], now + 9)
    assert second.identities[0].guid == first.identities[0].guid
    assert summary(second.changes) == {"reworded": ["a"]}
    assert str(second.changes.reworded[0]) == "a: another answer to the same question"


def test_both_edited_is_another_card(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1)])
    second = build(first.lock, [card("Z?", 1, answer="z")], now + 9)
    assert summary(second.changes) == {"new": ["z"], "retired": ["a"]}
    assert not second.problems


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            {"heading": "A?", "choices": [("the token before", True), ("no", False)]},
            {"heading": "Edited?", "choices": [("the token before", True), ("nay", False)]},
        ),
        (
            {"heading": "A?", "kind": Kind.TYPED, "accepted": ("4", "four weights")},
            {"heading": "Edited?", "kind": Kind.TYPED, "accepted": ("4", "four weights")},
        ),
        (
            {"heading": "A", "kind": Kind.CLOZE, "body": "is {{c1::one thing}}"},
            {"heading": "A", "kind": Kind.CLOZE, "body": "it is {{c1::one thing}}"},
        ),
        (
            {"heading": "A", "kind": Kind.CLOZE, "body": "is {{c1::one}}"},
            {"heading": "A", "kind": Kind.CLOZE, "body": "is {{c1::two}}"},
        ),
    ],
)
def test_each_kind_is_known_again(before: Any, after: Any, build: Any, card: Make, now: int) -> None:
    first = build(None, [card(**before), card("B?", 9)])
    second = build(first.lock, [card(**after), card("B?", 9)], now + 9)
    assert second.identities[0].guid == first.identities[0].guid


def test_an_id_written_into_the_source_takes_the_line_over(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1), card("B?", 5)])
    second = build(first.lock, [card("A?", 1, id="alpha"), card("B?", 5, id="b")], now + 9)
    assert [made.guid for made in second.identities] == [made.guid for made in first.identities]
    assert [made.mod for made in second.identities] == [now + 9, now]  # the ID is a field
    assert summary(second.changes) == {"renamed": ["alpha"], "unchanged": ["b"]}
    assert all(entry.written for entry in second.lock.entries)


def test_a_guid_stays_when_its_id_moves_on_and_is_never_minted_again(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1)])
    both = [card("A?", 1, id="alpha"), card("Other?", 9, id="a")]
    second = build(build(first.lock, both[:1]).lock, both)
    assert second.identities[0].guid == first.identities[0].guid != second.identities[1].guid
    at_once = build(first.lock, both)
    assert messages(at_once) == ['error: the id `a` already belongs to the card "A?" in a.md']


def test_an_id_of_the_lock_cannot_be_taken_from_a_card_that_is_still_there(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1)])
    second = build(first.lock, [card("A?", 1), card("New?", 9, id="a")])
    assert messages(second) == ['error: the id `a` already belongs to the card "A?" in a.md']
    other = [card("New?", 9, id="a", path="b.md")]
    unread = build(first.lock, other, read=("b.md",), present=("a.md", "b.md"), whole=False)
    assert messages(unread) == ['error: the id `a` already belongs to the card "A?" in a.md']


def test_removing_an_id_keeps_an_unchanged_card(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1, id="alpha")])
    second = build(first.lock, [card("A?", 1)])
    assert second.identities == first.identities


def test_the_answer_alone_does_not_make_a_card_of_another_with_an_id(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1, id="alpha", answer="yes")])
    second = build(first.lock, [card("Z?", 1, answer="yes")])
    assert summary(second.changes) == {"new": ["z"], "retired": ["alpha"]}


def test_a_removed_card_is_retired_and_comes_back_as_itself(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1), card("B?", 5, id="b")])
    second = build(first.lock, [card("C?", 1)], now + 5)
    assert summary(second.changes) == {"new": ["c"], "retired": ["a", "b"]}
    assert {entry.id for entry in second.lock.entries if not entry.live} == {"a", "b"}
    edited = card("B, edited?", 5, id="b", answer="answer to B?")
    third = build(second.lock, [card("C?", 1), card("A?", 3), edited], now + 9)
    assert not third.problems
    assert [made.guid for made in third.identities[1:]] == [made.guid for made in first.identities]
    assert summary(third.changes) == {"unchanged": ["c"], "revived": ["a", "b"]}
    assert third.identities[1].mod == now


def test_a_retired_id_is_not_given_to_another_card(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1)])
    second = build(first.lock, [card("B?", 1, answer="b")])
    third = build(second.lock, [card("B?", 1, answer="b"), card("A!", 5, answer="something else")])
    assert third.identities[1].card_id == "a-2"


def test_a_part_build_retires_nothing_of_what_it_did_not_read(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1), card("B?", 1, path="b.md"), card("C?", 1, path="c.md")])
    part = build(first.lock, [card("A?", 1)], read=("a.md",), present=("a.md", "b.md"), whole=False)
    assert summary(part.changes) == {"unchanged": ["a"]}
    assert part.lock == first.lock
    whole = build(first.lock, [card("A?", 1), card("B?", 1, path="b.md")], read=("a.md", "b.md"))
    assert summary(whole.changes) == {"unchanged": ["a", "b"], "retired": ["c"]}


def test_a_card_like_one_in_a_file_that_was_not_read_is_a_new_one(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1)])
    twin = [card("A?", 1, path="b.md")]
    part = build(first.lock, twin, read=("b.md",), present=("a.md", "b.md"), whole=False)
    assert summary(part.changes) == {"new": ["a-2"]}
    assert part.identities[0].guid != first.identities[0].guid


def test_a_renamed_file_keeps_its_cards(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1), card("B?", 5)])
    moved = [card("A?", 1, path="z.md"), card("B?", 5, path="z.md")]
    for whole in (True, False):
        second = build(first.lock, moved, now + 5, read=("z.md",), present=("z.md",), whole=whole)
        assert [made.guid for made in second.identities] == [made.guid for made in first.identities]
        assert summary(second.changes) == {"unchanged": ["a", "b"]}


def test_a_card_moved_to_another_deck_is_listed(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1)])
    second = build(first.lock, [card("A?", 1, deck="Deck::20 More")], now + 5)
    assert [str(change) for change in second.changes.moved] == ["a: from Deck::10 Basics to Deck::20 More"]


def test_ids_have_letters_of_every_script_and_are_unique(build: Any, card: Make) -> None:
    headings = ["Größe?", "Grosse?", "为什么", "नमस्ते दुनिया", "$$", "a" * 90, "word " * 30, "Grosse!", "?"]
    plan = build(None, [card(heading, line) for line, heading in enumerate(headings, 1)])
    made = [identity.card_id for identity in plan.identities]
    plain = ["größe", "grosse", "为什么", "नमस्ते-दुनिया", "card"]
    assert made == [*plain, "a" * 48, ("word-" * 9)[:-1], "grosse-2", "card-2"]
    assert all(names.is_id(card_id) for card_id in made)  # as hints tell authors to write them


def test_a_new_card_takes_no_id_from_one_that_was_built(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 9)])
    for later in (now, now - 100):  # in the same second, and on a machine whose clock is behind
        second = build(first.lock, [card("A?", 1, answer="another", path="b.md"), card("A?", 9)], later)
        assert [made.card_id for made in second.identities] == ["a-2", "a"]


def test_inserting_a_card_leaves_the_positions_of_the_others(build: Any, card: Make, now: int) -> None:
    first = build(None, [card("A?", 1), card("B?", 5), card("C?", 9)])
    second = build(first.lock, [card("A?", 1), card("New?", 3), card("B?", 6), card("C?", 9)], now + 9)
    assert [made.due for made in second.identities] == [10, 15, 20, 30]
    assert [made.mod for made in second.identities] == [now, now + 9, now, now]


def test_positions_count_by_deck_over_files_whatever_order_they_are_built_in(build: Any, card: Make) -> None:
    cards = [card("B?", 1, path="b.md"), card("A?", 1), card("M?", 3, deck="Deck::20 More")]
    assert [made.due for made in build(None, cards).identities] == [20, 10, 10]


def test_many_note_ids_leave_room_and_are_not_in_the_future(build: Any, card: Make, now: int) -> None:
    first = build(None, [card(f"Q{n}?", n) for n in range(1, 60)])
    second = build(first.lock, [card(f"Q{n}?", n) for n in range(1, 120)])
    made = sorted(entry.note_id for entry in second.lock.entries)
    assert all(after - before >= 100 for before, after in itertools.pairwise(made))
    assert made[-1] < now * 1000
    assert made[0] > (now - 60) * 1000


def test_a_released_card_without_an_id_is_asked_for_one(build: Any, card: Make, now: int) -> None:
    lock = released(build(None, [card("A?", 1), card("B?", 5, id="b")]).lock, "1.0", now)
    (problem,) = build(lock, [card("A?", 3), card("B?", 5, id="b")]).problems
    assert str(problem) == (
        'sources/a.md:3:1: warning: the released card "A?" has no id in its source\n'
        "    hint: write below its heading `<!-- card: #a -->`"
    )


@pytest.mark.parametrize("id_", ["a", None])
def test_a_card_that_becomes_a_cloze_is_an_error_until_it_takes_another_id(
    id_: str | None, build: Any, card: Make, now: int
) -> None:
    lock = build(None, [card("A?", 1, id=id_)]).lock
    cloze = {"kind": Kind.CLOZE, "body": "It is {{c1::so}}."}
    (problem,) = build(lock, [card("A?", 1, id=id_, **cloze)]).problems
    assert problem.severity == "error"
    assert "recall card" in problem.message
    assert "<!-- card: #a-2 new -->" in problem.hint
    agreed = build(lock, [card("A?", 1, id="a-2", consents=(("new", ""),), **cloze)])
    assert not agreed.problems
    assert summary(agreed.changes) == {"new": ["a-2"], "retired": ["a"]}


CLOZES = "{{c1::one}} {{c2::two}} {{c3::three}}"


def test_a_cloze_number_out_of_range_is_told(build: Any, card: Make) -> None:
    (problem,) = build(None, [card("N", 1, kind=Kind.CLOZE, body="{{c101::x}} {{c100::y}}")]).problems
    assert problem.message == "a cloze number 101; they go from 1 to 100"


def test_two_cards_with_one_id_are_planned_all_the_same(build: Any, card: Make) -> None:
    plan = build(None, [card("A?", 1, id="x"), card("B?", 5, id="x")])
    assert len({made.guid for made in plan.identities}) == 2


def test_identities_stand_in_the_order_of_the_cards(build: Any, card: Make) -> None:
    plan = build(None, [card("B?", 9), card("A?", 1)])
    assert [made.card_id for made in plan.identities] == ["b", "a"]


def test_a_new_part_of_the_vocabulary_leaves_old_fingerprints(build: Any, card: Make, project: Any) -> None:
    """The marks of one fixed card, written down: each formula's may move with RENDER_EPOCH only."""
    item = dataclasses.replace(card("A?", 1, id="a"), steps=(Step("s", "1"),))
    made = [fingerprint.fingerprint(item, "a", project, 1, {}, formula) for formula in (1, 2)]
    assert made == ["fd487eb52378d5e4d30b8161f57b0434", "f7f9d771d10b87f4e32dbf2f5f2058ed"]
    assert build(None, [item]).lock.entries[0].fingerprint == made[1]


def test_plans_survive_being_written_and_read(build: Any, card: Make, now: int) -> None:
    cards = [card("A?", 1), card("C", 5, kind=Kind.CLOZE, body=CLOZES), card("L" * 500, 9)]
    lock = build(None, cards).lock
    again, problems = load(dump(lock), "deck.lock", lock.namespace, now)
    assert not problems
    assert summary(build(again, cards, now + 9).changes) == {"unchanged": ["a", "c", "l" * 48]}


def test_places_do_not_count(build: Any, card: Make) -> None:
    item = card("A?", 1, id="a", choices=[("x", True), ("y", False)])
    options = tuple(
        dataclasses.replace(option, location=Location("elsewhere", 99)) for option in item.card.options
    )
    other = dataclasses.replace(item, card=dataclasses.replace(item.card, options=options))
    marks = {build(None, [found]).lock.entries[0].fingerprint for found in (item, other)}
    assert len(marks) == 1
