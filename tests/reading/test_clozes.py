"""Clozes: numbers, hints, balanced braces, opaque code."""

from __future__ import annotations

import pytest

from verideck.reading import clozes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{c1::a}}", [(1, "a", "")]),
        ("{{c12::a::b}}", [(12, "a", "b")]),
        (r"${{c1::\frac{a}{b}}}$", [(1, r"\frac{a}{b}", "")]),
        (r"{{c1::\{ \} a}}", [(1, r"\{ \} a", "")]),
        ("{{c1::`}}::{{`::b}}", [(1, "`}}::{{`", "b")]),
        ("`{{c1::a}}` {{c2::b}}", [(2, "b", "")]),
        ("```\n{{c1::a}}\n```\n{{c2::b}}", [(2, "b", "")]),
        ("{{c1::K[::2]}}", [(1, "K[::2]", "")]),
        ("{{c1::[0, 1)::interval}}", [(1, "[0, 1)", "interval")]),
        ("{{c1::a\nb}}", [(1, "a\nb", "")]),
        ("{{c1::a}}{{c1::b}}", [(1, "a", ""), (1, "b", "")]),
        ("{{c1::a\n\nb}} {{c2::c}}", [(2, "c", "")]),
        ("- {{c1::a\n- b}}", []),
    ],
)
def test_find(text: str, expected: list[tuple[int, str, str]]) -> None:
    found = clozes.find(text)
    assert [(cloze.number, cloze.text, cloze.hint) for cloze in found] == expected
    for cloze in found:
        whole = text[cloze.start : cloze.end]
        assert whole.startswith("{{c")
        assert whole.endswith("}}")
