"""Questions to answers: what is drawn, what its cells hold, what is kept."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest

from addon import heatmap
from addon.cards import answers
from addon.cards.answers import Answers, answer, cannot
from addon.cards.messages import Draw
from addon.cards.sources import Source
from addon.drawing import static
from addon.settings.values import Settings

SPEC: dict[str, Any] = {
    "weights": [[[1, 0], [0.25, 0.75]], [[0.5, 0.5], [1 / 3, 2 / 3]]],
    "queries": ["a", "b"],
    "keys": ["c", "d"],
    "masked": [[False, True], [False, False]],
    "alt": "Two heads.",
}


def asked(view: dict[str, Any] | None = None, **more: Any) -> Draw:
    return Draw(1, "x", view or {}, **{"dark": False, **more})


def svg(url: str) -> str:
    return base64.b64decode(url.removeprefix("data:image/svg+xml;base64,")).decode()


def test_an_answer_draws_and_tells_what_cells_hold() -> None:
    got = answer(asked(), SPEC, heatmap.LIGHT)
    drawn = heatmap.drawn(SPEC)
    assert svg(got["picture"]) == drawn.svg
    assert (got["width"], got["height"], got["grid"]) == (drawn.width, drawn.height, drawn.grid)
    assert got["cells"] == ["1 -;0.25 0.75", "0.5 -;0.333333333 0.666666667"]
    assert got["every"] == ["1", "2"]
    assert got["cover"] == ""
    assert got["exact"]


def test_tokens_are_told_whole_where_the_picture_cuts_them() -> None:
    spec = {"weights": [[[0.5, 0.5]]], "queries": ["international law " * 4], "keys": [" \n", ""]}
    got = answer(asked(), spec, heatmap.LIGHT)
    assert got["queries"] == ["international law " * 4]
    assert re.search(">internat[a-z]*…<", svg(got["picture"]))
    assert got["keys"] == [" ↵", "“”"]


def test_values_that_were_read_back_pretend_to_no_digits() -> None:
    spec = {**SPEC, "weights": [[[1, 0], [1234567, 1 / 3]]]}
    assert answer(asked(), spec, heatmap.LIGHT)["cells"] == ["1 -;1234567 0.333333333"]
    assert answer(asked(), {**spec, "exact": False}, heatmap.LIGHT)["cells"] == ["1 -;1.23e+06 0.333"]


def test_a_picture_without_words_says_its_size() -> None:
    got = answer(asked(), {**SPEC, "alt": ""}, heatmap.LIGHT)
    assert got["alt"] == "Attention heatmap, 2 queries by 2 keys, 2 heads"


def test_a_view_chooses() -> None:
    got = answer(asked({"heads": "mean"}), SPEC, heatmap.LIGHT)
    assert got["cells"] == ["0.75 -;0.291666667 0.708333333"]
    assert got["every"] == ["1", "2"]  # what could be chosen stays
    assert answer(asked({"heads": 1}), SPEC, heatmap.LIGHT)["cells"] == ["0.5 -;0.333333333 0.666666667"]


def test_covered_has_both_pictures_of_one_shape() -> None:
    got = answer(asked({"covered": True}), SPEC, heatmap.LIGHT)
    covered = heatmap.drawn(SPEC, covered=True)
    assert svg(got["cover"]) == covered.svg
    assert covered.grid == got["grid"]
    assert ">.75<" in svg(got["picture"])
    assert ">.75<" not in svg(got["cover"])


@pytest.mark.parametrize(
    ("weights", "rows", "log"),
    [
        ([[[0.5, 0.5]]], "already", None),
        ([[[2, 2]]], None, None),
        ([[[-2, 2]]], "negative", "negative"),
        ([[[0, 0]]], "all values are 0", "all values are 0"),
    ],
)
def test_what_makes_no_sense_is_told(weights: Any, rows: str | None, log: str | None) -> None:
    reasons = cannot({"weights": weights, "queries": ["a"], "keys": ["b", "c"]})
    for name, words in (("rows", rows), ("log", log)):
        assert words in reasons[name] if words else name not in reasons


def test_a_masked_value_keeps_no_view_away() -> None:
    spec = {"weights": [[[1, -9]]], "masked": [[True, False]], "queries": ["a"], "keys": ["b", "c"]}
    assert cannot(spec)
    assert not cannot({**spec, "masked": [[False, True]], "weights": [[[2, -9]]]})


def counted() -> tuple[Source, list[int]]:
    calls: list[int] = []

    def spec() -> dict[str, Any]:
        calls.append(1)
        return SPEC

    return Source("identity", spec), calls


def missing(name: str) -> bytes:
    raise FileNotFoundError(name)


def test_the_room_of_a_drawing_is_told_where_that_is_soon_known() -> None:
    source, settings = Source("identity", lambda: SPEC), Settings(size=700)
    got = Answers(missing).of(asked(), source, settings)
    assert Answers(missing).room(source, settings) == (got["width"], got["height"])
    long = {**SPEC, "queries": ["a" * 1000, "b" * 1000]}
    assert Answers(missing).room(Source("long", lambda: long), settings) is None
    large = {**SPEC, "weights": [[[0.0] * 100] * 100], "masked": []}
    large |= {"queries": ["a"] * 100, "keys": ["b"] * 100}
    assert Answers(missing).room(Source("large", lambda: large), settings) is None


def test_what_was_read_and_drawn_is_kept() -> None:
    source, calls = counted()
    kept = Answers(missing)
    first = kept.of(asked(), source, Settings())
    assert kept.of(asked(), source, Settings()) is first
    assert kept.of(asked(dark=True), source, Settings()) is not first
    assert kept.of(asked(), source, Settings(colours="magma")) is not first
    assert kept.of(asked(room=900), source, Settings())["width"] > first["width"]
    assert kept.of(asked(), Source("other", lambda: SPEC), Settings()) is not first
    assert len(calls) == 1


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Answers(missing)
    for number in range(3 * answers.MOST_KEPT):
        kept.of(asked(), Source(str(number), lambda: SPEC), Settings())
    assert len(kept._kept) == answers.MOST_KEPT
    assert len(kept._specs) == answers.MOST_READ
    monkeypatch.setattr(answers, "MOST_LETTERS", 1)
    kept.of(asked(), Source("last", lambda: SPEC), Settings())
    assert [key[0] for key in kept._kept] == ["last"]


def test_a_picture_is_read_back() -> None:
    name, data = static.picture(SPEC)
    files: dict[str, bytes] = {name: data}
    kept = Answers(files.__getitem__)
    assert kept.of(asked(), Source(name, file=name), Settings())["cells"][0] == "1 -;0.25 0.75"
    verideck = heatmap.svg({**SPEC, "masked": ()}).encode()
    got = Answers(lambda _: verideck).of(asked(), Source("v", file="v.svg"), Settings())
    assert not got["exact"]
    assert float(got["cells"][0].split(";")[1].split(" ")[1]) == pytest.approx(0.75, abs=1 / 254)


@pytest.mark.parametrize(
    "spec",
    [
        lambda: {"weights": []},
        lambda: {"weights": [[[float("nan")]]], "queries": ["a"], "keys": ["b"]},
        dict,
    ],
)
def test_what_cannot_be_drawn_raises_with_a_reason(spec: Callable[[], dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Answers(missing).of(asked(), Source("x", spec), Settings())
