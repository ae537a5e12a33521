"""Random numbers drawn a second time: what dropout in a reversible block needs.

A reversible block computes F and G again to get its inputs back (Gomez et al. 2017, section 3.2). Dropout
would draw another mask the second time, so the generator's state is kept and set for the repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

Map = Callable[[Tensor], Tensor]


def rng_state() -> Tensor:
    """Give the state of torch's global generator on the CPU, as bytes."""
    return torch.get_rng_state()


@contextmanager
def replayed(state: Tensor | None) -> Iterator[None]:
    """Draw from `state` again inside; outside nothing changes. None replays nothing."""
    if state is None:
        yield
        return
    with torch.random.fork_rng(devices=[]):
        torch.set_rng_state(state)
        yield


class Remembered:
    """A function that may draw random numbers; `again` draws the same ones as its last call did."""

    def __init__(self, function: Map) -> None:
        self._function = function
        self._state: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        """Apply the function and remember the generator's state before it."""
        self._state = rng_state()
        return self._function(x)

    def again(self, x: Tensor) -> Tensor:
        """Apply the function with the random numbers of the last call."""
        with replayed(self._state):
            return self._function(x)
