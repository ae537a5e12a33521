"""The headers of a challenge page's problems: a kind, a level and a time, some of which a copy may lose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verideck.reading.pages.tokens import Token, TokenKind, without_signs

_SKIPPED = frozenset({TokenKind.BLANK})
_KIND_LENGTH = 40
_MOST_BETWEEN = 3  # empty lines between the parts of a header


@dataclass(frozen=True, slots=True)
class Head:
    """A problem's header: tokens `first` up to `after`, and what they say."""

    first: int
    after: int
    kind: str = ""
    level: str = ""
    timed: bool = False


def heads(tokens: Sequence[Token]) -> list[Head]:
    """Find the headers of problems, in order."""
    found: list[Head] = []
    ending = True  # whether a problem may have ended above: at the top, and behind a hint or the attempts
    index = 0
    while index < len(tokens):
        head = _head(tokens, index, ending=ending)
        if head is not None:
            found.append(head)
            index, ending = head.after, False
            continue
        kind = tokens[index].kind
        attempts = kind is TokenKind.NOISE and (
            "attempt" in tokens[index].text.lower() or _left(tokens[index])
        )
        ending = ending or kind in {TokenKind.HINT, TokenKind.VERDICT} or attempts
        index += 1
    return found


def _left(token: Token) -> bool:
    return token.text.lower().endswith(" left")


def _head(tokens: Sequence[Token], index: int, *, ending: bool) -> Head | None:
    """Give the header that begins at a token; None where none does."""
    token = tokens[index]
    if token.kind is TokenKind.KIND:
        after, level, timed = _below(tokens, index + 1)
        signed = without_signs(token.text) != token.text
        if level or timed or signed or (ending and token.whole):
            return Head(index, after, token.value, level, timed)
    elif token.kind is TokenKind.TEXT:
        kind = without_signs(token.text)
        if _can_be_kind(tokens, index, kind):
            after, level, timed = _below(tokens, index + 1)
            if level and timed:
                return Head(index, after, kind.lower(), level, timed)
    elif token.kind in {TokenKind.LEVEL, TokenKind.TIME}:
        after, level, timed = _below(tokens, index)
        if (level and timed) or (ending and token.whole and token.kind is TokenKind.LEVEL):
            return Head(index, after, "", level, timed)
    return None


def _below(tokens: Sequence[Token], index: int) -> tuple[int, str, bool]:
    """Read a level and a time from `index` on, in either order: the index behind, the level, if timed."""
    level, timed, after = "", False, index
    blank = 0
    while index < len(tokens) and blank <= _MOST_BETWEEN:
        token = tokens[index]
        if token.kind is TokenKind.LEVEL and not level:
            level, after, blank = token.value, index + 1, 0
        elif token.kind is TokenKind.TIME and not timed:
            timed, after, blank = True, index + 1, 0
        elif token.kind in _SKIPPED:
            blank += 1
        else:
            break
        index += 1
    return after, level, timed


def _can_be_kind(tokens: Sequence[Token], index: int, kind: str) -> bool:
    """Tell whether a text can be a kind that is not known: few words, and no hint's first line."""
    if not kind or len(kind) > _KIND_LENGTH or kind[-1] in ".?!:," or len(kind.split()) > 4:
        return False
    above = next((token for token in reversed(tokens[max(0, index - 4) : index]) if token.text), None)
    return above is None or above.kind is not TokenKind.HINT
