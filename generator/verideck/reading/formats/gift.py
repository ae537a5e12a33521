"""Moodle's GIFT: questions divided by blank lines, each with its answers in braces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from verideck.reading.formats import gift_items, ledger, naming
from verideck.reading.formats.gift_text import Chunk, Rich, hidden, rich
from verideck.reading.items import Fate, Item, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LAYOUT = "gift"
_CATEGORY = re.compile(r"\s*\$CATEGORY\s*:\s*(.*)", re.IGNORECASE)
_NAME = re.compile(r"::(.*?)::", re.DOTALL)
_BEGINS = re.compile(r"\s*(?:::.*::|\$CATEGORY\s*:|//\s*question:)", re.IGNORECASE)
# One without an end reaches to the end of its line, so that no character is read twice.
_SAID = re.compile(r"\[(?P<what>id|tag):(?P<text>(?:[^\]\\]|\\(?:.|\Z))*)(?P<end>\]|\Z)")
_NOT_PLACES = frozenset(("", "top", "$course$", "$cat$", "$cat1$", "$module$", "$system$", "$coursecat$"))


@dataclass(slots=True)
class _State:
    """What the lines before a question say of it."""

    deck: str = ""
    title: str = ""
    tags: list[str] = field(default_factory=list)
    id: str = ""


def read(data: bytes, path: str) -> Page:
    """Read a GIFT file; nothing that it holds makes this raise."""
    text, problems = ledger.decode(data, path)
    if text is None:
        return ledger.unread(path, LAYOUT, problems)
    lines = text.split("\n")
    book = ledger.Ledger(lines, path, LAYOUT, problems)
    state, items = _State(), list[Item]()
    for chunk in _chunks(lines):
        lines_left = _commands(chunk, state, book)
        if lines_left.lines:
            first, last = lines_left.lines[0][0], lines_left.lines[-1][0]
            made = book.attempt(partial(_item, lines_left, state, book), "question", first, last)
            items += [made] if made is not None else []
            state.tags, state.id = [], ""
    if not items and not any(problem.severity == "error" for problem in book.problems):
        book.error(1, "no question with an answer in braces", "write `Question? {=right ~wrong}`")
    return book.page(state.title or naming.title(path), items)


def _chunks(lines: Sequence[str]) -> Iterator[Chunk]:
    """Divide a file at blank lines; inside braces one does not divide, unless a new question follows."""
    chunk: list[tuple[int, str]] = []
    inside = False
    for number, line in enumerate(lines, 1):
        if chunk and ((not line.strip() and not inside) or (inside and _BEGINS.match(line))):
            yield Chunk(tuple(chunk))
            chunk, inside = [], False
        if not line.strip() and not chunk:
            continue
        chunk.append((number, line))
        if not line.lstrip().startswith("//"):
            inside = _inside(line, inside)
    if chunk:
        yield Chunk(tuple(chunk))


def _inside(line: str, inside: bool) -> bool:
    bare = hidden(line)
    opened, closed = bare.rfind("{"), bare.rfind("}")
    return inside if opened == closed else opened > closed


def _commands(chunk: Chunk, state: _State, book: ledger.Ledger) -> Chunk:
    """Take comments and categories out of a chunk; what Moodle writes into comments is kept."""
    kept: list[tuple[int, str]] = []
    for number, line in chunk.lines:
        if line.lstrip().startswith("//"):
            said = [found for found in _SAID.finditer(line) if found["end"]]
            state.tags += [_unescaped(found["text"]) for found in said if found["what"] == "tag"]
            ids = [_unescaped(found["text"]) for found in said if found["what"] == "id"]
            state.id = ids[0] if ids else state.id
            book.claim(Fate.CARD if said else Fate.NOISE, number)
        elif found := _CATEGORY.fullmatch(line):
            parts = [part.replace("\ue000", "/") for part in found[1].replace("//", "\ue000").split("/")]
            parts = [part.strip() for part in parts if part.strip().lower() not in _NOT_PLACES]
            parts = [part.removeprefix("Default for ") for part in parts]
            state.deck = naming.deck(parts)
            state.title = state.title or (state.deck.partition("::")[0])
            book.claim(Fate.CARD, number)
        else:
            kept.append((number, line))
    return Chunk(tuple(kept))


def _with_gap(before: str, after: str) -> str:
    """Join what stands before and behind the answers of a missing word."""
    return f"{before} _____{'' if after[0] in '.,;:!?)' else ' '}{after}".strip()


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _item(chunk: Chunk, state: _State, book: ledger.Ledger) -> Item | None:
    """Make the item of one question, or report why there is none; its lines are claimed either way."""
    first, last = chunk.lines[0][0], chunk.lines[-1][0]
    text = hidden("\n".join(line for _, line in chunk.lines)).strip()
    name, start = "", 0
    if found := _NAME.match(text):
        name, start = found[1], found.end()
    opened = text.find("{", start)
    if opened < 0:
        book.skip(first, "a description, which asks nothing", "write what it says into a card", last)
        return None
    closed = text.find("}", opened)
    if closed < 0:
        book.error(first, "an answer that is not closed", "end it with `}`; a plain brace is `\\{`", last)
        return None
    if "{" in text[closed:] or "}" in text[closed + 1 :]:
        hint = "an empty line parts two questions; a plain brace is written `\\{` or `\\}`"
        book.error(chunk.line_after(text.count("\n", 0, closed)), "a second answer in braces", hint)
        book.claim(Fate.PROBLEM, first, last)
        return None
    before, after = text[start:opened].rstrip(), text[closed + 1 :].lstrip()
    asked = _with_gap(before, after) if after else before
    body = text[opened + 1 : closed]
    question = gift_items.Question(
        chunk,
        rich(asked, Rich("", "moodle")),
        rich(name, Rich("", "plain")),
        body,
        text.count("\n", 0, opened),
    )
    made = gift_items.item(question, book)
    if made is None:
        book.claim(Fate.PROBLEM, first, last)
        return None
    book.claim(Fate.CARD, first, last)
    return replace(
        made,
        deck=state.deck,
        tags=naming.tags(state.tags),
        id=naming.identity(state.id),
    )
