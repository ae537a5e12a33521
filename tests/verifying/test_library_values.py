"""What library functions give, and what they say to arguments that do not fit."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
import torch
from torch.nn import functional

from verideck.verifying.library import FUNCTIONS, MOST_ELEMENTS
from verideck.verifying.values import Quantity

NAN, INF = math.nan, math.inf
WON = 1 / (1 + math.exp(-2))  # softmax([2, 0])[0]


def call(name: str, *arguments: Any, **keywords: Any) -> Any:
    return FUNCTIONS[name](*arguments, **keywords)


@pytest.mark.parametrize(
    ("name", "arguments", "keywords", "expected"),
    [
        ("softmax", ([0, 0],), {}, [0.5, 0.5]),
        ("softmax", ([[1, 2], [1, 2]],), {"axis": 0}, [[0.5, 0.5], [0.5, 0.5]]),
        ("softmax", ([0, 0, 0],), {"mask": [0, 0, -INF]}, [0.5, 0.5, 0]),
        ("softmax", ([-INF, -INF],), {"empty": "zero"}, [0, 0]),
        ("attention_weights", ([1, 0], [[0, 1], [0, 1]]), {}, [0.5, 0.5]),
        ("attention_weights", ([[2, 0, 0, 0]], [[1, 0, 0, 0], [0, 1, 0, 0]], False), {}, [[WON, 1 - WON]]),
        ("attention", ([[1, 0]], [[0, 1], [0, 1]], [[2], [4]]), {}, [[3]]),
        ("attention", ([1, 0], [[0, 1], [0, 1]], [[2, 0], [4, 1]]), {}, [3, 0.5]),
        ("attention_scores", ([[2, 0, 0, 0]], [[3, 0, 0, 0]]), {}, [[3]]),
        ("attention_scores", ([[2, 0, 0, 0]], [[3, 0, 0, 0]], False), {}, [[6]]),
        ("hard_attention", ([[1, 0]], [[1, 0], [0, 1]], [[2], [4]]), {}, [[2]]),
        ("causal_mask", (2,), {}, [[0, -INF], [0, 0]]),
        ("padding_mask", ([1, 2], 2), {}, [[[0, -INF]], [[0, 0]]]),
        ("padding_mask", (1, 2), {}, [[0, -INF]]),
        ("entropy", ([0.25] * 4,), {}, math.log(4)),
        ("entropy", ([0.25] * 4,), {"base": 2}, 2),
        ("effective_keys", ([[0.25] * 4, [1, 0, 0, 0]],), {}, [4, 1]),
        ("softmax_jacobian", ([0, 0],), {}, [[0.25, -0.25], [-0.25, 0.25]]),
        ("dot_product_variance", (64,), {}, 64),
        ("linear", ([1, 2], [[1, 1], [0, 3]], [0.5, 0]), {}, [3.5, 6]),
        ("feed_forward", ([1, 2], [[1, -1], [0, 1]], [0, 0], [[1, 1], [1, 0]], [0, 1]), {}, [2, 1]),
        ("cross_entropy", ([0, 0, 0, 0, 0], 2), {}, math.log(5)),
        ("cross_entropy", ([[0, 0], [0, 0]], [0, 1]), {}, math.log(2)),
        ("positional_encoding", (2, 2), {}, [[0, 1], [math.sin(1), math.cos(1)]]),
        ("lsh_buckets", ([[1, -4], [1, 0]], [[1, 0], [0, 1]]), {}, [3, 0]),
        ("lsh_buckets", ([1, -4], [[1, 0], [0, 1]]), {}, 3),
        ("lsh_sort", ([1, 0, 1, 0],), {}, [1, 3, 0, 2]),
        ("lsh_chunks", ([1, 0, 1, 0], 2), {}, [[1, 3], [0, 2]]),
        ("lsh_attended", ([1, 0, 1, 0], 2, 0), {}, [2]),
        ("lsh_attended", ([1, 0, 1, 0], 2, 0), {"causal": True}, [0]),
        ("collision_probability", (45,), {}, 0.75),
        ("collision_probability", (60, 4), {}, 4 / 9),
        ("found_in_rounds", (0.5, 3), {}, 0.875),
        ("comparisons", (1024,), {"chunk": 64, "rounds": 2}, 2 * 1024 * 128),
        ("comparisons", (1024,), {"buckets": 32}, 1024 * 128),
        ("memory", ("reformer",), {"b": 1, "l": 2, "d_model": 3, "n_h": 1, "n_r": 1, "c": 9, "d_ff": 8}, 18),
        ("sum", ([1, 2, 3],), {}, 6),
        ("sum", ([[1, 2], [3, 4]],), {"axis": 0}, [4, 6]),
        ("sum", ([0.1] * 10,), {}, 1.0),
        ("max", ([[1, 2], [3, 4]],), {}, 4),
        ("min", (3, 2, 5), {}, 2),
        ("mean", ([[1, 2], [3, 6]],), {}, 3),
        ("mean", ([1, 2],), {"axis": 0}, 1.5),
        ("variance", ([2, 4, 4, 6],), {}, 2),
        ("variance", ([[2, 4, 4, 6]],), {"axis": 1, "unbiased": True}, [8 / 3]),
        ("round", ([0.125, 2.5],), {"digits": 2}, [0.12, 2.5]),
        ("round", (2.5,), {}, 2),
        ("argmax", ([[1, 5], [7, 2]],), {}, [1, 0]),
        ("argmax", ([3, 3],), {}, 0),
        ("sort", ([3, 1, 2],), {"descending": True}, [3, 2, 1]),
        ("sort", ([[3, 1], [1, 2]],), {}, [[1, 3], [1, 2]]),
        ("exp", ([0, -INF],), {}, [1, 0]),
        ("abs", ([[1, -2]],), {}, [[1, 2]]),
        ("abs", ([1, -2],), {}, [1, 2]),
        ("sigmoid", (-1000,), {}, 0),
        ("relu", ([-1, 2],), {}, [0, 2]),
        ("tanh", (0,), {}, 0),
        ("dot", ([1, 2], [3, 4]), {}, 11),
        ("matmul", ([[1, 2]], [3, 4]), {}, [11]),
        ("matmul", ([1, 2], [[1, 0], [0, 1]]), {}, [1, 2]),
        ("transpose", ([[1, 2], [3, 4]],), {}, [[1, 3], [2, 4]]),
        ("norm", ([3, 4],), {}, 5),
        ("reshape", ([1, 2, 3, 4], (2, 2)), {}, [[1, 2], [3, 4]]),
        ("concat", ([[[1, 2]], [[3, 4]]],), {"axis": 0}, [[1, 2], [3, 4]]),
        ("ones", (1, 2), {}, [[1, 1]]),
        ("zeros", ((2,),), {}, [0, 0]),
        ("identity", (2,), {}, [[1, 0], [0, 1]]),
        ("len", ("abc",), {}, 3),
        ("len", (torch.ones(4, 2),), {}, 4),
    ],
)
def test_values(name: str, arguments: tuple[Any, ...], keywords: dict[str, Any], expected: Any) -> None:
    value = call(name, *arguments, **keywords)
    found = value.tolist() if isinstance(value, torch.Tensor) else value
    assert torch.allclose(
        torch.tensor(found, dtype=torch.float64), torch.tensor(expected, dtype=torch.float64), atol=1e-12
    )
    if isinstance(value, torch.Tensor):
        assert value.dtype in (torch.float64, torch.int64)
        again = [torch.tensor(one) if isinstance(one, list) else one for one in arguments]
        if name not in ("concat", "ones", "zeros"):
            other = call(name, *again, **keywords)  # a tensor does as well as a list
            assert torch.allclose(torch.as_tensor(other, dtype=torch.float64), value.double(), equal_nan=True)


def test_shapes_and_results_with_fields() -> None:
    shapes = call("multihead_shapes", batch=2, length=5, embed=64, heads=8, keys=7, average_weights=False)
    assert (shapes.output, shapes.weights, shapes.head_size) == ((2, 5, 64), (2, 8, 5, 7), 8)
    assert shapes.query == (2, 8, 5, 8)
    assert call("data_flow", 1, 10, 64, 8, 256, 5).logits == (1, 10, 5)
    assert call("shape", [[1, 2, 3]]) == (1, 3)
    forward = call("reversible_forward", 1, 2, "double", "square")
    assert (forward.y1, forward.y2) == (5, 27)
    back = call("reversible_inverse", forward.y1, forward.y2, "double", "square")
    assert (back.x1, back.x2) == (1, 2)
    vectors = call("reversible_forward", [1, 2], [0, 0], f="tanh", g="negate")
    assert vectors.y2.tolist() == [-1, -2]


def test_bytes_are_quantities() -> None:
    assert call("attention_bytes", 65_536) == Quantity(16, "GiB")
    assert call("attention_bytes", 4096, batch=2, heads=8, bytes_per_number=2) == Quantity(512, "MiB")
    reversible, plain = call("saved_bytes", True), call("saved_bytes", False)
    assert reversible == Quantity(64, "KiB")
    assert plain == 6 * call("saved_bytes", False, layers=1)
    assert call("sum", [reversible, plain]) == reversible + plain
    assert call("max", reversible, plain) == plain
    assert call("saved_bytes", True, length=65_536, embed=1024) == Quantity(512, "MiB")


def test_attention_agrees_with_torch_in_batches_and_heads() -> None:
    generator = torch.Generator().manual_seed(1)
    q, k, v = (torch.randn(2, 3, 5, 4, generator=generator, dtype=torch.float64) for _ in range(3))
    expected = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert torch.allclose(call("attention", q, k, v, mask=call("causal_mask", 5)), expected, atol=1e-14)
    assert torch.allclose(
        call("attention", q.tolist(), k.tolist(), v.tolist(), mask=call("causal_mask", 5)), expected
    )


def test_arguments_are_not_changed() -> None:
    scores = torch.tensor([1.0, 2.0], dtype=torch.float64)
    call("softmax", scores, mask=[0, 0])
    assert scores.tolist() == [1, 2]


BIG = 10**7


@pytest.mark.parametrize(
    ("name", "arguments", "keywords", "message"),
    [
        ("softmax", (), {}, "`softmax` needs `scores`"),
        ("attention", ([[1]],), {}, "needs `key` and `value`"),
        ("softmax", ([1],), {"axs": 0}, "no argument `axs`; did you mean `axis`"),
        ("ones", (2,), {"size": 2}, "it takes no names"),
        ("softmax", ([1], -1, None, "nan", 3), {}, "takes 4 arguments and is given 5"),
        ("softmax", ([1],), {"scores": [1]}, "given `scores` twice"),
        ("softmax", (3,), {}, "one number where a list"),
        ("softmax", ("abc",), {}, "`scores` is a text"),
        ("softmax", ([True, False],), {}, "a boolean where a number"),
        ("softmax", (torch.tensor([True]),), {}, "a boolean is not a number"),
        ("softmax", ([1, NAN],), {}, "`scores` holds NaN at [1]"),
        ("softmax", ([[0, 1], [1, INF]],), {}, "`scores` holds an infinite number at [1][1]"),
        ("softmax", ([[1, 2], [3]],), {}, "row 0 has the shape (2,) and row 1 (1,)"),
        ("softmax", ([],), {}, "`scores` is empty"),
        ("softmax", ([1, 2],), {"axis": 2}, "`axis` is 2"),
        ("softmax", ([1, 2],), {"axis": 0.5}, "not a whole number"),
        ("softmax", ([1, 2],), {"mask": [True, False]}, "a mask is added: 0 to look"),
        ("softmax", ([1, 2],), {"mask": [0, 0, 0]}, "do not fit"),
        ("softmax", ([[1, 2], [1, 2]],), {"mask": [[0, 0], [-INF, -INF]]}, "row [1], so its weights are 0/0"),
        ("softmax", ([1, 2],), {"empty": "zeros"}, "did you mean `zero`"),
        ("attention_scores", ([[1, 2, 3]], [[1, 2]]), {}, "`query` has 3 features and `key` has 2"),
        ("attention_scores", ([[1, 2]], [1, 2]), {}, "`key` has the shape (2,) where rows are needed"),
        ("attention", ([[1]], [[1], [2]], [[1]]), {}, "2 keys in `key` and 1 values in `value`"),
        ("attention_scores", ([[1]], [[1]], "yes"), {}, "write True or False"),
        (
            "attention_scores",
            (torch.zeros(3000, 1), torch.zeros(3000, 1)),
            {},
            "would hold 9,000,000 numbers",
        ),
        ("causal_mask", (BIG,), {}, "would hold 100,000,000,000,000 numbers"),
        ("causal_mask", (0,), {}, "at least 1"),
        ("causal_mask", (2.5,), {}, "not a whole number"),
        ("causal_mask", (True,), {}, "a boolean where a number"),
        ("padding_mask", ([4], 3), {}, "4 tokens does not fit into 3"),
        ("padding_mask", ([-1], 3), {}, "whole numbers from 0"),
        ("zeros", (BIG, BIG), {}, "a check may hold 4,000,000"),
        ("identity", (BIG,), {}, "would hold"),
        ("positional_encoding", (BIG, 2), {}, "would hold"),
        ("positional_encoding", (2, 3), {}, "come in pairs"),
        ("matmul", ([[1, 2]], [[1, 2]]), {}, "`a` has 2 columns and `b` has 1 rows"),
        ("matmul", (torch.zeros(BIG // 4, 1), torch.zeros(1, BIG // 4)), {}, "would hold"),
        ("reshape", ([1, 2, 3], (2, 2)), {}, "3 numbers do not fill the shape (2, 2)"),
        ("concat", ([[1, 2], [[3, 4]]],), {}, "cannot be joined"),
        ("concat", (3,), {}, "a list of tensors"),
        ("dot", ([1], [1, 2]), {}, "`a` has 1 numbers and `b` has 2"),
        ("norm", ([Quantity(1, "GiB")],), {}, "a quantity in GiB where a number"),
        ("entropy", ([0.5, 0.6],), {}, "sums to 1.1, not to 1"),
        ("entropy", ([1.5, -0.5],), {}, "negative"),
        ("entropy", ([0.5, 0.5],), {"base": 1}, "another base"),
        ("entropy", ([0.5, 0.5],), {"base": 0}, "above 0"),
        ("softmax_jacobian", ([[1, 2]],), {}, "where a vector is needed"),
        ("linear", ([1, 2], [[1], [2]]), {}, "`x` has 2 features and `weight` takes 1"),
        ("linear", ([1], [[1], [2]], [1]), {}, "`weight` has 2 outputs and `bias` has 1"),
        ("feed_forward", ([1], [[1]], [0], [[1, 2]], [0]), {}, "`w1` gives 1 features and `w2` takes 2"),
        ("cross_entropy", ([0, 0], 2), {}, "2 classes count from 0"),
        ("cross_entropy", ([[0, 0]], 1), {}, "`target` one class"),
        ("cross_entropy", ([0, 0], 0.5), {}, "whole numbers"),
        ("multihead_shapes", (2, 5, 64, 5), {}, "64 features cannot be dealt out evenly to 5 heads"),
        ("multihead_shapes", (2, 5, 64), {}, "needs `heads`"),
        ("parameters", ("pooling",), {}, "there are"),
        ("parameters", ("multihaed",), {}, "did you mean `multihead`"),
        ("parameters", ("multihead",), {"embed": 64}, 'needs `heads`; write parameters("multihead", embed=…'),
        ("parameters", ("linear",), {"inputs": 1, "outputs": 2, "words": 3}, "has no `words`"),
        ("reversible_forward", (1, 2, "doubel", "square"), {}, "did you mean `double`"),
        ("reversible_forward", ([1], [1, 2], "double", "square"), {}, "they must agree"),
        ("lsh_buckets", ([[1, 2, 3]], [[1], [2]]), {}, "3 features and `rotations` has 2 rows"),
        ("lsh_buckets", ([[1, 2]], [1, 2]), {}, "where a matrix is needed"),
        ("lsh_sort", ([[1, 0]],), {}, "a flat list"),
        ("lsh_sort", ([0.5],), {}, "whole numbers"),
        ("lsh_chunks", ([1, 0, 1], 2), {}, "3 tokens cannot be cut evenly into chunks of 2"),
        ("lsh_attended", ([1, 0], 1, 2), {}, "`position` is 2 and 2 tokens count from 0"),
        ("lsh_attended", ([1, 0], 1, -1), {}, "positions count from 0"),
        ("collision_probability", (190,), {}, "0 to 180"),
        ("collision_probability", (45, 3), {}, "pairs of opposite sides"),
        ("found_in_rounds", (1.5, 2), {}, "lies from 0 to 1"),
        ("comparisons", (10,), {"chunk": 3}, "cannot be cut evenly"),
        ("comparisons", (10,), {"rounds": 3}, "give `chunk` or `buckets`"),
        ("comparisons", (16,), {"chunk": 4, "buckets": 4}, "4 buckets give chunks of 8"),
        ("memory", ("reversible",), {"b": 1, "l": 1}, '"reversible" needs `d_ff` and `n_h`'),
        ("saved_bytes", (1,), {}, "write True or False"),
        ("saved_bytes", (True,), {"layers": 10_000}, "counts up to 256"),
        ("saved_bytes", (True,), {"length": 10**12}, "beyond what torch can count"),
        ("saved_bytes", (True,), {"heads": 5}, "evenly"),
        ("attention_bytes", (10**16,), {}, "can be counted"),
        ("sqrt", (-1,), {}, "not a real number"),
        ("sqrt", ([1, -1],), {}, "not a real number"),
        ("log", (0,), {}, "not above 0"),
        ("exp", (1000,), {}, "too large to hold"),
        ("exp", (NAN,), {}, "NaN"),
        ("round", (5, -(10**12)), {}, "about 15 digits"),
        ("sqrt", (10**400,), {}, "too large"),
        ("attention", ([-INF], [[1]], [[1]]), {}, "`query` holds an infinite number at [0]"),
        ("layer_norm", (3,), {}, "one number where a list"),
        ("sum", (), {}, "`sum` of nothing"),
        ("max", ([1, 2], 3), {}, "one list, or several numbers"),
        ("sum", ([1, 2],), {"axis": 1}, "`axis` is 1"),
        ("variance", ([1],), {"unbiased": True}, "at least two"),
        ("len", (3,), {}, "has no length"),
        ("solve", ("y = x", "x"), {}, 'must come from `equations("…")`'),
        ("equations", (), {}, "at least one equation"),
    ],
)
def test_unfit_arguments(
    name: str, arguments: tuple[Any, ...], keywords: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call(name, *arguments, **keywords)


def test_nesting_without_end_is_refused() -> None:
    nested: Any = 1
    for _ in range(5000):
        nested = [nested]
    for name in ("softmax", "shape", "sum", "concat"):
        with pytest.raises(ValueError, match="deep"):
            call(name, nested)


def test_the_budget_is_what_messages_say() -> None:
    assert MOST_ELEMENTS == 4_000_000
    assert call("zeros", 2000, 2000).numel() == MOST_ELEMENTS
