"""The words and numbers of a question, and what it is vetoed for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.cards import Kind
from verideck.reading.items import Item, ItemOption
from verideck.verifying import syntax, values
from verideck.verifying.recognising import matrices, recognise, sizes, text

NUMBERS = [
    ("A batch of 4 with 1,024 tokens", [4, 1024]),
    ("x_1 is 3 and float32 is a type", [3]),
    ("eight heads of 64", [8, 64]),
    ("-1.5 and 2.5e-3", [-1.5, 0.0025]),
    ("64K tokens on 16 GB", [64, 16]),
    ("d_k = 64. The end", [64]),
    ("[1., 0.5]", [1, 0.5]),
    ("one of which is none", []),
]


@pytest.mark.parametrize(("written", "numbers"), NUMBERS)
def test_numbers_are_found(written: str, numbers: list[float]) -> None:
    assert [one.value for one in text.numbers(written)] == numbers


NAMES = [
    ("Question 3: which?", []),
    ("a paper (2017), since 2019", []),
    ("GPT-2 and BERT", []),
    ("in Python 3.12 with 7 heads", [7]),
    ("a length of 2048", [2048]),
    ("in 2000 tokens", [2000]),
    ("length-512 inputs", [512]),
]


@pytest.mark.parametrize(("written", "left"), NAMES)
def test_numbers_that_only_name_need_no_use(written: str, left: list[float]) -> None:
    assert [one.value for one in text.unused(written, [])] == left


VETOED = [
    ("Which is NOT true?", "NOT"), ("All of these except one", "except"), ("Which is false?", "false"),
    ("What is typically the shape?", "typically"), ("What is usually printed?", "usually"),
    ("At least how many?", "At least"), ("About 4 of what?", "About"),
    ("Which has the least memory?", "least"),
    ("What is approximately printed?", "approximately"), ("Which is incorrect?", "incorrect"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "word"), VETOED)
def test_words_that_veto(question: str, word: str) -> None:
    assert text.veto(question) == f"the question says `{word}`"


@pytest.mark.parametrize(
    "question",
    [
        "What is true about attention?",
        "The scores are not scaled. What are they?",
        "With batch_first=False, which shape comes out?",
        "What is the largest weight?",
        "What happens around the layer?",
        "Which notation is used?",
    ],
)
def test_words_that_do_not_veto(question: str) -> None:
    assert text.veto(question) == ""


VALUED = [
    ("64 features per head", "64"), ("It has shape (2, 5, 64).", "(2, 5, 64)"),
    ("`torch.Size([2, 5])`", "torch.Size([2, 5])"),
    ("a tensor of 3x4", "3x4"), ("not 64", ""), ("4 or 8", ""), ("2 GB", ""),
    ("about 64 features", ""), ("no value", ""),
    ("8 heads of 64 features", ""), ("1.5 bits", ""), ("x" * 400 + " 4", ""),
]  # fmt: skip


@pytest.mark.parametrize(("written", "value"), VALUED)
def test_the_one_value_of_a_text(written: str, value: str) -> None:
    assert text.valued(written) == value
    assert not value or values.parse(value) is not None


SIZES = [
    ("A batch of 4 sequences of length 10, 64 features, 8 heads",
     {"batch": 4, "length": 10, "embed": 64, "heads": 8}),
    ("(batch_size=2, seq_len=5, embedding_dim=64)", {"batch": 2, "length": 5, "embed": 64}),
    ("nn.MultiheadAttention(512, 8, bias=False)", {"embed": 512, "heads": 8}),
    ("nn.Embedding(10000, 300)", {"words": 10000, "embed": 300}),
    ("a vocabulary of 30,000 words, embedding size 256", {"words": 30000, "embed": 256}),
    ("$d_{model} = 512$ and $h = 8$", {"embed": 512, "heads": 8}),
    ("16 heads of size 64", {"heads": 16, "head_size": 64}),
    ("10 queries attend to 20 keys", {"queries": 10, "keys": 20}),
    ("a 12-layer model over 64K tokens", {"layers": 12, "length": 65536}),
    ("maps 64 input features to 10 classes", {"inputs": 64, "outputs": 10}),
    ("d_ff of 2048 with d_model 512", {"hidden": 2048, "embed": 512}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "roles"), SIZES)
def test_sizes_have_their_roles(written: str, roles: dict[str, int]) -> None:
    found = sizes.read(text.level(written))
    assert {role: found.value(role) for role in found.roles} == roles
    assert not found.clashing


def test_a_size_that_is_given_twice_clashes() -> None:
    assert sizes.read("8 heads here and 4 heads there").clashing == {"heads"}


MATRICES = [
    ("[0.5, 1/2, 1.]", "[0.5, 1 / 2, 1]"), ("[[1, 0], [0, 1]]", "[[1, 0], [0, 1]]"),
    ("(0.5, .5)", "[0.5, 0.5]"),
    ("[[1, 2], [3]]", None), ("(4)", None),
    ("[1, ...]", None), ("[a, b]", None), ("[007, -2.50]", "[7, -2.50]"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code"), MATRICES)
def test_matrices_are_written_as_code(written: str, code: str | None) -> None:
    assert [one.code for one in matrices.literals(written)] == ([code] if code else [])


def test_a_fragment_is_free_of_markup_and_its_options_own() -> None:
    assert text.fragment("`tensor` of *two* rows", ["`tensor` of *two* rows", "two"]) == "tensor"
    assert text.fragment("a *b*", ["a *b*", "a *c*"]) == "a *b*"


PIECES = (
    "What is the shape of attention weights softmax entropy [1, 2] [[1, 0], [0, 1]] query key "
    "values 4 heads batch "
    "64 features d_k = 16 d_model=512 parameters nn.Linear(3, 4) ( [ $ ` \\frac{1}{2} ? . bits "
    "64K tokens doubles "
    "memory not 9999999999999999999 -0 1e999 ./ \x00 é 🧠"
)
WORDS = st.sampled_from(PIECES.split(" "))


@settings(max_examples=50)
@given(st.lists(WORDS, max_size=40), st.lists(st.lists(WORDS, max_size=6), max_size=4), st.text(max_size=60))
def test_no_text_makes_a_recogniser_fail(words: list[str], options: list[list[str]], noise: str) -> None:
    shown = tuple(ItemOption(" ".join(one), 2) for one in options)
    question = f"{' '.join(words)} {noise}?"
    item = Item(
        "challenge", 1, Kind.CHOICE, question, body=noise, options=shown, explanation=question, code=noise
    )
    for proposal in recognise(item):
        for code in (proposal.code, *(one.code for one in proposal.conventions)):
            assert not code or syntax.parse(code).tree is not None, code


@pytest.mark.parametrize(
    "piece", ["shape [", "attention (1, ", "1,", "\\begin{matrix}", "key and ", "9" * 50, "( ", "x 3 "]
)
def test_a_question_without_end_proposes_nothing(piece: str) -> None:
    item = Item("challenge", 1, Kind.CHOICE, f"What is the shape of attention {piece * 200_000}?")
    assert recognise(item) == ()
