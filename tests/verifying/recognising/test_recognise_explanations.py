"""Explanations: known falsehoods, sums, and figures held against what is computed for the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.cards import Kind, Subject
from verideck.reading.items import Item, ItemOption, Page, Stage, Trace
from verideck.verifying.compute import compute
from verideck.verifying.recognising import explanations, recognise
from verideck.verifying.recognising.arithmetic import sums
from verideck.verifying.recognising.falsehoods import falsehoods
from verideck.verifying.recognising.known_falsehoods import FALSEHOODS
from verideck.verifying.recognising.proposals import Convention, Proposal
from verideck.verifying.records import JobKind


def holds(code: str) -> bool:
    outcome = compute(JobKind.CHECK, code)
    assert not outcome.faults, code
    return outcome.findings[0].value is True


@pytest.mark.parametrize("row", FALSEHOODS, ids=lambda row: row.name)
def test_each_falsehood_is_false(row: object) -> None:
    assert not holds(row.code.replace("{n}", "2"))  # type: ignore[attr-defined]  # a row


FALSE = [
    ("With eight, multi-head attention increases the number of parameters.", "more heads add parameters"),
    ("More heads means more parameters to train. That is the price.", "more heads add parameters"),
    ("With multiple heads the parameter count doubles.", "more heads add parameters"),
    ("Additional heads add parameters, not features.", "more heads add parameters"),
    ("More attention heads reduce the number of parameters.", "more heads save parameters"),
    ("Softmax makes each row sum to 2.", "weights sum to something else"),
    ("The softmax weights sum to 0.5 here.", "weights sum to something else"),
    ("Self-attention scales linearly with the sequence length.", "attention is linear in the length"),
    ("The complexity of full attention is O(n) for n tokens.", "attention is linear in the length"),
    ("Doubling the sequence length doubles the cost of attention.", "twice the length costs twice"),
    ("Reversible layers speed up training.", "reversible layers are faster"),
    ("The point of reversible blocks is a faster backward pass.", "reversible layers are faster"),
    ("With reversible layers memory grows with the depth", "reversible layers' memory grows with depth"),
    ("LSH always finds the nearest neighbours of a query.", "hashing finds the exact neighbours"),
    ("Hashing is more accurate than full attention.", "hashing is more accurate than full attention"),
    ("More hash rounds reduce the accuracy.", "more rounds are less accurate"),
    ("More rounds make it faster.", "more rounds are cheaper"),
    ("A high entropy shows focused attention.", "high entropy is focus"),
    ("Low entropy means that the weights are spread evenly.", "low entropy is spread"),
    ("A higher softmax temperature makes a sharper distribution.", "a high temperature sharpens"),
    ("The causal mask lets each token look at future tokens.", "a causal mask shows the future"),
    ("Self-attention by itself knows the word order.", "attention alone knows the order"),
    ("It is found by multiplying the weights with the input embeddings.", "weights mix the embeddings"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "name"), FALSE)
def test_a_false_statement_is_found(said: str, name: str) -> None:
    assert [found.row.name for found in falsehoods(said)] == [name]


TRUE = [
    "More heads do not add parameters.",
    "Multi-head attention has as many parameters as one head: the same 16,640.",
    "It is a myth that more heads add parameters.",
    "More heads means the parameters are shared among them.",
    "Multi-head attention adds an output projection with its own parameters.",
    "More heads keep more bytes, while the parameters stay.",
    "A wider multi-head layer has more parameters.",
    "Multi-head attention has more parameters than additive attention.",
    "Pruned heads: multi-head attention with shared keys reduces parameters.",
    "Heads let the model look at several things, without more parameters.",
    "Softmax makes each row sum to 1.",
    "Softmax turns scores into weights that sum to 1.0.",
    "The softmax weights sum to 100%.",
    "The softmax of scores that sum to 6 is taken.",
    "Softmax over two rows: all rows together sum to 2.",
    "Self-attention scales quadratically with the sequence length.",
    "Linear attention scales linearly with the sequence length.",
    "With LSH attention the cost grows almost linearly with the length.",
    "For each query attention costs O(n) comparisons of tokens.",
    "A linear layer follows attention, whatever the length of the sequence.",
    "Unlike attention, a convolution scales linearly with the length.",
    "In attention, doubling the sequence length costs four times as much.",
    "Reversible layers save memory, but make training slower.",
    "Reversible layers do not speed up training.",
    "Reversible layers allow larger batches, which may be faster.",
    "With ordinary layers memory grows with the number of layers, with reversible layers it stays.",
    "LSH finds similar vectors with a high probability.",
    "LSH does not always find the nearest neighbours.",
    "Identical vectors always share a bucket, so hashing always finds the same vectors.",
    "Full attention is more accurate than hashing.",
    "More rounds are more accurate and slower.",
    "Fewer rounds are faster and less accurate.",
    "A high entropy means unfocused attention.",
    "Lower entropy means more focused, higher entropy more even weights.",
    "Low entropy means that few keys get most of the weight.",
    "A lower temperature makes a sharper distribution.",
    "A higher temperature makes the softmax flatter, less sharp.",
    "The causal mask prevents tokens from attending to future tokens.",
    "The causal mask lets each token look only at itself and earlier tokens.",
    "Self-attention by itself does not know the word order.",
    "Positional encodings let self-attention know the order of the words.",
    "The weights are multiplied by the values, which are projections of the embeddings.",
    "Attention multiplies the weights by the value vectors.",
    "A student may think that more heads add parameters.",
    "Some believe reversible layers are faster.",
    "If more heads added parameters, the model would grow.",
    "",
]


@pytest.mark.parametrize("said", TRUE)
def test_a_true_statement_is_left_alone(said: str) -> None:
    assert list(falsehoods(said)) == []


def test_heads_of_a_fixed_size_do_add_parameters() -> None:
    said = "More heads add parameters."
    assert list(falsehoods(said))
    assert not list(falsehoods(said, f"Each head has a fixed head size of 64. {said}"))


SUMS = [
    ("512 / 8 = 64", [True]),
    ("So d_k = 512/8 = 64.", [True]),
    ("512 / 8 = 65", [False]),
    ("4 · 64² + 4 · 64 = 16,640 numbers", [True]),
    ("4 · 64² + 4 · 64 = 16,460", [False]),
    ("1 / √3 ≈ 0.577", [True]),
    ("1 / √3 ≈ 0.477", [False]),
    ("√64 = 8", [True]),
    ("sqrt(64) = 9", [False]),
    ("ln 4 = 1.386", [True]),
    ("ln(4) = 1.368", [False]),
    ("2 x 5 x 64 = 640", [True]),
    ("2 × 5 × 64 = 64", [False]),
    ("(2 + 3) * 4 = 20, and 2^10 = 1024", [True, True]),
    ("0.75 + 0.25 = 1", [True]),
    ("2/3 = 0.66", [True]),  # cut off, not rounded
    ("100 / 3 = 33", [True]),
    ("1·2 + 0·3 = 2", [True]),
    ("1·2 + 0·3 = 3", [False]),
    ("$3 \\times 4 = 12$", [True]),
]


@pytest.mark.parametrize(("said", "expected"), SUMS)
def test_sums_are_worked_out_again(said: str, expected: list[bool]) -> None:
    assert [holds(f"explanation({one.condition})") for one in sums(said)] == expected


NO_SUMS = [
    "n - 2 * 3 = 6",
    "heads × 64 * 2 = 128",
    "64 * 4 = 256 KB",
    "20 / 80 = 25%",
    "16 * 1024 = 16 thousand",
    "x = 5",
    "10 = 10",
    "3 + 4 = 7 + 0",
    "e^2 / (e^2 + e^1) = 0.731",
    "x2 + 3 = 8",
    "softmax(2 + 1) = 3",
    "1 + 1 = x",
    "2**999 = 5",
    "5 // 2 = 2",
    "a[1] * 2 = 4",
    "3 + 4 = 7 * x",
    "",
]


@pytest.mark.parametrize("said", NO_SUMS)
def test_what_is_no_plain_sum_is_left_alone(said: str) -> None:
    assert list(sums(said)) == []


@pytest.mark.parametrize(
    "said", ["1+" * 3000, "(" * 4000, "1" * 4000 + "=1", "√" * 4000, "1 + " * 1500 + "= 2"]
)
def test_hostile_sums_are_no_work(said: str) -> None:
    assert len(list(sums(said))) < 2


def explained(explanation: str, question: str = "What is the shape of the output?", code: str = "") -> Item:
    options = (ItemOption("(2, 5, 64)", 3), ItemOption("(2, 64, 5)", 4))
    return Item(
        "page",
        1,
        Kind.CHOICE,
        question,
        options=options,
        code=code,
        explanation=explanation,
        explanation_line=9,
    )


RUN = Proposal("programs", "", Subject.ANSWER, 1, program=True, complete=True)
SHAPES = Proposal(
    "shapes", "answer == shape(ones(2, 5, 64))", Subject.ANSWER, 1, complete=True,
    conventions=(Convention("batch second", "answer == shape(ones(5, 2, 64))"),),
)  # fmt: skip
COUNT = Proposal(
    "parameters", 'n = 64\nanswer == parameters("multihead", embed=n, heads=8)', Subject.ANSWER, 1,
    complete=True,
)  # fmt: skip

RESTATED = [
    (RUN, "The output has shape (2, 5, 128).", "(2, 5, 128)"),
    (RUN, "The layer returns 2 x 5 x 64 numbers.", "2 x 5 x 64"),
    (SHAPES, "The output shape is torch.Size([2, 5, 64]).", "torch.Size([2, 5, 64])"),
    (COUNT, "The layer has 16,640 parameters.", "16,640"),
    (RUN, "The input has shape (2, 5, 64), and so has the output.", ""),  # which of the two?
    (RUN, "The output is not (2, 5, 128).", ""),
    (RUN, "The weights have the shape (2, 5, 5).", ""),
    (RUN, "Each head gives an output of (2, 5, 8).", ""),
    (RUN, "First the result is (2, 8, 5, 8).", ""),
    (RUN, "It maps (2, 5, 64) to an output of (2, 5, 32).", ""),
    (RUN, "The output keeps its shape.", ""),
    (RUN, "", ""),
    (SHAPES, "There are 64 features.", ""),
    (COUNT, "Each projection has 4,160 parameters.", ""),
    (COUNT, "It has 16,640 parameters, of which 256 parameters are biases.", ""),
    (COUNT, "It does not have 8,192 parameters.", ""),
    (RUN, "It prints (2, 5, 64) if batch_first is set.", ""),
]


@pytest.mark.parametrize(("proposal", "said", "claimed"), RESTATED)
def test_figures_are_held_against_the_answer_s(proposal: Proposal, said: str, claimed: str) -> None:
    found = list(explanations.restated(explained(said), (proposal,)))
    assert [one.claimed for one in found] == ([claimed] if claimed else [])
    assert all(one.subject is Subject.EXPLANATION and one.line == 9 for one in found)


def test_a_check_is_turned_into_what_the_explanation_says() -> None:
    (found,) = explanations.restated(explained("The output is (2, 5, 128)."), (SHAPES,))
    assert found.code == 'says("(2, 5, 128)", shape(ones(2, 5, 64)))'
    assert found.conventions == (Convention("batch second", 'says("(2, 5, 128)", shape(ones(5, 2, 64)))'),)
    (found,) = explanations.restated(explained("It has 16,640 parameters."), (COUNT,))
    assert found.code == 'n = 64\nsays("16,640", parameters("multihead", embed=n, heads=8))'


def test_an_answer_and_a_stage_are_read_too() -> None:
    answered = Item("page", 3, Kind.RECALL, "Why heads?", answer="Reversible layers speed up training.")
    (found,) = explanations.recognise(answered)
    assert (found.subject, found.line, found.complete) == (Subject.ANSWER, 3, True)
    stage = Stage(3, "Sum of values", "1 x 2", "Multiply attention weights by word embeddings", "1 x 2")
    (found,) = explanations.recognise(Item("page", 5, Kind.TYPED, "What leaves?", stage=stage))
    assert (found.weak, found.complete) == (True, False)


def test_a_sum_proves_no_answer() -> None:
    answered = Item("page", 3, Kind.RECALL, "How large is a head?", answer="512 / 8 = 64")
    (found,) = explanations.recognise(answered)
    assert (found.subject, found.claimed) == (Subject.EXPLANATION, "512 / 8 = 64")


WORDS = """
more heads parameters softmax sum to 2 reversible layers faster = ( ) x_1 y_2 F G + - * / $ 1 10
64 x [ ] , . ? attention weights embeddings loss accuracy from 0.5 epoch recover given what is
hashes not entropy % √ ^ ²"""
said = st.lists(st.sampled_from(tuple(WORDS.split())), max_size=24).map(" ".join)


@settings(max_examples=50, deadline=None)
@given(said, said, said, st.lists(said, max_size=3), st.sampled_from(list(Kind)))
def test_no_words_break_a_recogniser(
    question: str, answer: str, explanation: str, options: list[str], kind: Kind
) -> None:
    stage = Stage(1, question, answer, explanation, question, answer)
    trace = Trace((("1", question, answer, explanation), ("2", "0.5", "0.6", answer)), (1.0, 0.5), (), 0.1)
    written = tuple(ItemOption(text, 2) for text in options)
    asked = Item(
        "page", 1, kind, question, body=answer, options=written, answer=answer, explanation=explanation
    )
    items = (asked, replace(asked, stage=stage), replace(asked, trace=trace))
    page = Page("page.txt", "page", "", items, ())
    for item in items:
        assert all(one.code or one.program or one.cite for one in recognise(item, page))


def test_options_are_not_statements_of_the_page() -> None:
    options = (ItemOption("Reversible layers speed up training.", 3), ItemOption("They save memory.", 4))
    asked = Item("page", 1, Kind.CHOICE, "What do reversible layers do?", options=options)
    assert not list(explanations.recognise(asked))


def test_a_turned_question_does_not_veto_its_explanation() -> None:
    said = "Multi-head attention increases parameters due to several heads, not reduces them."
    (found,) = [
        one for one in recognise(explained(said, "Which is NOT so?")) if one.recogniser == "explanations"
    ]
    assert (found.veto, found.complete) == ("", True)
