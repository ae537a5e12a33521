"""Measured claims: experiments over fixed seeds, judged by two spreads, kept so that they can be repeated."""

# ruff: noqa: E501 - tables with one case per line

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
import torch

from verideck.cards import Verdict
from verideck.reference.experiments import EXPERIMENTS, Experiment
from verideck.verifying import evidence as kept
from verideck.verifying import measuring, syntax
from verideck.verifying.library import LIBRARY, hashing, references
from verideck.verifying.measuring import Measurement, measure

V = Verdict


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


def of(figures: list[float], direction: str = "above", *threshold: float) -> Measurement:
    return Measurement("x", (), tuple(range(len(figures))), tuple(figures), direction, threshold)


@pytest.mark.parametrize(
    ("figures", "direction", "threshold", "holds"),
    [
        ([4, 5, 6], "above", (0.9,), True),
        ([4, 5, 6], "above", (1,), True),  # just two spreads
        ([4, 5, 6], "above", (1.1,), None),
        ([4, 5, 6], "above", (8.9,), None),
        ([4, 5, 6], "above", (9,), False),
        ([4, 5, 6], "below", (9,), True),
        ([4, 5, 6], "below", (1,), False),
        ([4, 5, 6], "between", (0, 10), True),
        ([4, 5, 6], "between", (3, 20), None),
        ([4, 5, 6], "between", (20, 30), False),
        ([12, 12, 12], "equal", (12,), True),
        ([12, 12, 12], "equal", (13,), False),
        ([12, 12, 13], "equal", (12,), None),
        ([12, 12, 13], "equal", (99,), False),
        ([2, 2, 2], "above", (1,), True),
        ([2, 2, 2], "above", (2,), False),
        ([2, 2, 2], "below", (2,), False),
        ([0.1 + 0.2, 0.3, 0.3], "equal", (0.3,), None),  # rounding is a spread, too
    ],
)
def test_the_margin_decides(
    figures: list[float], direction: str, threshold: tuple[float, ...], holds: bool | None
) -> None:
    assert of(figures, direction, *threshold).holds is holds


def test_what_a_measurement_tells() -> None:
    found = of([4, 5, 6.5], "above", 1)
    assert found.figure == pytest.approx(31 / 6)
    assert found.spread == 2.5
    assert found.margin == pytest.approx(25 / 6)
    assert str(found) == "5.167, spread 2.5, to be above 1, 3 seeds"
    assert type(of([12.0, 12.0, 12.0]).figure) is int
    assert measuring.from_json(json.loads(json.dumps(measuring.to_json(found)))) == found


@pytest.mark.parametrize(
    "damage",
    [
        {"figures": [1, math.nan, 2]},
        {"figures": [1]},
        {"figures": []},
        {"seeds": [0.5, 1, 2]},
        {"threshold": []},
        {"threshold": [1, 2]},
        {"direction": "sideways"},
        {"settings": 3},
        {"seeds": []},
    ],
)
def test_damaged_measurements_are_refused(damage: dict[str, object]) -> None:
    data = measuring.to_json(of([4, 5, 6], "above", 1)) | damage
    with pytest.raises(ValueError, match="measurement"):
        measuring.from_json(data)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_shows_what_it_claims(name: str) -> None:
    experiment = EXPERIMENTS[name]
    assert experiment.summary
    assert experiment.figure
    assert experiment.source
    if experiment.direction:
        found = measure(name, {})
        assert found.holds is True, str(found)
        assert found.seeds == (0, 1, 2, 3, 4)
    else:
        assert math.isfinite(experiment.run(0))


FACTS = [  # the figures that are known, and how far a measurement may be off
    ("dot_product_variance", {"size": 16}, 16.3, 1.0),
    ("dot_product_variance", {"size": 256}, 257.6, 8.0),
    ("dot_product_variance", {"size": 256, "scaled": True}, 1, 0.05),
    ("softmax_slope", {"size": 1024}, 0.052, 0.02),
    ("softmax_slope", {"size": 1024, "scaled": True}, 0.305, 0.01),
    ("collisions", {"degrees": 30}, 0.54, 0.02),
    ("collisions", {"degrees": 60}, 0.23, 0.02),
    ("collisions", {"degrees": 90}, 0.06, 0.01),
    ("collisions", {"rounds": 2}, 0.793, 0.02),
    ("collisions", {"rounds": 4}, 0.957, 0.01),
    ("collisions", {"rounds": 8}, 0.998, 0.005),
    ("captured_attention", {"rounds": 1}, 0.25, 0.1),
    ("captured_attention", {"rounds": 16}, 0.96, 0.03),
    ("distance_from_full_attention", {"rounds": 16}, 0.15, 0.1),
    ("attention_cost_by_hashing", {"length": 4096, "rounds": 1}, 0.05, 0.03),
    ("reversible_drift", {"precision": "float32"}, 1e-5, 1e-4),
]


@pytest.mark.parametrize(("name", "settings", "figure", "slack"), FACTS)
def test_figures_that_are_known(name: str, settings: dict[str, object], figure: float, slack: float) -> None:
    assert measure(name, settings, seeds=3, claims=False).figure == pytest.approx(figure, abs=slack)


def test_more_rounds_capture_more_every_time() -> None:
    shares = [EXPERIMENTS["captured_attention"].run(0, rounds=n) for n in (1, 2, 4, 8, 16)]
    assert shares == sorted(shares)


def card(check: str, *, wrong: str = "Fewer", says: str = "") -> str:
    return (
        f"## Which is so?\n<!-- card: #so -->\n\n- [x] More\n- [ ] {wrong}\n\nBecause {says}.\n\n"
        f"```python check\n{check}\n```\n"
    )


@pytest.mark.parametrize(
    ("check", "verdict", "reason", "problem"),
    [
        ('option("More", measured("collisions", above=0.3))', V.MEASURED, None, ""),
        ('option("More", measured(collisions(degrees=60), below=0.4, seeds=3))', V.MEASURED, None, ""),
        ('option("More", measured("collisions", above=0.5, below=0.6))', V.MEASURED, None, ""),
        ('option("Fewer", measured("collisions", below=0.3))', V.UNCHECKED, None, ""),
        ('option("Fewer", measured("collisions", above=0.3))', V.REFUTED, None, "option 2 `Fewer` is not ticked, but"),
        ('option("More", measured("collisions", below=0.3))', V.REFUTED, None, "option 1 `More` is ticked, but"),
        ('option("More", measured("collisions", above=0.54))', V.NOT_EVALUATED, "thin-margin", "`collisions` decides nothing: 0.5425, spread 0.01"),
        ('explanation(measured("collisions", above=0.54))', V.NOT_EVALUATED, "thin-margin", "`collisions` decides nothing"),
        ('explanation(measured("collisions", above=0.9))', V.REFUTED, None, '`measured("collisions", above=0.9)` is false: 0.5425'),
        ('option("More", measured("rounds_find_more"))', V.MEASURED, None, ""),
        ('option("More", measured("rounds_find_mor"))', V.NOT_EVALUATED, "language", "no experiment is called `rounds_find_mor`; did you mean"),
        ('option("More", measured("collisions"))', V.NOT_EVALUATED, "language", "`collisions` has no threshold of its own"),
        ('option("More", measured("collisions", above=0.3, seeds=2))', V.NOT_EVALUATED, "language", "`seeds` is 2: an experiment runs over 3 to 20"),
        ('option("More", measured("collisions", above=0.3, angle=3))', V.NOT_EVALUATED, "language", "`collisions` has no setting `angle`"),
        ('option("More", measured("collisions", above=0.3, degrees="a"))', V.NOT_EVALUATED, "language", "`degrees` is 'a'; it is such as 30"),
        ('option("More", measured("reversible_drift", below=1, precision="float8"))', V.NOT_EVALUATED, "language", "'float8'"),
        ('option("More", measured("a" + "b"))', V.NOT_EVALUATED, "language", "an experiment whose name is not written out"),
        ('option("More", measured())', V.NOT_EVALUATED, "language", "`measured` takes the name of one experiment"),
        ('option("More", measured_figure("collisions"))', V.NOT_EVALUATED, "language", "a measured figure where a condition stands"),
        ('answer == measured("collisions", above=0)', V.NOT_EVALUATED, "language", "a measured claim where a value stands"),
    ],
)  # fmt: skip
def test_conditions(desk: Any, check: str, verdict: Verdict, reason: str | None, problem: str) -> None:
    checked, problems = desk.one(card(check))
    assert checked.verdict is verdict, problems
    assert [claim.reason for claim in checked.claims] == [reason]
    assert len(problems) == bool(problem)
    assert problem in "".join(problems)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("0.5425", V.MEASURED), ("0.54", V.MEASURED), ("0.55", V.MEASURED), ("0.57", V.REFUTED), ("50 %", V.REFUTED)],
)  # fmt: skip
def test_a_figure_may_be_said_within_its_spread(desk: Any, said: str, verdict: Verdict) -> None:
    check = f'says("{said}", measured_figure("collisions"))'
    checked, _ = desk.one(card(check, says=said))
    (claim,) = checked.claims
    assert claim.verdict is verdict
    assert claim.seeds == (0, 1, 2, 3, 4)
    assert claim.spread == pytest.approx(0.0104, abs=1e-3)


def test_an_answer_may_be_a_figure(desk: Any) -> None:
    text = card("answer == measured_figure(collisions(degrees=90))", wrong="0.5").replace("More", "0.06")
    checked, problems = desk.one(text)
    assert (checked.verdict, problems) == (V.MEASURED, [])
    assert checked.options_proven == 2
    assert checked.claims[0].computed.text.startswith("0.06")


def test_evidence_keeps_the_figures_and_the_verdict_is_decided_anew(desk: Any) -> None:
    text = card('option("More", measured("collisions", above=0.3))')
    first = desk.verify(text)
    written = kept.dump(desk.evidence)
    (line,) = json.loads(written)
    measured = line["findings"][0]["measured"]
    assert measured["seeds"] == [0, 1, 2, 3, 4]
    assert measured["figures"] == [EXPERIMENTS["collisions"].run(seed) for seed in range(5)]
    assert (measured["direction"], measured["threshold"]) == ("above", [0.3])
    assert line["torch"]
    desk.reload()
    assert desk.verify(text).checked == first.checked
    assert len(desk.computed) == 1
    (record,) = desk.evidence.records.values()
    finding = record.outcome.findings[0]
    thin = replace(finding, measurement=replace(finding.measurement, figures=(0.3, 0.5, 0.1, 0.5, 0.4)))
    forged = replace(record, outcome=replace(record.outcome, findings=(thin,)))
    desk.evidence = kept.Evidence().with_records([forged])
    assert desk.verify(text).checked[0].claims[0].reason == "thin-margin"


def test_the_key_covers_the_experiment_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def hashes(check: str) -> dict[str, str]:
        tree = syntax.parse(check).tree
        assert tree is not None
        return references(tree)

    one, other = 'explanation(measured("collisions", above=0))', "explanation(measured(reversible_drift))"
    before = {**hashes(one), **hashes(other)}
    assert set(before) == {"measured collisions", "measured reversible_drift"}
    changed: Experiment = replace(EXPERIMENTS["collisions"], threshold=(0.5,), direction="above")
    table = {**EXPERIMENTS, "collisions": changed}
    monkeypatch.setattr("verideck.verifying.library.EXPERIMENTS", table)
    after = {**hashes(one), **hashes(other)}
    assert [name for name in before if after[name] != before[name]] == ["measured collisions"]


@pytest.mark.parametrize(
    ("module", "changed", "kept_entries"),
    [
        ("experiments/hashing", {"collisions", "rounds_come_nearer"}, {"lsh_buckets", "softmax"}),
        ("replay", {"dropout_breaks_the_inverse", "reversible_computes_more"}, {"lsh_buckets", "softmax"}),
        ("learning", {"high_learning_rate_gives_nan"}, {"lsh_buckets", "softmax", "saved_bytes"}),
        ("accounting", {"no_grad_keeps_nothing", "heads_keep_more_bytes"}, {"lsh_buckets", "softmax"}),
    ],
)
def test_a_changed_module_renews_what_uses_it_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, module: str, changed: set[str], kept_entries: set[str]
) -> None:
    def hashes() -> dict[str, str]:
        experiments = {name: hashing.hash_of_experiment(one) for name, one in EXPERIMENTS.items()}
        return experiments | {f"entry {name}": hashing.hash_of(entry) for name, entry in LIBRARY.items()}

    before, read = hashes(), hashing._text
    path = hashing.REFERENCE / f"{module}.py"
    monkeypatch.setattr(hashing, "_text", lambda one: read(one) + ("# changed" if one == path else ""))
    after = hashes()
    differ = {name for name in before if after[name] != before[name]}
    uses = {name for name, one in EXPERIMENTS.items() if module in hashing.uses(one.module)}
    assert changed <= uses
    assert {name for name in differ if not name.startswith("entry ")} == uses
    assert not {f"entry {name}" for name in kept_entries} & differ


def test_experiments_leave_the_global_generator_alone() -> None:
    torch.manual_seed(0)
    state = torch.get_rng_state()
    for name in ("dropout_breaks_the_inverse", "heads_keep_more_bytes", "reversible_computes_more"):
        EXPERIMENTS[name].run(3)
    assert torch.equal(torch.get_rng_state(), state)
