"""Groups of question, code, options, hint and explanation, told apart by their form where no heading does.

All ways to cut the page are weighed at once, by dynamic programming over its lines: a question asks, a hint
begins as hints do or stands in the hint's place, the explanation comes last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from verideck.reading.items import ItemOption, Line
from verideck.reading.pages import codelike, lettered

LONGEST = 12  # lines of a group, a piece of code counting as one
_HINT = re.compile(
    r"(?:hint\b|think|remember|consider|recall|imagine|look|focus|check|note|try|ask yourself"
    r"|pay attention|keep in mind|visuali[sz]e"
    r"|picture|notice|observe|review|don['’]t forget|compare|count|start (?:by|with)|use the|work out"
    r"|trace|pretend|read|reflect|mind"
    r"|ponder|watch|suppose you|see (?:what|how|which)|go (?:back|through)|write (?:out|down))\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:what|which|why|how|when|where|who|whose|given|is|are|does|do|can|could|should|would|will|if"
    r"|complete|select|choose|pick|identify"
    r"|find|predict|determine|calculate|compute|explain|describe|name|fill|match|arrange|order|you|a|the"
    r"|in|during|while|after|consider"
    r"|suppose|assume|state|give|decide|spot|fix)\b",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"(?:complete|select|choose|pick|identify|find|predict|determine|calculate|compute|explain|describe"
    r"|name|fill|match|arrange|state|give)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\?[\"')\]”’*]*\Z")
_INFINITE = 1e9


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of text, or the lines of one piece of code; `glued` where it stands on the question's line."""

    lines: tuple[Line, ...]
    text: str
    code: bool = False
    glued: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One question with what the page still holds of it; an absent part is None."""

    question: Piece
    code: Piece | None
    options: tuple[ItemOption, ...]
    hint: Piece | None
    explanation: Piece | None

    @property
    def whole(self) -> bool:
        """Whether the group's form shows it: it asks, a hint begins as hints do, something explains."""
        hinted = self.hint is not None and _HINT.match(self.hint.text) is not None
        return _ASKED.search(self.question.text) is not None and hinted and self.explanation is not None


@dataclass(frozen=True, slots=True)
class Grouped:
    """The groups of a page, and the pieces that belong to none."""

    groups: tuple[Group, ...]
    loose: tuple[Piece, ...]


def pieces(lines: Sequence[Line]) -> tuple[Piece, ...]:
    """Take the lines apart into text and code; a question's glued code becomes a piece of its own."""
    made: list[Piece] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        count = codelike.code_length([one.text for one in lines[index : index + 80]])
        if count:
            used = tuple(lines[index : index + count])
            made.append(Piece(used, "\n".join(one.text for one in used).strip("\n"), code=True))
        elif line.text.strip():
            question, code = codelike.split_after_question(line.text.strip())
            made.append(Piece((line,), question))
            made += [Piece((line,), code, code=True, glued=True)] if code else []
        index += max(1, count)
    return tuple(made)


def group(all_pieces: Sequence[Piece]) -> Grouped:
    """Cut pieces into groups at the least cost; pieces that fit none are loose."""
    size = len(all_pieces)
    best: list[tuple[float, int]] = [(0.0, 0)] * (
        size + 1
    )  # from each piece on: the cost, the length of the next cut
    for start in range(size - 1, -1, -1):
        ways = [(7.0 + best[start + 1][0], 0)]  # a loose piece
        if not all_pieces[start].code and _asks(all_pieces[start]) < _INFINITE:
            for length in range(1, min(LONGEST, size - start) + 1):
                cost = _cost(all_pieces[start : start + length])
                ways.append((cost + best[start + length][0], length))
        best[start] = min(ways)
    return _cut(all_pieces, best)


def _cut(all_pieces: Sequence[Piece], best: Sequence[tuple[float, int]]) -> Grouped:
    groups, loose, index = [], [], 0
    while index < len(all_pieces):
        length = best[index][1]
        if length:
            groups.append(_group(all_pieces[index : index + length]))
        else:
            loose.append(all_pieces[index])
        index += max(1, length)
    return Grouped(tuple(groups), tuple(loose))


def _asks(piece: Piece) -> float:
    """Say how unlike a question a piece is."""
    if _ASKED.search(piece.text[-20:]):
        return 2.0 if _HINT.match(piece.text) and not _ASKING.match(piece.text) else 0.0
    if piece.text.endswith((":", "___", "…")) and _ASKING.match(piece.text):
        return 1.0
    return 2.0 if _COMMAND.match(piece.text) else _INFINITE


def _parts(some: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Part a group's pieces behind the question into code and text."""
    count = 1
    while count < len(some) and some[count].code:
        count += 1
    return list(some[1:count]), list(some[count:])


def _cost(some: Sequence[Piece]) -> float:
    """Say how unlike a group the pieces are, of which the first asks."""
    code, texts = _parts(some)
    if len(code) > 1 or (any(piece.code for piece in texts[-2:])):
        return _INFINITE
    cost = _asks(some[0])
    if len(texts) < 2:
        return cost + (6.0 if not texts else 4.0 + _explains(texts[0]))
    cost += _hints(texts[-2]) + _explains(texts[-1])
    return cost + _listed(texts[:-2])


def _hints(piece: Piece) -> float:
    return (0.0 if _HINT.match(piece.text) else 2.0) + (2.0 if _ASKED.search(piece.text[-20:]) else 0.0)


def _explains(piece: Piece) -> float:
    return (5.0 if _ASKED.search(piece.text[-20:]) else 0.0) + (3.0 if _HINT.match(piece.text) else 0.0)


def _listed(options: Sequence[Piece]) -> float:
    """Say how unlike a list of options the pieces are; letters in front make them one."""
    if not options:
        return 0.0
    if _letters(options):
        return 0.5
    asking = sum(_ASKED.search(piece.text[-20:]) is not None for piece in options)
    hinting = sum(_HINT.match(piece.text) is not None for piece in options)
    return (
        1.0
        + 4.0 * asking
        + 4.0 * hinting
        + (4.0 if len(options) < 2 else 0.0)
        + (4.0 if len(options) > 6 else 0.0)
    )


def _letters(options: Sequence[Piece]) -> tuple[ItemOption, ...]:
    lines = [piece.lines[0] for piece in options]
    made, end = lettered.run(lines, 0)
    return made if end == len(lines) else ()


def _group(some: Sequence[Piece]) -> Group:
    code, texts = _parts(some)
    hint: Piece | None = None
    explanation: Piece | None = None
    if len(texts) == 1 and _HINT.match(texts[0].text):
        hint = texts[0]
    elif texts:
        explanation = texts[-1]
        hint = texts[-2] if len(texts) > 1 else None
    listed = texts[:-2]
    plain = tuple(ItemOption(piece.text, piece.lines[0].number) for piece in listed)
    return Group(some[0], code[0] if code else None, _letters(listed) or plain, hint, explanation)
