"""Two versions of a field side by side: which words stayed, and which changed.

Fields come from strangers and may be large: what is compared is capped, and the work for it too.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import groupby

MOST_HTML = 12_000  # characters of a field that are looked at, around the first difference
MOST_EDITS = 300  # words inserted and removed; beyond it the whole stretch is said to have changed
BEFORE = 1_000  # characters shown before the first difference of a field that is too long

_MARK = 3  # characters of an item's dot and tick

_TAG = re.compile(r"<[^<>]*>")
_BLOCK = re.compile(
    r"</?(?:address|article|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|tr|ul)\b", re.I
)
_ITEM = re.compile(r"<li\b", re.I)
_IMAGE = re.compile(r"<img\b", re.I)
_SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_WORD = re.compile(r"\w+|[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one side's text, and whether the other side has it too."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts in stretches; `source` where only their HTML differs and is shown; `cut` where too long."""

    mine: tuple[Run, ...]
    theirs: tuple[Run, ...]
    source: bool = False
    cut: bool = False


def compared(mine: str, theirs: str, most: int = MOST_HTML) -> Comparison:
    """Compare a field's HTML as text, word by word; where the text is the same, compare the HTML itself.

    At most `most` characters of each are looked at, and words are searched for in proportion.
    """
    cut = max(len(mine), len(theirs)) > most
    if cut:
        mine, theirs = _window(mine, theirs, most)
    left, right = plain(mine), plain(theirs)
    source = left == right and mine != theirs
    if source:
        left, right = mine, theirs
    return Comparison(
        *_runs(left, right, MOST_EDITS * min(most, MOST_HTML) // MOST_HTML), source=source, cut=cut
    )


def plain(text: str) -> str:
    """Give a field's text as a person reads it: no tags, a line for each block, pictures by their names."""
    text = _TAG.sub(_spoken, _without_comments(text))
    text = html.unescape(text).replace("\xa0", " ")
    lines: list[str] = []
    for line in (" ".join(line.split()) for line in text.split("\n")):
        if lines and lines[-1].startswith("•") and len(lines[-1]) <= _MARK:
            lines[-1] = f"{lines[-1]} {line}".rstrip()  # an item whose text is a paragraph of its own
        elif line:
            lines.append(line)
    return "\n".join(lines)


def _without_comments(text: str) -> str:
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join((*parts, text[at:]))


def _spoken(tag: re.Match[str]) -> str:
    """Say what stands for a tag in a text."""
    if _IMAGE.match(tag[0]):
        named = _SOURCE.search(tag[0])
        name = next((part for part in named.groups() if part), "") if named else ""
        return f" [{name[-60:] or 'picture'}] "
    if _ITEM.match(tag[0]):
        return "\n• "
    return "\n" if _BLOCK.match(tag[0]) else ""


def _window(mine: str, theirs: str, most: int) -> tuple[str, str]:
    """Cut two long fields to what surrounds their first difference; both begin at the same place."""
    start = max(0, _shared(mine, theirs) - min(BEFORE, most // 4))
    if (tag := mine.rfind("<", max(0, start - BEFORE), start)) > mine.rfind(">", 0, start):
        start = tag  # not in the middle of one
    before = "…" if start else ""

    def cut(text: str) -> str:
        return before + text[start : start + most] + ("…" if len(text) > start + most else "")

    return cut(mine), cut(theirs)


def _shared(one: str, other: str) -> int:
    """Count the characters with which both begin, by halves: slices compare at the machine's speed."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _runs(mine: str, theirs: str, most: int) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    left, right = _WORD.findall(mine), _WORD.findall(theirs)
    keys = [_key(word) for word in left], [_key(word) for word in right]
    kept = _kept(*keys, most)
    return _joined(left, {one for one, _ in kept}), _joined(right, {other for _, other in kept})


def _key(word: str) -> str:
    """One blank is as good as another: a line that was wrapped anew is no change."""
    return " " if word.isspace() else word


def _joined(words: list[str], kept: set[int]) -> tuple[Run, ...]:
    """Join neighbours; a blank between two changed words is changed with them."""
    changed = [number not in kept for number in range(len(words))]
    for number in range(1, len(words) - 1):
        if words[number].isspace():
            changed[number] = changed[number] or (changed[number - 1] and changed[number + 1])
    pairs = zip(words, changed, strict=True)
    return tuple(
        Run("".join(word for word, _ in group), state)
        for state, group in groupby(pairs, key=lambda pair: pair[1])
    )


def _kept(left: list[str], right: list[str], most: int = MOST_EDITS) -> list[tuple[int, int]]:
    """Pair the words that both have, in order: the ends first, what lies between by Myers's method (1986)."""
    shorter = min(len(left), len(right))
    start = next((n for n in range(shorter) if left[n] != right[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if left[-1 - n] != right[-1 - n]), rest)
    middle = _snakes(left[start : len(left) - end], right[start : len(right) - end], most)
    return (
        [(n, n) for n in range(start)]
        + [(one + start, other + start) for one, other in middle]
        + [(len(left) - n, len(right) - n) for n in range(end, 0, -1)]
    )


def _snakes(left: list[str], right: list[str], most: int) -> list[tuple[int, int]]:
    """Pair equal words by the shortest list of edits, O((N + M) D); none beyond `most`."""
    if not left or not right:
        return []
    furthest = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(min(len(left) + len(right), most) + 1):
        history.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            down = _down(furthest, diagonal, edits)
            x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            y = x - diagonal
            while x < len(left) and y < len(right) and left[x] == right[y]:
                x, y = x + 1, y + 1
            furthest[diagonal] = x
            if x >= len(left) and y >= len(right):
                return _traced(history, len(left), len(right))
    return []


def _traced(history: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """Walk back from the end of both lists over the furthest points of each number of edits."""
    pairs: list[tuple[int, int]] = []
    for edits in range(len(history) - 1, -1, -1):
        furthest, diagonal = history[edits], x - y
        before = diagonal + (1 if _down(furthest, diagonal, edits) else -1)
        from_x, from_y = furthest[before], furthest[before] - before
        while x > from_x and y > from_y:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = from_x, from_y
    return pairs[::-1]


def _down(furthest: dict[int, int], diagonal: int, edits: int) -> bool:
    """Tell whether the furthest way onto a diagonal inserts a word, or else removes one."""
    if diagonal in (-edits, edits):
        return diagonal == -edits
    return furthest[diagonal - 1] < furthest[diagonal + 1]
