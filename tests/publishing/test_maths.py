"""Formulas as MathML: safe, whole, and for a varying card all that its script can ask for."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verideck import building
from verideck.publishing import maths, showing
from verideck.publishing.maths import Typesetter, mathml
from verideck.verifying.provenance import TRUST

NOW = 4_000_000_000
SOURCES = Path(__file__).parents[2] / "sources"
FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
SCRIPT = re.compile(r"<script\b.*?</script>|<[^>]*>", re.DOTALL)


def text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def test_formulas_in_text_are_set_and_nothing_else_is() -> None:
    side = (
        r'<p title="\(a\)">\(x_1 &lt; 2\)</p><span class="maths">\[y\]</span>'
        r'<script>"\(z\)"</script><!-- \(c\) -->'
    )
    assert Typesetter().html(side) == (
        r'<p title="\(a\)"><math><msub><mi>x</mi><mn>1</mn></msub><mo>&lt;</mo><mn>2</mn></math></p>'
        r'<span class="maths"><math display="block"><mi>y</mi></math></span>'
        r'<script>"\(z\)"</script><!-- \(c\) -->'
    )


def test_what_cannot_be_set_stays_as_tex() -> None:
    assert Typesetter().html(r"\(\nosuch{a &lt; b}\)") == r'<span class="tex">\nosuch{a &lt; b}</span>'
    assert Typesetter().html("\\({<!-- -->{x}}\\)") == "<math><mi>x</mi></math>"  # how a field breaks up `{{`


def test_styles_become_rules_of_the_page() -> None:
    setter = Typesetter()
    shown = setter.html(r"\[\begin{aligned}a&amp;=b\\c&amp;=d\end{aligned}\]")
    names = set(re.findall(r'class="([^"]*)"', shown))
    assert " style=" not in shown
    assert len(names) == 2, shown
    assert all(f".{name} {{ text-align:" in setter.css for name in names)


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\begin{align}x\label{a}\ref{a}\end{align}",
        r"\text{<b onclick=alert(1)>}",
        r"\color{red;background:url(http://x)}x",
        r"\class{x}{y}\style{color:red}{x}",
        r"\newcommand{\x}{\x\x}\x",
    ],
)
def test_nothing_of_a_formula_acts(tex: str) -> None:
    shown = Typesetter().html(rf"\[{html.escape(tex)}\]")
    assert not re.search(r"<(?!/?(?:m[a-z]+|span)\b)|<[^>]*\s(?:href|id|style|on\w+)=", shown), shown


@given(st.text(alphabet=r"\{}[]()<>&\"'^_$#%:;=/*ax1 " + "\u0338«»", max_size=60))
def test_any_text_gives_well_formed_mathml_or_none(tex: str) -> None:
    given_back = mathml(tex)
    if given_back is not None:
        ElementTree.fromstring(re.sub(r"&[A-Za-z]{5,};|&nbsp;", "", given_back))  # noqa: S314  what is tested


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("{", "}"),
        (r"\sqrt ", ""),
        (r"\left(", r"\right)"),
        (r"\begin{matrix}", r"\end{matrix}"),
        (r"\frac1", ""),
        (r"\bm{", "}"),
        ("{x^", "}"),
        (r"\def\a{", r"}\a"),
    ],
)
def test_a_deep_formula_does_not_end_the_process(opening: str, closing: str) -> None:
    # In a thread with as small a stack as some systems give, where 400 levels are too many for the converter.
    code = (
        "import sys, threading; from verideck.publishing.maths import mathml\n"
        "threading.stack_size(512 * 1024)\n"
        "def all():\n"
        "    for n in (10, 38, 200, 1000, 100_000): mathml(sys.argv[1] * n + 'x' + sys.argv[2] * n)\n"
        "thread = threading.Thread(target=all); thread.start(); thread.join(); print('alive')"
    )
    done = subprocess.run([sys.executable, "-c", code, opening, closing], capture_output=True, check=False)
    assert done.stdout.strip() == b"alive"


def test_a_varying_cards_table_has_what_its_script_writes() -> None:
    data = json.dumps({"vary": {"names": ["n", "p"], "rows": [["2", "5%"], ["4", "5%"], ["2", "7%"]]}})
    sides = (
        r'<span data-tex="«n» / 2">\(2 / 2\)</span> '
        r'<span class="maths" data-tex="«p» &lt; «q»">\[5\% &lt; «q»\]</span>'
    )
    table = Typesetter().table(sides, data)
    assert list(table) == [r"\(2 / 2\)", r"\(4 / 2\)", r"\[5\% < «q»\]", r"\[7\% < «q»\]"]
    assert text(table[r"\(4 / 2\)"]) == "4/2"
    assert text(table[r"\[7\% < «q»\]"]) == "7%<«q»"


@pytest.mark.parametrize(
    "data", ["", "{}", "[]", '{"vary":1}', '{"vary":{"names":["n"],"rows":[["1","2"]]}}']
)
def test_no_table_without_variants(data: str) -> None:
    assert Typesetter().table("<p>\\(x\\)</p>", data) == {}


def test_every_formula_of_the_deck_is_set() -> None:
    notes = building.examine([SOURCES], now=NOW, policy=TRUST).notes
    sides = [side for note, _ in notes for one in showing.sides(note) for side in (one.front, one.back)]
    count = sum(len(FORMULA.findall(SCRIPT.sub("", side))) for side in sides)
    shown = [Typesetter().html(side) for side in sides]
    assert not [side for side in shown if 'class="tex"' in side]
    assert sum(side.count("<math") for side in shown) == count > 200
    assert "math {" in maths.STYLE
