"""The verdict table, case by case."""

# ruff: noqa: E501 - tables with one case per line

from __future__ import annotations

from typing import Protocol

import pytest

from verideck.cards import Checked, Citation, Match, Subject, Verdict


class Desk(Protocol):
    def one(self, text: str) -> tuple[Checked, list[str]]: ...


def choice(options: str, check: str, directive: str = "#a") -> str:
    """Write a choice card; options as `x: text` or `text`, separated by ` | `."""
    boxes = "\n".join(
        f"- [{'x' if option.startswith('x: ') else ' '}] {option.removeprefix('x: ')}"
        for option in options.split(" | ")
    )
    return f"## Which?\n<!-- card: {directive} -->\n\n{boxes}\n\n```python check\n{check}\n```\n"


def recall(answer: str, check: str, explanation: str = "") -> str:
    separated = f"Please.\n\n---\n\n{answer}\n\n---\n\n{explanation}" if explanation else answer
    return f"## What?\n<!-- card: #a -->\n\n{separated}\n\n```python check\n{check}\n```\n"


def typed(answers: str, check: str) -> str:
    listed = "\n".join(f"- {text}" for text in answers.split(" | "))
    return f"## What?\n<!-- card: #a typed -->\n\n---\n\n{listed}\n\n```python check\n{check}\n```\n"


def cloze(text: str, check: str) -> str:
    return f"## What?\n<!-- card: #a -->\n\n{text}\n\n```python check\n{check}\n```\n"


V = Verdict


@pytest.mark.parametrize(
    ("options", "check", "verdict", "proven", "problem"),
    [
        ("x: `4` | `5` | `6`", "answer == 2 + 2", V.VERIFIED, 3, ""),
        ("`4` | x: `5`", "answer == 2 + 2", V.REFUTED, 2, "error: option 1 `4` equals the computed `4`, but the tick is at 2"),
        ("x: `7` | `5`", "answer == 2 + 2", V.NO_OPTION, 2, "error: no option equals the computed `4`"),
        ("x: four | `5`", "answer == 2 + 2", V.NO_OPTION, 1, "error: no option equals the computed `4`"),
        ("x: four | five", "answer == 2 + 2", V.NO_OPTION, 0, "error: no option can be compared with the computed `4`"),
        ("x: `0.5` | `0.50`", "answer == 1 / 2", V.REFUTED, 1, "error: option 2 `0.50` equals the computed `0.5`, but the tick is at 1"),
        ("`0.3` | x: `0.33` | `0.4`", "answer == 1 / 3", V.VERIFIED, 1, ""),
        ("x: `0.3` | `0.33` | `0.2`", "answer == 1 / 3", V.REFUTED, None, "error: option 2 `0.33` equals the computed `0.3333`, but the tick is at 1"),
        ("x: `(2, 5)` | `[2.0, 5.0]` | `10`", "answer == (2, 5)", V.VERIFIED, None, ""),
        ("x: $x_2 = y_2 - G(y_1)$ | $x_2 = y_2 - F(x_1)$", 's = equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)")\nanswer == solve(s, "x_2", known=["y_1", "y_2"])', V.VERIFIED, 2, ""),
        ("$x_2 = y_2 - G(y_1)$ | x: $x_2 = y_2 - F(x_1)$", 's = equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)")\nanswer == solve(s, "x_2", known=["y_1", "y_2"])', V.REFUTED, 2, "error: option 1"),
        ("x: $x_2 = y_2 - G(y_1)$ | $-G(y_1) + y_2$", 's = equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)")\nanswer == solve(s, "x_2", known=["y_1", "y_2"])', V.SEVERAL_OPTIONS, None, "error: option 1"),
        ("x: `0.33` | `0.34`", "answer == about(0.335, 0.01)", V.SEVERAL_OPTIONS, None, "error: option 1 `0.33` and option 2 `0.34` all equal"),
        ("x: `0.67` | `0.4`", "answer == about(0.6, 0.1)", V.VERIFIED, 2, ""),
        ("x: `0.66` | `0.5`", "answer == 2 / 3", V.IMPRECISE, None, "error: option 1 `0.66` is not quite the computed"),
        ("x: `0.667` | `0.666` | `0.66`", "answer == 2 / 3", V.VERIFIED, 1, "warning: option 2 `0.666` is almost right"),
        ("x: `16 GB` | `8 GiB`", "answer == 16 * GiB", V.IMPRECISE, None, "error: option 1 `16 GB` is not quite the computed"),
        ("x: Memory | Time", 'option("Memory", 1 < 2)\noption("Time", 3 < 2)', V.VERIFIED, 2, ""),
        ("x: Memory | Time", 'option("Time", 3 < 2)', V.UNCHECKED, 1, ""),
        ("x: Memory | Time", 'option("Memory", 2 < 1)', V.REFUTED, 1, "error: option 1 `Memory` is ticked, but its condition is false: 2 < 1"),
        ("x: Memory | Time", 'option("Time", 1 < 2)', V.REFUTED, 1, "error: option 2 `Time` is not ticked, but its condition is true: 1 < 2"),
        ("x: Memory | Time", 'option("Tim ", 1 < 2)', V.NOT_EVALUATED, 0, "error: no option holds `Tim`"),
        ("x: Memory | Time", 'option("m", 1 < 2)', V.NOT_EVALUATED, 0, "error: `m` stands in options 1, 2"),
        ("x: Time | Time and memory", 'option("Time", 1 < 2)', V.VERIFIED, 1, ""),
        ("x: Memory | Time", 'cited("reformer", "section 3")', V.CITED, 0, ""),
        ("x: Memory | Time", 'cited("reformer", "section 3", option="Memory")', V.CITED, 0, ""),
        ("x: Memory | Time", 'cited("reformer", "section 3", option="Time")', V.UNCHECKED, 0, ""),
        ("x: Memory | Time", 'cited("reformr", "section 3")', V.NOT_EVALUATED, 0, "error: `reformr` is not among the works of `deck.toml`"),
        ("x: Memory | Time", "x = 1", V.UNCHECKED, 0, "warning: a check that claims nothing"),
        ("x: Memory | Time", "cloze(1) == 3", V.NOT_EVALUATED, 0, "error: no cloze `c1` on this card"),
        ("x: Memory | Time", "answer == atention(1)", V.NOT_EVALUATED, 0, "error: an unknown name `atention`"),
        ("x: Memory | Time", "answer == measured(1)", V.NOT_EVALUATED, 0, "error: an experiment whose name is not written out"),
    ],
)  # fmt: skip
def test_choice(
    desk: Desk, options: str, check: str, verdict: Verdict, proven: int | None, problem: str
) -> None:
    checked, problems = desk.one(choice(options, check))
    problems = [one for one in problems if "is the same" not in one]  # equal options have tests of their own
    assert checked.verdict is verdict
    assert proven is None or checked.options_proven == proven
    assert [one[: len(problem)] for one in problems] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("options", "check", "verdict", "problem"),
    [
        ("x: `0.5` | x: `0.50` | `2`", "answer == 1 / 2", V.VERIFIED, ""),
        ("x: `0.5` | `0.50` | `2`", "answer == 1 / 2", V.REFUTED, "error: option 1 `0.5` and option 2 `0.50` equal"),
        ("x: Memory | Time", 'option("Memory", 1 < 2)', V.UNCHECKED, ""),
        ("x: Memory | Time", 'option("Memory", 1 < 2)\ncited("reformer", "section 3", option="Time")', V.CITED, ""),
        ("x: Memory | Time", 'option("Memory", 1 < 2)\noption("Time", 2 < 1)\ncited("reformer", "3", option="Time")', V.VERIFIED, ""),
        ("x: Memory | x: Time", 'option("Memory", 1 < 2)\noption("Time", 2 < 1)', V.REFUTED, "error: option 2 `Time` is ticked"),
    ],
)  # fmt: skip
def test_select_all(desk: Desk, options: str, check: str, verdict: Verdict, problem: str) -> None:
    checked, problems = desk.one(choice(options, check, "#a select-all"))
    problems = [one for one in problems if "is the same" not in one]  # equal options have tests of their own
    assert checked.verdict is verdict
    assert [one[: len(problem)] for one in problems] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("answers", "check", "verdict", "problem"),
    [
        ("`(2, 5, 64)`", "answer == (2, 5, 64)", V.VERIFIED, ""),
        ("`(2, 5, 64)` | 2 x 5 x 64", "answer == (2, 5, 64)", V.VERIFIED, ""),
        ("`4` | `5`", "answer == 4", V.REFUTED, "error: the accepted answer is `5`, but `4` was computed"),
        ("1.38", "answer == log(4)", V.IMPRECISE, "error: the accepted answer `1.38` is not quite the computed"),
        ("1.39", "answer == log(4)", V.VERIFIED, ""),
        ("4", 'option("4", True)', V.NOT_EVALUATED, "error: `option` on a typed card"),
        ("`4` | four", "answer == 2 + 2", V.VERIFIED, ""),
        ("`5` | five", "answer == 2 + 2", V.REFUTED, "error: the accepted answer is `5`"),
        ("four", "answer == 2 + 2", V.NOT_EVALUATED, "error: the accepted answer `four` cannot be compared"),
        ("`4`", "x = 2 + 2", V.UNCHECKED, "warning: a check that claims nothing"),
        ("softmax", 'answer == "soft" + "max"', V.VERIFIED, ""),
        ("sigmoid", 'answer == "soft" + "max"', V.REFUTED, "error: the accepted answer is `sigmoid`"),
    ],
)  # fmt: skip
def test_typed(desk: Desk, answers: str, check: str, verdict: Verdict, problem: str) -> None:
    checked, problems = desk.one(typed(answers, check))
    assert checked.verdict is verdict
    assert [one[: len(problem)] for one in problems] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("answer", "check", "verdict", "problem"),
    [
        ("16", "answer == 4 ** 2", V.VERIFIED, ""),
        ("`16`: four squared.", "answer == 4 ** 2", V.VERIFIED, ""),
        ("It is **16**.", "answer == 4 ** 2", V.VERIFIED, ""),
        ("With `softmax` it is $16$.\n\nNot `17`.", "answer == 4 ** 2", V.VERIFIED, ""),
        ("17", "answer == 4 ** 2", V.REFUTED, "error: the answer is `17`, but `16` was computed"),
        ("`16` or `17`", "answer == 4 ** 2", V.NOT_EVALUATED, "error: 2 values on the answer's first line"),
        ("Sixteen.", "answer == 4 ** 2", V.NOT_EVALUATED, "error: an answer that cannot be compared"),
        ("About sixteen, 16.", 'says("16", 4 ** 2)', V.VERIFIED, ""),
        ("About sixteen, 17.", 'says("17", 4 ** 2)', V.REFUTED, "error: the answer is `17`, but `16` was computed"),
        ("Sixteen.", "explanation(4 ** 2 == 16)", V.UNCHECKED, ""),
        ("Sixteen.", "explanation(4 ** 2 == 17)", V.REFUTED, "error: `4 ** 2 == 17` is false: 16 == 17"),
        ("Sixteen.", 'cited("vaswani", "table 1")', V.CITED, ""),
        ("16", 'answer == 16\ncited("vaswani", "table 1")', V.VERIFIED, ""),
        ("16", 'answer == 16\nexplanation(1 == 2)', V.REFUTED, "error: `1 == 2` is false"),
        ("`[[0]]`", "answer == causal_mask(2)", V.NOT_EVALUATED, "error: minus infinity"),
        ("1", "answer == inf", V.NOT_EVALUATED, "error: "),
        ("1", "answer == inf - inf", V.NOT_EVALUATED, "error: `-` gives NaN"),
        ("1", "explanation(softmax([1], mask=[-inf])[0] == 1)", V.NOT_EVALUATED, "error: "),
        ("$y_2 - G(y_1)$", 'answer == solve(equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)"), "x_2", known=["y_1", "y_2"]).formula', V.VERIFIED, ""),
        ("$y_2 + G(y_1)$", 'answer == solve(equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)"), "x_2", known=["y_1", "y_2"]).formula', V.REFUTED, "error: the answer is"),
        ("16 GiB", "answer == attention_bytes(65536, bytes_per_number=4)", V.VERIFIED, ""),
        ("16", "answer == 16\nx = foo", V.NOT_EVALUATED, "error: an unknown name `foo`"),
    ],
)  # fmt: skip
def test_recall(desk: Desk, answer: str, check: str, verdict: Verdict, problem: str) -> None:
    checked, problems = desk.one(recall(answer, check))
    assert checked.verdict is verdict
    assert [one[: len(problem)] for one in problems] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("explanation", "check", "verdict", "problem"),
    [
        ("It is ln 4, 1.386.", 'says("1.386", log(4))', V.VERIFIED, ""),
        ("It is 1.38.", 'says("1.38", log(4))', V.IMPRECISE, "warning: the explanation `1.38` is not quite"),
        ("It is 1.5.", 'says("1.5", log(4))', V.REFUTED, "error: the explanation is `1.5`"),
        ("It is 1.5.", 'says("1.5", about(log(4), 0.2))', V.VERIFIED, ""),
        ("It is 1.3862.", 'says("1.386", log(4))', V.NOT_EVALUATED, "error: `1.386` does not stand in the explanation"),
        ("1.386 is 1.386.", 'says("1.386", log(4))', V.NOT_EVALUATED, "error: `1.386` stands 2 times in the explanation"),
        ("Fourfold.", 'says("Fourfold", 4)', V.NOT_EVALUATED, "error: `Fourfold` is no value"),
        ("It is 2 in `x_2`, at 2.5.", 'says("2", 1 + 1)', V.VERIFIED, ""),
    ],
)  # fmt: skip
def test_says(desk: Desk, explanation: str, check: str, verdict: Verdict, problem: str) -> None:
    checked, problems = desk.one(recall("16", f"answer == 16\n{check}", explanation))
    assert checked.claims[1].verdict is verdict
    assert checked.claims[1].subject is Subject.EXPLANATION
    wrong = verdict in (V.REFUTED, V.NOT_EVALUATED)
    assert checked.verdict is (verdict if wrong else V.VERIFIED)
    assert [one[: len(problem)] for one in problems] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("text", "check", "verdict", "problem"),
    [
        ("It is {{c1::14::number}}.", "cloze(1) == 14", V.VERIFIED, ""),
        ("It is {{c1::14}}.", "answer == 14", V.VERIFIED, ""),
        ("It is {{c1::15}}.", "cloze(1) == 14", V.REFUTED, "error: cloze 1 is `15`, but `14` was computed"),
        ("{{c1::14}} is {{c1::15}}.", "cloze(1) == 14", V.REFUTED, "error: cloze 1 is `15`"),
        ("{{c1::14}} and {{c2::15}}.", "answer == 14", V.NOT_EVALUATED, "error: `answer` on a card with 2 clozes"),
        ("{{c1::14}} and {{c2::15}}.", "cloze(1) == 14", V.UNCHECKED, ""),
        ("{{c1::14}} {{c2::words}}.", "cloze(1) == 14", V.VERIFIED, ""),
        ("{{c1::14}} and {{c2::15}}.", "cloze(3) == 14", V.NOT_EVALUATED, "error: no cloze `c3` on this card"),
        ("A {{c1::word}}.", "cloze(1) == 14", V.NOT_EVALUATED, "error: cloze 1 `word` cannot be compared"),
    ],
)  # fmt: skip
def test_cloze(desk: Desk, text: str, check: str, verdict: Verdict, problem: str) -> None:
    checked, problems = desk.one(cloze(text, check))
    assert checked.verdict is verdict
    assert [one[: len(problem)] for one in problems] == ([problem] if problem else [])


def test_a_claims_record(desk: Desk) -> None:
    checked, _ = desk.one(choice("x: `0.333` | `0.5` | words", "third = 1 / 3\n\nanswer == third"))
    (claim,) = checked.claims
    assert (claim.card, claim.path, claim.line) == ("a", "a.md", 15)
    assert (claim.subject, claim.code, claim.verdict) == (Subject.ANSWER, "answer == third", V.VERIFIED)
    assert claim.claimed == "`0.333`"
    assert claim.computed is not None
    assert claim.computed.text.startswith("0.333")
    assert claim.options == (Match(1, True), Match(2, False))
    assert claim.tolerance == pytest.approx(0.0005, rel=0.01)
    assert (claim.torch, claim.reference) == (None, None)


def test_citations_are_gathered(desk: Desk) -> None:
    check = 'cited("reformer", "section 3")\ncited("vaswani", "table 1", option="a")\ncited("reformer", "section 3")'
    checked, _ = desk.one(choice("x: a | b", check))
    assert checked.citations == (Citation("reformer", "section 3"), Citation("vaswani", "table 1"))


def test_a_problem_points_into_its_check(desk: Desk) -> None:
    from verideck.verifying.run import Verification

    found = desk.verify(recall("16", "x = 3\n  \nanswer == x  # no"))  # type: ignore[attr-defined]  # the fixture has it
    assert isinstance(found, Verification)
    (problem,) = found.problems
    assert (problem.path, problem.line, problem.column) == ("a.md", 13, 1)
    assert problem.hint == "mend the text, or the check"


def test_several_checks_of_one_card_add_up(desk: Desk) -> None:
    text = (
        choice("x: Memory | Time", 'option("Memory", 1 < 2)')
        + '\n```python check\noption("Time", 2 < 1)\n```\n'
    )
    checked, problems = desk.one(text)
    assert (checked.verdict, checked.options_proven, problems) == (V.VERIFIED, 2, [])
