"""Explaining a card on 80 columns, and worked solutions with the precision of the question."""

# ruff: noqa: E501 - tables and expected lines stand as they are

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
from click.testing import CliRunner

from verideck.cards import Card, Checked, Kind, Location, Option, Verdict
from verideck.cli import main
from verideck.verifying import explaining, working
from verideck.verifying.values import Tensor
from verideck.verifying.working import Line


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


FIRST = """## Which share does the first key get, when a query meets two keys and one of them points the same way?
<!-- card: #first-share -->

```python
weights = F.softmax(q @ k.T / math.sqrt(d_k), dim=-1)  # a line of code that is longer than eighty columns
```

- [x] `0.66976`
- [ ] `0.5`
- [ ] Nothing at all

It is more than half.

```python check
answer == attention_weights([[1, 0]], [[1, 0], [0, 1]])[0][0]
says("half", 1 / 2)
```
"""
SECOND = """## What is a half?
<!-- card: #second-half typed -->

---

0.5

```python check
answer == 1 / 2
explanation(measured("collisions", above=0.3))
```
"""


def deck(desk: Any) -> tuple[Checked, ...]:
    found: tuple[Checked, ...] = desk.verify(FIRST.replace('says("half", 1 / 2)\n', "") + SECOND).checked
    return found


def test_finding_a_card(desk: Any) -> None:
    cards = deck(desk)
    first, second = cards
    assert explaining.find(cards, "first-share") is first
    assert explaining.find(cards, "#second-half") is second
    assert explaining.find(cards, "half") is second  # a part of one id, though also of a question
    assert explaining.find(cards, "what is") is second
    for name, message in (
        ("scond-half", "no card goes by `scond-half`; did you mean `second-half`?"),
        ("s", "2 cards go by `s`: `#first-share`, `#second-half`"),
        ("", "no card goes by ``; `verideck check` lists the cards"),
    ):
        with pytest.raises(explaining.UnknownCardError) as unknown:
            explaining.find(cards, name)
        assert str(unknown.value) == message


def test_an_explanation_has_everything_on_80_columns(desk: Any) -> None:
    cards = deck(desk)
    text = explaining.explain(cards[0], cards)
    lines = text.split("\n")
    titles = [line for line in lines if line and not line.startswith((" ", "{", "#"))]
    assert titles[1:] == [
        "Question",
        "Options",
        "Check",
        "Steps",
        "Misconceptions",
        "Verdict",
        "Record, one claim a line",
    ]
    assert lines[:2] == ["#first-share  choice, verified", "a.md:5"]
    assert all(len(line) <= 80 for line in lines if not line.startswith("{") and "F.softmax" not in line)
    assert (
        "  weights = F.softmax(q @ k.T / math.sqrt(d_k), dim=-1)  # a line of code that is longer than eighty columns"
        in lines
    )
    assert "  [x] `0.66976`  (computed: it is so)" in lines
    assert "  [ ] `0.5`  (computed: it is not)" in lines
    assert "  [ ] Nothing at all" in lines
    assert "  answer == attention_weights([[1, 0]], [[1, 0], [0, 1]])[0][0]" in lines
    assert any(line.startswith("  told apart: even-weights, ") for line in lines)
    (record,) = [json.loads(line) for line in lines if line.startswith("{")]
    assert record["verdict"] == "verified"
    assert record["computed"] == {"text": "0.669762", "shape": None, "unit": None}
    assert record["torch"]
    assert record["reference"]


def test_a_measured_claim_is_explained(desk: Any) -> None:
    cards = deck(desk)
    text = explaining.explain(cards[1], cards)
    assert "Answer\n  0.5\n" in text
    folded = " ".join(text.split())
    assert "5 seeds, spread 0.0104" in folded
    assert "0.5425, spread 0.01, to be above 0.3, 5 seeds ✓" in folded


def test_only_its_own_problems_are_told(desk: Any) -> None:
    found = desk.verify(FIRST + SECOND.replace("0.5\n", "0.9\n"))
    first, second = (explaining.explain(one, found.checked, found.problems) for one in found.checked)
    assert "`half` is no value" in first
    assert "but `0.5` was computed" not in first
    assert "but `0.5` was computed" in " ".join(second.split())
    assert "refuted" in second


def test_a_card_that_claims_nothing(desk: Any) -> None:
    (one,) = desk.verify("## Why?\n\nBecause.\n").checked
    assert "unchecked: nothing is claimed" in explaining.explain(one, [one])
    assert explaining.find([one], "why") is one


def test_the_command(tmp_path: Any) -> None:
    (tmp_path / "a.md").write_text(f"---\ndeck: Tests\n---\n\n{SECOND}", encoding="utf-8")
    runner = CliRunner()
    done = runner.invoke(main, ["explain", "half", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "#second-half  typed, verified" in done.stdout
    assert list(tmp_path.iterdir()) == [tmp_path / "a.md"]  # nothing is written
    done = runner.invoke(main, ["explain", "second-halve", str(tmp_path)])
    assert done.exit_code == 2
    assert "no card goes by `second-halve`; did you mean `second-half`?" in done.output
    listed = runner.invoke(main, ["library"]).output
    assert "rounds_capture_more" in listed
    assert "attention_weights" in listed
    shown = runner.invoke(main, ["library", "reversible_drift"]).output
    assert "precision (default 'float64')" in shown
    assert "none of its own" in shown
    assert "Holds    above 0.3" in runner.invoke(main, ["library", "rounds_capture_more"]).output
    both = runner.invoke(main, ["library", "dot_product_variance"]).output
    assert "answer == dot_product_variance(64)" in both
    assert 'measured("dot_product_variance", above=0)' in both
    assert (
        "did you mean `rounds_capture_more`" in runner.invoke(main, ["library", "rounds_capture_mor"]).output
    )


def asking(*texts: str, kind: Kind = Kind.CHOICE) -> Card:
    at = Location("a.md")
    options = tuple(Option(text, n == 0, at) for n, text in enumerate(texts))
    return Card(
        kind,
        at,
        "?",
        "D",
        options=options if kind is Kind.CHOICE else (),
        accepted=texts[:1] if kind is Kind.TYPED else (),
    )


@pytest.mark.parametrize(
    ("card", "digits"),
    [
        (asking("`0.5`", "`0.25`"), 4),
        (asking("`0.50000`", "`0.25`"), 5),
        (asking("[0.6666667, 0.3]", "Nothing"), 7),
        (asking("`0.12345678901234`"), 10),
        (asking("Nothing"), 4),
        (asking("0.333333", kind=Kind.TYPED), 6),
    ],
)
def test_the_question_s_precision(card: Card, digits: int) -> None:
    assert working.precision(card) == digits


def test_steps_have_the_digits_of_the_question() -> None:
    third = Line("a third", 1 / 3)
    small = Line("small", Tensor((0.0123456, 0.001), (2,), "float"))
    text = Line("told", "1 < 2 ✓")
    assert [step.value for step in working.steps(asking("`0.5`"), [third, small, text])] == [
        "0.3333",
        "[0.01235, 0.00100]",
        "1 < 2 ✓",
    ]
    assert [step.value for step in working.steps(asking("`0.500000`"), [third, small])] == [
        "0.333333",
        "[0.012346, 0.001000]",
    ]


def test_one_check_is_printed_for_each_card_as_it_asks(desk: Any) -> None:
    coarse = FIRST.replace('says("half", 1 / 2)\n', "")
    fine = coarse.replace("#first-share", "#fine").replace("0.66976", "0.66976155")
    one, other = desk.verify(coarse + fine).checked
    assert len(desk.computed) == 1
    assert {one.verdict, other.verdict} == {Verdict.VERIFIED}
    assert one.steps[-1].value == "0.66976"
    assert other.steps[-1].value == "0.66976155"


@pytest.mark.parametrize(
    ("check", "names"),
    [
        ("answer == attention([[1, 0]], [[1, 0], [0, 1]], [[2], [4]])[0][0]", ["q kᵀ", "√d_k = √2", "q kᵀ / √d_k", "weights = softmax(scores)", "output = weights · v"]),
        ("answer == lsh_attention([[1, 0], [0, 1]], [[2], [4]], identity(2), 1)[0][0]", ["xR", "buckets, by the largest of [xR ; −xR]", "positions sorted by bucket", "chunks of 1", "output"]),
        ('answer == reversible_inverse(5, 27, "double", "square").x1', ["G(y_1), G(x) = x²", "x_2 = y_2 − G(y_1)", "F(x_2), F(x) = 2x", "x_1 = y_1 − F(x_2)"]),
        ('answer == reversible_forward(1, 2, "double", "square").y2', ["F(x_2), F(x) = 2x", "y_1 = x_1 + F(x_2)", "G(y_1), G(x) = x²", "y_2 = x_2 + G(y_1)"]),
        ("answer == lsh_sort([1, 0, 1])[0]", ["buckets in order", "whose they are: positions, from 0"]),
        ("answer == linear([1, 2], [[1, 1]], [0.5])[0]", ["x Wᵀ", "x Wᵀ + b"]),
        ("answer == number_of_buckets(64, 8)", ["buckets = 2 · 64 / 8"]),
        ("answer == gini([0.5, 0.5])", ["weights, ascending", "Σ (2i − S − 1) p_i / S"]),
    ],
)  # fmt: skip
def test_reference_steps(desk: Any, check: str, names: list[str]) -> None:
    (checked,) = desk.verify(f"## What?\n\n---\n\nThis.\n\n```python check\n{check}\n```\n").checked
    assert [step.name for step in checked.steps][: len(names)] == names


def test_a_claim_names_its_convention(desk: Any) -> None:
    text = "## How many?\n<!-- card: #many typed -->\n\n---\n\n16\n\n```python check\nanswer == number_of_buckets(64, 8{})\n```\n"
    (checked,) = desk.verify(text.format("")).checked
    assert [claim.convention for claim in checked.claims] == ["paper"]
    (checked,) = desk.verify(text.format(', convention="huggingface"')).checked
    assert [claim.convention for claim in checked.claims] == ["huggingface"]
    (checked,) = desk.verify(text.format(") + number_of_buckets(8, 8) - (2")).checked
    assert [claim.verdict for claim in checked.claims] == [Verdict.VERIFIED]
