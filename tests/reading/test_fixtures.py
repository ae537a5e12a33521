"""Sources a person can read, each with what becomes of it: title, `.`, input, `.`, outcome, `.`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pytest

from verideck.cards import Card, Fence, Heatmap, Image, Location, Option
from verideck.problems import ordered
from verideck.reading import duplicates, markdown

FIXTURES = Path(__file__).parent / "fixtures"
FRONT_MATTER = "---\ndeck: D\n---\n"


def cases(name: str) -> Sequence[object]:
    """Give the cases of a fixture file: title, input and expected outcome."""
    found = []
    lines = (FIXTURES / name).read_text(encoding="utf-8").split("\n")
    dots = [number for number, line in enumerate(lines) if line == "."]
    for first, second, third in zip(dots[::3], dots[1::3], dots[2::3], strict=True):
        source = "\n".join(lines[first + 1 : second]) + "\n"
        expected = "\n".join(lines[second + 1 : third])
        title = lines[first - 1]
        whole = title.startswith("whole") or source.startswith("---\n")
        found.append(pytest.param(source if whole else FRONT_MATTER + source, expected, id=title))
    return found


def place(location: Location) -> str:
    return f"{location.line}:{location.column}"


def told(value: object) -> str:
    """Show a value of a card on one line."""
    match value:
        case Option():
            box = "[x]" if value.ticked else "[ ]"
            return f"{place(value.location)} {box} {value.text!r} because {value.reason!r}"
        case Fence():
            return f"{place(value.location)} {value.code!r}"
        case Heatmap():
            words = [f" ({word})" for word in ("shared", "predict") if getattr(value, word)]
            return f"{value.name}{''.join(words)} {told(value.fence)}"
        case Image():
            return f"{place(value.location)} {value.path!r}"
        case _:
            return repr(value)


def shown(card: Card) -> str:
    """Show what a card holds, field by field; what is empty is left out."""
    lines = [f"{card.kind} at {place(card.location)}"]
    for field in fields(card):
        value = getattr(card, field.name)
        if field.name in {"kind", "location"} or not value:
            continue
        if isinstance(value, tuple):
            lines += [f"  {field.name}: {told(one)}" for one in value]
        else:
            lines.append(f"  {field.name}: {told(value)}")
    return "\n".join(lines)


def outcome_of_problems(source: str) -> str:
    found = markdown.read(source, "p")
    problems = ordered((*found.problems, *duplicates.find(found.cards)))
    return "\n".join(
        f"{one.line}:{one.column} {one.severity}: {one.message}\n    {one.hint}" for one in problems
    )


@pytest.mark.parametrize(("source", "expected"), cases("problems.txt"))
def test_problems(source: str, expected: str) -> None:
    assert outcome_of_problems(source) == expected


@pytest.mark.parametrize(("source", "expected"), cases("cards.txt"))
def test_cards(source: str, expected: str) -> None:
    found = markdown.read(source, "p")
    assert found.problems == ()
    assert "\n".join(shown(card) for card in found.cards) == expected
