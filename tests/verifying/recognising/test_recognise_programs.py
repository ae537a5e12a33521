"""Programs that are whole and asked for are run; others are left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from verideck.cards import Kind, Subject
from verideck.reading.items import Item, ItemOption
from verideck.verifying.recognising import recognise
from verideck.verifying.recognising.programs import programs

SOFTMAX = """import torch
import torch.nn.functional as F
row = torch.tensor([[2., 0.]])
scores = row / 2 ** 0.5
weights = F.softmax(scores, dim=-1)
print(weights)"""
SHAPE = """import torch
from torch import nn
layer = nn.Linear(6, 3)
x = torch.rand(4, 6)
y = layer(x)
y.shape"""
COUNT = "from torch import nn\nprint(sum(p.numel() for p in nn.Linear(3, 2).parameters()))"
CLASS = """import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear = nn.Linear(size, size)

    def forward(self, x):
        return x + self.linear(x)


block = Block(4)
print(block(torch.ones(2, 4)).shape)"""


def _item(question: str, code: str, *options: str, language: str = "", output: str = "") -> Item:
    shown = tuple(ItemOption(one, 9) for one in options)
    kind = Kind.CHOICE if options else Kind.RECALL
    item = Item("challenge", 3, kind, question, code=code, code_line=5, options=shown)
    return replace(item, language=language, output=output)


RUN = [
    ("What does this code print?", SOFTMAX),
    ("What is the output of the program?", SOFTMAX),
    ("What are the values that are printed?", SOFTMAX),
    ("Which result is displayed?", SOFTMAX),
    ("What is the shape of the output tensor?", SHAPE),
    ("What shape does `y` have?", SHAPE),
    ("What does the class's forward pass return: which shape?", CLASS),
    ("What is printed?", "total = 0\nfor n in range(4):\n    total += n\nprint(total)"),
    ("What is printed?", "def twice(x):\n    return x * factor\n\n\nfactor = 2\nprint(twice(3))"),
    ("What is printed?", "print([n * n for n in range(3) if n])"),
    ("What is printed?", "double = lambda x: 2 * x\nprint(double(4))"),
    ("What is printed?", "import math\nprint(math.sqrt(2))"),
    ("What does the last expression return?", "import torch\ntorch.ones(2, 3).sum(dim=0)"),
    ("How many parameters are printed?", COUNT),
    ("What is the result of the following code?", "with_bias = True\nn = 3 if with_bias else 2\nn"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "code"), RUN, ids=range(len(RUN)))
def test_a_whole_program_is_run_for_what_is_asked(question: str, code: str) -> None:
    (proposal,) = recognise(_item(question, code, "a", "b", language="PyTorch"))
    assert (proposal.program, proposal.complete, proposal.code) == (True, True, "")
    assert (proposal.subject, proposal.line, proposal.veto) == (Subject.ANSWER, 5, "")


LEFT = [
    ("What is printed?", "print(x)"),
    ("What is printed?", "x = y + 1\ny = 2\nprint(x)"),
    ("What is printed?", "import numpy as np\nprint(np.ones(3))"),
    ("What is printed?", "from transformers import AutoModel\nprint(1)"),
    ("What is printed?", "x = 3\ny = x + 1"),
    ("What is printed?", "x = [1, 2, ...]\nprint(x)"),
    ("What is printed?", "print(open('a').read()"),
    ("What is printed?", "import torch\nx = torch.ones(3)\nx.foo = 1"),
    ("What is printed?", ""),
    ("Why is a softmax printed?", SOFTMAX),
    ("Which line has the bug in this output?", SOFTMAX),
    ("What would the output be if we divided by 4 instead?", SOFTMAX),
    ("What is the shape of the output?", SOFTMAX),
    ("What is the value of `scores`?", SOFTMAX),
    ("How many parameters does the printed layer have?", SHAPE),
    ("Fill in the blank: ____ prints the output.", SOFTMAX),
    ("Who invented this?", SOFTMAX),
    ("What does the last line print?", SOFTMAX),
    ("What is the type of the output?", SOFTMAX),
    ("On which device is the result?", SOFTMAX),
    ("What gradient is printed?", SOFTMAX),
    ("How would you change the code to return other values?", SOFTMAX),
    ("Which error does the code raise?", SOFTMAX),
]


@pytest.mark.parametrize(("question", "code"), LEFT, ids=range(len(LEFT)))
def test_what_is_not_whole_or_not_asked_is_left_alone(question: str, code: str) -> None:
    assert list(programs(_item(question, code, "a", "b"))) == []


def test_another_language_is_left_alone() -> None:
    assert list(programs(_item("What is printed?", "print(1)", "1", "2", language="Ruby"))) == []


def test_an_error_is_run_where_an_option_names_one() -> None:
    found = list(
        programs(_item("What does it print, or which error does it raise?", SOFTMAX, "ValueError", "1"))
    )
    assert [one.program for one in found] == [True]


def test_scores_that_are_weights_are_remarked() -> None:
    answer, remark = programs(
        _item("What are the attention scores that are printed as output?", SOFTMAX, "a", "b")
    )
    assert answer.program
    assert remark.weak
    assert not remark.complete
    assert remark.subject is Subject.EXPLANATION
    assert "scores" in remark.message


@pytest.mark.parametrize(
    "question", ["What is NOT printed?", "What is usually printed?", "Each value printed except which?"]
)
def test_a_turned_question_is_vetoed(question: str) -> None:
    (proposal,) = recognise(_item(question, SOFTMAX, "a", "b"))
    assert proposal.veto


def test_a_printed_output_is_held_against_the_program() -> None:
    output, answer = programs(_item("What is printed?", SOFTMAX, output="tensor([[0.5, 0.5]])"))
    assert (output.subject, output.claimed, output.program) == (Subject.OUTPUT, "tensor([[0.5, 0.5]])", True)
    assert answer.subject is Subject.ANSWER
