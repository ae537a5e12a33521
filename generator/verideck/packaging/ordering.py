"""Where a new card stands in its deck: positions that stay as they are when cards are put between them."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Sequence

from verideck.packaging.entry import DUE_LIMIT

_STEP = 10


def positions(known: Sequence[int | None]) -> list[int]:
    """Give rising positions to the cards of a deck, in order; None stands for a card that has none yet.

    As many as can keep the position they have; the others go between. Where there is no room, or no
    order among those known, all are numbered anew. Positions matter for cards that a learner has not
    begun, so a change of them moves no `mod`.
    """
    keep = _longest_rise([(place, due) for place, due in enumerate(known) if due is not None])
    fences = [(-1, 0), *keep, (len(known), None)]
    made: list[int] = []
    for (place, low), (after, high) in itertools.pairwise(fences):
        count = after - place - 1
        between = _between(low or 0, high, count)
        if between is None:
            return _anew(len(known))
        made += between
        if high is not None:
            made.append(high)
    return made if not made or made[-1] < DUE_LIMIT else _anew(len(known))


def _between(low: int, high: int | None, count: int) -> list[int] | None:
    """Give `count` numbers spread between two; None where they do not fit."""
    if high is None:
        return [low + _STEP * n for n in range(1, count + 1)]
    if high - low <= count:
        return None
    return [low + (high - low) * n // (count + 1) for n in range(1, count + 1)]


def _anew(count: int) -> list[int]:
    step = max(1, min(_STEP, (DUE_LIMIT - 1) // max(count, 1)))
    return [min(step * n, DUE_LIMIT - 1) for n in range(1, count + 1)]


def _longest_rise(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest run of (place, number) in which the numbers rise."""
    items = list(pairs)
    ends: list[int] = []  # the smallest last number of a rise of each length
    last: list[int] = []  # its item
    before: list[int] = []
    for item, (_, number) in enumerate(items):
        length = bisect.bisect_left(ends, number)
        ends[length : length + 1] = [number]
        last[length : length + 1] = [item]
        before.append(last[length - 1] if length else -1)
    rise: list[tuple[int, int]] = []
    item = last[-1] if last else -1
    while item >= 0:
        rise.append(items[item])
        item = before[item]
    return rise[::-1]
