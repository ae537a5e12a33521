"""Shapes, and parameters of layers. All but `data_flow` work without torch."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from verideck.reference import complexity, shapes
from verideck.verifying.library.arguments import UnfitError

if TYPE_CHECKING:
    from verideck.verifying.library.entries import Steps


def multihead_shapes(
    batch: int,
    length: int,
    embed: int,
    heads: int,
    keys: int | None = None,
    average_weights: bool = True,
    batch_first: bool = True,
) -> shapes.MultiheadShapes:
    """Give the shapes of multi-head attention."""
    return shapes.multihead_shapes(batch, length, embed, heads, keys, average_weights, batch_first)


def multihead_shapes_steps(
    batch: int,
    length: int,
    embed: int,
    heads: int,
    keys: int | None = None,
    average_weights: bool = True,
    batch_first: bool = True,
) -> Steps:
    """Show the way from the input over the heads to the output."""
    found = multihead_shapes(batch, length, embed, heads, keys, average_weights, batch_first)
    return (
        ("input" if batch_first else "input (length first)", found.input),
        (f"features of a head = {embed} / {heads}", found.head_size),
        ("queries per head", found.query),
        ("weights, averaged over the heads" if average_weights else "weights per head", found.weights),
        ("output", found.output),
    )


def data_flow(batch: int, length: int, embed: int, heads: int, hidden: int, classes: int) -> shapes.DataFlow:
    """Give the shapes from tokens to classes."""
    most = max(batch * length * max(embed, hidden, classes), batch * heads * length**2, embed * hidden)
    if max(most, embed * embed, embed * classes) >= 2**58:
        raise UnfitError("these sizes are beyond what torch can count")
    from verideck.reference import flow

    return flow.data_flow(batch, length, embed, heads, hidden, classes)


def data_flow_steps(batch: int, length: int, embed: int, heads: int, hidden: int, classes: int) -> Steps:
    """Show every stage."""
    flow = data_flow(batch, length, embed, heads, hidden, classes)
    return (
        ("tokens", flow.tokens),
        ("embedded", flow.embedded),
        ("query, key, value per head", flow.query),
        ("scores and weights", flow.weights),
        ("context, heads joined", flow.context),
        ("inside the feed-forward layer", flow.hidden),
        ("feed-forward layer's output", flow.feed_forward),
        ("logits", flow.logits),
    )


COUNTS: Mapping[str, Callable[..., int]] = {
    "multihead": complexity.multihead_parameters,
    "linear": complexity.linear_parameters,
    "embedding": complexity.embedding_parameters,
    "layer_norm": complexity.layer_norm_parameters,
    "feed_forward": complexity.feed_forward_parameters,
    "transformer_layer": complexity.transformer_layer_parameters,
}


def parameters(
    layer: str,
    embed: int | None = None,
    heads: int | None = None,
    bias: bool | None = None,
    head_size: int | None = None,
    inputs: int | None = None,
    outputs: int | None = None,
    words: int | None = None,
    size: int | None = None,
    hidden: int | None = None,
) -> int:
    """Count a layer's trainable numbers."""
    given = {
        "embed": embed,
        "heads": heads,
        "bias": bias,
        "head_size": head_size,
        "inputs": inputs,
        "outputs": outputs,
        "words": words,
        "size": size,
        "hidden": hidden,
    }
    return COUNTS[layer](**_sizes(layer, given))


def _sizes(layer: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Give a layer's own sizes, refusing missing ones and another layer's."""
    known = inspect.signature(COUNTS[layer]).parameters
    used = {name: value for name, value in given.items() if value is not None}
    strange = [name for name in used if name not in known]
    missing = [name for name, one in known.items() if one.default is one.empty and name not in used]
    if strange or missing:
        wrong = (
            f"has no `{strange[0]}`" if strange else "needs " + " and ".join(f"`{one}`" for one in missing)
        )
        takes = ", ".join(f"{name}=…" for name in known)
        raise UnfitError(f'"{layer}" {wrong}; write parameters("{layer}", {takes})')
    return used


def parameters_steps(layer: str, **sizes: Any) -> Steps:
    """Show a layer's parts and their sum."""
    used = {name: value for name, value in sizes.items() if value is not None}
    total = parameters(layer, **used)
    lines = PARTS[layer](**used)
    return (*lines, ("parameters in all", total)) if len(lines) > 1 else lines


def _linear_part(what: str, inputs: int, outputs: int, bias: bool = True, times: int = 1) -> tuple[str, int]:
    text = f"{inputs} × {outputs}" + (f" + {outputs}" if bias else "")
    text = text if times == 1 else f"{times} × ({text})"
    return f"{what}: {text}", times * complexity.linear_parameters(inputs, outputs, bias)


def _multihead_parts(embed: int, heads: int, bias: bool = True, head_size: int | None = None) -> Steps:
    inner = heads * (embed // heads if head_size is None else head_size)
    return (
        _linear_part("W_Q, W_K, W_V", embed, inner, bias, times=3),
        _linear_part("W_O", inner, embed, bias),
    )


def _feed_forward_parts(embed: int, hidden: int) -> Steps:
    return (_linear_part("first linear layer", embed, hidden), _linear_part("second", hidden, embed))


PARTS: Mapping[str, Callable[..., Steps]] = {
    "multihead": _multihead_parts,
    "linear": lambda inputs, outputs, bias=True: (_linear_part("weight and bias", inputs, outputs, bias),),
    "embedding": lambda words, size: ((f"a vector per word: {words} × {size}", words * size),),
    "layer_norm": lambda size: ((f"gain and bias: 2 × {size}", 2 * size),),
    "feed_forward": _feed_forward_parts,
    "transformer_layer": lambda embed, heads, hidden: (
        ("multi-head attention", complexity.multihead_parameters(embed, heads)),
        ("feed-forward layer", complexity.feed_forward_parameters(embed, hidden)),
        (f"two layer norms: 2 × 2 × {embed}", 2 * complexity.layer_norm_parameters(embed)),
    ),
}
