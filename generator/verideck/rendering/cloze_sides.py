"""A field with clozes as Anki shows it on the two sides of each of its cards."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from verideck.reading.clozes import HIGHEST

_CLOZE = re.compile(r"\{\{c([0-9]{1,9}(?:,[0-9]{1,9})*)::|\}\}")
_MATHS = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def every(text: str) -> Iterator[str]:
    """Yield a field as each of its cards shows it, fronts and backs; as it stands if it has no cloze."""
    numbers = {
        int(number) for found in _CLOZE.finditer(text) for number in (found[1] or "").split(",") if number
    }
    if not numbers:
        yield text
    for number in sorted(numbers)[:HIGHEST]:
        yield shown(text, number, back=False)
        yield shown(text, number, back=True)


@dataclass(slots=True)
class _Open:
    """A cloze whose end has not come yet."""

    numbers: tuple[int, ...]
    parts: list[str]


def shown(text: str, asked: int, *, back: bool) -> str:
    """Return a field with a cloze hidden, or shown again; nothing but text is kept of it inside math."""
    stack = [_Open((), [])]
    done = 0
    for token in _CLOZE.finditer(text):
        stack[-1].parts.append(text[done : token.start()])
        done = token.end()
        if token[1]:
            stack.append(_Open(tuple(int(number) for number in token[1].split(",")), []))
        elif len(stack) > 1:
            closed = stack.pop()
            stack[-1].parts.append(_one(closed, asked, back=back))
        else:
            stack[-1].parts.append(token[0])
    stack[-1].parts.append(text[done:])
    filled = "".join(part for opened in stack[:1] for part in opened.parts)
    return _MATHS.sub(lambda found: _TAG.sub("", found[0]), filled)


def _one(closed: _Open, asked: int, *, back: bool) -> str:
    inner, _, hint = "".join(closed.parts).partition("::")
    number = ",".join(map(str, closed.numbers))
    if asked not in closed.numbers:
        return f'<span class="cloze-inactive" data-ordinal="{number}">{inner}</span>'
    if back:
        return f'<span class="cloze" data-ordinal="{number}">{inner}</span>'
    hidden = html.escape(inner)
    return f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{number}">[{hint or "..."}]</span>'
