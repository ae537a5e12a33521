"""Trade-offs: options that say which way a quantity goes, decided by computations and experiments."""

from __future__ import annotations

import pytest

from verideck.cards import Kind, Subject
from verideck.reading.items import Item, ItemOption
from verideck.verifying.compute import compute
from verideck.verifying.measuring import Measurement
from verideck.verifying.recognising import recognise, tradeoffs
from verideck.verifying.records import JobKind

ROUNDS = "What happens when the number of hash rounds grows?"
REVERSIBLE = "What do reversible layers do?"
HEADS = "What is the effect of more attention heads?"
BUCKETS = "What does increasing the number of buckets do in LSH?"
LENGTH = "What does doubling the sequence length do to full attention?"


def item(question: str, *options: str) -> Item:
    written = tuple(ItemOption(text, 3 + place) for place, text in enumerate(options))
    return Item("page", 1, Kind.CHOICE, question, options=written)


def truth(code: str) -> bool:
    outcome = compute(JobKind.CHECK, code)
    assert not outcome.faults, code
    measurement = outcome.findings[0].measurement
    assert measurement is None or isinstance(measurement, Measurement)
    held = outcome.findings[0].value is True if measurement is None else measurement.holds
    assert held is not None, "the experiment decides nothing"
    return held


DECIDED = [
    (ROUNDS, "More accurate, but slower", True),
    (ROUNDS, "Less accurate, but faster", False),
    (ROUNDS, "It becomes faster and more accurate", False),
    (ROUNDS, "It becomes slower and less accurate", False),
    (ROUNDS, "The more rounds you have, the higher the accuracy", True),
    (ROUNDS, "Accuracy drops", False),
    (ROUNDS, "The computation grows", True),
    (ROUNDS, "It saves time", False),
    (ROUNDS, "Quality improves while the cost increases", True),
    (REVERSIBLE, "They speed up training.", False),
    (REVERSIBLE, "They need less memory", True),
    (REVERSIBLE, "They save memory at the cost of more computation", True),
    (REVERSIBLE, "They make training slower", True),
    (REVERSIBLE, "They increase the memory", False),
    (REVERSIBLE, "They save memory and are faster", False),
    (HEADS, "The number of parameters increases", False),
    (HEADS, "The layer has fewer parameters", False),
    (BUCKETS, "Attention gets cheaper", True),
    (BUCKETS, "The cost grows", False),
    (LENGTH, "The computation increases", True),
    (LENGTH, "It is faster", False),
]


@pytest.mark.parametrize(("question", "option", "expected"), DECIDED)
def test_an_option_is_decided(question: str, option: str, expected: bool) -> None:
    (found,) = tradeoffs.recognise(item(question, option, "Nothing"))
    assert (found.subject, found.complete, found.line) == (Subject.OPTION, True, 3)
    assert found.message
    assert truth(found.code) is expected


def test_where_all_are_decided_one_is_right() -> None:
    options = (
        "More rounds make it less accurate but faster",
        "More rounds make it less accurate and slower",
        "More rounds make it more accurate but slower",
        "More rounds make it more accurate and faster",
    )
    found = list(tradeoffs.recognise(item(ROUNDS, *options)))
    assert [truth(one.code) for one in found] == [False, False, True, False]


UNDECIDED = [
    (ROUNDS, "It overfits and is slower"),
    (ROUNDS, "It is not slower"),
    (ROUNDS, "It is slightly slower"),
    (ROUNDS, "It needs more memory"),  # nothing computes that
    (ROUNDS, "The more rounds, the more buckets"),
    (ROUNDS, "It is always more accurate"),
    (ROUNDS, "It is more accurate and less accurate"),
    (ROUNDS, "It is better for long sequences"),
    (ROUNDS, "Nothing"),
    (ROUNDS, ""),
    (ROUNDS, "4"),
    ("What happens with fewer hash rounds?", "It is faster"),
    ("What is a hash round?", "It is faster"),
    ("Do more rounds with reversible layers help?", "It is faster"),  # two at once
    (REVERSIBLE, "The activations are recomputed, so that they need not be kept"),
    (REVERSIBLE, "They break a symmetry in the backward pass"),
    (REVERSIBLE, "They improve the accuracy"),
    (HEADS, "It decreases the ability to learn by reducing parameters"),
    (HEADS, "The model attends to several subspaces, with more accuracy"),
    ("Which layer is faster?", "The linear one is faster"),
]


@pytest.mark.parametrize(("question", "option"), UNDECIDED)
def test_what_says_more_is_left_alone(question: str, option: str) -> None:
    assert list(tradeoffs.recognise(item(question, option, "Something else"))) == []


def test_a_blank_or_fused_option_is_left_alone() -> None:
    options = (ItemOption("They speed up training", 3, fused=True), ItemOption("", 4, blank=True))
    assert not list(tradeoffs.recognise(Item("page", 1, Kind.CHOICE, REVERSIBLE, options=options)))


def test_a_soft_question_vetoes() -> None:
    found = recognise(item("What do reversible layers typically do?", "They speed up training", "Nothing"))
    assert [one.veto for one in found if one.recogniser == "tradeoffs"] == ["the question says `typically`"]


FRAGMENTS = [
    ("It is faster", ["It is slower"], "It is faster"),
    ("It is faster.", ["It is faster and better"], ""),
    (
        "The more you have of them the slower it all gets in the end",
        ["The more you have"],
        "you have of",
    ),
    ("It costs $5", ["It costs $6"], ""),
    ("faster", [], "faster"),
]


@pytest.mark.parametrize(("own", "others", "fragment"), FRAGMENTS)
def test_a_fragment_stands_in_one_option_alone(own: str, others: list[str], fragment: str) -> None:
    assert tradeoffs.distinct(own, others) == fragment
