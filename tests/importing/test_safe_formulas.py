"""Formulas of other people's files: an unsafe one is kept as code, and nothing else changes."""

from __future__ import annotations

import pytest

from verideck.importing import safe_formulas


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (r"a $\href{x}{y}$ b $x^2$", r"a `\href{x}{y}` b $x^2$"),
        (r"`a`$\href{x}{`y}$`b`", r"`a` ``\href{x}{`y}`` `b`"),
        (r"$$\href{x}{y}$$", r"`\href{x}{y}`"),
        (r"| $\href{a\|b}{c}$ |", r"| `\href{a\|b}{c}` |"),
        ("```math\n\\def\\a{b}\n```\n$x$", "```tex\n\\def\\a{b}\n```\n$x$"),
        (r"$\href{a}{ {{c1::x::h}} }$", r"`\href{a}{ `{{c1::`x`::h}}` }`"),
        (r"{{c2::$\href{}{}$}}", r"{{c2::`\href{}{}`}}"),
        (r"$\frac{ {{c1::\alpha}} }{2}$", r"$\frac{ {{c1::\alpha}} }{2}$"),
        ("no formula", "no formula"),
    ],
)
def test_an_unsafe_formula_is_kept_as_code(text: str, kept: str) -> None:
    assert safe_formulas.keep(text) == kept
    assert safe_formulas.keep(kept) == kept
    assert not list(safe_formulas.find_faults(kept))
    assert bool(list(safe_formulas.find_faults(text))) == (text != kept)
