"""Counting: memory, operations, comparisons and parameters, by formulas. Needs no torch.

Kitaev et al. 2020, table 3, for the memory of Transformer variants; Vaswani et al. 2017, table 1, for
the cost of a layer. The counts of operations and parameters are tested against torch's own counters and
modules.

Symbols: b sequences of l tokens, L here; d_model features; d_ff the feed-forward layer's inner size; n_h
heads; n_l layers; n_r rounds of hashing; c numbers per hashed position and round, 128² in the paper's table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

TABLE_3: Mapping[str, tuple[tuple[str, ...], Callable[..., int]]] = {
    "transformer": (
        ("b", "l", "d_ff", "n_h", "n_l"),
        lambda b, L, d_ff, n_h, n_l: max(b * L * d_ff, b * n_h * L**2) * n_l,
    ),
    "reversible": (
        ("b", "l", "d_ff", "n_h"),
        lambda b, L, d_ff, n_h: max(b * L * d_ff, b * n_h * L**2),
    ),
    "chunked": (
        ("b", "l", "d_model", "n_h"),
        lambda b, L, d_model, n_h: max(b * L * d_model, b * n_h * L**2),
    ),
    "lsh": (
        ("b", "l", "d_ff", "n_h", "n_l", "n_r", "c"),
        lambda b, L, d_ff, n_h, n_l, n_r, c: max(b * L * d_ff, b * n_h * L * n_r * c) * n_l,
    ),
    "reformer": (
        ("b", "l", "d_model", "n_h", "n_r", "c"),
        lambda b, L, d_model, n_h, n_r, c: max(b * L * d_model, b * n_h * L * n_r * c),
    ),
}
"""The paper's table 3: per variant the quantities it depends on, and the numbers held in memory."""


def attention_elements(L: int, B: int = 1, h: int = 1) -> int:
    """Count the attention weights of one layer: B h L²."""
    return B * h * L * L


def chunk_length(L: int, n_buckets: int) -> int:
    """Give the paper's chunk length m = 2 l / n_buckets (section 2, below equation (5)).

    Raises ValueError where that is no whole number.
    """
    if 2 * L % n_buckets:
        raise ValueError(f"2 x {L} tokens cannot be cut evenly into chunks for {n_buckets} buckets")
    return 2 * L // n_buckets


def comparisons(L: int, m: int | None = None, n_r: int = 1) -> int:
    """Count the pairs of query and key that are compared: l², or by LSH l · 2m in each of n_r rounds.

    Chunks of m tokens look at themselves and at the chunk before. The first chunk, too, is counted with
    2m keys: implementations compute these scores and then mask them.
    """
    return L * L if m is None else n_r * L * 2 * m


def found_in_rounds(p: float, n: int) -> float:
    """Give the chance that n independent rounds of hashing find a pair that one finds with chance p.

    1 − (1 − p)ⁿ: the rounds must not all miss it. Kitaev et al. 2020, section 2, "Multi-round LSH attention".
    """
    return 1 - (1 - p) ** n


def operations(reversible: bool, N: int = 6, B: int = 1, L: int = 128, E: int = 64, H: int = 256) -> int:
    """Count the multiply-adds of the matrix products in one training step of N layers.

    Forward, per layer: four projections 4 L E², the scores and their use 2 L² E, the feed-forward layer
    2 L E H. Backward is twice that: one product for the inputs, one for the weights. Reversible layers run
    forward once more to get their inputs back. The number of heads does not matter.
    """
    forward = N * B * (4 * L * E * E + 2 * L * L * E + 2 * L * E * H)
    return forward * (4 if reversible else 3)


def linear_parameters(inputs: int, outputs: int, bias: bool = True) -> int:
    """Count a linear layer's parameters, as `nn.Linear` has them."""
    return inputs * outputs + (outputs if bias else 0)


def embedding_parameters(words: int, size: int) -> int:
    """Count an embedding's parameters, as `nn.Embedding` has them: a vector per word."""
    return words * size


def layer_norm_parameters(size: int) -> int:
    """Count a layer norm's parameters, as `nn.LayerNorm` has them: a gain and a bias per feature."""
    return 2 * size


def multihead_parameters(embed: int, heads: int, bias: bool = True, head_size: int | None = None) -> int:
    """Count the parameters of the projections W_Q, W_K, W_V and W_O.

    Heads of embed / heads features each, as in `nn.MultiheadAttention`: 4E² + 4E however many heads there
    are. Where `head_size` is fixed, each further head adds to all four.
    """
    if head_size is None:
        if embed % heads:
            raise ValueError(f"{embed} features cannot be dealt out evenly to {heads} heads")
        head_size = embed // heads
    inner = heads * head_size
    return 3 * linear_parameters(embed, inner, bias) + linear_parameters(inner, embed, bias)


def feed_forward_parameters(embed: int, hidden: int) -> int:
    """Count the feed-forward layer's parameters: two linear layers with biases."""
    return linear_parameters(embed, hidden) + linear_parameters(hidden, embed)


def transformer_layer_parameters(embed: int, heads: int, hidden: int) -> int:
    """Count an encoder layer's parameters, as `nn.TransformerEncoderLayer` has them."""
    return (
        multihead_parameters(embed, heads)
        + feed_forward_parameters(embed, hidden)
        + 2 * layer_norm_parameters(embed)
    )
