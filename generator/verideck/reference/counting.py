"""Counting what torch computes: the operations of matrix products, as they run.

torch keeps a table of how many floating-point operations each product takes; a dispatch mode sees every
operation that runs, those that a backward pass computes again among them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry


class _Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's
    """Adds up torch's own count for every operation that runs."""

    total = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        count = flop_registry.get(func.overloadpacket)
        if count is not None:
            self.total += count(*args, **(kwargs or {}), out_val=result)
        return result


def operations_counted(compute: Callable[[], object]) -> int:
    """Count the multiply-adds of the matrix products that run in `compute`: half of torch's flops."""
    counter = _Counter()  # type: ignore[no-untyped-call]  # torch's
    with counter:
        compute()
    return counter.total // 2
