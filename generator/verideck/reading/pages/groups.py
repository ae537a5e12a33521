"""Groups of question, code, options, hint and explanation, told apart by their form where no heading does.

All ways to cut the page are weighed at once, by dynamic programming over its lines: a question asks, a hint
begins as hints do or stands in the hint's place, the explanation comes last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verideck.reading.items import ItemOption, Line
from verideck.reading.pages import codelike, lettered

LONGEST = 12  # lines of a group, a piece of code counting as one
_HINT = re.compile(
    r"(?:hint\b|follow|think|remember|consider|recall|imagine|look|focus|check|note|try|ask yourself"
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
_LOOSE = 7.0  # the cost of a piece that belongs to no group


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
        """Whether the form shows a group: after what asks, a hint begins as hints do, something explains."""
        hinted = self.hint is not None and _HINT.match(self.hint.text) is not None
        return hinted and self.explanation is not None


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
    looks = [_look(piece) for piece in all_pieces]
    best: list[tuple[float, int]] = [(0.0, 0)] * (
        size + 1
    )  # from each piece on: the cost, the length of the next cut
    for start in range(size - 1, -1, -1):
        ways = [(_LOOSE + best[start + 1][0], 0)]
        if looks[start].asks < _INFINITE:
            costs = _costs(all_pieces, looks, start)
            ways += [(cost + best[start + length][0], length) for length, cost in costs]
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


@dataclass(frozen=True, slots=True)
class _Look:
    """What a piece looks like by itself; `asks` says how unlike a question it is."""

    code: bool
    asked: bool
    hints: bool
    asks: float


def _look(piece: Piece) -> _Look:
    asked = _ASKED.search(piece.text[-20:]) is not None
    hints = _HINT.match(piece.text) is not None
    asks = _INFINITE
    if not piece.code:
        if asked:
            asks = 2.0 if hints and not _ASKING.match(piece.text) else 0.0
        elif piece.text.endswith((":", "___", "…")) and _ASKING.match(piece.text):
            asks = 1.0
        elif _COMMAND.match(piece.text):
            asks = 2.0
    return _Look(piece.code, asked, hints, asks)


def _costs(all_pieces: Sequence[Piece], looks: Sequence[_Look], start: int) -> Iterator[tuple[int, float]]:
    """Say for each length how unlike a group the pieces from `start` on are, of which the first asks."""
    asks = looks[start].asks
    first = (
        start + 1 + (start + 1 < len(looks) and looks[start + 1].code)
    )  # of the texts behind question and code
    yield first - start, asks + 6.0
    listed = 0.0  # what the options cost so far
    for end in range(first + 1, min(start + LONGEST, len(looks)) + 1):
        last = looks[end - 1]
        if last.code:
            return
        explains = (5.0 if last.asked else 0.0) + (3.0 if last.hints else 0.0)
        count = end - first - 2
        if count < 0:
            yield end - start, asks + 4.0 + explains
            continue
        hint = looks[end - 2]
        hinted = (0.0 if hint.hints else 2.0) + (2.0 if hint.asked else 0.0)
        if count > 0:
            listed += 4.0 * looks[end - 3].asked + 4.0 * looks[end - 3].hints
        yield end - start, asks + hinted + explains + _listed(all_pieces[first : end - 2], listed)


def _listed(options: Sequence[Piece], cost: float) -> float:
    """Say how unlike a list of options the pieces are; letters in front make them one."""
    if not options:
        return 0.0
    if options[0].text[:2].lstrip("(")[:1] in ("A", "a") and _letters(options):
        return 0.5
    return 1.0 + cost + (0.0 if 2 <= len(options) <= 6 else 4.0)


def _parts(some: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Part a group's pieces behind the question into code and text."""
    count = 1
    while count < len(some) and some[count].code:
        count += 1
    return list(some[1:count]), list(some[count:])


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
