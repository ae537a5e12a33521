"""Whatever a file holds becomes problems inside that file, never a traceback, and never takes long."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.reading import files, markdown

HEAD = "---\ndeck: D\n---\n\n## Q\n\n"
GOOD = (Path(__file__).parent / "fixtures" / "cards.txt").read_text(encoding="utf-8").split("\n.\n", 2)[1]
PIECES = (
    *(
        "\n",
        "\n\n",
        "---\n",
        "## ",
        "# ",
        "- [x] ",
        "- [ ] ",
        "```",
        "~~~",
        "```python check\n",
        "> [!TIP]\n",
        "> ",
    ),
    *(
        "<!-- card: ",
        " -->",
        "#id",
        "deck=",
        '"',
        "{{c1::",
        "::",
        "}}",
        "«n",
        ":.3f»",
        "![",
        "](",
        ")",
        "heatmap:",
    ),
    *(
        "python vary 3\n",
        "$",
        "$$",
        "`",
        "\\",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "<img ",
        "|",
        "\t",
        "    ",
        "  ",
        "a",
    ),
    *(
        "deck: ",
        "tags: [",
        "&a",
        "*a",
        "!!int",
        "\x1f",
        "\u202e",
        "\u2028",
        "\x85",
        "\ufeff",
        "\ud800",
        "é",
        "𝕏",
    ),
)


def assert_problems_lie_inside(text: str) -> None:
    found = markdown.read(text, "p")
    lines = text.split("\n")
    for problem in found.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.message
    for card in found.cards:
        assert card.heading
        assert lines[card.location.line - 1].startswith("##")
        for option in card.options:
            assert lines[option.location.line - 1].startswith("- [")
        for fence in (*card.checks, *card.runs, *card.outputs):
            assert lines[fence.location.line - 1] == fence.code.split("\n")[0]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    text, problems = files.decode(data, "p")
    if text is None:
        assert problems
        assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
    else:
        assert_problems_lie_inside(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.booleans())
def test_any_pieces_of_the_format(pieces: list[str], headed: bool) -> None:
    assert_problems_lie_inside((HEAD if headed else "") + "".join(pieces))


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(GOOD)),
    st.integers(0, 40),
    st.lists(st.sampled_from(PIECES), max_size=3),
    st.integers(0, 2),
)
def test_a_good_source_cut_and_patched(at: int, removed: int, pieces: list[str], rest: int) -> None:
    assert_problems_lie_inside(GOOD[:at] + "".join(pieces) + (GOOD[at + removed :] if rest else ""))


def messages(text: str) -> list[str]:
    return [problem.message for problem in markdown.read(text, "p").problems]


LONG = 200_000


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "{{c1::" * (LONG // 6),
        HEAD + "{{c1::" + "{" * LONG,
        HEAD + "` " * (LONG // 2),
        HEAD + "".join("`" * width + " " for width in range(1, 700)),
        HEAD + "![a](b '" * (LONG // 8),
        HEAD + "![[a]" * (LONG // 5),
        HEAD + "$a " * (LONG // 3),
        HEAD + "- [" + " " * LONG,
        HEAD + "## a" + " #" * (LONG // 2) + " x",
        HEAD + "<!--" + "-" * LONG,
        HEAD + "<b" + ' "a"' * (LONG // 4),
        HEAD + "\n<!-- card: " + " ".join(f".t{number}" for number in range(60_000)) + " -->",
        HEAD + "```\n" * 50_001,
        HEAD + "- [x] a\n" * 8_000,
        HEAD + "## a\n" * 8_000,
        "---\ntags: " + "[" * 15_000 + "\n---\n",
        "---\n" + "a: [" * 3_000 + "\n---\n",
    ],
    ids=range(17),
)
def test_long_input_is_read_in_one_pass(text: str) -> None:
    """A quadratic step would make these take minutes; the suite's time tells."""
    assert_problems_lie_inside(text)


def test_ten_thousand_lists_in_one_another() -> None:
    assert "lists or quotes nested too deep" in messages(HEAD + "- " * 10_000 + "x")
    stairs = "\n".join(" " * (2 * depth) + "- x" for depth in range(1000))
    assert "lists or quotes nested too deep" in messages(HEAD + stairs)


def test_a_flood_of_problems_is_cut() -> None:
    found = markdown.read(HEAD + "\x1f\n" * 5000, "p").problems
    assert len(found) == markdown.MOST_PROBLEMS + 1
    assert found[-1].message == "4,000 more problems in this file"


def test_a_staircase_of_lists_is_told_once() -> None:
    stairs = "".join(f"{' ' * (2 * depth)}- a\n" for depth in range(500))
    problems = markdown.read(f"---\ndeck: D\n---\n\n## Q\n\n{stairs}", "p").problems
    assert [problem.message for problem in problems] == ["lists or quotes nested too deep"]
