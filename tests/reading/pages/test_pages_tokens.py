"""The tokeniser: what lines are by themselves, glued words, text that only looks like a mark."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.reading.items import Line
from verideck.reading.pages.tokens import TokenKind, lines_of, tokenise


def kinds(text: str) -> list[str]:
    """Give a line's tokens as `kind` or `kind=value`."""
    return [
        f"{token.kind}={token.value}" if token.value else str(token.kind)
        for token in tokenise([Line(1, text)])
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["blank"]),
        ("0", ["noise"]),
        ("Potteryml~20 mins", ["noise"]),
        ("Choose your learning style9 modes available", ["noise"]),
        ("🎖️", ["noise"]),
        ("Attempts:", ["noise"]),
        ("2 left", ["noise"]),
        ("Attempts:2 left💡 Hint", ["noise", "hint"]),
        ("Tides - Challenge Your Understanding", ["title=Tides"]),
        ("Challenge - 12 Problems", ["heading=challenge"]),
        ("Recall & Review", ["heading=recall"]),
        ("Recall & Reviewbeginner", ["heading=recall", "level=beginner"]),
        ("🧠 Conceptual", ["kind=conceptual"]),
        ("❓ Predict Output", ["kind=predict output"]),
        ("Predict Output", ["kind=predict output"]),
        ("\ufffd Conceptual", ["kind=conceptual"]),
        ("intermediate2:00remaining", ["level=intermediate", "time"]),
        ("🧠 Conceptualexpert1:30 remaining", ["kind=conceptual", "level=expert", "time"]),
        ("medium", ["level=intermediate"]),
        ("beginnerWhat is dew?", ["level=beginner", "text"]),
        ("2:00remaining", ["time"]),
        ("PyTorch", ["language=PyTorch"]),
        ("💡 Hint", ["hint"]),
        ("💡 HintThink of rain.", ["hint", "text"]),
        ("Hint: think of rain.", ["hint", "text"]),
        ("✗ Incorrect", ["verdict=incorrect"]),
        ("✓ CorrectIt rains.", ["verdict=correct", "text"]),
        ("Explanation: it rains.", ["explanation", "text"]),
        ("Correct answer: B", ["key=B"]),
        ("The correct option is (C)", ["key=C"]),
        ("It rains.Click to reveal answer", ["text", "reveal"]),
        ("You got /5 concepts.", ["rubric"]),
        ("You got 3/5 concepts", ["rubric"]),
    ],
)
def test_a_line_is_known(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A beginner asks.",
        "The data are lost.",
        "Python is a snake.",
        "Hints help.",
        "Correct spelling matters.",
        "It starts at 2:00 and ends late.",
        "You got the answer right.",
        "Recall & Review the chapter first.",
        "# Hint: a comment",
        "An incorrect answer costs a point.",
        "hintThink",
        "The answer: because it rains.",
    ],
)
def test_words_in_a_sentence_are_text(text: str) -> None:
    assert kinds(text) == ["text"]


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n\r"), max_size=60), max_size=20))
@settings(max_examples=50, deadline=None)
def test_no_word_is_lost_and_lines_come_back(texts: list[str]) -> None:
    lines = tuple(Line(number, text) for number, text in enumerate(texts, start=1))
    found = tokenise(lines)
    assert lines_of(found) == lines
    for line in lines:
        own = "".join(token.text for token in found if token.line == line.number)
        assert "".join(own.split()) == "".join(line.text.split())


def test_a_piece_knows_whether_it_is_its_whole_line() -> None:
    whole, glued = tokenise([Line(1, "  beginner  "), Line(2, "beginnerWhy?")])[:2]
    assert whole.kind is glued.kind is TokenKind.LEVEL
    assert (whole.whole, glued.whole) == (True, False)
