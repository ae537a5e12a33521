"""Attention, masks, focus, and the layers around them."""

from __future__ import annotations

from verideck.verifying.library.calls import attention, focus, layers
from verideck.verifying.library.entries import Entry, entry
from verideck.verifying.library.entries import Parameter as P  # noqa: N817  # the tables read better

QUERY = P("query", "listed", "queries (…, L, d_k), or one as a plain list")
KEY = P("key", "rows", "keys (…, S, d_k)")
VALUE = P("value", "rows", "values (…, S, d_v)")
SCALED = P("scaled", "flag", "divide the scores by √d_k")
MASK = P("mask", "mask", "added to the scores before the softmax, broadcast to their shape")
EMPTY = P(
    "empty", "empty", "a row that is hidden whole: an error, or zeros as F.scaled_dot_product_attention gives"
)
EQUATION_1 = "Vaswani et al. 2017, section 3.2.1, equation (1)"

ATTENTION: tuple[Entry, ...] = (
    entry(
        "softmax", attention.softmax, "weights that sum to 1, by the exponentials of the scores",
        (
            P("scores", "scores", "a list or a tensor, −∞ allowed"),
            P("axis", "integer", "the axis that sums to 1"),
            MASK, EMPTY,
        ),
        "a tensor", "exp(s) / Σ exp(s)", "answer == softmax([1, 2, 3])",
        attention.softmax_steps, ("attention",),
    ),
    entry(
        "attention_scores", attention.attention_scores,
        "every query compared with every key: q kᵀ / √d_k",
        (QUERY, KEY, SCALED), "a tensor (…, L, S)", EQUATION_1,
        "answer == attention_scores([[1, 0]], [[1, 0], [0, 1]])", attention.attention_scores_steps,
        ("attention",),
    ),
    entry(
        "attention_weights", attention.attention_weights,
        "each query's share for each key; rows sum to 1",
        (QUERY, KEY, SCALED, MASK, EMPTY), "a tensor (…, L, S)", EQUATION_1,
        "answer == attention_weights([[1, 0]], [[1, 0], [0, 1]])", attention.attention_weights_steps,
        ("attention",),
    ),
    entry(
        "attention", attention.attention, "the values mixed by the weights: softmax(q kᵀ / √d_k) v",
        (QUERY, KEY, VALUE, SCALED, MASK, EMPTY), "a tensor (…, L, d_v)", EQUATION_1,
        "answer == attention([[1, 0]], [[1, 0], [0, 1]], [[2], [4]])", attention.attention_steps,
        ("attention",),
    ),
    entry(
        "hard_attention", attention.hard_attention, "the one best key's value instead of a mixture",
        (QUERY, KEY, VALUE), "a tensor (…, L, d_v)",
        "Xu et al. 2015, section 4.1, with argmax for the draw",
        "answer == hard_attention([[1, 0]], [[1, 0], [0, 1]], [[2], [4]])",
        attention.hard_attention_steps, ("attention",),
    ),
    entry(
        "causal_mask", attention.causal_mask,
        "hides every later token: 0 on and below the diagonal, −∞ above",
        (P("length", "count", "the sequence's length", "tokens"),), "a tensor (length, length)",
        "Vaswani et al. 2017, section 3.2.3", "answer == softmax(zeros(3, 3), mask=causal_mask(3))",
        None, ("masks",),
    ),
    entry(
        "padding_mask", attention.padding_mask, "hides the padding behind each sequence's own tokens",
        (
            P("lengths", "whole", "each sequence's own length; one without a list", "tokens"),
            P("length", "count", "the length they were filled up to", "tokens"),
        ),
        "a tensor (batch, 1, length); (1, length) for one", "0 to look, −∞ to hide",
        "answer == softmax(zeros(3, 3), mask=padding_mask(2, 3))", None, ("masks",),
    ),
    entry(
        "entropy", focus.entropy,
        "how spread out a row of weights is: 0 for one key, ln S for S equal ones",
        (P("weights", "tensor", "rows that sum to 1"), P("base", "positive", "e for nats, 2 for bits")),
        "a number; a tensor for several rows", "Shannon 1948: −Σ p ln p, in nats",
        "answer == entropy([1 / 4] * 4)",
        focus.entropy_steps, ("focus",),
    ),
    entry(
        "effective_keys", focus.effective_keys, "how many equal keys would give the same entropy",
        (P("weights", "tensor", "rows that sum to 1"),), "a number; a tensor for several rows",
        "exp(entropy)",
        "answer == effective_keys([1 / 4] * 4)", focus.effective_keys_steps, ("focus",),
    ),
    entry(
        "largest_weight", focus.largest_weight, "the largest weight of a row",
        (P("weights", "tensor", "rows that sum to 1"),), "a number; a tensor for several rows", "max p",
        "answer == largest_weight([0.1, 0.7, 0.2])", None, ("focus",),
    ),
    entry(
        "gini", focus.gini, "how unequally a row is shared out: 0 for equal weights, 1 − 1/S for one key",
        (P("weights", "tensor", "rows that sum to 1"),), "a number; a tensor for several rows",
        "Gini 1912: Σ (2i − S − 1) p_i / S, the weights ascending",
        "answer == gini([0.1, 0.2, 0.7])", focus.gini_steps, ("focus",),
    ),
    entry(
        "softmax_jacobian", focus.softmax_jacobian, "how each weight moves with each score",
        (P("scores", "vector", "one row of scores"),), "a matrix", "diag(p) − p pᵀ",
        "answer == softmax_jacobian([0, 0])", focus.softmax_jacobian_steps, ("focus",),
    ),
    entry(
        "dot_product_variance", focus.dot_product_variance,
        "the variance of q · k for independent parts of mean 0 and variance 1",
        (P("size", "count", "d_k", "features"),), "a number: size itself",
        "Vaswani et al. 2017, footnote 4",
        "answer == dot_product_variance(64)", focus.dot_product_variance_steps,
    ),
)  # fmt: skip

LAYERS: tuple[Entry, ...] = (
    entry(
        "linear", layers.linear, "features mapped linearly: x Wᵀ + b",
        (
            P("x", "listed", "features (…, inputs)"),
            P("weight", "matrix", "(outputs, inputs), as nn.Linear stores it"),
            P("bias", "vector", "(outputs,)"),
        ),
        "a tensor (…, outputs)", "nn.Linear", "answer == linear([1, 2], [[1, 1]], [0.5])",
        layers.linear_steps, ("layers",),
    ),
    entry(
        "layer_norm", layers.layer_norm, "each row brought to mean 0 and variance 1",
        (P("x", "listed", "rows (…, size)"), P("epsilon", "positive", "added to the variance")),
        "a tensor of x's shape",
        "Ba, Kiros, Hinton 2016, equation (3); nn.LayerNorm without gain and bias",
        "answer == layer_norm([2, 4, 4, 6])", layers.layer_norm_steps, ("layers",),
    ),
    entry(
        "feed_forward", layers.feed_forward, "each position on its own: widen, cut negatives, narrow",
        (
            P("x", "listed", "features (…, E)"),
            P("w1", "matrix", "(H, E), as nn.Linear stores it"),
            P("b1", "vector", "(H,)"),
            P("w2", "matrix", "(E, H), as nn.Linear stores it"),
            P("b2", "vector", "(E,)"),
        ),
        "a tensor (…, E)", "Vaswani et al. 2017, section 3.3, equation (2)",
        "answer == feed_forward([1, 2], [[1, -1], [0, 1]], [0, 0], [[1, 1], [1, 0]], [0, 0])",
        layers.feed_forward_steps, ("layers",),
    ),
    entry(
        "cross_entropy", layers.cross_entropy, "the mean of −ln p(target) over the rows",
        (
            P("logits", "scores", "class scores (…, classes)"),
            P("target", "whole", "the right classes, from 0"),
        ),
        "a number, in nats", "nn.CrossEntropyLoss", "answer == cross_entropy([0, 0, 0, 0, 0], 2)",
        layers.cross_entropy_steps, ("layers", "attention"),
    ),
    entry(
        "positional_encoding", layers.positional_encoding,
        "sines and cosines that mark positions, in pairs",
        (P("length", "count", "positions"), P("size", "count", "features, an even number")),
        "a tensor (length, size)", "Vaswani et al. 2017, section 3.5",
        "answer == positional_encoding(2, 4)[1]",
        None, ("layers",),
    ),
)  # fmt: skip
