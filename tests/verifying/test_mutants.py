"""Misconceptions run beside checks: which ones a card tells apart, and how that is kept and told."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from verideck import reports
from verideck.cards import Checked, Verdict
from verideck.packaging.changes import Changes
from verideck.verifying import evidence as kept
from verideck.verifying import mutants, syntax
from verideck.verifying.compute import compute
from verideck.verifying.library import LIBRARY
from verideck.verifying.mutants import MUTANTS, TABLES
from verideck.verifying.records import JobKind, Outcome


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


def typed(answer: str, check: str) -> str:
    return f"## What is it?\n<!-- card: #it typed -->\n\n---\n\n{answer}\n\n```python check\n{check}\n```\n"


def tried(checked: Checked) -> dict[str, bool]:
    return {one.name: one.told for one in checked.misconceptions}


def test_names_are_unique_and_entries_exist() -> None:
    assert len(MUTANTS) == sum(len(table) for table in TABLES.values())
    for mutant in MUTANTS.values():
        assert mutant.belief
        assert mutant.changes or mutant.constants
        assert set(mutant.changes) <= set(LIBRARY)


# One check for each mutant under which its answer is another.
CAUGHT = {
    "no-scale": "answer == attention_weights([[1, 0]], [[1, 0], [0, 1]])",
    "scale-by-size": "answer == attention([[1, 0]], [[1, 0], [0, 1]], [[2], [4]])",
    "softmax-over-queries": "answer == softmax([[1, 2], [3, 5]])",
    "sigmoid-for-softmax": "answer == softmax([1, 2])",
    "no-exponential": "answer == attention_weights([1, 0], [[1, 2], [3, 1]])",
    "even-weights": "answer == softmax([1, 2])",
    "hard-for-soft": "answer == attention([[1, 0]], [[1, 0], [0, 1]], [[2], [4]])",
    "keys-for-values": "answer == attention([[1, 0]], [[1, 0], [0, 1]], [[2, 3], [4, 4]])",
    "queries-for-keys": "answer == attention_scores([[1, 0], [2, 2]], [[1, 0], [0, 1]])",
    "no-mask": "answer == softmax([1, 2], mask=[0, -inf])",
    "mask-one-later": "answer == softmax(zeros(3, 3), mask=causal_mask(3))",
    "mask-turned": "answer == softmax(zeros(1, 3), mask=padding_mask(2, 3))",
    "entropy-in-other-units": "answer == entropy([0.5, 0.5])",
    "entropy-turned": "answer == entropy([0.5, 0.5])",
    "entropy-for-keys": "answer == effective_keys([0.5, 0.5])",
    "gini-for-largest": "answer == gini([0.5, 0.3, 0.2])",
    "jacobian-without-others": "answer == softmax_jacobian([0, 1])",
    "deviation-for-variance": "answer == dot_product_variance(16)",
    "variance-of-squares": "answer == dot_product_variance(16)",
    "heads-for-head-size": "answer == multihead_shapes(2, 5, 64, 4).head_size",
    "one-head-out": "answer == data_flow(2, 5, 64, 4, 8, 3).context",
    "inner-for-outer": "answer == data_flow(2, 5, 64, 4, 8, 3).hidden",
    "length-first": "answer == data_flow(2, 5, 64, 4, 8, 3).embedded",
    "weights-averaged": "answer == multihead_shapes(2, 5, 64, 4).weights",
    "batch-first-ignored": "answer == multihead_shapes(2, 5, 64, 4).output",
    "no-bias": 'answer == parameters("transformer_layer", embed=8, heads=2, hidden=16)',
    "heads-multiply-parameters": 'answer == parameters("multihead", embed=8, heads=2)',
    "no-output-projection": 'answer == parameters("multihead", embed=8, heads=2)',
    "transposed-weight": "answer == linear([1, 2], [[1, 2], [0, 1]])",
    "no-activation": "answer == feed_forward([1, 2], [[1, -1], [0, 1]], [0, 0], [[1, 1], [1, 0]], [0, 0])",
    "variance-over-n-less-one": "answer == layer_norm([2, 4, 4, 6])",
    "norm-without-mean": "answer == layer_norm([2, 4, 4, 6])",
    "sum-for-mean": "answer == mean([2, 4])",
    "loss-in-bits": "answer == cross_entropy([0, 0], 1)",
    "sine-for-cosine": "answer == positional_encoding(2, 4)[1]",
    "reversible-turned": "answer == operations(reversible=True)",
    "one-layer": "answer == saved_bytes(reversible=False, layers=3)",
    "linear-in-length": "answer == attention_bytes(64)",
    "half-precision": "answer == attention_bytes(64)",
    "heads-do-not-count": "answer == attention_bytes(64, heads=4)",
    "batch-does-not-count": "answer == attention_bytes(64, batch=2)",
    "rounds-do-not-count": "answer == comparisons(1024, chunk=64, rounds=4)",
    "no-look-back": "answer == comparisons(1024, chunk=64)",
    "one-sided-hash": "answer == lsh_buckets([[1, -4]], identity(2))[0]",
    "smallest-hash": "answer == lsh_buckets([[1, -4]], identity(2))[0]",
    "not-sorted": "answer == lsh_sort([1, 0, 1, 0])",
    "chunk-one-off": "answer == lsh_chunks([1, 0, 1, 0], 2)",
    "own-chunk-only": "answer == lsh_attended([0, 0, 0, 0], 2, 2)",
    "any-bucket": "answer == lsh_attended([0, 0, 0, 1], 2, 2)",
    "itself-too": "answer == lsh_attended([0, 0, 0, 1], 2, 2)",
    "whole-bucket": "answer == lsh_attended([0, 0, 0, 0], 2, 1)",
    "future-visible": "answer == lsh_attended([0, 0, 0, 0], 2, 2)",
    "full-for-hashed": "q = [[1, 0], [0, 1], [1, 1], [1, 2]]\nanswer == lsh_attention(q, q, identity(2), 2)",
    "other-convention": "answer == number_of_buckets(64, 8)",
    "parted-for-together": "answer == collision_probability(45)",
    "two-buckets": "answer == collision_probability(45, buckets=4)",
    "in-all-rounds": "answer == found_in_rounds(0.5, 2)",
    "rounds-added": "answer == found_in_rounds(0.4, 2)",
    "f-for-g": 'answer == reversible_inverse(5, 27, "double", "square").x1',
    "inverse-in-forward-order": 'answer == reversible_inverse(5, 27, "double", "square").x1',
    "halves-not-updated": 'answer == reversible_forward(1, 2, "double", "square").y2',
    "signs-turned": 'answer == solve(equations("y = x + F(z)"), "x", known=["y", "z"])',
    "base-two": "answer == log(4)",
    "no-root": "answer == sqrt(16)",
    "root-for-square": "answer == norm([3, 4])",
    "sine-and-cosine": "answer == sin(1)",
    "tanh-for-sigmoid": "answer == tanh(1)",
    "relu-of-size": "answer == relu([-1, 2])",
    "rounded-down": "answer == round(0.666, 2)",
    "factors-swapped": "answer == matmul([[1, 2], [3, 4]], [[0, 1], [1, 1]])",
    "element-by-element": "answer == matmul([[1, 2], [3, 4]], [[0, 1], [1, 1]])",
    "rows-by-rows": "answer == matmul([[1, 2], [3, 4]], [[0, 1], [2, 1]])",
    "lengths-for-dot": "answer == dot([1, 2], [3, 4])",
    "not-transposed": "answer == transpose([[1, 2], [3, 4]])",
    "decimal-units": "answer == 2 * GiB",
}  # fmt: skip


def changes(check: str) -> dict[str, bool]:
    outcome: Outcome = compute(JobKind.CHECK, check)
    assert outcome.faults == ()
    return {one.name: bool(one.changed) for one in outcome.mutants}


def test_every_mutant_has_a_check_that_it_gets_wrong() -> None:
    assert set(CAUGHT) == set(MUTANTS)


@pytest.mark.parametrize("name", CAUGHT)
def test_a_mutant_changes_what_it_is_about(name: str) -> None:
    assert changes(CAUGHT[name])[name] is True


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("no-mask", "answer == softmax([1, 2])"),
        ("scale-by-size", "answer == attention_scores([[1, 0]], [[1, 0]], scaled=False)"),
        ("heads-multiply-parameters", 'answer == parameters("linear", inputs=2, outputs=3)'),
        ("heads-do-not-count", "answer == attention_bytes(64)"),
        ("softmax-over-queries", "answer == softmax([1, 2])"),
        ("transposed-weight", "answer == linear([1, 2], [[1, 2]])"),
        ("f-for-g", 'answer == reversible_inverse(5, 27, "square", "square").x1'),
        ("no-look-back", "answer == comparisons(64)"),
    ],
)
def test_a_mutant_with_nothing_to_change_is_not_tried(name: str, check: str) -> None:
    assert name not in changes(check)


def test_a_card_tells_apart_what_its_answer_catches(desk: Any) -> None:
    check = "answer == attention_weights([[1, 0]], [[1, 0], [0, 1]])[0][0]"
    checked, problems = desk.one(typed("0.67", check))
    assert (checked.verdict, problems) == (Verdict.VERIFIED, [])
    found = tried(checked)
    assert found["no-scale"] is True
    assert found["sigmoid-for-softmax"] is False  # 0.6698 and 0.6698: σ(x) of two scores x and 0
    assert checked.discriminating


def test_equal_keys_are_named_as_luck(desk: Any) -> None:
    check = "answer == attention_weights([[3, 4]], [[1, 2], [1, 2]])[0][0]"
    checked, _ = desk.one(typed("0.5", check))
    assert tried(checked)["no-scale"] is False
    luck = {one.name: one.luck for one in checked.misconceptions}
    assert luck["no-scale"] == "equal keys give equal weights under any scale"
    assert luck["sigmoid-for-softmax"] == ""  # told apart: not by luck


def test_one_key_alone_is_no_luck(desk: Any) -> None:
    checked, _ = desk.one(typed("1", "answer == attention_weights([[3, 4]], [[1, 2]])[0][0]"))
    assert {one.luck for one in checked.misconceptions} == {""}


def test_changed_mutants_renew_the_checks_that_they_run_beside(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = typed("0.5", "answer == softmax([1, 1])[0]") + typed("2", "answer == 1 + 1").replace("#it", "#two")
    desk.verify(text)
    monkeypatch.setattr(mutants, "_hash", lambda module: f"another {module}")
    desk.verify(text)
    assert [job.code for job in desk.computed[2:]] == ["answer == softmax([1, 1])[0]"]


def test_a_card_that_catches_nothing_is_listed(desk: Any) -> None:
    lucky = typed("1", "answer == sqrt(1)")
    sharp = typed("4", "answer == sqrt(16)").replace("#it", "#sharp")
    plain = typed("2", "answer == 1 + 1").replace("#it", "#plain")
    found = desk.verify(lucky + sharp + plain)
    by_id = {one.card.id: one for one in found.checked}
    assert {one.verdict for one in found.checked} == {Verdict.VERIFIED}
    assert not by_id["it"].discriminating
    assert by_id["sharp"].discriminating
    assert by_id["plain"].misconceptions == ()
    assert by_id["plain"].discriminating  # nothing was tried on it, so nothing is said
    (_, title, line) = reports.not_discriminating(found.checked)
    assert title == "1 card that none of the misconceptions tried would get wrong:"
    assert line == "  #it: no-root"
    examined = SimpleNamespace(checked=found.checked, problems=(), verification=found, changes=Changes())
    data = json.loads(reports.as_json(examined))  # type: ignore[arg-type]  # all it looks at
    assert data["not_discriminating"] == ["it"]


def test_options_count_as_answers(desk: Any) -> None:
    text = (
        "## Which?\n<!-- card: #which select-all -->\n\n- [x] Less memory\n- [ ] Less time\n\n"
        "```python check\n"
        'option("memory", saved_bytes(reversible=True) < saved_bytes(reversible=False))\n'
        'option("time", operations(reversible=True) < operations(reversible=False))\n```\n'
    )
    checked, _ = desk.one(text)
    assert tried(checked) == {"one-layer": False, "reversible-turned": True}


def test_an_explanation_is_no_answer(desk: Any) -> None:
    checked, _ = desk.one(typed("0.67", "explanation(softmax([1, 2])[0] < 0.5)"))
    assert checked.misconceptions == ()


def test_a_wrong_card_is_not_asked(desk: Any) -> None:
    checked, _ = desk.one(typed("0.9", "answer == softmax([1, 2])[0]"))
    assert checked.verdict is Verdict.REFUTED
    assert checked.misconceptions == ()


def test_evidence_keeps_the_values_and_a_changed_answer_needs_no_computing(desk: Any) -> None:
    text = typed("0.67", "answer == attention_weights([[1, 0]], [[1, 0], [0, 1]])[0][0]")
    first = desk.verify(text).checked[0]
    desk.reload()
    assert desk.verify(text).checked[0] == first
    rough = desk.verify(text.replace("0.67", "0.7")).checked[0]
    assert len(desk.computed) == 1
    assert tried(first)["scale-by-size"] is True
    assert tried(rough)["no-scale"] is False  # 0.73 rounds to 0.7, too: a coarse answer tells less apart


@pytest.mark.parametrize("damage", [[["a", 1]], [[0]], [[0, {"tensor": 3}]], 3])
def test_damaged_mutants_are_refused(desk: Any, damage: object) -> None:
    desk.verify(typed("0.67", "answer == softmax([0.7, 0])[0]"))
    (line,) = json.loads(kept.dump(desk.evidence))
    line["mutants"]["sigmoid-for-softmax"] = damage
    _, problems = kept.load(json.dumps([line]), "evidence.json")
    assert len(problems) == 1


def test_large_values_and_faults_are_left_out() -> None:
    assert "no-scale" not in changes("answer == attention_scores(ones(9, 4), ones(9, 4))")
    assert "softmax-over-queries" in changes("answer == softmax([[1, 2], [3, 5]])")
    assert "no-exponential" not in changes("answer == softmax([1, -1])")  # 1 / 0


def test_the_key_covers_the_mutants_that_run() -> None:
    def hashes(check: str) -> dict[str, str]:
        tree = syntax.parse(check).tree
        assert tree is not None
        return mutants.references(tree)

    assert set(hashes("answer == softmax([1, 2])")) == {"mutants attending"}
    assert set(hashes("answer == lsh_sort([1, 2])")) == {"mutants hashing"}
    assert hashes("answer == 1 + 2") == {}
