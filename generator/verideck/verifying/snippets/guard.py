"""The guard inside torch: it sees every operation before it runs, those of layers and autograd, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from verideck.verifying import torch_work
from verideck.verifying.budgets import Refused
from verideck.verifying.snippets.budgets import AXES, Budget, allow_elements, allow_items
from verideck.verifying.torch_work import Meter, Traits, leaves, tensors, traits

FUSED = ("_native_multi_head_attention", "_transformer_encoder_layer_fwd")
PARTING = frozenset(
    {"unbind", "split", "split_with_sizes", "chunk", "unsafe_chunk", "unsafe_split", "tensor_split"}
)


class Guard(Meter):  # type: ignore[no-untyped-call]  # of torch's mode
    """Weighs each operation of torch against the budget; `random` tells that one drew without a seed."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget.spend)
        self.budget = budget
        self.seeded = False
        self.random = False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Weigh an operation, run it, and count what it made."""
        del types
        kwargs = kwargs or {}
        given = list(leaves([*args, *kwargs.values()]))
        what = traits(func)
        _allow(what, given)
        if what.name in PARTING:
            self.budget.spend(max((one.shape[0] for one in tensors(given) if one.dim()), default=0))
        self._spend_work(func, args, kwargs)
        if (
            what.chance
            and not self.seeded
            and not (what.base.startswith("scaled_dot") and not _drops(args, kwargs))
        ):
            self.random = True
        result = func(*args, **kwargs)
        for made in tensors(leaves([result])):
            allow_elements(made.numel())
            if made.dim() > AXES:
                raise Refused(f"a tensor of {made.dim():,} axes", f"a tensor may have {AXES} axes")
            if not what.view and not what.in_place:
                self.budget.make(made.numel())
        return result

    def _spend_work(self, func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        try:
            work = torch_work.weigh(func, args, kwargs)
        except torch_work.Unforeseen:
            name = traits(func).name
            message = f"`{name}` on a tensor whose result cannot be foreseen"
            raise Refused(message, "use smaller sizes") from None
        allow_elements(work.made)
        self.budget.multiply(work.multiplications)
        self.budget.spend(work.steps)


def _allow(what: Traits, given: Sequence[Any]) -> None:
    """Allow what no shape inference shows: lists of parts, repeated numbers, a fused layer's weights."""
    if what.name in PARTING:
        allow_items(max((size for one in tensors(given) for size in one.shape), default=0), "a list")
    if what.name == "repeat_interleave":
        allow_elements(sum(int(one.sum()) for one in tensors(given) if not one.is_floating_point()))
    if what.name in FUSED:
        _allow_attention(given)


def _drops(args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    return any(isinstance(one, float) and one > 0 for one in args[3:]) or bool(kwargs.get("dropout_p"))


def _allow_attention(given: Sequence[Any]) -> None:
    """Allow the weights that a fused layer holds inside, (B, h, L, L): no shape inference shows them."""
    first = next(one for one in given if isinstance(one, torch.Tensor))
    heads = max((one for one in given if isinstance(one, int)), default=1)  # or the embedding, which is more
    if first.is_nested:
        allow_elements(heads * sum(length**2 for length, *_ in first._nested_tensor_size().tolist()))
    elif first.dim() == 3:
        allow_elements(first.shape[0] * heads * first.shape[1] ** 2)
