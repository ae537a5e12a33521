"""Varying cards with a program: each variant runs the program as its learner sees it."""

from __future__ import annotations

from typing import Any

from verideck.cards import Verdict
from verideck.verifying.records import JobKind

PRINTS = """## What does it print?
<!-- card: #prints -->

```python run
x = «n»
print(x * 2)
print("done")
```

---

```python vary 3
n = [3, 4, 5]
```
"""
CHOICE = """## Which shape?
<!-- card: #shape -->

```python run
import torch
torch.ones(«n», 2).shape
```

- [x] `(«n», 2)`
- [ ] `(2, «m»)`

```python vary 3
n = [1, 3, 4]
m = n
```
"""


def test_the_program_runs_as_it_is_shown(desk: Any) -> None:
    checked, problems = desk.one(CHOICE)
    assert (problems, checked.verdict, checked.options_proven) == ([], Verdict.VERIFIED, 2)
    runs = [job for job in desk.computed if job.kind is JobKind.RUN]
    assert [job.code.split("\n")[1] for job in runs] == [f"torch.ones({n}, 2).shape" for n in (1, 3, 4)]
    assert {job.given for job in runs} == {""}


def test_options_that_are_both_right_in_one_variant_are_found(desk: Any) -> None:
    checked, problems = desk.one(CHOICE.replace("n = [1, 3, 4]", "n = [1, 2, 4]"))
    assert checked.verdict is Verdict.SEVERAL_OPTIONS
    assert any("options 1 and 2 are both `(2, 2)`, for n = 2, m = 2" in problem for problem in problems)


def test_a_wrong_answer_in_one_variant_is_refuted(desk: Any) -> None:
    text = CHOICE.replace("(«n», 2)`", "(«k», 2)`").replace("m = n", "m = n\nk = 9 if n == 4 else n")
    checked, problems = desk.one(text)
    assert checked.verdict is Verdict.NO_OPTION
    assert len(problems) == 1
    assert "for n = 4, m = 4, k = 9" in problems[0]


def test_what_a_program_prints_is_the_answer_of_each_variant(desk: Any) -> None:
    checked, problems = desk.one(PRINTS)
    assert (problems, checked.verdict) == ([], Verdict.VERIFIED)
    assert checked.card.answer == "```text output\n«~printed»\n```"
    assert [one.values["~printed"] for one in checked.variants] == ["6\ndone", "8\ndone", "10\ndone"]
    typed = PRINTS.replace("#prints", "#prints typed").replace('print("done")\n', "")
    checked, problems = desk.one(typed)
    assert (problems, checked.card.accepted) == ([], ("`«~printed»`",))
    assert [one.values["~printed"] for one in checked.variants] == ["6", "8", "10"]


def test_a_fault_in_the_program_is_told_once(desk: Any) -> None:
    checked, problems = desk.one(CHOICE.replace("torch.ones(", "torch.load("))
    assert checked.verdict is Verdict.NOT_EVALUATED
    assert len(problems) == 1
