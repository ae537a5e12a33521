"""A short quiz within a page: questions, options behind letters, at times an explanation; no key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from verideck.cards import Kind
from verideck.reading.items import Fate, Item, Line, Lost
from verideck.reading.pages import lettered

_NOISE = re.compile(
    r"test your understanding|attempts?:?|\d+ left|[✗✘❌✓✔✅]?\s*(?:in)?correct[.!]?|(?:💡\s*)?hint:?"
    r"|explanation:?|show (?:answer|hint|explanation)"
    r"|check(?: answer)?|submit|next(?: question)?|reveal answer|click to reveal answer"
    r"|question \d+(?: of \d+)?:?",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?:]\s*\Z")


@dataclass(frozen=True, slots=True)
class Quiz:
    """The questions of a quiz, and each line's fate."""

    items: tuple[Item, ...]
    fates: dict[int, Fate]


def read(lines: Sequence[Line], layout: str) -> Quiz:
    """Read a quiz's lines into choice items without a key."""
    fates = {line.number: Fate.NOISE if _is_noise(line) else Fate.CARD for line in lines}
    shown = [line for line in lines if not _is_noise(line)]
    items: list[Item] = []
    index = 0
    while index < len(shown):
        item, index = _question(shown, index, layout)
        items.append(item)
    return Quiz(tuple(items), fates)


def _is_noise(line: Line) -> bool:
    text = line.text.strip()
    return not text or (len(text) < 60 and _NOISE.fullmatch(text) is not None)


def _question(shown: Sequence[Line], start: int, layout: str) -> tuple[Item, int]:
    """Read one question from `start`: its text, its options if they are there, what stands behind them."""
    asked, (options, index) = start + 1, lettered.run(shown, start + 1)
    while not options and asked < len(shown) and not _ASKS.search(shown[asked - 1].text):
        asked += 1
        options, index = lettered.run(shown, asked)
    index = index if options else asked
    end = index
    while end < len(shown) and not _opens(shown, end):
        end += 1
    explained = shown[index:end]
    item = Item(
        layout=layout,
        line=shown[start].number,
        kind=Kind.CHOICE,
        question=" ".join(line.text.strip() for line in shown[start:asked]),
        options=options,
        explanation=" ".join(line.text.strip() for line in explained),
        explanation_line=explained[0].number if explained else 0,
        lost=(Lost.KEY,) if options else (Lost.OPTIONS, Lost.KEY),
    )
    return item, end


def _opens(shown: Sequence[Line], index: int) -> bool:
    """Tell whether a line asks a question: by its end, or by the options behind it."""
    return _ASKS.search(shown[index].text) is not None or bool(lettered.run(shown, index + 1)[0])
