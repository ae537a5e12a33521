"""A value as a varying text shows it: `«name»` as Python prints it, `«name:.4f»` in a format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verideck.verifying.kinds import is_number
from verideck.verifying.values import Quantity, Tensor

if TYPE_CHECKING:
    from verideck.verifying.values import Value

WIDEST, FINEST = 20, 12  # the width and the digits that a format may ask for
MOST = 64  # numbers of one value
DIGITS = 12  # significant digits of a number without a format
SPEC = re.compile(r"(?P<width>\d*)(?P<comma>,?)(?:\.(?P<digits>\d+))?(?P<type>[dfeg%]?)")
USAGE = f"a format is [width up to {WIDEST}][,][.digits up to {FINEST}][d, f, e, g or %], such as `.4f`"


def written(value: Value, spec: str = "") -> str:
    """Write a value in a format; a list or a tensor has each of its numbers written so.

    Raises:
        ValueError: the format does not fit the value, or is none; the message is for a person.

    """
    if spec:
        _expect_format(spec)
    match value:
        case bool() | str():
            if spec:
                raise ValueError(f"a {'truth value' if isinstance(value, bool) else 'text'} takes no format")
            return str(value)
        case int() | float():
            return _number(value, spec)
        case Quantity():
            return f"{_number(value.amount, spec)} {value.unit}"
        case tuple():
            inside = ", ".join(_number(item, spec) for item in value)
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case Tensor():
            if len(value.flat()) > MOST:
                raise ValueError(f"a tensor of {len(value.flat())} numbers is too long for a text")
            return _nested(value.data, spec)
    raise ValueError("it is no number, text, shape, list or quantity")


def _expect_format(spec: str) -> None:
    found = SPEC.fullmatch(spec)
    if found is None or int(found["width"] or 0) > WIDEST or int(found["digits"] or 0) > FINEST:
        raise ValueError(f"not a format: `{spec[:40]}`; {USAGE}")


def _number(value: float, spec: str) -> str:
    if isinstance(value, bool):
        return str(value)
    if spec:
        try:
            text = format(value, spec)
        except ValueError:
            raise ValueError(f"`{spec}` does not fit {value!r}; {USAGE}") from None
        return text.replace("-", "", 1) if _is_zero(text) else text
    if isinstance(value, int):
        return str(value)
    exact = repr(value + 0.0)
    rounded = f"{value:.{DIGITS}g}"
    return exact if float(exact) == float(rounded) else rounded


def _is_zero(text: str) -> bool:
    """Tell whether a text such as `-0.00` is a zero with a sign."""
    return text.lstrip().startswith("-") and not any(digit in text for digit in "123456789")


def _nested(data: object, spec: str) -> str:
    if isinstance(data, tuple):
        return f"[{', '.join(_nested(item, spec) for item in data)}]"
    return _number(data, spec) if is_number(data) else str(data)  # type: ignore[arg-type]  # a number, just asked
