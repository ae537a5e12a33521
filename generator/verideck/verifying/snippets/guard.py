"""The guard inside torch: it sees every operation before it runs, those of layers and of autograd included.

Each operation is weighed before it allocates: where its arguments do not bound the result, torch's own shape
inference (the `meta` device, which holds no numbers) is asked first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets.budgets import AXES, OPERATION, TOUCHED, Budget, allow_elements, allow_items

SMALL = 1024  # arguments that multiply to no more make at most SMALL² elements, and SMALL³ products
META = torch.device("meta")

# Operations whose result depends on the numbers, and has at most as many as its arguments.
BOUNDED = frozenset({
    "nonzero", "masked_select", "index", "unique_consecutive", "_unique2", "unique_dim", "equal",
    "_local_scalar_dense", "is_nonzero", "allclose",
})  # fmt: skip
PRODUCTS = frozenset({"mm", "addmm", "bmm", "baddbmm", "mv", "addmv", "dot", "vdot", "_int_mm", "addbmm"})
LAYERS = ("scaled_dot", "native_multi_head", "transformer_encoder", "rnn", "lstm", "gru")
SOLVERS = ("linalg", "inverse", "svd", "eig", "lu_", "qr", "cholesky", "det", "cdist", "pdist")
FUSED = ("_native_multi_head_attention", "_transformer_encoder_layer_fwd")
SORTING = ("sort", "topk", "unique", "median", "mode", "kthvalue", "quantile", "cumprod", "searchsorted")
PARTING = frozenset(
    {"unbind", "split", "split_with_sizes", "chunk", "unsafe_chunk", "unsafe_split", "tensor_split"}
)
SLOW = 16  # times sorting costs going through, and a multiplication of whole numbers one of floats


class Guard(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch leaves its hook untyped
    """Weighs each operation of torch against the budget; `random` tells that one drew without a seed."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self.budget = budget
        self.seeded = False
        self.random = False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Weigh an operation, run it, and count what it made."""
        del types
        kwargs = kwargs or {}
        given = list(_leaves([*args, *kwargs.values()]))
        name, view, in_place, chance = traits(func)
        self._spend(name, given, view)
        if chance and not self.seeded and not (name.startswith("_scaled_dot") and not _drops(args, kwargs)):
            self.random = True
        if name == "repeat_interleave":
            allow_elements(sum(int(one.sum()) for one in _tensors(given) if not one.is_floating_point()))
        if _ceiling(name, given) > SMALL:
            self._multiply(name, given)
            if name in FUSED:
                _allow_attention(given)
            if not view and not in_place:
                _foresee(func, name, args, kwargs)
        result = func(*args, **kwargs)
        for made in _tensors(_leaves([result])):
            allow_elements(made.numel())
            if made.dim() > AXES:
                raise Refused(f"a tensor of {made.dim():,} axes", f"a tensor may have {AXES} axes")
            if not view and not in_place:
                self.budget.make(made.numel())
        return result

    def _spend(self, name: str, given: Sequence[Any], view: bool) -> None:
        touched = 0 if view else sum(one.numel() for one in _tensors(given))
        if any(part in name for part in SORTING):
            touched *= SLOW
        self.budget.spend(OPERATION + len(given) + (touched >> TOUCHED))
        if name in PARTING:
            allow_items(max((size for one in _tensors(given) for size in one.shape), default=0), "a list")

    def _multiply(self, name: str, given: Sequence[Any]) -> None:
        count = _multiplications(name, list(_tensors(given)))
        if count:
            whole = any(not one.is_floating_point() for one in _tensors(given))
            self.budget.multiply(count * (SLOW if whole else 1))


@cache
def traits(func: Any) -> tuple[str, bool, bool, bool]:
    """Say of an operation: its name, whether it gives a view, works in place, draws random numbers."""
    returns = [one.alias_info for one in func._schema.returns]
    view = any(info is not None and not info.is_write for info in returns)
    in_place = any(info is not None and info.is_write for info in returns)
    chance = torch.Tag.nondeterministic_seeded in func.tags
    return func._schema.name.partition("::")[2], view, in_place, chance


def _drops(args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    return any(isinstance(one, float) and one > 0 for one in args[3:]) or bool(kwargs.get("dropout_p"))


def _leaves(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _leaves(value)
        else:
            yield value


def _tensors(values: Sequence[Any] | Iterator[Any]) -> Iterator[torch.Tensor]:
    """Give the tensors but nested ones, which torch makes of padded batches and which are smaller."""
    return (value for value in values if isinstance(value, torch.Tensor) and not value.is_nested)


def _ceiling(name: str, given: Sequence[Any]) -> int:
    """Multiply the sizes of all arguments; no size that is made of them exceeds the square of this."""
    steps = name.startswith("arange")  # which may be fractions
    total = 1
    for one in given:
        if isinstance(one, torch.Tensor):
            total *= max(one.numel(), 1)
        elif isinstance(one, int) and not isinstance(one, bool):
            total *= max(abs(one), 1)
        elif steps and isinstance(one, float):
            total *= math.ceil(max(abs(one), 1 / max(abs(one), 1e-30))) if math.isfinite(one) else 1
        if total > 1 << 80:
            break
    return total


def _allow_attention(given: Sequence[Any]) -> None:
    """Allow the weights that a fused layer holds inside, (B, h, L, L): no shape inference shows them."""
    first = next(one for one in given if isinstance(one, torch.Tensor))
    heads = max((one for one in given if isinstance(one, int)), default=1)  # or the embedding, which is more
    if first.is_nested:
        allow_elements(heads * sum(length**2 for length, *_ in first._nested_tensor_size().tolist()))
    elif first.dim() == 3:
        allow_elements(first.shape[0] * heads * first.shape[1] ** 2)


def _multiplications(name: str, tensors: Sequence[torch.Tensor]) -> int:
    """Estimate multiplications from above, well enough to tell a bomb from a model."""
    if len(tensors) >= 2 and name in PRODUCTS:
        first, second = tensors[-2:]
        batch = first.shape[0] if name == "bmm" else 1
        return first.numel() * second.numel() // max(first.shape[-1] * batch, 1)
    if "conv" in name and len(tensors) >= 2:
        first, weight = tensors[:2]
        return first.numel() * weight.numel() // max(weight.shape[1], 1)
    if any(part in name for part in LAYERS) and tensors:
        first, *others = tensors
        length = first.shape[-2] if first.dim() > 1 else 1
        weights = sum(one.numel() for one in others) // max(first.shape[-1] if first.dim() else 1, 1)
        return first.numel() * (weights + length)
    if any(part in name for part in SOLVERS):
        return sum(int(one.numel() ** 1.5) for one in tensors) * SLOW
    return 0


def _foresee(func: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Ask torch for the shape of a result before it is made; raises Refused where it is too large."""
    named = {key: _without_numbers(value) for key, value in kwargs.items()}
    if any(one.name == "device" for one in func._schema.arguments):
        named["device"] = META
    try:
        shapes = func(*(_without_numbers(value) for value in args), **named)
    except NotImplementedError:
        if name not in BOUNDED:
            raise Refused(
                f"`{name}` on a tensor whose result cannot be foreseen", "use smaller sizes"
            ) from None
        allow_elements(sum(one.numel() for one in _tensors(_leaves([*args]))))
        return
    except Exception:  # noqa: BLE001  the operation itself says it better, and before it allocates
        return
    for one in _tensors(_leaves([shapes])):
        allow_elements(one.numel())


def _without_numbers(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device=META)
    if isinstance(value, list | tuple):
        return [_without_numbers(one) for one in value]
    return value
