"""What a merge leaves of a lock: guids and ids that two cards share, and the merge of three versions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from verideck.packaging import lock_merge
from verideck.packaging.entry import seniority
from verideck.packaging.lock import Entry, Lock, Plan, dump, load

Make = Callable[..., Any]
SPACE = "4d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11"


def read(text: str, now: int) -> Lock:
    lock, problems = load(text, "deck.lock", SPACE, now)
    assert not problems
    return lock


def union(*locks: Lock, now: int) -> Lock:
    """Read what git makes of locks by union."""
    return read("".join(map(dump, locks)), now)


def entries(plan: Plan) -> dict[str, Entry]:
    return {entry.id: entry for entry in plan.lock.entries}


def same_guid(build: Any, card: Make, now: int, **senior: Any) -> tuple[Lock, list[Any]]:
    """Give the lock of two branches that made one guid for two cards, as ids once did, and the cards."""
    cards = [card("Bank?", 1, answer="the bench"), card("Bank?", 5, path="b.md", answer="the money")]
    (bench,) = build(None, cards[:1], now).lock.entries
    (money,) = build(None, cards[1:], now + 5, read=("b.md",)).lock.entries
    money = dataclasses.replace(money, guid=bench.guid)
    first = dataclasses.replace(bench, **senior)
    return union(Lock(SPACE, (first,)), Lock(SPACE, (money,)), now=now + 9), cards


@pytest.mark.parametrize(
    ("senior", "keeps"),
    [
        ({}, "the bench"),  # its note id is smaller
        ({"note_id": 1_790_000_009_000}, "the money"),
        ({"note_id": 1_790_000_009_000, "first_release": "1.10"}, "the bench"),
    ],
)
def test_a_guid_of_two_cards_stays_with_the_senior_one(
    senior: Any, keeps: str, build: Any, card: Make, now: int
) -> None:
    lock, cards = same_guid(build, card, now, **senior)
    (guid,) = {entry.guid for entry in lock.entries}
    for ordered in (cards, cards[::-1]):
        plan = build(lock, ordered, now + 60)
        texts = {entry.guid: entry.answer for entry in plan.lock.entries}
        assert texts.pop(guid) == keeps
        assert len(texts) == 1
        assert all(problem.severity == "warning" for problem in plan.problems)
        assert sum("had the same guid" in problem.message for problem in plan.problems) == 1
        assert [change.card for change in plan.changes.new] == [entries(plan)["bank-2"].id]
        # A learner may have either text under the guid: what stays there is newer than both.
        assert next(entry.mod for entry in plan.lock.entries if entry.guid == guid) > now + 5
        again = build(plan.lock, ordered, now + 120)
        assert again.lock == plan.lock
        assert len(again.changes.unchanged) == 2


def test_releases_are_compared_as_numbers() -> None:
    older, newer = (Entry("g", "a", first_release=version) for version in ("1.9", "1.10"))
    assert min(newer, older, Entry("g", "a"), key=seniority) == older


def test_the_card_with_the_new_guid_is_the_same_on_every_machine(build: Any, card: Make, now: int) -> None:
    lock, cards = same_guid(build, card, now)
    plans = [build(lock, cards, now + later) for later in (60, 99)]
    guids = [{entry.guid for entry in plan.lock.entries} for plan in plans]
    assert guids[0] == guids[1]


def test_a_line_that_was_edited_on_both_branches_is_one_card(build: Any, card: Make, now: int) -> None:
    base = build(None, [card("A?", 1, id="a")], now).lock
    ours = build(base, [card("A?", 1, id="a", answer="ours here")], now + 5).lock
    theirs = build(base, [card("A?", 1, id="a", answer="theirs there")], now + 9).lock
    for answer in ("ours here", "theirs there", "both of them"):
        plan = build(union(ours, theirs, now=now + 9), [card("A?", 1, id="a", answer=answer)], now + 60)
        (entry,) = plan.lock.entries
        assert (entry.guid, plan.problems) == (base.entries[0].guid, ())
        # Newer than what the learners of either branch have, unless it is the same.
        assert all(entry.mod > had.mod or entry == had for (had,) in (ours.entries, theirs.entries))


def test_an_id_that_one_branch_wrote_survives_an_edit_on_the_other(build: Any, card: Make, now: int) -> None:
    base = build(None, [card("A?", 1, answer="one")], now).lock
    named = build(base, [card("A?", 1, id="alpha", answer="one")], now + 5).lock
    for later in (3, 9):  # the edit is the older or the newer line
        edited = build(base, [card("A?", 1, answer="two")], now + later).lock
        for order in ((named, edited), (edited, named)):
            merged = union(*order, now=now + 9)
            # Both texts have changed since: only the id is left to know the card by.
            last = card("Z?", 1, id="alpha", answer="three", consents=(("reworded", ""),))
            plan = build(merged, [last], now + 60)
            assert [made.guid for made in plan.identities] == [base.entries[0].guid]
            assert not plan.problems


def test_derived_ids_that_two_branches_gave_are_numbered_again(build: Any, card: Make, now: int) -> None:
    cards = [card("Bank?", 1, answer="the bench"), card("Bank?", 1, path="b.md", answer="the money")]
    ours, theirs = build(None, cards[:1], now).lock, build(None, cards[1:], now + 5, read=("b.md",)).lock
    assert [entry.id for entry in (*ours.entries, *theirs.entries)] == ["bank", "bank"]
    for order in ((ours, theirs), (theirs, ours)):
        plan = build(union(*order, now=now + 9), cards, now + 60)
        assert not plan.problems
        found = {entry.answer: (entry.id, entry.guid) for entry in plan.lock.entries}
        assert found == {
            "the bench": ("bank", ours.entries[0].guid),
            "the money": ("bank-2", theirs.entries[0].guid),
        }


def test_a_written_id_wins_over_a_derived_one(build: Any, card: Make, now: int) -> None:
    cards = [card("Bank?", 1, answer="the bench"), card("X?", 1, path="b.md", id="bank", answer="the money")]
    ours, theirs = build(None, cards[:1], now).lock, build(None, cards[1:], now + 5, read=("b.md",)).lock
    plan = build(union(ours, theirs, now=now + 9), cards, now + 60)
    assert not plan.problems
    found = {entry.answer: entry.id for entry in plan.lock.entries}
    assert found == {"the bench": "bank-2", "the money": "bank"}
    assert {entry.guid for entry in plan.lock.entries} == {ours.entries[0].guid, theirs.entries[0].guid}


def test_one_id_with_two_guids_belongs_to_the_line_with_the_cards_text(
    build: Any, card: Make, now: int
) -> None:
    ours = build(None, [card("A?", 1, id="a", answer="ours here")], now).lock
    theirs = build(None, [card("A?", 1, id="a", answer="theirs there")], now + 5).lock
    for lock, answer in ((ours, "ours here"), (theirs, "theirs there")):
        merged = union(ours, theirs, now=now + 9)
        plan = build(merged, [card("A?", 1, id="a", answer=answer)], now + 60)
        assert plan.identities[0].guid == lock.entries[0].guid
        assert [entry.live for entry in plan.lock.entries if entry.guid != lock.entries[0].guid] == [False]
        assert not plan.problems


def test_the_same_card_added_on_both_branches_is_one_note(build: Any, card: Make, now: int) -> None:
    base = build(None, [card("A?", 1)], now).lock
    locks = [build(base, [card("A?", 1), card("New?", 5)], now + later).lock for later in (5, 9)]
    plan = build(union(*locks, now=now + 9), [card("A?", 1), card("New?", 5)], now + 60)
    assert len(plan.lock.entries) == 2
    assert len(plan.changes.unchanged) == 2


def merge(base: Lock, ours: Lock, theirs: Lock, now: int) -> Lock:
    versions = [(dump(lock), name) for lock, name in ((base, "base"), (ours, "ours"), (theirs, "theirs"))]
    text, problems = lock_merge.merge(versions, now)
    assert text is not None
    assert not problems
    return read(text, now)


def test_the_driver_takes_the_side_that_changed(build: Any, card: Make, now: int) -> None:
    base = build(None, [card("A?", 1), card("B?", 5), card("C?", 9)], now).lock
    ours = build(base, [card("A?", 1, hint="h"), card("B?", 5), card("C?", 9)], now + 5).lock
    theirs = build(base, [card("A?", 1), card("B?", 5, hint="h")], now + 9).lock
    merged = {entry.id: entry for entry in merge(base, ours, theirs, now + 9).entries}
    assert (merged["a"].mod, merged["b"].mod, merged["c"].live) == (now + 5, now + 9, False)
    assert merge(base, ours, theirs, now + 9) == merge(base, theirs, ours, now + 9)


def test_the_driver_keeps_both_lines_of_a_card_that_both_changed(build: Any, card: Make, now: int) -> None:
    base = build(None, [card("A?", 1)], now).lock
    ours = build(base, [card("A?", 1, answer="ours")], now + 5).lock
    theirs = build(base, [card("A?", 1, answer="theirs")], now + 9).lock
    (versions,) = merge(base, ours, theirs, now + 9).versions
    assert {version.answer for version in versions} == {"ours", "theirs"}  # not the base's


def test_the_driver_merges_a_lock_that_both_branches_began(build: Any, card: Make, now: int) -> None:
    ours = build(None, [card("A?", 1)], now).lock
    theirs = build(None, [card("B?", 1, path="b.md")], now + 5, read=("b.md",)).lock
    text, _ = lock_merge.merge([("", "base"), (dump(ours), "ours"), (dump(theirs), "theirs")], now + 9)
    assert text is not None
    assert {entry.id for entry in read(text, now + 9).entries} == {"a", "b"}


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ('{"format": 2, "namespace": "another"}\n', "these are locks of two decks"),
        ("<<<<<<< ours\n", "a conflict marker of git"),
        ('{"format": 9, "namespace": "' + SPACE + '"}\n', "of a newer Verideck"),
    ],
)
def test_the_driver_refuses_what_it_cannot_read(
    theirs: str, told: str, build: Any, card: Make, now: int
) -> None:
    ours = dump(build(None, [card("A?", 1)], now).lock)
    text, problems = lock_merge.merge([(ours, "base"), (ours, "ours"), (theirs, "theirs")], now)
    assert text is None
    assert told in problems[0].message


def test_many_versions_cost_no_look_at_every_card(build: Any, card: Make, now: int) -> None:
    cards = [card(f"Question {n}?", n, answer=f"the answer {n}") for n in range(1, 400)]
    first = build(None, cards, now).lock
    second = Lock(SPACE, tuple(dataclasses.replace(entry, due=entry.due + 1) for entry in first.entries))
    merged = union(first, second, now=now)
    assert len(merged.versions) == len(cards)
    looked = 0

    class Counted(list[Any]):
        def __iter__(self) -> Any:
            nonlocal looked
            looked += 1
            return super().__iter__()

    from verideck.packaging import shared_guids, source_cards
    from verideck.packaging.lock import Scope

    found = source_cards.found([item.card for item in cards], Scope({}, frozenset(), True))
    shared_guids.split(merged, Counted(found), now)
    assert looked < 5


def test_a_file_renamed_on_one_branch_changes_no_card(build: Any, card: Make, now: int) -> None:
    before = build(None, [card("Bank?", 1)], now).lock
    moved = [card("Bank?", 1, path="banks.md")]
    renamed = build(before, moved, now + 60, read=("banks.md",)).lock
    lock = union(before, renamed, now=now + 90)
    assert build(lock, moved, now + 90, read=("banks.md",)).lock == renamed
