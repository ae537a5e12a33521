"""Making and joining tensors, with their sizes counted first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from verideck.verifying.library.arguments import UnfitError, allow, count, is_tensor
from verideck.verifying.library.arrays import tensor

if TYPE_CHECKING:
    from torch import Tensor


def fits(a: Tensor, b: Tensor, what: str) -> tuple[int, ...]:
    """Give the shape of two tensors side by side, or say that they do not fit; counted before it is held."""
    import torch

    try:
        shape = tuple(torch.broadcast_shapes(a.shape, b.shape))  # type: ignore[no-untyped-call]  # torch's
    except RuntimeError:
        raise UnfitError(f"{what}: the shapes {tuple(a.shape)} and {tuple(b.shape)} do not fit") from None
    allow(math.prod(shape), what)
    return shape


def dot(a: Tensor, b: Tensor) -> float:
    """Add up the products of two vectors' elements."""
    if len(a) != len(b):
        raise UnfitError(f"`a` has {len(a)} numbers and `b` has {len(b)}")
    return float(a @ b)


def dot_steps(a: Tensor, b: Tensor) -> tuple[tuple[str, object], ...]:
    """Show the products and their sum."""
    return (("products of the elements", a * b), ("their sum", dot(a, b)))


def matmul(a: Tensor, b: Tensor) -> Any:
    """Multiply matrices, or a matrix and a vector."""
    if a.dim() == 0 or b.dim() == 0:
        raise UnfitError("`matmul` needs vectors or matrices; numbers are multiplied by *")
    inner = b.shape[-2] if b.dim() > 1 else b.shape[0]
    if a.shape[-1] != inner:
        raise UnfitError(f"`a` has {a.shape[-1]} columns and `b` has {inner} rows")
    left, right = (a if a.dim() > 1 else a[None]), (b if b.dim() > 1 else b[:, None])
    batch = fits(left[..., 0, 0], right[..., 0, 0], "the product")
    allow(math.prod(batch) * left.shape[-2] * right.shape[-1], "the product")
    return a @ b


def transpose(a: Tensor) -> Tensor:
    """Swap the last two axes."""
    return a.transpose(-2, -1)


def norm(a: Tensor) -> float:
    """Give the Euclidean length of all numbers taken as one vector."""
    return float(a.norm())


def reshape(a: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Lay the same numbers out anew."""
    if math.prod(shape) != a.numel():
        raise UnfitError(f"{a.numel()} numbers do not fill the shape {shape}")
    return a.reshape(shape)


def concat(parts: Any, axis: int = -1) -> Tensor:
    """Put tensors behind one another along an axis."""
    import torch

    if is_tensor(parts) or not isinstance(parts, list | tuple) or not parts:
        raise UnfitError("`parts` must be a list of tensors, such as [a, b]")
    made = [tensor(part, f"parts[{place}]") for place, part in enumerate(parts)]
    allow(sum(part.numel() for part in made), "the result")
    axes = made[0].dim()
    if not -axes <= axis < axes:
        raise UnfitError(f"`axis` is {axis} and the first part has the shape {tuple(made[0].shape)}")
    kept = [[size for place, size in enumerate(one.shape) if place != axis % axes] for one in made]
    if any(one.dim() != axes for one in made) or any(one != kept[0] for one in kept):
        shapes = " and ".join(str(tuple(one.shape)) for one in made)
        raise UnfitError(f"shapes {shapes} cannot be joined along axis {axis}")
    return torch.cat(made, axis)


def sizes(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """Give the sizes of a shape written as numbers or as one list of them."""
    if len(shape) == 1 and isinstance(shape[0], list | tuple):
        shape = tuple(shape[0])
    made = tuple(count(size, "shape") for size in shape)
    allow(math.prod(made), f"a tensor of shape {made}")
    return made


def ones(*shape: Any) -> Any:
    """Make a tensor of ones."""
    made = sizes(shape)
    import torch

    return torch.ones(made, dtype=torch.float64)


def zeros(*shape: Any) -> Any:
    """Make a tensor of zeros."""
    return ones(*shape) * 0


def identity(n: int) -> Tensor:
    """Make the matrix that changes nothing."""
    allow(n * n, f"an identity matrix of {n} rows")
    import torch

    return torch.eye(n, dtype=torch.float64)
