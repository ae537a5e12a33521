"""The lines of a check that claim something, read and evaluated.

    answer == e    cloze(1) == e    option("fragment", condition)    says("1.386", e)
    explanation(condition)    cited("work", "place", option="fragment")

`about(e, 0.01)` in place of e sets a tolerance. `measured("name")` in place of a condition claims what an
experiment shows, `measured_figure("name")` in place of e the figure that it gives.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, field
from enum import StrEnum

from verideck.problems import nearest
from verideck.verifying import syntax
from verideck.verifying.budgets import Refused
from verideck.verifying.calls import Call, binding_message
from verideck.verifying.comparing import COMPARISONS
from verideck.verifying.interpreter import CLAIM_WORDS, FaultAt, Interpreter
from verideck.verifying.kinds import is_number, kind, plain
from verideck.verifying.measuring import Measurement

LARGEST = 1e300  # of a tolerance


class Form(StrEnum):
    """The forms of a claim, by the word that each begins with."""

    ANSWER = "answer"
    CLOZE = "cloze"
    OPTION = "option"
    SAYS = "says"
    EXPLANATION = "explanation"
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class Assertion:
    """A line that claims something, evaluated.

    `expression` is the code that was computed. `text` is the fragment, the words that are said, or the option
    that a citation is about; `work` and `place` are what is cited; `number` is the cloze's. `operands` and
    `symbols` are those of a condition that is one comparison.
    """

    form: Form
    line: int
    column: int
    code: str
    expression: str = ""
    value: object = None
    tolerance: float | None = None
    text: str | None = None
    work: str = ""
    place: str = ""
    number: int = 0
    operands: tuple[object, ...] = ()
    symbols: tuple[str, ...] = ()
    call: Call | None = None
    named: bool = False  # the expression is only a name
    measurement: Measurement | None = None


@dataclass(slots=True)
class Context:
    """What reading one check's lines needs; `origins` says which library call gave a name its value."""

    code: str
    interpreter: Interpreter
    origins: dict[str, Call | None] = field(default_factory=dict)

    def source(self, node: ast.AST) -> str:
        """Give a node's code as it is written, on one line."""
        return syntax.source(self.code, node)

    def place(self, node: ast.expr) -> tuple[int, int]:
        """Give a node's line and column, from 1."""
        return syntax.place(self.code, node.lineno, node.col_offset)

    def deciding(self, node: ast.expr) -> Call | None:
        """Find the library call that a value comes from: the outermost one, through names if need be."""
        queue: list[ast.AST] = [node]
        for part in queue:  # grows while it is walked: breadth first
            if part in self.interpreter.calls:
                return self.interpreter.calls[part]
            if isinstance(part, ast.Name) and self.origins.get(part.id) is not None:
                return self.origins[part.id]
            queue.extend(ast.iter_child_nodes(part))
        return None


def claim(context: Context, node: ast.expr) -> Assertion:
    """Read and evaluate a line that claims something.

    Raises:
        FaultAt: it claims nothing, or cannot be evaluated.
        Skipped: it depends on a line that failed.

    """
    if isinstance(node, ast.Compare):
        found = _equation(context, node)
        if found is not None:
            return found
    word = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    if isinstance(node, ast.Call) and word in CLAIMS:
        return CLAIMS[word](context, node)
    known = (
        *context.interpreter.functions,
        *context.interpreter.names,
        *context.interpreter.constants,
        *CLAIM_WORDS,
    )
    if word and word not in known:  # most likely a misspelt claim
        raise FaultAt(node, Refused(f"an unknown name `{word}`", nearest(word, known) or _CLAIMS))
    context.interpreter.evaluate(node)
    raise FaultAt(node, Refused("a line that claims nothing", _CLAIMS))


_CLAIMS = (
    'write `answer == …`, `option("…", …)`, `says("…", …)` or `explanation(…)`, or give the value a name'
)


def _equation(context: Context, node: ast.Compare) -> Assertion | None:
    """Read `answer == e` or `cloze(n) == e`, sides either way round; None for other comparisons."""
    sides = (node.left, *node.comparators)
    subjects = [side for side in sides if _word(side)]
    if not subjects:
        return None
    subject = subjects[0]
    word = _word(subject)
    if len(sides) != 2 or len(subjects) != 1 or not isinstance(node.ops[0], ast.Eq):
        shown = "cloze(1)" if word is Form.CLOZE else word
        raise FaultAt(
            node, Refused(f"`{word}` in a comparison that is no claim", f"write `{shown} == expression`")
        )
    number = _cloze_number(subject) if isinstance(subject, ast.Call) else 0
    other = sides[1] if subject is sides[0] else sides[0]
    return _valued(context, node, word, other, number=number)  # type: ignore[arg-type]  # not None: see above


def _word(node: ast.expr) -> Form | None:
    if isinstance(node, ast.Name) and node.id == "answer":
        return Form.ANSWER
    is_cloze = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cloze"
    return Form.CLOZE if is_cloze else None


def _cloze_number(node: ast.Call) -> int:
    value = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if isinstance(value, ast.Constant) and type(value.value) is int and value.value > 0:
        return value.value
    raise FaultAt(node, Refused("`cloze(…)` without its number", "write `cloze(1) == expression`"))


def _valued(
    context: Context,
    node: ast.expr,
    form: Form,
    expression: ast.expr,
    *,
    number: int = 0,
    text: str | None = None,
) -> Assertion:
    """Evaluate what a claim is held against; `about(e, tolerance)` may stand around it."""
    expression, tolerance = _about(context, expression)
    value = plain(context.interpreter.evaluate(expression))
    measurement = value if isinstance(value, Measurement) else None
    if measurement is not None:
        if measurement.direction:
            hint = "write `measured_figure(…)`, which states the figure"
            raise FaultAt(expression, Refused("a measured claim where a value stands", hint))
        value = measurement.figure
    return Assertion(
        form,
        *context.place(node),
        context.source(node),
        context.source(expression),
        value,
        tolerance,
        text=text,
        number=number,
        call=context.deciding(expression),
        named=isinstance(expression, ast.Name),
        measurement=measurement,
    )


def _about(context: Context, node: ast.expr) -> tuple[ast.expr, float | None]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "about"):
        return node, None
    bound = _bind(node, "about")
    tolerance = plain(context.interpreter.evaluate(bound["tolerance"]))
    if not is_number(tolerance) or not 0 < tolerance < LARGEST:  # type: ignore[operator]  # a number, just asked
        raise FaultAt(bound["tolerance"], Refused("a tolerance that is no positive number", _USAGE["about"]))
    return bound["expression"], float(tolerance)  # type: ignore[arg-type]  # a number, just asked


def _says(context: Context, node: ast.Call) -> Assertion:
    bound = _bind(node, Form.SAYS)
    return _valued(context, node, Form.SAYS, bound["expression"], text=_text(context, bound["text"]))


def _cited(context: Context, node: ast.Call) -> Assertion:
    bound = _bind(node, Form.CITED)
    return Assertion(
        Form.CITED,
        *context.place(node),
        context.source(node),
        text=_text(context, bound["option"]) if "option" in bound else None,
        work=_text(context, bound["work"]).strip(),
        place=_text(context, bound["place"]).strip(),
    )


def _option(context: Context, node: ast.Call) -> Assertion:
    bound = _bind(node, Form.OPTION)
    return _condition(context, node, Form.OPTION, bound["condition"], _text(context, bound["fragment"]))


def _explanation(context: Context, node: ast.Call) -> Assertion:
    return _condition(context, node, Form.EXPLANATION, _bind(node, Form.EXPLANATION)["condition"], None)


def _condition(
    context: Context, node: ast.Call, form: Form, condition: ast.expr, text: str | None
) -> Assertion:
    value = plain(context.interpreter.evaluate(condition))
    measurement = value if isinstance(value, Measurement) else None
    if measurement is not None:
        if not measurement.direction:
            hint = "write `measured(…)`, with `above=…` or `below=…` where it has no threshold"
            raise FaultAt(condition, Refused("a measured figure where a condition stands", hint))
        value = measurement.holds is True
    if not isinstance(value, bool):
        hint = "write a comparison: `… == …`, `… < …`"
        raise FaultAt(condition, Refused(f"{kind(value)} where a condition stands", hint))
    symbols = (
        tuple(COMPARISONS[type(op)] for op in condition.ops) if isinstance(condition, ast.Compare) else ()
    )
    return Assertion(
        form,
        *context.place(node),
        context.source(node),
        context.source(condition),
        value,
        text=text,
        operands=context.interpreter.compared.get(condition, ()),
        symbols=symbols,
        call=context.deciding(condition),
        named=isinstance(condition, ast.Name),
        measurement=measurement,
    )


CLAIMS = {
    Form.OPTION.value: _option,
    Form.SAYS.value: _says,
    Form.EXPLANATION.value: _explanation,
    Form.CITED.value: _cited,
}


def _signature(*required: str, optional: tuple[str, ...] = ()) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind) for name in required]
    return inspect.Signature(
        [*parameters, *(inspect.Parameter(name, kind, default=None) for name in optional)]
    )


# What an author may write between the brackets, by position or by name.
_SIGNATURES = {
    "option": _signature("fragment", "condition"),
    "says": _signature("text", "expression"),
    "explanation": _signature("condition"),
    "cited": _signature("work", "place", optional=("option",)),
    "about": _signature("expression", "tolerance"),
}
_USAGE = {
    "option": 'write `option("unique fragment", condition)`',
    "says": 'write `says("1.386", expression)`',
    "explanation": "write `explanation(condition)`",
    "cited": 'write `cited("work", "section 3")`, with `option="fragment"` for an option',
    "about": "write `about(expression, 0.01)`",
}


def _bind(node: ast.Call, word: str) -> dict[str, ast.expr]:
    try:
        bound = _SIGNATURES[word].bind(*node.args, **{str(one.arg): one.value for one in node.keywords})
    except TypeError as wrong:
        raise FaultAt(node, Refused(f"`{word}`: {binding_message(wrong)}", _USAGE[word])) from None
    return dict(bound.arguments)


def _text(context: Context, node: ast.expr) -> str:
    value = context.interpreter.evaluate(node)
    if not isinstance(value, str) or not value.strip():
        raise FaultAt(node, Refused(f"{kind(value)} where a text stands", 'write it between quotes: `"…"`'))
    return value
