"""Softmax and attention by hand, and rows that sum to one."""

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


def _rounded(value: object) -> object:
    return value.round(decimals=4).tolist() if hasattr(value, "round") else round(float(value), 4)  # type: ignore[arg-type]


# The question, the first reading's value to four digits, and how many other readings there are.
ASKED = [
    ("What is softmax([0, 0, 0, 0])?", [0.25] * 4, 0),
    ("What are the attention weights, the softmax of the scores [2, 0]?", [0.8808, 0.1192], 0),
    ("Softmax with temperature 2 is applied to the scores [2, 4]. What comes out?", [0.2689, 0.7311], 0),
    ("Raw scores [2, 4] and d_k = 4. What are the attention weights after softmax?", [0.2689, 0.7311], 1),
    ("The scores [2, 4] are divided by sqrt(4) before the softmax. What are the "
     "weights?", [0.2689, 0.7311], 0),
    (r"What is the row-wise softmax of $\begin{bmatrix}0 & 0\\ 1 & 2\end{bmatrix}$?",
     [[0.5, 0.5], [0.2689, 0.7311]], 0),
    ("What is softmax([[1, 2], [3, 4]])?", [[0.2689, 0.7311], [0.2689, 0.7311]], 1),
    ("What is softmax([[1, 2], [3, 4]], dim=0)?", [[0.1192, 0.1192], [0.8808, 0.8808]], 0),
    ("What is the largest weight that softmax gives for the scores [1, 1, 3]?", 0.787, 0),
    ("What is the weight of the first key if the softmax gets the scores [1, 1, 3]?", 0.1065, 0),
    ("What is the sum of the weights after softmax of [5, 1, 3]?", 1.0, 0),
    ("Q = [[1, 0]], K = [[1, 0], [0, 1]], V = [[1, 2], [3, 4]]. What is the output of scaled "
     "dot-product attention?",
     [[1.6605, 2.6605]], 0),
    ("A query [1, 0, 1] meets the keys [1, 0, 0] and [0, 1, 1]. What are the attention "
     "weights?", [0.5, 0.5], 2),
    ("For the query [1, 2] and the key [3, 4], what is the dot product?", 11.0, 1),
    ("For the query [1, 2, 0, 0] and the key [3, 4, 0, 0], what is the scaled score with d_k = 4?", 5.5, 0),
    (r"Let $Q = \begin{bmatrix}1 & 0\end{bmatrix}$ and $K = \begin{bmatrix}1 & 0\\0 & "
     r"1\end{bmatrix}$. What are the "
     "unscaled attention scores?", [[1.0, 0.0]], 0),
    ("The attention weights are [0.25, 0.75] and the values are [[4, 0], [0, 4]]. What is the "
     "output?", [1.0, 3.0], 1),
    ("With query q = [2, 0, 0, 0], k_1 = [1, 0, 0, 0] and k_2 = [0, 1, 0, 0] and d_k = 4, what "
     "are the scaled scores?",
     [1.0, 0.0], 1),
    ("Weights [0.5, 0.5] mix the values [10, 20]. What is the weighted sum?", 15.0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("question", "value", "others"), ASKED, ids=range(len(ASKED)))
def test_what_is_computed_by_hand(question: str, value: object, others: int) -> None:
    (proposal,) = recognise(_item(question))
    assert _rounded(_computed(proposal.code)) == value
    assert len({str(_computed(one.code)) for one in proposal.conventions}) == others
    assert proposal.complete


NEAR = [
    "Which position gets the largest weight in softmax([2, 4])?",
    "What is the denominator of softmax([0, 0])?",
    "How many times larger is the second weight of softmax([2, 4])?",
    "What is the sum of the exponentials in the softmax of [2, 4]?",
    "What is the dot product of the query [1, 2] with itself and with the key [3, 4]?",
    "What is the softmax of the scores [2, 4] and of [1, 3]?",
    "What is the softmax of [2, 4] if 3 is added to each?",
    "What is log-softmax([2, 4])?",
    "What is the softmax of [2, 4] under a causal mask?",
    "What is the gradient of softmax at [2, 4]?",
    "What is the cross-entropy loss of the softmax of [2, 4] for class 1?",
    "Softmax with a high temperature gets [2, 4]. What comes out?",
    "Which of these could be the softmax output [0.2, 0.8]?",
    "What is softmax([2])?",
    "What is the sigmoid of [2, 4] before the softmax?",
    "In step 7 the softmax gets [2, 4]. What are the weights?",
    "A query [1, 0, 1] meets the keys [1, 0] and [0, 1]. What are the attention weights?",
    "A query [1, 0] meets the keys [1, 0] and [0, 1] under a mask. What are the attention weights?",
    "A query [1, 0] meets the keys [1, 0] and [0, 1] with 2 heads. What are the attention weights?",
    "Q = [[1, 0]], K = [[1, 0], [0, 1]]. What is the output of attention?",
    "The query [1, 0] is projected by W_Q = [[1, 0], [0, 1]]. What are the attention weights?",
    "The embeddings [1, 0] and [0, 1] are given. What are the attention weights?",
    "A query [1, 0] and d_k = 9 meet the keys [1, 0] and [0, 1]. What are the attention weights?",
    "Which key gets the largest weight: query [1, 0], keys [1, 0] and [0, 1]?",
    "What does softmax do?",
]


@pytest.mark.parametrize("question", NEAR, ids=range(len(NEAR)))
def test_a_near_miss_proposes_nothing(question: str) -> None:
    assert recognise(_item(question)) == ()


# An explanation, and whether its rows sum to one; None where nothing is claimed.
ROWS = [
    ("The attention weights are [0.7, 0.2, 0.1].", True),
    ("This gives the weights [0.75, 0.15].", False),
    ("The softmax output is [[0.25, 0.75], [0.50, 0.50]].", True),
    ("The softmax output is [[0.25, 0.75], [0.50, 0.30]].", False),
    ("The probabilities 1/3 each: weights [0.33, 0.33, 0.33].", True),
    ("The attention weights are [0.7, 0.2, ...].", None),
    ("The raw scores are [0.7, 0.2].", None),
    ("Before the softmax the weights [0.7, 0.2] were raw.", None),
    ("The layer has the weights [0.7, 0.2].", None),
    ("Some weights [0.7, 0.2] of the row are shown.", None),
    ("The weights are [2, 1].", None),
    ("The weights are [1, 0].", None),
    ("The output is [0.7, 0.2].", None),
]  # fmt: skip


@pytest.mark.parametrize(("explanation", "holds"), ROWS, ids=range(len(ROWS)))
def test_rows_of_weights_sum_to_one(explanation: str, holds: bool | None) -> None:
    item = Item("challenge", 3, Kind.RECALL, "What comes out?", explanation=explanation, explanation_line=9)
    found = [one for one in recognise(item) if one.recogniser == "row sums"]
    assert [_computed(one.code) for one in found] == ([] if holds is None else [holds])
    assert all(one.line == 9 and one.subject is Subject.EXPLANATION and one.claimed for one in found)
