"""Heatmap fences: what they give, and what is wrong with them."""

from __future__ import annotations

import pytest

from verideck.cards import HeatmapValues
from verideck.verifying.compute import compute
from verideck.verifying.records import JobKind, Outcome

LABELS = 'tokens = ["a", "b"]\nalt = "Even."\n'


def run(code: str) -> Outcome:
    return compute(JobKind.HEATMAP, code)


def test_a_matrix_is_one_head() -> None:
    outcome = run("weights = [[1, 0], [1 / 3, 2 / 3]]\n" + LABELS)
    assert outcome.faults == ()
    assert outcome.heatmap == HeatmapValues(
        "", (((1.0, 0.0), (0.333333, 0.666667)),), ("a", "b"), ("a", "b"), "Even."
    )


def test_heads_masks_and_both_labels() -> None:
    code = """
weights = [[[1, 0, 0], [0.5, 0.5, 0]], [[1, 0, 0], [0.25, 0.75, 0]]]
queries = ["q1", "q2"]
keys = ["k1", "k2", "k3"]
heads = ["first", "second"]
mask = [[0, -inf, -inf], [0, 0, -inf]]
alt = "Two
""".rstrip("\n").replace('"Two', '"Two heads."')
    found = run(code).heatmap
    assert found is not None
    assert (found.queries, found.keys, found.heads) == (("q1", "q2"), ("k1", "k2", "k3"), ("first", "second"))
    assert found.masked == ((False, True, True), (False, False, True))
    assert len(found.weights) == 2


@pytest.mark.parametrize(
    "mask",
    [
        "[[False, True], [False, True]]",
        "[0, -inf]",
        "[[0, -inf]]",
        "[[[0, -inf], [0, -inf]]]",
        "padding_mask([1], 2)[0]",
    ],
)
def test_ways_to_write_a_mask(mask: str) -> None:
    found = run(f"weights = [[1, 0], [1, 0]]\nmask = {mask}\n{LABELS}")
    assert found.faults == ()
    assert found.heatmap is not None
    assert found.heatmap.masked == ((False, True), (False, True))


def test_scores_of_minus_infinity_are_masked() -> None:
    found = run("weights = ones(2, 2) + causal_mask(2)\n" + LABELS).heatmap
    assert found is not None
    assert found.weights == (((1.0, 0.0), (1.0, 1.0)),)
    assert found.masked == ((False, True), (False, False))


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        (LABELS, 1, "a heatmap without `weights`"),
        ('weights = [[1]]\ntokens = ["a"]', 1, "a heatmap without `alt`"),
        ('weights = [[1]]\ntokens = ["a"]\nalt = " "', 3, "a heatmap without `alt`"),
        ('weights = [[1]]\nalt = "x"', 1, "a heatmap without `queries`"),
        ('weights = [[1]]\nqueries = ["a"]\nalt = "x"', 1, "a heatmap without `keys`"),
        ("weights = [[1, 0]]\n" + LABELS, 2, "2 `tokens` for 1 rows of weights"),
        ("weights = [[1], [0]]\n" + LABELS, 2, "2 `tokens` for 1 columns of weights"),
        ("weights = [1, 0]\n" + LABELS, 1, "`weights` is no matrix of numbers"),
        ("weights = []\n" + LABELS, 1, "`weights` is empty"),
        ("weights = 1\n" + LABELS, 1, "`weights` is a number"),
        ('weights = [["a", "b"], ["c", "d"]]\n' + LABELS, 1, "`weights` is no matrix of numbers"),
        ("weights = [[1, 0], [1]]\n" + LABELS, 1, "`weights` has rows or heads of different sizes"),
        (
            "weights = [[[1, 0], [1, 0]], [[1, 0]]]\n" + LABELS,
            1,
            "`weights` has rows or heads of different sizes",
        ),
        ("weights = [[inf, 0], [1, 0]]\n" + LABELS, 1, "inf among the weights"),
        ("weights = [[1e31, 0], [1, 0]]\n" + LABELS, 1, "1e+31 among the weights"),
        (
            "weights = [[1, 0], [1, 0]]\nmask = [[0, 0, 0]]\n" + LABELS,
            2,
            "a mask of 2 x 3 for weights of 2 x 2",
        ),
        ("weights = [[1, 0], [1, 0]]\nmask = 3\n" + LABELS, 2, "`mask` is a number"),
        ("weights = [[1, 0], [1, 0]]\nheads = [1]\n" + LABELS, 2, "`heads` is no list of texts"),
        ('weights = [[1, 0], [1, 0]]\nheads = ["a", "b"]\n' + LABELS, 2, "2 `heads` for 1 heads of weights"),
        ("weights = [[1, 0], [1, 0]]\nx = foo\n" + LABELS, 2, "an unknown name `foo`"),
        ("weights = [[1, 0], [1, 0]]\nanswer == 3\n" + LABELS, 2, "a claim in a heatmap"),
        ("weights = zeros(600, 600)\n" + LABELS, 1, "a heatmap too large to draw"),
    ],
)
def test_faults(code: str, line: int, message: str) -> None:
    outcome = run(code)
    (fault,) = outcome.faults
    assert outcome.heatmap is None
    assert (fault.line, fault.message) == (line, message)
    assert fault.hint
