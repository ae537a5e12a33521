"""What attention costs in bytes and entries, and how that grows with the length."""

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


GiB = 2**30
# The question, the first reading in bytes or as a number, and the other readings.
ASKED = [
    ("How much memory does the attention matrix of one head take for a sequence of 64K tokens in float32?",
     16 * GiB, {4 * 64_000**2}),
    ("How many bytes do the attention weights of 8 heads take for length 1024 and batch size 2 in float16?",
     2**25, set()),
    ("How much memory do the attention weights take for length 2,048?", 2**24, {2**23}),
    ("How many GiB do the attention scores of 4 heads and a sequence length of 16384 take in half "
     "precision?",
     2, {2 * 1.073741824}),
    ("How many attention scores does self-attention compute for 1,000 tokens?", 1_000_000, set()),
    ("How many entries has the attention matrix of a sequence of 50 words?", 2500, set()),
    ("How many attention weights do 4 heads hold for a sequence length of 10?", 400, {100}),
    ("How many bytes does the score matrix of 100 tokens need with 4-byte numbers?", 40_000, set()),
]  # fmt: skip


@pytest.mark.parametrize(("question", "value", "others"), ASKED, ids=range(len(ASKED)))
def test_the_cost_that_is_asked_for(question: str, value: float, others: set[float]) -> None:
    (proposal,) = recognise(_item(question))
    assert _plain(_computed(proposal.code)) == value
    assert {_plain(_computed(one.code)) for one in proposal.conventions} == others
    assert proposal.complete


def _plain(value: object) -> object:
    return value.base if isinstance(value, values.Quantity) else value


# The question, its options, and which of them is true.
GROWTH = [
    ("The sequence length doubles. What happens to the memory of the attention matrix?",
     ("It doubles", "It quadruples", "It stays the same", "It halves"), 1),
    ("By what factor does the cost of self-attention grow if the sequence grows from 512 to 2,048 tokens?",
     ("4", "16 times", "2", "8"), 1),
    ("A text gets three times as long. How many times as many attention scores are "
     "computed?", ("3", "6", "9"), 2),
    ("How does the compute of full attention change if the input length is halved?",
     ("It halves", "A factor of 4 more", "Unchanged"), None),
    ("How many comparisons does attention make if the context length is tripled?",
     ("9 times as many", "3 times as many", "twice as many"), 0),
    ("The length of the sequence is doubled. How does attention's memory grow?", ("4x", "2x", "1x"), 0),
    ("The context length is quadrupled. How much more work does self-attention do?",
     ("16-fold", "four times", "8-fold"), 0),
]  # fmt: skip


@pytest.mark.parametrize(("question", "options", "key"), GROWTH, ids=range(len(GROWTH)))
def test_how_the_cost_grows(question: str, options: tuple[str, ...], key: int | None) -> None:
    found = recognise(_item(question, *options))
    assert [_computed(one.code) for one in found] == [n == key for n in range(len(options))]
    assert all(one.complete and one.subject is Subject.OPTION for one in found)


def test_growth_without_options_is_the_answer() -> None:
    (found,) = recognise(_item("By what factor do attention scores grow if the sequence length doubles?"))
    assert _computed(found.code) == 4
    assert found.subject is Subject.ANSWER


NEAR = [
    "How many attention weights does each query have for 100 tokens?",
    "How many bytes does one row of the attention matrix of 100 tokens take?",
    "The cost of attention quadruples. By what factor did the sequence length grow?",
    "The memory of attention doubles. How much longer is the sequence?",
    "The sequence length doubles. What happens to the attention weights of each query?",
    "How much memory does LSH attention take for 64K tokens in float32?",
    "How much memory does the attention matrix take?",
    "How much memory do the attention weights and the parameters take for 1024 tokens?",
    "How many bytes does the attention matrix of 100 tokens take in float16 and in float32?",
    "How much memory does a causal attention matrix of 100 tokens take?",
    "How much memory does the attention matrix of 100 tokens save with 3 rounds of hashing?",
    "How many scores does attention compute for 100 tokens and 7 languages?",
    "How many multiplications does the attention matrix of 100 tokens with d_k = 64 take?",
    "The sequence length doubles. What happens to the number of parameters of attention?",
    "The number of heads doubles. What happens to the memory of the attention matrix?",
    "The sequence length doubles. What happens to the cost of an RNN against attention?",
    "The sequence length doubles and the batch triples. What happens to the memory of attention?",
    "The sequence length doubles. What happens to the cost of linear attention?",
    "Why does the memory of the attention matrix grow by a factor of 4 if the length doubles?",
    "How many tokens fit if the attention matrix takes 16 GiB?",
    "The sequence length doubles. What happens to attention with a window of 128?",
]


@pytest.mark.parametrize("question", NEAR, ids=range(len(NEAR)))
def test_a_near_miss_proposes_nothing(question: str) -> None:
    assert recognise(_item(question)) == ()


def test_an_option_that_says_no_factor_leaves_the_rest_incomplete() -> None:
    question = "The sequence length doubles. What happens to the memory of the attention matrix?"
    found = recognise(_item(question, "It quadruples", "It depends", "It does not double"))
    assert [one.complete for one in found] == [False]
