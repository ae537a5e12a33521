"""What autograd keeps: the bytes that stay in memory from the forward pass for the backward one.

A tensor is kept in one of two ways. An operation saves it, which `saved_tensors_hooks` shows as it happens;
or a function written by hand holds it as an attribute of its context `ctx`, which no hook sees. The second
are found by walking the graph from the result back through `next_functions`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn


def bytes_kept(compute: Callable[[], object], parameters: Sequence[Tensor]) -> int:
    """Count the bytes that autograd keeps while `compute` runs, without those of `parameters`.

    A storage is counted once, however many operations and views share it.
    """
    known = {p.untyped_storage()._cdata for p in parameters}
    kept: dict[int, int] = {}
    alive = []  # a storage must not be freed, or its number could be given again

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in known:
            kept[storage._cdata] = storage.nbytes()
            alive.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        result = compute()
    for tensor in held_by_contexts(result):
        keep(tensor)
    return sum(kept.values())


def held_by_contexts(result: object) -> Iterator[Tensor]:
    """Give the tensors that hand-written functions behind `result` hold as attributes of their contexts."""
    waiting: list[Any] = [tensor.grad_fn for tensor in _tensors(result, set()) if tensor.grad_fn is not None]
    seen = set[Any]()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        waiting += [before for before, _ in node.next_functions if before is not None]
        if hasattr(node, "__dict__"):  # a context of Python's; torch's own nodes have no attributes
            yield from _tensors(vars(node), set())


def _tensors(value: object, seen: set[int]) -> Iterator[Tensor]:
    """Find tensors in a value: through containers and plain objects, but not in modules or functions."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _tensors(item, seen)
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from _tensors(item, seen)
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from _tensors(getattr(value, one.name), seen)
    elif hasattr(value, "__dict__") and not isinstance(value, nn.Module | type) and not callable(value):
        yield from _tensors(vars(value), seen)
