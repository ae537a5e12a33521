"""Pipeline pages: fixtures that a person can read, small cases, hostile pages, a page as it was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verideck.cards import Kind
from verideck.reading import pages
from verideck.reading.items import Fate, Line, Lost, Page
from verideck.reading.pages import charts, flows, lettered, pipeline, tokens, training

FIXTURES = Path(__file__).parent / "fixtures" / "pipeline"
PAGES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".txt", ".html"))
SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_is_read_as_expected(page: Path, told: Callable[[Page], str]) -> None:
    expected = page.with_suffix(".expected").read_text(encoding="utf-8")
    assert told(pages.read(page.read_bytes(), page.name)) == expected


def seed(number: str) -> Page:
    """Read a page as it was really saved, where there is one."""
    found = sorted(SEEDS.glob(f"{number}_*")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("the saved pages are not here")
    return pages.read(found[0].read_bytes(), found[0].name)


def of(text: str) -> Page:
    return pages.read(text.encode(), "page.txt")


def test_the_saved_page_is_read_as_it_is() -> None:
    page = seed("003")
    assert page.layout == "pipeline"
    assert [item.kind for item in page.items] == [Kind.TYPED] * 5 + [Kind.RECALL] * 2 + [
        Kind.CHOICE,
        Kind.RECALL,
    ]
    stages = [item.stage for item in page.items if item.stage]
    assert [item.accepted[-1] for item in page.items[:5]] == [
        "1 x 10 x 64", "1 x 10 x 10", "1 x 10 x 64", "1 x 10 x 64", "1 x 10 x 5",
    ]  # fmt: skip
    assert [stage.taken for stage in stages][1:3] == ["1 x 10 x 64", "1 x 10 x 64 and 1 x 10 x 10"]
    trace = page.items[5].trace
    assert trace
    assert [row[:3] for row in trace.rows] == [
        ("1", "1.2", "0.45"),
        ("3", "0.8", "0.65"),
        ("5", "0.5", "0.80"),
        ("7", "0.35", "0.88"),
        ("10", "0.25", "0.92"),
    ]
    assert (trace.chart, trace.step) == ((1.2, 1.0, 0.8, 0.6, 0.4, 0.2), 0.2)
    assert trace.epochs == ("1", "3", "5", "7", "10")
    assert len(page.items[6].answer.split("\n\n")) == 5
    assert page.items[7].lost == (Lost.KEY,)
    assert [problem.message for problem in page.problems] == [
        "2 of 3 quiz questions are lost",
        "the key is lost",
    ]
    assert Fate.UNACCOUNTED not in page.fates


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("1 x 9 x 8Weigh every pair1 x 9 x 9 (weights)", ("1 x 9 x 8", "Weigh every pair", "1 x 9 x 9")),
        ("1 x 9 x 8 and 1 x 9 x 9Mix1 x 9 x 8", ("1 x 9 x 8 and 1 x 9 x 9", "Mix", "1 x 9 x 8")),
        ("(4, 9)Look up vectors(4, 9, 8)", ("(4, 9)", "Look up vectors", "(4, 9, 8)")),
        (
            "1 song with 30 secondsCut1 song x 30 parts",
            ("1 song with 30 seconds", "Cut", "1 song x 30 parts"),
        ),
        (
            "16 images x 32 x 32Apply Conv2D16 images x 30 x 30",
            ("16 images x 32 x 32", "Apply Conv2D", "16 images x 30 x 30"),
        ),
        ("28x28x1Flatten784", ("28x28x1", "Flatten", "784")),
        ("batch x 9 x 8Softmaxbatch x 9 x 3", ("batch x 9 x 8", "Softmax", "batch x 9 x 3")),
        ("4 x 9\tLinear\t4 x 3 (logits)", ("4 x 9", "Linear", "4 x 3")),
        ("4 x 9 → Linear → 4 x 3", ("4 x 9", "Linear", "4 x 3")),
        (
            "1,000 rows x 5 columnsClean980 rows x 5 columns",
            ("1,000 rows x 5 columns", "Clean", "980 rows x 5 columns"),
        ),
        ("8 x 9compute scores8 x 3", ("8 x 9", "compute scores", "8 x 3")),
        ("32 x 9Linear and softmax32 x 4", ("32 x 9", "Linear and softmax", "32 x 4")),
        ("8 x 3Pick one of 3 classes8 x 1", ("8 x 3", "Pick one of 3 classes", "8 x 1")),
    ],
)
def test_glued_cells_are_parted(line: str, cells: tuple[str, str, str]) -> None:
    flow = flows.divide(line)
    assert flow
    assert (flow.taken, flow.operation, flow.given, flow.unclear) == (*cells, "")


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("8 x 90Keep 58 x 5", "8 x 5"),
        ("2 x 90Fit layer 32 x 5", "2 x 5"),
        ("2 x 90Apply Conv32 x 5", "2 x 5"),
        (
            "50 songs x 9Split 80/2040 songs to learn, 10 songs to test",
            "2040 songs to learn, 10 songs to test",
        ),
        ("A poemCut into linesA list of lines", "A list of lines"),
    ],
)
def test_an_unclear_cut_is_said(line: str, given: str) -> None:
    flow = flows.divide(line)
    assert flow
    assert flow.given == given
    assert flow.unclear


@pytest.mark.parametrize(
    "line", ["no cells at all", "", "1 x 9 x 8", "PyTorch and ReLU and DataFrame and CamelCase"]
)
def test_a_line_without_cells_has_none(line: str) -> None:
    assert flows.divide(line) is None


@pytest.mark.parametrize(
    ("names", "lines", "rows"),
    [
        ("Loss Accuracy", "11.20.45Wide|20.90.5b|100.250.92c", "1 1.2 0.45|2 0.9 0.5|10 0.25 0.92"),
        ("Loss Accuracy", "10.8565%a|20.7170%b|100.5580%c", "1 0.85 65%|2 0.71 70%|10 0.55 80%"),
        ("Loss", "12.3a|21.9b|31.5c|112.5d", "1 2.3|2 1.9|3 1.5|11 2.5"),
        ("Loss Accuracy", "1 2.5 0.8 a|2 1.5 0.9 b", "1 2.5 0.8|2 1.5 0.9"),
        ("Loss", "1|2.5|a", "None|None|None"),
    ],
)
def test_glued_rows_are_parted(names: str, lines: str, rows: str) -> None:
    table = training.read(names.split(), lines.split("|"))
    assert (
        "|".join(str(row and " ".join((row.reading.epoch, *row.reading.figures))) for row in table.rows)
        == rows
    )
    assert not any(row.others for row in table.rows if row)


def test_rows_with_two_readings_say_so_unless_the_chart_names_the_epochs() -> None:
    lines = ("1012.50.8a", "2011.50.9b")
    (first, second) = training.read(("Loss", "Accuracy"), lines).rows
    assert first
    assert second
    assert [first.reading.epoch, *(other.epoch for other in first.others)] == ["10", "101"]
    (first, second) = training.read(("Loss", "Accuracy"), lines, ("10", "20")).rows
    assert first
    assert (first.reading.figures, first.others) == (("12.5", "0.8"), ())


@pytest.mark.parametrize(
    ("drawn", "heights", "labels", "step"),
    [
        ("2.0 |*;1.0 | *;0.0 +---;     1 2 Epochs", (2.0, 1.0), ("1", "2"), 1.0),
        ("0.9 │   ●;0.6 │ ●;0.3 │●;0.0 └────;Epoch: 5 10 15", (0.3, 0.6, 0.9), ("5", "10", "15"), 0.3),
        ("50% | *;25% |*;0% +--", (25.0, 50.0), (), 25.0),
        ("2 |*;1 |**;0 +--", (2.0, 1.0), (), 1.0),
        ("1.0 |*;0.5 +-*-", (1.0, 0.5), (), 0.5),
    ],
)
def test_a_chart_gives_heights_labels_and_step(
    drawn: str, heights: tuple[float, ...], labels: tuple[str, ...], step: float
) -> None:
    texts = drawn.split(";")
    assert charts.length(texts) == len(texts)
    chart = charts.read(texts)
    assert (chart.heights, chart.labels, chart.step) == (heights, labels, step)


def test_what_the_page_promises_and_lacks_is_counted() -> None:
    page = of(
        "Model Pipeline\nData Flow - 3 Stages\n1In\n4 x 2Copy4 x 2\n3Out\n"
        "4 x 2Sum4 x 1\nModel Quiz - 2 Questions\n"
    )
    said = [(problem.line, problem.message) for problem in page.problems]
    assert said == [(2, "stage `2` of 3 is lost"), (7, "2 of 2 quiz questions are lost")]


def test_two_pages_in_one_file_keep_their_names() -> None:
    page = of(
        "Model Pipeline - One\nKey Insight\nFirst.\n"
        "Two - Model Pipeline Impact\nModel Pipeline - Two\nKey Insight\nSecond.\n"
    )
    assert [(item.question, item.answer) for item in page.items] == [
        ("What is the key insight in “One”?", "First."),
        ("What is the key insight in “Two”?", "Second."),
    ]


def test_a_table_with_bars_is_no_chart() -> None:
    page = of(
        "Model Pipeline\nTraining Trace\nEpoch | Loss | Accuracy | Observation\n"
        "1 | 0.9 | 0.5 | Wide\n2 | 0.4 | 0.8 | Near\n"
    )
    trace = page.items[0].trace
    assert trace
    assert trace.rows == (("1", "0.9", "0.5", "Wide"), ("2", "0.4", "0.8", "Near"))
    assert trace.chart == ()


def test_a_quiz_question_may_end_without_a_mark() -> None:
    page = of("Model Pipeline\nModel Quiz\nThe sea is\nASalt\nBSweet\nThe rain is\nASalt\nBSweet\n")
    assert [item.question for item in page.items] == ["The sea is", "The rain is"]


def test_a_line_that_begins_with_a_is_no_option_by_itself() -> None:
    assert lettered.run([Line(1, "Always"), Line(2, "Never")], 0) == ((), 0)


def test_a_numbered_sentence_in_an_example_is_no_stage() -> None:
    page = of("Data Flow - 1 Stage\n1Rows\n4 x 2Copy4 x 2\n2Two of them are shown.\n")
    (item,) = page.items
    assert item.explanation == "2Two of them are shown."


LINES = sorted({line for page in PAGES for line in page.read_text(encoding="utf-8").split("\n")})


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=60)), max_size=40))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_of_any_text_has_one_fate(texts: list[str]) -> None:
    lines = tuple(Line(number, plain.replace("\n", " ")) for number, plain in enumerate(texts, start=1))
    found = pipeline.read(tokens.tokenise(lines), "page.txt")
    assert all(found.fates.get(line.number, Fate.NOISE) is not Fate.UNACCOUNTED for line in lines)
    assert (
        {line.number for line in lines if line.text.strip()}
        <= set(found.fates)
        <= {*range(1, len(lines) + 1)}
    )


HOSTILE = {
    "stages": "Data Flow\n" + "".join(f"{number}Stage\n1 x 2Do1 x 2\n" for number in range(1, 3_000)),
    "a shape": "Data Flow\n1Name\n" + "1 x " * 200_000,
    "a flow": "Data Flow\n1Name\n" + "1 a b c d" * 60,
    "figures": "Training Trace\nEpochLoss ↓Accuracy ↑Observation\n" + f"{'1.1' * 20}a\n" * 1_000,
    "chart": "Training Trace\n" + "1.0 |*\n" * 20_000,
    "headings": "Key Insight\nModel Quiz\n" * 5_000,
    "quiz": "Model Quiz\n" + "A is\nB is\nx\n" * 5_000,
    "letters": "Model Quiz\n" + "A is\n" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_no_more_than_its_length(name: str) -> None:
    """A pattern that looked at each pair of places would not come to an end here."""
    text = HOSTILE[name]
    lines = tuple(Line(number, line) for number, line in enumerate(text.split("\n"), start=1))
    found = pipeline.read(tokens.tokenise(lines), "page.txt")
    assert {line.number for line in lines if line.text.strip()} <= set(found.fates)


def test_an_introduction_without_its_insight_is_told_and_not_dropped() -> None:
    text = "Model Pipeline - Leaves\nA leaf becomes a name.\nData Flow - 1 Stages\n1Cut\n4 x 6Halve4 x 3\n"
    page = pages.read(text.encode(), "page.txt")
    assert [(one.line, one.message) for one in page.problems] == [
        (2, "the insight that the introduction leads to is lost")
    ]
    assert page.fates[1] is Fate.PROBLEM
    page = pages.read(f"{text}Key Insight\nShape tells.\n".encode(), "page.txt")
    assert (page.problems, page.fates[1]) == ((), Fate.CARD)
