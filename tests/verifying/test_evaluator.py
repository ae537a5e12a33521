"""The closed language: what its lines give, and where it puts a fault."""

# ruff: noqa: E501 - tables with one case per line

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from verideck.verifying.assertions import Form
from verideck.verifying.evaluator import Evaluation, evaluate
from verideck.verifying.values import UNITS

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Shapes:
    output: tuple[int, ...]
    weights: tuple[int, ...]


def attention(query: object, key: object, scaled: bool = True) -> object:
    if query != key:
        raise ValueError("query and key differ")
    return [[1.0]]


FUNCTIONS: dict[str, Callable[..., object]] = {
    "attention": attention,
    "sum": sum,
    "max": max,
    "shapes": lambda n: Shapes((n, 2), (n, n)),
    "dot": lambda a, b: sum(x * y for x, y in zip(a, b, strict=True)),
    "matmul": lambda a, b: [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a],
}  # fmt: skip


def run(code: str) -> Evaluation:
    return evaluate(code, FUNCTIONS, {"pi": math.pi, "inf": math.inf, **UNITS})


def value(expression: str) -> object:
    found = run(f"x = {expression}")
    assert found.faults == ()
    return found.names["x"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", 6.5),
        ("7 // 2 + 7 % 2 + 2 ** 10", 3 + 1 + 1024),
        ("-(3)", -3),
        ("[1, 2] + [3]", [1, 2, 3]),
        ("[0] * 3", [0, 0, 0]),
        ("(1, 2)[0]", 1),
        ("[1, 2, 3, 4][1:3]", [2, 3]),
        ("[[1, 2], [3, 4]][-1][0]", 3),
        ("1 if 2 < 3 else 0", 1),
        ("1 < 2 <= 2 < 3", True),
        ("3 in [1, 2, 3] and not 4 in (1, 2)", True),
        ("'a' in 'cat' or 1 / 0 > 1", True),
        ("False and 1 / 0 > 1", False),
        ("sum([0.1] * 10) == 1", True),
        ("0.1 + 0.2 > 0.3", False),
        ("0.1 + 0.2 >= 0.3", True),
        ("2.7e-16 < 1e-15", True),
        ("1e-17 == 0", False),
        ("[0.1 + 0.2, 1] == (0.3, 1)", True),
        ("[1, 2] == [1, 2, 3]", False),
        ("2 ** 60 + 1 == 2 ** 60", False),
        ("shapes(3).output", (3, 2)),
        ("[[1, 2]] @ [[3], [4]]", [[11]]),
        ("dot([1, 2], b=[3, 4])", 11),
        ("16 * GiB == 16384 * MiB", True),
        ("GB < GiB", True),
        ("0.1 * GiB + 0.2 * GiB == 0.3 * GiB", True),
        ("2 * GiB // GiB", 2),
        ("inf > 10 ** 300", True),
        ("'soft' + 'max'", "softmax"),
        ("None == None", True),
    ],
)
def test_expressions(expression: str, expected: object) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


def test_tensors_compute_as_torch_does() -> None:
    torch = pytest.importorskip("torch")
    table = {"tensor": lambda rows: torch.tensor(rows, dtype=torch.float64), "whole": torch.tensor}
    code = """
a = tensor([[1, 2], [3, 4]])
b = a * 2 + [10, 20]
c = a @ a.T
d = a[:, 1]
e = a[0][1]
f = a.shape
g = 1 / whole([2, 4])
h = a == [[1, 2], [3, 4 + 1e-12]]
i = a[0, 0:1]
j = [1, 2] - a
k = a == [1, 2]
"""
    names: Any = evaluate(code, table, {}).names
    assert names["b"].tolist() == [[12, 24], [16, 28]]
    assert names["c"].tolist() == [[5, 11], [11, 25]]
    assert names["d"].tolist() == [2, 4]
    assert (names["e"], type(names["e"])) == (2.0, float)
    assert (names["f"], type(names["f"])) == ((2, 2), tuple)
    assert names["g"].tolist() == [0.5, 0.25]
    assert names["h"] is True
    assert names["i"].tolist() == [1]
    assert names["j"].tolist() == [[0, 0], [-2, -2]]
    assert names["k"] is False


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("a + tensor([1, 2, 3])", "`+` between shapes (2, 2) and (3,)"),
        ("a @ tensor([1, 2, 3])", "`@` between shapes (2, 2) and (3,)"),
        ("a < 3", "`<` on a tensor gives many truths"),
        ("a + True", "`+` on a condition"),
        ("a + 'x'", "`+` between a tensor and a text"),
        ("a + [[1], [2, 3]]", "a list that is no tensor"),
        ("a[5]", "index 5 is outside a tensor of (2, 2)"),
        ("tensor([1, 2]).T", "`.T` of a tensor that is no matrix"),
        ("a.data", "a tensor has no `.data` in the check language"),
        ("a.grad_fn", "a tensor has no `.grad_fn` in the check language"),
        ("whole([2 ** 40]) * whole([2 ** 40])", "a number in a tensor too large to hold"),
        ("whole([1]) // whole([0])", "a division by zero"),
        ("wide @ tall", "a value too large to hold: 274,877,906,944 elements"),
        ("wide + tall", "a value too large to hold: 274,877,906,944 elements"),
        ("[row] * 2 == 3", "a comparison of a list with a number"),
    ],
)
def test_tensor_faults(expression: str, message: str) -> None:
    torch = pytest.importorskip("torch")
    table = {"tensor": lambda rows: torch.tensor(rows, dtype=torch.float64), "whole": torch.tensor}
    constants = {
        "a": torch.ones(2, 2),
        "row": [1],
        "wide": torch.ones(2**19, 1),
        "tall": torch.ones(1, 2**19),
    }
    fault = evaluate(f"x = {expression}", table, constants).fault
    assert fault is not None
    assert fault.message.startswith(message)


def test_claims_are_read() -> None:
    code = """
w = 1 / 4
answer == about(w, 0.01)
2 + 2 == answer
cloze(2) == w
option("a", w < 1)
says("0.25", expression=w)
explanation(w == 0.25)
cited("reformer", "section 3", option="b")
"""
    found = run(code)
    assert found.faults == ()
    assert [one.form for one in found.assertions] == [
        Form.ANSWER, Form.ANSWER, Form.CLOZE, Form.OPTION, Form.SAYS, Form.EXPLANATION, Form.CITED,
    ]  # fmt: skip
    about, turned, cloze, option, says, explanation, cited = found.assertions
    assert (about.value, about.tolerance, about.expression, about.named) == (0.25, 0.01, "w", True)
    assert (turned.value, turned.line, turned.code) == (4, 4, "2 + 2 == answer")
    assert cloze.number == 2
    assert (option.text, option.value, option.operands, option.symbols) == ("a", True, (0.25, 1), ("<",))
    assert (says.text, says.value) == ("0.25", 0.25)
    assert explanation.value is True
    assert (cited.work, cited.place, cited.text) == ("reformer", "section 3", "b")


def test_the_deciding_call_is_found_through_names() -> None:
    found = run("h = shapes(4)\nx = h.output[0]\nanswer == x + sum([1])").assertions[0]
    assert found.call is not None
    assert found.call.name == "shapes"
    found = run("h = sum([1])\nanswer == 2 * sum([h, max([3, 4])])").assertions[0]
    assert found.call is not None
    assert (found.call.name, found.call.arguments) == ("sum", ([1, 4],))
    found = run("h = shapes(4)\nx = h.output[0]\nanswer == x").assertions[0]
    assert found.call is not None
    assert (found.call.name, found.call.arguments) == ("shapes", (4,))


@pytest.mark.parametrize(
    ("code", "line", "column", "message", "hint"),
    [
        ("x = 1\ny = atention(x)", 2, 5, "an unknown name `atention`", "did you mean `attention`?"),
        ("x = é", 1, 5, "an unknown name `é`", "`verideck library` lists what a check can compute"),
        ('x = "é" + foo', 1, 11, "an unknown name `foo`", "`verideck library` lists what a check can compute"),
        ("attention([[1]])", 1, 1, "`attention`: missing the argument `key`", "write `attention(query, key, scaled=True)`"),
        ("x = attention(1, 1, scale=2)", 1, 5, "`attention` takes no argument `scale`", "did you mean `scaled`?"),
        ("x = attention(1, 2)", 1, 5, "`attention`: query and key differ", "write `attention(query, key, scaled=True)`"),
        ("x = attention", 1, 5, "`attention` is a function without its arguments", "write `attention(…)`"),
        ("answer = 3", 1, 1, "`answer` is a word of the check language, not a name", "write `answer == …`: `==` claims, `=` names"),
        ("x = answer + 1", 1, 5, "`answer` in the middle of an expression", "write `answer == expression` on a line of its own"),
        ("answer != 3", 1, 1, "`answer` in a comparison that is no claim", "write `answer == expression`"),
        ("answer == answer", 1, 1, "`answer` in a comparison that is no claim", "write `answer == expression`"),
        ("cloze(0) == 3", 1, 1, "`cloze(…)` without its number", "write `cloze(1) == expression`"),
        ("optoin('a', True)", 1, 1, "an unknown name `optoin`", "did you mean `option`?"),
        ("option('a', 3)", 1, 13, "a number where a condition stands", "write a comparison: `… == …`, `… < …`"),
        ("option('a')", 1, 1, "`option`: missing the argument `condition`", 'write `option("unique fragment", condition)`'),
        ("cited('a', '')", 1, 12, "a text where a text stands", 'write it between quotes: `"…"`'),
        ("answer == about(1, 0)", 1, 20, "a tolerance that is no positive number", "write `about(expression, 0.01)`"),
        ("x = [1, 2][2]", 1, 5, "index 2 is outside a list of 2", "indices count from 0"),
        ("a, b = [1, 2, 3]", 1, 1, "2 names for 3 values", "give each value one name"),
        ("pi(3)", 1, 1, "`pi` is a value here, not a function", "give your value another name"),
        ("x = shapes(2).outptu", 1, 5, "a Shapes has no `.outptu` in the check language", "did you mean `output`?"),
        ("measured(f, seeds=5)", 1, 1, "`measured` outside a check", "experiments stand in a `python check` fence"),
        ("x = GiB + 3", 1, 5, "`+` between a quantity in GiB and a number: a plain number cannot be added to GiB; give it a unit, such as `3 * GiB`", "units must agree"),
        ("x = GiB == nats", 1, 5, "a quantity in GiB against a quantity in nats: nats cannot be subtracted from GiB", "units must agree"),
        ("2 + 2 == 4", 1, 1, "a line that claims nothing", None),
        ("sum([1])", 1, 1, "a line that claims nothing", None),
    ],
)  # fmt: skip
def test_faults_name_their_place(code: str, line: int, column: int, message: str, hint: str | None) -> None:
    fault = run(code).fault
    assert fault is not None
    assert (fault.line, fault.column, fault.message) == (line, column, message)
    assert hint is None or fault.hint == hint


@pytest.mark.parametrize("code", ["x = 1\n\n  y = 2", "x = (1,\n\ny = ]", "x = 1\ny = 2\nz ="])
def test_syntax_errors_name_their_line(code: str) -> None:
    (fault,) = run(code).faults
    assert (fault.line, fault.message[:18]) == (3, "not valid Python: ")


def test_every_fault_is_told_and_only_once() -> None:
    found = run("x = foo\ny = x + 1\nanswer == y\nz = bar\noption('a', 1 < 2)\nx = 3\nexplanation(x == 3)")
    assert [(fault.line, fault.message) for fault in found.faults] == [
        (1, "an unknown name `foo`"),
        (4, "an unknown name `bar`"),
    ]
    assert [one.form for one in found.assertions] == [Form.OPTION, Form.EXPLANATION]


def test_a_missing_torch_stops_with_a_reason() -> None:
    def missing() -> None:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    found = evaluate("x = missing()\ny = foo", {"missing": missing}, {})
    assert [(fault.reason, fault.message) for fault in found.faults] == [("torch", "torch is not installed")]


def test_what_a_function_fails_with_is_a_word_to_the_author() -> None:
    def fails() -> None:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied\nand a trace")

    def full() -> None:
        raise MemoryError

    table = {"fails": fails, "full": full}
    faults = evaluate("x = fails()\ny = full()", table, {}).faults
    assert [fault.message for fault in faults] == [
        "`fails` cannot compute this: mat1 and mat2 shapes cannot be multiplied",
        "a value of `full` too large to hold",
    ]
