"""Misconceptions about layers, shapes, parameters and costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from verideck.verifying.mutants.changing import (
    Change,
    Compute,
    Mutant,
    Trial,
    Untouched,
    after,
    call,
    flip,
    put,
    tensor,
)


def _head_sizes(flow: Any) -> Any:
    """Take the number of heads for the size of a head, and the other way round."""
    changed: dict[str, Any] = {}
    for name in ("query", "key", "heads"):
        shape = getattr(flow, name, None)
        if shape is not None:
            b, h, n, d = shape
            changed[name] = (b, d, n, h)
    if hasattr(flow, "head_size"):
        changed["head_size"] = flow.query[1]
    for name in ("scores", "weights"):
        shape = getattr(flow, name, None)
        if shape is not None and len(shape) == 4:
            changed[name] = (shape[0], flow.query[3], *shape[2:])
    return replace(flow, **changed)


def _one_head_out(flow: Any) -> Any:
    """Believe that what comes out has one head's features."""
    size = flow.query[3]
    names = [name for name in ("output", "context") if hasattr(flow, name)]
    return replace(flow, **{name: (*getattr(flow, name)[:-1], size) for name in names})


def _inner_and_outer(flow: Any) -> Any:
    """Take the feed-forward layer's inner size for its outer one, and the other way round."""
    return replace(flow, hidden=flow.feed_forward, feed_forward=flow.hidden)


def _turned(flow: Any) -> Any:
    """Put the length first and the batch second."""
    changed: dict[str, Any] = {}
    for one in fields(flow):
        shape = getattr(flow, one.name)
        if isinstance(shape, tuple) and len(shape) in (2, 3):
            changed[one.name] = (shape[1], shape[0], *shape[2:])
    return replace(flow, **changed)


def _parameters(**by_layer: Change) -> Change:
    """Change the count of some kinds of layer."""

    def change(trial: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
        if given["layer"] not in by_layer:
            raise Untouched
        return by_layer[given["layer"]](trial, compute, given)

    return change


def _biases_of(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Turn the biases over where there is a choice."""
    return call(compute, {**given, "bias": given["bias"] is False})


def _without_biases(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    total, embed, hidden = call(compute, given), given["embed"], given["hidden"]
    return total - hidden - embed - (4 * embed if given["layer"] == "transformer_layer" else 0)


def _heads_multiply(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    if given["head_size"] is not None or given["heads"] == 1:
        raise Untouched
    return call(compute, {**given, "head_size": given["embed"]})


def _no_output(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Leave W_O out."""
    total = call(compute, {**given, "layer": "multihead", "hidden": None})
    return call(compute, given) - total // 4


def _centred(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Divide the variance by n − 1."""
    size = tensor(given["x"]).shape[-1]
    if size < 2:
        raise Untouched
    return call(compute, given) * math.sqrt((size - 1) / size)


def _not_centred(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    """Divide by the root of the mean square, the mean left in."""
    x = tensor(given["x"])
    return x / (x**2).mean(-1, keepdim=True).add(given["epsilon"]).sqrt()


def _no_relu(trial: Trial, _: Compute, given: Mapping[str, Any]) -> Any:
    linear = trial.functions["linear"]
    return linear(linear(given["x"], given["w1"], given["b1"]), given["w2"], given["b2"])


def _no_bias(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    if given["bias"] is None:
        raise Untouched
    return call(compute, {**given, "bias": None})


def _transposed(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    weight = tensor(given["weight"])
    if weight.shape[0] != weight.shape[1]:
        raise Untouched
    return call(compute, {**given, "weight": weight.transpose(0, 1)})


def _summed(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    rows = tensor(given["target"]).numel()
    if rows == 1:
        raise Untouched
    return call(compute, given) * rows


def _total(trial: Trial, _: Compute, given: Mapping[str, Any]) -> Any:
    return trial.functions["sum"](given["x"], axis=given["axis"])


def _sine_for_cosine(table: Any) -> Any:
    import torch

    return torch.stack((table[:, 1::2], table[:, 0::2]), -1).reshape(table.shape)


def _linear_in_length(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    if given["length"] == 1:
        raise Untouched
    return call(compute, given) / given["length"]


def _given(**values: Any) -> Change:
    """Put other values for arguments that were given, where they were given."""

    def change(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
        wrong = {
            name: value for name, value in values.items() if given[name] is not None and given[name] != value
        }
        if not wrong:
            raise Untouched
        return call(compute, {**given, **wrong})

    return change


def _no_look_back(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Count a chunk's own keys only."""
    if given["chunk"] is None and given["buckets"] is None:
        raise Untouched
    return call(compute, given) // 2


def _only_length(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    if given["chunk"] is not None or given["buckets"] is not None:
        raise Untouched
    return given["length"]


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "heads-for-head-size", "the number of heads is the size of a head",
        {"multihead_shapes": after(_head_sizes), "data_flow": after(_head_sizes)},
    ),
    Mutant(
        "one-head-out", "the output has the features of one head",
        {"multihead_shapes": after(_one_head_out), "data_flow": after(_one_head_out)},
    ),
    Mutant(
        "inner-for-outer", "the feed-forward layer is narrow inside and wide outside",
        {"data_flow": after(_inner_and_outer)},
    ),
    Mutant(
        "length-first", "the length is the first axis and the batch the second",
        {"data_flow": after(_turned)},
    ),
    Mutant(
        "weights-averaged", "the weights are averaged over the heads, or kept, where they are not",
        {"multihead_shapes": flip("average_weights")},
    ),
    Mutant(
        "batch-first-ignored", "the other axis stands first",
        {"multihead_shapes": flip("batch_first")},
    ),
    Mutant(
        "no-bias", "a layer has no biases, or has them where it has none",
        {
            "parameters": _parameters(
                multihead=_biases_of, linear=_biases_of, feed_forward=_without_biases,
                transformer_layer=_without_biases, layer_norm=after(lambda count: count // 2),
            ),
            "linear": _no_bias,
        },
    ),
    Mutant(
        "heads-multiply-parameters", "each head has projections of the full size",
        {"parameters": _parameters(multihead=_heads_multiply)},
    ),
    Mutant(
        "no-output-projection", "attention has three projections, not four",
        {"parameters": _parameters(multihead=_no_output)},
    ),
    Mutant("transposed-weight", "a linear layer multiplies by W, not by Wᵀ", {"linear": _transposed}),
    Mutant("no-activation", "the feed-forward layer has no ReLU", {"feed_forward": _no_relu}),
    Mutant(
        "variance-over-n-less-one", "the variance divides by n − 1 for n, or the other way round",
        {"layer_norm": _centred, "variance": flip("unbiased")},
    ),
    Mutant("norm-without-mean", "layer norm only divides", {"layer_norm": _not_centred}),
    Mutant(
        "sum-for-mean", "the loss of several rows is summed",
        {"cross_entropy": _summed, "mean": _total},
    ),
    Mutant(
        "loss-in-bits", "the loss has base 2",
        {"cross_entropy": after(lambda loss: loss / math.log(2))},
    ),
    Mutant(
        "sine-for-cosine", "cosines stand at even places and sines at odd ones",
        {"positional_encoding": after(_sine_for_cosine)},
    ),
    Mutant(
        "reversible-turned", "reversible layers are taken for plain ones, and plain ones for reversible",
        {"saved_bytes": flip("reversible"), "operations": flip("reversible")},
    ),
    Mutant(
        "one-layer", "the number of layers does not count",
        {"saved_bytes": put(layers=1), "operations": put(layers=1), "memory": _given(n_l=1)},
    ),
    Mutant(
        "linear-in-length", "the weights grow with the length, not with its square",
        {"attention_bytes": _linear_in_length, "comparisons": _only_length},
    ),
    Mutant("half-precision", "a number takes 2 bytes", {"attention_bytes": put(bytes_per_number=2)}),
    Mutant(
        "heads-do-not-count", "the weights are kept once, not for each head",
        {"attention_bytes": put(heads=1), "memory": _given(n_h=1), "saved_bytes": put(heads=1)},
    ),
    Mutant("batch-does-not-count", "one sequence is kept",
           {"attention_bytes": put(batch=1), "memory": _given(b=1), "saved_bytes": put(batch=1),
            "operations": put(batch=1)}),
    Mutant(
        "rounds-do-not-count", "several rounds compare no more than one",
        {"comparisons": put(rounds=1), "memory": _given(n_r=1), "found_in_rounds": put(rounds=1)},
    ),
    Mutant("no-look-back", "a chunk is compared with itself only", {"comparisons": _no_look_back}),
)  # fmt: skip
"""Misconceptions about layers, shapes, parameters and costs."""
