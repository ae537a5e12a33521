"""Arithmetic, tensors and formulas: the tools of every check."""

from __future__ import annotations

from verideck.verifying.library.calls import arithmetic, formulas, tensors
from verideck.verifying.library.entries import Entry, entry
from verideck.verifying.library.entries import Parameter as P  # noqa: N817  # the tables read better

ARITHMETIC_SOURCE = "arithmetic"
X = P("x", "elementwise", "what to compute with, element by element")
MANY = P("values", "numbers", "one list or tensor, or several numbers")
AXIS = P("axis", "integer", "the axis to go along; all numbers without it")
A = P("a", "tensor", "the tensor")


def _each(name: str, function: object, summary: str, source: str, example: str) -> Entry:
    """Make an entry for a function that works element by element."""
    assert callable(function)  # noqa: S101  # tells mypy; the tables below hold nothing else
    return entry(name, function, summary, (X,), "a number, or a tensor of x's shape", source, example)


ENTRIES: tuple[Entry, ...] = (
    _each("exp", arithmetic.exp, "e to the power of x", "eˣ", "answer == exp(1)"),
    _each("log", arithmetic.log, "the natural logarithm", "ln x, x > 0", "answer == log(4)"),
    _each("sqrt", arithmetic.sqrt, "the square root", "√x, x ≥ 0", "answer == 1 / sqrt(3)"),
    entry(
        "abs",
        arithmetic.absolute,
        "numbers without their signs",
        (P("x", "numbers", "numbers of any shape"),),
        "as x",
        ARITHMETIC_SOURCE,
        "answer == abs(-2)",
    ),
    _each("sin", arithmetic.sin, "the sine, of radians", "sin x", "answer == sin(pi / 6)"),
    _each("cos", arithmetic.cos, "the cosine, of radians", "cos x", "answer == cos(pi / 3)"),
    _each("tanh", arithmetic.tanh, "the hyperbolic tangent", "(e²ˣ − 1) / (e²ˣ + 1)", "answer == tanh(0.5)"),
    _each("relu", arithmetic.relu, "negative numbers cut to 0", "max(0, x)", "answer == relu([-1, 2])"),
    _each("sigmoid", arithmetic.sigmoid, "squeezed between 0 and 1", "1 / (1 + e⁻ˣ)", "answer == sigmoid(0)"),
    entry(
        "sum", arithmetic.total, "the sum", (MANY, AXIS), "a number; a tensor along an axis",
        ARITHMETIC_SOURCE, "answer == sum([0.25, 0.75])",
    ),
    entry(
        "max", arithmetic.largest, "the largest", (MANY, AXIS), "a number; a tensor along an axis",
        ARITHMETIC_SOURCE, "answer == max(2, 3)",
    ),
    entry(
        "min", arithmetic.smallest, "the smallest", (MANY, AXIS), "a number; a tensor along an axis",
        ARITHMETIC_SOURCE, "answer == min([2, 3])",
    ),
    entry(
        "mean", arithmetic.mean, "the sum divided by the count",
        (P("x", "numbers", "a list or a tensor"), AXIS), "a number; a tensor along an axis",
        ARITHMETIC_SOURCE, "answer == mean([1, 2, 6])",
    ),
    entry(
        "variance", arithmetic.variance, "the mean squared distance from the mean",
        (
            P("x", "numbers", "a list or a tensor"),
            AXIS,
            P("unbiased", "flag", "divide by n − 1, as torch.var does, instead of n, as layer norm does"),
        ),
        "a number; a tensor along an axis", "Σ (x − μ)² / n", "answer == variance([2, 4, 4, 6])",
    ),
    entry(
        "round", arithmetic.rounded, "numbers rounded, half to even",
        (P("x", "numbers", "numbers of any shape"), P("digits", "digits", "digits after the point")),
        "as x; a whole number where digits is 0", ARITHMETIC_SOURCE, "answer == round(2 / 3, 2)",
    ),
    entry(
        "len", arithmetic.length, "how many elements, or rows",
        (P("x", "anything", "a list, tensor, shape or text"),),
        "a whole number", ARITHMETIC_SOURCE, "answer == len([1, 2, 3])",
    ),
    entry(
        "shape", arithmetic.shape, "the size of each axis",
        (P("x", "anything", "a tensor or nested lists"),),
        "a shape", "torch.Tensor.shape", "answer == shape([[1, 2, 3], [4, 5, 6]])",
    ),
    entry(
        "argmax", arithmetic.argmax, "where the largest stands, from 0; the first of equal ones",
        (P("x", "numbers", "a list or a tensor"), P("axis", "integer", "the axis to go along")),
        "a whole number; a tensor of them where there are more axes", "torch.argmax",
        "answer == argmax([2, 5, 1])",
    ),
    entry(
        "sort", arithmetic.ascending, "numbers in order, along the last axis",
        (P("x", "numbers", "a list or a tensor"), P("descending", "flag", "largest first")),
        "as x", "torch.sort", "answer == sort([3, 1, 2])",
    ),
    entry(
        "dot", tensors.dot, "the sum of the products of two vectors' elements",
        (P("a", "vector", "one vector"), P("b", "vector", "the other, equally long")),
        "a number", "a · b = Σ a_i b_i", "answer == dot([1, 2], [3, 4])", tensors.dot_steps,
    ),
    entry(
        "matmul", tensors.matmul, "the matrix product, `@` in checks too",
        (P("a", "tensor", "the left factor"), P("b", "tensor", "as many rows as a has columns")),
        "a tensor", "torch.matmul", "answer == matmul([[1, 2]], [[3], [4]])",
    ),
    entry(
        "transpose", tensors.transpose, "rows and columns swapped",
        (P("a", "rows", "a matrix, or several"),),
        "a tensor", "aᵀ", "answer == transpose([[1, 2], [3, 4]])",
    ),
    entry("norm", tensors.norm, "Euclidean length", (A,), "a number", "√Σ a_i²", "answer == norm([3, 4])"),
    entry(
        "reshape", tensors.reshape, "the same numbers in another shape",
        (A, P("shape", "shape", "sizes whose product is the number of elements")),
        "a tensor", "torch.reshape", "answer == reshape([1, 2, 3, 4], (2, 2))",
    ),
    entry(
        "concat", tensors.concat, "tensors behind one another",
        (P("parts", "anything", "a list of tensors"), P("axis", "integer", "the axis that grows")),
        "a tensor", "torch.cat", "answer == concat([[1, 2], [3]])",
    ),
    entry(
        "ones", tensors.ones, "a tensor of ones", (P("shape", "anything", "the sizes of its axes"),),
        "a tensor", "torch.ones", "answer == ones(2, 3)",
    ),
    entry(
        "zeros", tensors.zeros, "a tensor of zeros", (P("shape", "anything", "the sizes of its axes"),),
        "a tensor", "torch.zeros", "answer == zeros(2, 3)",
    ),
    entry(
        "identity", tensors.identity, "the matrix that changes nothing",
        (P("n", "count", "rows and columns"),),
        "a tensor (n, n)", "torch.eye", "answer == identity(2)",
    ),
    entry(
        "equations", formulas.equations, "equations that hold together, for `solve`",
        (P("texts", "text", "equations, as plain text or LaTeX"),),
        "a system of equations", "algebra",
        'block = equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)")\n'
        'answer == solve(block, "x_2", known=["y_1", "y_2"])',
        modules=("verifying/formulas",),
    ),
    entry(
        "solve", formulas.solve, "a formula for the unknown that uses known names only",
        (
            P("system", "anything", "what `equations` gave"),
            P("unknown", "text", "the name to find"),
            P("known", "anything", "the names that may be used, a list of texts"),
        ),
        "a solution; every formula that recovers the unknown equals it", "algebra",
        'answer == solve(equations("y = x + F(z)"), "x", known=["y", "z"])',
        formulas.solve_steps,
        modules=("verifying/formulas",),
    ),
)  # fmt: skip
