"""Two versions of a field side by side: nothing is lost, nothing is invented, and the work is bounded."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.updating import differing
from addon.updating.differing import Comparison, Run, compared, plain


def marked(runs: tuple[Run, ...]) -> str:
    return "".join(f"[{run.text}]" if run.changed else run.text for run in runs)


@pytest.mark.parametrize(
    ("mine", "theirs", "left", "right"),
    [
        ("even weights", "even weights", "even weights", "even weights"),
        ("divide by 8", "divide by √8", "divide by 8", "divide by [√]8"),
        ("the old scale", "the new scale", "the [old] scale", "the [new] scale"),
        ("a b c d", "a x y d", "a [b c] d", "a [x y] d"),
        ("", "all new", "", "[all new]"),
        ("<b>one</b><br>two", "one<div>two</div>", "<b>one</b><br>two", "one<div>two</div>"),
        ("one &lt; two", "one &gt; two", "one [<] two", "one [>] two"),
        ("one<br>two", "one two three", "one\ntwo", "one two[ three]"),
    ],
)
def test_words_that_changed_are_marked(mine: str, theirs: str, left: str, right: str) -> None:
    found = compared(mine, theirs)
    if found.source:
        assert marked(found.mine).replace("[", "").replace("]", "") == left
        assert marked(found.theirs).replace("[", "").replace("]", "") == right
    else:
        assert (marked(found.mine), marked(found.theirs)) == (left, right)


def test_the_html_is_shown_where_only_it_differs() -> None:
    found = compared("the <b>key</b>", "the <i>key</i>")
    assert found.source
    assert marked(found.mine) == "the <[b]>key</[b]>"
    assert not compared("the key", "the <i>query</i>").source
    assert compared("the <b>key</b>", "the <b>key</b>") == Comparison(
        (Run("the key", changed=False),), (Run("the key", changed=False),)
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("a&nbsp;b  c\n d", "a b c\nd"),
        ('see <img alt="x" src="verideck-1.svg"> here', "see [verideck-1.svg] here"),
        ("<ul><li>one</li><li class='x'>two</li></ul>", "• one\n• two"),
        ("<ol><li><p>one</p><p>more</p></li><li>✓<p>two</p></li></ol>", "• one\nmore\n• ✓ two"),
        ("<ul><li></li></ul>", "•"),
        ("<img src=a.png>", "[a.png]"),
        ("<img>", "[picture]"),
        ("a<!-- not <b> read -->b", "ab"),
        ("a <!-- open", "a <!-- open"),
        ("a < b and c > d", "a d"),
        ("<script>alert(1)</script>", "alert(1)"),
        (r"\(a\) {{c1::b}}", r"\(a\) {{c1::b}}"),
    ],
)
def test_a_field_is_read_as_a_person_reads_it(html: str, text: str) -> None:
    assert plain(html) == text


words = st.lists(st.sampled_from(["key", "query", " ", "value", "\n", ".", "√"]), max_size=30).map("".join)


@given(words, words)
def test_both_sides_say_what_they_said_and_share_what_is_unmarked(mine: str, theirs: str) -> None:
    found = compared(mine, theirs)
    if not found.source:
        assert "".join(run.text for run in found.mine) == plain(mine)
        assert "".join(run.text for run in found.theirs) == plain(theirs)

    def same(runs: tuple[Run, ...]) -> str:
        return "".join("".join(run.text for run in runs if not run.changed).split())

    assert same(found.mine) == same(found.theirs)


@given(st.text("ab ", max_size=12), st.text("ab ", max_size=12))
def test_as_few_words_as_possible_are_marked(one: str, other: str) -> None:
    """An oracle: the longest common subsequence by the quadratic method."""
    left, right = list(one), list(other)
    best = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, letter in enumerate(left):
        for j, against in enumerate(right):
            best[i + 1][j + 1] = best[i][j] + 1 if letter == against else max(best[i][j + 1], best[i + 1][j])
    kept = differing._kept(left, right)
    assert len(kept) == best[-1][-1]
    assert all(left[i] == right[j] for i, j in kept)
    assert kept == sorted(kept)
    assert len({i for i, _ in kept}) == len({j for _, j in kept}) == len(kept)


def test_a_long_field_is_shown_around_its_first_difference() -> None:
    start = "<p>" + "same " * 100_000
    found = compared(start + "old" + " tail" * 100_000, start + "new" + " tail" * 100_000)
    assert found.cut
    assert len("".join(run.text for run in found.mine)) < 50_000
    assert any(run.changed and run.text == "old" for run in found.mine)
    assert any(run.changed and run.text == "new" for run in found.theirs)


def test_less_can_be_looked_at() -> None:
    found = compared("old " * 1_000 + "x", "old " * 1_000 + "y", 100)
    assert found.cut
    assert [run.text for run in found.mine if run.changed] == ["x"]
    assert len("".join(run.text for run in found.mine)) < 110


LARGE: list[Callable[[int], str]] = [
    lambda n: "<" * n,
    lambda n: "<!--" * (n // 4),
    lambda n: "&" * n,
    lambda n: "<img src=" * (n // 9),
    lambda n: "a b " * (n // 4),
    lambda n: " ".join(map(str, range(n // 5))),
    lambda n: "\x00\u202e" * (n // 2),
]


MOST_WORK = 1_500_000


def operations(work: Callable[[], object]) -> int:
    """Count the lines of Python that run: a measure of work that no busy machine changes."""
    count = 0

    def trace(frame: object, event: str, argument: object) -> object:
        nonlocal count
        count += 1
        assert count < MOST_WORK
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]  # of frames only their number matters
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("one", LARGE)
@pytest.mark.parametrize("other", [LARGE[0], LARGE[4], LARGE[5]])
def test_hostile_fields_cost_a_bounded_amount_of_work(
    one: Callable[[int], str], other: Callable[[int], str]
) -> None:
    small = operations(lambda: compared(one(100_000), other(100_000)))
    large = operations(lambda: compared(one(1_000_000), other(1_000_000)))
    assert large < small * 1.5 + 1_000
