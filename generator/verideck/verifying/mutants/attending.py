"""Misconceptions about attention: the scale, the softmax and its axis, masks, queries, keys and values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from verideck.verifying.mutants.changing import (
    Change,
    Compute,
    Mutant,
    Trial,
    Untouched,
    after,
    all_equal,
    call,
    flip,
    instead,
    scaled,
    swap,
    tensor,
)

EQUAL_KEYS = "equal keys give equal weights under any scale"
EQUAL_SCORES = "equal scores give equal weights under any scale and by any function"
FAMILY = ("attention_scores", "attention_weights", "attention")


def _size(given: Mapping[str, Any]) -> int:
    return int(tensor(given["query"]).shape[-1])


def _told_of_luck(change: Change) -> Change:
    def told(trial: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
        if all_equal(given["key"]):
            trial.lucky(EQUAL_KEYS)
        return change(trial, compute, given)

    return told


def _by_size(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Divide by d where √d is meant."""
    size = _size(given)
    if not given["scaled"] or size == 1:
        raise Untouched
    return call(compute, {**given, "query": scaled(given["query"], 1 / math.sqrt(size))})


def _weights(trial: Trial, given: Mapping[str, Any], weigh: Any) -> tuple[Any, Any]:
    """Give other weights made from the scores, and the values mixed by them where there are values."""
    query = tensor(given["query"])
    scores = trial.functions["attention_scores"](
        query.unsqueeze(0) if query.dim() == 1 else query, given["key"], given["scaled"]
    )
    mask = given.get("mask")
    weights = weigh(scores if mask is None else scores + tensor(mask))
    mixed = weights @ tensor(given["value"]) if "value" in given else weights
    return (mixed.squeeze(-2) if query.dim() == 1 else mixed), weights


def _weighing(weigh: Any) -> Change:
    """Make the weights by another function of the scores."""

    def change(trial: Trial, _: Compute, given: Mapping[str, Any]) -> Any:
        if "scores" in given:
            scores = tensor(given["scores"])
            if all_equal(scores.reshape(-1)):
                trial.lucky(EQUAL_SCORES)
            mask = given["mask"]
            return weigh(scores if mask is None else scores + tensor(mask))
        if all_equal(given["key"]):
            trial.lucky(EQUAL_KEYS)
        return _weights(trial, given, weigh)[0]

    return change


def _over_queries(scores: Any) -> Any:
    if scores.dim() < 2:
        raise Untouched
    return scores.softmax(-2)


def _divided(scores: Any) -> Any:
    shown = scores.masked_fill(scores == -math.inf, 0)
    return shown / shown.sum(-1, keepdim=True)


def _even(scores: Any) -> Any:
    import torch

    return torch.full_like(scores, 1 / scores.shape[-1])


def _hidden_by_zero(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Leave the mask out: a score of 0 hides nothing."""
    if given["mask"] is None:
        raise Untouched
    return call(compute, {**given, "mask": None})


def _keys_for_values(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    key, values = tensor(given["key"]), tensor(given["value"])
    if key.shape == values.shape and bool((key == values).all()):
        raise Untouched
    return call(compute, {**given, "value": given["key"]})


def _one_later(mask: Any) -> Any:
    """Let every token see one further on."""
    import torch

    return torch.full_like(mask, -math.inf).triu(2)


def _padding_turned(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Hide the sequence and show its padding."""
    mask = call(compute, given)
    return (mask == 0).to(mask.dtype).masked_fill(mask == 0, -math.inf)


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "no-scale", "scores are not divided by √d_k, or divided where they are not",
        {name: _told_of_luck(flip("scaled")) for name in FAMILY},
    ),
    Mutant(
        "scale-by-size", "scores are divided by d_k instead of √d_k",
        {name: _told_of_luck(_by_size) for name in FAMILY},
    ),
    Mutant(
        "softmax-over-queries", "the weights of each key sum to 1, not those of each query",
        {name: _weighing(_over_queries) for name in ("softmax", "attention_weights", "attention")},
    ),
    Mutant(
        "sigmoid-for-softmax", "each score is squeezed on its own",
        {name: _weighing(lambda scores: scores.sigmoid())
         for name in ("softmax", "attention_weights", "attention")},
    ),
    Mutant(
        "no-exponential", "scores are divided by their sum",
        {name: _weighing(_divided) for name in ("softmax", "attention_weights", "attention")},
    ),
    Mutant(
        "even-weights", "every key counts the same",
        {name: _weighing(_even) for name in ("softmax", "attention_weights", "attention")},
    ),
    Mutant(
        "hard-for-soft", "the best key's value is taken whole, or the values are mixed where it should be",
        {"attention": instead("hard_attention"), "hard_attention": instead("attention")},
    ),
    Mutant(
        "keys-for-values", "the keys are mixed instead of the values",
        {"attention": _keys_for_values, "hard_attention": _keys_for_values},
    ),
    Mutant(
        "queries-for-keys", "rows stand for keys and columns for queries",
        {"attention_scores": swap("query", "key"), "attention_weights": swap("query", "key")},
    ),
    Mutant(
        "no-mask", "a masked score is 0, which hides nothing",
        dict.fromkeys(("softmax", "attention_weights", "attention"), _hidden_by_zero)
        | {"causal_mask": after(lambda mask: mask.masked_fill(mask != 0, 0)),
           "padding_mask": after(lambda mask: mask.masked_fill(mask != 0, 0))},
    ),
    Mutant(
        "mask-one-later", "a token may look one further than itself",
        {"causal_mask": after(_one_later)},
    ),
    Mutant(
        "mask-turned", "a token may look at what follows and not at what came before",
        {"causal_mask": after(lambda mask: mask.transpose(0, 1)), "padding_mask": _padding_turned},
    ),
    Mutant(
        "entropy-in-other-units", "natural logarithms for base 2, or the other way round",
        {"entropy": lambda _, compute, given: call(
            compute, {**given, "base": 2 if given["base"] == math.e else math.e})},
    ),
    Mutant(
        "entropy-turned", "a focused row has a high entropy, an even one a low one",
        dict.fromkeys(("entropy", "effective_keys", "gini", "largest_weight"), after(lambda found: -found)),
    ),
    Mutant(
        "entropy-for-keys", "the entropy is the number of keys in effect, and the other way round",
        {"entropy": instead("effective_keys"), "effective_keys": instead("entropy")},
    ),
    Mutant(
        "gini-for-largest", "the largest weight tells how unequal a row is",
        {"gini": instead("largest_weight"), "largest_weight": instead("gini")},
    ),
    Mutant(
        "jacobian-without-others", "a weight moves with its own score alone",
        {"softmax_jacobian": after(lambda matrix: matrix.diag().diag())},
    ),
    Mutant(
        "deviation-for-variance", "the dot product's variance is √d",
        {"dot_product_variance": after(math.sqrt)},
    ),
    Mutant(
        "variance-of-squares", "the dot product's variance is d²",
        {"dot_product_variance": after(lambda size: size * size)},
    ),
)  # fmt: skip
"""Misconceptions about attention, masks and focus."""
