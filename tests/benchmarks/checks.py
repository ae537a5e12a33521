"""Checks and snippets per second, side by side with the same torch operations in a bare loop.

Run: python tests/benchmarks/checks.py [ROUNDS]. One thread of torch; medians over rounds, so that a noisy
moment is shared by all.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import torch

from verideck.verifying import snippets
from verideck.verifying.compute import compute
from verideck.verifying.records import JobKind, Outcome
from verideck.verifying.worker import Job, Worker

MANY = 40  # of each program in a round

# The same sum three times: in a bare loop, as a check, as a snippet.
SUMS: tuple[tuple[str, Callable[[], object], str, str], ...] = (
    (
        "softmax",
        lambda: torch.softmax(torch.tensor([0.1, 0.2, 0.7]), 0),
        "answer == softmax([0.1, 0.2, 0.7])",
        "import torch\ntorch.softmax(torch.tensor([0.1, 0.2, 0.7]), 0)",
    ),
    (
        "matmul",
        lambda: torch.tensor([[1.0, 2.0], [3.0, 4.0]]) @ torch.tensor([[0.0, 1.0], [1.0, 0.0]]),
        "answer == matmul([[1.0, 2.0], [3.0, 4.0]], [[0.0, 1.0], [1.0, 0.0]])",
        "import torch\ntorch.tensor([[1.0, 2.0], [3.0, 4.0]]) @ torch.tensor([[0.0, 1.0], [1.0, 0.0]])",
    ),
    (
        "attention",
        lambda: torch.nn.functional.scaled_dot_product_attention(torch.eye(4), torch.eye(4), torch.eye(4)),
        "x = identity(4)\nanswer == attention(x, x, x)",
        "import torch\nx = torch.eye(4)\ntorch.nn.functional.scaled_dot_product_attention(x, x, x)",
    ),
    (
        "multi-head",
        lambda: torch.nn.MultiheadAttention(64, 8, batch_first=True)(*[torch.ones(2, 5, 64)] * 3)[0].shape,
        "answer == multihead_shapes(batch=2, length=5, embed=64, heads=8).output",
        "import torch\nfrom torch import nn\nx = torch.ones(2, 5, 64)\n"
        "nn.MultiheadAttention(64, 8, batch_first=True)(x, x, x)[0].shape",
    ),
)


def good(outcome: Outcome) -> None:
    """Refuse to time anything that fails."""
    if outcome.faults:
        raise SystemExit(str(outcome.faults))


def ways(worker: Worker) -> dict[str, Callable[[int], object]]:
    """Name the ways to compute one of the sums."""

    def in_child(kind: JobKind, column: int) -> Callable[[int], object]:
        return lambda row: good(worker.run(Job(kind, str(SUMS[row][column]))))

    return {
        "torch, bare loop": lambda row: SUMS[row][1](),
        "check, this process": lambda row: good(compute(JobKind.CHECK, SUMS[row][2])),
        "check, child they share": in_child(JobKind.CHECK, 2),
        "snippet, this process": lambda row: snippets.run(SUMS[row][3]),
        "snippet, a fork for each": in_child(JobKind.RUN, 3),
    }


def seconds(way: Callable[[int], object], row: int, count: int = MANY) -> float:
    """Time one way, per sum."""
    started = time.perf_counter()
    for _ in range(count):
        way(row)
    return (time.perf_counter() - started) / count


def started_afresh() -> float:
    """Time one snippet in a child that has to be started for it."""
    before = time.perf_counter()
    with Worker() as worker:
        good(worker.run(Job(JobKind.RUN, SUMS[0][3])))
        return time.perf_counter() - before


def main() -> None:
    """Print milliseconds a sum, and how many a second."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    torch.set_num_threads(1)
    with Worker() as worker:
        compared = ways(worker)
        for way in compared.values():  # what is loaded once is not timed
            for row in range(len(SUMS)):
                way(row)
        times: dict[str, list[list[float]]] = {name: [[] for _ in SUMS] for name in compared}
        for _ in range(rounds):
            for name, way in compared.items():
                for row in range(len(SUMS)):
                    times[name][row].append(seconds(way, row))
    sys.stdout.write(f"{'milliseconds (a second)':<26}{''.join(f'{row[0]:>18}' for row in SUMS)}\n")
    for name, rows in times.items():
        medians = [statistics.median(row) for row in rows]
        shown = "".join(f"{1000 * one:>10.3f} ({1 / one:>5.0f})" for one in medians)
        sys.stdout.write(f"{name:<26}{shown}\n")
    fresh = statistics.median(started_afresh() for _ in range(rounds))
    sys.stdout.write(f"{'snippet, a fresh child':<26}{1000 * fresh:>10.0f}\n")


if __name__ == "__main__":
    main()
