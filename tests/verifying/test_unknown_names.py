"""Names that a language does not have are found without computing, and without torch."""

from __future__ import annotations

import subprocess
import sys

import pytest

from verideck.reference.experiments import EXPERIMENTS
from verideck.verifying import drawing, syntax, unknown_names
from verideck.verifying.interpreter import CLAIM_WORDS
from verideck.verifying.library import LIBRARY
from verideck.verifying.snippets import grammar, outside_names, vocabulary
from verideck.verifying.snippets.tables import names, plain


def found(code: str, *bound: str, words: tuple[str, ...] = CLAIM_WORDS) -> list[tuple[int, int, str]]:
    tree = syntax.parse(code).tree
    assert tree is not None
    faults = unknown_names.find(code, tree, bound, words)
    return [(fault.line, fault.column, fault.message) for fault in faults]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("answer == softmax([0, 0])", []),
        ("x = 16 * GiB\nsays(\"3\", x + pi)\ncloze(1) == about(e, 0.1)", []),
        ("answer == softmacks([0, 0])", [(1, 11, "an unknown name `softmacks`")]),
        ("a = b\nb = 1\nanswer == b + c", [(1, 5, "an unknown name `b`"), (3, 15, "an unknown name `c`")]),
        ("a, b = 1, 2\nanswer == a if b else nothing", [(2, 23, "an unknown name `nothing`")]),
        ("explanation(True or nothing(1))", [(1, 21, "an unknown name `nothing`")]),
        ("answer == softmax", [(1, 11, "`softmax` is a function without its arguments")]),
        ('answer == measured_figure("collisions", seeds=n)', [(1, 47, "an unknown name `n`")]),
        ("answer == measured_figure(collisions(queries=n))", [(1, 46, "an unknown name `n`")]),
        ('explanation(measured("colisions"))', [(1, 22, "no experiment is called `colisions`")]),
        ("explanation(measured(colisions()))", [(1, 22, "no experiment is called `colisions`")]),
        ("answer == [[0, f(g)]]", [(1, 16, "an unknown name `f`"), (1, 18, "an unknown name `g`")]),
    ],
)  # fmt: skip
def test_unknown_names_of_a_check_are_found_where_they_stand(
    code: str, expected: list[tuple[int, int, str]]
) -> None:
    assert found(code) == expected


def test_what_a_variant_binds_is_known() -> None:
    assert found("answer == n / 2", "n") == []
    assert found("answer == n / 2") == [(1, 11, "an unknown name `n`")]


def test_each_kind_of_fence_has_words_of_its_own() -> None:
    draws = "n = range(2, 9)\nm = [n, 2]\nwhere(n < m)"
    assert found(draws, words=drawing.WORDS) == []
    assert [name for *_, name in found(draws)] == ["an unknown name `range`", "an unknown name `where`"]
    assert found("answer == 3", words=()) != []


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_every_example_of_the_library_names_what_there_is(name: str) -> None:
    assert found(LIBRARY[name].example) == []


def test_every_experiment_is_known() -> None:
    assert [found(f'explanation(measured("{name}", above=0))') for name in EXPERIMENTS] == [
        [] for _ in EXPERIMENTS
    ]


def test_the_words_of_programs_are_those_of_their_tables() -> None:
    assert {path: vocabulary.words(path) for path in vocabulary.MODULES} == {
        path: frozenset(names.known(path)) for path in vocabulary.MODULES
    }
    assert vocabulary.words("os") == frozenset()
    assert frozenset(plain.BUILTINS) == vocabulary.BUILTINS


def outside(code: str) -> list[str]:
    tree, faults = grammar.parse(code)
    assert tree is not None, faults
    return [
        fault.message.removesuffix(" is outside the language") for fault in outside_names.find(code, tree)
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import torch\nprint(torch.ones(2).sum())", []),
        ("from typing import Any\nfrom torch import nn\nprint(nn.Linear(2, 3))", []),
        ("from torch import nn\nclass A(nn.Module):\n    def f(self):\n        return super().g()", []),
        ("import os", ["the import of `os`"]),
        ("import torch.utils as u", ["the import of `torch.utils`"]),
        ("from os import path\nprint(path)", ["the import of `os`"]),
        ("from torch import load, ones", ["`torch.load`"]),
        ("import torch\ntorch.load('x')", ["`torch.load`"]),
        ("import torch as t\nt.nn.functional.load(1)", ["`torch.nn.functional.load`"]),
        ("import torch.nn.functional as F\nF.load(1)", ["`torch.nn.functional.load`"]),
        ("from torch import nn as n\nn.init.load(1)", ["`torch.nn.init.load`"]),
        ("def f():\n    import math\n    return math.load", ["`math.load`"]),
        ("open('x')", ["`open`"]),
        ("print(eval)\nprint(__name__)", ["`eval`"]),
        ("open = len\nopen('x')", []),  # a name of the program's own
        ("def f(open):\n    return open", []),
        ("torch = 3\ntorch.load", []),
        ("import torch\ntorch = 3\ntorch.load", []),
        ("missing(1)", []),  # raises NameError, which is a result
        ("[id for id in [1]]", []),
    ],
)  # fmt: skip
def test_names_outside_the_language_of_programs_are_found(code: str, expected: list[str]) -> None:
    assert outside(code) == expected


def test_looking_names_up_needs_no_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from verideck.verifying.snippets import grammar, outside_names\n"
        "code = 'import torch\\ntorch.load(1)'\n"
        "print(*outside_names.find(code, grammar.parse(code)[0]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "torch.load" in done.stdout
