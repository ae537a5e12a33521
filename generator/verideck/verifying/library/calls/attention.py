"""Attention: shapes that must fit are checked here, then the reference computes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from verideck.verifying.library.arguments import UnfitError, allow
from verideck.verifying.library.calls.tensors import fits

if TYPE_CHECKING:
    from torch import Tensor

    from verideck.verifying.library.entries import Steps

Empty = Literal["nan", "zero"]


def softmax(scores: Tensor, axis: int = -1, mask: Tensor | None = None, empty: Empty = "nan") -> Tensor:
    """Turn scores into weights along an axis."""
    from verideck.reference import attention as reference

    if not -scores.dim() <= axis < scores.dim():
        raise UnfitError(f"`axis` is {axis} and `scores` has the shape {tuple(scores.shape)}")
    return reference.softmax(_hidden(scores, mask, axis, empty), axis, empty)


def softmax_steps(scores: Tensor, axis: int = -1, mask: Tensor | None = None, empty: Empty = "nan") -> Steps:
    """Show the powers, their sum and the quotients."""
    weights = softmax(scores, axis, mask, empty)
    added = scores if mask is None else scores + mask
    if float(added.max()) > 30:  # powers too large to follow by eye
        return (("weights = softmax(scores)", weights),)
    powers = added.exp()
    return (
        ("exp(scores)" if mask is None else "exp(scores + mask), 0 where hidden", powers),
        ("their sum", powers.sum(axis)),
        ("weights = exp(scores) / sum", weights),
    )


def _hidden(scores: Tensor, mask: Tensor | None, axis: int, empty: Empty) -> Tensor:
    """Add the mask; a row that looks at nothing is an error unless `empty` says what it gives."""
    if mask is not None:
        fits(scores, mask, "`mask` and the scores")
        scores = scores + mask
    none = (scores == -math.inf).all(axis)
    if empty == "nan" and bool(none.any()):
        row = "".join(f"[{place}]" for place in none.nonzero()[0].tolist()) if none.dim() else ""
        raise UnfitError(
            f"every key is hidden{f' from row {row}' if row else ''}, so its weights are 0/0, NaN; "
            'pass empty="zero" for zeros, as F.scaled_dot_product_attention gives'
        )
    return scores


def _pair(query: Tensor, key: Tensor) -> tuple[Tensor, Tensor, bool]:
    """Check queries against keys; one query may be written as a plain vector."""
    single = query.dim() == 1
    if single:
        query = query.unsqueeze(0)
    if query.shape[-1] != key.shape[-1]:
        raise UnfitError(f"`query` has {query.shape[-1]} features and `key` has {key.shape[-1]}")
    batch = fits(query[..., 0, 0], key[..., 0, 0], "`query` and `key`")
    allow(math.prod(batch) * query.shape[-2] * key.shape[-2], "the scores")
    return query, key, single


def _alone(result: Tensor, single: bool) -> Tensor:
    return result.squeeze(-2) if single else result


def attention_scores(query: Tensor, key: Tensor, scaled: bool = True) -> Tensor:
    """Compare queries with keys."""
    from verideck.reference import attention as reference

    query, key, single = _pair(query, key)
    return _alone(reference.attention_scores(query, key, scaled), single)


def attention_scores_steps(query: Tensor, key: Tensor, scaled: bool = True) -> Steps:
    """Show the products, the divisor and the scores."""
    lines: Steps = (("q kᵀ", attention_scores(query, key, False)),)
    if scaled:
        size = query.shape[-1]
        lines += ((f"√d_k = √{size}", math.sqrt(size)), ("q kᵀ / √d_k", attention_scores(query, key)))
    return lines


def attention_weights(
    query: Tensor, key: Tensor, scaled: bool = True, mask: Tensor | None = None, empty: Empty = "nan"
) -> Tensor:
    """Share the queries' attention among the keys."""
    return softmax(attention_scores(query, key, scaled), -1, mask, empty)


def attention_weights_steps(
    query: Tensor, key: Tensor, scaled: bool = True, mask: Tensor | None = None, empty: Empty = "nan"
) -> Steps:
    """Show scores and weights."""
    what = "weights = softmax(scores)" if mask is None else "weights = softmax(scores + mask)"
    weights = attention_weights(query, key, scaled, mask, empty)
    return (*attention_scores_steps(query, key, scaled), (what, weights))


def attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    scaled: bool = True,
    mask: Tensor | None = None,
    empty: Empty = "nan",
) -> Tensor:
    """Mix the values by the weights."""
    from verideck.reference import attention as reference

    query, key, single = _pair(query, key)
    _values(key, value)
    weights = attention_weights(query, key, scaled, mask, empty)
    fits(weights[..., 0, 0], value[..., 0, 0], "the weights and `value`")
    allow(math.prod(weights.shape[:-1]) * value.shape[-1], "the output")
    output = reference.attention(query, key, value, scaled, mask, empty)
    return _alone(output, single)


def attention_steps(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    scaled: bool = True,
    mask: Tensor | None = None,
    empty: Empty = "nan",
) -> Steps:
    """Show scores, weights and output."""
    lines = attention_weights_steps(query, key, scaled, mask, empty)
    return (*lines, ("output = weights · v", attention(query, key, value, scaled, mask, empty)))


def _values(key: Tensor, value: Tensor) -> None:
    if key.shape[-2] != value.shape[-2]:
        raise UnfitError(f"there are {key.shape[-2]} keys in `key` and {value.shape[-2]} values in `value`")


def hard_attention(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Take the best key's value."""
    from verideck.reference import attention as reference

    query, key, single = _pair(query, key)
    _values(key, value)
    if query.dim() != key.dim() or key.dim() != value.dim():
        raise UnfitError("`query`, `key` and `value` need equally many axes here")
    if not query.shape[:-2] == key.shape[:-2] == value.shape[:-2]:
        raise UnfitError("`query`, `key` and `value` need the same batch here")
    allow(math.prod(query.shape[:-1]) * value.shape[-1], "the output")
    return _alone(reference.hard_attention(query, key, value), single)


def hard_attention_steps(query: Tensor, key: Tensor, value: Tensor) -> Steps:
    """Show scores, the best key and its value."""
    scores = attention_scores(query, key, False)
    return (
        ("q kᵀ", scores),
        ("best key, from 0", scores.argmax(-1)),
        ("its value", hard_attention(query, key, value)),
    )


def causal_mask(length: int) -> Tensor:
    """Hide the future."""
    allow(length * length, f"a mask of {length} rows")
    from verideck.reference import masks as reference

    return reference.causal_mask(length)


def padding_mask(lengths: Tensor, length: int) -> Tensor:
    """Hide the padding; one length may be written without a list."""
    if lengths.dim() > 1:
        raise UnfitError("`lengths` holds one length for each sequence, such as [5, 3]")
    if int(lengths.max()) > length:
        raise UnfitError(f"a sequence of {int(lengths.max())} tokens does not fit into {length}")
    allow(lengths.numel() * length, "the mask")
    from verideck.reference import masks as reference

    mask = reference.padding_mask(lengths, length)
    return mask.squeeze(-2) if lengths.dim() == 0 else mask
