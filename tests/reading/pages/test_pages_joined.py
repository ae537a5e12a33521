from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.reading.pages import joined
from verideck.reading.pages.joined import Restored, restore
from verideck.reading.pages.joining import candidates

if TYPE_CHECKING:
    from verideck.reading.pages.joining.lexing import Code

PROGRAMS = Path(__file__).parent / "fixtures" / "joined" / "programs.txt"


def programs() -> list[tuple[str, str]]:
    parts = re.split(r"^=== (.*)\n", PROGRAMS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def on_one_line(code: str) -> str:
    return re.sub(r"\n[ \t]*", " ", code.strip())


def meaning(code: str) -> str:
    return ast.dump(ast.parse(code))


def outcome(code: str, joint: str) -> str:
    """Say how a program comes back: exact, among the readings, or not at all."""
    found = restore(joint)
    try:
        if meaning(found.code) == meaning(code):
            return "exact"
    except SyntaxError:
        return "lost"
    right = [reading for reading in found.readings if meaning(reading) == meaning(code)]
    return "told" if right and found.ambiguous else "lost"


def test_programs_come_back_or_the_doubt_is_told() -> None:
    found = {
        title: outcome(code, on_one_line(code)) for title, code in programs() if title != "multi line string"
    }
    exact = [title for title, how in found.items() if how == "exact"]
    told = len(found) - len(exact)
    print(f"{len(found)} joined programs: {len(exact)} come back, of {told} the doubt is told")  # noqa: T201  see -rP
    assert [title for title, how in found.items() if how == "lost"] == []
    assert len(found) >= 60
    assert len(exact) >= 74


def test_kept_programs_stay_byte_for_byte() -> None:
    for title, code in programs():
        assert restore(code) == Restored(code), title


def test_programs_of_which_two_lines_are_joined_come_back() -> None:
    lost = []
    for title, code in programs():
        lines = code.split("\n")
        for number in range(len(lines) - 2):
            if lines[number].strip() and not (lines[number] + code).startswith("text = "):
                first, second = lines[number], lines[number + 1].lstrip()
                joint = "\n".join([*lines[:number], f"{first} {second}", *lines[number + 2 :]])
                if _parses(joint):
                    continue  # such as the two halves of one call
                if outcome(code, joint) == "lost":
                    lost.append((title, number))
    assert len(lost) <= 12, lost


def test_programs_whose_indentation_is_lost_come_back() -> None:
    found = [
        outcome(code, "\n".join(line.strip() for line in code.split("\n")))
        for title, code in programs()
        if title != "multi line string"
    ]
    assert found.count("lost") <= 2
    assert found.count("exact") >= 70


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


LINES = [
    "import math", "a = 3", "b = [1, 2]", "c = a + 4", "d = {'k': a}", "print(a)", "e, f = b", "a += 1",
    "from os import path as p", "g = lambda x: x + a", "h = a if a else c", "assert a", "b[0] = a * 2",
    "print(f'{a}: {b}')", "del c", "i = (a, b)", "j = not a", "k = a ** 2 / 3", "m: int = 5", "print('x')",
]  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=12))
def test_flat_programs_come_back(lines: list[str]) -> None:
    assert outcome("\n".join(lines), " ".join(lines)) != "lost"


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="ab=()[]:#'\"\n .,-@1\\", max_size=60))
def test_any_text_comes_back_as_it_is_or_as_python(text: str) -> None:
    found = restore(text)
    assert found.code == text or _parses(found.code)
    assert all(_parses(reading) for reading in found.readings)


DOUBTS = [
    ("a = 3 b = 4 x = a -b", "a = 3\nb = 4\nx = a -b", "a = 3\nb = 4\nx = a\n-b", "one statement or two"),
    (
        "a = -3 g = abs x = g (a)",
        "a = -3\ng = abs\nx = g (a)",
        "a = -3\ng = abs\nx = g\n(a)",
        "one statement or two",
    ),
    (
        "import torch with torch.no_grad(): y = torch.ones(2) print(y)",
        "import torch\nwith torch.no_grad():\n    y = torch.ones(2)\nprint(y)",
        "import torch\nwith torch.no_grad():\n    y = torch.ones(2)\n    print(y)",
        "`print(y)` may belong to the block of `with torch.no_grad():` or not",
    ),
    (
        "x = 1 # later z = 2 y = x print(y)",
        "x = 1  # later\nz = 2\ny = x\nprint(y)",
        "x = 1  # later z = 2\ny = x\nprint(y)",
        "the comment before `z = 2` may go on",
    ),
    (
        "def f(x): if x: return print(x)",
        "def f(x):\n    if x:\n        return print(x)",
        "def f(x):\n    if x:\n        return\n    print(x)",
        "one statement or two",
    ),
]


@pytest.mark.parametrize(("joint", "likely", "other", "words"), DOUBTS)
def test_two_readings_are_told(joint: str, likely: str, other: str, words: str) -> None:
    found = restore(joint)
    readings = [meaning(reading) for reading in (found.code, *found.readings)]
    assert meaning(likely) in readings
    assert meaning(other) in readings
    assert any(words in doubt for doubt in found.ambiguous), found.ambiguous


CERTAIN = [
    "import torch import torch.nn as nn x = torch.rand(2, 3) y = nn.Linear(3, 4)(x) y.shape",
    "a = 1 b = a - 2 c = b * 3 print(a, b, c)",
    "q = [[1.]] # shape (1, 1) k = [[2.]] # shape (1, 1), too print(q, k)",
    "x = 5 # don't stop print(x)",
    "def f(x): return x y = f(3) print(y)",  # nothing behind a return is ever reached
]


@pytest.mark.parametrize("joint", CERTAIN)
def test_what_is_certain_has_no_other_reading(joint: str) -> None:
    found = restore(joint)
    assert found.joined
    assert (found.readings, found.ambiguous) == ((), ())


FOREIGN = [
    "SELECT name FROM users WHERE age = 3 ORDER BY name",
    "let x = 3; let y = x + 1; console.log(x);",
    "int main(void) { return 0; }",
    "public static void main(String[] args) { System.out.println(1); }",
    "The model reads a sentence. Then it prints a word.",
    "#include <stdio.h>",
    "x = torch.ones(3",
    "pip install torch",
    "print x",
    "",
    "   \n ",
]


@pytest.mark.parametrize("code", FOREIGN)
def test_what_is_no_python_stays_as_it_is(code: str) -> None:
    assert restore(code) == Restored(code)


def test_breaks_written_as_backslash_and_n_are_breaks_outside_of_texts() -> None:
    found = restore(r"import torch\nfor i in range(2):\n    print('a\nb', i)")
    assert found == Restored("import torch\nfor i in range(2):\n    print('a\\nb', i)", joined=True)


def test_a_comment_of_a_kept_program_keeps_the_code_in_it() -> None:
    code = "x = 3  # or y = 4\n# print(x)\nprint(x)\n"
    assert restore(code) == Restored(code)


def test_a_comment_that_swallowed_the_rest_of_a_kept_program_gives_it_back() -> None:
    found = restore("import math\nrow = [3, 4] # both legs long = math.hypot(*row) print(long)")
    assert found.code == "import math\nrow = [3, 4]  # both legs\nlong = math.hypot(*row)\nprint(long)"
    kept = "x = 1  # y = 2 would be more than print(x) shows\nprint(x)"
    assert restore(kept).code == kept


def test_a_comment_that_swallowed_what_is_used_gives_it_back() -> None:
    code = "q = [1.0]  # one number k = [2.0]\nprint(q, k)"
    assert restore(code).code == "q = [1.0]  # one number\nk = [2.0]\nprint(q, k)"


HOSTILE = [
    "x " + "-1 " * 4000, "(" * 5000, "# a b c = d " * 1000, "x = [1, # a b, c " * 700, "f(x) " * 2000,
    "if x: " * 2000, "a = b " * 2000, "'''" * 4000, "with a: b = c(d) " * 700, "# x = f(y) " * 1000,
    "a @b " * 2000, "@a " * 4000, "class A: def f(self): return x " * 380, "\\n" * 6000, "lambda: " * 1500,
    "def f(): # x = 1 " * 700, "\0" * 50,
]  # fmt: skip


@pytest.mark.parametrize("code", HOSTILE, ids=[code[:12].strip() for code in HOSTILE])
def test_hostile_code_costs_bounded_work(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    finders: list[candidates.Finder] = []

    class Counted(candidates.Finder):
        def __init__(self, code: Code) -> None:
            super().__init__(code)
            finders.append(self)

    monkeypatch.setattr(joined, "Finder", Counted)
    restore(code[: joined.LONGEST])
    assert all(one.read <= candidates.BUDGET + 1 for one in finders)
    assert all(one.walked <= candidates.STEPS + 10 for one in finders)
    assert all(one.weighed <= candidates.CHARACTERS + joined.LONGEST for one in finders)
