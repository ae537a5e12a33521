r"""The commands of MathJax that a formula can use: a literal table of names and what each takes.

They are the commands of the packages that Anki loads (MathJax 3.2: `tex-chtml-full` with mathtools and
mhchem, without textmacros), except those in `refused`. What a command takes is a string of letters:

    m  an argument of math        t  an argument of text        x  a delimiter: `(` or `\langle`
    d  a size: `{2em}` or `2em`   n  a number                   c  a color
    w  a word                     l  the columns of an array    e  the name of an environment
    o  math or a word in `[…]`    D  a size in `[…]`            R  a size in `[…]`, without a space before
    N  a number in `[…]`          C  a color model in `[…]`     k  colors by name in `[…]`
    b  a color and a padding in `[…]`

Lowercase letters are required, uppercase letters and `o`, `k`, `b` are optional. A star is not listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .symbols import DELIMITERS, LETTERS, SIGNS, TEXT_SIGNS

_FONTS = r"""
    Bbb mathbb mathbf mathbffrak mathbfit mathbfscr mathbfsf mathbfsfit mathbfsfup mathbfup mathbfcal
    mathcal mathfrak mathit mathnormal mathrm mathscr mathsf mathsfit mathsfup mathtt mathup symbb
    symbf symbfcal symbffrak symbfit symbfscr symbfsf symbfsfit symbfsfup symbfup symcal symfrak symit
    symnormal symrm symscr symsf symsfit symsfup symtt symup boldsymbol pmb
"""
_ACCENTS = r"""
    acute bar breve check dddot ddddot ddot dot grave hat mathring not tilde vec widehat widetilde
    overbrace overleftarrow overleftrightarrow overline overparen overrightarrow underbrace
    underleftarrow underleftrightarrow underline underparen underrightarrow
"""
_CLASSES = r"""
    mathbin mathclose mathinner mathop mathopen mathord mathpunct mathrel operatorname vcenter
"""
_BOXES = r"""
    boxed clap hphantom llap mathmbox phantom rlap vphantom Aboxed
"""
_WORDS = r"""
    fbox hbox mbox tag text textbf textit textnormal textrm textsf texttt textup textclap textllap
    textrlap verb
"""
_ARROWS = r"""
    xhookleftarrow xhookrightarrow xLeftarrow xleftarrow xleftharpoondown xleftharpoonup
    xLeftrightarrow xleftrightarrow xLeftrightharpoons xleftrightharpoons xlongequal xmapsto
    xRightarrow xrightarrow xrightharpoondown xrightharpoonup xRightleftharpoons xrightleftharpoons
    xtofrom xtwoheadleftarrow xtwoheadrightarrow
"""
_FUNCTIONS = r"""
    arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf injlim ker lg lim
    liminf limsup ln log max min Pr projlim sec sin sinh sup tan tanh varinjlim varliminf varlimsup
    varprojlim bmod idotsint iff implies impliedby mod pod pmod
"""
_FONT_SWITCHES = r"""
    bbFont bf cal frak it mit oldstyle rm scr sf tt
"""
STYLE_SWITCHES = r"""
    displaystyle scriptscriptstyle scriptstyle textstyle
"""
SIZE_SWITCHES = r"""
    huge Huge large Large LARGE normalsize scriptsize small tiny Tiny
"""
_SPACES = r"""
    enspace hfil hfill hfilll negmedspace negthickspace negthinspace nobreakspace nonscript qquad
    quad space strut mathstrut thinspace
"""
_COLONS = r"""
    centercolon Colonapprox colonapprox Coloneq coloneq Coloneqq coloneqq Colonsim colonsim dblcolon
    Eqcolon eqcolon Eqqcolon eqqcolon MTThinColon ordinarycolon
"""
_STRUCTURE = r"""
    atop brace brack choose hdashline hline limits middle MTFlushSpaceAbove MTFlushSpaceBelow newline
    nolimits nonumber notag of over dots LaTeX TeX bigtimes ndownarrow nuparrow longleftrightarrows
    longLeftrightharpoons longrightleftharpoons longRightleftharpoons tripledash
"""
_BRACES = r"""
    empheqbiglangle empheqbiglbrace empheqbiglbrack empheqbiglceil empheqbiglfloor empheqbiglparen
    empheqbiglvert empheqbiglVert empheqbigrangle empheqbigrbrace empheqbigrbrack empheqbigrceil
    empheqbigrfloor empheqbigrparen empheqbigrvert empheqbigrVert empheqlangle empheqlbrace
    empheqlbrack empheqlceil empheqlfloor empheqlparen empheqlvert empheqlVert empheqrangle
    empheqrbrace empheqrbrack empheqrceil empheqrfloor empheqrparen empheqrvert empheqrVert
"""
_PROOFS = r"""
    alwaysDashedLine alwaysNoLine alwaysRootAtBottom alwaysRootAtTop alwaysSingleLine alwaysSolidLine
    dashedLine fCenter noLine rootAtBottom rootAtTop singleLine solidLine
"""
_INFERENCES = r"""
    Axiom AxiomC AXC BIC BinaryInf BinaryInfC LeftLabel LL QuaternaryInf QuaternaryInfC QuinaryInf
    QuinaryInfC RightLabel RL TIC TrinaryInf TrinaryInfC UIC UnaryInf UnaryInfC
"""
_SIZED = r"""
    big Big bigg Bigg bigl Bigl biggl Biggl bigm Bigm biggm Biggm bigr Bigr biggr Biggr empheqbigl
    empheqbigr empheql empheqr left right
"""
_CHARACTERS = r", : > ; ! _ # $ % & | { }"

# What commands take -> their names.
_TAKING: Mapping[str, str] = {
    "": f"{LETTERS} {SIGNS} {DELIMITERS} {TEXT_SIGNS} {_FUNCTIONS} {_SPACES} {_COLONS}"
    f" {_FONT_SWITCHES} {STYLE_SWITCHES} {SIZE_SWITCHES} {_STRUCTURE} {_BRACES} {_PROOFS} {_CHARACTERS}",
    "m": f"{_FONTS} {_ACCENTS} {_CLASSES} {_BOXES} {_INFERENCES} array cases ce centernot crampedsubstack"
    " displaylines eqalign eqalignno leqalignno matrix pmatrix pu root shortvdotswithin substack vdotswithin"
    " bra Bra braket Braket ket Ket set Set",
    "mm": "binom dbinom dfrac frac ketbra Ketbra overset splitdfrac splitfrac stackbin stackrel tbinom tfrac"
    " underset buildrel centerOver",
    "mmm": "overunderset prescript sideset",
    "mmmm": "adjustlimits mathchoice",
    "om": f"{_ARROWS} cramped crampedclap crampedllap crampedrlap mathclap mathllap mathrlap smash sqrt",
    "omm": "cfrac",
    "o": "ArrowBetweenLines",
    "t": _WORDS,
    "x": _SIZED,
    "xx": "atopwithdelims overwithdelims",
    "xxd": "abovewithdelims",
    "xxdnmm": "genfrac",
    "R": r"cr \ ",
    "d": "above hskip hspace kern lower minCDarrowheight minCDarrowwidth mkern moveleft moveright mskip"
    " mspace raise",
    "Ddd": "rule",
    "ddd": "Rule Space",
    "Dm": "shoveleft shoveright",
    "DDm": "overbracket underbracket",
    "Dom": "framebox mathmakebox",
    "n": "leftroot uproot",
    "N": "MoveEqLeft",
    "Nn": "xmathstrut",
    "nmm": "skew",
    "Cc": "color",
    "CcDD": "cellcolor columncolor rowcolor",
    "Ccm": "textcolor",
    "Cct": "colorbox",
    "Ccct": "fcolorbox",
    "km": "bcancel cancel xcancel",
    "kmm": "cancelto",
    "wkm": "enclose",
    "bm": "bbox",
    "e": "begin end",
}

COMMANDS: Mapping[str, str] = MappingProxyType(
    {name: takes for takes, names in _TAKING.items() for name in names.split()}
    | dict.fromkeys((" ", "\n", "\u00a0"), "")
)

# Environments -> what stands behind `\begin{…}`.
_ENVIRONMENTS: Mapping[str, str] = {
    "": "align align* aligned bmatrix Bmatrix Bsmallmatrix bsmallmatrix cases cases* CD dcases dcases*"
    " drcases drcases* eqnarray eqnarray* equation equation* flalign flalign* gather gather* gathered"
    " lgathered matrix multline multline* pmatrix prooftree psmallmatrix rcases rcases* rgathered"
    " smallmatrix split vmatrix Vmatrix Vsmallmatrix vsmallmatrix",
    "o": "bmatrix* Bmatrix* bsmallmatrix* Bsmallmatrix* matrix* pmatrix* psmallmatrix* smallmatrix* vmatrix*"
    " Vmatrix* vsmallmatrix* Vsmallmatrix*",
    "ol": "array",
    "l": "crampedsubarray subarray",
    "on": "alignedat",
    "n": "alignat alignat* xalignat xalignat* xxalignat",
    "oD": "multlined",
    "d": "spreadlines",
    "m": "numcases subnumcases",
    "oe": "empheq",
}

ENVIRONMENTS: Mapping[str, str] = MappingProxyType(
    {name: takes for takes, names in _ENVIRONMENTS.items() for name in names.split()}
)
