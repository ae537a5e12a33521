"""Steps bound the work: whatever is asked for costs steps in proportion, counted before it is done.

Nothing here measures time. Work is what the interpreter does: the calls that `sys.setprofile` sees.
"""

# ruff: noqa: E501 - tables with one case per line

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch

from verideck.verifying import compute, snippets, torch_work
from verideck.verifying.budgets import Budget, Refused
from verideck.verifying.records import JobKind
from verideck.verifying.snippets import budgets

STEPS = 1 << 13
HEAD = "import math, torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def calls(action: Callable[[], object]) -> int:
    """Count the calls that the interpreter makes, of C's functions, too."""
    count = 0

    def seen(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


# What costs more than it looks: each is cheap to write, and was to run.
PROGRAMS = {
    "loop": "while True: pass",
    "call": "def f(x): return x\nwhile True: f(1)",
    "built-in": "while True: len([])",
    "many parameters": "def f(" + ", ".join(f"a{n}=0" for n in range(300)) + "): return 0\nwhile True: f()",
    "function defined again": "while True:\n def f():\n  " + "; ".join(f"x{n} = {n}" for n in range(500)),
    "comprehension over many names": "while True: [0 for "
    + ", ".join(f"x{n}" for n in range(500))
    + " in []]",
    "class defined again": "while True:\n class A(nn.Module):\n  def forward(self, x): return x",
    "nested comprehension": "x = [0 "
    + "".join(f"for a{n} in [1] " for n in range(200))
    + "for b in range(60000)]",
    "f-string of many parts": "while True: f'" + "{1}" * 500 + "'",
    "raise deep inside": "def f(n): return f(n - 1) if n else 1 / 0\nwhile True:\n try: f(50)\n except ZeroDivisionError: pass",
    "layers that do nothing": "m = nn.Sequential(*[nn.Identity() for i in range(200)])\nx = torch.ones(1)\nwhile True: m(x)",
    "layers gone through": "m = nn.Sequential(*[nn.Identity() for i in range(200)])\nwhile True: m.train()",
    "layers written": "m = nn.Sequential(*[nn.Identity() for i in range(100)])\nwhile True: str(m)",
    "layers doubled, called": "m = nn.Identity()\nfor i in range(14): m = nn.Sequential(m, m)\nm(torch.ones(1))",
    "layers doubled, gone through": "m = nn.Identity()\nfor i in range(14): m = nn.Sequential(m, m)\nm.train()",
    "layers doubled, written": "m = nn.Identity()\nfor i in range(14): m = nn.Sequential(m, m)\nstr(m)",
    "layers copied": "m = nn.Sequential(*[nn.Identity() for i in range(100)])\nm = nn.TransformerEncoder(m, 200)",
    "layers made": "while True: nn.ReLU()",
    "parameters to zero": "o = torch.optim.SGD([nn.Parameter(torch.ones(1)) for i in range(60)], lr=1.0)\nwhile True: o.zero_grad()",
    "parts of a named result": "x = torch.ones(3).max(0)\nwhile True: x.values",
    "seeds": "while True: torch.manual_seed(0)",
    "tensors written": "x = torch.ones(1)\nwhile True: str(x)",
    "tensors made": "while True: torch.ones(1)",
    "random numbers": "while True: torch.rand(1)",
    "attention": "x = torch.ones(1, 2, 4)\nwhile True: F.scaled_dot_product_attention(x, x, x)",
    "a recurrent layer": "m = nn.LSTM(2, 2)\nx = torch.ones(20, 1, 2)\nwhile True: m(x)",
    "an encoder": "m = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0)\nx = torch.ones(3, 1, 8)\nwhile True: m(x)",
    "training": "p = nn.Parameter(torch.ones(1))\no = torch.optim.Adam([p])\nwhile True:\n (p * p).backward()\n o.step()",
    "streams": "g = zip(range(60000), range(60000))\nwhile True: g = zip(g, g)",
    "a list that grows": "x = [1]\nfor i in x: x.append(i)",
}
MOST_CALLS = 50  # of the interpreter for each step


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_programs_work_is_bounded_by_its_steps(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    snippets.run(HEAD + "torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=1.0)")  # loads what is loaded once
    monkeypatch.setattr(budgets, "STEPS", STEPS)
    budget = budgets.Budget()
    found: list[Any] = []
    made = calls(lambda: found.append(snippets.run(HEAD + PROGRAMS[title], seed=0, budget=budget)))
    ((result, faults),) = found
    assert result is None
    assert [fault.reason for fault in faults] == ["budget"]
    assert budget.taken == STEPS
    assert made < MOST_CALLS * STEPS, made


@pytest.mark.parametrize(
    "code",
    [
        "x = {i * (2 ** 61 - 1): 0 for i in range(4000)}",
        "x = dict([(i * (2 ** 61 - 1), 0) for i in range(4000)])",
        "x = {(i, 0): 0 for i in range(4000)}",
        "x = {i * (2 ** 61 - 1): 0 for i in range(1000)}\nfor i in range(10): y = {**x}",
        "x = {i * (2 ** 61 - 1): 0 for i in range(1000)}\ny = {}\nfor i in range(10): y.update(x)",
    ],
)
def test_keys_of_one_hash_are_paid_for(code: str) -> None:
    """Each is compared with every other one, where no call is seen."""
    budget = budgets.Budget()
    snippets.run(code, budget=budget)
    assert budget.taken > 500_000


CHECKS = {
    "long lists": "a = [1.5] * 100000\n" + "b = len(a)\n" * 300,
    "long lists to tensors": "a = [1.5] * 100000\n" + "b = norm(a)\n" * 300,
    "sorted lists": "a = [1.5] * 100000\n" + "b = sort(a)\n" * 300,
    "lists compared": "a = [0] * 100000\n" + "b = a == a\n" * 300,
    "tensors compared": "a = ones(400, 400)\n" + "b = a == a\n" * 300,
    "large values claimed": "a = ones(300, 300)\n" + "answer == a\n" * 300,
    "large values shown": "a = ones(300, 300)\n" + "b = a\n" * 500 + "answer == 1",
    "large operands": "a = ones(200, 200)\n" + "explanation(a == a)\n" * 300,
    "claims": "answer == 1\n" * 600,
    "attention": "answer == attention([[1, 0]], [[1, 0], [0, 1]], [[2], [4]])\n" * 60,
    "saved bytes": "b = saved_bytes(True, 8)\n" * 30,
    "saved bytes of many layers": "b = saved_bytes(False, 64)\n" * 30,
    "data flow": "b = data_flow(1, 10, 64, 8, 256, 5)\n" * 30,
}


@pytest.mark.parametrize("title", CHECKS)
def test_a_checks_work_is_bounded_by_its_steps(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compute.compute(
        JobKind.CHECK, "answer == attention([[1, 0]], [[1, 0], [0, 1]], [[2], [4]])\nb = saved_bytes(True)"
    )
    most = 1 << 16
    monkeypatch.setattr(compute, "Budget", lambda: Budget(most))
    monkeypatch.setattr(compute, "MAX_EXTRA_STEPS", most)
    found: list[Any] = []
    made = calls(lambda: found.append(compute.compute(JobKind.CHECK, CHECKS[title])))
    assert made < MOST_CALLS * found[0].steps_taken, (made, found[0].steps_taken)
    assert found[0].steps_taken <= 2 * most


def test_combinations_are_paid_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "Budget", lambda: Budget(1 << 16))
    code = "n = range(20000)\n" + "".join(f"a{n} = n\n" for n in range(100))
    found: list[Any] = []
    made = calls(lambda: found.append(compute.compute(JobKind.VARY, code, '{"card":"x","count":3}')))
    assert [fault.reason for fault in found[0].faults] == ["budget"]
    assert made < MOST_CALLS * found[0].steps_taken


class Seen(torch_work.Meter):  # type: ignore[no-untyped-call]  # torch's
    """Keeps the names of the operations that it let run."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget.spend)
        self.names: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = super().__torch_dispatch__(func, types, args, kwargs)
        self.names.append(func._schema.name)
        return result


X = torch.ones(300, 300)
PICTURE = torch.ones(1, 1, 60, 60)
LONG = torch.ones(1, 1, 5000)
ROWS = torch.ones(2, 99, 64)

# Name: an operation, and the steps that it must take at least: its numbers and products, roughly, for its kind.
WORK: dict[str, tuple[Callable[[], object], int]] = {
    "elements": (lambda: X + X, 3 * 300**2 >> 9),
    "slow elements": (lambda: torch.lgamma(X), 300**2 >> 6),
    "in place": (lambda: X.clone().mul_(1.0), 300**2 >> 9),
    "filling": (lambda: torch.zeros(1000, 1000), 10**6 >> 9),
    "random numbers": (lambda: torch.randn(1000, 100), 10**5 >> 5),
    "a matrix product": (lambda: X @ X, 300**3 >> 13),
    "products of many": (lambda: torch.bmm(torch.ones(50, 40, 40), torch.ones(50, 40, 40)), 50 * 40**3 >> 13),
    "added to a product": (lambda: torch.addmm(X, X, X), 300**3 >> 13),
    "added to products": (lambda: torch.baddbmm(torch.ones(9, 40, 40), torch.ones(9, 40, 40), torch.ones(9, 40, 40)), 9 * 40**3 >> 13),
    "whole numbers multiplied": (lambda: torch.ones(99, 99).long() @ torch.ones(99, 99).long(), 99**3 * 16 >> 13),
    "half precision multiplied": (lambda: torch.ones(99, 99).half() @ torch.ones(99, 99).half(), 99**3 * 16 >> 13),
    "a convolution": (lambda: torch.conv1d(LONG, torch.ones(1, 1, 900)), 4101 * 900 >> 13),
    "a padded convolution": (lambda: torch.conv1d(torch.ones(1, 1, 3), torch.ones(1, 1, 900), padding=3000), 5000 * 900 >> 13),
    "a wide pool": (lambda: torch.max_pool2d(PICTURE, 30, 1), 31**2 * 30**2 >> 13),
    "an average over a wide pool": (lambda: torch.nn.functional.avg_pool2d(PICTURE, 30, 1), 31**2 * 30**2 >> 13),
    "a long pool": (lambda: torch.max_pool1d(LONG, 900, 1), 4101 * 900 >> 13),
    "an average over a long pool": (lambda: torch.avg_pool1d(LONG, 900, 1), 4101 * 900 >> 13),
    "attention": (lambda: torch.nn.functional.scaled_dot_product_attention(ROWS, ROWS, ROWS), 2 * 2 * 99**2 * 64 >> 13),
    "sorting": (lambda: torch.sort(X), 300**2 >> 3),
    "a determinant": (lambda: torch.linalg.det(X), 300**3 >> 13),
    "many small inverses": (lambda: torch.linalg.inv(torch.eye(2).expand(999, 2, 2)), 999),
    "distances": (lambda: torch.cdist(torch.ones(200, 3), torch.ones(200, 3)), 200**2 * 3 * 16 >> 13),
    "a repeated view": (lambda: torch.ones(1).expand(1 << 20).sum(), 1 << 11),
    "shapes alone": (lambda: torch.ones(9, device="meta") + 1, 500),
}  # fmt: skip


@pytest.mark.parametrize("title", WORK)
def test_an_operation_is_weighed_before_it_runs(title: str) -> None:
    action, least = WORK[title]
    whole = Budget()
    with Seen(whole) as seen:
        action()
    assert whole.taken >= least
    assert whole.taken <= 20 * least + 1000, "it is overrated"
    last = seen.names[-1]
    with Seen(Budget(whole.taken - 1)) as short, pytest.raises(Refused):
        action()
    assert len(short.names) < len(seen.names), last


def test_the_steps_of_a_backward_pass_are_counted() -> None:
    budget = Budget()
    x = torch.ones(50, 50, requires_grad=True)
    with torch_work.Meter(budget.spend):
        y = (x @ x).sum()
        forward = budget.taken
        y.backward()  # type: ignore[no-untyped-call]  # torch's
    assert budget.taken - forward > 2 * (50**3 >> 13)


def test_a_job_pays_for_a_figure_that_another_has_computed() -> None:
    code = 'explanation(measured("collisions", degrees=30, above=0))'
    first, again = (compute.compute(JobKind.CHECK, code).steps_taken for _ in range(2))
    assert first == again > 10_000


def test_a_job_pays_once_for_a_figure_that_it_uses_twice() -> None:
    one, two = (
        compute.compute(
            JobKind.CHECK, 'explanation(measured("collisions", degrees=30, above=0))\n' * count
        ).steps_taken
        for count in (1, 2)
    )
    assert two < 1.1 * one


def test_a_check_whose_working_takes_too_much_has_none_and_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compute, "MAX_EXTRA_STEPS", 100)
    outcome = compute.compute(JobKind.CHECK, "answer == attention(ones(9, 9), ones(9, 9), ones(9, 9))")
    assert not outcome.faults
    assert outcome.findings
    assert (outcome.steps, outcome.mutants) == ((), ())
