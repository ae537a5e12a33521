"""Entropy and perplexity, and figures that tell how focused weights are."""

from __future__ import annotations

import pytest

from verideck.cards import Kind, Subject
from verideck.reading.items import Item, ItemOption
from verideck.verifying import library, values
from verideck.verifying.evaluator import evaluate
from verideck.verifying.recognising import recognise


def _item(question: str, *options: str) -> Item:
    kind = Kind.CHOICE if options else Kind.RECALL
    return Item("challenge", 3, kind, question, options=tuple(ItemOption(one, 4) for one in options))


def _computed(code: str) -> object:
    found = evaluate(code, library.FUNCTIONS, {**library.CONSTANTS, **values.UNITS})
    assert found.fault is None, found.fault
    return found.assertions[-1].value


ASKED = [
    ("What is the entropy of the attention weights [0.5, 0.25, 0.25] in bits?", 1.5, "bits", False),
    ("What is the entropy of (1/2, 1/4, 1/4)?", 1.0397, "nats", True),
    ("What is the entropy, in nats, of weights that are uniform over 8 keys?", 2.0794, "nats", False),
    ("What is the entropy in bits of a distribution that is uniform over 8 tokens?", 3.0, "bits", False),
    ("What is the maximum entropy of an attention distribution over 16 tokens?", 2.7726, "nats", True),
    ("What is the largest possible entropy of weights over 4 keys, with the natural "
     "logarithm?", 1.3863, "nats", False),
    ("Compute the entropy (base 2) of [0.25, 0.25, 0.25, 0.25].", 2.0, "bits", False),
    ("What is the entropy of a one-hot row of weights?", 0.0, "nats", True),
    ("A head spreads its weights evenly over 32 positions. What is its entropy in bits?", 5.0, "bits", False),
    ("What is the minimum entropy of weights over 4 keys?", 0.0, "nats", True),
    ("What is the Shannon entropy of the weights [0.9, 0.1], using log_2?", 0.469, "bits", False),
    ("What is the entropy of the weights [1/3, 2/3] over 2 keys in nats?", 0.6365, "nats", False),
]  # fmt: skip


@pytest.mark.parametrize(("question", "amount", "unit", "both"), ASKED, ids=range(len(ASKED)))
def test_the_entropy_that_is_asked_for(question: str, amount: float, unit: str, both: bool) -> None:
    (proposal,) = recognise(_item(question))
    value = _computed(proposal.code)
    assert isinstance(value, values.Quantity)
    assert (round(float(value.amount), 4), value.unit) == (amount, unit)
    assert [one.name for one in proposal.conventions] == (["log base 2"] if both else [])
    assert proposal.complete


PERPLEXITY = [
    ("What is the perplexity of the weights [0.5, 0.5]?", 2),
    ("What is the effective number of keys for weights that are uniform over 5 keys?", 5),
    ("What is the perplexity of weights uniform over 12 words?", 12),
]


@pytest.mark.parametrize(("question", "keys"), PERPLEXITY)
def test_the_perplexity_that_is_asked_for(question: str, keys: int) -> None:
    (proposal,) = recognise(_item(question))
    assert _computed(proposal.code) == pytest.approx(keys)


NEAR = [
    "How much lower is the entropy of [0.5, 0.5] than the largest possible?",
    "What is the entropy of [0.5, 0.2]?",
    "What is the entropy of the scores [2, 1]?",
    "What is the cross-entropy loss of [0.5, 0.5] for class 0?",
    "What is the KL divergence and the entropy of [0.5, 0.5]?",
    "What is the entropy of [0.5, 0.5] and of [0.25, 0.75]?",
    "By how much does the entropy of [0.5, 0.5] change after masking 1 key?",
    "What is the entropy of weights over 4 keys?",
    "What is the entropy of weights uniform over 4 keys of 12?",
    "What is the perplexity of a language model whose loss is 2?",
    "What is the average entropy of the heads with weights [0.5, 0.5]?",
    "What is the entropy in bits of [0.5, 0.5] over 3 keys?",
    "What does entropy measure?",
    "Why is the entropy of a uniform distribution over 4 keys the largest?  What is it?  Is it 2?",
    "What is the entropy of the softmax of [0, 0]?",
    "What is the conditional entropy of a uniform distribution over 4 keys?",
    "What is the entropy of [[0.5, 0.5], [1, 0]]?",
]


@pytest.mark.parametrize("question", NEAR, ids=range(len(NEAR)))
def test_a_near_miss_proposes_nothing(question: str) -> None:
    assert recognise(_item(question)) == ()


WHICH = "Which figure shows how concentrated the attention weights of a query are?"
FIGURES = [
    (("The entropy of its weights", "The learning rate", "The number of heads"), [True, False, False]),
    (("Validation accuracy", "The Gini coefficient of the row", "The batch size"), [False, True, False]),
    (("The largest weight of the row", "The sum of the weights", "BLEU"), [True, False, False]),
]


@pytest.mark.parametrize(("options", "key"), FIGURES)
def test_a_figure_that_moves_with_focus_is_the_key(options: tuple[str, ...], key: list[bool]) -> None:
    found = recognise(_item(WHICH, *options))
    assert [_computed(one.code) for one in found] == key
    assert all(one.complete and one.subject is Subject.OPTION for one in found)


def test_an_option_that_cannot_be_told_leaves_the_rest_incomplete() -> None:
    found = recognise(_item(WHICH, "The entropy of its weights", "The mood of the query", "The batch size"))
    assert [_computed(one.code) for one in found] == [True, False]
    assert not any(one.complete for one in found)


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("Which metric shows how well a model translates?", ("BLEU", "The entropy of the weights")),
        (WHICH, ("The colour of the plot", "The mood of the query")),
        (WHICH.replace("weights", "weights of 4 heads"), ("The entropy", "BLEU")),
        (WHICH, ()),
    ],
)
def test_other_questions_about_figures_propose_nothing(question: str, options: tuple[str, ...]) -> None:
    assert recognise(_item(question, *options)) == ()


def test_a_question_that_is_turned_round_is_vetoed() -> None:
    found = recognise(
        _item(WHICH.replace("shows", "does NOT show"), "The entropy of its weights", "The batch size")
    )
    assert found
    assert all("NOT" in one.veto for one in found)
