"""The part of LaTeX and of mathematical typography that formulas may use, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-aehijklmnoprstuvx")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ", "0123456789+-nT")
SUBSCRIPT_SIGNS = frozenset("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
SUPERSCRIPT_SIGNS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ")

# One sign for one token; what is typeset differently means the same.
SIGNS: Mapping[str, str] = MappingProxyType(
    {sign: sign for sign in "+-*/^=(),[]{}"}
    | {"−": "-", "·": "*", "⋅": "*", "×": "*", "∗": "*", "÷": "/", "√": "sqrt", "⊤": "top"}
)

OPERATORS: Mapping[str, str] = MappingProxyType(
    {
        "cdot": "*",
        "times": "*",
        "ast": "*",
        "div": "/",
        "frac": "frac",
        "dfrac": "frac",
        "tfrac": "frac",
        "sqrt": "sqrt",
        "top": "top",
        "intercal": "top",
        "lbrack": "[",
        "rbrack": "]",
        "lbrace": "{",
        "rbrace": "}",
        "{": "{",
        "}": "}",
    }
)

# A name in upright letters: the whole group is one name.
UPRIGHT = frozenset(
    {"operatorname", "operatorname*", "mathrm", "text", "textrm", "textit", "textbf", "textsf"}
)
# Another typeface for the same quantity.
TYPEFACES = frozenset(
    {"mathbf", "mathit", "boldsymbol", "bm", "mathcal", "mathbb", "mathsf", "mathtt", "texttt"}
)
ACCENTS: Mapping[str, str] = MappingProxyType(
    {
        "hat": "\u0302",
        "widehat": "\u0302",
        "tilde": "\u0303",
        "bar": "\u0304",
        "overline": "\u0304",
        "vec": "\u20d7",
        "dot": "\u0307",
    }
)

_GREEK_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon
phi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega
"""
_GREEK_LETTERS = "αβγδεζηθικλμνξρστυφχψωΓΔΘΛΞΣΦΨΩ"
GREEK: Mapping[str, str] = MappingProxyType(
    dict(zip(_GREEK_NAMES.split(), _GREEK_LETTERS, strict=True))
    | {"pi": "π", "varepsilon": "ε", "vartheta": "θ", "varphi": "φ", "ell": "ℓ"}
)

# Functions that need no parentheses, in LaTeX with a backslash: `ln 4`, `\ln 4`.
APPLIED = frozenset({"ln", "log", "exp", "sin", "cos", "tan", "tanh", "lg"})
NAMED = APPLIED | {"max", "min"}

SPACING = frozenset(
    {",", ";", ":", "!", " ", "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr"}
    | {
        "displaystyle",
        "textstyle",
        "nonumber",
        "notag",
        "limits",
        "quad",
        "qquad",
        "\\",
        "thinspace",
        "enspace",
    }
)
# What stands between two equations of one text.
SEPARATING = frozenset({"quad", "qquad", "\\"})
ENVIRONMENT = frozenset({"begin", "end"})

COMMANDS = frozenset(
    set(OPERATORS) | UPRIGHT | TYPEFACES | set(ACCENTS) | set(GREEK) | NAMED | SPACING | ENVIRONMENT
)
