"""Parameter counts, head sizes and the scale: proposed checks, and questions that must propose none."""

from __future__ import annotations

import pytest

from verideck.cards import Kind, Subject
from verideck.reading.items import Item, ItemOption
from verideck.verifying import library, values
from verideck.verifying.evaluator import evaluate
from verideck.verifying.recognising import recognise


def _item(question: str, *options: str, body: str = "", code: str = "") -> Item:
    kind = Kind.CHOICE if options else Kind.RECALL
    shown = tuple(ItemOption(one, 4) for one in options)
    return Item("challenge", 3, kind, question, body=body, code=code, options=shown)


def _computed(code: str) -> object:
    found = evaluate(code, library.FUNCTIONS, {**library.CONSTANTS, **values.UNITS})
    assert found.fault is None, found.fault
    return found.assertions[-1].value


# The question, the first reading's value, the other readings' values.
ASKED = [
    ("How many parameters does nn.MultiheadAttention(32, 4) have?", 4224, {4096}),
    ("How many trainable parameters has a multi-head attention layer with d_model = 256 and 8 "
     "heads, ignoring "
     "biases?", 262144, set()),
    ("How many parameters does multi-head attention with $d_{model} = 64$ and $h = 8$ have, "
     "including biases?", 16640, set()),
    ("How many parameters does a linear layer with 30 inputs and 4 outputs have, biases "
     "included?", 124, {120}),
    ("How many parameters does nn.Linear(128, 64, bias=False) have?", 8192, set()),
    ("A linear layer maps 50 features to 20 features. How many parameters has it?", 1020, {1000}),
    ("A fully connected layer goes from 512 to 2,048 units. How many weights does it have?", 1048576, set()),
    ("How many parameters has an embedding layer for a vocabulary of 20,000 words and "
     "128-dimensional vectors?",
     2560000, set()),
    ("How many parameters does nn.Embedding(1000, 50) have?", 50000, set()),
    ("A feed-forward network has d_model = 64 and d_ff = 256. How many parameters does it have "
     "without bias terms?",
     32768, set()),
    ("How many parameters does a feed-forward network with d_model = 64 and d_ff = 256 "
     "have?", 33088, {32768}),
    ("How many parameters does layer normalization over 768 features have?", 1536, set()),
    ("How many parameters does the query projection of each head have with d_model = 512 and 8 "
     "heads, without biases?",
     32768, set()),
    ("How many parameters does a Transformer encoder layer with d_model=64, 8 heads and d_ff=256 "
     "have?", 49984,
     {49728, 49152, 49408}),
    ("With d_model = 384 and 6 heads, what is the dimension of each head?", 64, set()),
    ("What is d_k when the embedding size is 768 and there are 12 heads?", 64, set()),
    ("How many features does each head get in nn.MultiheadAttention(embed_dim=96, num_heads=8)?", 12, set()),
    ("How many heads does a model with d_model = 1024 and heads of size 64 have?", 16, set()),
    ("By what number are the attention scores divided if d_k = 64?", 8, {0.125}),
    ("What is the scaling factor of the attention scores with d_model = 512 and 8 heads?", 8, {0.125}),
    ("If 512 features are divided evenly among 8 attention heads, what is the size of each head?", 64, set()),
    ("The dot product of a query and a key is 24 and d_k = 16. What is the scaled score?", 6, set()),
]  # fmt: skip


@pytest.mark.parametrize(("question", "value", "others"), ASKED, ids=range(len(ASKED)))
def test_the_number_that_is_asked_for(question: str, value: float, others: set[float]) -> None:
    (proposal,) = recognise(_item(question))
    assert proposal.subject is Subject.ANSWER
    assert _computed(proposal.code) == value
    assert {_computed(one.code) for one in proposal.conventions} == others
    assert proposal.complete


# Questions of several layers, with a size too few or one too many, or about something else.
NEAR = [
    "How many parameters do W_Q, W_K and W_V have together with d_model = 512 and 8 heads, without biases?",
    "How many parameters do the query, key and value projections have with d_model = 512, without biases?",
    (
        "In a feed-forward network with d_model = 64 and d_ff = 256, how many parameters has the "
        "first linear layer?"
    ),
    "What is the dimension of all heads together with d_model = 512 and 8 heads?",
    "What is the ratio of d_model to d_k with d_model = 512 and 8 heads?",
    "How many parameters does a linear layer with 30 inputs have?",
    "How many parameters does a linear layer with 30 inputs and 4 outputs followed by dropout of 0.5 have?",
    "How many parameters do a linear layer with 30 inputs and 4 outputs and an embedding layer have?",
    (
        "How many parameters does multi-head attention with d_model = 64 and 8 heads have after LoRA "
        "of rank 4?"
    ),
    "How many parameters does multi-head attention with d_model = 64 and 7 heads have?",
    "How many parameters do 12 multi-head attention layers with d_model = 64 and 8 heads have?",
    "By which factor does the number of parameters of attention grow if d_model = 64 is doubled?",
    "How many parameters does grouped multi-head attention with d_model = 64 and 8 heads have?",
    "How many bytes of memory do the parameters of nn.Linear(30, 4) take?",
    "How many parameters does a convolution layer with 30 inputs and 4 outputs have?",
    "Why does nn.MultiheadAttention(32, 4) have so many parameters?",
    "How many parameters does an embedding layer with 20,000 words in 3 languages and size 128 share?",
    "How many parameters does nn.Linear(128, 64) have? And how many does nn.Linear(64, 10) have?",
    "With d_model = 384 and 5 heads, what is the dimension of each head?",
    "With d_model = 384, what is the dimension of each head?",
    "How does the scale change with d_k = 64?  Does it double?",
    "What is the variance of the dot product before it is divided by the scale for d_k = 64?",
    "Which number of heads is best with d_model = 512 and d_k = 64?",
    "With 12 heads and 12 layers and d_model = 768, what is the parameter count of the model of 2018?",
    "What is the size of each head?",
]


@pytest.mark.parametrize("question", NEAR, ids=range(len(NEAR)))
def test_a_near_miss_proposes_nothing(question: str) -> None:
    assert recognise(_item(question)) == ()


@pytest.mark.parametrize("word", ["NOT ", "usually ", "approximately "])
def test_a_turned_question_is_vetoed(word: str) -> None:
    (proposal,) = recognise(_item(f"How many parameters does nn.Linear(128, 64, bias=False) {word}have?"))
    assert word.strip() in proposal.veto


def test_numbers_that_only_name_are_no_sizes() -> None:
    (proposal,) = recognise(
        _item("Question 3: How many parameters does nn.Linear(30, 4, bias=False) have (2017)?")
    )
    assert proposal.complete


def test_options_with_words_are_claimed_one_by_one() -> None:
    found = recognise(_item(ASKED[14][0], "64 features", "384 features", "6 features"))
    assert [_computed(one.code) for one in found] == [True, False, False]
    assert {one.subject for one in found} == {Subject.OPTION}
