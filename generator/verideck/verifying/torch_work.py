"""The work of torch's operations, counted in steps before they run.

A step stands for about a microsecond of a processor: `OPERATION` of them for the way through Python and
torch, the rest for the numbers that an operation goes through, makes and multiplies. An operation that is not
known to be fast counts as slow. Sizes come from the arguments, and where these do not bound the result, from
torch's own shape inference (the `meta` device, which holds no numbers).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

OPERATION = 16  # steps of any operation
META_OPERATION = 512  # of one on the `meta` device, whose shapes are worked out in Python
NUMBERS = 9  # 2 to this many numbers gone through or made cost a step, where the operation is fast
PRODUCTS = 13  # 2 to this many multiplications cost a step
# Times a fast operation's work for each number: of random numbers, of sorting, and of all else.
RANDOM, SORTING, SLOW = 16, 64, 8
AWKWARD = 16  # times a product's work, of numbers that the processor has no fast way for
MATRIX = 4  # steps of each matrix that is solved
LAPACK = 16  # times a matrix product's work, where a matrix is solved
SMALL = 1024  # arguments that multiply to no more make at most SMALL² elements
HUGE = 1 << 80  # where counting stops
META = torch.device("meta")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Operations that take some nanoseconds for each number.
FAST = _names(
    """
    abs add addcdiv addcmul all amax amin any bitwise_and bitwise_not bitwise_or bitwise_xor cat ceil clamp
    clamp_max clamp_min clone copy detach div empty empty_like eq fill floor full full_like ge gt le lerp
    logical_and logical_not logical_or lt masked_fill max maximum mean min minimum mul ne neg new_empty
    new_full new_ones new_zeros ones ones_like reciprocal relu repeat round rsub scalar_tensor sign sqrt stack
    sub sum threshold threshold_backward to_copy tril triu trunc where zero zeros zeros_like
    addmm baddbmm bmm dot mm mv
    cos erf exp expm1 gelu gelu_backward log log10 log1p log2 log_sigmoid_forward log_softmax
    log_softmax_backward_data mse_loss mse_loss_backward native_layer_norm native_layer_norm_backward rsqrt
    sigmoid sigmoid_backward silu silu_backward sin softmax softmax_backward_data tanh tanh_backward var
    """
)
SORTS = ("sort", "topk", "unique", "median", "mode", "kthvalue", "quantile", "searchsorted")
# Operations whose result is smaller than their arguments, and those whose result has at most as many numbers.
REDUCING = _names(
    """
    sum mean amax amin max min argmax argmin all any prod var std norm linalg_vector_norm logsumexp median
    mode kthvalue local_scalar_dense equal is_nonzero allclose
    """
)
NO_LARGER = _names(
    """
    softmax log_softmax cumsum cumprod sort topk clone to_copy copy contiguous detach empty_like zeros_like
    ones_like full_like rand_like randn_like randint_like native_dropout gather tril triu flip roll cat stack
    unique_consecutive unique2 unique_dim unsafe_view native_layer_norm native_layer_norm_backward
    softmax_backward_data log_softmax_backward_data
    """
)
BY_NUMBERS = frozenset({"nonzero", "index", "masked_select"})  # of which torch infers no shape
FROM_SIZES = _names("empty zeros ones full rand randn randint new_empty new_zeros new_ones new_full")
BATCHED = frozenset({"bmm", "baddbmm", "addbmm"})
MULTIPLYING = frozenset({"mm", "addmm", "mv", "addmv", "dot", "vdot", "int_mm"}) | BATCHED
AWKWARD_TYPES = frozenset({torch.bfloat16, torch.float16})


class Unforeseen(Exception):  # noqa: N818 - whoever weighs the operation decides
    """An operation whose result torch cannot foresee."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What torch says of an operation."""

    name: str  # its own, as `aten` has it
    base: str  # the same for all of its kind: without low lines in front or behind
    view: bool
    in_place: bool
    pointwise: bool
    chance: bool


@dataclass(frozen=True, slots=True)
class Work:
    """What one operation costs before it runs: numbers made, multiplications, and steps for all of it."""

    made: int
    multiplications: int
    steps: int


VIEW = Work(0, 0, OPERATION)
REMEMBERED = 10_000  # weights
_known: dict[Any, Work] = {}


class Meter(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch leaves its hook untyped
    """Spends the steps of every operation before it runs, those of layers and of autograd included."""

    def __init__(self, spend: Callable[[int], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self._spend = spend

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Let torch call the hook itself: the way round its compiler would load that, and take longer."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Weigh an operation, and run it."""
        del types
        kwargs = kwargs or {}
        try:
            self._spend(weigh(func, args, kwargs).steps)
        except Unforeseen:
            self._spend(OPERATION)
        return func(*args, **kwargs)


@cache
def traits(func: Any) -> Traits:
    """Say of an operation: its name, whether it gives a view, works in place, draws random numbers."""
    returns = [one.alias_info for one in func._schema.returns]
    name = func._schema.name.partition("::")[2]
    return Traits(
        name,
        name.removeprefix("_foreach").strip("_"),
        any(info is not None and not info.is_write for info in returns),
        any(info is not None and info.is_write for info in returns),
        torch.Tag.pointwise in func.tags,
        torch.Tag.nondeterministic_seeded in func.tags,
    )


def weigh(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Work:
    """Weigh an operation: once for all whose arguments have the same shapes and types.

    Raises:
        Unforeseen: its result cannot be foreseen.

    """
    what = traits(func)
    if what.view:
        return VIEW
    key = (func, *_key(args, what), *_key(kwargs.values(), what))
    known = _known.get(key)
    if known is None:
        known = _weigh(func, what, args, kwargs)
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[key] = known
    return known


def _key(values: Iterable[Any], what: Traits) -> Iterator[Any]:
    """Give what the work of an operation follows from: shapes and types, and numbers that may be sizes."""
    for value in values:
        if isinstance(value, torch.Tensor) and value.is_nested:
            yield "nested"
        elif isinstance(value, torch.Tensor):
            yield value.shape, value.dtype, value.is_meta
        elif isinstance(value, list | tuple):
            yield tuple(_key(value, what))
        elif not what.pointwise:
            yield value


def _weigh(func: Any, what: Traits, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Work:
    given = list(leaves([*args, *kwargs.values()]))
    real = [one for one in tensors(given) if not one.is_meta]
    touched = sum(one.numel() for one in real)
    counted = what.in_place or kwargs.get("device") == META or (not real and any(map(_is_tensor, given)))
    made = 0 if counted else foresee(func, args, kwargs, given)
    multiplications = multiply(what.base, real, given, made)
    way = META_OPERATION if not real and any(map(_is_tensor, given)) else OPERATION
    steps = way + len(given) + ((touched + made) * _slowness(what) >> NUMBERS) + (multiplications >> PRODUCTS)
    if _solves(what.base):
        steps += MATRIX * sum(one.numel() // max(math.prod(one.shape[-2:]), 1) for one in real)
    return Work(made, multiplications, steps)


def _slowness(what: Traits) -> int:
    if what.base in FAST:
        return 1
    if what.chance:
        return RANDOM
    if any(part in what.base for part in SORTS):
        return SORTING
    return SLOW


def _solves(base: str) -> bool:
    return base.startswith("linalg_") and base != "linalg_vector_norm"


def _is_tensor(value: object) -> bool:
    return isinstance(value, torch.Tensor)


def leaves(values: Sequence[Any]) -> Iterator[Any]:
    """Go through arguments, those of lists included."""
    for value in values:
        if isinstance(value, list | tuple):
            yield from leaves(value)
        else:
            yield value


def tensors(values: Sequence[Any] | Iterator[Any]) -> Iterator[torch.Tensor]:
    """Give the tensors but nested ones, which torch makes of padded batches and which are smaller."""
    return (value for value in values if isinstance(value, torch.Tensor) and not value.is_nested)


def foresee(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any], given: Sequence[Any]) -> int:
    """Bound the numbers that an operation makes, from above.

    Raises:
        Unforeseen: it cannot be told.

    """
    what = traits(func)
    shapes = [tuple(one.shape) for one in tensors(given)]
    if what.pointwise or what.base == "masked_select":
        return _broadcast(shapes)
    touched = sum(map(math.prod, shapes))
    if what.base in REDUCING:
        return 0
    if what.base in NO_LARGER:
        return touched
    if what.base in FROM_SIZES:
        return _count([one for one in (*args, kwargs.get("size")) if isinstance(one, list | tuple)])
    if what.base in MULTIPLYING and len(shapes) > 1:
        return math.prod(shapes[-2][:-1]) * math.prod(shapes[-1][-1:] if len(shapes[-1]) > 1 else ())
    if _ceiling(what.base, given) <= SMALL:
        return SMALL
    return _inferred(func, args, kwargs)


def multiply(base: str, given: Sequence[torch.Tensor], values: Sequence[Any], made: int) -> int:
    """Estimate multiplications from above, well enough to tell a bomb from a model."""
    count = _products(base, given, values, made)
    awkward = any(not one.is_floating_point() or one.dtype in AWKWARD_TYPES for one in given)
    return count * AWKWARD if awkward and base in MULTIPLYING else count


def _products(base: str, given: Sequence[torch.Tensor], values: Sequence[Any], made: int) -> int:
    if not given:
        return 0
    first, *others = given
    if base in MULTIPLYING and others:
        left, right = given[-2:]
        batch = left.shape[0] if base in BATCHED and left.dim() > 2 else 1
        return left.numel() * right.numel() // max(left.shape[-1] * batch, 1)
    if "conv" in base and others:
        weight = others[1] if "backward" in base and len(others) > 1 else others[0]
        outputs = 2 * first.numel() if "backward" in base else made
        return outputs * (weight.numel() // max(weight.shape[0], 1))
    if "pool" in base:
        return max(made, first.numel()) * _window(values)
    if base.startswith("scaled_dot") and others:
        return 2 * first.numel() * (others[0].shape[-2] if others[0].dim() > 1 else 1)
    if any(part in base for part in ("native_multi_head", "transformer_encoder", "rnn", "lstm", "gru")):
        length = first.shape[-2] if first.dim() > 1 else 1
        weights = sum(one.numel() for one in others) // max(first.shape[-1] if first.dim() else 1, 1)
        return first.numel() * (weights + length)
    if base.startswith(("cdist", "pdist")):
        return LAPACK * max(made, 1) * max(first.shape[-1] if first.dim() else 1, 1)
    if _solves(base):
        return LAPACK * sum(one.numel() * max(one.shape[-2:], default=1) for one in given)
    return 0


def _window(values: Sequence[Any]) -> int:
    """Multiply the sizes of a pool's window; its other sizes, which are among them, only make it larger."""
    return _count([one for one in values if isinstance(one, int) and not isinstance(one, bool)][:2])


def _broadcast(shapes: Sequence[tuple[int, ...]]) -> int:
    """Count the elements of shapes laid over one another; what does not fit makes nothing."""
    total = 1
    for place in range(1, max(map(len, shapes), default=0) + 1):
        total *= max(shape[-place] for shape in shapes if len(shape) >= place)
    return total


def _count(sizes: Sequence[Any]) -> int:
    """Multiply sizes, those of lists included."""
    return math.prod(max(abs(int(one)), 1) for one in leaves(sizes) if isinstance(one, int | torch.SymInt))


def _ceiling(base: str, given: Sequence[Any]) -> int:
    """Multiply the sizes of all arguments; no size that is made of them exceeds the square of this."""
    steps = base.startswith("arange")  # which may be fractions
    total = 1
    for one in given:
        if isinstance(one, torch.Tensor):
            total *= max(one.numel(), 1)
        elif isinstance(one, int) and not isinstance(one, bool):
            total *= max(abs(one), 1)
        elif steps and isinstance(one, float):
            total *= math.ceil(max(abs(one), 1 / max(abs(one), 1e-30))) if math.isfinite(one) else 1
        if total > HUGE:
            break
    return total


def _inferred(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> int:
    """Ask torch for the shapes of a result before it is made; 0 where the operation will raise."""
    named = {key: _without_numbers(value) for key, value in kwargs.items()}
    if any(one.name == "device" for one in func._schema.arguments):
        named["device"] = META
    try:
        shapes = func(*(_without_numbers(value) for value in args), **named)
    except NotImplementedError:  # it depends on the numbers
        if traits(func).base not in BY_NUMBERS:
            raise Unforeseen from None
        return sum(one.numel() * max(one.dim(), 1) for one in tensors(leaves([*args])))
    except Exception:  # noqa: BLE001  the operation itself says it better, and before it allocates
        return 0
    return sum(one.numel() for one in tensors(leaves([shapes])))


def _without_numbers(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device=META)
    if isinstance(value, list | tuple):
        return [_without_numbers(one) for one in value]
    return value
