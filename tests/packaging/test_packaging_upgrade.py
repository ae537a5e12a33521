"""Locks of format 1, which kept hashes: the first build gives them texts, and no card changes by it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from verideck.cards import Kind
from verideck.packaging import fingerprint, first_formula
from verideck.packaging.card_texts import Texts
from verideck.packaging.lock import Lock, Plan, dump, load

Make = Callable[..., Any]
SPACE = "4d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11"
NEW_KEYS = ("formula", "clozes_before", "consents")


def old(plan: Plan, cards: list[Any], project: Any) -> str:
    """Write the lock of some cards as version 7163a26 did."""
    lines = [json.dumps({"format": 1, "namespace": SPACE})]
    by_guid = {made.guid: item for made, item in zip(plan.identities, cards, strict=True)}
    for entry, line in zip(plan.lock.entries, dump(plan.lock).splitlines()[1:], strict=True):
        data, item = json.loads(line), by_guid[entry.guid]
        texts = first_formula.texts(item.card)
        data |= {"question": texts.question, "answer": texts.answer}
        data["clozes"] = {str(number): known for number, known in texts.clozes}
        data["fingerprint"] = fingerprint.fingerprint(item, entry.id, project, 1, {}, formula=1)
        lines.append(json.dumps({key: value for key, value in data.items() if key not in NEW_KEYS}))
    return "".join(f"{line}\n" for line in lines)


def read(text: str, now: int) -> Lock:
    lock, problems = load(text, "deck.lock", SPACE, now)
    assert not problems
    return lock


@pytest.fixture
def cards(card: Make) -> list[Any]:
    return [
        card("A?", 1, answer="the first answer"),
        card("B?", 5, id="b", body="```python\nprint(1)\n```", answer="the second answer"),
        card("C", 9, id="c", kind=Kind.CLOZE, body="{{c1::query}} and {{c2::key}}"),
        card("L" * 300, 13, choices=[("right one", True), ("wrong one", False)]),
    ]


def test_the_hashes_of_format_1_are_written_down(card: Make) -> None:
    """As version 7163a26 wrote them, for these two cards."""
    choice = card("What is $x$?", 1, body="so  it\nis", choices=[("b  c", True), ("a", True), ("d", False)])
    assert first_formula.texts(choice.card) == Texts("What is $x$?\nb56029d3d1d28d08", "7b8e1027351d7db4")
    cloze = card("N", 1, kind=Kind.CLOZE, body="{{c1::one}} x {{c2::two}} {{c1::three}}")
    assert first_formula.texts(cloze.card) == Texts(
        "N\n71f332641eb23b92", "c5efd707d5fdb6b0", ((1, "cf1dc296597079f1"), (2, "2cc742c093c77ecf"))
    )


def test_an_upgrade_changes_no_card(build: Any, cards: list[Any], project: Any, now: int) -> None:
    first = build(None, cards)
    upgraded = build(read(old(first, cards, project), now), cards, now + 99)
    assert upgraded.lock == first.lock
    assert upgraded.identities == first.identities
    assert len(upgraded.changes.unchanged) == 4
    assert (upgraded.problems, upgraded.uncompared) == ((), ())


def test_cards_edited_in_the_same_build_are_named(
    build: Any, card: Make, cards: list[Any], project: Any, now: int
) -> None:
    lock = read(old(build(None, cards), cards, project), now)
    edited = [
        card("A?", 1, answer="another answer"),
        card("B?", 5, id="b", body="```python\nprint(2)\n```", answer="the second answer"),
        card("C", 9, id="c", kind=Kind.CLOZE, body="{{c1::query}} and {{c2::keys}}"),
        cards[3],
    ]
    plan = build(lock, edited, now + 99)
    assert plan.uncompared == ("a", "b", "c")
    assert not plan.problems
    assert all(entry.formula == 2 for entry in plan.lock.entries)
    assert len(plan.changes.unchanged) == 1


def test_what_hashes_tell_is_refused_in_the_same_build(
    build: Any, card: Make, cards: list[Any], project: Any, now: int
) -> None:
    lock = read(old(build(None, cards), cards, project), now)
    edited = [
        cards[0],
        card("Zzz?", 5, id="b", answer="quite another"),
        card("C", 9, id="c", kind=Kind.CLOZE, body="{{c2::query}} and {{c1::key}}"),
        cards[3],
    ]
    told = [problem.message.split("\n")[0] for problem in build(lock, edited, now + 99).problems]
    assert told == [
        "`b` has another question and another answer now",
        "the cloze numbers of `c` moved: what c1 hid is c2 now; what c2 hid is c1 now",
    ]


def test_lines_of_cards_that_are_not_built_stay_as_they_are(
    build: Any, card: Make, project: Any, now: int
) -> None:
    cards = [card("A?", 1), card("B?", 1, path="b.md"), card("Gone?", 9)]
    text = old(build(None, cards, read=("a.md", "b.md")), cards, project)
    part = build(read(text, now), cards[:1], now + 9, read=("a.md",), present=("a.md", "b.md"), whole=False)
    formulas = {entry.id: entry.formula for entry in part.lock.entries}
    assert formulas == {"a": 2, "b": 1, "gone": 1}
    again = read(dump(part.lock), now + 9)
    assert again == part.lock
    back = build(again, cards, now + 20, read=("a.md", "b.md"))
    assert {entry.formula for entry in back.lock.entries} == {2}
    assert [made.mod for made in back.identities] == [now] * 3
    assert [change.card for change in back.changes.revived] == ["gone"]


def test_a_union_of_both_formats_is_read(build: Any, card: Make, project: Any, now: int) -> None:
    cards = [card("A?", 1), card("B?", 5)]
    first = build(None, cards)
    newer = build(first.lock, [card("A?", 1, hint="h"), card("B?", 5)], now + 9).lock
    merged = read(old(first, cards, project) + dump(newer), now + 9)
    plan = build(merged, [card("A?", 1, hint="h"), card("B?", 5)], now + 20)
    assert len(plan.lock.entries) == 2
    assert [made.guid for made in plan.identities] == [made.guid for made in first.identities]
    assert not plan.problems


def test_a_new_author_moves_no_card_of_an_old_lock(
    build: Any, cards: list[Any], project: Any, now: int
) -> None:
    lock = read(old(build(None, cards), cards, project), now)
    upgraded = build(lock, cards, now + 9).lock
    credited = dataclasses.replace(project, author="Somebody", license="CC0")
    assert len(build(upgraded, cards, now + 20, project=credited).changes.unchanged) == 4
