"""What a `python vary` fence draws, and how little of it an edit changes."""

from __future__ import annotations

import json

import pytest

from verideck.verifying import given
from verideck.verifying.compute import compute
from verideck.verifying.formats import written
from verideck.verifying.records import JobKind, Outcome, outcome_from_json, outcome_to_json
from verideck.verifying.values import Quantity, Value, freeze


def drawn(code: str, count: int = 3, card: str = "a-card") -> Outcome:
    return compute(JobKind.VARY, code, given.encode({"card": card, "count": count}))


def rows(code: str, count: int = 3, card: str = "a-card") -> list[dict[str, object]]:
    outcome = drawn(code, count, card)
    assert outcome.faults == ()
    return [json.loads(row) for row in outcome.rows]


def fault(code: str, count: int = 3) -> tuple[int, int, str]:
    outcome = drawn(code, count)
    assert outcome.rows == ()
    first = outcome.faults[0]
    assert first.hint or "division" in first.message
    return first.line, first.column, first.message


MANY = "a = range(10)\nb = [0.5, 1.5, 2.5]\n"


def test_lists_ranges_derived_names_and_conditions() -> None:
    code = "n = [2, 4]\nk = range(1, 7, 2)\nsize = n * 16\nwhere(k < n)\n'a remark'\nshape = (n, k)\nd = 64\n"
    assert rows(code) == [
        {"n": 2, "k": 1, "size": 32, "shape": {"shape": [2, 1]}, "d": 64},
        {"n": 4, "k": 1, "size": 64, "shape": {"shape": [4, 1]}, "d": 64},
        {"n": 4, "k": 3, "size": 64, "shape": {"shape": [4, 3]}, "d": 64},
    ]


def test_a_list_that_names_what_is_drawn_is_computed_and_a_list_of_lists_is_drawn_from() -> None:
    found = rows("a = [1, 2]\npair = [a, a + 1]\nq = [[1, 0], [0, 1]]\n", 4)
    assert [(row["a"], row["pair"], row["q"]) for row in found] == [
        (a, {"tensor": [a, a + 1], "shape": [2], "dtype": "int"}, {"tensor": q, "shape": [2], "dtype": "int"})
        for a in (1, 2)
        for q in ([1, 0], [0, 1])
    ]


def test_the_first_combination_is_always_drawn_and_the_others_stand_in_the_written_order() -> None:
    for card in ("a", "b", "c", "d"):
        found = rows(MANY, 5, card)
        assert found[0] == {"a": 0, "b": 0.5}
        pairs = [(row["a"], row["b"]) for row in found]
        assert pairs == sorted(pairs)
    assert rows(MANY + "where(a > 3)", 2)[0] == {"a": 4, "b": 0.5}


def test_draws_are_distinct_repeat_themselves_and_differ_between_cards() -> None:
    one = rows(MANY, 12)
    assert len({json.dumps(row) for row in one}) == 12
    assert rows(MANY, 12) == one
    assert rows(MANY, 12, "another") != one


def test_more_variants_keep_those_there_were() -> None:
    few, more = rows(MANY, 4), rows(MANY, 9)
    assert all(row in more for row in few)


def test_a_value_that_is_added_changes_only_what_makes_room_for_its_own() -> None:
    before = rows(MANY, 8)
    after = rows(MANY.replace("2.5]", "2.5, 3.5]"), 8)
    assert all(row["b"] == 3.5 for row in after if row not in before)
    gone = rows(MANY.replace("1.5, ", ""), 8)
    assert [row for row in before if row["b"] != 1.5] == [row for row in gone if row in before]


def test_spelling_and_order_of_the_lines_do_not_reshuffle() -> None:
    def pairs(code: str) -> set[tuple[object, object]]:
        return {(row["a"], row["b"]) for row in rows(code, 6)}

    assert pairs(MANY) == pairs("b = [0.5, 1.5, 2.5]\na = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")
    assert pairs(MANY) == pairs(MANY + "c = a * b\n'more'\nwhere(a >= 0)")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("n = [1, 2]", (1, 1, "only 2 combinations for 3 variants")),
        ("n = [1, 2]\nwhere(n > 1)", (1, 1, "only 1 combination for 3 variants")),
        ("n = [1, 2]\nwhere(n > 5)", (1, 1, "only 0 combinations for 3 variants")),
        ("n = 3", (1, 1, "nothing to draw from")),
        ("n = []", (1, 5, "nothing to draw from")),
        ("n = range(3, 3)", (1, 5, "nothing to draw from")),
        ("n = [1, 2, 1]", (1, 5, "`1` stands twice among the values")),
        ("n = [1]\nn = [2]", (2, 1, "a second `n`")),
        ("answer = [1, 2]", (1, 1, "`answer` is a word of the language, not a name")),
        ("where = [1, 2]", (1, 1, "`where` is a word of the language, not a name")),
        ("n = range()", (1, 5, "not a range")),
        ("n = range(1, 5, 0)", (1, 5, "not a range")),
        ("n = range(0.5, 5)", (1, 5, "not a range")),
        ("n = range(10 ** 9)", (1, 5, "a range too large to draw from")),
        ("a = range(999)\nb = range(999)", (1, 1, "998,001 combinations")),
        ("n = [0, 1]\nk = 1 / n", (2, 5, "a division by zero, with n = 0")),
        ("n = [1, 2]\nwhere(n)", (2, 7, "a number where a condition stands, with n = 1")),
        ("n = [1, 2]\nwhere(n > 1, n < 3)", (2, 1, "`where` without its one condition")),
        ("n = [1, 2]\nn + 1", (2, 1, "a line that draws nothing")),
        ("a, b = [1, 2]", (1, 1, "a line that draws nothing")),
        ("n = [1, 2]\nk = nn", (2, 5, "an unknown name `nn`, with n = 1")),
        ("n = [x for x in y]", (1, 6, "a list comprehension is outside the check language")),
        ("n = ['" + "a" * 201 + "', 'b']", (1, 6, "a text too long to draw")),
        (
            f"n = [{[0] * 65}, 1]",
            (1, 6, "a value that cannot be drawn: a tensor of 65 numbers is too long for a text"),
        ),
        (
            "n = [equations('a = b'), 1]",
            (
                1,
                6,
                "a value that cannot be drawn: it is no number, text, shape, list or quantity",
            ),
        ),
        ("n = [exp, 1]", (1, 6, "`exp` is a function without its arguments")),
    ],
)
def test_what_cannot_be_drawn_says_why_and_where(code: str, expected: tuple[int, int, str]) -> None:
    found = fault(code)
    assert (found[0], found[2]) == (expected[0], expected[2])


def test_a_draw_is_kept_as_evidence_exactly() -> None:
    outcome = drawn("n = [2, 4]\nx = [0.1, 0.2]\nq = n * x\nm = n * GiB\nt = ['a', 'é']", 6)
    assert outcome.faults == ()
    assert outcome_from_json(json.loads(json.dumps(outcome_to_json(outcome)))) == outcome


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (4, "", "4"),
        (1.0, "", "1.0"),
        (0.1 + 0.2, "", "0.3"),
        (1 / 3, "", "0.333333333333"),
        (-0.0, "", "0.0"),
        (1e-7, "", "1e-07"),
        (True, "", "True"),
        ("cat", "", "cat"),
        ((2, 5, 64), "", "(2, 5, 64)"),
        ((2,), "", "(2,)"),
        ([0.5, 0.25], "", "[0.5, 0.25]"),
        ([[0.5, 0.25], [1.0, 0.0]], ".4f", "[[0.5000, 0.2500], [1.0000, 0.0000]]"),
        (0.25, ".4f", "0.2500"),
        (0.25, ".0%", "25%"),
        (1234567, ",d", "1,234,567"),
        (-0.001, ".2f", "0.00"),
        (7, "5d", "    7"),
        (12345.678, ".3e", "1.235e+04"),
        (Quantity(16, "GiB"), "", "16 GiB"),
        (Quantity(1.5, "GiB"), ".2f", "1.50 GiB"),
    ],
)
def test_values_are_written_as_python_prints_them_or_in_a_format(value: object, spec: str, text: str) -> None:
    frozen: Value = value if isinstance(value, Quantity) else freeze(value)
    assert written(frozen, spec) == text


@pytest.mark.parametrize(
    ("value", "spec"),
    [
        (1, "21d"),
        (1.0, ".13f"),
        (1, "x"),
        (1, "c"),
        (1, ">5"),
        (1.5, "d"),
        ("a", ".2f"),
        (True, "d"),
        (1, ".999999999f"),
    ],
)
def test_formats_that_do_not_fit_are_turned_down(value: object, spec: str) -> None:
    with pytest.raises(ValueError, match="format"):
        written(freeze(value), spec)


def test_code_sees_lists_for_tensors_and_shapes_as_they_are() -> None:
    row = given.encode({"q": freeze([[1, 0]]), "s": freeze((2, 5)), "m": Quantity(2, "GiB"), "t": "a"})
    assert given.bound(row) == {"q": [[1, 0]], "s": (2, 5), "m": Quantity(2, "GiB"), "t": "a"}
    assert given.bound("") == given.bound(given.NOTHING) == {}
    with pytest.raises(ValueError, match="no object"):
        given.decode("[1]")
