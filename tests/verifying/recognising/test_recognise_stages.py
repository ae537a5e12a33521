"""Stages of pipelines: what their operations make of shapes, the chain, and rows that sum to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verideck.cards import Kind, Subject
from verideck.reading.items import Item, Page, Stage
from verideck.verifying.compute import compute
from verideck.verifying.recognising import stages
from verideck.verifying.recognising.stage_shapes import sizes
from verideck.verifying.records import JobKind
from verideck.verifying.values import compare, parse

if TYPE_CHECKING:
    from verideck.verifying.recognising.proposals import Proposal
    from verideck.verifying.values import Value


def page(*rows: tuple[str, ...]) -> Page:
    items = tuple(
        Item("pipeline", 10 * n, Kind.TYPED, f"What shape leaves stage {n}?", stage=Stage(n, *row))
        for n, row in enumerate(rows, 1)
    )
    return Page("flow.txt", "pipeline", "A flow", items, ())


def proposed(*rows: tuple[str, ...]) -> list[Proposal]:
    """Give what is proposed for the last stage."""
    whole = page(*rows)
    return list(stages.recognise(whole.items[-1], whole))


def value(code: str) -> Value:
    outcome = compute(JobKind.CHECK, code)
    found = outcome.findings[0].value
    assert not outcome.faults
    assert found is not None
    return found


SHAPES = [
    ("1 x 10 x 64", ((1, 10, 64),)),
    ("1 sentence x 10 words x 64 features", ((1, 10, 64),)),
    ("1 sentence with 10 words", ((1, 10),)),
    ("(2, 5, 64)", ((2, 5, 64),)),
    ("torch.Size([2, 5])", ((2, 5),)),
    ("[8, 3]", ((8, 3),)),
    ("1000 rows x 5 columns", ((1000, 5),)),
    ("1,000 rows by 5 columns", ((1000, 5),)),
    ("32 images × 224 × 224 × 3", ((32, 224, 224, 3),)),
    ("1 x 7 x 7 (a matrix)", ((1, 7, 7),)),
    ("1 x 7 x 12 and 1 x 7 x 7", ((1, 7, 12), (1, 7, 7))),
    ("1 x 7 x 3 (e.g., 3 classes)", ((1, 7, 3),)),
    ("12 words", ((12,),)),
    ("a sentence", ()),
    ("B x L x E", ()),
    ("", ()),
    ("1 x 7 and some more", ()),
]


@pytest.mark.parametrize(("text", "found"), SHAPES)
def test_shapes_are_read(text: str, found: tuple[tuple[int, ...], ...]) -> None:
    assert sizes(text) == found


HOLD = [
    ("Tokens in", "1 recipe with 12 words", "Words become embeddings of 32 features", "1 x 12 x 32"),
    ("Lookup", "4 x 9", "Embedding table with 50 dimensions", "4 x 9 x 50"),
    ("Self-attention", "2 x 9 x 48", "Compute attention scores between all tokens", "2 x 9 x 9 (scores)"),
    ("Compare", "9 x 48", "Match each query with all keys", "9 x 9"),
    ("Mix", "2 x 9 x 48 and 2 x 9 x 9", "Weighted sum of the values", "2 x 9 x 48"),
    ("Mix", "(2, 9, 9) and (2, 9, 48)", "Apply attention weights to the value vectors", "(2, 9, 48)"),
    ("Feed forward network", "2 x 9 x 48", "Each token alone", "2 x 9 x 48"),
    ("Split", "2 x 9 x 48", "Reshape into 6 heads", "2 x 6 x 9 x 8"),
    ("Split", "2 x 9 x 48", "Divide the features into 6 heads", "2 x 9 x 6 x 8"),
    ("Join", "2 x 6 x 9 x 8", "Concatenate all heads", "2 x 9 x 48"),
    ("Flatten", "16 x 5 x 5 x 8", "Flatten the maps", "16 x 200"),
    ("Flatten", "5 x 5 x 8", "Flatten one picture", "200"),
    ("Shrink", "16 x 28 x 28 x 6", "Max pooling 2x2", "16 x 14 x 14 x 6"),
    ("Shrink", "16 x 6 x 28 x 28", "Average pooling with a 3 x 3 window and stride 1", "16 x 6 x 26 x 26"),
    ("Shrink", "16 x 7 x 7 x 96", "Global average pooling", "16 x 96"),
    ("Turn", "3 x 8 x 5", "Transpose the features and the tokens", "3 x 5 x 8"),
    ("Turn", "3 x 8 x 5", "Transpose batch and tokens", "8 x 3 x 5"),
    ("Dense layer", "16 x 200", "Linear layer with 40 units", "16 x 40"),
    ("Out", "16 x 40", "Classify into 7 classes", "16 x 7"),
    ("Out", "2 x 9 x 48", "Predict a tag for each word", "2 x 9 x 4 (4 classes)"),
    ("Hidden", "16 x 40", "ReLU activation", "16 x 40"),
    ("Norm", "2 x 9 x 48", "Add the residual, then layer normalization", "2 x 9 x 48"),
    ("Place", "2 x 9 x 48", "Add a positional encoding", "2 x 9 x 48"),
    ("Huge", "64 x 512 x 512 x 3", "ReLU activation", "64 x 512 x 512 x 3"),
    ("Huge", "64 x 4096 x 1024", "Attention scores", "64 x 4096 x 4096"),
]


@pytest.mark.parametrize("row", HOLD)
def test_a_right_shape_is_what_is_computed(row: tuple[str, ...]) -> None:
    (found,) = proposed(row)
    written = parse(row[3].partition(" (")[0] if row[3] != "200" else "(200,)")
    codes = [found.code, *(convention.code for convention in found.conventions)]
    assert found.subject is Subject.ANSWER
    assert found.complete
    assert written is not None
    assert any(compare(value(code), written, None).equal for code in codes)


WRONG = [
    ("Self-attention", "2 x 9 x 48", "Compute attention scores between all tokens", "2 x 9 x 48"),
    ("Mix", "2 x 9 x 48 and 2 x 9 x 9", "Weighted sum of the values", "2 x 9 x 9"),
    ("Feed forward network", "2 x 9 x 48", "Each token alone", "2 x 9 x 6"),
    ("Split", "2 x 9 x 48", "Reshape into 6 heads", "2 x 6 x 9 x 6"),
    ("Flatten", "16 x 5 x 5 x 8", "Flatten the maps", "16 x 40"),
    ("Shrink", "16 x 28 x 28 x 6", "Max pooling 2x2", "16 x 28 x 28 x 6"),
    ("Dense layer", "16 x 200", "Linear layer with 40 units", "16 x 4"),
    ("Out", "2 x 9 x 48", "Classify each word", "2 x 9 x 6", "[[0.1, 0.2, 0.3, 0.2, 0.2]] (probabilities)"),
    ("Hidden", "16 x 40", "ReLU activation", "16 x 20"),
]


@pytest.mark.parametrize("row", WRONG)
def test_a_wrong_shape_is_not_what_is_computed(row: tuple[str, ...]) -> None:
    found = proposed(row)[0]
    written = parse(row[3])
    codes = [found.code, *(convention.code for convention in found.conventions)]
    assert found.complete
    assert written is not None
    assert not any(compare(value(code), written, None).equal for code in codes)


NOTHING = [
    ("Load", "a folder of pictures", "Read the files", "1000 images"),
    ("Clean", "1000 rows x 5 columns", "Drop rows with gaps", "950 rows x 5 columns"),
    ("Split", "1000 x 5", "Train and test split", "800 x 5 and 200 x 5"),
    ("Conv", "16 x 28 x 28 x 1", "Convolution with 6 filters and ReLU activation", "16 x 26 x 26 x 6"),
    ("LSTM", "16 x 20 x 8", "A recurrent layer with 32 units reads the sequence", "16 x 32"),
    ("Out", "16 x 20 x 8", "Classify the whole review", "16 x 3"),  # it drops an axis, and nobody says how
    ("Pool", "16 x 8 x 8 x 8", "Max pooling 2x2", "16 x 4 x 4 x 8"),  # where are the channels?
    ("Pool", "16 x 20 x 8", "Mean pooling over the words", "16 x 8"),
    ("Pad", "16 x 18", "Pad to 20 tokens and apply dropout", "16 x 20"),
    ("Scale", "1000 x 5", "Standardise each column", "1000 x 5"),
    ("Attention", "2 x 9 x 48", "Attention scores are applied to the values, giving context", "2 x 9 x 48"),
    ("Embed", "2 x 9 x 48", "Average the embeddings of a sentence", "2 x 48"),
    ("Forward", "2 x 9 x 48", "A feed-forward network widens to 192 features", "2 x 9 x 192"),
    ("Generate", "2 x 9", "Predict and generate further words", "2 x 30"),
    ("Tree", "1000 x 5", "A random forest predicts", "1000 x 1"),
    ("Heads", "2 x 9 x 48", "Attention scores of 6 heads", "2 x 6 x 9 x 9"),
    ("Symbols", "B x L x E", "Attention scores between tokens", "B x L x L"),
]


@pytest.mark.parametrize("row", NOTHING)
def test_nothing_is_proposed(row: tuple[str, ...]) -> None:
    assert proposed(row) == []


def test_what_only_the_given_shape_says_is_not_sure() -> None:
    (found,) = proposed(("Out", "2 x 9 x 48", "Classify each word", "2 x 9 x 4"))
    assert not found.complete
    (found,) = proposed(("Attention", "2 x 9 x 48", "Multi-head attention", "2 x 9 x 48"))
    assert not found.complete


def test_the_next_stage_says_how_many_features_an_embedding_has() -> None:
    first = ("Tokens", "1 text with 12 words", "Words become embeddings", "1 x 12 x 32")
    whole = page(first, ("Attend", "1 x 12 x 32", "Attention scores", "1 x 12 x 12"))
    (found,) = stages.recognise(whole.items[0], whole)
    assert found.complete
    whole = page(first, ("Attend", "1 x 12 x 30", "Attention scores", "1 x 12 x 12"))
    assert not list(stages.recognise(whole.items[0], whole))


def chained(*shapes: tuple[str, str], name: str = "Step") -> list[str]:
    """Give what is said of the last stage's chain."""
    rows = [(name, taken, "Something else", given) for taken, given in shapes]
    return [one.message for one in proposed(*rows)]


def test_the_next_stage_takes_what_the_last_one_gave() -> None:
    assert chained(("1 x 12", "1 x 12 x 32"), ("1 x 12 x 32", "1 x 12")) == []
    assert chained(("1 x 12", "1 x 12 x 6"), ("1 x 12 x 32", "1 x 12")) == [
        "stage 2 takes 1 x 12 x 32, but stage 1 gives 1 x 12 x 6"
    ]
    (found,) = proposed(("A", "4", "Something", "4 x 2"), ("B", "4 x 3", "Something", "4"))
    assert value(found.code) is False
    assert found.claimed == "4 x 3"


CHAINS = [
    (("1 x 12", "1 x 12 x 32"), ("1 x 12 x 32 and 1 x 12", "4")),  # something else besides
    (("1 x 12", "a list of words"), ("1 x 12", "4")),
    (("1000 x 5", "800 x 5 and 200 x 5"), ("800 x 5", "4")),
    (("1 x 12", "1 x 12 x 32"), ("12 x 32", "4")),  # without its batch
    (("1 x 12", "1 x 12 x 32"), ("a tensor", "4")),
]


@pytest.mark.parametrize("shapes", CHAINS)
def test_a_chain_that_may_hold_is_left_alone(shapes: tuple[tuple[str, str], ...]) -> None:
    assert chained(*shapes) == []


@pytest.mark.parametrize("name", ["Test data", "Skip connection", "Batching", "Decoder"])
def test_a_branch_may_take_another_shape(name: str) -> None:
    assert chained(("4 x 5", "4 x 6"), ("4 x 5", "4"), name=name) == []


ROWS = [
    ("[[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]] (probabilities)", [True, True]),
    ("[[0.1, 0.2, ..., 0.4], [0.5, 0.2, 0.1]] (probabilities)", [False]),
    ("[0.33, 0.33, 0.33] (attention weights)", [True]),  # printed to two digits
    ("[0.90, 0.20] after softmax", [False]),
    ("[[0.1, 0.2], [0.3]] (features)", []),
    ("[0.9] (probability)", []),
    ("[1.2, 0.3] (probabilities)", [False]),
    ("[-1.2, 0.3] (probabilities)", []),  # one is no probability at all
    ("[0.9, 0.8] (sigmoid probabilities)", []),
    ("[0.9, 0.8] (multi-label probabilities)", []),
    ("[0.1, …, 0.2] (probabilities)", []),
]


@pytest.mark.parametrize(("example", "holds"), ROWS)
def test_rows_of_probabilities_sum_to_one(example: str, holds: list[bool]) -> None:
    found = proposed(("Out", "some words", "Something", "some numbers", example))
    assert [value(one.code) for one in found] == holds
    assert all(one.subject is Subject.EXPLANATION and one.complete for one in found)


def test_an_item_without_a_stage_is_left_alone() -> None:
    assert list(stages.recognise(Item("pipeline", 1, Kind.RECALL, "Which layers are there?"))) == []
