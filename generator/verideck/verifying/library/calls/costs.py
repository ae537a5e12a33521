"""Bytes, operations and comparisons; all but `saved_bytes` work without torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from verideck.reference import complexity
from verideck.verifying.library.arguments import UnfitError

if TYPE_CHECKING:
    from verideck.verifying.library.entries import Steps
    from verideck.verifying.values import Quantity

MOST_LAYERS = 256


def _bytes(amount: int) -> Quantity:
    from verideck.verifying.values import Quantity

    return Quantity(amount, "bytes")


def _readable(quantity: Quantity) -> Quantity:
    """Give bytes in the largest binary unit in which they are a whole number."""
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        converted = quantity.to(unit)
        if converted.amount >= 1 and converted.amount == int(converted.amount):
            return converted
    return quantity


def attention_bytes(length: int, batch: int = 1, heads: int = 1, bytes_per_number: int = 4) -> Quantity:
    """Weigh the attention weights of one layer."""
    return _bytes(complexity.attention_elements(length, batch, heads) * bytes_per_number)


def attention_bytes_steps(length: int, batch: int = 1, heads: int = 1, bytes_per_number: int = 4) -> Steps:
    """Show the count of weights and their bytes."""
    counted = complexity.attention_elements(length, batch, heads)
    many = "" if batch == heads == 1 else f"{batch} × {heads} × "
    total = attention_bytes(length, batch, heads, bytes_per_number)
    return (
        (f"weights: {many}{length} × {length}", counted),
        (f"times {bytes_per_number} bytes", _readable(total)),
    )


def memory(
    model: str,
    b: int | None = None,
    l: int | None = None,  # noqa: E741  # the paper's symbol
    d_model: int | None = None,
    d_ff: int | None = None,
    n_h: int | None = None,
    n_l: int | None = None,
    n_r: int | None = None,
    c: int | None = None,
) -> int:
    """Count the numbers held, by the Reformer paper's table 3."""
    given = {
        "b": b, "l": l, "d_model": d_model, "d_ff": d_ff, "n_h": n_h, "n_l": n_l, "n_r": n_r, "c": c,
    }  # fmt: skip
    needed, formula = complexity.TABLE_3[model]
    missing = [name for name in needed if given[name] is None]
    if missing:
        raise UnfitError(f'"{model}" needs ' + " and ".join(f"`{name}`" for name in missing))
    return formula(*(given[name] for name in needed))


def memory_steps(model: str, **sizes: Any) -> Steps:
    """Show the formula and its value."""
    return ((FORMULAS[model], memory(model, **sizes)),)


FORMULAS: Mapping[str, str] = {
    "transformer": "max(b l d_ff, b n_h l²) n_l",
    "reversible": "max(b l d_ff, b n_h l²)",
    "chunked": "max(b l d_model, b n_h l²)",
    "lsh": "max(b l d_ff, b n_h l n_r c) n_l",
    "reformer": "max(b l d_model, b n_h l n_r c)",
}


def comparisons(length: int, buckets: int | None = None, rounds: int = 1, chunk: int | None = None) -> int:
    """Count the pairs of query and key that are compared."""
    if buckets is not None:
        found = complexity.chunk_length(length, buckets)
        if chunk not in (None, found):
            raise UnfitError(f"{buckets} buckets give chunks of {found} tokens, and `chunk` is {chunk}")
        chunk = found
    if chunk is None and rounds != 1:
        raise UnfitError("`rounds` are rounds of hashing: give `chunk` or `buckets`, too")
    if chunk is not None and length % chunk:
        raise UnfitError(f"{length} tokens cannot be cut evenly into chunks of {chunk}")
    return complexity.comparisons(length, chunk, rounds)


def comparisons_steps(
    length: int, buckets: int | None = None, rounds: int = 1, chunk: int | None = None
) -> Steps:
    """Show the product."""
    total = comparisons(length, buckets, rounds, chunk)
    if chunk is None and buckets is None:
        return ((f"every query with every key: {length} × {length}", total),)
    chunk = complexity.chunk_length(length, buckets) if buckets is not None else chunk
    return (
        (f"keys near a query: 2 × {chunk}", 2 * int(chunk or 0)),
        (f"{rounds} × {length} × {2 * int(chunk or 0)}", total),
    )


def saved_bytes(
    reversible: bool,
    layers: int = 6,
    batch: int = 1,
    length: int = 128,
    embed: int = 64,
    hidden: int = 256,
    heads: int = 1,
) -> Quantity:
    """Count the bytes that a stack of layers keeps for the backward pass."""
    _few(layers)
    if embed % heads:
        raise UnfitError(f"{embed} features cannot be dealt out evenly to {heads} heads")
    from verideck.reference import training

    small = layers * batch * length * (16 * embed + 2 * hidden + heads * length) <= 4_000_000
    small = small and layers * embed * (4 * embed + 2 * hidden) <= 4_000_000
    kind: training.Kind = "reversible" if reversible else "residual"
    device = "cpu" if small else "meta"  # the same tensors, held or only counted
    if max(batch * length * max(embed, hidden), batch * heads * length**2, embed * hidden) >= 2**58:
        raise UnfitError("these sizes are beyond what torch can count")
    kept = training.saved_bytes(kind, layers, batch, length, embed, hidden, heads, device=device)
    return _bytes(kept)


def _few(layers: int) -> None:
    if layers > MOST_LAYERS:
        raise UnfitError(f"`layers` is {layers}; a check counts up to {MOST_LAYERS}")


def saved_bytes_steps(
    reversible: bool,
    layers: int = 6,
    batch: int = 1,
    length: int = 128,
    embed: int = 64,
    hidden: int = 256,
    heads: int = 1,
) -> Steps:
    """Show one layer's bytes and the stack's."""
    sizes = (batch, length, embed, hidden, heads)
    lines: Steps = (("kept for one layer", saved_bytes(reversible, 1, *sizes)),)
    what = f"kept for {layers} layers, counted"
    return (*lines, (what, saved_bytes(reversible, layers, *sizes))) if layers > 1 else lines


def operations(
    reversible: bool, layers: int = 6, batch: int = 1, length: int = 128, embed: int = 64, hidden: int = 256
) -> int:
    """Count the multiply-adds of one training step."""
    return complexity.operations(reversible, layers, batch, length, embed, hidden)


def operations_steps(
    reversible: bool, layers: int = 6, batch: int = 1, length: int = 128, embed: int = 64, hidden: int = 256
) -> Steps:
    """Show forward, recomputation and backward."""
    total = operations(reversible, layers, batch, length, embed, hidden)
    forward = total // (4 if reversible else 3)
    again: Steps = (("forward once more, to get the inputs back", forward),) if reversible else ()
    return (
        (f"forward through {layers} layers", forward),
        *again,
        ("backward: twice the forward", 2 * forward),
        ("multiply-adds in all", total),
    )
