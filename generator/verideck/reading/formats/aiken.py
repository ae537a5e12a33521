"""Aiken: a question, lettered options a line each, and `ANSWER: B`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial

from verideck.cards import Kind
from verideck.reading.formats import escapes, ledger, naming
from verideck.reading.items import Fate, Item, ItemOption, Lost, Page

LAYOUT = "aiken"
OPTION = re.compile(r"\s*([A-Z])[.)]\s+(\S.*)")
KEY = re.compile(r"\s*ANSWER\s*:\s*(?:([A-Za-z])\s*)?", re.IGNORECASE)
_FEEDBACK = re.compile(r"FEEDBACK\s*:", re.IGNORECASE)


@dataclass(slots=True)
class _Draft:
    """A question as far as its lines have been read."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    options: list[tuple[int, str, str]] = field(default_factory=list)  # line, letter, text
    last: int = 0


def read(data: bytes, path: str) -> Page:
    """Read an Aiken file; nothing that it holds makes this raise."""
    text, problems = ledger.decode(data, path)
    if text is None:
        return ledger.unread(path, LAYOUT, problems)
    lines = escapes.cleaned(text).split("\n")
    book = ledger.Ledger(lines, path, LAYOUT, problems)
    items: list[Item] = []
    draft = _Draft()
    for number, line in enumerate(lines, 1):
        if key := KEY.fullmatch(line):
            items += _made(draft, book, number, (key[1] or "").upper())
            draft = _Draft()
        elif line.strip():
            option = OPTION.fullmatch(line)
            if draft.options and not option:  # a new question, and no key before it
                items += _made(draft, book, draft.last, "")
                draft = _Draft()
            _take(number, line.strip(), option, draft, book)
    items += _made(draft, book, draft.last, "")
    if not items and not problems:
        book.error(1, "no question with lettered options", "write `A. text` below it, and `ANSWER: A`")
    return book.page(naming.title(path), items)


def _take(number: int, line: str, option: re.Match[str] | None, draft: _Draft, book: ledger.Ledger) -> None:
    """Add a line to the question that it belongs to."""
    if option and draft.lines:
        draft.options.append((number, option[1], option[2].strip()))
    elif option:
        book.error(number, "an option without a question", "write the question above its options")
    elif _FEEDBACK.match(line) and not draft.lines:
        book.skip(number, "feedback, which Aiken does not have", "write it into the card as explanation")
    else:
        draft.lines.append((number, line))
    draft.last = number


def _made(draft: _Draft, book: ledger.Ledger, last: int, key: str) -> list[Item]:
    """Make the item of a question; a fault of ours costs this question only."""
    first = draft.lines[0][0] if draft.lines else max(last, 1)
    return book.attempt(partial(_item, draft, book, last, key), "question", first, max(last, first)) or []


def _item(draft: _Draft, book: ledger.Ledger, last: int, key: str) -> list[Item]:
    """Make the item of a question, or report why there is none."""
    if not draft.lines:
        if last:
            book.error(last, "a key without a question", "write question and options above `ANSWER:`")
        return []
    first = draft.lines[0][0]
    if len(draft.options) < 2:
        book.error(
            first, "a question without lettered options", "write `A. text` below it, each on a line", last
        )
        return []
    letters = [letter for _, letter, _ in draft.options]
    known = letters.count(key) == 1
    if not known:
        message = f"the key `{key}` names no option" if key else "the key is missing"
        book.warn(last, message, "write `ANSWER:` and the letter of the right option")
    book.claim(Fate.CARD, first, last)
    heading, *below = (text for _, text in draft.lines)
    options = tuple(
        ItemOption(text, number, letter, ticked=known and letter == key)
        for number, letter, text in draft.options
    )
    return [
        Item(
            LAYOUT,
            first,
            Kind.CHOICE,
            heading,
            body="\n".join(below),
            options=options,
            lost=() if known else (Lost.KEY,),
        )
    ]
