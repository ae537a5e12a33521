"""Whether two records say the same: one that somebody committed, and one that was computed here.

Everything that a verdict or a card takes from a record must be equal. Floats may differ by what another
processor rounds differently; which release of torch computed them may differ, too.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

from verideck.verifying import given
from verideck.verifying.values import Tensor

if TYPE_CHECKING:
    from verideck.verifying.records import Record

CLOSE = 1e-9  # relative
NOISE = 1e-12  # of a tensor's largest number: what rounding leaves of numbers that cancel


def agrees(committed: Record, computed: Record) -> bool:
    """Return whether a committed record says the same as the one computed here."""
    return _is_same(_parts(committed), _parts(computed))


def _parts(record: Record) -> tuple[object, ...]:
    """Return what is compared: the draws as values, and torch's release only as there or not."""
    outcome = record.outcome
    drawn = tuple(tuple(sorted(given.decode(row).items())) for row in outcome.rows)
    rest = dataclasses.replace(record, outcome=dataclasses.replace(outcome, rows=(), torch=None))
    return rest, drawn, outcome.torch is None


def _is_same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return math.isclose(one, other, rel_tol=CLOSE)
    if isinstance(one, Tensor):
        return _is_same_tensor(one, other)
    if dataclasses.is_dataclass(one):
        names = (field.name for field in dataclasses.fields(one) if field.compare)
        return all(_is_same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other)


def _is_same_tensor(one: Tensor, other: Tensor) -> bool:
    """Compare two tensors; a number that is tiny next to the largest one may be rounding alone."""
    if (one.shape, one.dtype) != (other.shape, other.dtype):
        return False
    if one.dtype != "float":
        return one.data == other.data
    pairs = list(zip(one.flat(), other.flat(), strict=True))
    noise = NOISE * max((min(abs(first), abs(second)) for first, second in pairs), default=0.0)
    return all(math.isclose(first, second, rel_tol=CLOSE, abs_tol=noise) for first, second in pairs)
