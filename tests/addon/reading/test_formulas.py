"""A stranger's field: formulas that are not safe become text, however they are written; safe ones stay."""

from __future__ import annotations

import pytest

from addon.reading.formulas import JOINER, safe

HREF = r"\href{javascript:1}{x}"


@pytest.mark.parametrize(
    "field",
    [
        r"<p>a \(x\) b</p>",
        r"\({{c1::\frac{a}{b}<!-- -->}}\)",
        r"\(\frac{ {{c1::a::h}} }{ {{c2::b}} }\)",
        rf"<img alt='\({HREF}\)'>",
        r"<table><tr><td>\(x\)</td> <th>\(y\)</th></tr></table>\(z\)",
        r"<ul><li>\(x\)</li><li>\(y\)</li></ul>",
        f"a \\ b, {HREF}",
        "no backslash",
    ],
)
def test_what_is_safe_stays(field: str) -> None:
    assert safe(field) == (field, 0)


@pytest.mark.parametrize(
    ("field", "made"),
    [
        (rf"a \({HREF}\)", rf"a \|({HREF}\)"),
        (r"\[\def\a{\a\a}\a\]", r"\|[\def\a{\a\a}\a\]"),
        (r"\(\fraq{1}\) \(y\)", r"\|(\fraq{1}\) \(y\)"),
        (rf"\<wbr>({HREF}\<!-- -->)", rf"\|<wbr>({HREF}\<!-- -->)"),
        (rf"&#92;({HREF}&bsol;)", rf"&#92;|({HREF}&bsol;)"),
        (rf"\&lpar;{HREF}\)", rf"\|&lpar;{HREF}\)"),
        (rf"\(a {{\) {HREF} \(}}\)", rf"\|(a {{\) {HREF} \|(}}\)"),
        (r"\(\hr{{c1::ef{a}{b}}}\)", r"\|(\hr{{c1::ef{a}{b}}}\)"),
        (rf"\{{{{c1::({HREF}\)}}}}", rf"\|{{{{c1::({HREF}\)}}}}"),
        (rf"\(x {{{{c1::a::{HREF}}}}}\)", rf"\|(x {{{{c1::a::{HREF}}}}}\)"),
        (r"<xmp>\(x\)</xmp>", r"<xmp>\|(x\|)</xmp>"),
        # What a browser drops ends no text.
        (rf"\(</b>{HREF}\)", rf"\|(</b>{HREF}\)"),
        (rf"\(<td>{HREF}\)", rf"\|(<td>{HREF}\)"),
        (rf"\(%</td><b>\(</i>{HREF}\)", rf"\|(%</td><b>\|(</i>\|{HREF[1:]}\|)"),
        (rf"\(x<b>\(y</b>\({HREF}\)", rf"\|(x<b>\|(y</b>\|({HREF}\)"),
        (rf"<select>\(<style>{HREF}\)</style>", rf"<select>\(<style>\|{HREF[1:]}\|)</style>"),
        (rf"<svg>\(<![CDATA[{HREF}]]>\)", rf"<svg>\(<![CDATA[\|{HREF[1:]}]]>\)"),
        # A table pulls out in front of it what is between its cells.
        (rf"\(<table>{HREF}\)", rf"\|(<table>\|{HREF[1:]}\|)"),
        (rf"\(<table><tr><td>\)</td>{HREF}\)", rf"\(<table><tr><td>\)</td>\|{HREF[1:]}\|)"),
    ],
)
def test_what_is_not_safe_becomes_text(field: str, made: str) -> None:
    assert safe(field)[0].replace(JOINER, "|") == made
    assert safe(safe(field)[0]) == (safe(field)[0], 0)
