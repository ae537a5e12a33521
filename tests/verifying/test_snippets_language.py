"""What the language of programs turns down and bounds, and what a run leaves behind: nothing."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import torch
from torch import _tensor_str

from verideck.verifying.snippets import run
from verideck.verifying.values import Tensor

# Code, and the place and the name of what is outside.
OUTSIDE = [
    ("import os", 1, 1, "the import of `os`"),
    ("import torch\nfrom torch import hub", 2, 1, "`torch.hub` is outside"),
    ("import torch\n\nx = torch.load('f')", 3, 5, "`torch.load`"),
    ("x = 1\ny = open('f')", 2, 5, "`open`"),
    ("x = {1, 2}", 1, 5, "a set"),
    ("x = 1\ndel x", 2, 1, "`del`"),
    ("def f():\n    global x", 2, 5, "`global`"),
    ("@f\ndef g(): pass", 2, 1, "a decorator"),
    ("class A: pass", 1, 1, "based on anything but `nn.Module`"),
    ("class A(int): pass", 1, 1, "without `nn.Module`"),
    ("from torch import nn\nclass A(nn.Module):\n    x = 1", 2, 1, "anything but methods"),
    ("from torch import nn\nclass A(nn.Module):\n    def train(self): pass", 2, 1, "the method `train`"),
    ("from torch import nn\nclass A(nn.Module):\n    def __call__(self): pass", 3, 5, "`__call__`"),
    ("x = ().__class__.__base__", 1, 5, "`.__base__`"),
    ("x = 'a'.format(1)", 1, 5, "`.format` of a text"),
    ("x = 'é' + '%s' % 1", 1, 11, "`%` on a text"),
    ("x = 1j", 1, 5, "a constant of type `complex`"),
    ("import torch\nprint(torch.relu)", 2, 1, "the function `torch.relu`, printed"),
    ("import torch\nprint(torch.ones(1, requires_grad=True).sum().grad_fn)", 2, 1, "a grad_fn"),
    ("import torch\ntorch.empty(2)", 2, 1, "`torch.empty`"),
    ("import torch\ntorch.ones(1).numpy()", 2, 1, "`.numpy` of a tensor"),
    ("import torch\ntorch.ones(1, device='cuda')", 2, 1, "the device `cuda`"),
    ("import torch\ntorch.add(1, 1, out=torch.ones(1))", 2, 1, "the argument `out=`"),
    ("return 1", 1, 1, "'return' outside function"),
    ("for x in [1]\n    pass", 1, 13, "not valid Python"),
    ("x = (", 1, 5, "not valid Python"),
    ("x = 1 is 1", 1, 5, "`is` with a number"),
    ("1 + print", 1, 1, "the function `print` where plain data is needed"),
]

# Code that asks for too much, and what of.
GREEDY = [
    ("import torch\ntorch.zeros(10**9)", "a tensor too large"),
    ("import torch\ntorch.ones(1).expand(10**12).sum()", "a tensor too large"),
    ("import torch\nx = torch.ones(10**5, 1) + torch.ones(10**5)", "a tensor too large"),
    ("from torch import nn\nnn.Linear(10**6, 10**6)", "a tensor too large"),
    ("import torch\ntorch.arange(0, 1, 1e-12)", "a tensor too large"),
    ("import torch\ntorch.ones([1] * 100)", "a tensor of 100 axes"),
    ("import torch\ntorch.einsum('a,b->ab', torch.ones(10**5), torch.ones(10**5))", "a tensor too large"),
    ("import torch\nx = torch.ones(3000, 3000)\nfor _ in range(9): x @ x", "multiplies too much"),
    ("import torch\nx = [torch.ones(10**7) for _ in range(99)]", "too many numbers"),
    ("while True: pass", "too many steps"),
    ("def f(): return f()\nf()", "more than 60 deep"),
    ("x = range(10**9)", "a range too large"),
    ("x = [0] * 10**9", "a list too large"),
    ("x = []\nwhile True: x += [x]", "a list nested too deeply"),
    ("x = 'a'\nwhile True: x += x", "a text too long"),
    ("x = 2\nwhile True: x *= x", "a number too large"),
    ("2 ** 10 ** 9", "a number too large"),
    ("print('a' * 9000)\nprint('a' * 9000)\nprint('a' * 9000)", "prints too much"),
    ("f'{1:>9999}'", "the format `>9999`"),
    ("import math\nmath.factorial(10**6)", "anything but whole numbers up to 1,000"),
    ("g = range(3)\nfor _ in range(99): g = (x for x in g)\nlist(g)", "streams that wait"),
    ("x = " + "(" * 70 + "1" + ")" * 70, "nested too deeply"),
    ("x = 1" + " + 1" * 90, "nested too deeply"),
    ("x = '" + "a" * 30_000 + "'", "a program of 30,006 characters"),
    ("x = [" + "1, " * 6_000 + "]", "too many parts"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "line", "column", "message"), OUTSIDE)
def test_what_is_outside_is_named_with_its_place(code: str, line: int, column: int, message: str) -> None:
    result, faults = run(code)
    assert result is None
    assert (faults[0].line, faults[0].column) == (line, column)
    assert message in faults[0].message
    assert faults[0].reason == "language"


@pytest.mark.parametrize(("code", "message"), GREEDY)
def test_what_asks_for_too_much_is_stopped(code: str, message: str) -> None:
    result, faults = run(code)
    assert result is None
    assert message in faults[0].message


def test_every_construct_outside_is_named_at_once() -> None:
    _, faults = run("x = {1}\ny = 2\ndel y\nz = 1j")
    assert [fault.line for fault in faults] == [1, 3, 4]


def test_limits_cannot_be_caught_by_the_program() -> None:
    result, faults = run("try:\n    while True: pass\nexcept Exception:\n    print('caught')")
    assert result is None
    assert faults[0].reason == "budget"


def test_the_last_expression_is_kept_as_a_value_where_it_is_one() -> None:
    def last(code: str) -> tuple[object, str]:
        result, faults = run(f"import torch\n{code}")
        assert result is not None, faults
        return result.value, result.shown

    assert last("torch.ones(2)") == (Tensor((1.0, 1.0), (2,), "float"), "tensor([1., 1.])")
    assert last("torch.zeros(2, 3).shape") == ((2, 3), "torch.Size([2, 3])")
    assert last("1 / 3") == (1 / 3, "0.3333333333333333")
    assert last("'a'") == ("a", "'a'")
    assert last("torch.tensor(0.0) / 0") == (None, "tensor(nan)")
    assert last("torch.nn.ReLU()") == (None, "ReLU()")
    assert last("print(end='')") == (None, "")
    assert last("torch.relu") == (None, "")
    assert last("x = 1") == (None, "")


def test_names_can_be_given() -> None:
    result, _ = run("print(n * 2, names)", {"n": 4, "names": ["a"]})
    assert result is not None
    assert result.printed == "8 ['a']\n"


def test_what_was_printed_before_an_exception_stays() -> None:
    result, _ = run("print('so far')\n[][0]")
    assert result is not None
    assert (result.printed, result.raised) == ("so far\n", "IndexError: list index out of range")
    assert result.text == "so far\nIndexError: list index out of range"


def test_chance_is_told_with_its_line_and_only_where_it_matters() -> None:
    _, faults = run("import torch\nx = torch.ones(2)\nif True:\n    y = torch.rand(2)\nprint(x + y)")
    assert [(fault.line, fault.reason) for fault in faults] == [(4, "chance")]
    result, _ = run("import torch\nprint(torch.rand(2, 3).shape)\ntorch.rand(1)")
    assert result is not None
    assert (result.random, result.shown, result.value) == (True, "", None)
    result, _ = run("import torch\ntorch.manual_seed(0)\ntorch.rand(2).shape")
    assert result is not None
    assert not result.random
    first, _ = run("import torch\ntorch.rand(2)", seed=1)
    second, _ = run("import torch\ntorch.rand(2)", seed=2)
    assert first is not None
    assert second is not None
    assert first.shown != second.shown


def test_attention_without_dropout_draws_nothing() -> None:
    code = "x = torch.ones(1, 2, 4)\nprint(torch.nn.functional.scaled_dot_product_attention(x, x, x))"
    result, _ = run(f"import torch\n{code}")
    assert result is not None
    assert not result.random


def test_a_run_leaves_torch_and_python_as_they_were() -> None:
    before = (torch.get_rng_state(), torch.get_default_dtype(), dict(vars(_tensor_str.PRINT_OPTS)))
    frames = sys.getrecursionlimit()
    run(
        "import torch\ntorch.manual_seed(5)\ntorch.set_default_dtype(torch.float64)\n"
        "torch.set_printoptions(precision=1)\ntorch.rand(3)\n1 / 0"
    )
    after = (torch.get_rng_state(), torch.get_default_dtype(), dict(vars(_tensor_str.PRINT_OPTS)))
    assert torch.equal(before[0], after[0])
    assert before[1:] == after[1:]
    assert torch.is_grad_enabled()
    assert sys.getrecursionlimit() == frames


def test_without_torch_a_program_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    package: Any = sys.modules["verideck.verifying.snippets"]
    monkeypatch.delattr(package, "engine", raising=False)
    monkeypatch.delitem(sys.modules, "verideck.verifying.snippets.engine", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    result, faults = run("1 + 1")
    assert result is None
    assert faults[0].reason == "torch"
