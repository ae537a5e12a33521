"""Commands that no formula can use, though some MathJax knows them: what each does, what to do instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_REMOVE = "remove it"
_MATH = "write the formula out: a card's formulas share no definitions"
_COLOR = r"use `\color{…}` or `\textcolor{…}{…}`"
_NUMBER = "name the formula in words; no card can refer to a numbered formula"

# (the commands, what they do, what to do instead)
_REFUSED: tuple[tuple[str, str, str], ...] = (
    ("href url hyperlink hyperref hypertarget", "makes a link", "write a Markdown link outside the formula"),
    ("class cssId data style htmlClass htmlData htmlId htmlStyle", "changes the HTML of the card", _COLOR),
    ("mmlToken", "writes MathML with any attribute", r"use `\operatorname{…}` or `\text{…}`"),
    ("require usepackage RequirePackage", "loads a package", "remove it; what Anki has is loaded already"),
    ("includegraphics", "loads a picture", "write a Markdown image outside the formula"),
    ("input include openin read", "loads a file", _REMOVE),
    ("toggle mathtip texttip tooltip", "reacts to clicks or the pointer", _REMOVE),
    ("unicode char symbol U", "writes a character by its number", "write the character itself"),
    ("def gdef edef xdef let futurelet newcommand renewcommand providecommand", "defines a command", _MATH),
    ("NewDocumentCommand DeclareRobustCommand Newextarrow", "defines a command", _MATH),
    ("DeclareMathOperator", "defines a command", r"write `\operatorname{…}` where you use it"),
    ("DeclarePairedDelimiter DeclarePairedDelimiterX DeclarePairedDelimiterXPP", "defines a command", _MATH),
    ("DeclarePairedDelimiters DeclarePairedDelimitersX", "defines commands", _MATH),
    ("DeclarePairedDelimitersXPP", "defines commands", _MATH),
    ("newenvironment renewenvironment newtheorem", "defines an environment", _MATH),
    ("newcounter setcounter newlength setlength", "defines a variable", _MATH),
    ("newtagform renewtagform usetagform", "changes how tags look", r"use `\tag{…}`"),
    ("definecolor", "defines a color", "use a color's name or `#rrggbb` where you need it"),
    ("mathtoolsset setOptions", "changes how MathJax works", _REMOVE),
    ("catcode csname endcsname expandafter noexpand afterassignment", "runs a program", _REMOVE),
    ("aftergroup immediate write openout special loop repeat message", "runs a program", _REMOVE),
    ("errmessage string meaning jobname makeatletter makeatother", "runs a program", _REMOVE),
    ("label", "labels a formula", _NUMBER),
    ("ref eqref refeq cref autoref pageref", "refers to another formula", _NUMBER),
)

REFUSED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {name: (does, instead) for names, does, instead in _REFUSED for name in names.split()}
)
