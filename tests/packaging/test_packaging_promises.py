"""What a build must not do to cards that were built before, card by card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from verideck.cards import Kind

Make = Callable[..., Any]

CLOZES = "{{c1::one}} {{c2::two}} {{c3::three}}"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("{{c2::one}} {{c1::two}} {{c3::three}}", "what c1 hid is c2 now; what c2 hid is c1 now"),
        ("{{c1::one}} {{c2::two}}", "c3 is gone"),
        ("{{c1::one}} {{c2::new}} {{c3::three}} {{c4::two}}", "what c2 hid is c4 now"),
        ("{{c1::one}} {{c1::two}} {{c3::three}}", "c2 is gone"),
        ("{{c1::two}} {{c2::three}}", "what c2 hid is c1 now; what c3 hid is c2 now; c1 is gone"),
        ("{{c1::one}} {{c2::two}} {{c3::three, edited}}", ""),
        ("{{c1::one}} {{c2::something else}} {{c3::three}}", ""),
        (CLOZES + " {{c4::four}}", ""),
        (CLOZES + " {{c4::one}}", ""),
        ("{{c3::three}} then {{c1::one}} {{c2::two}}", ""),
    ],
)
def test_cloze_numbers_of_built_cards_stay(body: str, fault: str, build: Any, card: Make) -> None:
    def cloze(body: str, **more: Any) -> Any:
        return card("Numbers", 1, id="n", kind=Kind.CLOZE, body=body, **more)

    lock = build(None, [cloze(CLOZES)]).lock
    problems = build(lock, [cloze(body)]).problems
    told = [problem.message.split("\n")[0].partition("moved: ")[2] for problem in problems]
    assert told == ([fault] if fault else [])
    assert not build(lock, [cloze(body, consents=(("renumbered", ""),))]).problems


def test_cloze_numbers_of_a_card_without_an_id_stay(build: Any, card: Make) -> None:
    lock = build(None, [card("N", 1, kind=Kind.CLOZE, body="a {{c1::query}} b {{c2::key}}")]).lock
    (problem,) = build(lock, [card("N", 1, kind=Kind.CLOZE, body="a {{c2::query}} b {{c1::key}}")]).problems
    assert "what c1 hid is c2 now" in problem.message
    assert "\n          a {{c1::query}} b {{c2::key}}" in problem.hint


def test_one_of_two_equal_clozes_may_be_edited(build: Any, card: Make) -> None:
    def cloze(body: str) -> Any:
        return card("Numbers", 1, id="n", kind=Kind.CLOZE, body=body)

    lock = build(None, [cloze("{{c1::x}} {{c2::x}}")]).lock
    assert not build(lock, [cloze("{{c1::y}} {{c2::x}}")]).problems


def test_a_number_that_vanished_by_consent_comes_back_with_its_text_only(build: Any, card: Make) -> None:
    def cloze(body: str, **more: Any) -> Any:
        return card("Numbers", 1, id="n", kind=Kind.CLOZE, body=body, **more)

    lock = build(None, [cloze(CLOZES)]).lock
    shorter = build(lock, [cloze("{{c1::one}} {{c3::three}}", consents=(("renumbered", ""),))])
    assert not shorter.problems
    assert shorter.lock.entries[0].clozes_before == ((2, "two"),)
    (problem,) = build(shorter.lock, [cloze("{{c1::one}} {{c2::new}} {{c3::three}}")]).problems
    assert "c2 hid another text before" in problem.message
    assert "{{c1::one}} {{c4::new}} {{c3::three}}" in problem.hint
    back = build(shorter.lock, [cloze(CLOZES)])
    assert not back.problems
    assert back.lock.entries[0].clozes_before == ()


def test_a_built_card_stays_reversed(build: Any, card: Make) -> None:
    lock = build(None, [card("A?", 1, id="a", answer="b", reverse=True)]).lock
    (problem,) = build(lock, [card("A?", 1, id="a", answer="b")]).problems
    assert "no longer asked in reverse" in problem.message
    agreed = build(lock, [card("A?", 1, id="a", answer="b", consents=(("one-way", ""),))])
    assert not agreed.problems
    assert not build(agreed.lock, [card("A?", 1, id="a", answer="b", reverse=True)]).problems


SIDES: dict[str, tuple[dict[str, Any], bool]] = {
    "another question": ({"heading": "Z?"}, False),
    "another answer": ({"answer": "something else here"}, False),
    "both": ({"heading": "Z?", "answer": "something else here"}, True),
    "both, in case and stops": ({"heading": "the WEIGHTS of it", "answer": "The first answer."}, False),
    "another kind": ({"kind": Kind.CHOICE, "choices": [("the first answer", True), ("x", False)]}, False),
    "another question and kind": (
        {"heading": "Z?", "kind": Kind.CHOICE, "choices": [("the first answer", True), ("x", False)]},
        False,
    ),
}


@pytest.mark.parametrize("name", SIDES)
def test_an_id_keeps_its_card_through_an_edit_of_one_side(name: str, build: Any, card: Make) -> None:
    change, refused = SIDES[name]
    first = {"heading": "The weights of it?", "line": 1, "id": "a", "answer": "the first answer"}
    lock = build(None, [card(**first)]).lock
    edited = {**first, **change}
    if "choices" in edited:
        del edited["answer"]
    assert bool(build(lock, [card(**edited)]).problems) == refused
    agreed = build(lock, [card(**edited, consents=(("reworded", ""),))])
    assert not agreed.problems
    assert agreed.identities[0].guid == lock.entries[0].guid


def test_an_accepted_answer_more_is_no_other_answer(build: Any, card: Make) -> None:
    lock = build(None, [card("A?", 1, id="a", kind=Kind.TYPED, accepted=("(5, 7)",))]).lock
    more = card("A, reworded?", 1, id="a", kind=Kind.TYPED, accepted=("5 x 7", "(5, 7)"))
    assert not build(lock, [more]).problems


def test_an_id_may_be_reworded_under_an_answer_that_many_have(build: Any, card: Make) -> None:
    lock = build(None, [card("Is the whale a mammal?", 1, id="a", answer="Yes")]).lock
    assert not build(lock, [card("Are whales mammals?", 1, id="a", answer="Yes")]).problems
    (problem,) = build(lock, [card("Is softmax monotonic?", 1, id="a", answer="Yes")]).problems
    assert "another question and another answer" in problem.message


def test_questions_that_change_places_are_a_swap(build: Any, card: Make) -> None:
    first = [card("Peru?", 1, id="p", answer="Quito"), card("Ecuador?", 9, id="e", answer="Lima")]
    lock = build(None, first).lock
    swapped = [card("Ecuador?", 1, id="p", answer="Quito"), card("Peru?", 9, id="e", answer="Lima")]
    problems = build(lock, swapped).problems
    assert [problem.message.split("\n")[0] for problem in problems] == [
        "`p` has the question of `e` now: were their ids swapped?",
        "`e` has the question of `p` now: were their ids swapped?",
    ]
    corrected = [card("Peru?", 1, id="p", answer="Lima"), card("Ecuador?", 9, id="e", answer="Quito")]
    assert not build(lock, corrected).problems


def test_ids_swapped_between_kinds_of_cards_are_a_swap(build: Any, card: Make) -> None:
    recall, cloze = {"answer": "Quito"}, {"kind": Kind.CLOZE, "body": "The {{c1::Nile}} is long"}
    first = [card("Ecuador?", 1, id="e", **recall), card("Rivers", 9, id="r", **cloze)]
    lock = build(None, first).lock
    swapped = [card("Ecuador?", 1, id="r", **recall), card("Rivers", 9, id="e", **cloze)]
    problems = build(lock, swapped).problems
    assert [problem.message.split("\n")[0] for problem in problems] == [
        "`r` has the text of `e` now: were their ids swapped?",
        "`e` has the text of `r` now: were their ids swapped?",
    ]
    own = [f"`<!-- card: #{problem.message.split('`')[3]} -->`" for problem in problems]
    assert all(directive in problem.hint for directive, problem in zip(own, problems, strict=True))
    assert not build(lock, first).problems


def test_a_word_that_came_along_with_a_swapped_id_settles_nothing(build: Any, card: Make) -> None:
    word = {"consents": (("reworded", ""),)}
    first = [card("Peru?", 1, id="p", answer="the city of Lima"), card("Cuba?", 1, "b.md", id="c", **word)]
    lock = build(None, first, read=("a.md", "b.md")).lock
    peru = card("Peru?", 1, id="c", answer="the city of Lima")
    cuba = card("Which island?", 1, "b.md", id="p", answer="that of the sugar", **word)
    for part in (["b.md"], ["a.md", "b.md"]):
        cards = [cuba] if len(part) == 1 else [peru, cuba]
        others = {"others": [peru.card]} if len(part) == 1 else {}
        problems = build(
            lock, cards, read=part, present=["a.md", "b.md"], whole=len(part) == 2, **others
        ).problems
        assert "another card, `c`, has the text of `p` now" in problems[-1].message
        assert "if it is `c`" in problems[-1].hint
        assert ("build all files together" in problems[-1].hint) is (len(part) == 1)
    settled = card("Peru?", 1, id="c", answer="the city of Lima", consents=(("reworded", "2"),))
    assert not build(lock, [settled, cuba], read=("a.md", "b.md")).problems


def test_a_swap_with_a_file_that_is_not_built_asks_to_build_both(build: Any, card: Make) -> None:
    first = [card("Peru?", 1, id="p", answer="Lima"), card("Cuba?", 1, "b.md", id="c", answer="Havana")]
    lock = build(None, first, read=("a.md", "b.md")).lock
    peru = card("Peru?", 1, id="c", answer="Lima")
    cuba = card("Cuba?", 1, "b.md", id="p", answer="Havana")
    (part,) = build(
        lock, [peru], read=["a.md"], present=["a.md", "b.md"], whole=False, others=[cuba.card]
    ).problems
    assert "`<!-- card: #p -->`, and build all files together" in part.hint
    both = build(lock, [peru, cuba], read=("a.md", "b.md")).problems
    assert not any("together" in problem.hint for problem in both)


@pytest.mark.parametrize(
    ("kind", "edited"),
    [
        ({"kind": Kind.CLOZE, "body": "The {{c1::Nile}} is long"}, {"body": "The {{c1::Nile}} is very long"}),
        ({"answer": "a long river"}, {"heading": "The Nile?", "answer": "a very long river"}),
    ],
)
def test_ids_swapped_while_one_card_is_edited_are_offered_both(
    kind: Any, edited: Any, build: Any, card: Make
) -> None:
    lock = build(None, [card("Ecuador?", 1, id="e", answer="Quito"), card("River", 9, id="r", **kind)]).lock
    swapped = [
        card("Ecuador?", 1, id="r", answer="Quito"),
        card(id="e", line=9, **{"heading": "River", **kind, **edited}),
    ]
    first, second = build(lock, swapped).problems
    assert "if it is `e`" in first.hint
    assert "if it is `r`" in second.hint


def test_an_id_on_an_edited_card_whose_own_id_is_missing_is_offered_that_one(build: Any, card: Make) -> None:
    first = [
        card("What is the tallest mountain of Asia?", 1, id="asia", answer="Mount Everest"),
        card("What does a query do?", 9, id="query", answer="It asks the keys"),
    ]
    lock = build(None, first).lock
    cards = [
        card("What is the tallest mountain in Asia?", 1, id="query", answer="the Everest"),
        card("What does a query do?", 9, id="another", answer="It asks the keys"),
    ]
    problems = build(lock, cards).problems
    assert any("if it is `asia`" in problem.hint for problem in problems if problem.line == 1)


def test_an_id_with_the_text_of_a_retired_card_is_told(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1, id="a", answer="one two"), card("B?", 5, id="b", answer="three four")])
    second = build(first.lock, [card("B?", 5, id="b", answer="three four")])
    (problem,) = build(second.lock, [card("A?", 5, id="b", answer="one two")]).problems
    assert "`b` has the text of `a` now" in problem.message
    back = build(second.lock, [card("A?", 5, id="a", answer="one two")])
    assert [change.card for change in back.changes.revived] == ["a"]


def test_a_word_of_consent_is_dropped_from_hints_once_it_is_used(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1, id="a", answer="one two", reverse=True)])
    word = (("reworded", ""),)
    other = {"answer": "three four", "reverse": True}
    second = build(first.lock, [card("B?", 1, id="a", consents=word, **other)])
    assert not second.problems
    assert second.lock.entries[0].consents == word
    (problem,) = build(
        second.lock, [card("C?", 1, id="a", answer="five six", consents=word, reverse=True)]
    ).problems
    assert "`<!-- card: #a reworded=2 -->`" in problem.hint
    agreed = [card("C?", 1, id="a", answer="five six", consents=(("reworded", "2"),), reverse=True)]
    assert not build(second.lock, agreed).problems
