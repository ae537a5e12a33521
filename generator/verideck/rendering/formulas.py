"""Formulas on their way into a field: the one place that lets TeX through to MathJax."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from verideck.reading import formula_faults
from verideck.rendering import clozes

if TYPE_CHECKING:
    from verideck import tex
    from verideck.rendering.variants import Varying


def find_faults(written: str, varying: Varying | None) -> tuple[tex.Fault, ...]:
    """Return what keeps a formula, given as HTML text with markers, from its card; empty if it is safe.

    Each variant must be safe, with its clozes shown and with hints in their place.
    """
    plain = html.unescape(written)
    every = dict.fromkeys(varying.formulas(plain)) if varying else (plain,)
    for one in every:
        text, inside = clozes.spelled(one)
        if found := formula_faults.of_formula(text, 0, len(text), inside):
            return found
    return ()
