"""Varying cards: every variant is verified, a fault names its values, and evidence is reused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from verideck.cards import Verdict
from verideck.problems import Severity
from verideck.reading import markdown
from verideck.verifying import run
from verideck.verifying.budgets import Fault
from verideck.verifying.compute import compute
from verideck.verifying.evidence import Evidence
from verideck.verifying.records import JobKind, Outcome

CHOICE = """## What is the weight of «n» equal scores of «x»?
<!-- card: #even -->

- [x] `«w:.4f»`
- [ ] `«x:.4f»`

Equal scores over «n» keys: an entropy of «e:.3f».

```python vary 4
n = [2, 4, 5, 8]
x = [0.6, 1.5]
```

```python check
w = softmax([x] * n)[0]
answer == w
e = entropy([1 / n] * n)
says("«e:.3f»", e)
option("«x:.4f»", x == 1 / n)
```
"""
RECALL = """## What is half of «n»?
<!-- card: #half -->

---

`«h»`

```python vary 3
n = range(2, 9, 2)
h = n / 2
```

```python check
answer == n / 2
```
"""


def test_every_variant_is_verified_as_a_card_of_its_own(desk: Any) -> None:
    checked, problems = desk.one(CHOICE)
    assert problems == []
    assert checked.verdict is Verdict.VERIFIED
    assert checked.options_proven == 2
    assert [claim.variant for claim in checked.claims] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert {claim.verdict for claim in checked.claims} == {Verdict.VERIFIED}
    first = checked.variants[0].values
    assert first == {"n": "2", "x": "0.6", "w:.4f": "0.5000", "x:.4f": "0.6000", "e:.3f": "0.693"}
    assert len({tuple(one.values.items()) for one in checked.variants}) == 4
    assert checked.card.heading == "What is the weight of «n» equal scores of «x»?"
    assert [claim.claimed for claim in checked.claims[::3]] == [
        f"`{one.values['w:.4f']}`" for one in checked.variants
    ]


def test_each_variant_has_its_own_worked_solution(desk: Any) -> None:
    checked, _ = desk.one(CHOICE)
    assert checked.steps == checked.variants[0].steps
    assert len({len(one.steps) for one in checked.variants}) == 1
    for one in checked.variants:
        weight = float(one.values["w:.4f"])
        assert float({step.name: step.value for step in one.steps}["w = softmax([x] * n)[0]"]) == weight


def test_shorter_worked_solutions_are_filled_up(desk: Any) -> None:
    weights = "attention_weights([[n]], [[1]])[0][0] * n / 2"
    checked, problems = desk.one(RECALL.replace("== n / 2", f"== ({weights} if n < 5 else n / 2)"))
    assert problems == []
    lengths = [sum(bool(step.value) for step in one.steps) for one in checked.variants]
    assert len(set(lengths)) == 2
    assert {len(one.steps) for one in checked.variants} == {max(lengths)}


def test_a_wrong_variant_is_an_error_that_names_its_values(desk: Any) -> None:
    checked, problems = desk.one(RECALL.replace("vary 3", "vary 4").replace("h = n / 2", "h = 2"))
    assert checked.verdict is Verdict.REFUTED
    assert [claim.verdict for claim in checked.claims].count(Verdict.VERIFIED) == 1
    assert problems == [
        "error: the answer is `2`, but `1` was computed, for n = 2, h = 2 (and for 2 more of 4 variants)"
    ]


def test_one_wrong_variant_of_many_is_found(desk: Any) -> None:
    text = RECALL.replace("vary 3", "vary 4").replace("h = n / 2", "h = 4 if n == 6 else n / 2")
    checked, problems = desk.one(text)
    assert checked.verdict is Verdict.REFUTED
    assert problems == ["error: the answer is `4`, but `3` was computed, for n = 6, h = 4"]


def test_exactly_one_option_is_right_in_every_variant(desk: Any) -> None:
    checked, problems = desk.one(
        CHOICE.replace("x = [0.6, 1.5]", "x = [0.5, 0.125]").replace("option(", "# (")
    )
    assert checked.verdict is Verdict.SEVERAL_OPTIONS
    texts = [one.partition(": ")[2] for one in problems]
    assert any(
        text.startswith("options 1 and 2 are both `0.5000`, for n = 2, x = 0.5") for text in texts
    ) or any(text.startswith("options 1 and 2 are both `0.1250`, for n = 8, x = 0.125") for text in texts)


def test_options_that_are_equal_by_value_in_one_variant(desk: Any) -> None:
    text = CHOICE.replace("`«x:.4f»`", "`«x»`").replace('option("«x:.4f»", x == 1 / n)', "")
    _, problems = desk.one(text.replace("vary 4", "vary 8").replace("[0.6, 1.5]", "[0.6, 0.2]"))
    assert "error: option `0.2` is the same value as `0.2000`, for n = 5, x = 0.2" in [
        one.replace("`", "`") for one in problems
    ] or [one for one in problems if "is the same value as" in one and "n = 5, x = 0.2" in one]


def test_a_typed_card_and_a_cloze_card_may_vary(desk: Any) -> None:
    typed = RECALL.replace("#half", "#half typed").replace("`«h»`", "«h»")
    assert desk.one(typed)[0].verdict is Verdict.VERIFIED
    cloze = "## Half\n<!-- card: #c -->\n\nHalf of «n» is {{c1::«h»}}.\n" + RECALL.partition("`«h»`\n")[2]
    checked, problems = desk.one(cloze)
    assert (checked.verdict, problems) == (Verdict.VERIFIED, [])
    assert [claim.claimed for claim in checked.claims] == [one.values["h"] for one in checked.variants]


def test_heatmaps_are_computed_for_each_variant_with_its_names_and_texts(desk: Any) -> None:
    text = RECALL + """
```python heatmap row
weights = [softmax([0] * n)]
queries = ["«h» of it"]
keys = ["k"] * n
alt = "«n» even weights."
```

```python heatmap same
weights = [[1, 0]]
queries = ["q"]
keys = ["a", "b"]
alt = "One weight."
```
"""  # fmt: skip
    text = text.replace("`«h»`\n", "`«h»`\n\n---\n\nWhy.\n")
    checked, problems = desk.one(text)
    assert problems == []
    for one in checked.variants:
        row, same = one.heatmaps
        assert (row.name, row.alt) == ("row", f"{one.values['n']} even weights.")
        assert len(row.keys) == int(one.values["n"])
        assert row.queries == (f"{one.values['h']} of it",)
        assert same == checked.heatmaps[1]
    assert checked.heatmaps == checked.variants[0].heatmaps
    assert len([job for job in desk.computed if job.kind is JobKind.HEATMAP]) == 4


def test_a_text_edit_computes_nothing_anew(desk: Any) -> None:
    first = desk.verify(CHOICE)
    count = len(desk.computed)
    assert count == 1 + 4
    desk.reload()
    again = desk.verify(CHOICE.replace("Equal scores over", "So many equal scores over"))
    assert len(desk.computed) == count
    assert [one.values for one in again.checked[0].variants] == [
        one.values for one in first.checked[0].variants
    ]
    more = desk.verify(CHOICE.replace("an entropy", "of size «x:.1f», an entropy"))
    assert len(desk.computed) == count
    assert more.checked[0].variants[0].values["x:.1f"] == "0.6"


def test_a_check_is_given_only_the_names_it_mentions(desk: Any) -> None:
    desk.verify(RECALL)
    assert [job.given for job in desk.computed] == [
        '{"card":"half","count":3}',
        *(f'{{"n":{json.loads(job.given)["n"]}}}' for job in desk.computed[1:]),
    ]
    assert len(desk.computed) == 4
    desk.verify(RECALL.replace("h = n / 2", "h = n / 2\nq = [7, 8]"))
    assert len({job for job in desk.computed if job.kind is JobKind.CHECK}) <= 4


def test_all_evidence_of_a_varying_card_is_kept_and_unused_evidence_goes(desk: Any) -> None:
    desk.verify(CHOICE + RECALL, whole=True)
    assert len(desk.evidence.records) == 1 + 4 + 1 + 3
    desk.verify(RECALL, whole=True)
    assert sorted(record.kind for record in desk.evidence.records.values()) == ["check"] * 3 + ["vary"]
    assert {record.given for record in desk.evidence.records.values()} >= {'{"n":2}'}


def test_too_few_combinations_are_one_error_at_the_fence(desk: Any) -> None:
    found = desk.verify(RECALL.replace("vary 3", "vary 9"))
    (problem,) = found.problems
    assert (problem.line, problem.message) == (13, "only 4 combinations for 9 variants")
    assert problem.hint == "draw from more values, or write `python vary 4`"
    (checked,) = found.checked
    assert (checked.verdict, checked.variants) == (Verdict.NOT_EVALUATED, ())
    assert [claim.reason for claim in checked.claims] == ["language"]


def test_a_fault_of_every_variant_is_told_once(desk: Any) -> None:
    _, problems = desk.one(RECALL.replace("answer == n / 2", "answer == halve(n)"))
    assert problems == ["error: an unknown name `halve`"]
    text = RECALL.replace("vary 3", "vary 4").replace("answer == n / 2", "answer == n / 2 + 0 / (n - 4)")
    assert desk.one(text)[1] == ["error: a division by zero, for n = 4, h = 2.0"]


def test_placeholders_that_cannot_be_written(desk: Any) -> None:
    _, problems = desk.one(RECALL.replace("`«h»`", "`«h»`\n\n---\n\n«h:d»"))
    (problem,) = problems
    assert problem.startswith("error: `«h:d»` cannot be written: `d` does not fit 1.0; a format is")
    text = RECALL.replace("answer ==", "r = reversible_forward(1, 2, 'double', 'square')\nanswer ==")
    _, problems = desk.one(text.replace("`«h»`", "`«h»`\n\n---\n\n«r»"))
    assert problems == ["error: `«r»` has no value"]


def test_a_misspelt_placeholder_in_a_check_has_no_value(desk: Any) -> None:
    _, problems = desk.one(CHOICE.replace('says("«e:.3f»"', 'says("«f:.3f»"'))
    assert any("does not stand in the explanation" in one or "has no value" in one for one in problems)


def test_a_card_varies_no_more_than_a_crash_lets_it(desk: Any) -> None:
    desk.computing = lambda job: Outcome(faults=(Fault(1, 1, "it crashed", "", "crash"),))
    checked, problems = desk.one(RECALL)
    assert checked.verdict is Verdict.NOT_EVALUATED
    assert problems == ["error: it crashed"]


def test_without_torch_one_problem_says_so(desk: Any) -> None:
    def computing(job: Any) -> Outcome:
        if job.kind is JobKind.CHECK:
            return Outcome(faults=(Fault(1, 1, "no torch", "", "torch"),))
        return compute(job.kind, job.code, job.given)

    desk.computing = computing
    found = desk.verify(CHOICE)
    assert [problem.message for problem in found.problems] == [
        "4 checks and heatmaps must be computed, and torch is not installed"
    ]


def test_progress_goes_on_over_the_rounds(desk: Any, project: Any) -> None:
    told: list[tuple[int, int]] = []
    run.verify(
        desk.cards(CHOICE), project, Evidence(), progress=lambda *now: told.append(now), compute=desk._compute
    )
    assert told == [(1, 1), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_the_reader_s_errors_stand_beside(desk: Any) -> None:
    reading = markdown.read("---\ndeck: T\n---\n\n" + RECALL.replace("`«h»`", "`«hh»`"), "a.md")
    assert [(one.severity, one.message) for one in reading.problems] == [
        (Severity.ERROR, "an unknown varying value `«hh»`")
    ]


def test_options_count_as_proven_that_are_in_every_variant(desk: Any) -> None:
    third = "- [ ] `«x:.4f»`\n- [ ] `«s»`\n"
    text = CHOICE.replace("- [ ] `«x:.4f»`\n", third).replace("1.5]\n", "1.5]\ns = ['many', '7']\n")
    checked, problems = desk.one(text.replace("vary 4", "vary 16"))
    assert problems == []
    assert checked.options_proven == 2


def test_evidence_of_other_names_is_none(desk: Any) -> None:
    desk.verify(RECALL)
    count = len(desk.computed)
    forged = {
        key: replace(one, given='{"n":99}') if one.given == '{"n":2}' else one
        for key, one in desk.evidence.records.items()
    }
    desk.evidence = replace(desk.evidence, records=forged)
    desk.verify(RECALL)
    assert [job.given for job in desk.computed[count:]] == ['{"n":2}']


def test_a_shared_heatmap_is_computed_once(desk: Any) -> None:
    code = "n = 2\nweights = [[1 / n, 1 / n]]\nqueries = ['q']\nkeys = ['a', 'b']\nalt = 'Even.'"
    fence = f"```python heatmap even\n{code}\n```\n\n"
    checked, problems = desk.one(fence + RECALL.replace("`«h»`", "`«h»` ![Even](heatmap:even)"))
    assert problems == []
    assert [job.given for job in desk.computed if job.kind is JobKind.HEATMAP] == [""]
    assert [one.heatmaps for one in checked.variants] == [checked.heatmaps] * 3
