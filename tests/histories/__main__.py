"""`python -m tests.histories 500` plays many histories and reports the shortest that breaks each promise."""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.histories import plays


def told(seed: int, *, shorten: bool) -> tuple[str, str]:
    """Play the history of a seed; return the promise that it broke and a report, both empty if none."""
    history = plays.drawn(seed)
    broken = plays.play(history, seed)
    if broken is None:
        return "", ""
    found = plays.shortest(history, seed, broken) if shorten else (history, broken)
    return broken.promise, plays.report(seed, *found)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.histories", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=500, help="how many histories")
    parser.add_argument("--first", type=int, default=0, help="the seed of the first")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    parser.add_argument("--long", action="store_true", help="report histories as they are, not the shortest")
    chosen = parser.parse_args()
    begun, promises = time.perf_counter(), Counter[str]()
    with ProcessPoolExecutor(chosen.jobs) as pool:
        seeds = range(chosen.first, chosen.first + chosen.count)
        for promise, report in pool.map(partial(told, shorten=not chosen.long), seeds):
            promises[promise] += 1
            if promise:
                print(report, end="\n\n", flush=True)
    broken = {promise: count for promise, count in promises.most_common() if promise}
    print(
        f"{chosen.count} histories in {time.perf_counter() - begun:.0f} s, broken promises: {broken or 'none'}"
    )
    return bool(broken)


if __name__ == "__main__":
    raise SystemExit(main())
