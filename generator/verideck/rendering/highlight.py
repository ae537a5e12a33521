"""Code to HTML: Pygments' tokens as short classes, which the styling colours for light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound

from verideck.rendering import inert, variants

MOST = 20_000  # characters; some lexers take quadratic time on hostile text

# A family for each colour of the palette; what is left out reads as plain text.
_FAMILIES = {
    Token.Comment: "c",
    Token.Keyword: "k",
    Token.Literal.String: "s",
    Token.Literal.Number: "m",
    Token.Operator.Word: "k",
    Token.Name.Builtin: "nb",
    Token.Name.Function: "nf",
    Token.Name.Class: "nf",
    Token.Name.Decorator: "nd",
    Token.Name.Exception: "nb",
    Token.Name.Tag: "k",
    Token.Name.Attribute: "nf",
    Token.Generic.Prompt: "gp",
    Token.Generic.Output: "go",
    Token.Generic.Deleted: "gd",
    Token.Generic.Inserted: "gi",
    Token.Generic.Traceback: "gd",
    Token.Generic.Error: "gd",
}
CLASSES = frozenset(_FAMILIES.values())


def html(code: str, language: str) -> str:
    """Highlight code, given as plain text."""
    return "".join(_span(family, text) for family, text in _tokens(code, language))


def _span(family: str, text: str) -> str:
    shown = inert.code(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return f'<span class="{family}">{shown}</span>' if family and not text.isspace() else shown


@lru_cache(maxsize=4096)
def _tokens(code: str, language: str) -> tuple[tuple[str, str], ...]:
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        lexer = None
    if lexer is None or len(code) > MOST:
        return (("", code),)
    return tuple(_joined(_restored(code, lexer.get_tokens(variants.MARKER.sub("0", code)))))


def _restored(code: str, lexed: Iterable[tuple[_TokenType, str]]) -> Iterator[tuple[str, str]]:
    """Give tokens with their text as in the code; what stands for a varying value was lexed as a number."""
    done = 0
    for kind, text in lexed:
        yield _family(kind), code[done : done + len(text)]
        done += len(text)


def _joined(tokens: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Join neighbours of one family."""
    family, texts = "", list[str]()
    for kind, text in tokens:
        if kind != family and texts:
            yield family, "".join(texts)
            texts = []
        family = kind
        texts.append(text)
    if texts:
        yield family, "".join(texts)


@lru_cache(maxsize=len(STANDARD_TYPES) + 64)
def _family(kind: _TokenType) -> str:
    while kind is not Token:
        if kind in _FAMILIES:
            return _FAMILIES[kind]
        kind = kind.parent or Token
    return ""
