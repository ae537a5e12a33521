from __future__ import annotations

import pytest

from verideck.cards import Card, Kind, Location, Option
from verideck.verifying import alike


def told(*texts: str) -> list[str]:
    options = tuple(
        Option(text, ticked=False, location=Location("a.md", n)) for n, text in enumerate(texts, 1)
    )
    card = Card(Kind.CHOICE, Location("a.md"), "Which?", "Deck", options=options)
    return [f"{problem.line} {problem.severity}" for problem in alike.equal_options(card)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("`0.5`", "$1/2$"), ["2 error"]),
        (("1 KiB", "2 KiB", "1024 bytes"), ["3 error"]),
        (("`[0.5, 0.5]`", "`tensor([0.5000, 0.5000])`"), ["2 error"]),
        (("$x = y - G(z)$", "$x = -G(z) + y$"), ["2 warning"]),
    ],
)
def test_one_value_in_two_forms_is_told(texts: tuple[str, ...], expected: list[str]) -> None:
    assert told(*texts) == expected


@pytest.mark.parametrize(
    "texts",
    [
        ("`0.5`", "`0.25`"),
        ("`(2, 5)`", "`[2, 6]`"),
        ("Memory", "Time"),
        ("`True`", "`False`", "`1`"),
        ("$x = y - G(z)$", "$x = y - F(z)$"),
        ("`2`", "$x$"),
        ("softmax", "Softmax"),
    ],
)
def test_what_differs_is_left_alone(texts: tuple[str, ...]) -> None:
    assert told(*texts) == []
