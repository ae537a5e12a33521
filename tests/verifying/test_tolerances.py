"""Tolerances as wide as their values: what would accept 0 or the opposite proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from verideck.cards import Verdict
from verideck.verifying import tolerances
from verideck.verifying.assertions import Form
from verideck.verifying.measuring import Measurement
from verideck.verifying.records import Finding

if TYPE_CHECKING:
    from tests.verifying.conftest import Desk


def recall(answer: str, check: str) -> str:
    return f"## What is it?\n<!-- card: #x -->\n\n---\n\n{answer}\n\n```python check\n{check}\n```\n"


WIDE = [  # the answer, the check, what the message says
    (
        "`3.2`",
        "answer == about(3.2, 10)",
        "tolerance 10 is wider than the value 3.2: any answer from -6.8 to 13.2 would pass",
    ),
    (
        "`3.2`",
        "answer == about(3.2, 3.2)",
        "any answer from 0 to 6.4 would pass",
    ),
    (
        "`-3.2`",
        "answer == about(-3.2, 4)",
        "wider than the value -3.2: any answer from -7.2 to 0.8 would pass",
    ),
    (
        "`0.004`",
        "answer == about(0.004, 0.008)",
        "tolerance 0.008 is wider than the value 0.004",
    ),
    (
        "`0`",
        "answer == about(1 / 1000, 0.6)",
        "tolerance 0.6 is wider than the value 0.001",
    ),
    (
        "`0`",
        "answer == about(0, 1)",
        "tolerance 1 is wider than the value 0",
    ),
    (
        "5 GiB",
        "answer == about(5 * GiB, 7)",
        "any answer from -2 to 12 GiB would pass",
    ),
    (
        "`[0.1, 0.2, 0.7]`",
        "answer == about([0.1, 0.2, 0.7], 0.7)",
        "of which 0.7 is the largest: zeros would pass",
    ),
    (
        "`[0, 0]`",
        "answer == about([0, 0], 3)",
        "of which 0 is the largest",
    ),
    (
        "`(2, 3)`",
        "answer == about(shape([[1, 2, 3], [4, 5, 6]]), 1)",
        "`about` around a value that is not a number",
    ),
    (
        "`True`",
        "answer == about(1 < 2, 1)",
        "`about` around a value that is not a number",
    ),
    (
        "`4`",
        "answer == about(4, inf)",
        "a tolerance that is no positive number",
    ),
    (
        "`4`",
        "answer == about(4, -inf)",
        "a tolerance that is no positive number",
    ),
    (
        "`4`",
        "answer == about(4, 10 ** 400)",
        "a tolerance that is no positive number",
    ),
    (
        "`4`",
        "answer == about(4, 1 * GiB)",
        "a tolerance that is no positive number",
    ),
    (
        "`4`",
        "answer == about(4, 1 < 2)",
        "a tolerance that is no positive number",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "check", "message"), WIDE)
def test_a_tolerance_wider_than_the_value_proves_nothing(
    desk: Desk, answer: str, check: str, message: str
) -> None:
    checked, problems = desk.one(recall(answer, check))
    assert checked.verdict is Verdict.NOT_EVALUATED
    (problem,) = problems
    assert problem.startswith("error: ")
    assert message in problem


SENSIBLE = [
    ("`3.2`", "answer == about(3.21, 0.05)"),
    ("`3`", "answer == about(3.2, 3.1)"),
    ("`0`", "answer == about(1 / 1000000000, 0.4)"),  # half of the last digit that is printed
    ("`0.00`", "answer == about(0.004, 0.005)"),
    ("`[0, 1]`", "answer == about([1 / 1000000000, 1], 0.001)"),
    ("5 GiB", "answer == about(5.01 * GiB, 0.1)"),
]


@pytest.mark.parametrize(("answer", "check"), SENSIBLE)
def test_a_sensible_tolerance_verifies(desk: Desk, answer: str, check: str) -> None:
    checked, problems = desk.one(recall(answer, check))
    assert (checked.verdict, problems) == (Verdict.VERIFIED, [])


CARDS = {
    "typed": "## What is it?\n<!-- card: #x typed -->\n\n---\n\n`3.2`\n",
    "choice": "## What is it?\n<!-- card: #x -->\n\n- [x] `3.2`\n- [ ] `90`\n",
    "cloze": "## It is {{c1::3.2}}.\n<!-- card: #x -->\n",
    "words": "## What is it?\n<!-- card: #x -->\n\n---\n\nIt.\n\n---\n\nMore than 3.2 of them.\n",
}
CLAIMS = {"cloze": "cloze(1) == about(3.2, 10)", "words": 'says("3.2", about(3.2, 10))'}


@pytest.mark.parametrize("kind", CARDS)
def test_on_every_kind_of_card(desk: Desk, kind: str) -> None:
    claim = CLAIMS.get(kind, "answer == about(3.2, 10)")
    checked, problems = desk.one(f"{CARDS[kind]}\n```python check\n{claim}\n```\n")
    assert [claim.verdict for claim in checked.claims] == [Verdict.NOT_EVALUATED]
    assert any("tolerance 10 is wider than the value 3.2" in problem for problem in problems)


def test_a_variant_whose_value_is_small_is_reported(desk: Desk) -> None:
    text = (
        "## What is half of «n»?\n<!-- card: #x -->\n\n```python vary 2\nn = [1, 40]\n```\n\n---\n\n`«h»`\n\n"
        "```python check\nh = n / 2\nanswer == about(h, 1)\n```\n"
    )
    _, problems = desk.one(text)
    assert ["wider than the value 0.5" in problem for problem in problems] == [True]


def measured(figures: tuple[float, ...]) -> Finding:
    measurement = Measurement("collisions", (), tuple(range(len(figures))), figures)
    return Finding(Form.SAYS, 1, 1, "", text="0.22", value=measurement.figure, measurement=measurement)


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ((0.2, 0.22, 0.24), None),
        ((0.0, 0.22, 0.44), "the spread 0.44 over the seeds is wider than the value 0.22"),
        ((5.0, 5.0, 5.0), None),
        ((-1.0, 0.0, 1.0), "any answer from -2 to 2 would pass"),
    ],
)
def test_a_figure_that_spreads_as_wide_as_itself_states_nothing(
    desk: Any, figures: tuple[float, ...], message: str | None
) -> None:
    (card,) = desk.cards("## What is it?\n\n---\n\n0.22\n")
    finding = measured(figures)
    found = tolerances.find_excess(card, finding, finding.measurement.figure)  # type: ignore[union-attr]  # it has one
    assert (found is None) == (message is None)
    assert found is None or message in found.message  # type: ignore[operator]  # there is one
