"""Where one statement may end and the next begin, told from the two tokens there and the space."""

from __future__ import annotations

from verideck.reading.pages.joining.lexing import Sort, Token

# A word in these places is part of what goes on.
_OPERATORS = frozenset(
    {"and", "or", "in", "is", "if", "else", "not", "as", "import", "from", "for", "lambda", "await"}
)
_OPEN = _OPERATORS | frozenset(
    {"del", "assert", "global", "nonlocal", "with", "while", "elif", "except", "class", "def", "async"}
)
_ALONE = frozenset({"return", "raise", "yield", "pass", "break", "continue"})
_BEGINS = frozenset({
    "import", "from", "def", "class", "if", "elif", "else", "for", "while", "with", "try", "except",
    "finally", "async", "return", "raise", "yield", "pass", "break", "continue", "del", "assert", "global",
    "nonlocal", "not", "lambda", "await",
})  # fmt: skip
_GOES_ON = frozenset(
    {"import", "from", "if", "else", "for", "not", "lambda", "await", "async", "in", "is", "and", "or", "as"}
)
_SIGNS = ("-", "+", "*", "~", "@", "...")
ENDING = (Sort.NAME, Sort.NUMBER, Sort.STRING, Sort.CLOSING)

MUST = 1000.0


def between(token: Token, following: Token, *, spaced: bool, complete: bool) -> float | None:
    """Say what going on costs where a statement may end between two tokens outside brackets, else None.

    `spaced` says that space stands behind the second one too, `complete` that the first is an import's `*`.
    """
    if following.sort in (Sort.END, Sort.BREAK, Sort.COMMENT):
        return MUST
    if complete:
        return MUST
    word = token.text if token.sort is Sort.NAME else ""
    if token.sort not in ENDING and token.text != "...":
        return None
    if word in _OPEN:
        return None
    glued = not following.gap and token.sort is not Sort.CLOSING
    if glued or following.sort is Sort.CLOSING:
        return None
    return _going_on(token, following, spaced)


def _going_on(token: Token, following: Token, spaced: bool) -> float | None:
    word = token.text if token.sort is Sort.NAME else ""
    match following.sort:
        case Sort.NAME:
            if following.text in _GOES_ON:
                return 0.0
            if word in _ALONE:
                return 0.9 if following.text == "print" else 0.0
            soft = word in ("match", "case", "type", "print")
            return 0.0 if soft and following.text not in _BEGINS else MUST
        case Sort.NUMBER:
            return 0.0 if word in (*_ALONE, "match", "case") else MUST
        case Sort.STRING:
            return 0.4 if token.sort is Sort.STRING else 0.0 if word in (*_ALONE, "match", "case") else MUST
        case Sort.OPENING:
            if word in _ALONE or not following.gap:
                return 0.0 if following.gap else None
            return 0.9 if following.text != "{" else MUST
    if following.text not in _SIGNS or not following.gap or spaced:
        return None
    return 0.0 if word in _ALONE else 2.1 if following.text == "@" else 0.6
