"""Training tables: against their charts, their own words, and what is told of them elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verideck.cards import Kind, Subject
from verideck.reading.items import Item, Page, Trace
from verideck.verifying.compute import compute
from verideck.verifying.recognising import recognise, traces
from verideck.verifying.records import JobKind

if TYPE_CHECKING:
    from verideck.verifying.recognising.proposals import Proposal


def trained(losses: str, chart: str = "", step: float = 0.0, words: dict[int, str] | None = None) -> Item:
    """Make an item from losses such as `0.9 0.5`; the accuracies rise by a tenth from 0.5."""
    rows = tuple(
        (str(2 * place + 1), loss, f"0.{5 + place}0", (words or {}).get(place, ""))
        for place, loss in enumerate(losses.split())
    )
    return Item(
        "pipeline", 40, Kind.RECALL, "How does it train?",
        trace=Trace(rows, tuple(map(float, chart.split())), (), step),
    )  # fmt: skip


def holds(proposal: Proposal) -> bool:
    outcome = compute(JobKind.CHECK, proposal.code)
    assert not outcome.faults
    return outcome.findings[0].value is True


def charted(losses: str, chart: str, step: float) -> list[tuple[bool, bool, str]]:
    """Give weight, truth and message of what is proposed of a chart."""
    found = list(traces.recognise(trained(losses, chart, step)))
    return [(one.weak, holds(one), one.message) for one in found]


def test_a_chart_that_agrees_holds() -> None:
    assert charted("0.9 0.6 0.3", "0.9 0.6 0.3", 0.3) == [(False, True, "")]


def test_within_a_step_it_is_imprecise() -> None:
    said = "chart and table differ: at epoch 5 0.3 against 0.38"
    assert charted("0.9 0.6 0.38", "0.9 0.6 0.3", 0.3) == [(False, True, said), (True, False, said)]


def test_every_point_is_compared() -> None:
    said = "chart and table differ: at epoch 3 0.6 against 0.7"
    assert charted("0.9 0.7 0.3", "0.9 0.6 0.3", 0.3) == [(False, True, said), (True, False, said)]


def test_beyond_a_step_it_is_wrong() -> None:
    (first, second) = charted("0.9 0.6 0.65", "0.9 0.6 0.3", 0.3)
    assert first == (False, False, "chart and table differ: at epoch 5 0.3 against 0.65")
    assert second[0]


def test_other_counts_compare_the_ends_alone() -> None:
    said = "the chart has 4 points, the table 3 rows; chart and table differ: at the end 0.2 against 0.25"
    assert charted("0.8 0.4 0.25", "0.8 0.6 0.4 0.2", 0.2) == [(False, True, said), (True, False, said)]
    counts = "the chart has 4 points, the table 3 rows"
    assert charted("0.8 0.4 0.2", "0.8 0.6 0.4 0.2", 0.2) == [(False, True, counts), (True, False, counts)]


def test_a_chart_that_rounds_down_or_up_is_within() -> None:
    for loss, point in (("0.38", "0.2"), ("0.22", "0.4"), ("0.3", "0.2")):
        assert [one[1] for one in charted(f"0.8 {loss}", f"0.8 {point}", 0.2)] == [True, False]


@pytest.mark.parametrize(
    ("losses", "chart", "step"),
    [
        ("0.8", "0.8", 0.2),
        ("0.8 0.4", "", 0.2),
        ("0.8 0.4", "0.8 0.4", 0.0),
        ("0.8 ?", "0.8 0.4", 0.4),
        ("", "", 0.0),
    ],
)
def test_what_cannot_be_compared_is_left_alone(losses: str, chart: str, step: float) -> None:
    assert charted(losses, chart, step) == []


SAID = [
    ("0.9 0.5", {1: "Loss decreases, the words are learnt"}, [True]),
    ("0.5 0.9", {1: "The loss falls further"}, [False]),
    ("0.5 0.9", {1: "Loss increases again"}, [True]),
    ("0.5 0.9", {1: "Loss improves"}, [False]),
    ("0.9 0.5", {1: "Accuracy rises"}, [True]),
    ("0.9 0.5", {1: "Accuracy drops"}, [False]),
    ("0.9 0.5", {1: "Loss drops, accuracy improves"}, [True, True]),
    ("0.9 0.5", {1: "Loss drops while accuracy goes down"}, [True, False]),
    ("0.5 0.9", {1: "Loss no longer decreases"}, []),
    ("0.5 0.9", {1: "Loss starts decreasing"}, []),
    ("0.5 0.9", {1: "Training and validation loss decrease"}, []),
    ("0.5 0.9", {1: "The learning rate decreases"}, []),
    ("0.5 0.9", {1: "Loss low, accuracy high"}, []),
    ("0.5 0.9", {0: "Loss decreases"}, []),
    ("0.5 0.9", {1: "Loss and accuracy improve"}, [True]),
    ("0.5 0.9", {1: "The model learns"}, []),
]


@pytest.mark.parametrize(("losses", "words", "expected"), SAID)
def test_what_a_row_says_must_hold(losses: str, words: dict[int, str], expected: list[bool]) -> None:
    found = list(traces.recognise(trained(losses, words=words)))
    assert [holds(one) for one in found] == expected
    assert all(one.complete and one.subject is Subject.EXPLANATION for one in found)


def told(answer: str, losses: str = "1.20 0.60 0.25") -> list[Proposal]:
    insight = Item("pipeline", 90, Kind.RECALL, "What is the insight?", answer=answer)
    whole = Page("flow.txt", "pipeline", "A flow", (trained(losses), insight), ())
    return [one for one in recognise(insight, whole) if one.recogniser == "traces"]


TOLD = [
    ("The loss falls from 1.2 to 0.25.", [True, True]),
    ("The loss falls from 1.2 to 0.5.", [True, False]),
    ("Accuracy rises from 50% to 70%.", [True, True]),
    ("Accuracy rises from 0.4 to 0.7.", [False, True]),
    ("It reaches 70% accuracy in the end.", [True]),
    ("Accuracy reaches 70%.", [True]),
    ("Accuracy reaches 92%.", [False]),
    ("The final loss is 0.25.", [True]),
    ("The final loss is 0.3.", [True]),  # as rounded
    ("The final loss is 0.4.", [False]),
    ("At epoch 3 the accuracy reaches 60%.", [True]),
    ("At epoch 3 the accuracy reaches 70%.", [False]),
    ("At epoch 4 the accuracy reaches 65%.", []),  # no such row
    ("Validation accuracy reaches 65%.", []),
    ("Another model would reach an accuracy of 99%.", []),
    ("Loss and accuracy improve with 8 heads.", []),
    ("Attention looks at all 10 words.", []),
    ("The loss is computed over 5 classes.", []),
    ("", []),
]


@pytest.mark.parametrize(("answer", "expected"), TOLD)
def test_figures_told_elsewhere_are_the_table_s(answer: str, expected: list[bool]) -> None:
    found = told(answer)
    assert [holds(one) for one in found] == expected
    assert all(one.subject is Subject.EXPLANATION for one in found)  # a figure beside it proves no answer


def test_about_a_figure_is_vetoed() -> None:
    (found,) = told("Accuracy reaches approximately 75%.")
    assert found.veto == "the question says `approximately`"


def test_two_trainings_on_a_page_are_left_alone() -> None:
    insight = Item("pipeline", 90, Kind.RECALL, "?", answer="Accuracy reaches 92%.")
    items = (trained("0.9 0.5"), trained("0.8 0.4"), insight)
    assert not list(traces.recognise(insight, Page("flow.txt", "pipeline", "", items, ())))
