"""What a formula may hold: every attack is found at its place, and what people write stays."""

from __future__ import annotations

import re

import pytest
from tests.tex.hostile import ATTACKS

from verideck import tex
from verideck.reading import formula_faults
from verideck.tex import arguments, commands, faults


@pytest.mark.parametrize("title", ATTACKS)
def test_an_attack_is_found_where_it_stands(title: str) -> None:
    text, at = ATTACKS[title]
    found = [fault.offset for fault in formula_faults.find(text)]
    assert found[:1] == ([] if at is None else [at])


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{1}{\sqrt{d_k}} \sum_{i=1}^n \alpha_{ij} v_j",
        r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
        r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}",
        r"\begin{array}[t]{l|c@{}r} a & b \\[0.5em] \hline c & d \end{array}",
        r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{else, \(x \le 0\)} \end{cases}",
        r"\begin{alignedat}{2} a &= b &\quad c &= d \end{alignedat}",
        r"\begin{empheq}[left=\empheqlbrace]{align} a &= b \end{empheq}",
        r"\ce{2 H2 + O2 -> 2 H2O} \pu{3.0e8 m//s}",
        r"\color{red}{x} \textcolor{#00ff00}{y} \color[rgb]{1, 0.5, 0} z \colorbox{yellow}{\(a\)}",
        r'\bbox[yellow, 5px]{x} \cancel[color=red]{y} \enclose{circle,box}[mathcolor="blue"]{z}',
        r"\hspace{2em} \kern-1.5mu \mkern 18mu \rule[1ex]{2em}{.4pt} \raise 1ex\hbox{a} \\[1ex]",
        r"\genfrac(){0pt}{}{n}{k} \genfrac{[}{]}{}{0}{n}{k} \binom nk {n \choose k} {a \above 1pt b}",
        r"\xrightarrow[\text{below}]{\text{above}} \overset{!}{=} \underbrace{a+b}_{c} \stackrel{?}{=}",
        r"\mathbb{R} \mathcal L \boldsymbol{\beta} \mathrm{d}x \pmb{a} + \pmb{b} + \pmb{c} + \pmb{d}",
        r"\{ x \mid x \in \N_0 \}".replace(r"\N", r"\mathbb{N}"),
        r"\left\{ a \middle| b \right. \bigl\lvert x \bigr\rvert \lVert x \rVert \| \Big/ \Bigg\backslash",
        r"\begin{matrix} \small a & \small b & \small c \\ \tiny d & \tiny e & \tiny f \end{matrix}",
        r"50\% \$5 \#1 a\_b \& \, \; \: \! \> \  x",
        r"\sqrt[\leftroot{-2}\uproot{2}3]{x} \skew{4}\hat{A} \tag{1a} \verb|x|",
        r"\bra{\phi} \ket{\psi} \AxiomC{a} \RightLabel{r} \UnaryInfC{b} \degree \textdegree \dots \TeX",
        "x % a comment",
        "",
    ],
)
def test_what_people_write_is_safe(formula: str) -> None:
    assert tex.find_faults(formula) == ()


@pytest.mark.parametrize(
    ("formula", "offset", "message", "hint"),
    [
        (r"a \href{b}{c}", 2, r"`\href` is not allowed in a formula: it makes a link", "Markdown link"),
        (r"\fraq{1}{2}", 0, r"Anki's MathJax does not know `\fraq`", r"did you mean `\frac`?"),
        (r"\alhpa", 0, r"Anki's MathJax does not know `\alhpa`", r"did you mean `\alpha`?"),
        (r"\R", 0, r"Anki's MathJax does not know `\R`", r"`\mathbb{R}`"),
        (r"\SI{3}{m}", 0, r"Anki's MathJax does not know `\SI`", "check how it is spelled"),
        (r"\begin{aling}", 0, "Anki's MathJax does not know the environment `aling`", "`align`"),
        (r"\hspace{30em}", 0, r"`\hspace` has `30em`, expected at most 20em", ""),
        (r"\hspace{wide}", 0, r"`\hspace` has `wide`, expected a size such as `2em`", ""),
        (r"\color{url(x)}", 0, r"`\color` has `url(x)`, expected a color such as `red` or `#c00000`", ""),
        (r"\\[x]", 0, r"`\\` has `x`, expected a size such as `2em`", ""),
        (r"a } b", 2, "`}` closes nothing", r"`\}`"),
        (r"a { b", 2, "`{` is not closed", r"`\{`"),
        ("a\\", 1, r"formula ends with a lone `\`", ""),
        (r"a \) b", 2, r"`\)` inside a formula", ""),
        ("x" * 4001, 0, "formula has 4,001 characters, expected at most 4,000", "split it"),
        ("{" * 41 + "}" * 41, 40, "formula is nested more than 40 deep", "split it"),
    ],
)
def test_a_fault_says_where_what_and_how_to_fix_it(
    formula: str, offset: int, message: str, hint: str
) -> None:
    (found,) = tex.find_faults(formula)
    assert (found.offset, found.message) == (offset, message)
    assert hint in found.hint


def test_limits_can_be_reached() -> None:
    for formula in (
        "x" * tex.MAX_LENGTH,
        "{" * faults.MAX_DEPTH + "}" * faults.MAX_DEPTH,
        r"\left(" * faults.MAX_DEPTH + r"\right)" * faults.MAX_DEPTH,
        r"\pmb{" * faults.MAX_REPEATED + "}" * faults.MAX_REPEATED,
        r"\hspace{20em}" * 5,
        r"\Huge\tiny\Huge x",
        r"\begin{alignedat}{20} a \end{alignedat}",
    ):
        assert tex.find_faults(formula) == ()


def test_a_formula_has_few_faults_however_bad_it_is() -> None:
    bad = "".join(f"\\x{chr(97 + n % 26)}{chr(97 + n // 26)} " for n in range(600))
    assert len(tex.find_faults(bad)) == faults.MAX_FAULTS


def test_the_table_names_each_command_once_and_knows_what_each_takes() -> None:
    names = [name for written in commands._TAKING.values() for name in written.split()]
    assert len(names) == len(set(names))
    environments = [name for written in commands._ENVIRONMENTS.values() for name in written.split()]
    assert len(environments) == len(set(environments))
    assert not tex.COMMANDS.keys() & tex.REFUSED.keys()
    kinds = set("".join((*tex.COMMANDS.values(), *tex.ENVIRONMENTS.values())))
    checked = {*arguments._IN_BRACKETS, *arguments._IN_BRACES, *arguments._OTHERS}
    assert kinds == checked | set("mt")
    assert kinds <= set(re.findall(r"\b([a-zA-Z])  [a-z]", commands.__doc__ or ""))


def test_every_refusal_says_what_the_command_does_and_what_to_do() -> None:
    assert all(does and instead for does, instead in tex.REFUSED.values())
