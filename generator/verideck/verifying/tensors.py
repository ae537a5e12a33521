"""Arithmetic on tensors: sizes are weighed before torch is asked, and whole numbers never wrap round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from verideck.verifying.budgets import Refused, allow, product, too_large
from verideck.verifying.kinds import is_boolean, is_many, is_number, is_tensor, kind, plain


def arithmetic(symbol: str, apply: Callable[[Any, Any], Any], left: Any, right: Any) -> object:
    """Apply an operator where at least one side is a tensor.

    Raises:
        Refused: the shapes do not fit, a side is no number, or the result would be too large.

    """
    model = left if is_tensor(left) else right
    left, right = _as_tensor(left, model, symbol), _as_tensor(right, model, symbol)
    shapes = tuple(left.shape), tuple(right.shape)
    shape = _matmul_shape(*shapes) if symbol == "@" else _broadcast(*shapes)
    if shape is None:
        raise Refused(
            f"`{symbol}` between shapes {shapes[0]} and {shapes[1]}", "the shapes do not fit each other"
        )
    allow(product(shape))
    if symbol == "@":
        result = left.double() @ right.double()
    elif symbol in ("/", "**") or left.is_floating_point() or right.is_floating_point():
        result = apply(left.double(), right.double())
    else:
        result = _whole(apply, symbol, left, right)
    return plain(result)


def _as_tensor(value: Any, model: Any, symbol: str) -> Any:
    if not is_tensor(value):
        if not (is_number(value) or is_many(value)):
            raise Refused(
                f"`{symbol}` between a tensor and {kind(value)}",
                "a tensor goes with numbers and lists of numbers",
            )
        try:
            value = model.new_tensor(
                value, dtype=model.double().dtype if _has_float(value) else model.long().dtype
            )
        except (TypeError, ValueError, RuntimeError, OverflowError) as wrong:
            raise Refused(
                f"{kind(value)} that is no tensor: {wrong}", "rows must be equally long numbers"
            ) from None
    if is_boolean(value):
        raise Refused(f"`{symbol}` on a tensor of conditions", "a boolean is not a number")
    return value


def _whole(apply: Callable[[Any, Any], Any], symbol: str, left: Any, right: Any) -> Any:
    """Compute in whole numbers, which must not wrap round."""
    if symbol in ("//", "%") and bool((right == 0).any()):
        raise Refused("a division by zero")
    rough = apply(left.double(), right.double())
    if rough.numel() and float(rough.abs().max()) >= 2**53:
        raise too_large("a number in a tensor")
    return apply(left, right)


def _broadcast(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...] | None:
    length = max(len(left), len(right))
    padded = [(1,) * (length - len(shape)) + shape for shape in (left, right)]
    shape = []
    for one, other in zip(*padded, strict=True):
        if one != other and 1 not in (one, other):
            return None
        shape.append(other if one == 1 else one)
    return tuple(shape)


def _matmul_shape(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...] | None:
    if not left or not right or left[-1] != (right[-2] if len(right) > 1 else right[0]):
        return None
    batch = _broadcast(left[:-2], right[:-2])
    if batch is None:
        return None
    return batch + (left[-2:-1] if len(left) > 1 else ()) + (right[-1:] if len(right) > 1 else ())


def _has_float(value: object) -> bool:
    return any(map(_has_float, value)) if isinstance(value, list | tuple) else isinstance(value, float)
