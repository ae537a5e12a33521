"""Values printed for people: worked solutions and the records of claims."""

from __future__ import annotations

from collections.abc import Callable

from verideck.cards import Computed
from verideck.verifying.values.types import Nested, Scalar, Tensor, Value
from verideck.verifying.values.units import Quantity

EDGE = 3  # elements kept at each end of a long axis
LONG = 8  # an axis beyond this is shortened
MOST = 64  # and so is every axis of a tensor with more elements than this
_SMALL, _LARGE = 1e-4, 1e7  # beyond these, powers of ten


def show(value: Value, digits: int = 4) -> str:
    """Print a value on few lines: rows aligned, `digits` digits after the point at most, long axes cut."""
    match value:
        case bool():
            return str(value)
        case int():
            return f"{value:,}"
        case float():
            return _float(value, digits)
        case str():
            return value
        case tuple():
            return _shape(value)
        case Quantity():
            return f"{show(value.amount, digits)} {value.unit}"
        case Tensor():
            return _tensor(value, digits)
    return str(value)


def describe(value: Value) -> Computed:
    """Describe a computed value for the record of a claim, with its shape and unit."""
    shape = value.shape if isinstance(value, Tensor) else None
    unit = value.unit if isinstance(value, Quantity) else None
    return Computed(show(value, 6), shape, unit)


def _shape(shape: tuple[int, ...]) -> str:
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"


def _float(value: float, digits: int) -> str:
    size = abs(value)
    if size == 0:
        return "0"
    if not _SMALL <= size < _LARGE:
        mantissa, _, exponent = f"{value:.{max(digits - 1, 0)}e}".partition("e")
        return f"{_trimmed(mantissa)}e{int(exponent)}"
    places = digits
    while places < digits + 4 and size * 10**places < 10 ** (digits - 1):
        places += 1  # 0.00123 keeps its digits
    return _trimmed(f"{value:,.{places}f}")


def _trimmed(text: str) -> str:
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _tensor(value: Tensor, digits: int) -> str:
    short = len(value.flat()) > MOST
    rows = _shortened(value.data, value.shape, short)
    printed = _printer(value, digits)
    cells = (
        [printed(item) for item in value.flat()] if not short else [printed(item) for item in _leaves(rows)]
    )
    width = max(map(len, cells), default=0) if len(value.shape) > 1 else 0
    text = _nested(rows, lambda item: printed(item).rjust(width), 0)
    return f"{text}  shape {_shape(value.shape)}" if "…" in text or 0 in value.shape else text


def _printer(value: Tensor, digits: int) -> Callable[[Scalar], str]:
    """Choose one way to print all elements: the digits that the one in greatest need has."""
    if value.dtype != "float":
        return str
    sizes = [abs(item) for item in value.flat() if item]
    if sizes and (max(sizes) >= _LARGE or max(sizes) < _SMALL):
        return lambda item: "0" if item == 0 else f"{float(item):.{max(digits - 1, 0)}e}"
    needed = (len(_trimmed(f"{item:.{digits}f}").partition(".")[2]) for item in value.flat())
    places = max(needed, default=0)
    # adding zero turns a rounded -0.0 into 0.0
    return lambda item: f"{round(float(item), places) + 0.0:.{places}f}"


def _shortened(data: tuple[Nested, ...], shape: tuple[int, ...], short: bool) -> tuple[Nested | None, ...]:
    """Cut long axes, with None where elements are left out."""
    inner: list[Nested | None] = [
        _shortened(item, shape[1:], short) if isinstance(item, tuple) else item  # type: ignore[misc]  # None marks a cut
        for item in data
    ]
    return (*inner[:EDGE], None, *inner[-EDGE:]) if short and len(inner) > LONG else tuple(inner)


def _leaves(rows: tuple[Nested | None, ...]) -> list[Scalar]:
    found: list[Scalar] = []
    for item in rows:
        if isinstance(item, tuple):
            found += _leaves(item)
        elif item is not None:
            found.append(item)
    return found


def _nested(rows: tuple[Nested | None, ...], printed: Callable[[Scalar], str], depth: int) -> str:
    parts = []
    for item in rows:
        if item is None:
            parts.append("…")
        else:
            parts.append(_nested(item, printed, depth + 1) if isinstance(item, tuple) else printed(item))
    stacked = any(isinstance(item, tuple) for item in rows)
    between = ",\n" + " " * (depth + 1) if stacked else ", "
    return f"[{between.join(parts)}]"
