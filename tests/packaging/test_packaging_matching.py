"""Which card is which: by its texts, by an answer that identifies, and never by likeness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from verideck.packaging import likeness
from verideck.packaging.identification import identifies

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("answer", "telling"),
    [
        ("The vector that asks", True),
        ("It is recomputed in the backward pass", True),
        ("東京は日本の首都です", True),
        ("Yes", False),
        ("Yes, it is.", False),
        ("not true", False),
        ("False", False),
        ("all of the above", False),
        ("42", False),
        ("-1.5e-3", False),
        ("4 GiB", False),
        ("(2, 5, 64)", False),
        ("tensor([1., 1.])", False),
        ("$d_k$", False),
        ("softmax", False),
        ("B", False),
        ("a and c", False),
        ("Москва", False),
        ("猫", False),
        ("", False),
    ],
)
def test_which_answers_identify(answer: str, telling: bool) -> None:
    assert identifies(answer) is telling


def test_an_answer_that_two_cards_have_identifies_neither(build: Any, card: Make) -> None:
    long = "It is recomputed backwards"
    first = build(None, [card("A?", 1, answer=long), card("B?", 5, answer=long)])
    second = build(first.lock, [card("A?", 1, answer=long), card("Quite another one", 5, answer=long)])
    assert len(second.problems) == 1  # alike by the answer: asked about
    assert "cannot tell whether" in second.problems[0].message


def test_an_answer_that_identifies_finds_its_card_in_another_file(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1, answer="It is recomputed backwards")])
    moved = [card("Zzz?", 1, path="b.md", answer="It is recomputed backwards")]
    second = build(first.lock, moved, read=("b.md",), present=("b.md",))
    assert not second.problems
    assert second.identities[0].guid == first.identities[0].guid


@pytest.mark.parametrize("answer", ["Yes", "4", "softmax", "B"])
def test_a_short_answer_moves_no_review(answer: str, build: Any, card: Make) -> None:
    first = build(None, [card("Is the whale a mammal?", 1, answer=answer)])
    second = build(first.lock, [card("Does attention need order?", 1, answer=answer)])
    assert [change.card for change in second.changes.retired] == ["is-the-whale-a-mammal"]
    assert not second.problems
    alike = build(first.lock, [card("Is a whale a mammal?", 1, answer=answer)])
    assert len(alike.problems) == 1


def test_equal_answers_are_told_apart_by_their_questions(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1, answer="yes"), card("B then?", 5, answer="yes")])
    second = build(first.lock, [card("A?", 1, answer="yes"), card("B then, but how?", 5, answer="yes")])
    assert second.identities[0].guid == first.identities[0].guid
    (problem,) = second.problems
    assert "is `b-then`" in problem.message


def test_each_of_several_doubtful_cards_is_asked_about_another_entry(build: Any, card: Make) -> None:
    first = build(
        None,
        [
            card(f"Is the {name} a mammal?", n, answer="yes")
            for n, name in enumerate(["bat", "whale", "cow"], 1)
        ],
    )
    edited = [
        card(f"Is a {name} one of the mammals?", n, answer="yes")
        for n, name in enumerate(["cow", "bat", "whale"], 1)
    ]
    problems = build(first.lock, edited).problems
    assert [problem.hint.count("-a-mammal -->`") for problem in problems] == [1, 1, 1]
    for problem, name in zip(problems, ("cow", "bat", "whale"), strict=True):
        assert f"<!-- card: #is-the-{name}-a-mammal" in problem.hint


def test_two_parts_of_a_split_card_are_both_asked_about_in_one_run(build: Any, card: Make) -> None:
    first = build(None, [card("What do queries and keys do?", 1, answer="queries ask and keys answer")])
    parts = [
        card("What do queries do?", 1, answer="queries ask"),
        card("What do keys do?", 5, answer="keys answer"),
    ]
    one, two = build(first.lock, parts).problems
    assert "instead of in line" in one.hint + two.hint
    agreed = [
        card(
            "What do queries do?",
            1,
            answer="queries ask",
            id="what-do-queries-and-keys-do",
            consents=(("reworded", ""),),
        ),
        card("What do keys do?", 5, answer="keys answer", id="keys", consents=(("new", ""),)),
    ]
    plan = build(first.lock, agreed)
    assert not plan.problems
    assert plan.identities[0].guid == first.identities[0].guid


def test_a_card_that_says_it_is_new_is_new_once(build: Any, card: Make) -> None:
    first = build(None, [card("What is the captial?", 1, answer="Paris")])
    new = {"id": "capital", "answer": "Paris", "consents": (("new", ""),)}
    second = build(first.lock, [card("What is the capital?", 1, **new)])
    assert not second.problems
    assert [change.card for change in second.changes.new] == ["capital"]
    # The lock knows the id now: the word does nothing any more.
    (problem,) = build(second.lock, [card("Who rained?", 1, **{**new, "answer": "Nobody at all"})]).problems
    assert "`capital` has another question and another answer now" in problem.message


def test_a_new_card_keeps_its_reviews_under_another_id(build: Any, card: Make) -> None:
    new = {"answer": "Paris", "consents": (("new", ""),)}
    first = build(None, [card("What is the capital?", 1, id="capital", **new)])
    second = build(first.lock, [card("What is the capital?", 1, id="paris", **new)])
    assert not second.problems
    assert [entry.guid for entry in second.lock.entries] == [entry.guid for entry in first.lock.entries]


def test_a_card_that_says_it_is_new_takes_no_retired_card_back(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1, id="a"), card("B?", 5, id="b")])
    second = build(first.lock, [card("B?", 5, id="b")])
    third = build(
        second.lock,
        [card("B?", 5, id="b"), card("A?", 9, id="c", answer="answer to A?", consents=(("new", ""),))],
    )
    assert not third.problems
    assert [change.card for change in third.changes.new] == ["c"]


def test_a_retired_card_that_comes_back_edited_is_a_new_one(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1), card("B?", 5)])
    second = build(first.lock, [card("B?", 5)])
    third = build(second.lock, [card("B?", 5), card("A?", 9, answer="another answer")])
    assert [change.card for change in third.changes.new] == ["a-2"]
    assert [entry.live for entry in third.lock.entries if entry.id == "a"] == [False]


def test_copies_that_an_old_lock_knows_are_kept(build: Any, card: Make) -> None:
    """Old versions took two equal cards for two cards."""
    import dataclasses

    from verideck.packaging.lock import Lock

    twins = [card("A?", 1), card("A?", 1, path="b.md")]
    lock = build(None, twins[:1]).lock
    (entry,) = lock.entries
    other = dataclasses.replace(entry, guid="z" * 16, id="a-2", file="b.md", note_id=entry.note_id - 100)
    plan = build(Lock(lock.namespace, (entry, other)), twins)
    assert not plan.problems
    assert [made.guid for made in plan.identities] == [entry.guid, "z" * 16]
    moved = [card("A?", 1, path="c.md"), card("A?", 9, path="c.md")]
    plan = build(Lock(lock.namespace, (entry, other)), moved, read=("c.md",), present=("c.md",))
    assert {made.guid for made in plan.identities} == {entry.guid, "z" * 16}


def test_a_card_of_a_file_that_could_not_be_read_is_not_made_twice(build: Any, card: Make) -> None:
    first = build(None, [card("A?", 1)])
    twin = [card("A?", 1, path="b.md")]
    part = build(first.lock, twin, read=("b.md",), present=("a.md", "b.md"), whole=False)
    (problem,) = part.problems
    assert "a.md, which this build does not read, has the card" in problem.message


REAL = [
    ("What is the captial of France?\nParis", "What is the capital of France?\nParis"),
    ("World War I ended in\n1918", "World War II ended in\n1945"),
    ("Question 3, reworded\nlong answer three", "Third question\nlong answer three"),
    ("What do the weights of a query sum to?\nThey add up to 1", "To what do one query's weights add up?\n1"),
    ("猫は何ですか？\ncat", "猫とは何ですか\ncat"),
]
UNRELATED = [
    ("Is the whale a mammal?\nYes", "Is 7 prime?\nYes"),
    ("What is 2+2?\n4", "What is red?\nA color"),
    ("The sun is a star.\nTrue", "Gold is a metal.\nTrue"),
    ("What is the shape of the output?\n(2, 5)", "Why is the score divided by a root?\nTo keep softmax soft"),
]


@pytest.mark.parametrize("pair", REAL)
def test_what_reads_alike_is_asked_about(pair: tuple[str, str]) -> None:
    assert likeness.pairs([pair[0]], [pair[1]], [pair[1]])


@pytest.mark.parametrize("pair", UNRELATED)
def test_what_has_nothing_in_common_is_not(pair: tuple[str, str]) -> None:
    assert not likeness.pairs([pair[0]], [pair[1]], [pair[1]])


def test_words_that_all_cards_have_tell_little() -> None:
    deck = [
        f"Translate the word into German: {word}\n{word[::-1]}" for word in ("dog", "house", "river", "sky")
    ]
    assert not likeness.pairs(["Translate the word into German: table\nTisch"], deck[:1], deck)
    assert likeness.pairs(["Translate the word into German: dogs\ngod"], deck[:1], deck)


def test_the_cost_of_comparing_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    likely = likeness._likely

    def counted(*arguments: Any) -> list[int]:
        found = likely(*arguments)
        looked.append(len(found))
        return found

    monkeypatch.setattr(likeness, "_likely", counted)
    texts = [f"the same words and the number {n} too" for n in range(2000)]
    assert likeness.pairs(texts, texts, texts)
    assert (len(looked), max(looked)) == (2000, 4)


def test_an_equal_score_gives_one_order(build: Any, card: Make) -> None:
    texts = ["alpha beta gamma", "gamma beta alpha"]
    pairs = likeness.pairs(texts, texts, texts)
    assert pairs == likeness.pairs(texts, texts, texts)
    assert [(pair.left, pair.right) for pair in pairs] == sorted((pair.left, pair.right) for pair in pairs)
