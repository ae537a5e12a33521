"""The size of layers: what torch reads when one is called, copied, written or asked for parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verideck.verifying.snippets.budgets import STEPS

if TYPE_CHECKING:
    from torch import nn

# Steps for each layer in a layer: those that are called, gone through, written out, copied.
CALLED, VISITED, WRITTEN, COPIED = 2, 8, 32, 64


def count(layer: nn.Module) -> int:
    """Count a layer, those in it, and their parameters: as often as torch meets them, up to `STEPS`.

    A layer that stands twice in another one counts twice, and one that holds itself counts as too many.
    """
    known: dict[int, int] = {}
    waiting = [layer]
    while waiting:
        one = waiting[-1]
        parts = [part for part in one._modules.values() if part is not None]
        left = [part for part in parts if id(part) not in known]
        if id(one) not in known and left:
            known[id(one)] = STEPS  # until its parts are known: one of them may hold it
            waiting += left
            continue
        own = 1 + len(one._parameters) + len(one._buffers)
        known[id(one)] = min(STEPS, own + sum(known[id(part)] for part in parts))
        waiting.pop()
    return known[id(layer)]
