from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon import heatmap
from addon.drawing.views import View, shown

WEIGHTS = st.floats(0, 1e30) | st.floats(0, 1) | st.sampled_from([0.0, 5e-324])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["all", "mean"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
TINY: dict[str, Any] = {
    "weights": [[[1.0, 3.0], [0.0, 0.0]]],
    "queries": ["a", "b"],
    "keys": ["c", "d"],
    "alt": "x",
}


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    heads, rows, columns = (draw(st.integers(1, 4)) for _ in range(3))

    def table(cells: st.SearchStrategy[Any]) -> Any:
        line = st.lists(cells, min_size=columns, max_size=columns)
        return st.lists(line, min_size=rows, max_size=rows)

    spec: dict[str, Any] = {
        "weights": draw(st.lists(table(WEIGHTS), min_size=heads, max_size=heads)),
        "queries": [f"query {i}" for i in range(rows)],
        "keys": [f"key {i}" for i in range(columns)],
        "alt": draw(st.text()),
        "words": {"query": "requête"},
    }
    if draw(st.booleans()):
        spec["masked"] = draw(table(st.booleans()))
    if draw(st.booleans()):
        spec["heads"] = [f"layer 3, head {i}" for i in range(heads)]
    return spec


def is_hidden(spec: dict[str, Any], i: int, j: int) -> bool:
    return bool(spec.get("masked") and spec["masked"][i][j])


@given(specs(), st.builds(View, st.sampled_from(["all", "mean", 0]), st.booleans()))
def test_whatever_is_shown_keeps_labels_masks_and_shape_and_can_be_drawn(
    spec: dict[str, Any], view: View
) -> None:
    found = shown(spec, view)
    assert {key: found[key] for key in spec if key not in ("weights", "heads")} == {
        key: spec[key] for key in spec if key not in ("weights", "heads")
    }
    assert len(found["weights"]) == (len(spec["weights"]) if view.heads == "all" else 1)
    heatmap.drawn(found)
    for matrix in found["weights"]:
        hidden = [row[j] for i, row in enumerate(matrix) for j in range(len(row)) if is_hidden(spec, i, j)]
        assert not any(hidden)


@given(specs())
def test_the_mean_of_heads_is_each_cell_s_mean(spec: dict[str, Any]) -> None:
    (mean,) = shown(spec, View(heads="mean"))["weights"]
    for i, row in enumerate(mean):
        for j, weight in enumerate(row):
            cells = [matrix[i][j] for matrix in spec["weights"]]
            if not is_hidden(spec, i, j):
                assert weight == pytest.approx(sum(cells) / len(cells))


@given(specs(), st.sampled_from(["all", "mean", 0]))
def test_normalised_rows_sum_to_one_and_keep_their_order(spec: dict[str, Any], heads: str | int) -> None:
    before, after = (shown(spec, View(heads, rows))["weights"] for rows in (False, True))
    for matrix, shares in zip(before, after, strict=True):
        for i, (row, share) in enumerate(zip(matrix, shares, strict=True)):
            kept = [j for j in range(len(row)) if not is_hidden(spec, i, j)]
            seen = [row[j] for j in kept]
            assert sum(share) == pytest.approx(1 if any(seen) else 0)
            order = sorted(kept, key=lambda j: row[j])
            assert [share[j] for j in order] == sorted(share[j] for j in kept)


@given(specs(), st.data())
def test_one_head_alone_is_that_head(spec: dict[str, Any], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(spec["weights"]) - 1))
    found = shown(spec, View(heads=number))
    for i, row in enumerate(spec["weights"][number]):
        assert [0 if is_hidden(spec, i, j) else weight for j, weight in enumerate(row)] == list(
            found["weights"][0][i]
        )


@given(specs())
def test_a_specification_is_never_changed(spec: dict[str, Any]) -> None:
    before = repr(spec)
    shown(spec, View("mean", rows=True))
    assert repr(spec) == before


@pytest.mark.parametrize(
    ("heads", "view", "names"),
    [
        (["a", "b", "c"], View(1), ["b"]),
        ([], View(1), ["2"]),
        (["a", "b", "c"], View("mean"), ["mean of 3 heads"]),
        ([], View("mean"), ["mean of 3 heads"]),
        (["a", "b", "c"], View(rows=True), ["a", "b", "c"]),
        ([], View(rows=True), []),
    ],
)
def test_what_is_shown_has_its_name(heads: list[str], view: View, names: list[str]) -> None:
    assert shown({**TINY, "weights": TINY["weights"] * 3, "heads": heads}, view)["heads"] == names


@pytest.mark.parametrize("view", [View("mean"), View(0)])
def test_a_lone_head_needs_no_other_name(view: View) -> None:
    assert shown(TINY, view)["heads"] == []
    assert shown({**TINY, "heads": ["h"]}, view)["heads"] == ["h"]


def test_a_row_of_zeros_stays() -> None:
    assert shown(TINY, View(rows=True))["weights"] == [[[0.25, 0.75], (0.0, 0.0)]]


def test_a_masked_weight_has_no_part_in_its_row() -> None:
    given = {**TINY, "weights": [[[1.0, 3.0, -7.0]]], "queries": ["a"], "keys": ["b", "c", "d"]}
    found = shown({**given, "masked": [[False, False, True]]}, View(rows=True))
    assert found["weights"] == [[[0.25, 0.75, 0.0]]]
    with pytest.raises(ValueError, match="rows with negative values cannot be normalised"):
        shown(given, View(rows=True))


@pytest.mark.parametrize(
    ("change", "view", "said"),
    [
        ({}, View(1), "there is no head 2: the heatmap has 1"),
        ({}, View(-1), "there is no head 0"),
        ({"weights": None}, View("mean"), "not a list"),
        ({"weights": [[[float("nan")] * 2] * 2]}, View(rows=True), "not finite"),
        ({"masked": 7}, View(0), "no rows"),
    ],
)
def test_what_cannot_be_shown_says_why(change: dict[str, Any], view: View, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        shown({**TINY, **change}, view)


@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(("heads", "rows", "log", "covered"), JSON)))
def test_a_hostile_view_falls_back(mapping: object) -> None:
    view = View.of(mapping)
    assert view.heads in ("all", "mean") or (type(view.heads) is int and 0 <= view.heads < 64)
    assert {type(view.rows), type(view.log), type(view.covered)} == {bool}
    hash(view)


@pytest.mark.parametrize("view", [View(), View("mean", log=True), View(63, rows=True), View(0, covered=True)])
def test_a_view_survives_json(view: View) -> None:
    assert View.of(dict(vars(view))) == view


@pytest.mark.parametrize("heads", [True, 1.0, -1, 64, 10**30, "first", [], None, {"mean": 1}])
def test_heads_that_are_none_count_as_all(heads: object) -> None:
    assert View.of({"heads": heads, "rows": 1, "log": "yes"}) == View()
