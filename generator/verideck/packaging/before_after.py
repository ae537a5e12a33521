"""Two texts of a card one above the other, as messages show them: cut to where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verideck.cards import Kind
from verideck.packaging import card_texts

if TYPE_CHECKING:
    from verideck.packaging.entry import Entry
    from verideck.packaging.source_cards import Found

_MAX_SHOWN = 140  # characters of one text
_LEAD = 40  # characters before the first difference
NOT_KEPT = "(not kept by this old line of the lock)"


def before_after(entry: Entry, card: Found) -> str:
    """Return the lines of a message that show what a card was and what it is."""
    was, now = _shown(entry.question, entry.answer, entry.kind, entry.formula), _of(card)
    lines = []
    for name, before, after in (("question", was[0], now[0]), ("answer", was[1], now[1])):
        if before == after:
            lines.append(f"    {name}: {_cut(before, 0)}")
        else:
            start = max(_equal_start(before, after) - _LEAD, 0)
            lines += (f"    {name} before: {_cut(before, start)}", f"    {name} now:    {_cut(after, start)}")
    return "".join(f"\n{line}" for line in lines if not line.endswith(": "))


def _equal_start(before: str, after: str) -> int:
    """Return how many characters two different texts have in common at their start."""
    for place, (one, other) in enumerate(zip(before, after, strict=False)):
        if one != other:
            return place
    return min(len(before), len(after))


def _of(card: Found) -> tuple[str, str]:
    return _shown(card.texts.question, card.texts.answer, card.card.kind, 2)


def _shown(question: str, answer: str, kind: Kind, formula: int) -> tuple[str, str]:
    """Return question and answer as one line each; a cloze card's answer is shown in its question."""
    if kind is Kind.CLOZE and formula > 1:
        return _line(card_texts.filled(question, answer)), ""
    return _line(question), _line(answer)


def _line(text: str) -> str:
    return " / ".join(text.split("\n"))


def _cut(text: str, start: int) -> str:
    cut = text[start : start + _MAX_SHOWN]
    return f"{'…' if start else ''}{cut}{'…' if start + _MAX_SHOWN < len(text) else ''}"
