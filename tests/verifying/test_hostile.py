"""Code that wants out, or wants everything: each is turned down, quickly and with a place."""

from __future__ import annotations

import math
import resource
from typing import TYPE_CHECKING

import pytest

from verideck.verifying.budgets import ELEMENTS
from verideck.verifying.evaluator import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

ESCAPES = [
    "__import__('os').system('true')",
    "x = __builtins__",
    "x = __name__",
    "x = ().__class__.__bases__[0].__subclasses__()",
    "x = [].__class__",
    "x = ''.__len__",
    "x = 'a'.join(['b'])",
    "x = 'a'.format",
    "x = '{0.__class__}'.format(1)",
    "x = (1).real",
    "x = (1.5).hex()",
    "x = [1].append(2)",
    "x = sqrt.__globals__",
    "x = sqrt.__self__",
    "x = sqrt.__call__(4)",
    "x = (sqrt)(4).__class__",
    "x = [sqrt][0](4)",
    "x = open('/etc/passwd')",
    "x = eval('1')",
    "exec('x = 1')",
    "x = compile('1', '', 'eval')",
    "x = globals()",
    "x = vars()",
    "x = getattr(sqrt, '__globals__')",
    "x = type(1)",
    "x = input()",
    "print('x')",
    "breakpoint()",
    "exit()",
    "import os",
    "from os import system",
    "x = lambda: 1",
    "x = (lambda: 1)()",
    "x = [y for y in [1]]",
    "x = {y: 1 for y in [1]}",
    "x = {y for y in [1]}",
    "x = sum(y for y in [1])",
    "x = {'a': 1}",
    "x = {1, 2}",
    "x = f'{sqrt}'",
    "x = sum(*[[1]])",
    "x = sum(**{'a': 1})",
    "x = [*[1], 2]",
    "*x, y = [1, 2]",
    "x = (y := 1)",
    "def f(): return 1",
    "async def f(): return 1",
    "class C: pass",
    "for i in [1]: x = i",
    "while True: x = 1",
    "if True: x = 1",
    "with open('a') as f: x = 1",
    "try:\n    x = 1\nexcept Exception: x = 2",
    "match 1:\n    case 1: x = 1",
    "raise ValueError",
    "assert False",
    "del x",
    "global x",
    "x = yield 1",
    "x = await y",
    "return 1",
    "pass",
    "x = 1\nx += 1",
    "x: int = 1",
    "x = [1]\nx[0] = 2",
    "x = [1]\nx.y = 2",
    "[x, y] = [1, 2]",
    "(x, (y, z)) = [1, [2, 3]]",
    "x = b'bytes'",
    "x = 1j",
    "x = ...",
    "x = ~1",
    "x = 1 & 1",
    "x = 1 << 1000000000",
    "x = 1 is 1",
    "sqrt = 4\nx = sqrt(4)",
    "x = '%s' % sqrt",
    "x = sqrt + 1",
    "x = True + 1",
    "x = 'a' * 'b'",
    "x = not 1",
    "x = 1 and 2",
    "x = 1 if 'a' else 2",
    "x = 1 < 'a'",
    "x = [1] < [2]",
    "x = 1 in 2",
    "x = (-8) ** 0.5",
    "x = 1 / 0",
    "x = 1 % 0",
    "x = 1 // 0",
    "x = -'a'",
    "x = [1]['a']",
    "x = [1][0.5]",
    "x = [1][True]",
    "x = [1][::0]",
    "x = [1, 2][0, 1]",
    "x = 5[0]",
    "type x = int",
    "x = 1 +",
    "x = '",
    "\tx = 1\n  y = 2",
    "\x00",
    "x = \ud800",
    "x = 1\x00",
    "answer == (answer == 1)",
    "option(option('a', True), True)",
    "about(1, 2)",
    "cloze(1)",
    "cited(1, 2)",
    "says('', 1)",
]

BOMBS = [
    "x = [0] * 10 ** 9",
    "x = 10 ** 9 * [0]",
    "x = 'a' * 10 ** 9",
    "x = (0,) * 2 ** 70",
    "x = [0] * -5 + [0] * 2 ** 62",
    "x = 10 ** 10 ** 10",
    "x = 2 ** 2 ** 2 ** 2 ** 2 ** 2",
    "x = 9 ** 9 ** 9 % 7",
    "x = (2 ** 4000) * (2 ** 4000)",
    "x = 10.0 ** 400",
    "x = 1e308 * 10",
    "x = 2 ** 4000 / 1",
    "x = 1e999",
    "x = 1e999 - 1e999",
    "x = GiB * 10 ** 4000 * 10 ** 4000",
    "x = GiB ** 100",
    "x = " + "9" * 5000,
    "x = " + "(" * 10_000,
    "x = " + "(" * 9_000 + "1" + ")" * 9_000,
    "x = " + "[" * 10_000 + "]" * 10_000,
    "x = " + "-" * 10_000 + "1",
    "x = " + "not " * 4_000 + "True",
    "x = " + "- + ~" * 3_000 + "1",
    "x = " + "1+" * 9_000 + "1",
    "x = " + "2**" * 5_000 + "1",
    "x = a" + ".b" * 9_000,
    "x = a" + "[0]" * 6_000,
    "x = " + "1 if 1 else " * 1_600 + "1",
    "x = " + "lambda:" * 2_000 + "1",
    "x = " + "1<" * 9_000 + "1",
    "x = 1 " + "and 1 " * 3_000,
    "x = [" + "1," * 9_000 + "]",
    "x = 1;" * 4_000,
    "x = 1\n" * 40_000,
    "x" * 19_000,
    "#" * 100_000,
    "a = [0]\n" + "a = [a]\n" * 400,
    "a = [0] * 1000\nb = [a] * 1000\nc = [b] * 1000\nd = [c] * 1000",
    "a = [0] * 1000\nb = [a] * 1000\n" + "c = b + [0]\n" * 100,
    "a = [0] * 1000000\n" + "b = a == a\n" * 100,
    "a = 'a' * 1000\nb = a * 1000",
    "a = 2 ** 4000\n" + "a = a * a\n" * 20,
]


@pytest.fixture(autouse=True, scope="module")
def limited() -> Iterator[None]:
    """Turn a bomb that goes off into a failed test: no more than 2 GiB of memory beyond what is in use."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (6 << 30, hard))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


@pytest.mark.parametrize("code", ESCAPES)
def test_escapes(code: str) -> None:
    found = evaluate(code, {"sqrt": math.sqrt, "sum": sum}, {"e": math.e})
    assert found.faults
    assert "x" not in found.names or code.startswith(("x = 1\n", "x = [1]\n"))
    for fault in found.faults:
        assert fault.message
        assert 1 <= fault.line <= code.count("\n") + 1
        assert fault.column >= 1


@pytest.mark.parametrize("code", BOMBS, ids=lambda code: code[:30])
def test_bombs(code: str) -> None:
    from verideck.verifying.values import UNITS

    found = evaluate(code, {"a": math.sqrt}, UNITS)
    assert found.faults
    assert all(fault.reason in ("language", "budget") for fault in found.faults)


def test_what_fits_the_budget_is_allowed() -> None:
    found = evaluate(f"x = [0] * {ELEMENTS - 1}\ny = {'(' * 30}1{')' * 30}\nz = 2 ** 4000", {}, {})
    assert found.faults == ()
