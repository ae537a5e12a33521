"""Cards with `python run` fences: the program's result is the answer."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from verideck.cards import Kind, Subject, Verdict
from verideck.verifying.records import JobKind, outcome_from_json, outcome_to_json
from verideck.verifying.snippets import SEEDS
from verideck.verifying.snippets.results import RunResult, from_json, to_json

if TYPE_CHECKING:
    Desk = Any  # the fixture's class lives in a conftest


def card(code: str, rest: str, words: str = "") -> str:
    head = f"## What comes out?\n<!-- card: #one {words} -->\n\n"
    return f"{head}```python run\n{textwrap.dedent(code).strip()}\n```\n\n{textwrap.dedent(rest).strip()}\n"


EVEN = "import torch\nprint(torch.softmax(torch.zeros(4), dim=0))"
MISFIT = "import torch\nprint(torch.ones(2, 3) @ torch.ones(2, 3))"


@pytest.mark.parametrize(
    ("code", "options", "verdict"),
    [
        (EVEN, ("x `tensor([0.2500, 0.2500, 0.2500, 0.2500])`", "  `tensor([1., 1., 1., 1.])`"), "verified"),
        (EVEN, ("  `tensor([0.25, 0.25, 0.25, 0.25])`", "x `tensor([1., 1., 1., 1.])`"), "refuted"),
        (EVEN, ("x `[0.5, 0.5, 0.5, 0.5]`", "  `[1.0, 1.0, 1.0, 1.0]`"), "no-option"),
        ("print(1 / 3)", ("x 0.333", "  0.5"), "verified"),
        ("1 / 3", ("x 1/3", "  0.5"), "verified"),
        ("1 / 3", ("x 0.3334", "  0.5"), "imprecise"),
        ("import torch\ntorch.zeros(2, 5).shape", ("x `(2, 5)`", "  `(5, 2)`"), "verified"),
        ("print('a', 'b')\nprint(None)", ("x `a b None`", "  `a b`"), "verified"),
        ("print(True)", ("x `True`", "  `False`"), "verified"),
        ("import torch\ntorch.tensor([1.0]) / 0", ("x `tensor([inf])`", "  `tensor([0.])`"), "verified"),
        (MISFIT, ("x It raises a `RuntimeError`", "  `ValueError`", "  `tensor([[1., 1.]])`"), "verified"),
        (MISFIT, ("x an error", "  `tensor([[1., 1.]])`"), "verified"),
        (MISFIT, ("x `RuntimeError`", "  an error"), "several-options"),
        (MISFIT, ("  It fails", "x `tensor([[1., 1.]])`"), "refuted"),
        ("1 / 0", ("x `ZeroDivisionError: division by zero`", "  `ZeroDivisionError: zero`"), "verified"),
        (MISFIT, ("x `RuntimeError`", "  It runs without an error"), "verified"),
        (MISFIT, ("  `ValueError`", "x an unknown `RuntimeError: of mine`"), "no-option"),
        ("import torch\nprint(torch.tensor(1 / 3))", ("x 0.33333", "  0.33"), "verified"),
        ("print(2)", ("x `2`", "  It raises a `TypeError`"), "verified"),
        ("print(2)", ("  `3`", "x It raises a `TypeError`"), "no-option"),
    ],
)
def test_the_options_of_a_choice_are_held_against_the_result(
    desk: Desk, code: str, options: tuple[str, ...], verdict: str
) -> None:
    boxes = "\n".join(f"- [{option[0]}] {option[2:]}" for option in options)
    checked, problems = desk.one(card(code, boxes))
    assert checked.verdict == verdict
    assert (problems == []) == (verdict == "verified")
    (claim,) = checked.claims
    assert (claim.subject, claim.line, claim.code) == (Subject.ANSWER, 9, textwrap.dedent(code).strip())


def test_a_value_proves_wrong_what_says_another_value_and_leaves_prose_alone(desk: Desk) -> None:
    options = (
        "- [x] `tensor([1.])`\n- [ ] `tensor([1., 1.])`\n- [ ] `ValueError`\n- [ ] It depends on the day\n"
    )
    checked, _ = desk.one(card("import torch\ntorch.ones(1)", options))
    assert checked.options_proven == 3


def test_typed_and_recalled_answers_are_held_against_the_result(desk: Desk) -> None:
    code = "import torch\ntorch.zeros(3, 2).T.shape"
    for answer, words, verdict in (
        ("`(2, 3)`", "typed", Verdict.VERIFIED),
        ("- 2 x 3\n- torch.Size([2, 3])", "typed", Verdict.VERIFIED),
        ("(3, 2)", "typed", Verdict.REFUTED),
        ("`torch.Size([2, 3])`, since rows become columns.", "", Verdict.VERIFIED),
        ("```text\ntorch.Size([2, 3])\n```", "", Verdict.VERIFIED),
        ("`torch.Size([3, 2])`, all the same.", "", Verdict.REFUTED),
        ("Rows become columns.", "", Verdict.NOT_EVALUATED),
    ):
        checked, problems = desk.one(card(code, f"---\n\n{answer}", words))
        assert checked.verdict is verdict, answer
        assert bool(problems) == (verdict is not Verdict.VERIFIED)


def test_an_answer_that_is_left_empty_is_filled_in(desk: Desk) -> None:
    code = "print('a')\nprint('`b`')"
    checked, problems = desk.one(card(code, "---"))
    assert problems == []
    assert (checked.card.answer, checked.verdict) == ("```text output\na\n`b`\n```", Verdict.VERIFIED)
    checked, problems = desk.one(card("2 ** 10", "---", "typed"))
    assert (checked.card.kind, checked.card.accepted, problems) == (Kind.TYPED, ("`1024`",), [])
    checked, _ = desk.one(card("print('```')\n1 / 0", "---\n\n---\n\nDivide by nothing."))
    assert checked.card.answer == "````text output\n```\nZeroDivisionError: division by zero\n````"
    assert checked.card.explanation == "Divide by nothing."


def test_several_lines_cannot_be_typed(desk: Desk) -> None:
    checked, problems = desk.one(card("print(1)\nprint(2)", "---", "typed"))
    assert problems == ["error: a typed answer of several lines"]
    assert checked.verdict is Verdict.NOT_EVALUATED


def test_a_program_that_gives_nothing_needs_a_check_or_a_change(desk: Desk) -> None:
    checked, problems = desk.one(card("x = 1", "- [x] 1\n- [ ] 2"))
    assert problems == ["error: a program that gives no answer"]
    assert checked.verdict is Verdict.NOT_EVALUATED
    checked, problems = desk.one(card("x = 1", "- [x] 1\n- [ ] 2\n\n```python check\nanswer == 1\n```"))
    assert (problems, checked.verdict) == ([], Verdict.VERIFIED)


def test_a_check_beside_a_run_is_a_claim_of_its_own(desk: Desk) -> None:
    check = "\n\n```python check\nanswer == 3\n```"
    checked, problems = desk.one(card("print(2)", "- [x] 2\n- [ ] 5" + check))
    assert [claim.verdict for claim in checked.claims] == [Verdict.VERIFIED, Verdict.NO_OPTION]
    assert len(problems) == 1


def test_a_written_output_must_be_what_the_program_prints_now(desk: Desk) -> None:
    right = "print(1)\nprint(2)"
    rest = "```text output\n1\n{}\n```\n\n- [x] `1 2`\n- [ ] `2 1`"
    checked, problems = desk.one(card(right, rest.format(2)))
    assert [(claim.subject, claim.verdict) for claim in checked.claims] == [
        (Subject.ANSWER, Verdict.VERIFIED),
        (Subject.OUTPUT, Verdict.VERIFIED),
    ]
    assert problems == []
    checked, problems = desk.one(card(right, rest.format(3)))
    assert (checked.verdict, checked.claims[1].verdict) == (Verdict.REFUTED, Verdict.REFUTED)
    assert problems == ["error: line 2 of the output is `3`, but the program gives `2`"]


def test_the_last_program_of_the_question_gives_the_answer(desk: Desk) -> None:
    rest = "```python run\nprint(2)\n```\n\n- [x] 2\n- [ ] 5\n\nAnd then:\n\n```python run\nprint(5)\n```\n"
    checked, problems = desk.one(card("print(1)", rest))
    assert (checked.verdict, problems) == (Verdict.VERIFIED, [])


def test_a_cloze_card_only_runs_its_program(desk: Desk) -> None:
    text = "## Sums\n<!-- card: #c -->\n\n{{c1::Four}} comes out.\n\n```python run\nprint(4)\n```\n"
    checked, problems = desk.one(text)
    assert (checked.claims, problems) == ((), [])


def test_what_is_outside_the_language_is_an_error_with_its_place(desk: Desk) -> None:
    checked, problems = desk.one(card("import torch\nx = torch.load('x')", "- [x] 1\n- [ ] 2"))
    (claim,) = checked.claims
    assert (claim.verdict, claim.reason, claim.line, claim.code) == (
        Verdict.NOT_EVALUATED, "language", 10, "x = torch.load('x')",
    )  # fmt: skip
    assert problems == ["error: `torch.load` is outside the language"]
    checked, _ = desk.one(card("x = 1\nimport os\nprint(x)", "- [x] 1\n- [ ] 2"))
    assert [(one.reason, one.line) for one in checked.claims] == [("language", 10)]


def test_chance_is_no_answer_but_what_it_does_not_change_is(desk: Desk) -> None:
    options = "- [x] `(2, 3)`\n- [ ] `(3, 2)`"
    checked, _ = desk.one(card("import torch\nprint(torch.rand(2, 3))", options))
    assert [(one.verdict, one.reason, one.line) for one in checked.claims] == [
        ("not-evaluated", "chance", 10)
    ]
    found = desk.verify(card("import torch\nx = torch.rand(2, 3)\nprint(x.shape)", options))
    assert found.checked[0].verdict is Verdict.VERIFIED
    assert found.checked[0].claims[0].seeds == SEEDS
    checked, _ = desk.one(card("import torch\ntorch.manual_seed(1)\nprint(torch.rand(2, 3).shape)", options))
    assert (checked.verdict, checked.claims[0].seeds) == (Verdict.VERIFIED, ())


def test_evidence_answers_without_running_and_verdicts_are_decided_anew(desk: Desk) -> None:
    text = card("print(1)", "- [x] 1\n- [ ] 2")
    desk.verify(text)
    assert [job.kind for job in desk.computed] == [JobKind.RUN]
    desk.reload()
    checked, told = desk.one(text.replace("[x] 1", "[ ] 1").replace("[ ] 2", "[x] 2"))
    assert len(desk.computed) == 1
    assert checked.verdict is Verdict.REFUTED
    assert len(told) == 1


def test_the_worked_solution_shows_what_was_printed(desk: Desk) -> None:
    checked, _ = desk.one(card("import torch\nprint(torch.eye(2))", "---"))
    assert [(step.name, step.value) for step in checked.steps] == [("print", "tensor([[1., 0.], [0., 1.]])")]
    checked, _ = desk.one(card("import torch\ntorch.eye(\n    1\n)", "---"))
    assert [(step.name, step.value) for step in checked.steps] == [("torch.eye( 1 )", "tensor([[1.]])")]
    checked, _ = desk.one(card("print('so far')\n1 / 0", "---"))
    assert [step.name for step in checked.steps] == ["print", "raise"]


@pytest.mark.parametrize(
    "result",
    [RunResult(), RunResult("a\n", 1.5, "", True, "1.5"), RunResult(raised="ValueError: x", value=(2, 3))],
)
def test_results_survive_json(result: RunResult) -> None:
    assert from_json(to_json(result)) == result


def test_damaged_results_are_refused() -> None:
    damaged: Any
    for damaged in ([], {"printed": 1}, {"random": "yes"}, {"value": {"tensor": "?"}}):
        with pytest.raises(ValueError, match=r"\w"):
            from_json(damaged)
    good = outcome_to_json(outcome_from_json({"run": {"printed": "x"}}))
    assert good == {"run": {"printed": "x"}}
