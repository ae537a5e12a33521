"""Keeps faults of this add-on out of Anki: a hook that raises would be removed, and its error shown."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger("attention-heatmaps")


def guarded(fallback: Callable[P, R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a hook: where it raises, log it and give what `fallback` makes of its arguments."""

    def decorate(hook: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(hook)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return hook(*args, **kwargs)
            except Exception:  # whatever it was, the card is worth more than the heatmap
                log.exception("in %s", hook.__name__)
                return fallback(*args, **kwargs)

        return called

    return decorate
