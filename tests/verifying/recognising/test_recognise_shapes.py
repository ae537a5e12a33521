"""Shapes asked for in words: the check that is proposed, and questions that must propose none."""

from __future__ import annotations

import pytest

from verideck.cards import Kind
from verideck.reading.items import Item, ItemOption
from verideck.verifying import library, values
from verideck.verifying.evaluator import evaluate
from verideck.verifying.recognising import recognise
from verideck.verifying.recognising.proposals import Proposal
from verideck.verifying.recognising.shapes import shapes


def _item(question: str, *options: str) -> Item:
    kind = Kind.CHOICE if options else Kind.RECALL
    return Item("challenge", 3, kind, question, options=tuple(ItemOption(one, 4) for one in options))


def _computed(code: str) -> object:
    found = evaluate(code, library.FUNCTIONS, {**library.CONSTANTS, **values.UNITS})
    assert found.fault is None, found.fault
    return found.assertions[-1].value


# The question, the shape that it asks for, and the other customary readings' shapes.
ASKED = [
    ("A batch of 3 sequences of length 7 with 48 features passes multi-head attention with 6 heads. "
     "What is the shape of the output?", (3, 7, 48), {(7, 3, 48)}),
    ("Multi-head attention (embed_dim=32, num_heads=4, batch_first=True) gets (batch_size=6, seq_len=9, "
     "embedding_dim=32). What is the output shape?", (6, 9, 32), set()),
    ("An input of shape 16×12×96 goes through self-attention with 8 heads, batch first. What "
     "shape comes out?",
     (16, 12, 96), set()),
    ("What is the shape of the attention weights of each head for batch size 5, sequence length 11, "
     "d_model = 64 and 4 heads?", (5, 11, 11), {(5, 4, 11, 11), (11, 11)}),
    ("What is the shape of the attention scores for a batch of 3 sentences of 7 tokens, 4 heads "
     "and d_model = 32?",
     (3, 4, 7, 7), {(3, 7, 7)}),
    ("What shape do the attention weights have, averaged over the heads, for a batch of 2 "
     "sequences of 6 words with "
     "16 features and 2 heads?", (2, 6, 6), set()),
    ("`nn.MultiheadAttention(24, 3)` gets an input of shape (5, 2, 24). What is the shape of the "
     "attention weights "
     "that it returns?", (5, 2, 2), {(5, 3, 2, 2), (2, 5, 5)}),
    ("In self-attention a sentence of 12 tokens is compared with itself. What shape has the "
     "attention matrix?",
     (12, 12), set()),
    ("13 queries attend to 21 keys by attention. What is the shape of the attention "
     "weights?", (13, 21), set()),
    ("With batch size 2, eight heads, sequence length 16 and $d_{model} = 128$, what is the shape "
     "of the queries after "
     "the split into heads in multi-head "
     "attention?", (2, 8, 16, 16), {(2, 16, 8, 16), (16, 16, 16), (2, 16, 16)}),
    ("What is the shape of the output of one head of attention for a batch of 4 sequences of 10 tokens, "
     "d_model 64 and 8 heads?", (4, 10, 8), {(4, 8, 10, 8)}),
    ("What is the output shape of `nn.Linear(64, 10)` for an input of shape (32, 64)?", (32, 10), set()),
    ("A linear layer maps 20 features to 5 features. The input has shape (8, 3, 20). What is the "
     "output shape?",
     (8, 3, 5), set()),
    ("An embedding layer with a vocabulary of 5,000 words and embedding size 300 receives a batch "
     "of 16 sequences of "
     "20 tokens. What is the output shape?", (16, 20, 300), set()),
    ("What shape does layer normalization return for an input of shape (2, 3, 8)?", (2, 3, 8), set()),
    ("A 3×4 matrix is multiplied by a 4×5 matrix. What is the shape of the result?", (3, 5), set()),
    ("Give the shape of the product of a (2, 3, 4) tensor and a (4, 6) tensor.", (2, 3, 6), set()),
]  # fmt: skip


@pytest.mark.parametrize(("question", "shape", "others"), ASKED, ids=range(len(ASKED)))
def test_the_shape_that_is_asked_for(
    question: str, shape: tuple[int, ...], others: set[tuple[int, ...]]
) -> None:
    (proposal,) = recognise(_item(question))
    assert _computed(proposal.code) == shape
    assert {_computed(one.code) for one in proposal.conventions} == others
    assert proposal.complete
    assert not proposal.veto


# Questions that ask for something else, leave a size out, or speak of another operation.
NEAR = [
    (
        "A batch of 3 sequences of length 7 with 48 features passes 2 layers. What is the output "
        "shape of attention?"
    ),
    "After attention over (3, 7, 48) with 6 heads a hidden layer has 96 neurons. What is its output shape?",
    (
        "A batch of 3 sequences of length 7 with 48 features passes attention and d_ff = 96. What "
        "shape has the inner output?"
    ),
    "What is the shape of the query projection of attention over (3, 7, 48)?",
    "What is the output shape of attention over (3, 7, 48) and (3, 9, 48)?",
    "What is the output shape of attention over (3, 7, 48)? What is the shape of its weights?",
    "A batch of 3 sequences passes multi-head attention with 6 heads. What is the shape of the output?",
    (
        "A batch of 3 sequences of length 7 with 48 features passes attention and is mean-pooled. "
        "What is the output shape?"
    ),
    (
        "A batch of 3 sequences of length 7 with 48 features passes attention with 5 heads. What is "
        "the output shape?"
    ),
    (
        "A batch of 3 sequences of length 7 with 48 features passes attention. Why does the shape "
        "stay the same?"
    ),
    (
        "After attention over (3, 7, 48) a linear layer maps 48 features to 9 classes. What is the "
        "output shape?"
    ),
    "Cross-attention takes (3, 7, 48) and (3, 9, 48). What is the output shape?",
    "What is the shape of the output of a convolution with 3 kernels over an input of shape (8, 3, 20)?",
    "What is the output shape of nn.Linear(64, 10) for an input of shape (32, 50)?",
    "An input of shape (3, 7, 48) is flattened after attention. What is the output shape?",
    "A 3×4 matrix is multiplied by a 5×4 matrix. What is the shape of the result?",
    "A 3×4 matrix is multiplied element-wise by a 4×5 matrix. What is the shape of the result?",
    "Attention gets a (3, 7, 48) input in epoch 12 of 40. What is the output shape?",
    "What is the shape of the attention weights and of the output for a batch of 3 sequences of length 7?",
    "Grouped-query attention with 8 heads and 2 groups gets (3, 7, 48). What is the output shape?",
    "What is the shape of W_Q for multi-head attention with d_model = 64, length 7 and 8 heads?",
    "What is the capital of France?",
    "How many heads has attention over (3, 7, 48)?",
    "A linear layer and an embedding layer get (3, 7). What is the output shape?",
    "",
    "shape " * 2_000 + "?",
]  # fmt: skip


@pytest.mark.parametrize("question", NEAR, ids=range(len(NEAR)))
def test_a_near_miss_proposes_no_shape(question: str) -> None:
    assert list(shapes(_item(question))) == []


@pytest.mark.parametrize("word", ["NOT ", "typically ", "at least ", "usually "])
def test_a_turned_question_is_vetoed(word: str) -> None:
    (proposal,) = recognise(_item(ASKED[0][0].replace("What is the", f"What is {word}the")))
    assert word.strip() in proposal.veto


def test_options_in_words_are_claimed_one_by_one() -> None:
    question = "What is the output shape of nn.Linear(64, 10) for an input of shape (32, 64)?"
    found = recognise(_item(question, "It has shape (32, 10)", "It has shape (10, 32)"))
    assert [one.code for one in found] == [
        'option("It has shape (32, 10)", (32,) + (10,) == (32, 10))',
        'option("It has shape (10, 32)", (32,) + (10,) == (10, 32))',
    ]
    assert [_computed(one.code) for one in found] == [True, False]
    assert all(one.complete for one in found)


def test_options_that_are_values_take_one_claim() -> None:
    question = "What is the output shape of nn.Linear(64, 10) for an input of shape (32, 64)?"
    (found,) = recognise(_item(question, "`(32, 10)`", "torch.Size([10, 32])"))
    assert isinstance(found, Proposal)
    assert found.code == "answer == (32,) + (10,)"


def test_options_in_words_under_several_readings_are_not_complete() -> None:
    found = recognise(_item(ASKED[4][0], "It has shape (3, 4, 7, 7)", "It has shape (3, 7, 7)"))
    assert [_computed(one.code) for one in found] == [True, False]
    assert [_computed(one.conventions[0].code) for one in found] == [False, True]
    assert not any(one.complete for one in found)


def test_a_head_size_that_does_not_fit_proposes_nothing() -> None:
    question = "What is the output shape of attention over (3, 7, 48) with 6 heads of size {}?"
    assert [len(recognise(_item(question.format(size)))) for size in (8, 9)] == [1, 0]
