"""Programs in the style of quiz pages: the closed interpreter gives, to the byte, what Python gives."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from verideck.verifying.snippets import run

# Real Python, once for all programs: each gets names of its own, and torch as it is at the start.
REAL = r"""
import ast, contextlib, io, json, sys, warnings
import torch
from torch import _tensor_str
torch.set_num_threads(1)
warnings.simplefilter("ignore")
options = dict(vars(_tensor_str.PRINT_OPTS))

def run(code):
    names, shown, raised, tree = {"__name__": "__main__"}, "", "", ast.parse(code)
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float32)
    vars(_tensor_str.PRINT_OPTS).update(options)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            exec(compile(tree, "program", "exec"), names)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), "program", "eval"), names)
                shown = "" if value is None else repr(value)
        except Exception as error:
            raised = f"{type(error).__name__}: {error}".removesuffix(": ")
    return printed.getvalue(), shown, raised

print(json.dumps([run(code) for code in json.load(sys.stdin)]))
"""


def programs() -> dict[str, str]:
    """Read the programs by their titles."""
    text = (Path(__file__).parent / "snippets" / "programs.txt").read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in text.split("=== ")[1:]]
    return {title: code for title, _, code in parts}


PROGRAMS = programs()


@cache
def real() -> dict[str, tuple[str, str, str]]:
    """Run all programs in Python itself."""
    done = subprocess.run(
        [sys.executable, "-c", REAL],
        input=json.dumps(list(PROGRAMS.values())),
        capture_output=True,
        text=True,
        check=True,
    )
    return {title: tuple(result) for title, result in zip(PROGRAMS, json.loads(done.stdout), strict=True)}


def test_there_are_many_programs_of_different_titles() -> None:
    text = (Path(__file__).parent / "snippets" / "programs.txt").read_text(encoding="utf-8")
    assert text.count("\n=== ") + 1 == len(PROGRAMS) >= 180


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_program_gives_what_python_gives(title: str) -> None:
    result, faults = run(PROGRAMS[title], seed=0)
    assert result is not None, faults
    assert (result.printed, result.shown, result.raised) == real()[title]
